/* SPDX-License-Identifier: Apache-2.0 */
/* From the words of a command line to a verb with its options. */
#include "test.h"

#include <stdlib.h>

#include "cli/verb.h"

static struct call call;

/* Words of the line; NULL when it was taken, else the error. */
static struct err *
parse(const char *line)
{
	char *argv[40];
	int argc = 0;
	struct str rest = str_from(line);

	call = (struct call){ 0 };
	ctx_init(&call.cx, NULL);
	for (struct str word; (word = str_word(&rest)).len > 0;)
		argv[argc++] = (char *)str_dup(&call.cx.mem, word);
	return cli_parse(&call, argc, argv);
}

/* "token create [a b] --name=x" */
static const char *
understood(void)
{
	struct buf out = BUF_INIT(&call.cx.mem, 1000);

	buf_printf(&out, "%s%s%s", call.verb->name, call.verb->sub == NULL ? "" : " ",
	        call.verb->sub == NULL ? "" : call.verb->sub);
	for (size_t i = 0; i < call.n_args; i++)
		buf_printf(&out, " %s", call.args[i]);
	for (size_t i = 0; i < call.n_given; i++)
		buf_printf(&out, " %s=%s", call.given[i].option->name, call.given[i].value);
	return buf_cstr(&out);
}

static void
test_lines(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "tocsin", "help" }, { "tocsin version", "version" },
		{ "tocsin ack 12 13", "ack 12 13" },
		{ "tocsin ack 12 --json", "ack 12 --json=" },
		{ "tocsin --json ack 12", "ack 12 --json=" },
		{ "tocsin --url http://x ack 12", "ack 12 --url=http://x" },
		{ "tocsin apply -f a.yaml -f b.yaml --dry-run",
		        "apply --file=a.yaml --file=b.yaml --dry-run=" },
		{ "tocsin apply --file=a=b", "apply --file=a=b" },
		{ "tocsin token create --user a --name x", "token create --user=a --name=x" },
		{ "tocsin config log", "config log" },
		{ "tocsin note 1 -- --not-an-option", "note 1 --not-an-option" },
		{ "tocsin ack --help", "ack --help=" }, /* arguments are not missed then */
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = parse(rows[i].line);
		if (e != NULL)
			fail_msg("%s: %s", rows[i].line, e->msg);
		if (strcmp(understood(), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].line, understood());
		ctx_close(&call.cx);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "tocsin aplpy", "did you mean apply?" },
		{ "tocsin xyzzy", "tocsin help" },
		{ "tocsin token", "say one of token create" },
		{ "tocsin token mkae", "token create" },
		{ "tocsin ack 1 --jsno", "did you mean --json" },
		{ "tocsin ack 1 --json=yes", "--json takes no value" },
		{ "tocsin apply -f", "needs a PATH" },
		{ "tocsin ack", "it is: " },
		{ "tocsin version too many", "it is: " },
		{ "tocsin ack 1 --dry-run", "there is no option --dry-run" },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = parse(rows[i].line);
		assert_err(e, ERR_INVALID);
		assert_string_equal(e->field, "usage");
		if (strstr(e->msg, rows[i].words) == NULL)
			fail_msg("%s: %s", rows[i].line, e->msg);
		ctx_close(&call.cx);
	}
}

/* Given, then the variable, then what stands for both; the last of several counts. */
static void
test_values(void **state)
{
	(void)state;
	unsetenv("TOCSIN_URL");
	assert_null(parse("tocsin incidents"));
	const char *fallback = opt(&call, "--url");
	ctx_close(&call.cx);
	setenv("TOCSIN_URL", "http://variable", 1);
	assert_null(parse("tocsin incidents"));
	assert_string_equal(opt(&call, "--url"), "http://variable");
	assert_false(opt_flag(&call, "--json"));
	ctx_close(&call.cx);
	assert_null(parse("tocsin incidents --url http://one --url http://two"));
	assert_string_equal(opt(&call, "--url"), "http://two");
	ctx_close(&call.cx);
	setenv("TOCSIN_URL", "", 1); /* an empty variable is none */
	assert_null(parse("tocsin incidents"));
	assert_true(str_null_safe_eq(opt(&call, "--url"), fallback));
	ctx_close(&call.cx);
}

/* What help, man page and completion are made of. */
static void
test_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_verbs; i++) {
		const struct verb *v = &verbs[i];
		assert_true(v->summary != NULL && v->summary[0] != '\0');
		assert_true(v->min_args <= v->max_args && v->max_args <= CALL_ARGS_MAX);
		assert_non_null(v->run);
		for (size_t k = 0; k < i; k++)
			assert_false(strcmp(verbs[k].name, v->name) == 0
			        && str_null_safe_eq(verbs[k].sub, v->sub));
		for (const struct option *o = v->options; o->name != NULL; o++) {
			assert_true(str_starts(str_from(o->name), STR("--")));
			assert_non_null(o->help);
			for (const struct option *g = global_options; g->name != NULL; g++)
				assert_string_not_equal(g->name, o->name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
