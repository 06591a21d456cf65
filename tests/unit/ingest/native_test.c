/* SPDX-License-Identifier: Apache-2.0 */
/* Tocsin's own form of signals. */
#include "delivery.h"

static void
test_what_is_read(void **state)
{
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx,
	        deliver(&cx, PROTOCOL_NATIVE,
	                "[{\"summary\":\"Disk full\"},"
	                "{\"action\":\"resolve\",\"dedup_key\":\"k\"},"
	                "{\"dedup_key\":\"k\",\"severity\":\"info\",\"summary\":\"s\",\"source\":\"cron\","
	                "\"labels\":{\"b\":\"2\",\"a\":\"1\"},\"time\":\"2026-03-02T10:00:00Z\","
	                "\"links\":{\"Runbook\":\"https://w.example\"}}]",
	                &d));
	assert_int_equal(d.intake.n, 3);
	const struct signal *s = d.intake.signals;
	assert_string_equal(s[0].dedup_key, "/Disk full"); /* from source and summary */
	assert_int_equal(s[0].action, SIGNAL_TRIGGER);
	assert_int_equal(s[0].severity, SEVERITY_ERROR);
	assert_int_equal(s[1].action, SIGNAL_RESOLVE);
	assert_string_equal(s[1].summary, "k");
	assert_int_equal(s[2].severity, SEVERITY_INFO);
	assert_int_equal(s[2].time, NOW);
	assert_string_equal(pairs_text(&cx, s[2].labels, s[2].n_labels), "a=1 b=2");
	assert_string_equal(
	        pairs_text(&cx, s[2].links, s[2].n_links), "Runbook=https://w.example");
	ctx_close(&cx);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *body, *pointer, *words;
	} rows[] = {
		{ "{}", "", "needs a summary" },
		{ "{\"summary\":\"\"}", "", "needs a summary" },
		{ "{\"action\":\"resolve\"}", "", "which condition is meant" },
		{ "{\"summary\":\"x\",\"dedup_key\":\"\"}", "", "must not be empty" },
		{ "{\"sumary\":\"x\",\"summary\":\"y\"}", "/sumary",
		        "did you mean \"summary\"" },
		{ "{\"summary\":\"x\",\"severity\":\"fatal\"}", "/severity",
		        "critical, error" },
		{ "{\"summary\":\"x\",\"action\":\"ack\"}", "/action", "trigger" },
		{ "{\"summary\":\"x\",\"time\":\"now\"}", "/time", "" },
		{ "{\"summary\":\"x\",\"labels\":{\"\":\"v\"}}", "/labels/", "a name has" },
		{ "{\"summary\":\"x\",\"links\":{\"a\":\"javascript:1\"}}", "/links/a", "" },
		{ "[{\"summary\":\"x\"},{\"summary\":3}]", "/1/summary", "" },
		{ "[{\"summary\":\"x\"},4]", "/1", "" },
		{ "\"x\"", "", "" },
	};
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = deliver(&cx, PROTOCOL_NATIVE, rows[i].body, &d);
		assert_err(e, ERR_INVALID);
		const struct fault *f = &e->faults->items[0];
		if (strcmp(f->pointer, rows[i].pointer) != 0
		        || strstr(f->message, rows[i].words) == NULL)
			fail_msg("%s: %s: %s", rows[i].body, f->pointer, f->message);
	}
	ctx_close(&cx);
}

static void
test_answer(void **state)
{
	struct delivery d;
	struct ctx cx;
	int status;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx, deliver(&cx, PROTOCOL_NATIVE, "{\"summary\":\"x\"}", &d));
	d.intake.results[0] = (struct intake_result){ .outcome = OUTCOME_OPENED,
		.signal_id = 1,
		.alert_id = 2,
		.incident_id = 3,
		.dedup_key = "k" };
	assert_string_equal(answer_of(&cx, PROTOCOL_NATIVE, &d, NULL, &status),
	        "{\"results\":[{\"signal\":1,\"dedup_key\":\"k\",\"outcome\":\"opened\","
	        "\"alert\":2,\"incident\":3}]}");
	assert_int_equal(status, 202);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
