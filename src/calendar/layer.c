/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rotation by arithmetic. The k-th handoff is a wall clock; it has happened when the clock
 * has shown it, so the present turn is found by dividing what the clock has shown at most
 * (never a walk from the start), and the next instant by asking the zone for one wall clock.
 */
#include "calendar/layer.h"

#include <assert.h>

#include "calendar/date.h"

static const int64_t unit_secs[CAL_UNIT_MAX] = {
	[CAL_MINUTE] = 60,
	[CAL_HOUR] = 3600,
	[CAL_DAY] = SECS_A_DAY,
	[CAL_WEEK] = 7 * SECS_A_DAY,
	[CAL_MONTH] = 0, /* by the calendar */
};

/* Local seconds of the k-th handoff. */
static int64_t
handoff(const struct cal_layer *l, int64_t k)
{
	if (l->every.unit == CAL_MONTH)
		return civil_seconds(civil_add_months(l->start, k * l->every.n));
	return civil_seconds(l->start) + k * l->every.n * unit_secs[l->every.unit];
}

/* The last k whose handoff is at or before a wall clock, which is not before the start. */
static int64_t
turn_number(const struct cal_layer *l, int64_t local)
{
	assert(l->every.n > 0 && l->every.unit < CAL_UNIT_MAX);
	if (l->every.unit != CAL_MONTH)
		return (local - civil_seconds(l->start))
		        / (l->every.n * unit_secs[l->every.unit]);

	struct civil c = civil_of_seconds(local);
	int64_t months = (int64_t)(c.year - l->start.year) * 12 + c.month - l->start.month;
	int64_t k = months / l->every.n;

	return handoff(l, k) > local ? k - 1 : k;
}

/* Local seconds at which the window of a day begins and ends. */
static int64_t
window_from(const struct cal_window *w, int64_t day)
{
	return day * SECS_A_DAY + w->from * 60;
}

static int64_t
window_to(const struct cal_window *w, int64_t day)
{
	return (day + (w->to <= w->from)) * SECS_A_DAY + w->to * 60;
}

static bool
window_on(const struct cal_window *w, int64_t day)
{
	return (w->weekdays & BIT(weekday_of_days(day))) != 0;
}

/* A window of yesterday may run until midnight of tomorrow, not longer. */
static bool
window_open(const struct cal_window *w, struct zone_reading now)
{
	int64_t today = floor_div(now.first, SECS_A_DAY);

	for (int64_t d = floor_div(now.last, SECS_A_DAY) - 1; d <= today; d++) {
		if (window_on(w, d) && now.first >= window_from(w, d)
		        && now.last < window_to(w, d))
			return true;
	}
	return false;
}

static bool
layer_open(const struct cal_layer *l, struct zone_reading now)
{
	for (size_t i = 0; i < l->n_only; i++) {
		if (window_open(&l->only[i], now))
			return true;
	}
	return l->n_only == 0;
}

static bool
layer_runs(const struct cal_layer *l, struct zone_reading now)
{
	return l->n_turns > 0 && now.first >= civil_seconds(l->start)
	        && !(l->has_end && now.first >= civil_seconds(l->end));
}

struct cal_turn
layer_turn(const struct cal_layer *l, struct zone_reading now)
{
	if (!layer_runs(l, now) || !layer_open(l, now))
		return (struct cal_turn){ 0 };
	return l->turns[(size_t)turn_number(l, now.first) % l->n_turns];
}

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
static bool
turns_differ(const struct cal_layer *l)
{
	for (size_t i = 1; i < l->n_turns; i++) {
		if (!same_turn(&l->turns[0], &l->turns[i]))
			return true;
	}
	return false;
}

static usec_t
earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

/* A window that has a weekday begins and ends within the next week and a day. */
static usec_t
window_next(const struct cal_window *w, const struct zone *z, struct zone_reading now)
{
	int64_t today = floor_div(now.first, SECS_A_DAY);
	int64_t from = INT64_MAX, to = INT64_MAX;

	for (int64_t d = floor_div(now.last, SECS_A_DAY) - 1; d <= today + 7; d++) {
		if (!window_on(w, d))
			continue;
		if (from == INT64_MAX && window_from(w, d) > now.first)
			from = window_from(w, d);
		if (to == INT64_MAX && window_to(w, d) > now.last)
			to = window_to(w, d);
	}
	return earlier(from == INT64_MAX ? USEC_NEVER : zone_first(z, from),
	        to == INT64_MAX ? USEC_NEVER : zone_last(z, to));
}

usec_t
layer_next(const struct cal_layer *l, const struct zone *z, struct zone_reading now)
{
	usec_t next = USEC_NEVER;

	if (l->n_turns > 0 && now.first < civil_seconds(l->start))
		return zone_first(z, civil_seconds(l->start));
	if (!layer_runs(l, now))
		return USEC_NEVER;
	if (l->has_end)
		next = zone_first(z, civil_seconds(l->end));
	if (turns_differ(l) && layer_open(l, now))
		next = earlier(next, zone_first(z, handoff(l, turn_number(l, now.first) + 1)));
	for (size_t i = 0; i < l->n_only; i++)
		next = earlier(next, window_next(&l->only[i], z, now));
	return next;
}
