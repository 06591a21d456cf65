/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The face: what holds on both engines. Here is decided which engine a url names, that a failed
 * transaction stays failed, that a read transaction does not write, and which prepared
 * statement a query has on this connection.
 */
#include "db/db.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>

#include "db/driver.h"

/* ---- connections ---- */

static const struct {
	const char *prefix;
	const struct db_driver *driver;
} schemes[] = {
	{ "sqlite:", &db_sqlite },
	{ "postgres://", &db_postgres },
	{ "postgresql://", &db_postgres },
};

struct err *
db_open(struct ctx *cx, const char *url, enum db_access access, struct db **ret)
{
	for (size_t i = 0; i < NELEMS(schemes); i++)
		if (str_starts(str_from(url), str_from(schemes[i].prefix)))
			return schemes[i].driver->open(cx, url, access, ret);
	return err_new(cx, ERR_INVALID,
	        "a database is sqlite:PATH or postgres://..., not what begins with \"%.8s\"",
	        url);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	if (db->in_tx)
		db->driver->rollback(db);
	for (size_t i = 0; i < db->n_stmts; i++)
		if (db->stmts[i] != NULL)
			db->driver->forget(db, db->stmts[i]);

	struct arena mem = db->mem;
	db->driver->close(db);
	arena_free(&mem);
}

enum db_engine
db_engine_of(const struct db *db)
{
	return db->driver->engine;
}

const char *
db_url_of(const struct db *db)
{
	return db->shown_url;
}

/* ---- transactions ---- */

struct err *
db_fail(struct db *db, struct err *e)
{
	if (e == NULL || db->failed)
		return e;
	db->failed = true;
	db->failed_code = e->code;
	snprintf(db->failed_text, sizeof db->failed_text, "%s", e->msg);
	return e;
}

static struct err *
failed_before(struct ctx *cx, const struct db *db)
{
	return err_new(cx, db->failed_code, "this transaction has failed: %s", db->failed_text);
}

struct err *
db_begin(struct ctx *cx, struct db *db, enum db_access access)
{
	assert(cx->tx == NULL && !db->in_tx);
	if (access == DB_WRITE && db->access == DB_READ)
		return err_new(
		        cx, ERR_BUG, "a write transaction on a connection that only reads");
	db->failed = false;
	TRY(db->driver->begin(cx, db, access));
	db->in_tx = true;
	db->tx = (struct db_tx){ .db = db, .access = access };
	cx->tx = &db->tx;
	return NULL;
}

struct err *
db_take_turn(struct ctx *cx)
{
	assert(cx->tx != NULL && cx->tx->access == DB_WRITE);
	struct db *db = cx->tx->db;

	return db_fail(db, db->driver->take_turn(cx, db));
}

bool
db_wait(struct ctx *cx, struct db *db, int wake, usec_t span)
{
	assert(!db->in_tx);
	if (db->driver->wait != NULL)
		return db->driver->wait(cx, db, wake, span);
	db_wait_readable(-1, wake, span);
	return false;
}

