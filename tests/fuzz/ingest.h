/* SPDX-License-Identifier: Apache-2.0 */
/* A body through one protocol: signals that are whole, or a reason; an answer in either
 * case. */
#ifndef FUZZ_INGEST_H
#define FUZZ_INGEST_H

#include "ingest/ingest.h"

#include "a_signal.h"

static inline void
assert_answer(struct ctx *cx, struct answer *a)
{
	struct json *tree;

	if (a->body.len > 0)
		assert(json_parse(cx, buf_view(&a->body), JSON_LIMITS_REQUEST, &tree) == NULL);
}

static inline void
ingest(struct ctx *cx, enum protocol_id id, struct str body)
{
	static const struct integration integration = { .c = { .id = "fuzz" } };
	const struct protocol *p = &protocols[id];
	struct delivery d = { .integration = &integration, .body = body, .now = FUZZ_NOW };
	struct answer a = { .status = 422, .body = BUF_INIT(&cx->mem, FUZZ_OUT_MAX) };

	struct err *e = p->read(cx, &d);
	if (e != NULL) {
		assert(e->code == ERR_INVALID || e->code == ERR_LIMIT);
		assert_located(e);
		p->refused(cx, e, &a);
		assert_answer(cx, &a);
		return;
	}
	assert(d.intake.n <= INGEST_SIGNALS_MAX);
	for (size_t i = 0; i < d.intake.n; i++) {
		assert_signal(&d.intake.signals[i]);
		d.intake.results[i].dedup_key = d.intake.signals[i].dedup_key;
	}
	p->accepted(cx, &d, &a);
	assert_answer(cx, &a);
}

#endif
