/* SPDX-License-Identifier: Apache-2.0 */
/* Small results, and the few helpers that every file of the engine writes rows with. */
#ifndef ENGINE_ROWS_H
#define ENGINE_ROWS_H

#include "engine/engine.h"

struct engine_count {
	int64_t n;
};

struct engine_text {
	const char *value;
};

extern const struct db_row engine_ids_row, engine_count_row, engine_text_row;

/* The name in `state` of the head of the organisation's chain. */
#define ORG_CHAIN "org-chain"

/* Later than this after its time, and a page says so. */
#define LATE_FROM SECONDS(30)

/* An absent time or id is 0 in C and NULL in a row. */
#define OPTIONAL(n) DB_NULL_IF((n) == 0, (n))

static inline const char *
int_text(struct ctx *cx, int64_t n)
{
	struct buf out = BUF_INIT(&cx->mem, 24);

	buf_int(&out, n);
	return buf_cstr(&out);
}

static inline const char *
time_text(struct ctx *cx, usec_t at)
{
	return rfc3339_print(at, arena_alloc(&cx->mem, RFC3339_MAX));
}

static inline const char *
span_text(struct ctx *cx, usec_t span)
{
	return duration_print(span, arena_alloc(&cx->mem, DURATION_MAX));
}

#endif
