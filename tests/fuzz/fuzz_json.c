/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what is read prints, and what is printed reads back as the same tree. */
#include "fuzz.h"

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
	const char *text = json_print(&cx->mem, first);
	assert(json_parse(cx, str_from(text), JSON_LIMITS_REQUEST, &again) == NULL);
	assert(json_equal(first, again));
	assert(strcmp(text, json_print(&cx->mem, again)) == 0);
}
