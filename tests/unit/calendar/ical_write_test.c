/* SPDX-License-Identifier: Apache-2.0 */
/* iCalendar as text: folding, escaping, instants and spans. */
#include "test.h"

#include "calendar/ical_write.h"

static struct arena mem;

static const char *
text_line(const char *text)
{
	struct buf out = BUF_INIT(&mem, 65536);

	ical_text(&out, "X", text);
	return arena_strdup(&mem, buf_cstr(&out));
}

static void
test_escapes(void **state)
{
	(void)state;
	assert_string_equal(text_line("a,b;c\\d\ne\rf"), "X:a\\,b\\;c\\\\d\\nef\r\n");
}

/* Every line within 75 octets, and unfolded it is what was written. */
static void
check_folding(const char *text)
{
	struct str rest = str_from(text_line(text));
	struct buf whole = BUF_INIT(&mem, 65536);

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		assert_true(line.len > 0 && line.p[line.len - 1] == '\r');
		line.len--;
		assert_true(line.len <= 75);
		assert_true(utf8_valid(line));
		if (whole.len > 0) {
			assert_true(line.p[0] == ' ');
			line.p++;
			line.len--;
		}
		buf_str(&whole, line);
	}
	assert_string_equal(buf_cstr(&whole), arena_printf(&mem, "X:%s", text));
}

static void
test_folding(void **state)
{
	char text[400];

	(void)state;
	for (size_t n = 60; n < 320; n++) {
		memset(text, 'a', n);
		text[n] = '\0';
		check_folding(text);
		for (size_t i = 0; i + 2 <= n; i += 2)
			memcpy(text + i, "\xc3\xa4", 2);
		check_folding(text);
		for (size_t i = 0; i + 3 <= n; i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[n - n % 3] = '\0';
		check_folding(text);
	}
}

static void
test_times(void **state)
{
	static const struct {
		usec_t span;
		const char *text;
	} spans[] = { { 0, "PT0S" }, { SECONDS(90), "PT90S" }, { MINUTES(90), "PT90M" },
		{ HOURS(1), "PT1H" }, { DAYS(2), "P2D" }, { HOURS(36), "PT36H" } };
	struct buf out = BUF_INIT(&mem, 100);
	char text[ICAL_SPAN_MAX];

	(void)state;
	ical_time(&out, "DTSTART", SECONDS(1772442000) + 7);
	assert_string_equal(buf_cstr(&out), "DTSTART:20260302T090000Z\r\n");
	for (size_t i = 0; i < NELEMS(spans); i++)
		assert_string_equal(ical_span(spans[i].span, text), spans[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_times),
	};

	arena_init(&mem);
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&mem);
	return rc;
}
