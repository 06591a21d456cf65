/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL: writes at READ COMMITTED, because the engine's statements name the state that
 * they expect; reads on a snapshot of their own. A lost connection fails its transaction and is
 * made anew by the next one.
 */
#include <stdio.h>

#include "db/postgres_priv.h"

/* Any fixed number will do, so long as all versions of the program use the same. */
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock(127978924763502)"

/* A migration takes as long as it takes, and so does a walk through a whole table, which waits
 * for nobody and whom nobody waits for. */
#define NO_STATEMENT_MAX "SET LOCAL statement_timeout = 0"

/* ---- transactions ---- */

static struct err *
text_now(struct ctx *cx, struct postgres *pg, const char *sql)
{
	TRY(pg_send_text(cx, pg, sql));
	return pg_sync(cx, pg, NULL);
}

static struct err *
postgres_begin(struct ctx *cx, struct db *db, enum db_access access)
{
	struct postgres *pg = pg_of(db);
	const char *sql = access == DB_WRITE
	        ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
	        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

	if (!pg->broken && !pg_history_passed(&pg->history)) {
		struct err *e = text_now(cx, pg, sql);
		if (e == NULL)
			return NULL;
		err_ignore(e, "lost or made a standby while nothing went on: find another");
	}
	TRY(pg_connect(cx, pg));
	return text_now(cx, pg, sql);
}

static void
postgres_rollback(struct db *db)
{
	struct postgres *pg = pg_of(db);
	struct ctx cx;

	ctx_init(&cx, NULL);
	pg_rows_drop(pg);
	if (!pg->broken && pg->n_queue > 0)
		err_ignore(pg_sync(&cx, pg, NULL), "it is undone anyway");
	if (!pg->broken && text_now(&cx, pg, "ROLLBACK") != NULL)
		pg->broken = true; /* closing it rolls back too */
	ctx_close(&cx);
}

static struct err *
postgres_commit(struct ctx *cx, struct db *db)
{
	struct postgres *pg = pg_of(db);
	PGresult *result = NULL;
	struct err *e = pg_rows_send_all(cx, pg);

	if (e == NULL)
		e = pg_send_text(cx, pg, "COMMIT");
	if (e == NULL)
		e = pg_sync(cx, pg, &result);
	/* A transaction that has failed answers COMMIT with success and ROLLBACK. */
	if (e == NULL && !str_is(str_from(PQcmdStatus(result)), "COMMIT"))
		e = err_new(cx, ERR_BUG, "commit: the transaction had failed unnoticed");
	PQclear(result);
	if (e != NULL)
		postgres_rollback(db);
	return e;
}

/* A lock of a table and not of its row: waiters of a row may be overtaken by who has just let
 * go of it, those of a table are served in their order. Both are sent ahead of what comes
 * next. */
static struct err *
postgres_take_turn(struct ctx *cx, struct db *db)
{
	TRY(pg_send_text(cx, pg_of(db), "LOCK TABLE turn IN EXCLUSIVE MODE"));
	return pg_send_text(cx, pg_of(db), "NOTIFY " PG_CHANNEL);
}

/* ---- statements ---- */

static struct err *
postgres_prepare(struct ctx *cx, struct db *db, struct db_stmt *st)
{
	return pg_send_prepare(cx, pg_of(db), st);
}

static void
postgres_forget(struct db *db, struct db_stmt *st)
{
	(void)db; /* the name is not used again; the server keeps it until the session ends */
	st->ready = false;
}

static struct err *
postgres_run(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args,
        enum db_fetch fetch)
{
	struct postgres *pg = pg_of(db);

	pg->row = -1;
	pg->changes = 0;
	TRY(pg_rows_send(cx, pg, st->query->text));
	if (fetch == DB_FETCH_ALL) {
		TRY(pg_send_run(cx, pg, st, args));
		TRY(pg_sync(cx, pg, &pg->result));
		pg->end = PQntuples(pg->result);
		return NULL;
	}
	/* Alone in the pipeline: the mode is set for the statement whose replies come next. */
	TRY(pg_send_text(cx, pg, NO_STATEMENT_MAX));
	TRY(pg_sync(cx, pg, NULL));
	TRY(pg_send_run(cx, pg, st, args));
	return pg_stream(cx, pg, st->query->name);
}

static struct err *
postgres_post(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args)
{
	return pg_rows_post(cx, pg_of(db), st, args);
}

static void
note_changes(struct postgres *pg)
{
	/* SELECT counts its rows too. */
	if (!str_starts(str_from(PQcmdStatus(pg->result)), STR("SELECT")))
		str_int(str_from(PQcmdTuples(pg->result)), &pg->changes);
}

