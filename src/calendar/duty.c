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

struct moment
moment_at(const struct cal_schedule *s, usec_t t)
{
	return (struct moment){ t, zone_read(s->zone, t) };
}

static bool
override_active(const struct cal_override *o, usec_t t)
{
	return t >= o->from && t < o->to;
}

static bool
is_absent(const struct cal_schedule *s, const char *user, usec_t t)
{
	for (size_t i = 0; i < s->n_absences; i++) {
		const struct cal_absence *a = &s->absences[i];
		if (t >= a->from && t < a->to && strcmp(a->user, user) == 0)
			return true;
	}
	return false;
}

static bool
any_absent(const struct cal_schedule *s, usec_t t)
{
	for (size_t i = 0; i < s->n_absences; i++) {
		if (t >= s->absences[i].from && t < s->absences[i].to)
			return true;
	}
	return false;
}

static bool
has_somebody(const struct cal_schedule *s, const struct cal_turn *turn, usec_t t)
{
	for (size_t i = 0; i < turn->n; i++) {
		if (!is_absent(s, turn->users[i], t))
			return true;
	}
	return false;
}

const struct zone *
cal_layer_zone(const struct cal_schedule *s, const struct cal_layer *l)
{
	return l->zone == NULL ? s->zone : l->zone;
}

static struct zone_reading
layer_clock(const struct cal_schedule *s, const struct cal_layer *l, const struct moment *now)
{
	if (cal_layer_zone(s, l) == s->zone)
		return now->clock;
	return zone_read(l->zone, now->t);
}

/* Those of a turn who are there. */
static struct cal_turn
without_absent(struct arena *mem, const struct cal_schedule *s, struct cal_turn turn, usec_t t)
{
	size_t n = 0;

	if (!any_absent(s, t))
		return turn;
	const char **users = ARENA_ARRAY(mem, turn.n, const char *);
	for (size_t i = 0; i < turn.n; i++) {
		if (!is_absent(s, turn.users[i], t))
			users[n++] = turn.users[i];
	}
	return (struct cal_turn){ .users = users, .n = n };
}

/* The last listed layer that has somebody. */
static struct cal_turn
top_turn(struct arena *mem, const struct cal_schedule *s, const struct moment *now)
{
	for (size_t i = s->n_layers; i-- > 0;) {
		struct cal_turn turn =
		        layer_turn(&s->layers[i], layer_clock(s, &s->layers[i], now));
		if (has_somebody(s, &turn, now->t))
			return without_absent(mem, s, turn, now->t);
	}
	return (struct cal_turn){ 0 };
}

static size_t
count_active(const struct cal_schedule *s, usec_t t)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_overrides; i++)
		n += override_active(&s->overrides[i], t);
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
	if (o->mode == CAL_ADD) {
		duty_add(list, o->with);
		return;
	}
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
	struct cal_turn turn = top_turn(mem, s, now);
	struct duties list = { .mem = mem, .n_active = count_active(s, now->t) };

	if (list.n_active == 0)
		return people_of_turn(mem, turn);
	list.items = ARENA_ARRAY(mem, turn.n + list.n_active, struct duty);
	for (size_t i = 0; i < turn.n; i++)
		duty_add(&list, turn.users[i]);
	for (size_t i = 0; i < s->n_overrides; i++) {
		if (override_active(&s->overrides[i], now->t))
			override_apply(&s->overrides[i], &list);
	}
	return people_of_duties(&list);
}

static bool
belongs(const struct cal_layer *l, size_t turn, int64_t local)
{
	return l->stays == NULL
	        || (local >= l->stays[turn].from && local < l->stays[turn].until);
}

void
oncall_members(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n)
{
	struct moment now = moment_at(s, t);
	const char **ids = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < s->n_layers; i++) {
		const struct cal_layer *l = &s->layers[i];
		int64_t local = layer_clock(s, l, &now).first;
		for (size_t k = 0; k < l->n_turns; k++) {
			const struct cal_turn *turn = &l->turns[k];
			for (size_t u = 0; belongs(l, k, local) && u < turn->n; u++)
				if (!is_absent(s, turn->users[u], t))
					ARENA_PUSH(mem, ids, n, cap) = turn->users[u];
		}
	}
	struct people p = people_of(ids, n);
	*ret_users = p.ids;
	*ret_n = p.n;
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

static usec_t
edge_after(usec_t t, usec_t from, usec_t to, usec_t next)
{
	if (from > t && from < next)
		next = from;
	if (to > t && to < next)
		next = to;
	return next;
}

/* What overrides and absences say of a moment. */
struct above {
	usec_t next;  /* the next edge of any */
	bool hidden;  /* the last active override hides the layers */
	bool picking; /* some take people out one by one: each handoff matters to coverage */
};

static struct above
look_above(const struct cal_schedule *s, usec_t t)
{
	struct above a = { .next = USEC_NEVER };

	for (size_t i = 0; i < s->n_overrides; i++) {
		const struct cal_override *o = &s->overrides[i];
		a.next = edge_after(t, o->from, o->to, a.next);
		if (!override_active(o, t) || o->mode == CAL_ADD)
			continue;
		a.hidden = o->replace == NULL;
		a.picking |= o->replace != NULL;
	}
	for (size_t i = 0; i < s->n_absences; i++)
		a.next = edge_after(t, s->absences[i].from, s->absences[i].to, a.next);
	a.picking |= any_absent(s, t);
	return a;
}

/* Layers under one that has somebody cannot matter before that one changes. */
static usec_t
next_look(const struct cal_schedule *s, const struct moment *now, bool cover)
{
	struct above above = look_above(s, now->t);
	usec_t next = above.next;

	cover = cover && !above.picking;
	for (size_t i = above.hidden ? 0 : s->n_layers; i-- > 0;) {
		const struct cal_layer *l = &s->layers[i];
		struct zone_reading clock = layer_clock(s, l, now);
		struct cal_turn turn = layer_turn(l, clock);
		usec_t change = cover ? layer_next_cover(l, cal_layer_zone(s, l), clock)
		                      : layer_next(l, cal_layer_zone(s, l), clock);

		next = change < next ? change : next;
		if (has_somebody(s, &turn, now->t))
			break;
	}
	return next;
}

usec_t
people_next(const struct cal_schedule *s, const struct moment *now)
{
	return next_look(s, now, false);
}

usec_t
people_next_cover(const struct cal_schedule *s, const struct moment *now)
{
	return next_look(s, now, true);
}
