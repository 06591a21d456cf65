/* SPDX-License-Identifier: Apache-2.0 */
/* Adding up duties, day by day of the schedule's calendar. */
#include "calendar/load.h"

#include <stdlib.h>

#include "calendar/date.h"

struct loads {
	struct arena *mem;
	struct cal_load *items;
	usec_t *end, *begin; /* of the stretch that each is in */
	size_t n, cap;
};

static struct cal_load *
load_of(struct loads *l, const char *user)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->items[i].user, user) == 0)
			return &l->items[i];
	}
	ARENA_PUSH(l->mem, l->items, l->n, l->cap) = (struct cal_load){ .user = user };
	return &l->items[l->n - 1];
}

static void
add_members(struct loads *l, const struct cal_layer *layer)
{
	for (size_t t = 0; t < layer->n_turns; t++)
		for (size_t u = 0; u < layer->turns[t].n; u++)
			(void)load_of(l, layer->turns[t].users[u]);
}

/* ---- nights and weekends ---- */

static usec_t
overlap(usec_t from, usec_t to, usec_t since, usec_t until)
{
	from = from > since ? from : since;
	to = to < until ? to : until;
	return to > from ? to - from : 0;
}

static usec_t
clock_of_day(const struct zone *z, int64_t day, int hour)
{
	return civil_to_utc(
	        z, civil_of_seconds(day * SECS_A_DAY + (int64_t)hour * 3600), CIVIL_FIRST);
}

struct odd_hours {
	usec_t night, weekend;
};

/* The night of a day begins on its evening. */
static struct odd_hours
odd_hours(const struct zone *z, const struct cal_shift *shift)
{
	int64_t day = floor_div(zone_read(z, shift->start).first, SECS_A_DAY) - 1;
	struct odd_hours odd = { 0 };

	for (usec_t begins; (begins = clock_of_day(z, day, 0)) < shift->end; day++) {
		usec_t ends = clock_of_day(z, day + 1, 0);
		odd.night +=
		        overlap(shift->start, shift->end, clock_of_day(z, day, LOAD_NIGHT_FROM),
		                clock_of_day(z, day + 1, LOAD_NIGHT_TO));
		if (weekday_of_days(day) >= 5)
			odd.weekend += overlap(shift->start, shift->end, begins, ends);
	}
	return odd;
}

/* ---- adding up ---- */

/* Shifts come in order: a stretch goes on when it ended where this shift begins. */
static void
add_stretch(struct loads *l, struct cal_load *load, const struct cal_shift *shift)
{
	size_t i = (size_t)(load - l->items);

	if (load->total == 0 || l->end[i] != shift->start) {
		load->stretches++;
		l->begin[i] = shift->start;
	}
	l->end[i] = shift->end;
	if (shift->end - l->begin[i] <= load->longest)
		return;
	load->longest = shift->end - l->begin[i];
	load->longest_from = l->begin[i];
}

static void
add_shift(struct loads *l, const struct zone *z, const struct cal_shift *shift)
{
	struct odd_hours odd = odd_hours(z, shift);

	for (size_t u = 0; u < shift->n; u++) {
		struct cal_load *load = load_of(l, shift->users[u]);
		add_stretch(l, load, shift);
		load->total += shift->end - shift->start;
		load->night += odd.night;
		load->weekend += odd.weekend;
	}
}

static int
by_user(const void *a, const void *b)
{
	const struct cal_load *x = a, *y = b;

	return strcmp(x->user, y->user);
}

void
oncall_load(struct arena *mem, const struct cal_schedule *s, const struct cal_shift *shifts,
        size_t n, struct cal_load **ret, size_t *ret_n)
{
	struct loads l = { .mem = mem };

	for (size_t i = 0; i < s->n_layers; i++)
		add_members(&l, &s->layers[i]);
	for (size_t i = 0; i < n; i++)
		for (size_t u = 0; u < shifts[i].n; u++)
			(void)load_of(&l, shifts[i].users[u]);
	l.begin = ARENA_ARRAY(mem, l.n, usec_t);
	l.end = ARENA_ARRAY(mem, l.n, usec_t);
	for (size_t i = 0; i < n; i++) {
		if (shifts[i].n > 0)
			add_shift(&l, s->zone, &shifts[i]);
	}
	if (l.n > 0)
		qsort(l.items, l.n, sizeof *l.items, by_user);
	*ret = l.items;
	*ret_n = l.n;
}

static double
share_of(const struct cal_load *load, enum cal_share share)
{
	switch (share) {
	case CAL_SHARE_TOTAL:
		return (double)load->total;
	case CAL_SHARE_NIGHT:
		return (double)load->night;
	case CAL_SHARE_WEEKEND:
		return (double)load->weekend;
	}
	return 0;
}

int
oncall_fairness(const struct cal_load *loads, size_t n, enum cal_share share)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		double x = share_of(&loads[i], share);
		sum += x;
		squares += x * x;
	}
	if (squares <= 0)
		return 100;
	return (int)(100 * sum * sum / ((double)n * squares) + 0.5);
}
