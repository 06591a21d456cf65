/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar as overrides: whoever its events name is on call while they last. Events overlap,
 * and of overlapping overrides the last made counts; so the line of time is cut at every edge,
 * and each piece gets the people of all events that cover it. Or, with `whole`, as temporary
 * schedules: the calendar is then all that there is. Or as a list of dates.
 */
#include <stdlib.h>
#include <strings.h>

#include "calendar/ical_read.h"
#include "importer/import_priv.h"

#define PEOPLE_MAX 64    /* of one piece of time */
#define SHIFTS_A_DOC 200 /* of one temporary schedule */
#define PIECES_MAX 50000

/* ---- who ---- */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	        || (unsigned char)c >= 0x80;
}

/* Whether the words stand in the text, not as a part of longer ones; case does not matter. */
static bool
stands_in(const char *text, const char *words)
{
	size_t len = words == NULL ? 0 : strlen(words);

	for (const char *p = text; len > 0 && *p != '\0'; p++) {
		if (strncasecmp(p, words, len) != 0)
			continue;
		if ((p == text || !is_word(p[-1])) && !is_word(p[len]))
			return true;
	}
	return false;
}

static bool
attends(const struct ical_occurrence *o, const struct import_person *who)
{
	for (size_t i = 0; who->email != NULL && i < o->n_people; i++)
		if (strcasecmp(o->people[i], who->email) == 0)
			return true;
	return false;
}

static bool
is_summed_up(const struct ical_occurrence *o, const struct import_person *who)
{
	return stands_in(o->summary, who->email) || stands_in(o->summary, who->name)
	        || stands_in(o->summary, who->id);
}

/* The attendees that are users; else the users that the summary names. */
static struct named
people_of(struct import *im, const struct import_calendar *how, const struct ical_occurrence *o)
{
	struct named found = { 0 };

	for (size_t i = 0; i < how->n_people; i++)
		if (attends(o, &how->people[i]))
			named_add(im, &found, how->people[i].id);
	if (found.n > 0)
		return found;
	for (size_t i = 0; i < how->n_people; i++)
		if (is_summed_up(o, &how->people[i]))
			named_add(im, &found, how->people[i].id);
	return found;
}

/* ---- the line of time ---- */

struct taken {
	usec_t start, end;
	struct named who;
	struct row where;
};

struct piece {
	usec_t from, to;
	const char *const *users;
	size_t n;
};

struct pieces {
	struct piece *items;
	size_t n, cap;
};

static int
by_instant(const void *a, const void *b)
{
	const usec_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static usec_t *
edges_of(struct import *im, const struct taken *taken, size_t n, size_t *ret_n)
{
	usec_t *edges = ARENA_ARRAY(&im->cx->mem, 2 * n, usec_t);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		edges[2 * i] = taken[i].start;
		edges[2 * i + 1] = taken[i].end;
	}
	if (n > 0)
		qsort(edges, 2 * n, sizeof *edges, by_instant);
	for (size_t i = 0; i < 2 * n; i++)
		if (i == 0 || edges[i] != edges[i - 1])
			edges[k++] = edges[i];
	*ret_n = k;
	return edges;
}

