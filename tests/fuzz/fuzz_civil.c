/* SPDX-License-Identifier: Apache-2.0 */
/* Wall clocks: what is read prints and reads back, and counts to the same seconds and days. */
#include "calendar/civil.h"

#include "calendar/date.h"
#include "fuzz.h"

static void
assert_counts(struct civil c)
{
	struct civil again = civil_of_seconds(civil_seconds(c));
	struct civil later = civil_add_months(c, 1);

	assert(civil_compare(c, again) == 0);
	assert(c.year == CIVIL_YEAR_MAX || (later.day <= c.day && civil_compare(c, later) < 0));
	assert(civil_weekday(c) == weekday_of_days(date_days(c.year, c.month, c.day)));
}

/* A clock that a zone really shows comes back from its instant; the last reading is not before
 * the first. */
static void
assert_zone(const struct zone *z, struct civil c)
{
	usec_t first = civil_to_utc(z, c, CIVIL_FIRST), last = civil_to_utc(z, c, CIVIL_LAST);

	assert(z != NULL && first <= last);
	if (c.year > 1 && c.year < CIVIL_YEAR_MAX)
		assert(civil_compare(civil_from_utc(z, first), c) >= 0);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct civil c, again;
	char text[CIVIL_MAX];

	(void)cx;
	if (!civil_parse(in, &c))
		return;
	assert(civil_valid(c));
	assert(civil_parse(str_from(civil_print(c, text)), &again));
	assert(civil_compare(c, again) == 0);
	assert_counts(c);
	assert_zone(zone_utc(), c);
	assert_zone(zone_get("Europe/Berlin"), c);
	assert_zone(zone_get("Pacific/Apia"), c);
}
