/* SPDX-License-Identifier: Apache-2.0 */
/* YAML: what is read prints and reads back as the same tree, and so does JSON printed as
 * YAML. */
#include <stdio.h>

#include "fuzz.h"

static void
assert_prints_back(struct ctx *cx, const struct json *tree)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);
	struct json *again;

	if (tree->type != JSON_OBJECT) /* a document is sections */
		return;
	yaml_print(&out, tree);
	struct err *e = yaml_parse(cx, "again", buf_view(&out), JSON_LIMITS_CONFIG, &again);
	if (e != NULL || !json_equal(tree, again))
		fprintf(stderr, "%s\n", buf_cstr(&out));
	assert(e == NULL && json_equal(tree, again));
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct json *tree;
	struct err *e = yaml_parse(cx, "fuzz", in, JSON_LIMITS_CONFIG, &tree);

	if (e != NULL) {
		assert(e->faults != NULL && e->faults->n == 1);
		assert_located(e);
	} else {
		assert_prints_back(cx, tree);
	}
	if (json_parse(cx, in, JSON_LIMITS_REQUEST, &tree) == NULL)
		assert_prints_back(cx, tree);
}
