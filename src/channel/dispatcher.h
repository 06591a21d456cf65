/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that sends: it claims pages through the writer, runs their transfers side by side,
 * and reports how each ended, through the writer again. It never waits for either, so that
 * neither a slow database nor a slow receiver holds up the rest. What a crash leaves unreported
 * is claimed anew when its lease is over, and marked.
 */
#ifndef CHANNEL_DISPATCHER_H
#define CHANNEL_DISPATCHER_H

#include "channel/channel.h"
#include "engine/writer.h"

#define DISPATCH_AT_ONCE 64 /* pages in hand */
#define DISPATCH_LEASE MINUTES(1)

struct dispatcher;

/* Nothing runs yet; dispatcher_wake may be called from now on. settings and cx's clock must
 * outlive it. ERR_UNAVAILABLE when libcurl does not start. */
MUST_USE struct err *dispatcher_new(
        struct ctx *cx, const struct channel_settings *settings, struct dispatcher **ret);

/* The writer must run until dispatcher_finish has returned. */
MUST_USE struct err *dispatcher_start(
        struct ctx *cx, struct dispatcher *d, struct writer *writer);

/* There may be something to send: the writer's on_pages. Any thread. */
void dispatcher_wake(struct dispatcher *d);

/* Ends the thread: what is under way is given ten seconds, then left to its lease.
 * dispatcher_wake may still be called until dispatcher_free, and the writer must have stopped
 * before that. NULL is nothing to both. */
void dispatcher_finish(struct dispatcher *d);
void dispatcher_free(struct dispatcher *d);

struct dispatcher_stats {
	uint64_t sent, retried, failed;
	size_t under_way; /* claimed and not yet reported */
	usec_t last_turn; /* monotonic: when its thread last came round */
};
void dispatcher_stats(struct dispatcher *d, struct dispatcher_stats *ret);

#endif
