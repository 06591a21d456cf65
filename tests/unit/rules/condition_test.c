/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions: what each form holds for, and what is refused with which words. */
#include "rules.h"

/* One matcher as text, or a tree in YAML: {any: [...]}. */
static struct condition *
compile(struct ctx *cx, const char *text, struct faults *faults)
{
	struct json matcher = { .type = JSON_STRING, .string = str_from(text) };
	bool tree = text[0] == '{';
	struct shape_reader r;

	shape_reader_init(&r, cx, NULL, faults, NULL, "/when");
	return condition_parse(&r, &cx->mem,
	        tree ? json_get(rules_tree(cx, arena_printf(&cx->mem, "c: %s", text)), "c")
	             : &matcher);
}

static bool
holds(struct ctx *cx, const char *text, const struct signal *s)
{
	struct faults faults = { 0 };
	struct condition *c = compile(cx, text, &faults);

	if (c == NULL)
		fail_msg("%s: %s", text, faults.items[0].message);
	bool yes = condition_holds(&cx->mem, c, s, "high");
	condition_free(c);
	return yes;
}

static void
test_conditions(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{ "severity=\"error\"", true },
		{ "severity=error", true },
		{ "severity = \"critical\"", false },
		{ "action=trigger", true },
		{ "urgency=high", true },
		{ "service!=\"shop\"", false },
		{ "summary=~\"Disk.*\"", true },
		{ "summary=~\"Disk\"", false }, /* anchored at both ends */
		{ "summary!~\".*memory.*\"", true },
		{ "details=\"\"", true }, /* what is not there is empty */
		{ "labels.none=\"\"", true },
		{ "labels.none!=\"x\"", true },
		{ "labels.none=~\".+\"", false },
		/* wildcards */
		{ "labels.host~\"web-*\"", true },
		{ "labels.host~\"*-?\"", true },
		{ "labels.host~\"web\"", false },
		{ "labels.host~\"*\"", true },
		{ "labels.host~\"w**1\"", true },
		{ "labels.host~\"web-??\"", false },
		{ "labels.host~\"WEB-*\"", false },
		/* comparisons are of numbers */
		{ "labels.value > 90", true },
		{ "labels.value > 93.5", false },
		{ "labels.value >= 93.5", true },
		{ "labels.value < 1e2", true },
		{ "labels.value <= -1", false },
		{ "labels.value == 93.50", true },
		{ "labels.host > 1", false }, /* no number: false both ways */
		{ "labels.host <= 1", false },
		{ "labels.none < 1", false },
		/* raw */
		{ "raw.host=\"web1\"", true },
		{ "raw.n > 6", true },
		{ "raw.list.0=a", true },
		{ "raw.list.1.deep=true", true },
		{ "raw.list.9=\"\"", true },
		{ "raw.a.b=dotted", true },
		{ "raw.list.1=\"{\\\"deep\\\":true}\"", true },
		/* trees */
		{ "{any: ['severity=info', 'service=shop']}", true },
		{ "{any: ['severity=info', 'service=x']}", false },
		{ "{any: []}", false },
		{ "{all: []}", true },
		{ "{all: ['severity=error', {not: 'service=x'}]}", true },
		{ "{not: ['severity=error', 'service=x']}", true }, /* a list is all */
		{ "{not: {any: ['severity=error', 'service=x']}}", false },
		{ "{not: {not: 'service=shop'}}", true },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	for (size_t i = 0; i < NELEMS(rows); i++)
		if (holds(&cx, rows[i].text, &s) != rows[i].want)
			fail_msg("%s should be %s", rows[i].text,
			        rows[i].want ? "true" : "false");
	ctx_close(&cx);
}

/* Of a value in Go's quotes. */
static const char *
quoted(struct ctx *cx, const char *value)
{
	struct buf out = BUF_INIT(&cx->mem, 1000);

	buf_putc(&out, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_putc(&out, '\\');
		buf_puts(&out, *value == '\n' ? "\\n" : (const char[]){ *value, '\0' });
	}
	buf_putc(&out, '"');
	return buf_cstr(&out);
}

