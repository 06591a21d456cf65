/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-sent events: a hub that many clients listen to. Each has a bounded queue; one that is
 * too slow is cut off and comes back with Last-Event-ID, from which the application replays.
 */
#ifndef HTTP_SSE_H
#define HTTP_SSE_H

#include "base/ctx.h"
#include "base/str.h"

#define SSE_QUEUE_MAX (512 * 1024) /* bytes a client may lag behind */
#define SSE_HEARTBEAT SECONDS(15)
#define SSE_LIFE MINUTES(15) /* of a stream: then it is asked again who listens */

struct sse;
struct sse_client;

struct sse *sse_new(void);
void sse_free(struct sse *hub);

/* For a handler: a client that has listened since before the replay is read, so that nothing
 * falls between. What it hears is sent once the handler has returned it in its response. After
 * an event of 0 or more it replays first: what is published meanwhile is only counted, so that
 * events keep their order; see sse_replayed. */
struct sse_client *sse_listen(struct sse *hub, int64_t after);

/* Gives up a client that was never returned in a response. */
void sse_leave(struct sse *hub, struct sse_client *client);

/* For the replay: to this client only. */
void sse_send(struct sse *hub, struct sse_client *client, int64_t id, const char *type,
        struct str data);

/* Ends the replay and returns true, unless events beyond the last one sent were published
 * meanwhile: then read on from there and ask again. */
bool sse_replayed(struct sse *hub, struct sse_client *client);

/* After what it has heard so far the client's stream ends, so that it comes back with its
 * Last-Event-ID; NULL: everybody's. */
void sse_cut(struct sse *hub, struct sse_client *client);

/* To everybody. */
void sse_publish(struct sse *hub, int64_t id, const char *type, struct str data);

size_t sse_clients(struct sse *hub);

#endif
