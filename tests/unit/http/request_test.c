/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of requests, and the way from a path to a route. */
#include "test.h"

#include "http/router.h"

static void
test_pairs(void **state)
{
	static const struct {
		const char *text, *want; /* name=value; */
	} rows[] = {
		{ "", "" },
		{ "a=b", "a=b;" },
		{ "a=b&c=d", "a=b;c=d;" },
		{ "a", "a=;" },
		{ "a=", "a=;" },
		{ "=b&&a=c", "a=c;" }, /* what has no name is nothing */
		{ "a=b=c", "a=b=c;" },
		{ "a+b=c+d", "a b=c d;" },
		{ "a%20b=%26%3D", "a b=&=;" },
		{ "a=%c3%A9", "a=é;" },
		{ "a=1&a=2", "a=1;a=2;" },
		{ "a=%4", NULL },
		{ "a=%zz", NULL },
		{ "a=%", NULL },
		{ "a=%00", NULL },
		{ "a=%ff", NULL },
		{ "%c3=x", NULL },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct pair *pairs;
		struct buf out = BUF_INIT(&cx.mem, 1000);
		size_t n = 0;
		struct err *e = url_pairs(&cx, str_from(rows[i].text), 8, &pairs, &n);
		if ((e == NULL) != (rows[i].want != NULL))
			fail_msg("%s", rows[i].text);
		for (size_t k = 0; e == NULL && k < n; k++)
			buf_printf(&out, "%s=%s;", pairs[k].id, pairs[k].value);
		if (e == NULL)
			assert_string_equal(buf_cstr(&out), rows[i].want);
	}
	struct pair *pairs;
	size_t n;
	assert_err(url_pairs(&cx, STR("a&b&c"), 2, &pairs, &n), ERR_LIMIT);
	ctx_close(&cx);
}

static void
test_paths(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a+b", "a+b" }, /* a plus is a plus here */
		{ "a%2Fb", "a/b" },
		{ "%", NULL },
		{ "%0", NULL },
		{ "%00", NULL },
		{ "%80", NULL },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *got = NULL;
		bool ok = url_decode(&cx, str_from(rows[i].text), &got);
		assert_int_equal(ok, rows[i].want != NULL);
		if (ok)
			assert_string_equal(got, rows[i].want);
	}
	ctx_close(&cx);
}

static void
test_cookies(void **state)
{
	static const struct {
		const char *header, *want;
	} rows[] = {
		{ NULL, NULL },
		{ "", NULL },
		{ "s=1", "1" },
		{ "a=b; s=1; c=d", "1" },
		{ "s=1; s=2", "1" },
		{ "s=", "" },
		{ "s", "" },
		{ "xs=1", NULL },
		{ "a=s=1", NULL },
		{ "  s=a=b  ;", "a=b" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *got = cookie_value(&cx, rows[i].header, "s");
		if (!str_null_safe_eq(got, rows[i].want))
			fail_msg("%s: %s", rows[i].header, got);
	}
	ctx_close(&cx);
}

static void
test_etags(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none of ours */
	} rows[] = {
		{ NULL, 0 },
		{ "", 0 },
		{ " * ", 0 },
		{ "\"7\"", 7 },
		{ " \"7\" ", 7 },
		{ "7", -1 },
		{ "\"\"", -1 },
		{ "\"0\"", -1 }, /* would mean anything */
		{ "\"-7\"", -1 },
		{ "\"x\"", -1 },
		{ "W/\"7\"", -1 },
		{ "\"7\", \"8\"", -1 },
		{ "\"99999999999999999999\"", -1 },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		int64_t got = -1;
		assert_int_equal(etag_parse(rows[i].text, &got), rows[i].want >= 0);
		assert_int_equal(got, rows[i].want);
	}
}

