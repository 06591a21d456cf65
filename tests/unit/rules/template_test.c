/* SPDX-License-Identifier: Apache-2.0 */
/* Texts with fields in them. */
#include "rules.h"

#include "rules/template.h"

static void
test_expansions(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "${labels.alertname}/${labels.host}", "DiskFull/web-1" },
		{ "${summary}!", "Disk full on web-1!" },
		{ "${ severity }", "error" },
		{ "${urgency}", "low" },
		{ "[${labels.none}]", "[]" },
		{ "${labels.none:-unknown}", "unknown" },
		{ "${labels.none:-}", "" },
		{ "${labels.host:-unknown}", "web-1" },
		{ "${labels.none:-a:-b}", "a:-b" },
		{ "$$", "$" },
		{ "$${summary}", "${summary}" },
		{ "5 $ and $x", "5 $ and $x" },
		{ "$", "$" },
		{ "${raw.n} ${raw.list.1}", "7 {\"deep\":true}" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct signal s = rules_signal(&cx);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *why = NULL;
		struct template *t = template_parse(&cx.mem, str_from(rows[i].text), &why);
		struct buf out = BUF_INIT(&cx.mem, 1000);
		assert_non_null(t);
		template_expand(t, &cx.mem, &s, "low", &out);
		assert_string_equal(buf_cstr(&out), rows[i].want);
		assert_int_equal(template_is_literal(t),
		        strstr(rows[i].text, "${") == NULL
		                || strncmp(rows[i].text, "$$", 2) == 0);
	}
	ctx_close(&cx);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "${summary", "without its" }, { "${}", "no field" },
		{ "${labels.}", "no field" }, { "${nothing}", "no field \"nothing\"" },
		{ "a ${labels.x:-${summary}", "" }, /* the first bracket ends it: no nesting */
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *why = NULL;
		struct template *t = template_parse(&cx.mem, str_from(rows[i].text), &why);
		if (rows[i].words[0] == '\0') {
			assert_non_null(t);
			continue;
		}
		assert_null(t);
		assert_non_null(strstr(why, rows[i].words));
	}
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expansions),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
