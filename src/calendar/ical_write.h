/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iCalendar as text (RFC 5545): lines end in CRLF and are folded at 75 octets, between
 * characters; texts are escaped; instants are UTC.
 */
#ifndef CALENDAR_ICAL_WRITE_H
#define CALENDAR_ICAL_WRITE_H

#include "base/buf.h"
#include "base/clock.h"

/* A line whose value is written as it is. */
void ical_line(struct buf *out, const char *name, const char *value);

/* A line of type TEXT: commas, semicolons, backslashes and line breaks are escaped. */
void ical_text(struct buf *out, const char *name, const char *text);

/* A line of type DATE-TIME: 20260302T090000Z. */
void ical_time(struct buf *out, const char *name, usec_t at);

#define ICAL_SPAN_MAX 40
/* "PT1H30M", "P1D": a DURATION of whole seconds. Returns out. */
const char *ical_span(usec_t span, char out[ICAL_SPAN_MAX]);

#endif