static bool
same_users(const struct piece *a, const struct piece *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (strcmp(a->users[i], b->users[i]) != 0)
			return false;
	return a->n == b->n;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
piece_add(struct import *im, struct pieces *out, struct piece p, struct named who)
{
	struct piece *last = out->n == 0 ? NULL : &out->items[out->n - 1];

	if (who.n == 0)
		return;
	qsort(who.slugs, who.n, sizeof *who.slugs, by_text);
	p.users = who.slugs;
	p.n = who.n;
	if (last != NULL && last->to == p.from && same_users(last, &p)) {
		last->to = p.to;
		return;
	}
	ARENA_PUSH(&im->cx->mem, out->items, out->n, out->cap) = p;
}

/* `first` is the first event that may still be on: they are sorted by their start. */
static struct pieces
cut(struct import *im, const struct taken *taken, size_t n)
{
	struct pieces out = { 0 };
	size_t n_edges, first = 0;
	const usec_t *edges = edges_of(im, taken, n, &n_edges);

	for (size_t e = 0; e + 1 < n_edges && out.n < PIECES_MAX; e++) {
		struct named who = { 0 };
		while (first < n && taken[first].end <= edges[e])
			first++;
		for (size_t i = first; i < n && taken[i].start <= edges[e]; i++)
			for (size_t u = 0; taken[i].end > edges[e] && u < taken[i].who.n
			        && who.n < PEOPLE_MAX;
			        u++)
				named_add(im, &who, taken[i].who.slugs[u]);
		piece_add(
		        im, &out, (struct piece){ .from = edges[e], .to = edges[e + 1] }, who);
	}
	return out;
}

/* ---- as overrides ---- */

static void
write_pieces(struct import *im, const struct import_calendar *how, const struct pieces *pieces)
{
	struct row whole = { .file = how->name };

	for (size_t i = 0; i < pieces->n; i++) {
		const struct piece *p = &pieces->items[i];
		shift_write(im, whole, how->schedule,
		        &(struct import_shift){ p->from, p->to, p->users, p->n });
	}
}

/* Temporary schedules that follow one another, each with as many shifts as one holds. */
static void
write_whole(struct import *im, const struct import_calendar *how, const struct pieces *pieces)
{
	struct import_shift *shifts =
	        ARENA_ARRAY(&im->cx->mem, SHIFTS_A_DOC, struct import_shift);
	const char *schedule = how->schedule;
	usec_t from = how->from;

	for (size_t i = 0; i == 0 || i < pieces->n;) {
		struct import_override o = { .schedules = { .slugs = &schedule, .n = 1 },
			.from = from,
			.shifts = shifts };
		for (; i < pieces->n && o.n_shifts < SHIFTS_A_DOC; i++)
			shifts[o.n_shifts++] = (struct import_shift){ pieces->items[i].from,
				pieces->items[i].to, pieces->items[i].users,
				pieces->items[i].n };
		o.to = i < pieces->n ? pieces->items[i].from : how->to;
		override_write(im, (struct row){ .file = how->name }, &o);
		from = o.to;
		if (pieces->n == 0)
			return;
	}
}

static const char *
words_for(struct import *im, const struct ical_occurrence *o)
{
	char at[RFC3339_MAX];

	return arena_printf(&im->cx->mem, "event \"%s\" of %s",
	        o->summary[0] == '\0' ? o->uid : o->summary, rfc3339_print(o->start, at));
}

static void
take_duties(
        struct import *im, const struct import_calendar *how, const struct ical_calendar *cal)
{
	struct taken *taken = ARENA_ARRAY(&im->cx->mem, cal->n, struct taken);
	size_t n = 0;

	for (size_t i = 0; i < cal->n; i++) {
		const struct ical_occurrence *o = &cal->items[i];
		struct taken t = { .start = o->start < how->from ? how->from : o->start,
			.end = o->end > how->to ? how->to : o->end,
			.who = people_of(im, how, o) };
		if (t.who.n == 0)
			note_left_out(im, row_of_line(im, how->name, o->line), words_for(im, o),
			        "it names no user: by e-mail address, name or id");
		else
			taken[n++] = t;
	}
	struct pieces pieces = cut(im, taken, n);
	if (how->whole)
		write_whole(im, how, &pieces);
	else
		write_pieces(im, how, &pieces);
}

/* ---- as dates ---- */

#define DATES_MAX 2000

static bool
is_date_taken(const int64_t *days, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++)
		if (days[i] == day)
			return true;
	return false;
}

static void
write_date(struct jsonw *w, int64_t day, const char *name)
{
	char text[CIVIL_MAX];

	jsonw_object(w);
	jsonw_member(w, "date", date_print(day, text));
	if (name[0] != '\0')
		jsonw_key(w, "name"), jsonw_str(w, utf8_clip(str_from(name), 200));
	jsonw_end_object(w);
}

static void
take_dates(
        struct import *im, const struct import_calendar *how, const struct ical_calendar *cal)
{
	int64_t *days = ARENA_ARRAY(&im->cx->mem, DATES_MAX, int64_t);
	struct jsonw *w = doc_begin(im, KIND_HOLIDAY, how->holidays, NULL, NULL);
	size_t n = 0;

	jsonw_key(w, "dates");
	jsonw_array(w);
	for (size_t i = 0; i < cal->n; i++) {
		const struct ical_occurrence *o = &cal->items[i];
		if (!o->all_day)
			note_left_out(im, row_of_line(im, how->name, o->line), words_for(im, o),
			        "a holiday is a whole day");
		for (int64_t d = o->first_day; o->all_day && d < o->end_day && n < DATES_MAX;
		        d++) {
			if (is_date_taken(days, n, d))
				continue;
			days[n++] = d;
			write_date(w, d, o->summary);
		}
	}
	jsonw_end_array(w);
	doc_end(im, (struct row){ .file = how->name });
	if (n == DATES_MAX)
		note_changed(im, (struct row){ .file = how->name }, "the calendar",
		        "a list has at most %d dates", DATES_MAX);
}

/* ---- all ---- */

static void
take_notes(
        struct import *im, const struct import_calendar *how, const struct ical_calendar *cal)
{
	for (size_t i = 0; i < cal->n_notes; i++) {
		const struct ical_note *n = &cal->notes[i];
		const char *what = arena_printf(&im->cx->mem, "event %s", n->uid);
		if (n->dropped)
			note_left_out(
			        im, row_of_line(im, how->name, n->line), what, "%s", n->why);
		else
			note_changed(
			        im, row_of_line(im, how->name, n->line), what, "%s", n->why);
	}
}

struct err *
import_ical(struct ctx *cx, const struct import_calendar *how, struct str text,
        struct import_result *ret)
{
	struct ical_calendar cal;
	struct import im;

	import_begin(&im, cx, NULL, ret);
	TRY_WRAP(cx,
	        ical_read(
	                cx, text, (struct ical_window){ how->from, how->to, how->zone }, &cal),
	        "%s", how->name);
	take_notes(&im, how, &cal);
	if (how->holidays != NULL)
		take_dates(&im, how, &cal);
	else
		take_duties(&im, how, &cal);
	return NULL;
}
