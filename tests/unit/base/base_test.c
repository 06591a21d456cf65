/* SPDX-License-Identifier: Apache-2.0 */
/* The small things everything stands on: arena, slices, buffers, maps, spans and instants. */

#include "test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/map.h"
#include "base/random.h"

static void
test_arena_zeroes_and_grows(void **state)
{
	struct arena a;
	int64_t *list = NULL;
	size_t n = 0, cap = 0;

	(void)state;
	arena_init(&a);
	for (int64_t i = 0; i < 1000; i++)
		ARENA_PUSH(&a, list, n, cap) = i;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i], i);
	char *big = arena_alloc(&a, 3000000);
	assert_int_equal(big[2999999], 0);
	assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
	arena_free(&a);
}

static void
test_buf_has_a_ceiling(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	struct buf b = BUF_INIT(&a, 5);
	buf_puts(&b, "abc");
	assert_false(b.cut);
	buf_int(&b, -123);
	assert_true(b.cut);
	assert_string_equal(buf_cstr(&b), "abc-1");
	arena_free(&a);
}

static void
test_buf_escapes_for_addresses(void **state)
{
	static const struct {
		const char *text, *keep, *want;
	} rows[] = {
		{ "", "", "" },
		{ "azAZ09-_.~", "", "azAZ09-_.~" },
		{ "a b+c%", "", "a%20b%2Bc%25" },
		{ "/incidents?state=open&team=x#1", "/",
		        "/incidents%3Fstate%3Dopen%26team%3Dx%231" },
		{ "/a", "", "%2Fa" },
		{ "\xc3\xa9\r\n", "/", "%C3%A9%0D%0A" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct buf b = BUF_INIT(&a, 100);
		buf_url(&b, rows[i].text, rows[i].keep);
		assert_string_equal(buf_cstr(&b), rows[i].want);
	}
	arena_free(&a);
}

static void
test_map_keeps_order_and_finds(void **state)
{
	struct arena a;
	struct map m;

	(void)state;
	arena_init(&a);
	map_init(&m, &a);
	assert_null(map_gets(&m, "x"));
	for (int i = 0; i < 500; i++) {
		int *v = ARENA_NEW(&a, int);
		*v = i;
		assert_null(map_put(&m, str_from(arena_printf(&a, "k%d", i)), v));
	}
	for (int i = 0; i < 500; i++)
		assert_int_equal(*(int *)map_gets(&m, arena_printf(&a, "k%d", i)), i);
	assert_true(str_is(m.entries[42].key, "k42"));
	arena_free(&a);
}

static void
test_durations(void **state)
{
	static const struct {
		const char *text;
		usec_t want; /* -1: refused */
		const char *print;
	} rows[] = {
		{ "90s", SECONDS(90), "1m30s" },
		{ "5m", MINUTES(5), "5m" },
		{ "1h30m", MINUTES(90), "1h30m" },
		{ "2d", DAYS(2), "2d" },
		{ "1w", DAYS(7), "1w" },
		{ "0s", 0, "0s" },
		{ "500ms", 500000, "500ms" },
		{ "1m500ms", 60500000, "1m500ms" },
		{ "", -1, NULL },
		{ "5", -1, NULL },
		{ "m", -1, NULL },
		{ "30m1h", -1, NULL },
		{ "1h1h", -1, NULL },
		{ "-5m", -1, NULL },
		{ "5 m", -1, NULL },
		{ "99999999999999w", -1, NULL },
		{ "1x", -1, NULL },
	};
	char out[DURATION_MAX];

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		usec_t got = -1;
		bool ok = duration_parse(str_from(rows[i].text), &got);
		assert_int_equal(ok ? got : -1, rows[i].want);
		if (ok)
			assert_string_equal(duration_print(got, out), rows[i].print);
	}
}

static void
test_instants(void **state)
{
	static const struct {
		const char *text;
		usec_t want;
		const char *print; /* NULL: refused */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z" },
		{ "2026-03-02T10:00:00+01:00", SECONDS(1772442000), "2026-03-02T09:00:00Z" },
		{ "2024-02-29t12:00:00.1234567z", SECONDS(1709208000) + 123456,
		        "2024-02-29T12:00:00.123456Z" },
		{ "1969-12-31T23:59:59.5Z", -500000, "1969-12-31T23:59:59.500000Z" },
		{ "0985-01-01T00:00:00Z", SECONDS(-31083523200), "0985-01-01T00:00:00Z" },
		{ "0000-01-01T00:00:00+00:01", 0, NULL },
		{ "9999-12-31T23:59:59-00:01", 0, NULL },
		{ "2026-02-29T10:00:00Z", 0, NULL },
		{ "2026-03-02T10:00:00", 0, NULL },
		{ "2026-03-02", 0, NULL },
		{ "2026-03-02T24:00:00Z", 0, NULL },
		{ "2026-03-02T10:00:00Zx", 0, NULL },
		{ "2026-3-2T10:00:00Z", 0, NULL },
	};
	char out[RFC3339_MAX];

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		usec_t got = 0;
		assert_int_equal(
		        rfc3339_parse(str_from(rows[i].text), &got), rows[i].print != NULL);
		if (rows[i].print == NULL)
			continue;
		assert_int_equal(got, rows[i].want);
		assert_string_equal(rfc3339_print(got, out), rows[i].print);
	}
}

static void
test_slices(void **state)
{
	static const char *const names[] = { "schedules", "services", "users" };
	struct str s = STR("  a  bc ");

	(void)state;
	assert_true(str_is(str_word(&s), "a"));
	assert_true(str_is(str_word(&s), "bc"));
	assert_true(str_is(str_word(&s), ""));
	s = STR("k=v=w");
	assert_true(str_is(str_cut(&s, '='), "k"));
	assert_true(str_is(s, "v=w"));
	assert_string_equal(str_nearest(STR("servces"), names, 3), "services");
	assert_null(str_nearest(STR("zebra"), names, 3));
	assert_true(slug_valid(STR("web-1")));
	assert_false(slug_valid(STR("-web")));
	assert_false(slug_valid(STR("Web")));
	assert_true(utf8_valid(STR("gr\xc3\xbc\xc3\x9f")));
	assert_false(utf8_valid(STR("\xc0\xaf")));
	assert_false(utf8_valid(STR("\xed\xa0\x80")));
	assert_int_equal(utf8_clip(STR("a\xc3\xbc"), 2).len, 1);
	int64_t n;
	assert_true(str_int(STR("-9223372036854775808"), &n) && n == INT64_MIN);
	assert_false(str_int(STR("9223372036854775808"), &n));
}

static void
test_errors_chain(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct err *e = err_field(&cx, ERR_NOT_FOUND, "/a", "no %s", "b");
	e = err_wrap(&cx, e, "loading c");
	assert_string_equal(err_text(&cx, e), "loading c: no b");
	assert_int_equal(e->code, ERR_NOT_FOUND);
	assert_string_equal(e->field, "/a");
	struct faults faults = { 0 };
	for (int i = 0; i < 150; i++)
		fault_add(&cx, &faults, (struct fault){ .pointer = "/x", .message = "bad" });
	assert_string_equal(err_faults(&cx, &faults)->msg, "bad (and 149 more)");
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_zeroes_and_grows),
		cmocka_unit_test(test_buf_has_a_ceiling),
		cmocka_unit_test(test_buf_escapes_for_addresses),
		cmocka_unit_test(test_map_keeps_order_and_finds),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_errors_chain),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
