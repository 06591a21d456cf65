/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layers as schedules. With us the last layer that has somebody counts; elsewhere all layers of
 * a level count together. What overlaps is therefore written as several schedules, which a step
 * pages together: each holds every layer, levels in their order, and within a level those of
 * its own number last. So the people of all these schedules together are exactly the people of
 * the level that counts, at every instant.
 */
#include <stdlib.h>

#include "importer/import_priv.h"

#define WEEK_MINUTES (7 * CAL_MINUTES_A_DAY)
#define LAYERS_MAX 50 /* of a schedule document */
#define LANES_MAX 8

/* ---- do two layers ever have somebody at once? ---- */

struct week {
	unsigned char on[WEEK_MINUTES];
};

static void
week_mark(struct week *week, int from, int minutes)
{
	for (int i = 0; i < minutes; i++)
		week->on[(from + i + 2 * WEEK_MINUTES) % WEEK_MINUTES] = 1;
}

/* The layer's windows, seen from a clock that is `shift` minutes behind its own. */
static void
week_of(const struct cal_layer *l, int shift, struct week *week)
{
	memset(week, l->n_only == 0, sizeof *week);
	for (size_t i = 0; i < l->n_only; i++) {
		struct cal_window w = l->only[i];
		int minutes = w.to > w.from ? w.to - w.from : w.to + CAL_MINUTES_A_DAY - w.from;
		for (int d = 0; d < 7; d++)
			if (w.weekdays & 1u << d)
				week_mark(
				        week, d * CAL_MINUTES_A_DAY + w.from - shift, minutes);
	}
}

static const struct zone *
layer_zone(const struct import_schedule *s, const struct import_layer *l)
{
	return l->l.zone == NULL ? s->zone : l->l.zone;
}

/* Minutes that the layer's clock is ahead of UTC, in January or in July of a year. */
static int
ahead(const struct zone *z, int year, int month)
{
	usec_t t = civil_to_utc(
	        zone_utc(), (struct civil){ year, month, 15, 0, 0, 0 }, CIVIL_FIRST);

	return zone_offset(z, t, NULL, NULL) / 60;
}

static bool
weeks_meet(const struct import_schedule *s, const struct import_layer *a,
        const struct import_layer *b, int month)
{
	int year = a->l.start.year > b->l.start.year ? a->l.start.year : b->l.start.year;
	struct week x, y;

	week_of(&a->l, ahead(layer_zone(s, a), year, month), &x);
	week_of(&b->l, ahead(layer_zone(s, b), year, month), &y);
	for (int i = 0; i < WEEK_MINUTES; i++)
		if (x.on[i] && y.on[i])
			return true;
	return false;
}

static bool
ends_before(const struct import_layer *a, const struct import_layer *b)
{
	return a->l.has_end && civil_compare(a->l.end, b->l.start) <= 0;
}

static bool
same_turns(const struct cal_layer *a, const struct cal_layer *b)
{
	return a->n_turns == 1 && b->n_turns == 1 && a->turns[0].n == 1 && b->turns[0].n == 1
	        && strcmp(a->turns[0].users[0], b->turns[0].users[0]) == 0;
}

static bool
layers_meet(const struct import_schedule *s, const struct import_layer *a,
        const struct import_layer *b)
{
	if (ends_before(a, b) || ends_before(b, a) || same_turns(&a->l, &b->l))
		return false;
	return weeks_meet(s, a, b, 1) || weeks_meet(s, a, b, 7);
}

/* Gives every layer the lowest number that no layer of its level has that it meets. */
static size_t
number_lanes(struct import *im, const struct import_schedule *s, size_t *lane)
{
	size_t lanes = s->n == 0 ? 0 : 1;

	for (size_t i = 0; i < s->n; i++) {
		bool used[LANES_MAX] = { false };
		for (size_t k = 0; k < i; k++)
			if (s->layers[k].level == s->layers[i].level
			        && layers_meet(s, &s->layers[k], &s->layers[i]))
				used[lane[k]] = true;
		for (lane[i] = 0; lane[i] < LANES_MAX - 1 && used[lane[i]];)
			lane[i]++;
		if (used[lane[i]])
			note_changed(im, s->layers[i].where, s->layers[i].l.name,
			        "more than %d layers of a level overlap: where this one does, "
			        "it may be hidden",
			        LANES_MAX);
		if (lane[i] + 1 > lanes)
			lanes = lane[i] + 1;
	}
	return lanes;
}

/* ---- writing ---- */

