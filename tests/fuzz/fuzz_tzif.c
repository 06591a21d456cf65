/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a time zone file; what loads must answer without contradicting itself. */
#include <assert.h>

#include "calendar/civil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(const struct zone *z, int64_t t)
{
	struct zone_span s = zone_span(z, t);
	struct zone_reading r = zone_read(z, SECONDS(t));

	assert(s.since <= t && t < s.until && s.abbr != NULL);
	assert(r.first >= t + s.offset && r.last <= t + s.offset);
	assert(zone_first(z, r.first) <= SECONDS(t) && zone_first(z, r.first + 1) > SECONDS(t));
	assert(zone_last(z, r.last) <= SECONDS(t) && zone_last(z, r.last + 1) > SECONDS(t));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;
	const char *why = NULL;

	arena_init(&mem);
	const struct zone *z =
	        zone_parse(&mem, "fuzz", (struct str){ (const char *)data, size }, &why);
	assert((z == NULL) == (why != NULL));
	for (int64_t t = -4000000000; z != NULL && t < 9000000000; t += 123456789)
		ask(z, t);
	if (z != NULL) {
		zone_span(z, INT64_MIN);
		zone_span(z, INT64_MAX);
	}
	arena_free(&mem);
	return 0;
}
