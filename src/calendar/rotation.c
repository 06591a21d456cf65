/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rotation by arithmetic. The k-th handoff is a wall clock; it has happened when the clock
 * has shown it, so the present turn is found by dividing what the clock has shown at most
 * (never a walk from the start), and the next instant by asking the zone for one wall clock.
 */
#include "calendar/rotation.h"

#include <assert.h>
#include <stdlib.h>

#include "calendar/dates.h"

static const int64_t unit_secs[CAL_UNIT_MAX] = {
	[CAL_MINUTE] = 60,
	[CAL_HOUR] = 3600,
	[CAL_DAY] = SECS_A_DAY,
	[CAL_WEEK] = 7 * SECS_A_DAY,
	[CAL_MONTH] = 0, /* by the calendar */
};

/* ---- days that count ---- */

static bool
counts_days(const struct cal_layer *l)
{
	return l->count != 0 && l->every.unit == CAL_DAY;
}

/* Dates of `except` that would count but for being there, before a day. */
static int64_t
exceptions_before(const struct cal_layer *l, int64_t day)
{
	size_t end = dates_before(&l->except, day);
	int64_t n = 0;

	for (size_t i = 0; i < end; i++)
		n += (l->count & BIT(weekday_of_days(l->except.days[i]))) != 0;
	return n;
}

/* Days that count before a day; only differences mean something. */
static int64_t
days_before(const struct cal_layer *l, int64_t day)
{
	int64_t monday = day - weekday_of_days(day);
	int64_t n = floor_div(monday + 3, 7) * __builtin_popcount(l->count);

	for (int64_t d = monday; d < day; d++)
		n += (l->count & BIT(weekday_of_days(d))) != 0;
	return n - exceptions_before(l, day);
}

/* The k-th counted day, from 0, that is `first` or later. A week has one at least; dates that
 * are left out may push it further. */
static int64_t
counted_day(const struct cal_layer *l, int64_t first, int64_t k)
{
	int64_t base = days_before(l, first);
	int64_t low = first, high = first + (k + 2) * 7 + 7 * (int64_t)l->except.n;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (days_before(l, middle + 1) - base > k)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The start is handoff 0 on whatever day it is; the first counted day takes its turn along. */
static int64_t
counted_number(const struct cal_layer *l, int64_t local)
{
	int64_t start = civil_seconds(l->start);
	int64_t first = floor_div(start, SECS_A_DAY);
	int64_t day = first + (local - start) / SECS_A_DAY;
	int64_t n = days_before(l, day + 1) - days_before(l, first);

	return n == 0 ? 0 : (n - 1) / l->every.n;
}

static int64_t
counted_handoff(const struct cal_layer *l, int64_t k)
{
	int64_t start = civil_seconds(l->start);
	int64_t first = floor_div(start, SECS_A_DAY);

	if (k == 0)
		return start;
	return start + (counted_day(l, first, k * l->every.n) - first) * SECS_A_DAY;
}

/* ---- handoffs ---- */

/* Local seconds of the k-th handoff. */
static int64_t
handoff(const struct cal_layer *l, int64_t k)
{
	if (counts_days(l))
		return counted_handoff(l, k);
	if (l->every.unit == CAL_MONTH)
		return civil_seconds(civil_add_months(l->start, k * l->every.n));
	return civil_seconds(l->start) + k * l->every.n * unit_secs[l->every.unit];
}

/* The last k whose handoff is at or before a wall clock, which is not before the start. */
static int64_t
number(const struct cal_layer *l, int64_t local)
{
	assert(l->every.n > 0 && l->every.unit < CAL_UNIT_MAX);
	if (counts_days(l))
		return counted_number(l, local);
	if (l->every.unit != CAL_MONTH)
		return (local - civil_seconds(l->start))
		        / (l->every.n * unit_secs[l->every.unit]);

	struct civil c = civil_of_seconds(local);
	int64_t months = (int64_t)(c.year - l->start.year) * 12 + c.month - l->start.month;
	int64_t k = months / l->every.n;

	return handoff(l, k) > local ? k - 1 : k;
}

/* ---- eras ---- */

static bool
same_turn(const struct cal_turn *a, const struct cal_turn *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++) {
		if (strcmp(a->users[i], b->users[i]) != 0)
			return false;
	}
	return a->n == b->n;
}

/* With one turn, or equal ones, handoffs change nothing and need not be looked at. */
static void
era_look(struct cal_era *e)
{
	e->differ = false;
	e->all = e->n_turns > 0;
	for (size_t i = 0; i < e->n_turns; i++) {
		e->differ |= !same_turn(&e->turns[0], &e->turns[i]);
		e->all &= e->turns[i].n > 0;
	}
}

static bool
turn_has(const struct cal_turn *turn, const char *user)
{
	for (size_t i = 0; i < turn->n; i++) {
		if (strcmp(turn->users[i], user) == 0)
			return true;
	}
	return false;
}

