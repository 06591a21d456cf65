/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit of work: one request, one job, one command. It goes first in every domain call and
 * holds what such a call needs from its edge: memory, transaction, who acts, the clock, and the
 * words that every log line of this work carries.
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/actor.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct db_tx;

struct ctx {
	struct arena mem;
	struct db_tx *tx; /* NULL outside a transaction */
	struct actor actor;
	const struct clock *clock;
	const char *request_id; /* for the log; NULL outside a request */
};

/* clock NULL means clock_real. The actor is the system until somebody is signed in. */
void ctx_init(struct ctx *cx, const struct clock *clock);

/* Frees the arena. The transaction must be over. */
void ctx_close(struct ctx *cx);

/* Frees the arena and keeps the rest: for loops that do one piece of work after another. */
void ctx_reset(struct ctx *cx);

usec_t ctx_now(const struct ctx *cx);

#endif
