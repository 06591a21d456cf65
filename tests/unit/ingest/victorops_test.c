/* SPDX-License-Identifier: Apache-2.0 */
/* The VictorOps REST endpoint: its message types, its fields, its answers. */
#include "delivery.h"

static struct signal *
read_one(struct ctx *cx, const char *body)
{
	struct delivery d;

	assert_ok(cx, deliver(cx, PROTOCOL_VICTOROPS, body, &d));
	assert_int_equal(d.intake.n, 1);
	return d.intake.signals;
}

static void
test_message_types(void **state)
{
	static const struct {
		const char *word;
		enum signal_action action;
		enum severity severity;
		bool known;
	} rows[] = {
		{ "CRITICAL", SIGNAL_TRIGGER, SEVERITY_CRITICAL, true },
		{ "critical", SIGNAL_TRIGGER, SEVERITY_CRITICAL, true },
		{ "WARNING", SIGNAL_TRIGGER, SEVERITY_WARNING, true },
		{ "INFO", SIGNAL_TRIGGER, SEVERITY_INFO, true },
		{ "ACKNOWLEDGEMENT", SIGNAL_ACKNOWLEDGE, SEVERITY_INFO, true },
		{ "Acknowledgment", SIGNAL_ACKNOWLEDGE, SEVERITY_INFO, true },
		{ "RECOVERY", SIGNAL_RESOLVE, SEVERITY_INFO, true },
		{ "recovery", SIGNAL_RESOLVE, SEVERITY_INFO, true },
		{ "OK", SIGNAL_RESOLVE, SEVERITY_INFO, true },
		{ "RESOLVE", SIGNAL_RESOLVE, SEVERITY_INFO, true },
		{ "no_data", SIGNAL_TRIGGER, SEVERITY_INFO,
		        false }, /* counts as INFO, marked */
		{ "CRITICAL ", SIGNAL_TRIGGER, SEVERITY_INFO, false },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct signal *s = read_one(&cx,
		        arena_printf(&cx.mem, "{\"message_type\":\"%s\",\"entity_id\":\"e\"}",
		                rows[i].word));
		assert_int_equal(s->action, rows[i].action);
		assert_int_equal(s->severity, rows[i].severity);
		assert_int_equal(s->n_notes, rows[i].known ? 0 : 1);
	}
	ctx_close(&cx);
}

static void
test_fields(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal *s = read_one(&cx,
	        "{\"message_type\":\"CRITICAL\",\"entity_id\":\"disk/1\","
	        "\"entity_display_name\":\"Disk full\",\"state_message\":\"93 %\\nused\","
	        "\"state_start_time\":1772445000,\"timestamp\":\"1772445300\","
	        "\"monitoring_tool\":\"nagios\",\"hostname\":\"web1\",\"ack_author\":\"zoe\","
	        "\"api_key\":\"secret\",\"routing_key\":\"web\","
	        "\"vo_annotate.u.Runbook\":\"https://w.example\",\"vo_annotate.s.Note\":\"hello\","
	        "\"vo_annotate.i.Graph\":\"https://g.example/x.png\","
	        "\"alert_url\":\"https://a.example\",\"image_url\":\"https://i.example\","
	        "\"n\":1.5,\"yes\":true,\"nested\":{\"a\":{\"b\":[1]}},\"nothing\":null}");
	assert_string_equal(s->dedup_key, "disk/1");
	assert_string_equal(s->summary, "Disk full");
	assert_string_equal(s->details, "93 %\nused");
	assert_string_equal(s->source, "nagios");
	assert_string_equal(s->author, "zoe");
	assert_string_equal(s->routing_key, "web");
	assert_int_equal(s->time, SECONDS(1772445300)); /* what the monitor saw comes first */
	assert_string_equal(pairs_text(&cx, s->labels, s->n_labels),
	        "hostname=web1 monitoring_tool=nagios n=1.5 nested.a.b=[1] nothing= yes=true");
	assert_string_equal(pairs_text(&cx, s->links, s->n_links),
	        "Runbook=https://w.example Alert=https://a.example");
	assert_string_equal(pairs_text(&cx, s->images, s->n_images),
	        "Graph=https://g.example/x.png Image=https://i.example");
	assert_string_equal(pairs_text(&cx, s->notes, s->n_notes), "Note=hello");
	assert_true(json_get(s->raw, "api_key") != NULL); /* rules see all of it */
	ctx_close(&cx);
}

