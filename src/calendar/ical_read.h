/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iCalendar (RFC 5545) into occurrences: when something is, and who is named. The text is taken
 * apart by libical; its zones are not used, for they are wrong where ours are right. A rule is
 * expanded on the wall clock of its zone and becomes instants after that: an event from Monday
 * 09:00 to Monday 09:00 stays so when the clocks change in between.
 *
 * Rules below DAILY are refused: nobody is on call by the second, and libical does not return
 * from some. Everything has a limit, and what goes over it or cannot be understood is noted.
 */
#ifndef CALENDAR_ICAL_READ_H
#define CALENDAR_ICAL_READ_H

#include "base/ctx.h"
#include "calendar/zone.h"

#define ICAL_BYTES_MAX (8 * 1024 * 1024)
#define ICAL_EVENTS_MAX 20000      /* components of a calendar */
#define ICAL_OCCURRENCES_MAX 20000 /* that are handed out */
#define ICAL_STEPS_MAX 100000      /* of one rule, also before the window */
#define ICAL_ALL_STEPS_MAX 2000000 /* of all rules together */
#define ICAL_BARREN_MAX 100        /* rules that never happen: half a second of search each */
#define ICAL_DATES_MAX 5000        /* EXDATE, RDATE and moved ones of an event */

struct ical_occurrence {
	usec_t start, end;
	bool all_day;
	int64_t first_day, end_day; /* all_day: days since 1970, end_day not included */
	const char *summary;        /* never NULL */
	const char *const *people;  /* addresses of the attendees, without "mailto:" */
	size_t n_people;
	const char *uid;
	uint32_t line; /* of the event in the text; 0 unknown */
};

struct ical_note {
	const char *uid;
	uint32_t line;
	bool dropped; /* it is left out; else it is there, and differs */
	const char *why;
};

struct ical_window {
	usec_t from, to;
	const struct zone *zone; /* of clocks that name none, and of whole days; NULL: the
	                            calendar's own, else UTC */
};

struct ical_calendar {
	struct ical_occurrence
	        *items; /* by start; those that touch the window, not cut to it */
	size_t n, cap;
	struct ical_note *notes;
	size_t n_notes, cap_notes;
	size_t n_events;
};

/* ERR_INVALID: it is no calendar; ERR_LIMIT. Everything lives in cx. */
MUST_USE struct err *ical_read(
        struct ctx *cx, struct str text, struct ical_window window, struct ical_calendar *ret);

#endif
