/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/node.h"

#include "queries.h"

static const struct db_col node_cols[] = {
	DB_COL(struct node, name),
	DB_COL(struct node, boot),
	DB_COL(struct node, url),
	DB_COL(struct node, version),
	DB_COL(struct node, started_at),
	DB_COL(struct node, seen_at),
};
extern const struct db_row node_row, engine_news_row;
const struct db_row node_row = DB_ROW(struct node, node_cols);

static const struct db_col engine_news_cols[] = {
	DB_COL(struct engine_news, generation),
	DB_COL(struct engine_news, event),
	DB_COL(struct engine_news, revision),
	DB_COL(struct engine_news, timer),
	DB_COL(struct engine_news, page),
};
const struct db_row engine_news_row = DB_ROW(struct engine_news, engine_news_cols);

struct err *
node_seen(struct ctx *cx, struct engine *e, void *arg)
{
	struct node *n = arg;

	(void)e;
	n->seen_at = ctx_now(cx);
	TRY(db_post(cx, &q_node_seen,
	        DB_ARGS(n->name, n->boot, n->url, n->version, n->started_at, n->seen_at)));
	return db_post(cx, &q_node_forget, DB_ARGS(n->seen_at - NODE_FORGOTTEN_AFTER));
}

struct err *
node_gone(struct ctx *cx, struct engine *e, void *arg)
{
	const struct node *n = arg;

	(void)e;
	return db_post(cx, &q_node_gone, DB_ARGS(n->name, n->boot));
}

struct err *
node_list(struct ctx *cx, struct node **ret, size_t *ret_n)
{
	return db_list(cx, &q_node_list, DB_NO_ARGS, ret, ret_n);
}

struct err *
engine_news(struct ctx *cx, struct engine_news *ret)
{
	return db_one(cx, &q_engine_news, DB_NO_ARGS, ret);
}