void
db_wait_readable(int fd, int wake, usec_t span)
{
	struct pollfd fds[] = { { .fd = wake, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	poll(fds, NELEMS(fds), (int)((span + USEC_PER_MS - 1) / USEC_PER_MS));
}

/* The connection whose transaction ends with a commit. */
static struct err *
end(struct ctx *cx, struct db **ret)
{
	assert(cx->tx != NULL);
	struct db *db = cx->tx->db;

	*ret = db;
	if (db->failed) {
		db_rollback(cx);
		return failed_before(cx, db);
	}
	cx->tx = NULL;
	db->in_tx = false;
	return NULL;
}

struct err *
db_commit(struct ctx *cx)
{
	struct db *db;

	TRY(end(cx, &db));
	return db->driver->commit(cx, db);
}

struct err *
db_commit_early(struct ctx *cx, bool *ret_owed)
{
	struct db *db;

	*ret_owed = false;
	TRY(end(cx, &db));
	if (db->driver->commit_early == NULL)
		return db->driver->commit(cx, db);
	return db->driver->commit_early(cx, db, ret_owed);
}

struct err *
db_settle(struct ctx *cx, struct db *db)
{
	return db->driver->sync == NULL ? NULL : db->driver->sync(cx, db);
}

void
db_rollback(struct ctx *cx)
{
	if (cx->tx == NULL)
		return;
	struct db *db = cx->tx->db;
	cx->tx = NULL;
	if (!db->in_tx)
		return;
	db->in_tx = false;
	db->driver->rollback(db);
}

/* ---- statements ---- */

struct db_stmt *
db_stmt_of(struct db *db, const struct db_query *q)
{
	while (q->slot >= db->n_stmts) {
		size_t cap = db->n_stmts;
		if (cap == 0)
			cap = n_db_queries + 1;
		db->stmts = db->n_stmts == 0 ? ARENA_ARRAY(&db->mem, cap, struct db_stmt *)
		                             : arena_grow_(&db->mem, db->stmts, db->n_stmts,
		                                     &cap, sizeof *db->stmts);
		db->n_stmts = cap;
	}

	struct db_stmt **st = &db->stmts[q->slot];
	if (*st == NULL)
		*st = ARENA_NEW(&db->mem, struct db_stmt);
	return *st;
}

static struct err *
prepared(struct ctx *cx, struct db *db, const struct db_query *q, struct db_stmt **ret)
{
	struct db_stmt *st = db_stmt_of(db, q);

	if (st->query != q) { /* a test's own, that took the slot of another */
		if (st->query != NULL)
			db->driver->forget(db, st);
		*st = (struct db_stmt){ .query = q };
	}
	if (!st->ready)
		TRY(db->driver->prepare(cx, db, st));
	*ret = st;
	return NULL;
}

/* A text that ends early would be another text: PostgreSQL cannot store a NUL byte. */
static struct err *
check_texts(struct ctx *cx, const struct db_query *q, struct db_args args)
{
	for (size_t i = 0; i < args.n; i++) {
		const struct db_arg *a = &args.items[i];
		if (a->type == DB_ARG_TEXT && a->s.len > 0
		        && memchr(a->s.p, '\0', a->s.len) != NULL)
			return err_new(cx, ERR_INVALID,
			        "a text with a NUL byte cannot be stored (%s ?%zu)", q->name,
			        i + 1);
	}
	return NULL;
}

struct err *
db_ready(struct ctx *cx, const struct db_query *q, struct db_args args, struct db_stmt **ret)
{
	assert(cx->tx != NULL);
	struct db *db = cx->tx->db;

	if (db->failed)
		return failed_before(cx, db);
	if (db->in_each)
		return err_new(cx, ERR_BUG, "query %s inside the rows of another", q->name);
	TRY(check_texts(cx, q, args));
	return db_fail(db, prepared(cx, db, q, ret));
}

static struct err *
ready_to_write(
        struct ctx *cx, const struct db_query *q, struct db_args args, struct db_stmt **ret)
{
	if (cx->tx->access == DB_READ)
		return err_new(cx, ERR_BUG, "query %s writes in a read transaction", q->name);
	cx->tx->n_writes++;
	return db_ready(cx, q, args, ret);
}

static struct err *
run_to_end(struct ctx *cx, struct db_stmt *st, struct db_args args)
{
	struct db *db = cx->tx->db;
	bool row = true;

	TRY(db->driver->run(cx, db, st, args, DB_FETCH_ALL));
	while (row)
		TRY(db->driver->step(cx, db, &row));
	cx->tx->changes = db->driver->changes(db);
	return NULL;
}

struct err *
db_exec(struct ctx *cx, const struct db_query *q, struct db_args args)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;

	cx->tx->changes = 0;
	TRY(ready_to_write(cx, q, args, &st));
	struct err *e = run_to_end(cx, st, args);
	db->driver->finish(db);
	return db_fail(db, e);
}

struct err *
db_post(struct ctx *cx, const struct db_query *q, struct db_args args)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;

	TRY(ready_to_write(cx, q, args, &st));
	return db_fail(db, db->driver->post(cx, db, st, args));
}

/* ---- the rest ---- */

struct err *
db_check(struct ctx *cx, struct db *db, const struct db_query *q)
{
	struct db_stmt *st;

	TRY(prepared(cx, db, q, &st));
	struct err *e = db->driver->describe(cx, db, st);
	if (e == NULL && q->row != NULL)
		e = rows_match(cx, db, st);
	db->driver->finish(db);
	return e;
}

struct err *
db_backup(struct ctx *cx, struct db *db, const char *path)
{
	return db->driver->backup(cx, db, path);
}

struct err *
db_script(struct ctx *cx, const char *sql)
{
	assert(cx->tx != NULL);
	struct db *db = cx->tx->db;

	if (db->failed)
		return failed_before(cx, db);
	cx->tx->n_writes++;
	return db_fail(db,
	        db->driver->script(cx, db, dialect_script(&cx->mem, db_engine_of(db), sql)));
}
