/* SPDX-License-Identifier: Apache-2.0 */
/* One body through a protocol, for the tests of ingest. */
#ifndef TESTS_INGEST_DELIVERY_H
#define TESTS_INGEST_DELIVERY_H

#include "test.h"

#include "ingest/ingest.h"

#define NOW SECONDS(1772445600) /* 2026-03-02T10:00:00Z */

static inline struct err *
deliver(struct ctx *cx, enum protocol_id protocol, const char *body, struct delivery *ret)
{
	static const struct integration integration = { .c = { .id = "in" } };

	*ret = (struct delivery){
		.integration = &integration, .body = str_from(body), .now = NOW
	};
	return protocols[protocol].read(cx, ret);
}

/* The body that a refusal or an acceptance is answered with, and its status. */
static inline const char *
answer_of(struct ctx *cx, enum protocol_id protocol, const struct delivery *d,
        const struct err *e, int *ret_status)
{
	struct answer a = { .status = 422, .body = BUF_INIT(&cx->mem, 100000) };

	if (e != NULL)
		protocols[protocol].refused(cx, e, &a);
	else
		protocols[protocol].accepted(cx, d, &a);
	*ret_status = a.status;
	return buf_cstr(&a.body);
}

/* "k=v k=v": sorted as they stand. */
static inline const char *
pairs_text(struct ctx *cx, const struct pair *pairs, size_t n)
{
	struct buf out = BUF_INIT(&cx->mem, 100000);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%s=%s", i == 0 ? "" : " ", pairs[i].id, pairs[i].value);
	return buf_cstr(&out);
}

#endif
