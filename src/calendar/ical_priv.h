/* SPDX-License-Identifier: Apache-2.0 */
/* What reading has in common: an event as it stands in the text, and its clocks. */
#ifndef CALENDAR_ICAL_PRIV_H
#define CALENDAR_ICAL_PRIV_H

#include <libical/ical.h>

#include "base/map.h"
#include "calendar/civil.h"
#include "calendar/ical_read.h"

/* A clock as it was written, and the zone that reads it. */
struct ical_clock {
	struct civil c;
	const struct zone *zone;
	bool date; /* a whole day */
};

struct ical_reading {
	struct ctx *cx;
	struct ical_window window;
	struct ical_calendar *out;
	struct str text;
	size_t steps, barren;
	struct map lines; /* UID -> its line */
};

/* One VEVENT. */
struct ical_event {
	icalcomponent *component;
	const char *uid;
	uint32_t line;
	struct ical_clock start, end; /* end: nominal, on the start's clock */
	usec_t exact;                 /* added to the nominal end: of DURATION's hours */
	bool has_id;                  /* a RECURRENCE-ID: it stands for one of a series */
	usec_t id;
	bool cancelled;
};

/* A series that an event with a RECURRENCE-ID changes. */
struct ical_moved {
	const char *uid;
	usec_t id;
};

/* NULL when there is no such zone. Knows names that programs put prefixes to, and Windows'. */
const struct zone *ical_zone(struct arena *mem, const char *tzid);

/* False when the value is no time. */
bool ical_clock_of(
        struct ical_reading *r, icalproperty *p, struct icaltimetype t, struct ical_clock *ret);
usec_t ical_instant(const struct ical_clock *c);

void ical_note_add(
        struct ical_reading *r, const struct ical_event *e, bool dropped, const char *why);

/* Hands out the occurrences of one event that touch the window. */
MUST_USE struct err *ical_expand(struct ical_reading *r, const struct ical_event *e,
        const struct ical_moved *moved, size_t n_moved);

#endif
