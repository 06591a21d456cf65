/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what is read prints, and what is printed reads back as the same tree. */
#include "fuzz.h"

/* The words that a value was read from are that value again. */
static void
assert_source(struct ctx *cx, struct str in, const struct json *v)
{
	struct json *again;

	assert(json_parse(cx, json_source(in, v), JSON_LIMITS_REQUEST, &again) == NULL);
	assert(json_equal(v, again));
	for (size_t i = 0; v->type == JSON_ARRAY && i < v->array.n; i++)
		assert_source(cx, in, &v->array.items[i]);
	for (size_t i = 0; v->type == JSON_OBJECT && i < v->object.n; i++)
		assert_source(cx, in, &v->object.members[i].value);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct json *first, *again;
	struct err *e = json_parse(cx, in, JSON_LIMITS_REQUEST, &first);

	if (e != NULL) {
		assert(e->faults != NULL && e->faults->n == 1);
		assert(e->faults->items[0].line > 0 && e->faults->items[0].column > 0);
		assert_located(e);
		return;
	}
	assert_source(cx, in, first);
	const char *text = json_print(&cx->mem, first);
	assert(json_parse(cx, str_from(text), JSON_LIMITS_REQUEST, &again) == NULL);
	assert(json_equal(first, again));
	assert(strcmp(text, json_print(&cx->mem, again)) == 0);
}
