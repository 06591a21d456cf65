/* SPDX-License-Identifier: Apache-2.0 */
/* Layers of a schedule under construction: their zones, turns, windows and first handoffs. */
#include "importer/import_priv.h"

const struct zone *
zone_of(struct import *im, struct row where, const char *name, const char *what)
{
	const char *fallback = im->options->zone;
	const struct zone *z = name[0] == '\0' ? NULL : zone_get(name);

	if (z != NULL)
		return z;
	z = fallback == NULL ? zone_utc() : zone_get(fallback);
	note_changed(im, where, what,
	        name[0] == '\0' ? "it names no time zone%s: %s is taken"
	                        : "there is no time zone \"%s\": %s is taken",
	        name, zone_name(z));
	return z;
}

struct import_layer *
layer_add(struct import *im, struct import_schedule *s, struct row where, const char *name)
{
	struct import_layer l = { .where = where };

	l.l.name = name;
	l.l.every = (struct cal_every){ CAL_WEEK, 1 };
	ARENA_PUSH(&im->cx->mem, s->layers, s->n, s->cap) = l;
	return &s->layers[s->n - 1];
}

void
turn_add(struct import *im, struct import_layer *l, const char *const *users, size_t n)
{
	struct cal_turn *turns = (struct cal_turn *)l->l.turns;

	ARENA_PUSH(&im->cx->mem, turns, l->l.n_turns, l->cap_turns) =
	        (struct cal_turn){ users, n };
	l->l.turns = turns;
}

void
turn_add_user(struct import *im, struct import_layer *l, const char *user)
{
	const char **users = ARENA_ARRAY(&im->cx->mem, 1, const char *);

	users[0] = user;
	turn_add(im, l, users, user == NULL ? 0 : 1);
}

/* ---- windows ---- */

static unsigned
next_days(unsigned weekdays)
{
	return ((weekdays << 1) | (weekdays >> 6)) & CAL_WEEKDAYS_ALL;
}

static void
window_push(struct import *im, struct import_layer *l, struct cal_window w)
{
	struct cal_window *only = (struct cal_window *)l->l.only;

	for (size_t i = 0; i < l->l.n_only; i++) {
		if (only[i].from == w.from && only[i].to == w.to) {
			only[i].weekdays |= w.weekdays;
			return;
		}
	}
	ARENA_PUSH(&im->cx->mem, only, l->l.n_only, l->cap_only) = w;
	l->l.only = only;
}

/* A window of ours holds at most a day. */
void
window_add(
        struct import *im, struct import_layer *l, unsigned weekdays, int from, int64_t minutes)
{
	while (minutes > CAL_MINUTES_A_DAY - from) {
		if (minutes < CAL_MINUTES_A_DAY && from > 0)
			break; /* over one midnight only: the day it begins keeps it */
		window_push(im, l, (struct cal_window){ weekdays, from, CAL_MINUTES_A_DAY });
		minutes -= CAL_MINUTES_A_DAY - from;
		weekdays = next_days(weekdays);
		from = 0;
	}
	if (minutes > 0)
		window_push(im, l,
		        (struct cal_window){ weekdays, from,
		                (int)((from + minutes - 1) % CAL_MINUTES_A_DAY) + 1 });
}

/* ---- lengths and starts ---- */

bool
every_of_seconds(int64_t seconds, struct cal_every *ret)
{
	static const struct {
		int64_t seconds;
		enum cal_unit unit;
	} units[] = { { 7 * 86400, CAL_WEEK }, { 86400, CAL_DAY }, { 3600, CAL_HOUR },
		{ 60, CAL_MINUTE } };

	for (size_t i = 0; i < NELEMS(units); i++) {
		int64_t n = seconds / units[i].seconds;
		if (seconds % units[i].seconds != 0 || n < 1 || n > CAL_EVERY_MAX)
			continue;
		*ret = (struct cal_every){ units[i].unit, (int)n };
		return true;
	}
	int64_t n = seconds < 60 ? 1 : (seconds + 59) / 60;
	*ret = n <= CAL_EVERY_MAX
	        ? (struct cal_every){ CAL_MINUTE, (int)n }
	        : (struct cal_every){ CAL_HOUR,
		          (int)(n / 60 < CAL_EVERY_MAX ? (n + 59) / 60 : CAL_EVERY_MAX) };
	return false;
}

static const int64_t unit_seconds[CAL_UNIT_MAX] = {
	[CAL_MINUTE] = 60,
	[CAL_HOUR] = 3600,
	[CAL_DAY] = 86400,
	[CAL_WEEK] = 7 * 86400,
};

/* How many whole turns of the wall clock lie between the two. */
static int64_t
turns_between(struct cal_every every, struct civil from, struct civil to)
{
	int64_t length = unit_seconds[every.unit] * every.n;
	int64_t months = (to.year - from.year) * 12 + to.month - from.month;

	if (every.unit != CAL_MONTH) {
		int64_t span = civil_seconds(to) - civil_seconds(from);
		return span / length - (span % length < 0);
	}
	int64_t k = months / every.n - (months % every.n < 0);
	return civil_compare(civil_add_months(from, k * every.n), to) > 0 ? k - 1 : k;
}

static void
rotate_turns(struct import *im, struct import_layer *l, size_t first)
{
	size_t n = l->l.n_turns;
	struct cal_turn *turns = ARENA_ARRAY(&im->cx->mem, n, struct cal_turn);

	for (size_t i = 0; i < n; i++)
		turns[i] = l->l.turns[(first + i) % n];
	l->l.turns = turns;
	l->cap_turns = n;
}

/* The last handoff at or before the instant becomes the start; returns how many turns on. */
static int64_t
move_start(struct import_layer *l, const struct zone *z, usec_t instant)
{
	const struct cal_every every = l->l.every;
	struct civil goal = civil_from_utc(l->l.zone == NULL ? z : l->l.zone, instant);
	int64_t k = turns_between(every, l->l.start, goal);

	l->l.start = every.unit == CAL_MONTH ? civil_add_months(l->l.start, k * every.n)
	                                     : civil_of_seconds(civil_seconds(l->l.start)
	                                             + k * unit_seconds[every.unit] * every.n);
	return k;
}

void
layer_begin_with(struct import *im, struct import_layer *l, const struct zone *z, size_t turn,
        usec_t instant)
{
	(void)move_start(l, z, instant);
	rotate_turns(im, l, turn);
}

bool
clock_parse(const char *text, int *ret)
{
	struct str rest = str_from(text), hour = str_cut(&rest, ':'),
	           minute = str_cut(&rest, ':');
	int64_t h, m;

	if (!str_int(hour, &h) || !str_int(minute, &m) || h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*ret = (int)(h * 60 + m);
	return true;
}

void
layer_start_near(
        struct import *im, struct import_layer *l, const struct zone *z, usec_t instant)
{
	int64_t k = move_start(l, z, instant), n = (int64_t)l->l.n_turns;

	if (n > 0)
		rotate_turns(im, l, (size_t)((k % n + n) % n));
}
