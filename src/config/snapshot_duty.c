/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules as the calendar floor wants them: with their zone, their layers' dates and eras,
 * the overrides in the order they were made, and the absences of their people. This depends on
 * several documents, so each snapshot makes it anew.
 */
#include <stdlib.h>

#include "calendar/zone.h"
#include "config/snapshot_priv.h"

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The dates of several holidays as one sorted list. */
static struct cal_dates
dates_of(struct snapshot *s, const struct vec *holidays)
{
	const char *const *ids = holidays->items;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < holidays->n; i++) {
		const struct holiday *h = snapshot_holiday(s, ids[i]);
		n += h == NULL ? 0 : h->dates.n;
	}
	int64_t *days = ARENA_ARRAY(&s->mem, n, int64_t);
	n = 0;
	for (size_t i = 0; i < holidays->n; i++) {
		const struct holiday *h = snapshot_holiday(s, ids[i]);
		const struct holiday_date *dates = h == NULL ? NULL : h->dates.items;
		for (size_t d = 0; h != NULL && d < h->dates.n; d++)
			days[n++] = dates[d].day;
	}
	qsort(days, n, sizeof *days, by_value);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || days[kept - 1] != days[i])
			days[kept++] = days[i];
	}
	return (struct cal_dates){ days, kept };
}

static void
compile_layers(struct snapshot *s, struct schedule *schedule)
{
	const struct layer *written = schedule->layers.items;
	size_t n = schedule->layers.n;
	struct cal_layer *layers = ARENA_ARRAY(&s->mem, n, struct cal_layer);

	for (size_t i = 0; i < n; i++) {
		layers[i] = written[i].cal;
		layers[i].except = dates_of(s, &written[i].except);
		layers[i].during = dates_of(s, &written[i].during);
		cal_layer_settle(&s->mem, &layers[i]);
	}
	schedule->calendar.layers = layers;
	schedule->calendar.n_layers = n;
}

static void
compile_schedules(struct snapshot *s)
{
	MAP_EACH (&s->docs[KIND_SCHEDULE], e) {
		struct schedule *schedule = ARENA_NEW(&s->mem, struct schedule);
		*schedule = *(const struct schedule *)((struct doc *)e->value)->pub.value;
		schedule->calendar.zone = snapshot_zone(s, schedule->zone, schedule->team);
		compile_layers(s, schedule);
		map_put(&s->schedules, e->key, schedule);
	}
}

/* ---- overrides ---- */

