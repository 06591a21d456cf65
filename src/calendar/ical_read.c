/* SPDX-License-Identifier: Apache-2.0 */
/* A calendar's text into events: components, clocks and what belongs together. */
#include "calendar/ical_read.h"

#include <stdlib.h>
#include <strings.h>

#include "calendar/date.h"
#include "calendar/ical_priv.h"

#define DEPTH_MAX 64

void
ical_note_add(struct ical_reading *r, const struct ical_event *e, bool dropped, const char *why)
{
	struct ical_calendar *out = r->out;

	ARENA_PUSH(&r->cx->mem, out->notes, out->n_notes, out->cap_notes) =
	        (struct ical_note){ e->uid, e->line, dropped, why };
}

/* ---- places ---- */

/* libical forgets lines: where each UID stands first. A folded one is not found again. */
static void
find_lines(struct ical_reading *r)
{
	struct str rest = r->text;

	map_init(&r->lines, &r->cx->mem);
	for (uintptr_t line = 1; rest.len > 0; line++) {
		struct str s = str_trim(str_cut(&rest, '\n'));
		if (s.len <= 4 || strncasecmp(s.p, "UID:", 4) != 0)
			continue;
		s = (struct str){ s.p + 4, s.len - 4 };
		if (!map_has(&r->lines, s))
			map_put(&r->lines, s, (void *)line);
	}
}

static uint32_t
line_of(const struct ical_reading *r, const char *uid)
{
	return (uint32_t)(uintptr_t)map_gets(&r->lines, uid);
}

/* ---- one event ---- */

static bool
clock_property(struct ical_reading *r, struct ical_event *e, icalproperty *p,
        struct icaltimetype t, struct ical_clock *ret)
{
	if (!ical_clock_of(r, p, t, ret))
		return false;
	if (ret->zone == NULL) {
		ical_note_add(
		        r, e, false, "its time zone is not known: the calendar's is taken");
		ret->zone = r->window.zone;
	}
	return true;
}

static void
end_after_days(struct ical_event *e, int64_t days, int64_t seconds)
{
	e->end = e->start;
	e->end.c = civil_of_seconds(civil_seconds(e->start.c) + days * SECS_A_DAY);
	e->exact = SECONDS(seconds);
}

#define DURATION_MAX_S (400 * SECS_A_DAY)

static bool
read_duration(struct ical_event *e, icalproperty *p)
{
	struct icaldurationtype d = icalproperty_get_duration(p);
	int64_t days = (int64_t)d.weeks * 7 + d.days;
	int64_t seconds = (int64_t)d.hours * 3600 + (int64_t)d.minutes * 60 + d.seconds;

	if (d.is_neg || days < 0 || seconds < 0 || days * SECS_A_DAY + seconds > DURATION_MAX_S)
		return false;
	end_after_days(e, days, seconds);
	return days + seconds > 0;
}

/* The end on the clock of the start, whatever zone it was written in. */
static bool
read_end(struct ical_reading *r, struct ical_event *e)
{
	icalproperty *end = icalcomponent_get_first_property(e->component, ICAL_DTEND_PROPERTY),
	             *duration = icalcomponent_get_first_property(
	                     e->component, ICAL_DURATION_PROPERTY);

	if (end != NULL) {
		if (!clock_property(r, e, end, icalproperty_get_dtend(end), &e->end))
			return false;
		if (e->end.zone != e->start.zone)
			e->end.c = civil_from_utc(e->start.zone, ical_instant(&e->end));
		e->end.zone = e->start.zone;
		int64_t span = civil_seconds(e->end.c) - civil_seconds(e->start.c);
		return span > 0 && span <= DURATION_MAX_S;
	}
	if (duration != NULL)
		return read_duration(e, duration);
	end_after_days(e, e->start.date ? 1 : 0, 0);
	return e->start.date;
}

static void
read_identity(struct ical_reading *r, struct ical_event *e)
{
	icalproperty *id = icalcomponent_get_first_property(
	                     e->component, ICAL_RECURRENCEID_PROPERTY),
	             *status = icalcomponent_get_first_property(
	                     e->component, ICAL_STATUS_PROPERTY);
	struct ical_clock clock;

	e->cancelled =
	        status != NULL && icalproperty_get_status(status) == ICAL_STATUS_CANCELLED;
	if (id == NULL || !ical_clock_of(r, id, icalproperty_get_recurrenceid(id), &clock))
		return;
	if (clock.zone == NULL)
		clock.zone = r->window.zone;
	e->has_id = true;
	e->id = ical_instant(&clock);
	if (icalproperty_get_first_parameter(id, ICAL_RANGE_PARAMETER) != NULL)
		ical_note_add(r, e, false,
		        "it changes this and all that follow: only this one is changed");
}

