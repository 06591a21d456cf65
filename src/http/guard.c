/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slow clients. The library's timeout counts from the last byte, so that a byte now and then
 * keeps a connection for ever; here every request has a deadline as a whole. Once a second the
 * overdue are shut down, and event streams get their heartbeat.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http/exchange_priv.h"

static void
peer_add(struct http_server *s, struct peer *p)
{
	p->prev = NULL;
	p->next = s->peers;
	if (p->next != NULL)
		p->next->prev = p;
	s->peers = p;
	s->stats.connections++;
}

static void
peer_drop(struct http_server *s, struct peer *p)
{
	if (p->prev != NULL)
		p->prev->next = p->next;
	else
		s->peers = p->next;
	if (p->next != NULL)
		p->next->prev = p->prev;
	s->stats.connections--;
}

/* The descriptor is ours to name until the library tells us that it closes it. */
void
guard_notify(void *arg, struct MHD_Connection *connection, void **slot,
        enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = arg;

	pthread_mutex_lock(&s->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
		        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		struct peer *p = calloc(1, sizeof *p);
		if (p == NULL)
			abort();
		p->fd = info->connect_fd;
		remote_print(
		        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
		                ->client_addr,
		        p->address);
		p->deadline = clock_mono() + s->config.deadline;
		peer_add(s, p);
		*slot = p;
	} else if (*slot != NULL) {
		peer_drop(s, *slot);
		accept_ended(s, ((struct peer *)*slot)->address);
		free(*slot);
		*slot = NULL;
	}
	pthread_mutex_unlock(&s->lock);
}

void
guard_allow(struct exchange *ex, usec_t span)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct peer *p = info == NULL ? NULL : info->socket_context;

	if (p == NULL)
		return;
	pthread_mutex_lock(&ex->server->lock);
	p->deadline = span == 0 ? USEC_NEVER : clock_mono() + span;
	pthread_mutex_unlock(&ex->server->lock);
}

static void
sweep(struct http_server *s)
{
	usec_t now = clock_mono();

	for (struct peer *p = s->peers; p != NULL; p = p->next)
		if (p->deadline <= now) {
			(void)shutdown(p->fd, SHUT_RDWR);
			p->deadline = USEC_NEVER;
			s->stats.refused++;
		}
}

static void *
guard(void *arg)
{
	struct http_server *s = arg;
	usec_t beat = clock_mono();

	pthread_mutex_lock(&s->lock);
	while (!s->stopping) {
		(void)clock_cond_wait(&s->tick, &s->lock, SECONDS(1));
		sweep(s);
		if (s->config.events == NULL || clock_mono() - beat < SSE_HEARTBEAT)
			continue;
		beat = clock_mono();
		pthread_mutex_unlock(&s->lock);
		sse_heartbeat(s->config.events, SSE_LIFE);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct err *
guard_start(struct ctx *cx, struct http_server *s)
{
	if (pthread_create(&s->guard, NULL, guard, s) != 0)
		return err_new(
		        cx, ERR_UNAVAILABLE, "no thread for slow clients: %s", strerror(errno));
	s->guarding = true;
	return NULL;
}

void
guard_stop(struct http_server *s)
{
	if (s->guarding)
		pthread_join(s->guard, NULL);
	s->guarding = false;
}