static bool
stays_at(const struct cal_layer *l, size_t i, int64_t local)
{
	return l->stays == NULL || (local >= l->stays[i].from && local < l->stays[i].until);
}

/* The first turn from `at` on, around, that is there then (and has the user, unless NULL). */
static bool
find_turn(const struct cal_layer *l, size_t at, int64_t local, const char *user, size_t *ret)
{
	for (size_t i = 0; i < l->n_turns; i++) {
		size_t t = (at + i) % l->n_turns;
		if (!stays_at(l, t, local) || (user != NULL && !turn_has(&l->turns[t], user)))
			continue;
		*ret = t;
		return true;
	}
	return false;
}

/* at: index into the layer's turns of the one that is on; it is moved to one that is there. */
static struct cal_era
era_make(struct arena *mem, const struct cal_layer *l, int64_t since, size_t *at)
{
	struct cal_turn *turns = ARENA_ARRAY(mem, l->n_turns, struct cal_turn);
	struct cal_era e = { .since = since, .number = number(l, since), .turns = turns };
	int64_t set = l->set_user == NULL ? INT64_MIN : civil_seconds(l->set_at);

	if (set == since)
		(void)find_turn(l, *at, since, l->set_user, at);
	(void)find_turn(l, *at, since, NULL, at);
	for (size_t i = 0; i < l->n_turns; i++) {
		if (!stays_at(l, i, since))
			continue;
		if (i == *at)
			e.first = e.n_turns;
		turns[e.n_turns++] = l->turns[i];
	}
	era_look(&e);
	return e;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The wall clocks at which eras begin, sorted, with doubles: the start and what comes later. */
static size_t
era_edges(const struct cal_layer *l, int64_t *edges)
{
	int64_t start = civil_seconds(l->start);
	size_t n = 0;

	edges[n++] = start;
	if (l->set_user != NULL && civil_seconds(l->set_at) > start)
		edges[n++] = civil_seconds(l->set_at);
	for (size_t i = 0; l->stays != NULL && i < l->n_turns; i++) {
		if (l->stays[i].from > start)
			edges[n++] = l->stays[i].from;
		if (l->stays[i].until > start && l->stays[i].until != INT64_MAX)
			edges[n++] = l->stays[i].until;
	}
	qsort(edges, n, sizeof *edges, by_value);
	return n;
}

/* Where to look for whose turn it is at an edge: at who held it until then, and at a handoff
 * behind that one. */
static size_t
holder_at(const struct cal_layer *l, const struct cal_era *before, int64_t local, size_t at)
{
	if (before->n_turns == 0)
		return at;

	int64_t last = number(l, local - 1);
	size_t i = (before->first + (size_t)(last - before->number)) % before->n_turns;

	for (size_t t = 0, kept = 0; t < l->n_turns; t++) {
		if (stays_at(l, t, before->since) && kept++ == i)
			return (t + (number(l, local) != last)) % l->n_turns;
	}
	return at;
}

void
cal_layer_settle(struct arena *mem, struct cal_layer *l)
{
	l->eras = NULL;
	l->n_eras = 0;
	if (l->n_turns == 0 || (l->stays == NULL && l->set_user == NULL))
		return;

	int64_t *edges = ARENA_ARRAY(mem, 2 + 2 * l->n_turns, int64_t);
	size_t n = era_edges(l, edges), made = 0, at = 0;
	struct cal_era *eras = ARENA_ARRAY(mem, n, struct cal_era);

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && edges[i] == edges[i - 1])
			continue;
		if (made > 0)
			at = holder_at(l, &eras[made - 1], edges[i], at);
		eras[made++] = era_make(mem, l, edges[i], &at);
	}
	l->eras = eras;
	l->n_eras = made;
}

static struct cal_era
era_at(const struct cal_layer *l, int64_t local)
{
	for (size_t i = l->n_eras; i-- > 0;) {
		if (l->eras[i].since <= local)
			return l->eras[i];
	}
	return (struct cal_era){
		.since = civil_seconds(l->start), .turns = l->turns, .n_turns = l->n_turns
	};
}

struct cal_era
rotation_era(const struct cal_layer *l, int64_t local)
{
	struct cal_era e = era_at(l, local);

	if (l->n_eras == 0)
		era_look(&e);
	return e;
}

struct cal_turn
rotation_turn(const struct cal_layer *l, int64_t local)
{
	struct cal_era e = era_at(l, local);

	if (e.n_turns == 0)
		return (struct cal_turn){ 0 };
	return e.turns[(e.first + (size_t)(number(l, local) - e.number)) % e.n_turns];
}

int64_t
rotation_next(const struct cal_layer *l, int64_t local)
{
	return handoff(l, number(l, local) + 1);
}

int64_t
rotation_next_era(const struct cal_layer *l, int64_t local)
{
	for (size_t i = 0; i < l->n_eras; i++) {
		if (l->eras[i].since > local)
			return l->eras[i].since;
	}
	return INT64_MAX;
}
