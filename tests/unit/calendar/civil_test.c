/* SPDX-License-Identifier: Apache-2.0 */
/* Civil time: texts, arithmetic, and instants in zones that do odd things to their clocks. */
#include "test.h"

#include "calendar/civil.h"
#include "calendar/date.h"

static struct civil
civil(const char *text)
{
	struct civil c = { 0 };

	assert_true(civil_parse(str_from(text), &c));
	return c;
}

static void
test_texts(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: refused */
	} cases[] = {
		{ "2026-01-05 09:00", "2026-01-05 09:00" },
		{ "2026-01-05T09:00", "2026-01-05 09:00" },
		{ "2026-01-05 09:00:07", "2026-01-05 09:00:07" },
		{ "2026-01-05 09:00:00", "2026-01-05 09:00" },
		{ "2026-01-05", "2026-01-05 00:00" },
		{ "2024-02-29", "2024-02-29 00:00" },
		{ "0001-01-01", "0001-01-01 00:00" },
		{ "9999-12-31 23:59:59", "9999-12-31 23:59:59" },
		{ "2026-02-29", NULL },
		{ "2026-13-01", NULL },
		{ "2026-00-01", NULL },
		{ "0000-01-01", NULL },
		{ "2026-01-05 24:00", NULL },
		{ "2026-01-05 09:60", NULL },
		{ "2026-01-05 09:00:60", NULL },
		{ "2026-1-5", NULL },
		{ "2026-01-05 09", NULL },
		{ "2026-01-05 09:00 ", NULL },
		{ "2026-01-05t09:00", NULL },
		{ "2026-01-05 09:00Z", NULL },
		{ "2026-01-05 -9:00", NULL },
		{ "", NULL },
	};
	char out[CIVIL_MAX];
	struct civil c;

	(void)state;
	for (size_t i = 0; i < NELEMS(cases); i++) {
		bool good = civil_parse(str_from(cases[i].text), &c);
		assert_int_equal(good, cases[i].printed != NULL);
		if (good)
			assert_string_equal(civil_print(c, out), cases[i].printed);
	}
}

/* Day by day through a leap century and over the epoch, against counting. */
static void
test_dates_count_on(void **state)
{
	struct date d = { 1896, 1, 1 };
	int64_t day = date_days(1896, 1, 1);

	(void)state;
	for (; d.year < 2105; day++) {
		struct date back = date_of_days(day);
		assert_int_equal(date_days(d.year, d.month, d.day), day);
		assert_int_equal(back.year, d.year);
		assert_int_equal(back.month, d.month);
		assert_int_equal(back.day, d.day);
		if (++d.day <= month_days(d.year, d.month))
			continue;
		d.day = 1;
		if (++d.month > 12) {
			d.month = 1;
			d.year++;
		}
	}
	assert_int_equal(date_days(1970, 1, 1), 0);
	assert_int_equal(civil_weekday(civil("2026-01-05")), 0);
	assert_int_equal(civil_weekday(civil("1969-12-28")), 6);
}

static void
test_arithmetic(void **state)
{
	static const struct {
		const char *from;
		int days, months;
		const char *to;
	} cases[] = {
		{ "2026-01-05 09:00", 7, 0, "2026-01-12 09:00" },
		{ "2026-03-01 09:00", -1, 0, "2026-02-28 09:00" },
		{ "2024-12-31 23:59:59", 1, 0, "2025-01-01 23:59:59" },
		{ "1970-01-01 00:00:01", -1, 0, "1969-12-31 00:00:01" },
		{ "2026-01-31 09:00", 0, 1, "2026-02-28 09:00" },
		{ "2023-12-31 09:00", 0, 2, "2024-02-29 09:00" },
		{ "2026-01-31 09:00", 0, 2, "2026-03-31 09:00" },
		{ "2026-01-15 09:00", 0, 12, "2027-01-15 09:00" },
		{ "2026-01-15 09:00", 0, -1, "2025-12-15 09:00" },
	};
	char out[CIVIL_MAX];

	(void)state;
	for (size_t i = 0; i < NELEMS(cases); i++) {
		struct civil c = civil(cases[i].from);
		c = civil_add_days(c, cases[i].days);
		c = civil_add_months(c, cases[i].months);
		assert_string_equal(civil_print(c, out), cases[i].to);
	}
	assert_true(civil_compare(civil("2026-01-05"), civil("2026-01-05 00:00:01")) < 0);
	assert_true(civil_compare(civil("2026-02-01"), civil("2026-01-31 23:59")) > 0);
	assert_int_equal(civil_compare(civil("2026-02-01"), civil("2026-02-01 00:00")), 0);
	assert_int_equal(civil_month_days(2024, 2), 29);
}

