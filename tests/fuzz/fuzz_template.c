/* SPDX-License-Identifier: Apache-2.0 */
/* Templates: what compiles expands; one without fields says the same of every signal. */
#include "rules/template.h"

#include "a_signal.h"

static const char *
expand(struct ctx *cx, const struct template *t, const struct signal *s)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);

	template_expand(t, &cx->mem, s, NULL, &out);
	return buf_cstr(&out);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct signal s = fuzz_signal(cx), empty = { .dedup_key = "k", .summary = "s" };
	const char *why = NULL;
	struct template *t = template_parse(&cx->mem, in, &why);

	assert((t == NULL) == (why != NULL));
	if (t == NULL)
		return;
	const char *full = expand(cx, t, &s), *bare = expand(cx, t, &empty);
	if (template_is_literal(t))
		assert(strcmp(full, bare) == 0);
	if (in.len > 0 && memchr(in.p, '$', in.len) == NULL && memchr(in.p, 0, in.len) == NULL)
		assert(str_is(in, full));
}
