/* SPDX-License-Identifier: Apache-2.0 */
/* Sending ahead and collecting replies in order. */
#include <inttypes.h>
#include <stdio.h>

#include "db/postgres_priv.h"

#define NAME_MAX_BYTES 16
#define NUMBER_MAX_BYTES 24
#define SEND_EVERY 32

/* ---- sending ---- */

/* Makes room first: the queue is bounded. */
static struct err *
sent(struct ctx *cx, struct postgres *pg, int ok, const char *what, struct db_stmt *prepares)
{
	if (!ok)
		return pg_lost(cx, pg, what);
	pg->queue[pg->n_queue++] = (struct pg_expected){ what, prepares, NULL };
	/* Lets the server begin while we go on. */
	if (pg->n_queue % SEND_EVERY == 0 && PQflush(pg->conn) < 0)
		return pg_lost(cx, pg, what);
	return NULL;
}

static struct err *
make_room(struct ctx *cx, struct postgres *pg)
{
	if (pg->broken)
		return pg_lost(cx, pg, "send");
	return pg->n_queue < PG_QUEUE_MAX ? NULL : pg_sync(cx, pg, NULL);
}

static void
name_of(const struct db_stmt *st, char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "q%u", st->serial);
}

struct err *
pg_send_text(struct ctx *cx, struct postgres *pg, const char *sql)
{
	TRY(make_room(cx, pg));
	int ok = PQsendQueryParams(pg->conn, sql, 0, NULL, NULL, NULL, NULL, 0);
	return sent(cx, pg, ok, sql, NULL);
}

struct err *
pg_send_prepare(struct ctx *cx, struct postgres *pg, struct db_stmt *st)
{
	char name[NAME_MAX_BYTES];

	TRY(make_room(cx, pg));
	st->serial = ++pg->serial;
	name_of(st, name);
	/* Types are left to the server, which knows the columns. */
	int ok = PQsendPrepare(
	        pg->conn, name, dialect_params(&cx->mem, st->query->text), 0, NULL);
	st->ready = true; /* until its reply says otherwise */
	return sent(cx, pg, ok, st->query->name, st);
}

/*
 * Numbers and truth go as text, which suits whatever type the server has inferred; texts go as
 * they are, which saves a copy with an end mark.
 */
struct params {
	const char *values[PG_ARGS_MAX];
	int lengths[PG_ARGS_MAX];
	int formats[PG_ARGS_MAX];
	char numbers[PG_ARGS_MAX][NUMBER_MAX_BYTES];
};

static void
put_param(struct params *p, size_t i, const struct db_arg *a)
{
	p->values[i] = NULL;
	p->lengths[i] = 0;
	p->formats[i] = 0;
	switch (a->type) {
	case DB_ARG_NULL:
		break;
	case DB_ARG_INT:
	case DB_ARG_BOOL:
		snprintf(p->numbers[i], NUMBER_MAX_BYTES, "%" PRId64, a->i);
		p->values[i] = p->numbers[i];
		break;
	case DB_ARG_TEXT:
		p->values[i] = a->s.p != NULL ? a->s.p : "";
		p->lengths[i] = (int)a->s.len;
		p->formats[i] = 1;
		break;
	}
}

struct err *
pg_send_run(struct ctx *cx, struct postgres *pg, struct db_stmt *st, struct db_args args)
{
	char name[NAME_MAX_BYTES];
	struct params p;

	if (args.n > PG_ARGS_MAX)
		return err_new(cx, ERR_BUG, "query %s has more than %d arguments",
		        st->query->name, PG_ARGS_MAX);
	TRY(make_room(cx, pg));
	for (size_t i = 0; i < args.n; i++)
		put_param(&p, i, &args.items[i]);
	name_of(st, name);
	int ok = PQsendQueryPrepared(
	        pg->conn, name, (int)args.n, p.values, p.lengths, p.formats, 0);
	return sent(cx, pg, ok, st->query->name, NULL);
}

struct err *
pg_send_describe(struct ctx *cx, struct postgres *pg, struct db_stmt *st)
{
	char name[NAME_MAX_BYTES];

	TRY(make_room(cx, pg));
	name_of(st, name);
	return sent(cx, pg, PQsendDescribePrepared(pg->conn, name), st->query->name, NULL);
}

/* ---- collecting ---- */

static struct err *
judge(struct ctx *cx, struct postgres *pg, const PGresult *result, const char *what)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
	case PGRES_PIPELINE_ABORTED: /* skipped for a failure already told */
		return NULL;
	case PGRES_EMPTY_QUERY:
	case PGRES_COPY_OUT:
	case PGRES_COPY_IN:
	case PGRES_COPY_BOTH:
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
	case PGRES_PIPELINE_SYNC:
		break;
	}
	return pg_err(cx, pg, result, what);
}

/* The reply to one thing sent, up to the NULL that ends it. */
static struct err *
collect(struct ctx *cx, struct postgres *pg, const struct pg_expected *x, PGresult **ret)
{
	PGresult *result = PQgetResult(pg->conn);
	struct err *e =
	        result == NULL ? pg_lost(cx, pg, x->what) : judge(cx, pg, result, x->what);

	if (x->prepares != NULL && PQresultStatus(result) != PGRES_COMMAND_OK)
		x->prepares->ready = false;
	for (PGresult *more; !pg->broken && (more = PQgetResult(pg->conn)) != NULL;)
		PQclear(more);
	if (x->keep != NULL)
		ret = x->keep;
	PQclear(*ret);
	*ret = result;
	return e;
}

/* The mark that ends a group. It has no NULL behind it. */
static struct err *
collect_mark(struct ctx *cx, struct postgres *pg)
{
	PGresult *result = PQgetResult(pg->conn);
	bool is_mark = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

	PQclear(result);
	return is_mark ? NULL : pg_lost(cx, pg, "synchronise");
}

struct err *
pg_sync(struct ctx *cx, struct postgres *pg, PGresult **ret)
{
	struct err *first = NULL, *e;
	PGresult *last = NULL;

	if (pg->broken || !PQpipelineSync(pg->conn))
		return pg_lost(cx, pg, "synchronise");
	size_t n = pg->n_queue;
	for (size_t i = 0; i < n && !pg->broken; i++) {
		e = collect(cx, pg, &pg->queue[i], &last);
		if (first == NULL)
			first = e;
	}
	pg->n_queue = 0;
	if (!pg->broken) {
		e = collect_mark(cx, pg);
		if (first == NULL)
			first = e;
	}
	if (first == NULL && ret != NULL)
		*ret = last;
	else
		PQclear(last);
	return first;
}

/* ---- row by row ---- */

struct err *
pg_stream(struct ctx *cx, struct postgres *pg, const char *what)
{
	pg->n_queue = 0;
	if (!PQsetSingleRowMode(pg->conn) || !PQpipelineSync(pg->conn))
		return pg_lost(cx, pg, what);
	pg->streaming = true;
	return NULL;
}

struct err *
pg_next(struct ctx *cx, struct postgres *pg, const char *what, PGresult **ret)
{
	PGresult *result = PQgetResult(pg->conn);

	if (result == NULL)
		return pg_lost(cx, pg, what);
	struct err *e = judge(cx, pg, result, what);
	if (e != NULL) {
		PQclear(result);
		return e;
	}
	*ret = result;
	return NULL;
}

void
pg_stream_end(struct postgres *pg)
{
	bool at_mark = false;
	PGresult *result;

	pg->streaming = false;
	while (!at_mark && PQstatus(pg->conn) == CONNECTION_OK) {
		result = PQgetResult(pg->conn);
		at_mark = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	if (!at_mark)
		pg->broken = true;
}
