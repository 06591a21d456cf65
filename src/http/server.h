/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: libmicrohttpd with one thread of its own for sockets and inline routes, and a few
 * workers for everything that may wait. Its callbacks and suspended connections are seen by
 * server.c alone.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/request.h"
#include "http/sse.h"

struct http_server;

struct http_config {
	const char *listen;             /* "127.0.0.1:8080", "[::1]:8080" */
	const char *tls_cert, *tls_key; /* paths of PEM files; both or none */
	bool https; /* so people come here, be it by a proxy: browsers are told to stay so */
	const char *proxies; /* addresses whose X-Forwarded-For is believed; "10.0.0.5 ::1" */
	const struct route_table *const *tables;
	size_t n_tables;
	int workers;              /* default 4 */
	size_t queue_max;         /* requests waiting for a worker before 503; default 1024 */
	unsigned connections_max; /* default 10,000 */
	unsigned crowd_max;       /* of them from one address; default half of them */
	size_t memory_max;        /* of all requests under way before 503; default 256 MiB */
	usec_t deadline;          /* for a whole request to arrive; default 30 s */
	usec_t idle;              /* of a connection; default 75 s */
	struct sse *events;
	void *app;
	/* Fills cx->actor; an error is the answer. */
	struct err *(*authenticate)(struct ctx *cx, struct request *rq);
	/* Renders an error for people, on routes that are pages. rs->status is 401 when nobody
	 * is signed in. */
	void (*page_error)(struct ctx *cx, const struct request *rq, struct response *rs,
	        const struct err *e);
	/* After each handler: gives back what it left open, such as a transaction. */
	void (*finish)(struct ctx *cx);
	/* Each worker's own state, such as a database connection. */
	struct err *(*worker_open)(struct ctx *cx, void *app, void **ret);
	void (*worker_close)(void *state);
};

/* Binds; nobody is answered before http_serve. */
MUST_USE struct err *http_open(
        struct ctx *cx, const struct http_config *c, struct http_server **ret);

MUST_USE struct err *http_serve(struct ctx *cx, struct http_server *s);

/* Accepts nobody new, finishes what runs (at most 10 s), then ends. NULL is nothing. */
void http_stop(struct http_server *s);

/* The port that is listened on: for "127.0.0.1:0". */
int http_port(const struct http_server *s);

/* On an inline route, before the request is given to another thread: counts what has been made
 * of it. False when all requests under way together hold too much: answer 503. */
bool http_hold(struct request *rq);

/* From any thread: the answer of a pending inline request is complete in its response. */
void http_complete(struct request *rq);

/* Whether the server's thread answers within the time: a request of our own, as from
 * outside. */
bool http_alive(struct http_server *s, usec_t within);

struct http_stats {
	uint64_t requests, refused, by_class[6]; /* answers 1xx..5xx by first digit */
	uint64_t connections;                    /* open now */
	uint64_t turned_away;                    /* for want of memory or of a worker */
	uint64_t crowded;                        /* closed: too many from one address */
};
void http_stats(struct http_server *s, struct http_stats *ret);

#endif
