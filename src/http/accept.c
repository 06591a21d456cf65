/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking connections. The library takes one a turn, and a turn looks at every connection that
 * there is: with thousands open, those who knock wait for seconds. This thread takes all who
 * knock and hands them over together; the limit is kept here too, so that who comes beyond it
 * waits in the system's queue instead of being cut off.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/exchange_priv.h"

#define PAUSE_MS 50 /* when descriptors are short */

/* Until there is room for one more. False at the end. */
static bool
wait_for_room(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->taken >= s->config.connections_max && !s->closed)
		pthread_cond_wait(&s->room, &s->lock);
	bool go_on = !s->closed;
	s->taken += go_on;
	pthread_mutex_unlock(&s->lock);
	return go_on;
}

/* "" of an address that was not counted. */
void
accept_ended(struct http_server *s, const char *address)
{
	char group[REMOTE_GROUP_MAX];

	remote_group(address, group);
	crowd_leave(&s->crowd, group);
	s->taken--;
	pthread_cond_signal(&s->room);
}

static void
give_up_place(struct http_server *s, const char *address)
{
	pthread_mutex_lock(&s->lock);
	accept_ended(s, address);
	pthread_mutex_unlock(&s->lock);
}

static void
hand_to_library(struct http_server *s, int fd, struct sockaddr_storage *from, socklen_t len)
{
	char address[REMOTE_MAX];
	int on = 1;

	remote_print((struct sockaddr *)from, address);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* It closes the socket when it fails, and never tells the guard then. */
	if (MHD_add_connection(s->daemon, fd, (struct sockaddr *)from, len) != MHD_YES)
		give_up_place(s, address);
}

/* Whether the address may have one more; counted then. */
static bool
fits_crowd(struct http_server *s, const struct sockaddr_storage *from)
{
	const struct http_config *c = &s->config;
	char address[REMOTE_MAX], group[REMOTE_GROUP_MAX];

	remote_print((const struct sockaddr *)from, address);
	remote_group(address, group);
	bool many = remote_is_loopback(address) || remote_is_proxy(c->proxies, address);
	pthread_mutex_lock(&s->lock);
	bool fits = crowd_enter(&s->crowd, group, many ? UINT_MAX : c->crowd_max);
	s->stats.crowded += !fits;
	pthread_mutex_unlock(&s->lock);
	return fits;
}

/* Everybody who waits now. False when the socket is at its end. */
static bool
take_all(struct http_server *s)
{
	for (;;) {
		struct sockaddr_storage from;
		socklen_t len = sizeof from;
		if (!wait_for_room(s))
			return false;
		int fd = accept4(s->listen_fd, (struct sockaddr *)&from, &len,
		        SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0 && fits_crowd(s, &from)) {
			hand_to_library(s, fd, &from, len);
			continue;
		}
		int why = errno;
		give_up_place(s, "");
		if (fd >= 0) {
			close(fd);
			continue;
		}
		if (why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM)
			(void)poll(NULL, 0, PAUSE_MS);
		return why != EINVAL && why != EBADF;
	}
}

static void *
take_connections(void *arg)
{
	struct http_server *s = arg;
	struct pollfd p = { .fd = s->listen_fd, .events = POLLIN };

	do
		(void)poll(&p, 1, -1);
	while (take_all(s));
	return NULL;
}

struct err *
accept_start(struct ctx *cx, struct http_server *s)
{
	if (pthread_create(&s->taker, NULL, take_connections, s) != 0)
		return err_new(
		        cx, ERR_UNAVAILABLE, "no thread for connections: %s", strerror(errno));
	s->taking = true;
	return NULL;
}

/* A listening socket that is shut down refuses accept from then on, which wakes the thread. */
void
accept_stop(struct http_server *s)
{
	if (!s->taking)
		return;
	(void)shutdown(s->listen_fd, SHUT_RDWR);
	pthread_mutex_lock(&s->lock);
	s->closed = true;
	pthread_cond_broadcast(&s->room);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->taker, NULL);
	s->taking = false;
}

/* The other end of a pair of sockets is given to the library as a connection. Any answer
 * counts, be it the end of it: under TLS a plain request gets no other. */
bool
http_alive(struct http_server *s, usec_t within)
{
	static const char ask[] = "GET /healthz HTTP/1.0\r\n\r\n";
	struct sockaddr_storage from = { .ss_family = AF_INET };
	struct pollfd p = { .events = POLLIN };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return false;
	pthread_mutex_lock(&s->lock);
	s->taken++;
	pthread_mutex_unlock(&s->lock);
	hand_to_library(s, pair[0], &from, sizeof(struct sockaddr_in));
	p.fd = pair[1];
	bool alive = send(pair[1], ask, sizeof ask - 1, MSG_NOSIGNAL) > 0
	        && poll(&p, 1, (int)(within / USEC_PER_MS)) == 1;
	close(pair[1]);
	return alive;
}
