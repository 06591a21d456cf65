/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A time zone: the rules by which one place's wall clock follows UTC, read from the system's
 * TZif files. A zone is immutable once loaded, lives until the process ends and is shared by
 * all threads: keep the pointer.
 *
 * Wall clocks are also written as "local seconds": seconds since 1970-01-01 00:00:00 as that
 * clock shows it. They run backwards when a clock is set back; zone_read gives two readings
 * that never do.
 */
#ifndef CALENDAR_ZONE_H
#define CALENDAR_ZONE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

struct zone;

#define ZONE_NAME_MAX 64
#define ZONE_OFFSET_MAX 93600 /* 26 h; RFC 9636 keeps real ones within -25 h and +26 h */
#define ZONE_FILE_MAX 262144  /* bytes; the largest of tzdata is below 4 kB */

/*
 * The zone of an IANA name, or NULL when there is none: names are [A-Za-z0-9_+-/], relative,
 * and what they name must be a TZif file of version 2 or later without leap seconds. Names that
 * mean "whatever this machine uses" (localtime, posixrules) are none. Reads $TZDIR, else
 * /usr/share/zoneinfo, once a zone. Thread-safe.
 */
const struct zone *zone_get(const char *name);

/* Never NULL; works without files. */
const struct zone *zone_utc(void);

const char *zone_name(const struct zone *z);

/* The name most like a wrong one, or NULL: other case, a city alone, a slip. For "did you
 * mean". Thread-safe; reads the directory once. */
const char *zone_nearest(const char *name);

/* Every name there is, sorted; for forms. Thread-safe. */
const char *const *zone_names(size_t *ret_n);

/*
 * Reads one TZif file from memory. NULL when it is none of ours or damaged; *ret_why then says
 * why (a constant text). The zone lives in mem.
 */
const struct zone *zone_parse(
        struct arena *mem, const char *name, struct str file, const char **ret_why);

/* The stretch of time around an instant through which one offset holds. */
struct zone_span {
	int64_t since;  /* seconds since 1970 UTC; INT64_MIN: ever */
	int64_t until;  /* not included; INT64_MAX: for ever */
	int32_t offset; /* seconds east of UTC */
	bool is_dst;
	const char *abbr; /* "CEST"; lives as long as the zone */
};

/* t in seconds since 1970 UTC; instants beyond +-2^58 count as those. */
struct zone_span zone_span(const struct zone *z, int64_t t);

/* Seconds east of UTC at an instant; the last two may be NULL. */
int32_t zone_offset(const struct zone *z, usec_t at, bool *ret_is_dst, const char **ret_abbr);

/*
 * What the wall clock reads at an instant, in two senses that never run backwards, in local
 * seconds. They differ only around a clock set back.
 *   first >= L  means: the clock has shown L, or has passed over it. So `first` decides starts
 *               and handoffs; an ambiguous L has happened from its first reading on, a missing
 *               one from the first instant after the gap.
 *   last < L    means: the clock has yet to show L for the last time. So `last` decides ends
 *               of windows, which take the last reading; a missing L ends after the gap too.
 */
struct zone_reading {
	int64_t first, last;
};

struct zone_reading zone_read(const struct zone *z, usec_t at);

/* The inverses: the first instant at which zone_read().first (or .last) is at least L. Always
 * whole seconds; L must be within years 1 to 9999 of the calendar. */
usec_t zone_first(const struct zone *z, int64_t local);
usec_t zone_last(const struct zone *z, int64_t local);

#endif
