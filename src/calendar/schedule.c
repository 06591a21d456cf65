/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a schedule: who now, when is it different, who then, and the list of shifts. */
#include "calendar/schedule.h"

#include "calendar/duty.h"

void
oncall_at(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n)
{
	struct moment now = moment_at(s, t);
	struct people p = people_at(mem, s, &now);

	*ret_users = p.ids;
	*ret_n = p.n;
}

/* Probing leaves small lists behind; they are let go in groups. */
#define PROBES_A_GROUP 64

/*
 * Goes from boundary to boundary after t until the people are not those of t (and, if asked,
 * somebody). Out of steps, the instant reached.
 */
static usec_t
next_other(const struct cal_schedule *s, usec_t t, bool somebody, bool *ret_out_of_steps)
{
	struct arena kept, probe;
	struct moment now = moment_at(s, t);
	usec_t horizon = t > USEC_NEVER - CAL_HORIZON ? USEC_NEVER : t + CAL_HORIZON;
	usec_t found = USEC_NEVER;
	int step = 0;

	arena_init(&kept);
	arena_init(&probe);
	struct people first = people_at(&kept, s, &now);
	for (; step < CAL_STEPS_MAX; step++) {
		usec_t next = people_next(s, &now);
		if (next >= horizon) {
			found = USEC_NEVER;
			break;
		}
		found = next;
		now = moment_at(s, next);
		struct people p = people_at(&probe, s, &now);
		if (!people_equal(p, first) && (p.n > 0 || !somebody))
			break;
		if (step % PROBES_A_GROUP == 0)
			arena_free(&probe);
	}
	arena_free(&probe);
	arena_free(&kept);
	*ret_out_of_steps = step == CAL_STEPS_MAX;
	return found;
}

usec_t
oncall_next_change(const struct cal_schedule *s, usec_t t)
{
	bool out_of_steps;

	return next_other(s, t, false, &out_of_steps);
}

void
oncall_who_next(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n, usec_t *ret_at)
{
	bool out_of_steps;
	usec_t at = next_other(s, t, true, &out_of_steps);

	if (out_of_steps)
		at = USEC_NEVER;
	*ret_n = 0;
	*ret_users = NULL;
	if (ret_at != NULL)
		*ret_at = at;
	if (at != USEC_NEVER)
		oncall_at(mem, s, at, ret_users, ret_n);
}

struct shift_list {
	struct arena *mem;
	struct cal_shift *items;
	size_t n, cap;
};

static struct people
people_then(struct arena *mem, const struct cal_schedule *s, usec_t t)
{
	struct people p;

	oncall_at(mem, s, t, &p.ids, &p.n);
	return p;
}

static struct people
people_of_shift(const struct cal_shift *shift)
{
	return (struct people){ shift->users, shift->n };
}

/* Where a search stopped early the same people go on: that is still one shift. */
static void
shift_add(struct shift_list *list, usec_t start, usec_t end, struct people p)
{
	struct cal_shift *last = list->n > 0 ? &list->items[list->n - 1] : NULL;

	if (last != NULL && people_equal(people_of_shift(last), p)) {
		last->end = end;
		return;
	}
	ARENA_PUSH(list->mem, list->items, list->n, list->cap) =
	        (struct cal_shift){ .start = start, .end = end, .users = p.ids, .n = p.n };
}

static void
mark_cuts(const struct cal_schedule *s, struct shift_list *list)
{
	struct cal_shift *first = &list->items[0], *last = &list->items[list->n - 1];

	first->cut_start = people_equal(
	        people_of_shift(first), people_then(list->mem, s, first->start - 1));
	last->cut_end =
	        people_equal(people_of_shift(last), people_then(list->mem, s, last->end));
}

usec_t
oncall_shifts(struct arena *mem, const struct cal_schedule *s, usec_t from, usec_t to,
        struct cal_shift **ret, size_t *ret_n)
{
	struct shift_list list = { .mem = mem };
	usec_t at = from;

	while (at < to && list.n < CAL_SHIFTS_MAX) {
		usec_t next = oncall_next_change(s, at);
		if (next == USEC_NEVER && to - at > CAL_HORIZON)
			next = at + CAL_HORIZON;
		next = next < to ? next : to;
		shift_add(&list, at, next, people_then(mem, s, at));
		at = next;
	}
	if (list.n > 0)
		mark_cuts(s, &list);
	*ret = list.items;
	*ret_n = list.n;
	return at;
}

static void
gap_add(struct shift_list *list, usec_t start, usec_t end)
{
	struct cal_shift *last = list->n > 0 ? &list->items[list->n - 1] : NULL;

	if (last != NULL && last->end == start) {
		last->end = end;
		return;
	}
	ARENA_PUSH(list->mem, list->items, list->n, list->cap) =
	        (struct cal_shift){ .start = start, .end = end };
}

static bool
is_gap(struct arena *probe, const struct cal_schedule *s, const struct moment *now)
{
	return people_at(probe, s, now).n == 0;
}

static void
mark_gap_cuts(struct arena *probe, const struct cal_schedule *s, struct shift_list *list,
        usec_t from, usec_t to)
{
	struct cal_shift *first = &list->items[0], *last = &list->items[list->n - 1];
	struct moment before = moment_at(s, from - 1), after = moment_at(s, to);

	first->cut_start = first->start == from && is_gap(probe, s, &before);
	last->cut_end = last->end == to && is_gap(probe, s, &after);
}

usec_t
oncall_gaps(struct arena *mem, const struct cal_schedule *s, usec_t from, usec_t to,
        struct cal_shift **ret, size_t *ret_n)
{
	struct shift_list list = { .mem = mem };
	struct arena probe;
	usec_t at = from;

	arena_init(&probe);
	for (int step = 0; at < to && list.n < CAL_GAPS_MAX && step < CAL_GAP_STEPS_MAX;
	        step++) {
		struct moment now = moment_at(s, at);
		usec_t next = people_next_cover(s, &now);

		next = next < to ? next : to;
		if (is_gap(&probe, s, &now))
			gap_add(&list, at, next);
		at = next;
		if (step % PROBES_A_GROUP == 0)
			arena_free(&probe);
	}
	if (list.n > 0)
		mark_gap_cuts(&probe, s, &list, from, at);
	arena_free(&probe);
	*ret = list.items;
	*ret_n = list.n;
	return at;
}

bool
cal_takes_turns(const struct cal_schedule *cal, const char *user)
{
	for (size_t l = 0; l < cal->n_layers; l++)
		for (size_t t = 0; t < cal->layers[l].n_turns; t++)
			for (size_t u = 0; u < cal->layers[l].turns[t].n; u++)
				if (strcmp(cal->layers[l].turns[t].users[u], user) == 0)
					return true;
	return false;
}
