/* SPDX-License-Identifier: Apache-2.0 */
/* The hub. One lock guards the list of clients and their queues. */
#include "http/sse.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/sse_priv.h"

struct sse_client {
	struct sse_client *next;
	struct MHD_Connection *connection; /* NULL until the answer has begun */
	char *queue;
	size_t len, cap;
	int64_t last_id; /* replayed up to here */
	int64_t missed;  /* the newest event that was published while it replays */
	usec_t began;    /* monotonic */
	bool suspended, cut, replays;
};

struct sse {
	pthread_mutex_t lock; /* guards all below */
	struct sse_client *clients;
	size_t n;
	bool closed;
};

struct sse *
sse_new(void)
{
	struct sse *hub = calloc(1, sizeof *hub);

	if (hub == NULL)
		abort();
	pthread_mutex_init(&hub->lock, NULL);
	return hub;
}

void
sse_free(struct sse *hub)
{
	if (hub == NULL)
		return;
	while (hub->clients != NULL)
		sse_leave(hub, hub->clients);
	pthread_mutex_destroy(&hub->lock);
	free(hub);
}

/* ---- a client's queue; the lock is held ---- */

static void
wake(struct sse_client *c)
{
	if (!c->suspended)
		return;
	c->suspended = false;
	MHD_resume_connection(c->connection);
}

static void
append(struct sse_client *c, const char *text, size_t len)
{
	if (c->cut)
		return;
	if (c->len + len > SSE_QUEUE_MAX) {
		c->cut = true;
		wake(c);
		return;
	}
	if (c->len + len > c->cap) {
		c->cap = (c->len + len) * 2;
		c->queue = realloc(c->queue, c->cap);
		if (c->queue == NULL)
			abort();
	}
	memcpy(c->queue + c->len, text, len);
	c->len += len;
	wake(c);
}

/* Whole or not at all: half an event would be taken for one that was heard. */
static void
append_event(struct sse_client *c, int64_t id, const char *type, struct str data)
{
	char head[128];
	int n = snprintf(head, sizeof head, "id: %lld\nevent: %s\ndata: ", (long long)id, type);

	if (c->len + (size_t)n + data.len + 2 > SSE_QUEUE_MAX) {
		c->cut = true;
		wake(c);
		return;
	}
	append(c, head, (size_t)n);
	append(c, data.p, data.len);
	append(c, "\n\n", 2);
}

/* ---- its face ---- */

struct sse_client *
sse_listen(struct sse *hub, int64_t after)
{
	static const char hello[] = "retry: 2000\n\n";
	struct sse_client *c = calloc(1, sizeof *c);

	if (c == NULL)
		abort();
	pthread_mutex_lock(&hub->lock);
	append(c, hello, sizeof hello - 1);
	c->cut = hub->closed;
	c->began = clock_mono();
	c->replays = after >= 0;
	c->last_id = after;
	c->next = hub->clients;
	hub->clients = c;
	hub->n++;
	pthread_mutex_unlock(&hub->lock);
	return c;
}

void
sse_leave(struct sse *hub, struct sse_client *client)
{
	pthread_mutex_lock(&hub->lock);
	for (struct sse_client **c = &hub->clients; *c != NULL; c = &(*c)->next) {
		if (*c != client)
			continue;
		*c = client->next;
		hub->n--;
		break;
	}
	pthread_mutex_unlock(&hub->lock);
	free(client->queue);
	free(client);
}

void
sse_send(struct sse *hub, struct sse_client *client, int64_t id, const char *type,
        struct str data)
{
	pthread_mutex_lock(&hub->lock);
	append_event(client, id, type, data);
	client->last_id = id;
	pthread_mutex_unlock(&hub->lock);
}

void
sse_publish(struct sse *hub, int64_t id, const char *type, struct str data)
{
	pthread_mutex_lock(&hub->lock);
	for (struct sse_client *c = hub->clients; c != NULL; c = c->next)
		if (c->replays)
			c->missed = id;
		else if (id > c->last_id)
			append_event(c, id, type, data);
	pthread_mutex_unlock(&hub->lock);
}

bool
sse_replayed(struct sse *hub, struct sse_client *client)
{
	pthread_mutex_lock(&hub->lock);
	client->replays = !client->cut && client->missed > client->last_id;
	bool done = !client->replays;
	pthread_mutex_unlock(&hub->lock);
	return done;
}

void
sse_cut(struct sse *hub, struct sse_client *client)
{
	pthread_mutex_lock(&hub->lock);
	for (struct sse_client *c = hub->clients; c != NULL; c = c->next)
		if (client == NULL || c == client) {
			c->cut = true;
			wake(c);
		}
	pthread_mutex_unlock(&hub->lock);
}

size_t
sse_clients(struct sse *hub)
{
	pthread_mutex_lock(&hub->lock);
	size_t n = hub->n;
	pthread_mutex_unlock(&hub->lock);
	return n;
}

/* ---- the server's side ---- */

void
sse_attach(struct sse *hub, struct sse_client *client, struct MHD_Connection *connection)
{
	pthread_mutex_lock(&hub->lock);
	client->connection = connection;
	pthread_mutex_unlock(&hub->lock);
}

ssize_t
sse_read(struct sse *hub, struct sse_client *c, char *out, size_t max)
{
	ssize_t n = 0;

	pthread_mutex_lock(&hub->lock);
	if (c->len > 0) {
		n = (ssize_t)(c->len < max ? c->len : max);
		memcpy(out, c->queue, (size_t)n);
		c->len -= (size_t)n;
		memmove(c->queue, c->queue + n, c->len);
	} else if (c->cut) {
		n = -1;
	} else {
		c->suspended = true;
		MHD_suspend_connection(c->connection);
	}
	pthread_mutex_unlock(&hub->lock);
	return n;
}

void
sse_detach(struct sse *hub, struct sse_client *client)
{
	sse_leave(hub, client);
}

/* A client that left while suspended is noticed when something is written to it. The old are
 * sent away, to ask again from where they are: who may listen is only looked at then. */
void
sse_heartbeat(struct sse *hub, usec_t life)
{
	usec_t old = clock_mono() - life;

	pthread_mutex_lock(&hub->lock);
	for (struct sse_client *c = hub->clients; c != NULL; c = c->next) {
		if (c->connection == NULL)
			continue;
		append(c, ": here\n\n", 8);
		c->cut |= c->began <= old;
	}
	pthread_mutex_unlock(&hub->lock);
}

void
sse_close(struct sse *hub)
{
	pthread_mutex_lock(&hub->lock);
	hub->closed = true;
	for (struct sse_client *c = hub->clients; c != NULL; c = c->next) {
		c->cut = true;
		wake(c);
	}
	pthread_mutex_unlock(&hub->lock);
}
