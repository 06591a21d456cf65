/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files as statements. */
#include "test.h"

#include "base/buf.h"
#include "sim/script.h"

static struct script
read_script(struct ctx *cx, const char *text)
{
	struct script s;

	assert_ok(cx, script_parse(cx, "t.scn", str_from(text), &s));
	return s;
}

static void
test_words(void **state)
{
	static const struct {
		const char *text,
		        *want; /* words divided by |, a * behind those that were quoted */
	} rows[] = {
		{ "advance 5m", "advance|5m" },
		{ "  \t spaced\tout  ", "spaced|out" },
		{ "signal m k critical \"CPU high\"", "signal|m|k|critical|CPU high*" },
		{ "x labels.a=\"b c\"", "x|labels.a=b c" },
		{ "x \"\"", "x|*" },
		{ "x \"a \\\"b\\\" \\\\ \\n\"", "x|a \"b\" \\ \\n*" },
		{ "x # y", "x" },
		{ "x y#z", "x|y#z" }, /* a comment begins a word */
		{ "x \"# y\"", "x|# y*" },
		{ "advance 5m\r", "advance|5m" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct script s = read_script(&cx, rows[i].text);
		struct buf out = BUF_INIT(&cx.mem, 1000);
		assert_int_equal(s.n, 1);
		for (size_t k = 0; k < s.items[0].n; k++)
			buf_printf(&out, "%s%s%s", k == 0 ? "" : "|", s.items[0].words[k],
			        s.items[0].quoted[k] ? "*" : "");
		assert_string_equal(buf_cstr(&out), rows[i].want);
	}
	ctx_close(&cx);
}

static void
test_lines(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct script s = read_script(&cx, "# head\n\nuse x\n\n  \nadvance 5m # why\n#\ncrash");
	assert_int_equal(s.n, 3);
	assert_int_equal(s.items[0].line, 3);
	assert_int_equal(s.items[1].line, 6);
	assert_string_equal(s.items[1].text, "advance 5m # why");
	assert_int_equal(s.items[2].line, 8);
	ctx_close(&cx);
}

/* The block keeps its indent, and its places are the file's. */
static void
test_blocks(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct script s =
	        read_script(&cx, "at 10:00\napply\n  users:\n\n    a: {}\nadvance 1m\n");
	assert_int_equal(s.n, 3);
	assert_int_equal(s.items[0].block.len, 0);
	assert_true(str_is(s.items[1].block, "\n\n  users:\n\n    a: {}\n"));
	assert_int_equal(s.items[2].line, 6);
	ctx_close(&cx);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *words;
	} rows[] = {
		{ "use x\nnotes \"open", 0, "t.scn:2: a quote is not closed: notes \"open" },
		{ "use x\n\nad\0vance", 16, "t.scn:3: not a text" },
	};
	struct script s;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct str text = str_from(rows[i].text);
		text.len = rows[i].len == 0 ? text.len : rows[i].len;
		struct err *e = script_parse(&cx, "t.scn", text, &s);
		assert_err(e, ERR_INVALID);
		assert_string_equal(e->msg, rows[i].words);
	}
	assert_err(script_read(&cx, "/nowhere/at/all.scn", &s), ERR_NOT_FOUND);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
