/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil time: what a wall clock and a calendar on the wall show, without a zone. Configuration
 * stores this; it becomes an instant late, by the rules of a zone. Years 1 to 9999, Gregorian.
 */
#ifndef CALENDAR_CIVIL_H
#define CALENDAR_CIVIL_H

#include "calendar/zone.h"

struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
};

/* Which reading of an ambiguous clock is meant: starts and handoffs the first, ends of windows
 * the last. */
enum civil_which {
	CIVIL_FIRST,
	CIVIL_LAST,
	CIVIL_WHICH_MAX,
};

#define CIVIL_YEAR_MAX 9999

bool civil_valid(struct civil c);

/* "2026-01-05 09:00", "2026-01-05T09:00:30", "2026-01-05" (midnight); false when it is none. */
bool civil_parse(struct str text, struct civil *ret);

#define CIVIL_MAX 32
/* "2026-01-05 09:00", with seconds only when there are some. Returns out. */
const char *civil_print(struct civil c, char out[CIVIL_MAX]);

/* "2026-01-05", of a day since 1970-01-01 (date.h). Returns out. */
const char *date_print(int64_t day, char out[CIVIL_MAX]);

/* Negative, zero or positive as a is before, equal to or after b. */
int civil_compare(struct civil a, struct civil b);

/* Local seconds (see zone.h) and back. */
int64_t civil_seconds(struct civil c);
struct civil civil_of_seconds(int64_t local);

int civil_weekday(struct civil c); /* 0 is Monday */
int civil_month_days(int year, int month);

struct civil civil_add_days(struct civil c, int64_t days);

/* Keeps the day of the month, or takes the month's last where there is no such day. */
struct civil civil_add_months(struct civil c, int64_t months);

/* A clock that does not exist becomes the first instant after the gap, also at midnight. */
usec_t civil_to_utc(const struct zone *z, struct civil c, enum civil_which which);

struct civil civil_from_utc(const struct zone *z, usec_t at);

/* For people: "2026-03-02 11:00 CET", and "11:00:42" alone. */
const char *clock_text(struct arena *mem, const struct zone *z, usec_t at);
const char *clock_text_short(struct arena *mem, const struct zone *z, usec_t at);

#endif
