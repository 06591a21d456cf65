/* SPDX-License-Identifier: Apache-2.0 */
/* Rule sets: their order, what each assignment does, what breaks without losing a signal. */
#include "rules.h"

static struct ruleset *
compile(struct ctx *cx, const char *rules, struct faults *faults)
{
	struct ruleset *set = NULL;
	struct shape_reader r;

	shape_reader_init(&r, cx, NULL, faults, "t.yaml", "/rules");
	if (!ruleset_compile(&r,
	            json_get(rules_tree(cx, arena_printf(&cx->mem, "rules:\n%s", rules)),
	                    "rules"),
	            &set))
		return NULL;
	return set;
}

static struct rule_outcome
apply(struct ctx *cx, const char *const *texts, size_t n, struct signal *s)
{
	struct faults faults = { 0 };
	const struct ruleset *sets[4];
	struct rule_outcome out;

	for (size_t i = 0; i < n; i++) {
		sets[i] = compile(cx, texts[i], &faults);
		if (sets[i] == NULL)
			fail_msg("%s: %s", faults.items[0].pointer, faults.items[0].message);
	}
	rules_apply(cx, sets, n, s, &out);
	for (size_t i = 0; i < n; i++)
		ruleset_free((struct ruleset *)sets[i]);
	return out;
}

