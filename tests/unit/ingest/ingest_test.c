/* SPDX-License-Identifier: Apache-2.0 */
/* What the protocols share: words of severity, keys, pairs, fingerprints, room. */
#include "delivery.h"

static void
test_severities(void **state)
{
	static const struct {
		const char *word;
		int want; /* -1: unknown */
	} rows[] = {
		{ "critical", SEVERITY_CRITICAL },
		{ "CRITICAL", SEVERITY_CRITICAL },
		{ "page", SEVERITY_CRITICAL },
		{ "P1", SEVERITY_CRITICAL },
		{ "disaster", SEVERITY_CRITICAL },
		{ "error", SEVERITY_ERROR },
		{ "high", SEVERITY_ERROR },
		{ "Major", SEVERITY_ERROR },
		{ "warning", SEVERITY_WARNING },
		{ "minor", SEVERITY_WARNING },
		{ "average", SEVERITY_WARNING },
		{ "info", SEVERITY_INFO },
		{ "none", SEVERITY_INFO },
		{ "p5", SEVERITY_INFO },
		{ "", -1 },
		{ "critica", -1 },
		{ "criticals", -1 },
		{ "p6", -1 },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		enum severity got = SEVERITY_MAX;
		bool known = ingest_severity(str_from(rows[i].word), &got);
		assert_int_equal(known, rows[i].want >= 0);
		if (known)
			assert_int_equal(got, rows[i].want);
	}
}

static void
test_clips(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} rows[] = {
		{ "abc", 3, "abc" },
		{ "abcd", 3, "abc…" },
		{ "", 3, "" },
		{ "éèê", 3, "éèê" }, /* characters, not bytes */
		{ "éèêë", 3, "éèê…" },
		{ "😀😀", 1, "😀…" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++)
		assert_string_equal(
		        ingest_clip(&cx, str_from(rows[i].text), rows[i].max), rows[i].want);
	ctx_close(&cx);
}

/* A long key stays one key: it keeps its head, and two that differ behind it stay two. */
static void
test_keys(void **state)
{
	char one[2000], other[2000];
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	memset(one, 'k', sizeof one);
	one[sizeof one - 1] = '\0';
	memcpy(other, one, sizeof one);
	other[1990] = 'x';
	const char *a = ingest_key(&cx, str_from(one)), *b = ingest_key(&cx, str_from(other));
	assert_true(strlen(a) <= SIGNAL_KEY_MAX && strlen(b) <= SIGNAL_KEY_MAX);
	assert_string_not_equal(a, b);
	assert_string_equal(a, ingest_key(&cx, str_from(one)));
	assert_memory_equal(a, one, 100);
	one[SIGNAL_KEY_MAX] = '\0';
	assert_string_equal(ingest_key(&cx, str_from(one)), one);
	ctx_close(&cx);
}

static void
test_pairs(void **state)
{
	struct pairs p = { 0 };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	ingest_add(&cx, &p, STR("b"), "1", 4);
	ingest_add(&cx, &p, STR(""), "no name", 4);
	ingest_add(&cx, &p, STR("c"), NULL, 4);
	ingest_add(&cx, &p, STR("a"), "2", 4);
	ingest_add(&cx, &p, STR("b"), "3", 4);
	ingest_sort(&p);
	assert_string_equal(pairs_text(&cx, p.items, p.n), "a=2 b=3"); /* the last counts */
	for (int i = 0; i < 10; i++)
		ingest_add(&cx, &p, STR("x"), "y", 4);
	assert_int_equal(p.n, 4);
	ctx_close(&cx);
}

/* From the Alertmanager's own tests and payloads (Apache-2.0). */
static void
test_fingerprints(void **state)
{
	static const struct {
		struct pair labels[5];
		const char *want;
	} rows[] = {
		{ { { "alertname", "InstanceDown" }, { "group", "production" },
		          { "instance", "localhost:8081" }, { "job", "node" },
		          { "severity", "critical" } },
		        "f404ecabc8dd5cd7" },
		{ { { "alertname", "InstanceDown" }, { "group", "canary" },
		          { "instance", "localhost:8082" }, { "job", "node" },
		          { "severity", "critical" } },
		        "f8f08d4e32c61a9d" },
		{ { { "job", "foo" }, { "severity", "warning" } }, "9266ef3da838ad95" },
		{ { { "job", "foo" }, { "severity", "critical" } }, "3b15fd163d36582e" },
		{ { { "job", "bar" }, { "severity", "critical" } }, "c7e68cb08e3e67f9" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		size_t n = 0;
		while (n < 5 && rows[i].labels[n].id != NULL)
			n++;
		assert_string_equal(ingest_fingerprint(&cx, rows[i].labels, n), rows[i].want);
	}
	ctx_close(&cx);
}

static void
test_room(void **state)
{
	static const struct integration integration = { .c = { .id = "in" } };
	struct delivery d = { .integration = &integration };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx, ingest_room(&cx, &d, INGEST_SIGNALS_MAX));
	assert_err(ingest_room(&cx, &d, INGEST_SIGNALS_MAX + 1), ERR_LIMIT);
	ctx_close(&cx);
}

/* Depth and size of a body are bounded before anything else is looked at. */
static void
test_depth(void **state)
{
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (int p = 0; p < PROTOCOL_MAX; p++) {
		struct buf deep = BUF_INIT(&cx.mem, 1000);
		for (int i = 0; i < 33; i++)
			buf_putc(&deep, '[');
		struct err *e = deliver(&cx, (enum protocol_id)p, buf_cstr(&deep), &d);
		assert_err(e, ERR_LIMIT);
	}
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_severities),
		cmocka_unit_test(test_clips),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_fingerprints),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