/* In a stream each row is a result of its own; one without rows ends it. */
static struct err *
postgres_step(struct ctx *cx, struct db *db, bool *ret_row)
{
	struct postgres *pg = pg_of(db);

	pg->row++;
	if (pg->streaming) {
		PQclear(pg->result);
		pg->result = NULL;
		pg->row = 0;
		TRY(pg_next(cx, pg, "rows", &pg->result));
		pg->end = PQntuples(pg->result);
	}
	*ret_row = pg->row < pg->end;
	if (!*ret_row)
		note_changes(pg);
	return NULL;
}

static int64_t
postgres_changes(struct db *db)
{
	return pg_of(db)->changes;
}

static void
postgres_finish(struct db *db)
{
	struct postgres *pg = pg_of(db);

	if (!pg->is_lent)
		PQclear(pg->result);
	pg->result = NULL;
	pg->is_lent = false;
	pg->n_hidden = 0;
	if (pg->streaming)
		pg_stream_end(pg);
}

static struct err *
postgres_describe(struct ctx *cx, struct db *db, struct db_stmt *st)
{
	struct postgres *pg = pg_of(db);

	TRY(pg_send_describe(cx, pg, st));
	return pg_sync(cx, pg, &pg->result);
}

static const char *
postgres_column(struct db *db, int i)
{
	const struct postgres *pg = pg_of(db);

	return i < PQnfields(pg->result) - pg->n_hidden ? PQfname(pg->result, i) : NULL;
}

static void
postgres_cell(struct db *db, int i, bool as_text, struct db_cell *ret)
{
	const struct postgres *pg = pg_of(db);
	Oid type = PQftype(pg->result, i);

	ret->is_null = PQgetisnull(pg->result, pg->row, i) != 0;
	if (ret->is_null)
		return;
	ret->text.p = PQgetvalue(pg->result, pg->row, i);
	ret->text.len = (size_t)PQgetlength(pg->result, pg->row, i);
	if (as_text || type == PG_TYPE_TEXT)
		ret->is_wrong = !as_text || type != PG_TYPE_TEXT;
	else if (type == PG_TYPE_BOOL)
		ret->number = str_is(ret->text, "t");
	else
		ret->is_wrong = !str_int(ret->text, &ret->number);
}

/* ---- the rest ---- */

/* Several statements at once are for a connection that is not in pipeline mode. */
static struct err *
postgres_script(struct ctx *cx, struct db *db, const char *text)
{
	struct postgres *pg = pg_of(db);

	TRY(pg_rows_send_all(cx, pg));
	TRY(pg_sync(cx, pg, NULL));
	if (!PQexitPipelineMode(pg->conn))
		return pg_lost(cx, pg, "script");
	PGresult *result = PQexec(pg->conn, text);
	ExecStatusType status = PQresultStatus(result);
	struct err *e = NULL;
	if (status == PGRES_FATAL_ERROR)
		e = pg_err(cx, pg, result, "script");
	PQclear(result);
	if (!PQenterPipelineMode(pg->conn) && e == NULL)
		e = pg_lost(cx, pg, "script");
	return e;
}

static struct err *
postgres_lock_schema(struct ctx *cx, struct db *db)
{
	TRY(pg_send_text(cx, pg_of(db), NO_STATEMENT_MAX));
	return text_now(cx, pg_of(db), SCHEMA_LOCK);
}

static struct err *
postgres_has_table(struct ctx *cx, struct db *db, const char *name, bool *ret)
{
	struct postgres *pg = pg_of(db);
	PGresult *result;

	/* The name is ours, a constant. */
	TRY(pg_send_text(
	        cx, pg, arena_printf(&cx->mem, "SELECT to_regclass('%s') IS NOT NULL", name)));
	TRY(pg_sync(cx, pg, &result));
	*ret = str_is(str_from(PQgetvalue(result, 0, 0)), "t");
	PQclear(result);
	return NULL;
}

static struct err *
postgres_backup(struct ctx *cx, struct db *db, const char *path)
{
	(void)db;
	(void)path;
	return err_new(cx, ERR_INVALID, "PostgreSQL is backed up with its own tools: pg_dump");
}

const struct db_driver db_postgres = {
	.engine = DB_POSTGRES,
	.open = pg_open,
	.close = pg_close,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.take_turn = postgres_take_turn,
	.wait = pg_wait,
	.prepare = postgres_prepare,
	.forget = postgres_forget,
	.run = postgres_run,
	.post = postgres_post,
	.ask = pg_ask,
	.hear = pg_hear,
	.asked = pg_asked,
	.step = postgres_step,
	.changes = postgres_changes,
	.finish = postgres_finish,
	.describe = postgres_describe,
	.column = postgres_column,
	.cell = postgres_cell,
	.script = postgres_script,
	.lock_schema = postgres_lock_schema,
	.has_table = postgres_has_table,
	.backup = postgres_backup,
};