static void
test_in_their_order(void **state)
{
	static const char *const sets[] = {
		"- {id: a, set: {labels.seen: 'a', severity: critical}}\n"
		"- {id: b, when: ['severity=error'], set: {labels.seen: 'never'}}\n"
		"- {id: c, when: ['severity=critical'], set: {labels.seen: '${labels.seen}c'}}\n",
		"- {id: d, set: {labels.seen: '${labels.seen}d'}, stop: true}\n"
		"- {id: e, set: {labels.seen: '${labels.seen}e'}}\n",
		"- {id: f, set: {labels.seen: '${labels.seen}f'}}\n",
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	struct rule_outcome out = apply(&cx, sets, NELEMS(sets), &s);
	assert_string_equal(signal_label(&s, "seen"), "acd");
	assert_int_equal(s.severity, SEVERITY_CRITICAL);
	assert_null(out.broken);
	assert_int_equal(out.n_changes, 4);
	assert_string_equal(out.changes[0].rule, "a");
	assert_string_equal(out.changes[3].before, "ac");
	assert_string_equal(out.changes[3].after, "acd");
	ctx_close(&cx);
}

static void
test_a_stop_that_does_not_apply(void **state)
{
	static const char *const sets[] = {
		"- {id: a, when: ['severity=info'], stop: true}\n"
		"- {id: b, set: {service: pay}}\n",
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	apply(&cx, sets, 1, &s);
	assert_string_equal(s.service, "pay");
	ctx_close(&cx);
}

static void
test_assignments(void **state)
{
	static const char *const sets[] = {
		"- id: a\n"
		"  set: {service: pay, urgency: low, dedup_key: '${labels.host}/disk',\n"
		"    summary: '$$5 of ${labels.value}', details: new, labels.env: stage,\n"
		"    labels.aaa: first}\n"
		"  annotate: {Runbook: 'https://wiki.example/${labels.alertname}', Hint: 'see ${service}'}\n",
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	struct rule_outcome out = apply(&cx, sets, 1, &s);
	assert_string_equal(s.service, "pay");
	assert_true(out.has_urgency);
	assert_int_equal(out.urgency, URGENCY_LOW);
	assert_string_equal(s.dedup_key, "web-1/disk");
	assert_string_equal(s.summary, "$5 of 93.5");
	assert_string_equal(s.details, "new");
	assert_string_equal(signal_label(&s, "env"), "stage");
	assert_string_equal(s.labels[0].id, "aaa");
	assert_int_equal(s.n_labels, NELEMS(rules_labels) + 1);
	assert_string_equal(rules_labels[1].value, "prod"); /* the sender's list is untouched */
	assert_int_equal(s.n_links, 1);
	assert_string_equal(s.links[0].value, "https://wiki.example/DiskFull");
	assert_int_equal(s.n_notes, 1);
	assert_string_equal(s.notes[0].value, "see pay");
	ctx_close(&cx);
}

static void
test_dollars_of_literals(void **state)
{
	static const char *const sets[] = { "- {id: a, set: {summary: '$$5 lost'}}\n" };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	apply(&cx, sets, 1, &s);
	assert_string_equal(s.summary, "$5 lost");
	ctx_close(&cx);
}

static void
test_broken_rules_leave_the_field(void **state)
{
	static const struct {
		const char *set, *field;
	} rows[] = {
		{ "severity: '${summary}'", "severity" },
		{ "urgency: '${severity}'", "urgency" },
		{ "summary: '${labels.none}'", "summary" },
		{ "dedup_key: '${labels.none}'", "dedup_key" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct signal s = rules_signal(&cx);
		const char *rules = arena_printf(&cx.mem,
		        "- {id: bad, set: {%s}}\n- {id: good, set: {service: pay}}\n",
		        rows[i].set);
		struct rule_outcome out = apply(&cx, &rules, 1, &s);
		assert_non_null(strstr(out.broken, rows[i].field));
		assert_string_equal(out.broken_rule, "bad");
		assert_int_equal(s.severity, SEVERITY_ERROR);
		assert_string_equal(s.summary, "Disk full on web-1");
		assert_string_equal(s.dedup_key, "disk/web-1");
		assert_string_equal(s.service, "pay"); /* the others still apply */
	}
	ctx_close(&cx);
}

/* What rules make stays within a signal's ceilings and is cut between characters. */
static void
test_ceilings(void **state)
{
	const char *rules = "- {id: a, set: {details: '${details}${details}'}}\n"
	                    "- {id: b, set: {summary: '${details}', labels.x: '${details}'}}\n"
	                    "- {id: c, set: {dedup_key: '${details}'}}\n";
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	struct buf long_text = BUF_INIT(&cx.mem, 100000);
	for (int i = 0; i < SIGNAL_DETAILS_MAX * 2 / 3; i++)
		buf_puts(&long_text, i % 2 == 0 ? "é" : "€");
	s.details = buf_cstr(&long_text);
	struct rule_outcome out = apply(&cx, &rules, 1, &s);
	const char *texts[] = { s.details, s.summary, signal_label(&s, "x") };
	for (size_t i = 0; i < NELEMS(texts); i++) {
		assert_true(utf8_valid(str_from(texts[i])));
		assert_true(str_ends(str_from(texts[i]), STR(SIGNAL_CUT_MARK)));
	}
	assert_string_equal(out.broken_rule, "c"); /* a key is not cut: it would be another's */
	assert_string_equal(s.dedup_key, "disk/web-1");
	ctx_close(&cx);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *rules, *pointer, *words;
	} rows[] = {
		{ "  {}", "/rules", "expected a list" },
		{ "- {set: {service: x}}", "/rules/0", "\"id\" is missing" },
		{ "- {id: a}\n- {id: a}", "/rules", "\"a\" is there twice" },
		{ "- {id: a, wen: []}", "/rules/0/wen", "did you mean \"when\"" },
		{ "- {id: a, set: {servce: x}}", "/rules/0/set/servce",
		        "did you mean \"service\"" },
		{ "- {id: a, set: {action: resolve}}", "/rules/0/set/action", "cannot set" },
		{ "- {id: a, set: {severity: bad}}", "/rules/0/set/severity",
		        "critical, error" },
		{ "- {id: a, set: {urgency: bad}}", "/rules/0/set/urgency", "high, low" },
		{ "- {id: a, set: {dedup_key: ''}}", "/rules/0/set/dedup_key", "empty" },
		{ "- {id: a, set: {summary: '${x}'}}", "/rules/0/set/summary",
		        "no field \"x\"" },
		{ "- {id: a, set: {summary: []}}", "/rules/0/set/summary", "expected a text" },
		{ "- {id: a, set: []}", "/rules/0/set", "names with values" },
		{ "- {id: a, annotate: {X: '${'}}", "/rules/0/annotate/X", "without its" },
		{ "- {id: a, annotate: {'': x}}", "/rules/0/annotate/", "a name has" },
		{ "- {id: a, when: ['x=1']}", "/rules/0/when/0", "no field \"x\"" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct faults faults = { 0 };
		assert_null(compile(&cx, rows[i].rules, &faults));
		assert_int_equal(faults.n, 1);
		const struct fault *f = &faults.items[0];
		if (strcmp(f->pointer, rows[i].pointer) != 0
		        || strstr(f->message, rows[i].words) == NULL)
			fail_msg("%s: %s: %s", rows[i].rules, f->pointer, f->message);
		assert_true(f->line > 0 && f->column > 0);
	}
	ctx_close(&cx);
}

static void
note_ref(void *arg, const char *pointer, const char *service)
{
	buf_printf(arg, "%s=%s ", pointer, service);
}

static void
test_services_by_name(void **state)
{
	struct ctx cx;
	struct faults faults = { 0 };

	(void)state;
	ctx_init(&cx, NULL);
	struct buf out = BUF_INIT(&cx.mem, 1000);
	struct ruleset *set = compile(&cx,
	        "- {id: a, set: {service: shop}}\n- {id: b, set: {service: '${labels.x}'}}\n"
	        "- {id: c, set: {service: pay}}\n",
	        &faults);
	ruleset_refs(set, note_ref, &out);
	assert_string_equal(buf_cstr(&out), "/0/set/service=shop /2/set/service=pay ");
	ruleset_free(set);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_their_order),
		cmocka_unit_test(test_a_stop_that_does_not_apply),
		cmocka_unit_test(test_assignments),
		cmocka_unit_test(test_dollars_of_literals),
		cmocka_unit_test(test_broken_rules_leave_the_field),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_services_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
