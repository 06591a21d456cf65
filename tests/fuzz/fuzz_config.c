/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of documents: refused with every fault in its place, or compiled. What was compiled can
 * be exported, and the export, applied to it, changes nothing.
 */
#include "config/config.h"

#include <stdio.h>

#include "fuzz.h"

static const unsigned char key[32] = { 1, 2, 3 };

static void
plan(struct ctx *cx, struct config *c, const struct snapshot *base, struct str text,
        struct plan *ret, struct err **ret_error)
{
	const struct plan_options options = { .source = "fuzz" };
	struct change_set set = { 0 };

	*ret = (struct plan){ 0 };
	*ret_error = change_set_parse(cx, "fuzz.yaml", text, &set);
	if (*ret_error == NULL)
		*ret_error = config_plan(cx, c, base, &set, &options, ret);
}

static void
assert_exports(struct ctx *cx, struct config *c, const struct snapshot *s)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);
	struct err *e = config_export_yaml(cx, s, &out);
	struct plan same;

	assert(e == NULL);
	plan(cx, c, s, buf_view(&out), &same, &e);
	if (e != NULL || same.n != 0)
		fprintf(stderr, "%s\n%s\n", buf_cstr(&out),
		        e == NULL ? same.items[0].after : err_text(cx, e));
	assert(e == NULL && same.n == 0);
	plan_free(&same);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct config *c;
	struct plan p;
	struct err *e = config_new(cx, key, &c);

	assert(e == NULL);
	const struct snapshot *base = config_current(c);
	plan(cx, c, base, in, &p, &e);
	if (e != NULL) {
		assert(e->faults != NULL && e->faults->n > 0);
		assert_located(e);
	} else {
		assert_exports(cx, c, p.candidate);
		plan_free(&p);
	}
	snapshot_unref(base);
	config_free(c);
}