static void
write_turns(struct jsonw *w, const struct cal_layer *l)
{
	jsonw_key(w, "members");
	jsonw_array(w);
	for (size_t i = 0; i < l->n_turns; i++) {
		const struct cal_turn *t = &l->turns[i];
		if (t->n == 0)
			jsonw_null(w);
		if (t->n > 1)
			jsonw_array(w);
		for (size_t u = 0; u < t->n; u++)
			jsonw_cstr(w, t->users[u]);
		if (t->n > 1)
			jsonw_end_array(w);
	}
	jsonw_end_array(w);
}

static void
write_layer(struct jsonw *w, const struct import_schedule *s, const struct cal_layer *l)
{
	char civil[CIVIL_MAX], every[CAL_EVERY_TEXT_MAX], window[CAL_WINDOW_TEXT_MAX];

	jsonw_object(w);
	if (l->name != NULL && l->name[0] != '\0')
		jsonw_member(w, "name", l->name);
	write_turns(w, l);
	jsonw_member(w, "start", civil_print(l->start, civil));
	if (l->has_end)
		jsonw_member(w, "end", civil_print(l->end, civil));
	jsonw_member(w, "every", cal_every_print(l->every, every));
	if (l->n_only > 0) {
		jsonw_key(w, "only");
		jsonw_array(w);
		for (size_t i = 0; i < l->n_only; i++)
			jsonw_cstr(w, cal_window_print(l->only[i], window));
		jsonw_end_array(w);
	}
	if (l->count != 0)
		jsonw_member(w, "count", cal_weekdays_print(l->count, window));
	if (l->zone != NULL && l->zone != s->zone)
		jsonw_member(w, "zone", zone_name(l->zone));
	jsonw_end_object(w);
}

struct placed {
	const struct import_layer *layer;
	int level;
	bool own; /* of the lane that is written */
	size_t order;
};

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->own != y->own)
		return x->own ? 1 : -1;
	return (x->order > y->order) - (x->order < y->order);
}

/* The layers as lane `number` lists them. */
static void
write_layers(
        struct import *im, const struct import_schedule *s, const size_t *lane, size_t number)
{
	struct placed *placed = ARENA_ARRAY(&im->cx->mem, s->n, struct placed);

	for (size_t i = 0; i < s->n; i++)
		placed[i] = (struct placed){ &s->layers[i], s->layers[i].level,
			lane[i] == number, i };
	qsort(placed, s->n, sizeof *placed, by_place);
	jsonw_key(&im->w, "layers");
	jsonw_array(&im->w);
	for (size_t i = 0; i < s->n; i++)
		write_layer(&im->w, s, &placed[i].layer->l);
	jsonw_end_array(&im->w);
}

static void
write_lane(struct import *im, struct row where, const struct import_schedule *s,
        const size_t *lane, size_t number)
{
	const char *name = number == 0
	        ? s->name
	        : arena_printf(&im->cx->mem, "%s (%zu)", s->name, number + 1);
	const char *slug = import_name(im, KIND_SCHEDULE, s->theirs, name);
	struct jsonw *w = doc_begin(im, KIND_SCHEDULE, slug, name, s->description);

	if (s->team != NULL)
		jsonw_member(w, "team", s->team);
	jsonw_member(w, "zone", zone_name(s->zone));
	write_layers(im, s, lane, number);
	doc_end(im, where);
}

static int
by_end(const void *a, const void *b)
{
	const struct import_layer *x = a, *y = b;

	if (x->l.has_end != y->l.has_end)
		return x->l.has_end ? 1 : -1;
	return x->l.has_end ? civil_compare(y->l.end, x->l.end) : 0;
}

/* Products keep layers that ended long ago: what is over the limit goes, oldest end first. */
static void
shed(struct import *im, struct import_schedule *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->layers[i].l.n_turns > 0)
			s->layers[kept++] = s->layers[i];
		else
			note_left_out(im, s->layers[i].where, s->layers[i].l.name,
			        "a layer without people");
	s->n = kept;
	if (s->n <= LAYERS_MAX)
		return;
	qsort(s->layers, s->n, sizeof *s->layers, by_end);
	for (size_t i = LAYERS_MAX; i < s->n; i++)
		note_left_out(im, s->layers[i].where, s->layers[i].l.name,
		        "a schedule has at most %d layers", LAYERS_MAX);
	s->n = LAYERS_MAX;
}

void
schedule_write(struct import *im, struct row where, struct import_schedule *s)
{
	shed(im, s);
	size_t *lane = ARENA_ARRAY(&im->cx->mem, s->n, size_t);
	size_t lanes = number_lanes(im, s, lane);

	for (size_t i = 0; i < lanes || i == 0; i++)
		write_lane(im, where, s, lane, i);
	if (lanes > 1)
		note_changed(im, where,
		        arena_printf(&im->cx->mem, "schedule/%s",
		                import_slug(im, KIND_SCHEDULE, s->theirs)),
		        "several layers are on call at once: %zu schedules, which every step "
		        "pages together",
		        lanes);
}
