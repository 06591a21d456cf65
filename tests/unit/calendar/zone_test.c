/* SPDX-License-Identifier: Apache-2.0 */
/* Zones: which names are zones, damaged files, rules, and the two readings of a clock. */
#include "test.h"

#include <stdio.h>

#include "calendar/zone.h"
#include "calendar/zone_priv.h"

static void
test_names(void **state)
{
	static const char *const refused[] = { "", "/Europe/Berlin", "Europe/",
		"../zoneinfo/UTC", "Europe/Nowhere", "Europe", "tzdata.zi", "leapseconds",
		"localtime", "posixrules", "right/Europe/Berlin", "Europe/Berlin\n",
		"Europe/BerlinEurope/BerlinEurope/BerlinEurope/BerlinEurope/Berlin" };

	(void)state;
	for (size_t i = 0; i < NELEMS(refused); i++)
		assert_null(zone_get(refused[i]));
	assert_null(zone_get(NULL));

	const struct zone *z = zone_get("Europe/Berlin");
	assert_non_null(z);
	assert_ptr_equal(zone_get("Europe/Berlin"), z);
	assert_string_equal(zone_name(z), "Europe/Berlin");
	assert_ptr_equal(zone_get("UTC"), zone_utc());
	assert_non_null(zone_get("Etc/GMT+12"));
	assert_non_null(zone_get("America/Argentina/Ushuaia"));
}

static void
test_nearest(void **state)
{
	static const struct {
		const char *name, *nearest;
	} cases[] = {
		{ "europe/berlin", "Europe/Berlin" },
		{ "Berlin", "Europe/Berlin" },
		{ "new york", "America/New_York" },
		{ "Europe/Berlni", "Europe/Berlin" },
		{ "Kolkatta", "Asia/Kolkata" },
		{ "xyzzy-nothing-like-it", NULL },
	};
	size_t n;
	const char *const *names = zone_names(&n);

	(void)state;
	assert_true(n > 300);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(zone_get(names[i]));
		assert_true(i == 0 || strcmp(names[i - 1], names[i]) < 0);
	}
	for (size_t i = 0; i < NELEMS(cases); i++) {
		const char *have = zone_nearest(cases[i].name);
		assert_true(str_null_safe_eq(have, cases[i].nearest));
	}
}

static struct str
read_file(struct arena *mem, const char *path)
{
	FILE *f = fopen(path, "re");
	char *bytes = arena_alloc(mem, ZONE_FILE_MAX);

	assert_non_null(f);
	size_t len = fread(bytes, 1, ZONE_FILE_MAX, f);
	fclose(f);
	return (struct str){ bytes, len };
}

/* Every prefix of a file lacks something; the file itself does not. */
static void
test_cut_files(void **state)
{
	struct arena mem, scratch;
	const char *why;

	(void)state;
	arena_init(&mem);
	arena_init(&scratch);
	struct str file = read_file(&mem, "/usr/share/zoneinfo/Africa/Cairo");
	for (size_t len = 0; len < file.len; len++) {
		why = NULL;
		assert_null(zone_parse(&scratch, "x", (struct str){ file.p, len }, &why));
		assert_non_null(why);
		arena_free(&scratch);
	}
	assert_non_null(zone_parse(&mem, "x", file, &why));
	arena_free(&mem);
}

/* The byte at an offset from the file's start, or from its end when negative, becomes c. */
static const char *
why_refused(long at, char c)
{
	struct arena mem;
	const char *why = NULL;

	arena_init(&mem);
	struct str file = read_file(&mem, "/usr/share/zoneinfo/Europe/Berlin");
	char *bytes = arena_strndup(&mem, file.p, file.len);
	bytes[at < 0 ? (long)file.len + at : at] = c;
	const struct zone *z = zone_parse(&mem, "x", (struct str){ bytes, file.len }, &why);
	assert_true((z == NULL) == (why != NULL));
	arena_free(&mem);
	return why;
}

/* Where the 64-bit transitions begin: behind a block of 32-bit ones and two headers. */
static long
transitions_at(void)
{
	struct arena mem;
	long n[6];

	arena_init(&mem);
	struct str file = read_file(&mem, "/usr/share/zoneinfo/Europe/Berlin");
	for (size_t i = 0; i < NELEMS(n); i++) {
		const unsigned char *p = (const unsigned char *)file.p + 20 + 4 * i;
		n[i] = (long)p[2] << 8 | p[3];
	}
	arena_free(&mem);
	return 44 + n[0] + n[1] + 8 * n[2] + 5 * n[3] + 6 * n[4] + n[5] + 44;
}

static void
test_damaged_files(void **state)
{
	(void)state;
	assert_null(why_refused(0, 'T'));
	assert_string_equal(why_refused(0, 't'), "not a TZif file");
	assert_string_equal(
	        why_refused(4, '\0'), "version 1, which has no rule for the future");
	assert_string_equal(why_refused(31, 27), "counts leap seconds");
	assert_string_equal(why_refused(32, 1), "cut short");
	assert_string_equal(
	        why_refused(transitions_at() + 8 + 4, 0x10), "transitions out of order");
	assert_string_equal(why_refused(transitions_at(), 0x40), "transitions out of order");
	assert_string_equal(why_refused(-2, 'x'), "a footer that is no rule");
	assert_string_equal(why_refused(-1, 'x'), "no footer");
}

