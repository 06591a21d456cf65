/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions, as a tree in JSON or as one matcher: what compiles judges, and its opposite
 * judges the other way. */
#include "rules/condition.h"

#include "a_signal.h"

static struct condition *
compile(struct ctx *cx, const struct json *tree, bool *ret_faults)
{
	struct faults faults = { 0 };
	struct shape_reader r;

	shape_reader_init(&r, cx, NULL, &faults, NULL, "");
	struct condition *c = condition_parse(&r, &cx->mem, tree);
	*ret_faults = faults.n > 0;
	return c;
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct json text = { .type = JSON_STRING, .string = { str_dup(&cx->mem, in), in.len } };
	struct json *tree = &text;
	struct signal s = fuzz_signal(cx);
	bool faults;

	if (json_parse(cx, in, JSON_LIMITS_CONFIG, &tree) != NULL)
		tree = &text;
	struct json_member not = { .key = STR("not"), .value = *tree };
	struct json opposite = { .type = JSON_OBJECT, .object = { &not, 1 } };
	struct condition *c = compile(cx, tree, &faults);
	assert((c == NULL) == faults);
	struct condition *o = c == NULL ? NULL : compile(cx, &opposite, &faults);
	if (o != NULL)
		assert(condition_holds(&cx->mem, c, &s, "high")
		        != condition_holds(&cx->mem, o, &s, "high"));
	condition_free(o);
	condition_free(c);
}
