/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars: whatever they say, reading ends, within its limits, with occurrences in order. */
#include <stdlib.h>

#include "calendar/ical_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ical_window window = { .from = SECONDS(1767225600), /* 2026 */
		.to = SECONDS(1767225600) + DAYS(366) };
	struct ical_calendar cal;
	struct ctx cx;

	ctx_init(&cx, NULL);
	struct err *e = ical_read(&cx, (struct str){ (const char *)data, size }, window, &cal);
	err_ignore(e, "refused");
	for (size_t i = 0; e == NULL && i < cal.n; i++) {
		const struct ical_occurrence *o = &cal.items[i];
		if (o->start >= o->end || o->end <= window.from || o->start >= window.to
		        || (i > 0 && o->start < cal.items[i - 1].start)
		        || !utf8_valid(str_from(o->summary)))
			abort();
	}
	ctx_close(&cx);
	return 0;
}