static void
test_what_is_missing(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal *s = read_one(&cx, "{\"message_type\":\"CRITICAL\"}");
	assert_int_equal(strlen(s->dedup_key), 32); /* made, told in the answer */
	assert_string_equal(s->summary, s->dedup_key);
	assert_string_not_equal(
	        s->dedup_key, read_one(&cx, "{\"message_type\":\"CRITICAL\"}")->dedup_key);
	s = read_one(&cx, "{\"message_type\":\"INFO\",\"entity_id\":7}");
	assert_string_equal(s->dedup_key, "7");
	assert_string_equal(s->summary, "7");
	assert_int_equal(s->time, 0);
	assert_null(s->details);
	ctx_close(&cx);
}

static void
test_times(void **state)
{
	static const struct {
		const char *value;
		usec_t want;
	} rows[] = {
		{ "1772445600", NOW },
		{ "\"1772445600\"", NOW },
		{ "1772445600.75", NOW },
		{ "1772445600123", NOW }, /* milliseconds */
		{ "\"soon\"", 0 },
		{ "-5", 0 },
		{ "0", 0 },
		{ "1e99", 0 },
		{ "{}", 0 },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct signal *s = read_one(&cx,
		        arena_printf(&cx.mem,
		                "{\"message_type\":\"INFO\",\"entity_id\":\"e\",\"timestamp\":%s}",
		                rows[i].value));
		if (s->time != rows[i].want)
			fail_msg("%s", rows[i].value);
	}
	ctx_close(&cx);
}

static void
test_ceilings(void **state)
{
	struct delivery d;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct buf x = BUF_INIT(&cx.mem, 30000);
	for (int i = 0; i < 30000; i++)
		buf_putc(&x, 'x');
	const char *t = buf_cstr(&x);
	struct signal *s = read_one(&cx,
	        arena_printf(&cx.mem,
	                "{\"message_type\":\"INFO\",\"entity_id\":\"%s\",\"entity_display_name\":\"%s\","
	                "\"state_message\":\"%s\",\"monitoring_tool\":\"%s\",\"ack_author\":\"%s\","
	                "\"routing_key\":\"%s\"}",
	                t, t, t, t, t, t));
	size_t mark = strlen(SIGNAL_CUT_MARK);
	assert_int_equal(strlen(s->dedup_key), SIGNAL_KEY_MAX);
	assert_int_equal(strlen(s->summary), SIGNAL_SUMMARY_MAX + mark);
	assert_int_equal(strlen(s->details), SIGNAL_DETAILS_MAX + mark);
	assert_int_equal(strlen(s->source), SIGNAL_FIELD_MAX + mark);
	assert_int_equal(strlen(s->author), SIGNAL_FIELD_MAX + mark);
	assert_int_equal(strlen(s->routing_key), SIGNAL_FIELD_MAX + mark);
	/* The address has the first word on the routing key. */
	static const struct integration in = { .c = { .id = "in" } };
	d = (struct delivery){ .integration = &in,
		.routing_key = "path",
		.body = STR("{\"message_type\":\"INFO\",\"routing_key\":\"body\"}") };
	assert_ok(&cx, protocols[PROTOCOL_VICTOROPS].read(&cx, &d));
	assert_string_equal(d.intake.signals[0].routing_key, "path");
	ctx_close(&cx);
}

static void
test_answers(void **state)
{
	static const struct {
		const char *body, *words;
	} rows[] = {
		{ "{}", "message_type is missing" },
		{ "{\"message_type\":null}", "message_type is missing" },
		{ "{\"message_type\":\"\"}", "message_type is missing" },
		{ "[]", "must be a JSON object" },
		{ "{\"message_type\"", "line 1, column " },
		{ "", "line 1, column 1" },
	};
	struct delivery d;
	struct ctx cx;
	int status;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = deliver(&cx, PROTOCOL_VICTOROPS, rows[i].body, &d);
		assert_err(e, ERR_INVALID);
		const char *body = answer_of(&cx, PROTOCOL_VICTOROPS, &d, e, &status);
		assert_int_equal(status, 400);
		assert_non_null(strstr(body, "{\"result\":\"failure\",\"message\":\""));
		if (strstr(body, rows[i].words) == NULL)
			fail_msg("%s: %s", rows[i].body, body);
	}
	assert_ok(&cx, deliver(&cx, PROTOCOL_VICTOROPS, "{\"message_type\":\"INFO\"}", &d));
	d.intake.results[0].dedup_key = "the \"id\"";
	assert_string_equal(answer_of(&cx, PROTOCOL_VICTOROPS, &d, NULL, &status),
	        "{\"result\":\"success\",\"entity_id\":\"the \\\"id\\\"\"}");
	assert_int_equal(status, 200);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message_types),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_what_is_missing),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