static void
test_odd_clocks(void **state)
{
	static const struct {
		const char *zone, *clock, *first, *last;
	} cases[] = {
		{ "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00:00Z", NULL },
		{ "Europe/Berlin", "2026-03-29 02:00", "2026-03-29T01:00:00Z", NULL },
		{ "Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z", NULL },
		{ "Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z",
		        "2026-10-25T01:30:00Z" },
		{ "Europe/Berlin", "2026-10-25 02:00", "2026-10-25T00:00:00Z",
		        "2026-10-25T01:00:00Z" },
		{ "Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z", NULL },
		/* midnight itself is missing */
		{ "America/Santiago", "2024-09-08 00:00", "2024-09-08T04:00:00Z", NULL },
		{ "America/Havana", "2024-03-10 00:30", "2024-03-10T05:00:00Z", NULL },
		{ "Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z", NULL },
		/* midnight twice */
		{ "America/Havana", "2024-11-03 00:00", "2024-11-03T04:00:00Z",
		        "2024-11-03T05:00:00Z" },
		/* half an hour */
		{ "Australia/Lord_Howe", "2020-10-04 02:15", "2020-10-03T15:30:00Z", NULL },
		/* a day that was not */
		{ "Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00Z", NULL },
		/* standard time in summer, "saving" back to Greenwich in winter; far ahead */
		{ "Europe/Dublin", "2098-03-30 01:30", "2098-03-30T01:00:00Z", NULL },
		{ "Europe/Dublin", "2098-10-26 01:30", "2098-10-26T00:30:00Z",
		        "2098-10-26T01:30:00Z" },
	};
	char first[RFC3339_MAX], last[RFC3339_MAX];

	(void)state;
	for (size_t i = 0; i < NELEMS(cases); i++) {
		const struct zone *z = zone_get(cases[i].zone);
		const char *want = cases[i].last == NULL ? cases[i].first : cases[i].last;
		struct civil c = civil(cases[i].clock);

		rfc3339_print(civil_to_utc(z, c, CIVIL_FIRST), first);
		rfc3339_print(civil_to_utc(z, c, CIVIL_LAST), last);
		assert_string_equal(first, cases[i].first);
		assert_string_equal(last, want);
	}
}

static void
test_from_utc(void **state)
{
	const struct zone *z = zone_get("Europe/Berlin");
	char out[CIVIL_MAX];

	(void)state;
	assert_string_equal(civil_print(civil_from_utc(z, -1), out), "1970-01-01 00:59:59");
	assert_string_equal(
	        civil_print(civil_from_utc(z, SECONDS(1774746000)), out), "2026-03-29 03:00");
	assert_string_equal(civil_print(civil_from_utc(z, SECONDS(1774746000) - 1), out),
	        "2026-03-29 01:59:59");
}

static void
test_clock_texts(void **state)
{
	const struct zone *z = zone_get("Europe/Berlin");
	struct arena mem;

	(void)state;
	arena_init(&mem);
	assert_string_equal(
	        clock_text(&mem, z, SECONDS(1774746000) - 1), "2026-03-29 01:59 CET");
	assert_string_equal(clock_text(&mem, z, SECONDS(1774746000)), "2026-03-29 03:00 CEST");
	assert_string_equal(clock_text_short(&mem, z, SECONDS(1774746042)), "03:00:42");
	arena_free(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_dates_count_on),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_odd_clocks),
		cmocka_unit_test(test_from_utc),
		cmocka_unit_test(test_clock_texts),
	};

	return cmocka_run_group_tests_name("civil", tests, NULL, NULL);
}
