/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts as people write them down or copy them out of a table: one a line. */
#include <strings.h>

#include "importer/import_priv.h"

#define LINES_MAX 1000
#define PEOPLE_MAX 16

struct line {
	struct import *im;
	const struct import_calendar *how;
	struct row where;
	const char *text;
};

static bool
divides(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '-';
}

static void
pass(struct str *rest, size_t n)
{
	rest->p += n;
	rest->len -= n;
}

/* Also a dash as text programs write it (U+2013), and the word. */
static void
skip(struct str *rest)
{
	for (;;) {
		if (rest->len > 0 && divides(rest->p[0]))
			pass(rest, 1);
		else if (str_starts(*rest, STR("\xe2\x80\x93")))
			pass(rest, 3);
		else if (str_starts(*rest, STR("to ")))
			pass(rest, 3);
		else
			return;
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits with ':', 'T', and '-' within a day: a day, a clock, or both. */
static struct str
figure(struct str *rest)
{
	bool clock = false;
	size_t n = 0;

	for (; n < rest->len; n++) {
		char c = rest->p[n];
		clock = clock || c == ':';
		if (!is_digit(c) && c != ':' && !(c == '-' && !clock) && !(c == 'T' && n > 0))
			break;
	}
	struct str word = { rest->p, n };
	pass(rest, n);
	return word;
}

static bool
has_clock(struct str s)
{
	return memchr(s.p, ':', s.len) != NULL;
}

/* "9:00" as "09:00". */
static const char *
two_digits(struct line *l, struct str clock)
{
	return arena_printf(&l->im->cx->mem, "%s%.*s",
	        clock.len > 1 && clock.p[1] == ':' ? "0" : "", (int)clock.len, clock.p);
}

/* "2026-12-24 18:00", "2026-12-24", or "18:00" on the day given (year 0: none). */
static bool
take_edge(struct line *l, struct str *rest, struct civil day, struct civil *ret)
{
	skip(rest);
	struct str first = figure(rest), ahead = *rest;
	const char *text = str_dup(&l->im->cx->mem, first);

	if (first.len == 0)
		return false;
	if (!has_clock(first)) {
		while (ahead.len > 0 && (ahead.p[0] == ' ' || ahead.p[0] == '\t'))
			pass(&ahead, 1);
		struct str clock = figure(&ahead);
		if (clock.len > 0 && has_clock(clock) && clock.len <= strlen("00:00:00")) {
			text = arena_printf(
			        &l->im->cx->mem, "%s %s", text, two_digits(l, clock));
			*rest = ahead;
		}
	} else if (first.len <= strlen("00:00:00") && day.year > 0) {
		text = arena_printf(&l->im->cx->mem, "%04d-%02d-%02d %s", day.year, day.month,
		        day.day, two_digits(l, first));
	}
	return civil_parse(str_from(text), ret);
}

static bool
is_person(const struct import_person *p, struct str name)
{
	const char *words[] = { p->id, p->name, p->email };

	for (size_t i = 0; i < NELEMS(words); i++)
		if (words[i] != NULL && strlen(words[i]) == name.len
		        && strncasecmp(words[i], name.p, name.len) == 0)
			return true;
	return false;
}

static const char *
person(struct line *l, struct str name)
{
	for (size_t i = 0; i < l->how->n_people; i++)
		if (is_person(&l->how->people[i], name))
			return l->how->people[i].id;
	return NULL;
}

/* False, and a line in the report, when somebody is not known. */
static bool
take_people(struct line *l, struct str rest, struct named *ret)
{
	while (rest.len > 0) {
		struct str name = str_trim(str_cut(&rest, '+'));
		const char *id = person(l, name);
		if (id == NULL || ret->n >= PEOPLE_MAX) {
			note_left_out(l->im, l->where, l->text, "there is no user \"%.*s\"",
			        (int)name.len, name.p);
			return false;
		}
		named_add(l->im, ret, id);
	}
	if (ret->n == 0)
		note_left_out(l->im, l->where, l->text,
		        "it names nobody; write \"nobody\" to "
		        "leave the time without anybody");
	return ret->n > 0;
}

static void
take(struct line *l, struct str rest)
{
	const struct zone *z = l->how->zone;
	struct civil from, to;
	struct named who = { 0 };

	if (!take_edge(l, &rest, (struct civil){ 0 }, &from)
	        || !take_edge(l, &rest, from, &to)) {
		note_left_out(l->im, l->where, l->text,
		        "write it as 2026-12-24 18:00 - 2026-12-25 08:00 NAME");
		return;
	}
	usec_t begin = civil_to_utc(z, from, CIVIL_FIRST),
	       end = civil_to_utc(z, to, CIVIL_FIRST);
	if (end <= begin) {
		note_left_out(l->im, l->where, l->text, "it ends before it begins");
		return;
	}
	if (end <= l->how->from) {
		note_left_out(l->im, l->where, l->text, "that is past");
		return;
	}
	skip(&rest);
	rest = str_trim(rest);
	if (str_is(rest, "nobody") || take_people(l, rest, &who))
		shift_write(l->im, l->where, l->how->schedule,
		        &(struct import_shift){ begin, end, who.slugs, who.n });
}

struct err *
import_shifts(struct ctx *cx, const struct import_calendar *how, struct str text,
        struct import_result *ret)
{
	struct import im;
	uint32_t n = 0;

	import_begin(&im, cx, NULL, ret);
	for (size_t i = 0; i < how->n_there; i++)
		import_take(&im, KIND_OVERRIDE, how->there[i]);
	while (text.len > 0) {
		struct str line = str_trim(str_cut(&text, '\n'));

		if (++n > LINES_MAX)
			return err_new(cx, ERR_LIMIT, "more than %d lines", LINES_MAX);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		struct line l = { &im, how, row_of_line(&im, how->name, n),
			str_dup(&cx->mem, line) };
		take(&l, line);
	}
	return NULL;
}
