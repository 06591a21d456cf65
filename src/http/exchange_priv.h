/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its answer inside the server, and the server itself: seen by server.c (MHD's
 * callbacks), exchange.c (what is refused, what is sent), workers.c and guard.c alone.
 */
#ifndef HTTP_EXCHANGE_PRIV_H
#define HTTP_EXCHANGE_PRIV_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/crowd.h"
#include "http/router.h"
#include "http/server.h"
#include "http/sse_priv.h"

#define WORKERS_MAX 32

struct exchange {
	struct ctx cx;
	struct request rq;
	struct response rs;
	struct buf body;
	struct http_server *server;
	struct MHD_Connection *connection;
	usec_t began;     /* monotonic */
	bool begun;       /* the head was looked at */
	bool handed;      /* to a worker or an inline handler */
	bool close;       /* after the answer */
	bool turned_away; /* its body is read and not kept: there is no room */
	size_t held;      /* of the server's, below */
	/* Under the server's lock. */
	bool suspended, done;
	struct exchange *next; /* in the queue */
};

/* An open connection, for the guard. */
struct peer {
	struct peer *prev, *next;
	int fd;
	usec_t deadline; /* monotonic; USEC_NEVER while it is our turn */
	char address[REMOTE_MAX];
};

struct http_server {
	struct http_config config;
	struct MHD_Daemon *daemon;
	char *cert, *key;
	int listen_fd, port;
	char boot[9]; /* the first part of every request's id */
	uint64_t serial;
	atomic_size_t held; /* memory of the requests that are under way */

	pthread_mutex_t lock; /* guards all below, suspended and done of exchanges */
	pthread_cond_t work;  /* something is queued */
	pthread_cond_t idle;  /* nothing is under way */
	pthread_cond_t tick;  /* the guard stops */
	pthread_cond_t room;  /* fewer connections are open */
	struct exchange *queue, **queue_tail;
	size_t queued, busy;   /* busy: suspended exchanges */
	size_t taken;          /* connections that count against the limit */
	bool stopping, closed; /* closed: nobody new is taken */
	struct peer *peers;
	struct crowd crowd;
	struct http_stats stats;

	pthread_t workers[WORKERS_MAX], guard, taker;
	int n_workers;
	bool guarding, taking;
};

/* ---- exchange.c ---- */

struct exchange *exchange_new(struct http_server *s, const char *uri);
void exchange_free(struct exchange *ex);

/* Counts what the exchange has taken so far. False when all together hold more than they may:
 * the work that waits bounds itself by number, and this by size. */
bool exchange_hold(struct exchange *ex);

/* Looks at the head: what smuggles, what is too large, what is nowhere. False: the answer is
 * ready in ex->rs. */
bool exchange_begin(struct exchange *ex, const char *method, const char *version);

/* Notes where it comes from. */
void exchange_from(struct exchange *ex);

/* Runs the handler with its checks; the answer is in ex->rs, or pending. */
void exchange_run(struct exchange *ex);

/* Gives the answer to the connection. */
enum MHD_Result exchange_answer(struct exchange *ex);

/* The line in the log; the path as the route has it, for the real one may hold a key. */
void exchange_log(const struct exchange *ex, bool whole);

/* ---- workers.c ---- */

MUST_USE struct err *workers_start(struct ctx *cx, struct http_server *s);
void workers_stop(struct http_server *s);

/* False when the queue is full. Suspends the connection. */
bool workers_hand(struct exchange *ex);

/* ---- accept.c ---- */

MUST_USE struct err *accept_start(struct ctx *cx, struct http_server *s);
void accept_stop(struct http_server *s);

/* A connection from there is over; the lock is held. */
void accept_ended(struct http_server *s, const char *address);

/* ---- guard.c ---- */

MUST_USE struct err *guard_start(struct ctx *cx, struct http_server *s);
void guard_stop(struct http_server *s);
void guard_notify(void *arg, struct MHD_Connection *connection, void **slot,
        enum MHD_ConnectionNotificationCode what);

/* How long the other side of this connection now has; 0: it is our turn. */
void guard_allow(struct exchange *ex, usec_t span);

#endif
