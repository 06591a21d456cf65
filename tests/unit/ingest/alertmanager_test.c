/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts as Prometheus sends them, and the Alertmanager's webhook. */
#include "delivery.h"

#define LABELS "\"labels\":{\"alertname\":\"Down\",\"instance\":\"web1\"}"

static void
test_firing_or_over(void **state)
{
	static const struct {
		const char *times;
		enum signal_action action;
		usec_t time, expires_at;
	} rows[] = {
		{ "", SIGNAL_TRIGGER, 0, NOW + MINUTES(5) },
		{ ",\"endsAt\":\"0001-01-01T00:00:00Z\",\"startsAt\":\"0001-01-01T00:00:00Z\"",
		        SIGNAL_TRIGGER, 0, NOW + MINUTES(5) },
		{ ",\"startsAt\":null,\"endsAt\":null", SIGNAL_TRIGGER, 0, NOW + MINUTES(5) },
		{ ",\"startsAt\":\"2026-03-02T09:59:00Z\",\"endsAt\":\"2026-03-02T10:04:00Z\"",
		        SIGNAL_TRIGGER, NOW - MINUTES(1), NOW + MINUTES(4) },
		{ ",\"endsAt\":\"2026-03-02T10:00:00Z\"", SIGNAL_RESOLVE, 0,
		        NOW }, /* half-open */
		{ ",\"endsAt\":\"2026-03-02T10:00:00.000001Z\"", SIGNAL_TRIGGER, 0, NOW + 1 },
		{ ",\"endsAt\":\"2026-03-02T11:59:59+02:00\"", SIGNAL_RESOLVE, 0,
		        NOW - SECONDS(1) },
	};
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_ok(&cx,
		        deliver(&cx, PROTOCOL_ALERTMANAGER_V2,
		                arena_printf(&cx.mem, "[{" LABELS "%s}]", rows[i].times), &d));
		const struct signal *s = &d.intake.signals[0];
		if (s->action != rows[i].action || s->time != rows[i].time
		        || s->expires_at != rows[i].expires_at)
			fail_msg("%s", rows[i].times);
	}
	ctx_close(&cx);
}

static void
test_words(void **state)
{
	static const struct {
		const char *alert, *summary, *details, *links;
		enum severity severity;
	} rows[] = {
		{ LABELS, "Down on web1", NULL, "", SEVERITY_ERROR },
		{ "\"labels\":{\"alertname\":\"Down\"}", "Down", NULL, "", SEVERITY_ERROR },
		{ "\"labels\":{\"job\":\"x\",\"a\":\"first\"}", "first", NULL, "",
		        SEVERITY_ERROR },
		{ "\"labels\":{\"a\":\"b\",\"severity\":\"page\"},\"annotations\":{\"summary\":\"S\","
		  "\"title\":\"T\",\"description\":\"D\",\"message\":\"M\"}",
		        "S", "D", "", SEVERITY_CRITICAL },
		{ "\"labels\":{\"a\":\"b\",\"severity\":\"whatever\"},\"annotations\":{\"title\":\"T\","
		  "\"message\":\"M\"}",
		        "T", "M", "", SEVERITY_ERROR },
		{ LABELS
		        ",\"generatorURL\":\"http://p/g\",\"annotations\":{\"runbook_url\":\"https://r\","
		        "\"dashboard\":\"javascript:x\"}",
		        "Down on web1", NULL, "Source=http://p/g Runbook=https://r",
		        SEVERITY_ERROR },
		{ LABELS ",\"annotations\":{\"summary\":3}", "Down on web1", NULL, "",
		        SEVERITY_ERROR },
	};
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_ok(&cx,
		        deliver(&cx, PROTOCOL_ALERTMANAGER_V2,
		                arena_printf(&cx.mem, "[{%s}]", rows[i].alert), &d));
		const struct signal *s = &d.intake.signals[0];
		assert_string_equal(s->summary, rows[i].summary);
		assert_true(str_null_safe_eq(s->details, rows[i].details));
		assert_string_equal(pairs_text(&cx, s->links, s->n_links), rows[i].links);
		assert_int_equal(s->severity, rows[i].severity);
	}
	ctx_close(&cx);
}

/* The key is the labels' fingerprint: their order and empty ones do not matter, all of the rest
 * does, also what is too long to be kept. */
static const char *
key_of(struct ctx *cx, const char *labels)
{
	struct delivery d;

	assert_ok(cx,
	        deliver(cx, PROTOCOL_ALERTMANAGER_V2,
	                arena_printf(&cx->mem, "[{\"labels\":{%s}}]", labels), &d));
	return d.intake.signals[0].dedup_key;
}

