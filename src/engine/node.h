/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node is one process that serves a database. Several may serve the same one: they write in
 * turns (engine.h), and each learns what the others did by asking for the news.
 */
#ifndef ENGINE_NODE_H
#define ENGINE_NODE_H

#include "engine/engine.h"

struct node {
	const char *name; /* the same after a restart: "db1:9110" */
	const char *boot; /* another one after each start */
	const char *url;
	const char *version;
	int64_t started_at, seen_at;
};

#define NODE_SEEN_EVERY SECONDS(5)
#define NODE_GONE_AFTER SECONDS(20) /* it has stopped, or cannot reach the database */
#define NODE_FORGOTTEN_AFTER DAYS(7)

/* engine_fn with arg struct node: it is alive; seen_at is set. */
MUST_USE struct err *node_seen(struct ctx *cx, struct engine *e, void *arg);

/* The same: it stops, as it was asked to. */
MUST_USE struct err *node_gone(struct ctx *cx, struct engine *e, void *arg);

/* All that were alive in the last days, by name. Needs cx->tx. */
MUST_USE struct err *node_list(struct ctx *cx, struct node **ret, size_t *ret_n);

/* Where the record stands. Needs cx->tx. */
struct engine_news {
	int64_t generation; /* moves with each transaction */
	int64_t event;      /* the newest */
	int64_t revision;   /* of the configuration */
	int64_t timer;      /* when the next is due; 0: none */
	int64_t page;       /* when the next is due to be claimed; 0: none */
};
MUST_USE struct err *engine_news(struct ctx *cx, struct engine_news *ret);

#endif
