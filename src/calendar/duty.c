/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each person of the layers' turn has a duty. An override moves duties: it takes those that its
 * `replace` holds or has held. Looking at past holders too is what makes the override made last
 * count where two overlap: after "bob for alice" and then "carol for alice" it is carol.
 */
#include "calendar/duty.h"

#include <stdlib.h>

#include "calendar/layer.h"

struct duty {
	const char *holder; /* NULL: nobody */
	const char **past;  /* the first holder and all since */
	size_t n_past;
};

struct duties {
	struct arena *mem;
	struct duty *items;
	size_t n;
	size_t n_active; /* overrides at this moment: no duty has more holders than that and one
	                  */
};

/* Civil times as numbers that sort like them; cheaper than seconds, for hundreds of overrides.
 */
static uint64_t
civil_key(struct civil c)
{
	return (uint64_t)c.year << 26 | (uint64_t)c.month << 22 | (uint64_t)c.day << 17
	        | (uint64_t)c.hour << 12 | (uint64_t)c.minute << 6 | (uint64_t)c.second;
}

struct moment
moment_at(const struct cal_schedule *s, usec_t t)
{
	return (struct moment){ t, zone_read(s->zone, t) };
}

static uint64_t
moment_key(const struct moment *now)
{
	return civil_key(civil_of_seconds(now->clock.first));
}

static bool
override_active(const struct cal_override *o, uint64_t key)
{
	return key >= civil_key(o->from) && key < civil_key(o->to);
}

static const struct zone *
layer_zone(const struct cal_schedule *s, const struct cal_layer *l)
{
	return l->zone == NULL ? s->zone : l->zone;
}

static struct zone_reading
layer_clock(const struct cal_schedule *s, const struct cal_layer *l, const struct moment *now)
{
	if (layer_zone(s, l) == s->zone)
		return now->clock;
	return zone_read(l->zone, now->t);
}

/* The last listed layer that has somebody. */
static struct cal_turn
top_turn(const struct cal_schedule *s, const struct moment *now)
{
	for (size_t i = s->n_layers; i-- > 0;) {
		struct cal_turn turn =
		        layer_turn(&s->layers[i], layer_clock(s, &s->layers[i], now));
		if (turn.n > 0)
			return turn;
	}
	return (struct cal_turn){ 0 };
}

static size_t
count_active(const struct cal_schedule *s, uint64_t key)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_overrides; i++)
		n += override_active(&s->overrides[i], key);
	return n;
}

static void
duty_give(struct duty *d, const char *holder)
{
	d->holder = holder;
	if (holder != NULL)
		d->past[d->n_past++] = holder;
}

static void
duty_add(struct duties *list, const char *holder)
{
	struct duty *d = &list->items[list->n++];

	d->past = ARENA_ARRAY(list->mem, list->n_active + 1, const char *);
	duty_give(d, holder);
}

static bool
duty_was(const struct duty *d, const char *user)
{
	for (size_t i = 0; i < d->n_past; i++) {
		if (strcmp(d->past[i], user) == 0)
			return true;
	}
	return false;
}

static void
override_apply(const struct cal_override *o, struct duties *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (o->replace == NULL || duty_was(&list->items[i], o->replace))
			duty_give(&list->items[i], o->with);
	}
	if (list->n == 0 && o->replace == NULL && o->with != NULL)
		duty_add(list, o->with);
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct people
people_of(const char **ids, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(ids, n, sizeof *ids, compare_ids);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || strcmp(ids[kept - 1], ids[i]) != 0)
			ids[kept++] = ids[i];
	}
	return (struct people){ ids, kept };
}

static struct people
people_of_turn(struct arena *mem, struct cal_turn turn)
{
	const char **ids = ARENA_ARRAY(mem, turn.n, const char *);

	for (size_t i = 0; i < turn.n; i++)
		ids[i] = turn.users[i];
	return people_of(ids, turn.n);
}

static struct people
people_of_duties(const struct duties *list)
{
	const char **ids = ARENA_ARRAY(list->mem, list->n, const char *);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i].holder != NULL)
			ids[n++] = list->items[i].holder;
	}
	return people_of(ids, n);
}

struct people
people_at(struct arena *mem, const struct cal_schedule *s, const struct moment *now)
{
	struct cal_turn turn = top_turn(s, now);
	uint64_t key = moment_key(now);
	struct duties list = { .mem = mem, .n_active = count_active(s, key) };

	if (list.n_active == 0)
		return people_of_turn(mem, turn);
	list.items = ARENA_ARRAY(mem, turn.n + 1, struct duty);
	for (size_t i = 0; i < turn.n; i++)
		duty_add(&list, turn.users[i]);
	for (size_t i = 0; i < s->n_overrides; i++) {
		if (override_active(&s->overrides[i], key))
			override_apply(&s->overrides[i], &list);
	}
	return people_of_duties(&list);
}

bool
people_equal(struct people a, struct people b)
{
	for (size_t i = 0; a.n == b.n && i < a.n; i++) {
		if (a.ids[i] != b.ids[i] && strcmp(a.ids[i], b.ids[i]) != 0)
			return false;
	}
	return a.n == b.n;
}

/* The next edge of any override, and whether the last active one hides the layers. */
static usec_t
overrides_next(const struct cal_schedule *s, const struct moment *now, bool *ret_hidden)
{
	uint64_t key = moment_key(now), next = UINT64_MAX;
	struct civil edge = { 0 };

	*ret_hidden = false;
	for (size_t i = 0; i < s->n_overrides; i++) {
		const struct cal_override *o = &s->overrides[i];
		struct civil edges[] = { o->from, o->to };

		if (override_active(o, key))
			*ret_hidden = o->replace == NULL;
		for (size_t e = 0; e < NELEMS(edges); e++) {
			if (civil_key(edges[e]) <= key || civil_key(edges[e]) >= next)
				continue;
			edge = edges[e];
			next = civil_key(edge);
		}
	}
	return next == UINT64_MAX ? USEC_NEVER : civil_to_utc(s->zone, edge, CIVIL_FIRST);
}

/* Layers under one that has somebody cannot matter before that one changes. */
usec_t
people_next(const struct cal_schedule *s, const struct moment *now)
{
	bool hidden;
	usec_t next = overrides_next(s, now, &hidden);

	for (size_t i = hidden ? 0 : s->n_layers; i-- > 0;) {
		const struct cal_layer *l = &s->layers[i];
		struct zone_reading clock = layer_clock(s, l, now);
		usec_t change = layer_next(l, layer_zone(s, l), clock);

		next = change < next ? change : next;
		if (layer_turn(l, clock).n > 0)
			break;
	}
	return next;
}