/* As the Alertmanager's own tests have it (Apache-2.0). */
static void
test_as_the_alertmanager_matches(void **state)
{
	/* clang-format off */
	static const struct {
		const char *op, *pattern, *value;
		bool want;
	} rows[] = {
		{ "=", "bar", "bar", true },
		{ "=", "bar", "foo-bar", false },
		{ "!=", "bar", "bar", false },
		{ "!=", "bar", "foo-bar", true },
		{ "=~", "bar", "bar", true },
		{ "=~", "bar", "foo-bar", false },
		{ "=~", ".*bar", "foo-bar", true },
		{ "!~", "bar", "bar", false },
		{ "!~", "bar", "foo-bar", true },
		{ "!~", ".*bar", "foo-bar", false },
		{ "=~", "foo.bar", "foo-bar", true },
		{ "=~", "foo\\.bar", "foo-bar", false },
		{ "=~", "foo\\.bar", "foo.bar", true },
		{ "=", "foo\nbar", "foo\nbar", true },
		{ "=~", "foo.bar", "foo\nbar", true }, /* as Prometheus: there it is false */
		{ "=~", "(?s)foo.bar", "foo\nbar", true },
		{ "=", "~!=\"", "~!=\"", true },
		{ "=", "", "", true },
		{ "=", "qux", "", false },
		{ "=", "qux|", "", false },
		{ "=~", "", "", true },
		{ "=~", "qux", "", false },
		{ "=~", "qux|", "", true },
		{ "!=", "", "", false },
		{ "!=", "qux", "", true },
		{ "!=", "qux|", "", true },
		{ "!~", "", "", false },
		{ "!~", "qux", "", true },
		{ "!~", "qux|", "", false },
	};
	/* clang-format on */
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct pair label = { "v", rows[i].value };
		const struct signal s = { .labels = &label, .n_labels = 1 };
		const char *text = arena_printf(
		        &cx.mem, "labels.v%s%s", rows[i].op, quoted(&cx, rows[i].pattern));
		if (holds(&cx, text, &s) != rows[i].want)
			fail_msg("%s of \"%s\"", text, rows[i].value);
	}
	ctx_close(&cx);
}

/* How single matchers are written there. Two things are ours: an escape that is none stands for
 * itself ("\d" in a pattern), and what is not quoted has no escapes. */