static void
test_rules(void **state)
{
	static const struct {
		const char *text;
		int64_t at;     /* seconds since 1970 */
		int32_t offset; /* INT32_MAX: refused */
		const char *abbr;
	} cases[] = {
		{ "UTC0", 0, 0, "UTC" },
		{ "<+0330>-3:30", 0, 12600, "+0330" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, 3600, "CET" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 7200, "CEST" },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", 1767225600, 0, "GMT" },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", 1783000000, 3600, "IST" },
		/* hours beyond a day: 22:00 of the Saturday before, written from Sunday */
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774745999, -7200, "-02" },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774746000, -3600, "-01" },
		/* a leap day is never counted, and counted */
		{ "AAA0BBB,J60/0,J61/0", 1709251199, 0, "AAA" },
		{ "AAA0BBB,J60/0,J61/0", 1709251200, 3600, "BBB" },
		{ "AAA0BBB,59/0,60/0", 1709164800, 3600, "BBB" },
		/* daylight saving all year */
		{ "EST5EDT,0/0,J365/25", 1767243599, -14400, "EDT" },
		{ "EST5EDT,0/0,J365/25", 1767243600, -14400, "EDT" },
		{ "CET-1CEST", 0, INT32_MAX, NULL },
		{ "CET", 0, INT32_MAX, NULL },
		{ "CE-1", 0, INT32_MAX, NULL },
		{ "CET-1CEST,M13.5.0,M10.5.0/3", 0, INT32_MAX, NULL },
		{ "CET-1CEST,M3.6.0,M10.5.0/3", 0, INT32_MAX, NULL },
		{ "CET-1CEST,M3.5.0,M10.5.0/168", 0, INT32_MAX, NULL },
		{ "CET-1CEST,M3.5.0,M10.5.0/3x", 0, INT32_MAX, NULL },
		{ "CET-1CEST,J0,J365", 0, INT32_MAX, NULL },
		{ "<CET-1", 0, INT32_MAX, NULL },
		{ "CET-25", 0, INT32_MAX, NULL },
	};
	struct arena mem;
	struct zone_rule rule;

	(void)state;
	arena_init(&mem);
	for (size_t i = 0; i < NELEMS(cases); i++) {
		bool good = zone_rule_parse(&mem, str_from(cases[i].text), &rule);
		assert_int_equal(good, cases[i].offset != INT32_MAX);
		if (!good)
			continue;
		struct zone_span s = zone_rule_span(&rule, cases[i].at);
		assert_int_equal(s.offset, cases[i].offset);
		assert_string_equal(s.abbr, cases[i].abbr);
		assert_true(s.since <= cases[i].at && cases[i].at < s.until);
	}
	arena_free(&mem);
}

/* Spans meet, and tell the same story from inside. */
static void
check_spans(const struct zone *z, int64_t from, int64_t to)
{
	struct zone_span s = zone_span(z, from);

	while (s.until < to) {
		struct zone_span next = zone_span(z, s.until);
		struct zone_span last = zone_span(z, s.until - 1);
		assert_int_equal(next.since, s.until);
		assert_int_equal(last.since, s.since);
		assert_int_equal(last.offset, s.offset);
		s = next;
	}
}

/* The readings never run backwards and agree with their inverses. */
static void
check_readings(const struct zone *z, int64_t around)
{
	struct zone_reading before = { INT64_MIN, INT64_MIN };

	for (int64_t t = around - 4 * 3600; t <= around + 4 * 3600; t += 293) {
		struct zone_reading r = zone_read(z, SECONDS(t));
		assert_true(r.first >= before.first && r.last >= before.last);
		assert_true(r.first >= r.last);
		assert_true(zone_first(z, r.first) <= SECONDS(t));
		assert_true(zone_first(z, r.first + 1) > SECONDS(t));
		assert_true(zone_last(z, r.last) <= SECONDS(t));
		assert_true(zone_last(z, r.last + 1) > SECONDS(t));
		before = r;
	}
}

static void
test_all_zones_hold_together(void **state)
{
	size_t n;
	const char *const *names = zone_names(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct zone *z = zone_get(names[i]);
		struct zone_span s = zone_span(z, 1700000000);

		check_spans(z, -5000000000, 6000000000);
		check_spans(z, 200000000000, 200200000000);
		for (int k = 0; k < 4 && s.until < INT64_MAX; k++) {
			check_readings(z, s.until);
			s = zone_span(z, s.until);
		}
	}
	zone_span(zone_get("Europe/Berlin"), INT64_MIN);
	zone_span(zone_get("Europe/Berlin"), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_cut_files),
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_all_zones_hold_together),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
