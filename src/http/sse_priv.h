/* SPDX-License-Identifier: Apache-2.0 */
/* Between the hub and the server's callbacks. */
#ifndef HTTP_SSE_PRIV_H
#define HTTP_SSE_PRIV_H

#include <sys/types.h>

#include "http/sse.h"

struct MHD_Connection;

/* Binds the client to its connection. */
void sse_attach(struct sse *hub, struct sse_client *client, struct MHD_Connection *connection);

/* Up to max bytes of what waits; 0 when nothing does (the connection is suspended then), -1
 * when the client is cut off. */
ssize_t sse_read(struct sse *hub, struct sse_client *client, char *out, size_t max);

void sse_detach(struct sse *hub, struct sse_client *client);
void sse_heartbeat(struct sse *hub, usec_t life);

/* All clients end; no new ones. */
void sse_close(struct sse *hub);

#endif
