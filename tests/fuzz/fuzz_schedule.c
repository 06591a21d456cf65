/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules of any shape that configuration can have, asked at any instant: the arithmetic must
 * neither overflow nor walk, the list must tile and agree with the point, gaps with the list.
 */
#include <assert.h>
#include <string.h>

#include "calendar/schedule.h"

#define LAYERS_MAX 3
#define TURNS_MAX 5
#define DATES_MAX 4
#define OVERRIDES_MAX 4

struct input {
	const uint8_t *p;
	size_t n;
};

static unsigned
byte(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

static unsigned
below(struct input *in, unsigned n)
{
	return byte(in) % n;
}

static unsigned
word(struct input *in)
{
	return byte(in) << 8 | byte(in);
}

static const char *const users[] = { "a", "b", "c", "d" };
static const char *const zones[] = { "UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia",
	"Australia/Lord_Howe", "Africa/Casablanca" };

/* Years of now mostly, and now and then the first or the last that there are. */
static struct civil
any_civil(struct input *in)
{
	static const int years[] = { 1, 1900, 1970, 2020, 2025, 2026, 2026, 2027, 2100, 9999 };
	int year = years[below(in, NELEMS(years))];
	int month = 1 + (int)below(in, 12);

	return (struct civil){ year, month,
		1 + (int)below(in, (unsigned)civil_month_days(year, month)), (int)below(in, 24),
		(int)below(in, 4) * 15, 0 };
}

static usec_t
any_instant(struct input *in)
{
	return civil_to_utc(zone_utc(), any_civil(in), CIVIL_FIRST);
}

static struct cal_dates
any_dates(struct input *in, struct arena *mem)
{
	int64_t *days = ARENA_ARRAY(mem, DATES_MAX, int64_t), day = 20000;
	size_t n = below(in, 3) == 0 ? below(in, DATES_MAX + 1) : 0;

	for (size_t i = 0; i < n; i++)
		days[i] = day += 1 + below(in, 200);
	return (struct cal_dates){ days, n };
}

static void
any_turns(struct input *in, struct arena *mem, struct cal_layer *l)
{
	struct cal_turn *turns = ARENA_ARRAY(mem, TURNS_MAX, struct cal_turn);
	struct cal_stay *stays = ARENA_ARRAY(mem, TURNS_MAX, struct cal_stay);

	l->n_turns = below(in, TURNS_MAX + 1);
	l->turns = turns;
	for (size_t i = 0; i < l->n_turns; i++) {
		turns[i] = (struct cal_turn){ &users[below(in, 3)],
			below(in, 3) % 2 + below(in, 2) };
		stays[i] = (struct cal_stay){ INT64_MIN, INT64_MAX };
		if (below(in, 3) == 0)
			stays[i].from = civil_seconds(any_civil(in));
		if (below(in, 3) == 0)
			stays[i].until = civil_seconds(any_civil(in));
	}
	if (below(in, 2) == 0)
		l->stays = stays;
	if (below(in, 3) == 0) {
		l->set_user = users[below(in, 3)];
		l->set_at = any_civil(in);
	}
}

static void
any_layer(struct input *in, struct arena *mem, struct cal_layer *l)
{
	struct cal_window *windows = ARENA_ARRAY(mem, 2, struct cal_window);

	any_turns(in, mem, l);
	l->start = any_civil(in);
	l->has_end = below(in, 3) == 0;
	l->end = any_civil(in);
	l->every = (struct cal_every){ (enum cal_unit)below(in, CAL_UNIT_MAX),
		1 + (int)(word(in) % (below(in, 2) == 0 ? 3 : CAL_EVERY_MAX)) };
	l->only = windows;
	l->n_only = below(in, 3);
	for (size_t i = 0; i < l->n_only; i++)
		windows[i] = (struct cal_window){ below(in, CAL_WEEKDAYS_ALL + 1),
			(int)(word(in) % 1440), (int)(word(in) % 1441) };
	if (l->every.unit == CAL_DAY)
		l->count = below(in, CAL_WEEKDAYS_ALL + 1);
	l->except = any_dates(in, mem);
	l->during = any_dates(in, mem);
	if (below(in, 3) == 0)
		l->zone = zone_get(zones[below(in, NELEMS(zones))]);
	cal_layer_settle(mem, l);
}

static void
any_schedule(struct input *in, struct arena *mem, struct cal_schedule *s)
{
	struct cal_layer *layers = ARENA_ARRAY(mem, LAYERS_MAX, struct cal_layer);
	struct cal_override *overrides = ARENA_ARRAY(mem, OVERRIDES_MAX, struct cal_override);
	struct cal_absence *absence = ARENA_NEW(mem, struct cal_absence);

	s->zone = zone_get(zones[below(in, NELEMS(zones))]);
	if (s->zone == NULL)
		s->zone = zone_utc();
	s->layers = layers;
	s->n_layers = below(in, LAYERS_MAX + 1);
	for (size_t i = 0; i < s->n_layers; i++)
		any_layer(in, mem, &layers[i]);
	s->overrides = overrides;
	s->n_overrides = below(in, OVERRIDES_MAX + 1);
	for (size_t i = 0; i < s->n_overrides; i++) {
		overrides[i] = (struct cal_override){ "o", any_instant(in), any_instant(in),
			below(in, 2) == 0 ? NULL : users[below(in, 3)],
			below(in, 3) == 0 ? NULL : users[below(in, 3)], CAL_REPLACE };
		if (overrides[i].with != NULL && below(in, 3) == 0)
			overrides[i].mode = CAL_ADD;
	}
	*absence = (struct cal_absence){ users[below(in, 3)], any_instant(in), any_instant(in),
		NULL };
	s->absences = absence;
	s->n_absences = below(in, 2);
}

static void
check(struct arena *mem, const struct cal_schedule *s, usec_t from)
{
	usec_t to = from + HOURS(50), until;
	struct cal_shift *list, *gaps;
	size_t n, n_gaps, empty = 0;
	const char *const *who;
	size_t n_who;

	until = oncall_shifts(mem, s, from, to, &list, &n);
	assert(until == to && n > 0 && list[0].start == from && list[n - 1].end == to);
	for (size_t i = 0; i < n; i++) {
		assert(list[i].start < list[i].end);
		assert(i == 0 || list[i - 1].end == list[i].start);
		oncall_at(mem, s, list[i].start, &who, &n_who);
		assert(n_who == list[i].n);
		oncall_at(mem, s, list[i].end - 1, &who, &n_who);
		assert(n_who == list[i].n);
		empty += list[i].n == 0;
	}
	assert(oncall_gaps(mem, s, from, to, &gaps, &n_gaps) == to);
	assert(n_gaps == empty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct cal_schedule s = { 0 };
	struct arena mem;
	const char *const *who;
	size_t n;

	arena_init(&mem);
	any_schedule(&in, &mem, &s);
	for (int i = 0; i < 3; i++) {
		usec_t at = any_instant(&in);
		check(&mem, &s, at);
		assert(oncall_next_change(&s, at) > at);
		oncall_who_next(&mem, &s, at, &who, &n, NULL);
	}
	arena_free(&mem);
	return 0;
}