static int
by_making(const void *a, const void *b)
{
	const struct doc *x = *(struct doc *const *)a, *y = *(struct doc *const *)b;

	if (x->pub.revision != y->pub.revision)
		return x->pub.revision < y->pub.revision ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

static void
put_override(struct snapshot *s, struct schedule *schedule, struct cal_override o)
{
	struct cal_override *list;

	/* The list grows one by one only here, where a snapshot is made; it is copied in
	 * doubling blocks by its capacity, which is the next power of two. */
	size_t n = schedule->calendar.n_overrides;
	list = (struct cal_override *)schedule->calendar.overrides;
	if ((n & (n - 1)) == 0) {
		list = ARENA_ARRAY(&s->mem, n == 0 ? 1 : n * 2, struct cal_override);
		if (n > 0)
			memcpy(list, schedule->calendar.overrides, n * sizeof *list);
	}
	list[n] = o;
	schedule->calendar.overrides = list;
	schedule->calendar.n_overrides = n + 1;
}

/* A temporary schedule takes everybody out and adds its own people for their shifts. */
static void
put_shift(struct snapshot *s, struct schedule *schedule, const struct cal_override *whole,
        const struct override_shift *shift)
{
	const struct zone *z = schedule->calendar.zone;
	struct cal_override o = { .id = whole->id, .mode = CAL_ADD };

	o.from = edge_instant(&shift->from, z);
	o.to = edge_instant(&shift->to, z);
	if (o.from < whole->from)
		o.from = whole->from;
	if (o.to > whole->to)
		o.to = whole->to;
	for (size_t i = 0; i < shift->with.n; i++) {
		o.with = shift->with.users[i];
		put_override(s, schedule, o);
	}
}

static void
add_override(struct snapshot *s, const struct override *o)
{
	struct schedule *schedule = map_gets(&s->schedules, o->schedule);
	const struct override_shift *shifts = o->shifts.items;

	if (schedule == NULL)
		return;
	struct cal_override whole = { .id = o->c.id,
		.from = edge_instant(&o->from, schedule->calendar.zone),
		.to = edge_instant(&o->to, schedule->calendar.zone),
		.replace = o->replace,
		.with = o->add == NULL ? o->with : o->add,
		.mode = o->add == NULL ? CAL_REPLACE : CAL_ADD };
	put_override(s, schedule, whole);
	for (size_t i = 0; i < o->shifts.n; i++)
		put_shift(s, schedule, &whole, &shifts[i]);
}

static void
compile_overrides(struct snapshot *s)
{
	size_t n = 0;
	struct doc **made = ARENA_ARRAY(&s->mem, s->docs[KIND_OVERRIDE].n, struct doc *);

	MAP_EACH (&s->docs[KIND_OVERRIDE], e)
		made[n++] = e->value;
	qsort(made, n, sizeof *made, by_making);
	for (size_t i = 0; i < n; i++)
		add_override(s, made[i]->pub.value);
}

/* ---- absences ---- */

static void
add_absences(
        struct snapshot *s, struct schedule *schedule, const struct cal_absence *all, size_t n)
{
	struct cal_absence *own = ARENA_ARRAY(&s->mem, n, struct cal_absence);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (cal_takes_turns(&schedule->calendar, all[i].user))
			own[kept++] = all[i];
	}
	schedule->calendar.absences = own;
	schedule->calendar.n_absences = kept;
}

/* By the person's own clock. */
static struct cal_absence
absence_of(const struct snapshot *s, size_t i)
{
	const struct absence *a = s->lists[KIND_ABSENCE][i]->value;
	const struct user *u = snapshot_user(s, a->user);
	const struct zone *z = snapshot_zone(s, u == NULL ? NULL : u->zone, NULL);

	return (struct cal_absence){ .id = a->c.id,
		.user = a->user,
		.from = edge_instant(&a->from, z),
		.to = edge_instant(&a->to, z) };
}

bool
snapshot_away(const struct snapshot *s, const char *user, usec_t from, usec_t to)
{
	for (size_t i = 0; i < s->docs[KIND_ABSENCE].n; i++) {
		struct cal_absence a = absence_of(s, i);
		if (strcmp(a.user, user) == 0 && a.from < to && a.to > from)
			return true;
	}
	return false;
}

static void
compile_absences(struct snapshot *s)
{
	size_t n = s->docs[KIND_ABSENCE].n;
	struct cal_absence *all = ARENA_ARRAY(&s->mem, n, struct cal_absence);

	for (size_t i = 0; i < n; i++)
		all[i] = absence_of(s, i);
	if (n == 0)
		return;
	MAP_EACH (&s->schedules, e)
		add_absences(s, e->value, all, n);
}

/* ---- whose it is ---- */

const struct member *
snapshot_member(const struct snapshot *s, const char *user, const char *team_id)
{
	const struct team *team = team_id == NULL ? NULL : snapshot_team(s, team_id);
	const struct member *members = team == NULL ? NULL : team->members.items;

	for (size_t i = 0; team != NULL && i < team->members.n; i++)
		if (strcmp(members[i].id, user) == 0)
			return &members[i];
	return NULL;
}

bool
snapshot_shares(const struct snapshot *s, const struct schedule *schedule, const char *user)
{
	return snapshot_member(s, user, schedule->team) != NULL
	        || cal_takes_turns(&schedule->calendar, user);
}

/* ---- all of it ---- */

void
snapshot_compile_schedules(struct snapshot *s)
{
	compile_schedules(s);
	compile_overrides(s);
	compile_absences(s);
}