static void
test_keys(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	const char *key = key_of(&cx, "\"job\":\"foo\",\"severity\":\"warning\"");
	assert_string_equal(key, "9266ef3da838ad95");
	assert_string_equal(
	        key, key_of(&cx, "\"severity\":\"warning\",\"none\":\"\",\"job\":\"foo\""));
	struct buf wide = BUF_INIT(&cx.mem, 100000);
	for (int i = 0; i < SIGNAL_LABELS_MAX + 5; i++)
		buf_printf(&wide, "\"l%d\":\"v\",", i);
	assert_string_not_equal(
	        key_of(&cx, arena_printf(&cx.mem, "%s\"z\":\"1\"", buf_cstr(&wide))),
	        key_of(&cx, arena_printf(&cx.mem, "%s\"z\":\"2\"", buf_cstr(&wide))));
	struct buf tall = BUF_INIT(&cx.mem, 100000);
	for (int i = 0; i < SIGNAL_FIELD_MAX + 100; i++)
		buf_putc(&tall, 'x');
	assert_string_not_equal(
	        key_of(&cx, arena_printf(&cx.mem, "\"z\":\"%s1\"", buf_cstr(&tall))),
	        key_of(&cx, arena_printf(&cx.mem, "\"z\":\"%s2\"", buf_cstr(&tall))));
	ctx_close(&cx);
}

/* The good part of a batch is taken and the rest named, with status 400, as the original
 * does. */
static void
test_batches(void **state)
{
	static const struct {
		const char *body;
		int n, status; /* n -1: refused whole */
		const char *words;
	} rows[] = {
		{ "[]", 0, 200, "" },
		{ "[{" LABELS "}]", 1, 200, "" },
		{ "{}", -1, 400, "an array of alerts" },
		{ "[3]", -1, 400, "alert 0: it must be an object" },
		{ "[{" LABELS "},{}]", 1, 400, "alert 1: labels must be an object" },
		{ "[{\"labels\":{}},{" LABELS "}]", 1, 400, "alert 0: at least one label" },
		{ "[{\"labels\":{\"a\":\"\"}}]", -1, 400, "at least one label" },
		{ "[{\"labels\":{\"\":\"x\"}}]", -1, 400, "needs a name" },
		{ "[{\"labels\":{\"a\":1}}]", -1, 400, "a text for its value" },
		{ "[{" LABELS ",\"endsAt\":\"soon\"}]", -1, 400, "RFC 3339" },
		{ "[{" LABELS ",\"startsAt\":5}]", -1, 400, "RFC 3339" },
		{ "[{" LABELS
		  ",\"startsAt\":\"2026-03-02T10:00:00Z\",\"endsAt\":\"2026-03-02T09:00:00Z\"}]",
		        -1, 400, "ends before it begins" },
		{ "[{", -1, 400, "line 1, column " },
	};
	struct delivery d;
	struct ctx cx;
	int status;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = deliver(&cx, PROTOCOL_ALERTMANAGER_V2, rows[i].body, &d);
		const char *body = answer_of(&cx, PROTOCOL_ALERTMANAGER_V2, &d, e, &status);
		if ((e == NULL ? (int)d.intake.n : -1) != rows[i].n || status != rows[i].status
		        || strstr(body, rows[i].words) == NULL)
			fail_msg("%s: %d: %s", rows[i].body, status, body);
	}
	struct buf many = BUF_INIT(&cx.mem, 1000000);
	for (int i = 0; i <= INGEST_SIGNALS_MAX; i++)
		buf_printf(&many, "%s{\"labels\":{\"a\":\"%d\"}}", i == 0 ? "[" : ",", i);
	buf_putc(&many, ']');
	assert_err(deliver(&cx, PROTOCOL_ALERTMANAGER_V2, buf_cstr(&many), &d), ERR_LIMIT);
	ctx_close(&cx);
}

static void
test_webhook(void **state)
{
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx,
	        deliver(&cx, PROTOCOL_ALERTMANAGER_WEBHOOK,
	                "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":["
	                "{\"status\":\"firing\"," LABELS "},"
	                "{\"status\":\"resolved\"," LABELS
	                ",\"endsAt\":\"2026-03-02T12:00:00Z\"},"
	                "{" LABELS ",\"endsAt\":\"2026-03-02T09:00:00Z\"}]}",
	                &d));
	assert_int_equal(d.intake.n, 3);
	assert_int_equal(d.intake.signals[0].action, SIGNAL_TRIGGER);
	assert_int_equal(d.intake.signals[1].action, SIGNAL_RESOLVE);
	/* An Alertmanager tells when it is over; its alerts do not run out by themselves. */
	assert_int_equal(d.intake.signals[2].action, SIGNAL_TRIGGER);
	assert_int_equal(d.intake.signals[0].expires_at, 0);
	assert_err(deliver(&cx, PROTOCOL_ALERTMANAGER_WEBHOOK, "{\"version\":\"4\"}", &d),
	        ERR_INVALID);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_firing_or_over),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_webhook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
