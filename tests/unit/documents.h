/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration from text, without a database: for tests that need a snapshot. */
#ifndef TESTS_DOCUMENTS_H
#define TESTS_DOCUMENTS_H

#include "test.h"

#include "config/config.h"

/* Plans text over base; the error, if any, is the parser's or the plan's. */
static inline struct err *
documents_plan(struct ctx *cx, struct config *c, const struct snapshot *base, const char *text,
        struct plan_options options, struct plan *ret)
{
	struct change_set set = { 0 };
	struct err *e = change_set_parse(cx, "org.yaml", str_from(text), &set);

	*ret = (struct plan){ 0 };
	return e != NULL ? e : config_plan(cx, c, base, &set, &options, ret);
}

/* A holder with a key, and the snapshot of these documents. */
struct documents {
	struct config *config;
	const struct snapshot *s;
};

static inline struct documents
documents_of(struct ctx *cx, const char *text)
{
	static const unsigned char key[32] = { 1 };
	struct documents d;
	struct plan p;

	assert_ok(cx, config_new(cx, key, &d.config));
	const struct snapshot *base = config_current(d.config);
	assert_ok(cx, documents_plan(cx, d.config, base, text, (struct plan_options){ 0 }, &p));
	d.s = snapshot_ref(p.candidate);
	plan_free(&p);
	snapshot_unref(base);
	return d;
}

static inline void
documents_free(struct documents *d)
{
	snapshot_unref(d->s);
	config_free(d->config);
}

#endif