/* False when it is left out, with a note. */
static bool
read_event(struct ical_reading *r, icalcomponent *c, struct ical_event *ret)
{
	icalproperty *uid = icalcomponent_get_first_property(c, ICAL_UID_PROPERTY),
	             *start = icalcomponent_get_first_property(c, ICAL_DTSTART_PROPERTY);
	const char *text = uid == NULL ? NULL : icalproperty_get_uid(uid);

	*ret = (struct ical_event){ .component = c };
	ret->uid = text == NULL ? "" : str_dup(&r->cx->mem, utf8_clip(str_from(text), 255));
	ret->line = line_of(r, ret->uid);
	read_identity(r, ret);
	if (ret->cancelled)
		return true;
	if (start == NULL
	        || !clock_property(
	                r, ret, start, icalproperty_get_dtstart(start), &ret->start)) {
		ical_note_add(r, ret, true, "it has no start that can be read");
		return false;
	}
	if (!read_end(r, ret)) {
		ical_note_add(r, ret, true, "it has no end after its start");
		return false;
	}
	return true;
}

/* ---- the calendar ---- */

static const struct zone *
own_zone(struct ctx *cx, icalcomponent *calendar)
{
	for (icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_X_PROPERTY);
	        p != NULL; p = icalcomponent_get_next_property(calendar, ICAL_X_PROPERTY)) {
		const char *name = icalproperty_get_x_name(p), *value = icalproperty_get_x(p);
		if (name != NULL && value != NULL && strcmp(name, "X-WR-TIMEZONE") == 0)
			return ical_zone(&cx->mem, value);
	}
	return NULL;
}

struct collection {
	struct ical_event *events;
	size_t n, cap;
	struct ical_moved *moved;
	size_t n_moved, cap_moved;
};

static struct err *
collect(struct ical_reading *r, icalcomponent *calendar, struct collection *all)
{
	for (icalcomponent *c =
	                icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	        c != NULL;
	        c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		struct ical_event e;
		if (++r->out->n_events > ICAL_EVENTS_MAX)
			return err_new(r->cx, ERR_LIMIT, "the calendar has more than %d events",
			        ICAL_EVENTS_MAX);
		if (!read_event(r, c, &e))
			continue;
		if (e.has_id && all->n_moved < ICAL_DATES_MAX)
			ARENA_PUSH(&r->cx->mem, all->moved, all->n_moved, all->cap_moved) =
			        (struct ical_moved){ e.uid, e.id };
		if (!e.cancelled)
			ARENA_PUSH(&r->cx->mem, all->events, all->n, all->cap) = e;
	}
	return NULL;
}

static int
by_start(const void *a, const void *b)
{
	const struct ical_occurrence *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return strcmp(x->uid, y->uid);
}

static struct err *
read_calendar(struct ical_reading *r, icalcomponent *root)
{
	struct collection all = { 0 };
	bool some = false;
	icalcomponent *c = root;

	if (icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT)
		c = icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
	for (; c != NULL; c = c == root
	                ? NULL
	                : icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT)) {
		some = true;
		if (r->window.zone == NULL)
			r->window.zone = own_zone(r->cx, c);
		if (r->window.zone == NULL)
			r->window.zone = zone_utc();
		TRY(collect(r, c, &all));
	}
	if (!some)
		return err_new(r->cx, ERR_INVALID, "it is no iCalendar: there is no VCALENDAR");
	for (size_t i = 0; i < all.n; i++)
		TRY(ical_expand(r, &all.events[i], all.moved, all.n_moved));
	if (r->out->n > 1)
		qsort(r->out->items, r->out->n, sizeof *r->out->items, by_start);
	return NULL;
}

/* libical goes into itself for each component inside another, and passes over ends that have no
 * beginning; what is cut off or pasted together is refused before it gets there. */
static struct err *
check_nesting(struct ctx *cx, struct str text)
{
	int depth = 0, line = 0;

	while (text.len > 0) {
		struct str s = str_trim(str_cut(&text, '\n'));
		line++;
		if (s.len > 6 && strncasecmp(s.p, "BEGIN:", 6) == 0)
			depth++;
		if (s.len > 4 && strncasecmp(s.p, "END:", 4) == 0)
			depth--;
		if (depth < 0)
			return err_new(cx, ERR_INVALID,
			        "it is no iCalendar: line %d ends what has not begun", line);
		if (depth > DEPTH_MAX)
			return err_new(cx, ERR_LIMIT,
			        "line %d: components inside components, too deep", line);
	}
	if (depth > 0)
		return err_new(cx, ERR_INVALID,
		        "it is no whole iCalendar: an END is missing after line %d", line);
	return NULL;
}

struct err *
ical_read(struct ctx *cx, struct str text, struct ical_window window, struct ical_calendar *ret)
{
	struct ical_reading r = { .cx = cx, .window = window, .out = ret, .text = text };

	*ret = (struct ical_calendar){ 0 };
	if (text.len > ICAL_BYTES_MAX)
		return err_new(cx, ERR_LIMIT, "a calendar is at most %d MiB",
		        ICAL_BYTES_MAX / 1024 / 1024);
	if (text.len == 0 || memchr(text.p, '\0', text.len) != NULL)
		return err_new(cx, ERR_INVALID, "it is no iCalendar");
	TRY(check_nesting(cx, text));
	find_lines(&r);
	icalerror_set_errors_are_fatal(0);
	icalcomponent *root = icalparser_parse_string(str_dup(&cx->mem, text));
	if (root == NULL)
		return err_new(cx, ERR_INVALID, "it is no iCalendar: there is no VCALENDAR");
	struct err *e = read_calendar(&r, root);
	icalcomponent_free(root);
	return e;
}
