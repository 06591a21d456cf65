/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer is a rotation seen through windows. A window belongs to the date on which it begins:
 * that date's weekday, and whether it is a holiday, decide about the whole of it. A layer that
 * knows dates but no windows has those dates from midnight to midnight.
 */
#include "calendar/layer.h"

#include "calendar/dates.h"
#include "calendar/rotation.h"

static const struct cal_window whole_day = { CAL_WEEKDAYS_ALL, 0, CAL_MINUTES_A_DAY };

static bool
has_dates(const struct cal_layer *l)
{
	return l->except.n > 0 || l->during.n > 0;
}

static size_t
windows_of(const struct cal_layer *l, const struct cal_window **ret)
{
	*ret = l->n_only == 0 ? &whole_day : l->only;
	return l->n_only == 0 && has_dates(l) ? 1 : l->n_only;
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
window_on(const struct cal_layer *l, const struct cal_window *w, int64_t day)
{
	return (w->weekdays & BIT(weekday_of_days(day))) != 0 && !dates_have(&l->except, day)
	        && (l->during.n == 0 || dates_have(&l->during, day));
}

/* A window of yesterday may run until midnight of tomorrow, not longer. */
static bool
window_open(const struct cal_layer *l, const struct cal_window *w, struct zone_reading now)
{
	int64_t today = floor_div(now.first, SECS_A_DAY);

	for (int64_t d = floor_div(now.last, SECS_A_DAY) - 1; d <= today; d++) {
		if (now.first >= window_from(w, d) && now.last < window_to(w, d)
		        && window_on(l, w, d))
			return true;
	}
	return false;
}

static bool
layer_open(const struct cal_layer *l, struct zone_reading now)
{
	const struct cal_window *windows;
	size_t n = windows_of(l, &windows);

	for (size_t i = 0; i < n; i++) {
		if (window_open(l, &windows[i], now))
			return true;
	}
	return n == 0;
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
	return rotation_turn(l, now.first);
}

static usec_t
earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

#define WINDOW_DAYS 7 /* a window that has a weekday begins and ends within them and one more */

/* The first day of `during` from a day on; far away when there is none. */
static int64_t
dates_next(const struct cal_dates *d, int64_t day)
{
	size_t i = dates_before(d, day);

	return i < d->n ? d->days[i] : INT64_MAX;
}

/*
 * Without dates the next edge lies within the week. With dates it may not: then this says "look
 * again" at the end of the week, or on the next of the dates when they are a list of their own.
 */
static usec_t
window_next(const struct cal_layer *l, const struct cal_window *w, const struct zone *z,
        struct zone_reading now)
{
	int64_t today = floor_div(now.first, SECS_A_DAY), last = today + WINDOW_DAYS;
	int64_t from = INT64_MAX, to = INT64_MAX;

	for (int64_t d = floor_div(now.last, SECS_A_DAY) - 1; d <= last; d++) {
		if (!window_on(l, w, d))
			continue;
		if (from == INT64_MAX && window_from(w, d) > now.first)
			from = window_from(w, d);
		if (to == INT64_MAX && window_to(w, d) > now.last)
			to = window_to(w, d);
	}
	if (from == INT64_MAX && l->during.n > 0)
		last = dates_next(&l->during, last + 1);
	if (from == INT64_MAX && has_dates(l) && last != INT64_MAX)
		from = last * SECS_A_DAY;
	return earlier(from == INT64_MAX ? USEC_NEVER : zone_first(z, from),
	        to == INT64_MAX ? USEC_NEVER : zone_last(z, to));
}

/* Edges but for handoffs: of the layer, of its eras, of its windows. */
static usec_t
edge_next(const struct cal_layer *l, const struct zone *z, struct zone_reading now)
{
	const struct cal_window *windows;
	size_t n = windows_of(l, &windows);
	int64_t era = rotation_next_era(l, now.first);
	usec_t next = era == INT64_MAX ? USEC_NEVER : zone_first(z, era);

	if (l->has_end)
		next = earlier(next, zone_first(z, civil_seconds(l->end)));
	for (size_t i = 0; i < n; i++)
		next = earlier(next, window_next(l, &windows[i], z, now));
	return next;
}

static usec_t
next_look(const struct cal_layer *l, const struct zone *z, struct zone_reading now, bool cover)
{
	if (l->n_turns > 0 && now.first < civil_seconds(l->start))
		return zone_first(z, civil_seconds(l->start));
	if (!layer_runs(l, now))
		return USEC_NEVER;

	struct cal_era e = rotation_era(l, now.first);
	usec_t next = edge_next(l, z, now);
	if (e.differ && !(cover && e.all) && layer_open(l, now))
		next = earlier(next, zone_first(z, rotation_next(l, now.first)));
	return next;
}

usec_t
layer_next(const struct cal_layer *l, const struct zone *z, struct zone_reading now)
{
	return next_look(l, z, now, false);
}

usec_t
layer_next_cover(const struct cal_layer *l, const struct zone *z, struct zone_reading now)
{
	return next_look(l, z, now, true);
}