static void
test_as_the_alertmanager_reads(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text, *op, *value;
	} rows[] = {
		{ "labels.foo=bar", "=", "bar" },
		{ "labels.foo!=bar", "!=", "bar" },
		{ "labels.foo=~[a-z]+", "=~", "[a-z]+" },
		{ "labels.foo!~[a-z]+", "!~", "[a-z]+" },
		{ "labels.foo=🙂", "=", "🙂" },
		{ "labels.foo=🙂bar", "=", "🙂bar" },
		{ "labels.\"foo\"=\"bar\"", "=", "bar" },
		{ "labels.\"foo\"!=\"bar\"", "!=", "bar" },
		{ "labels.\"foo\"=~\"[a-z]+\"", "=~", "[a-z]+" },
		{ "labels.\"foo\"=~\"\\\\d+\"", "=~", "\\d+" },
		{ "labels.\"foo\"!~\"[a-z]+\"", "!~", "[a-z]+" },
		{ "labels.\"foo\"=\"🙂\"", "=", "🙂" },
		{ "labels.\"foo\"=\"\\xf0\\x9f\\x99\\x82\"", "=", "🙂" },
		{ "labels.\"foo\"=\"\\U0001f642\"", "=", "🙂" },
		{ "labels.\"foo\"=\"🙂bar\"", "=", "🙂bar" },
		{ "labels.\"foo\"=\"bar\\n\"", "=", "bar\n" },
		{ "labels.\"foo\"=\"bar\\t\"", "=", "bar\t" },
		{ "labels.\"foo\"=\"\\\"bar\\\"\"", "=", "\"bar\"" },
		{ "labels.\"foo\"=\"bar\\\\\"", "=", "bar\\" },
		{ "labels.foo=:\"bar\"", NULL, NULL },
		{ "labels.\"foo\"=\"\\xf0\\x9f\"", NULL, NULL },
		{ "labels.foo=\"bar\"", "=", "bar" },
		{ "labels.foo=~\"bar.*\"", "=~", "bar.*" },
		{ "labels.foo!=\"bar\"", "!=", "bar" },
		{ "labels.foo=\"\"", "=", "" },
		{ "labels.quote=\"She said: \\\"Hi, ladies! That's gender-neutral…\\\"\"", "=", "She said: \"Hi, ladies! That's gender-neutral…\"" },
		{ "labels.statuscode=~\"5..\"", "=~", "5.." },
	};
	/* clang-format on */
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct faults faults = { 0 };
		struct condition *c = compile(&cx, rows[i].text, &faults);
		if ((c != NULL) != (rows[i].value != NULL))
			fail_msg("%s", rows[i].text);
		if (c == NULL)
			continue;
		const char *name = strstr(rows[i].text, "quote") ? "quote"
		        : strstr(rows[i].text, "status")         ? "statuscode"
		                                                 : "foo";
		struct pair label = { name, rows[i].value };
		const struct signal s = { .labels = &label, .n_labels = 1 };
		bool pattern = rows[i].op[1] == '~';
		bool negated = rows[i].op[0] == '!';
		if (!pattern)
			assert_int_equal(condition_holds(&cx.mem, c, &s, NULL), !negated);
		label.value = "512 something else";
		assert_int_equal(condition_holds(&cx.mem, c, &s, NULL), negated);
		condition_free(c);
	}
	ctx_close(&cx);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *words, *pointer;
	} rows[] = {
		{ "severty=x", "no field \"severty\" (did you mean \"severity\"?)", "/when" },
		{ "nonsense", "expected a condition", "/when" },
		{ "labels.=x", "no field", "/when" },
		{ "labels.\"\"=x", "no field", "/when" },
		{ "summary=~\"(\"", "pattern cannot be used", "/when" },
		{ "summary=\"x", "not quoted properly", "/when" },
		{ "summary=\"x\"y", "not quoted properly", "/when" },
		{ "summary=x\"", "not quoted properly", "/when" },
		{ "summary=", "not quoted properly", "/when" },
		{ "labels.v > many", "a number was expected", "/when" },
		{ "labels.v > 0x10", "a number was expected", "/when" },
		{ "{any: 3}", "expected {any", "/when" },
		{ "{any: [], all: []}", "expected {any", "/when" },
		{ "{some: []}", "expected {any", "/when" },
		{ "{any: ['severity=x', 'severty=x']}", "did you mean", "/when/any/1" },
		{ "{not: {any: [1]}}", "expected a condition", "/when/not/any/0" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct faults faults = { 0 };
		assert_null(compile(&cx, rows[i].text, &faults));
		assert_int_equal(faults.n, 1);
		if (strstr(faults.items[0].message, rows[i].words) == NULL)
			fail_msg("%s: %s", rows[i].text, faults.items[0].message);
		assert_string_equal(faults.items[0].pointer, rows[i].pointer);
	}
	ctx_close(&cx);
}

static void
test_bounds(void **state)
{
	struct ctx cx;
	struct faults faults = { 0 };

	(void)state;
	ctx_init(&cx, NULL);
	const char *deep = "'severity=error'", *wide = "'severity=error'";
	for (int i = 0; i < 15; i++)
		deep = arena_printf(&cx.mem, "{not: %s}", deep);
	struct condition *c = compile(&cx, deep, &faults);
	assert_non_null(c);
	condition_free(c);
	assert_null(compile(&cx, arena_printf(&cx.mem, "{not: %s}", deep), &faults));
	assert_non_null(strstr(faults.items[0].message, "too deep"));
	for (int i = 1; i < 101; i++)
		wide = arena_printf(&cx.mem, "%s, 'severity=error'", wide);
	assert_null(compile(&cx, arena_printf(&cx.mem, "{any: [%s]}", wide), &faults));
	assert_non_null(strstr(faults.items[1].message, "at most 100"));
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_as_the_alertmanager_matches),
		cmocka_unit_test(test_as_the_alertmanager_reads),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