static void
test_numbers_of_the_query(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* 0: refused */
	} rows[] = { { "1", 1 }, { "500", 500 }, { "0", 0 }, { "501", 0 }, { "x", 0 },
		{ "", 0 }, { "+5", 0 }, { "5 ", 0 }, { "99999999999999999999", 0 } };
	struct ctx cx;
	int64_t n = 50;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct pair q = { "limit", rows[i].text };
		const struct request rq = { .query = &q, .n_query = 1 };
		struct err *e = request_query_int(&cx, &rq, "limit", (int64_t[]){ 1, 500 }, &n);
		assert_int_equal(e == NULL, rows[i].want != 0);
		if (e == NULL)
			assert_int_equal(n, rows[i].want);
		else
			assert_string_equal(e->field, "limit");
	}
	const struct request empty = { 0 };
	n = 50;
	assert_ok(&cx, request_query_int(&cx, &empty, "limit", (int64_t[]){ 1, 500 }, &n));
	assert_int_equal(n, 50);
	ctx_close(&cx);
}

static void
test_html(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct buf out = BUF_INIT(&cx.mem, 1000);
	buf_html(&out, "<a href=\"x\" title='y'>&amp;</a>");
	buf_html(&out, NULL);
	assert_string_equal(buf_cstr(&out),
	        "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
	ctx_close(&cx);
}

/* ---- routes ---- */

static const struct route first[] = {
	{ "GET", "/things", PERM_READ, NULL, "list", NULL, NULL, 0, 0 },
	{ "POST", "/things", PERM_READ, NULL, "make", NULL, NULL, 0, 0 },
	{ "GET", "/things/new", PERM_READ, NULL, "form", NULL, NULL, 0, 0 },
	{ "GET", "/things/{id}", PERM_READ, NULL, "one", NULL, NULL, 0, 0 },
	{ "POST", "/things/{id}/{verb}", PERM_READ, NULL, "act", NULL, NULL, 0, 0 },
};
static const struct route second[] = {
	{ "GET", "/files/{path...}", PERM_READ, NULL, "file", NULL, NULL, 0, 0 },
	{ "GET", "/", PERM_READ, NULL, "home", NULL, NULL, 0, 0 },
};

static void
test_routes(void **state)
{
	static const struct {
		const char *method, *path;
		const char *want; /* summary and parameters; else what it takes, or "nowhere" */
	} rows[] = {
		{ "GET", "/things", "list" },
		{ "POST", "/things", "make" },
		{ "HEAD", "/things", "list" },
		{ "DELETE", "/things", "takes GET, POST" },
		{ "GET", "/things/", "nowhere" },
		{ "GET", "/things/new", "form" }, /* the first row that fits */
		{ "GET", "/things/7", "one id=7" },
		{ "GET", "/things/a%2Fb", "one id=a/b" },
		{ "GET", "/things/%zz", "nowhere" },
		{ "GET", "/things/7/ack", "takes POST" },
		{ "POST", "/things/7/ack", "act id=7 verb=ack" },
		{ "POST", "/things/7/ack/more", "nowhere" },
		{ "POST", "/things//ack", "nowhere" },
		{ "GET", "/files/a/b/c", "file path=a/b/c" },
		{ "GET", "/files/", "nowhere" },
		{ "GET", "/", "home" },
		{ "GET", "//", "nowhere" },
		{ "get", "/things", "takes GET, POST" },
	};
	static const struct route_table tables[] = { { first, NELEMS(first) },
		{ second, NELEMS(second) } };
	static const struct route_table *const all[] = { &tables[0], &tables[1] };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct request rq = { .method = rows[i].method, .path = rows[i].path };
		struct buf out = BUF_INIT(&cx.mem, 1000);
		const char *allow = NULL;
		struct err *e = route_find(&cx, all, NELEMS(all), &rq, &allow);
		if (e != NULL)
			buf_puts(&out, "nowhere");
		else if (rq.route == NULL)
			buf_printf(&out, "takes %s", allow);
		else
			buf_puts(&out, rq.route->summary);
		for (size_t k = 0; rq.route != NULL && k < rq.n_params; k++)
			buf_printf(&out, " %s=%s", rq.params[k].id, rq.params[k].value);
		if (strcmp(buf_cstr(&out), rows[i].want) != 0)
			fail_msg("%s %s: %s", rows[i].method, rows[i].path, buf_cstr(&out));
	}
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_etags),
		cmocka_unit_test(test_numbers_of_the_query),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
