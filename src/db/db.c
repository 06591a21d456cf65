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

/* The first failure is kept in the connection: errors live in arenas that may go before it. */
static struct err *
fail(struct db *db, struct err *e)
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

	return fail(db, db->driver->take_turn(cx, db));
}

bool
db_wait(struct ctx *cx, struct db *db, int wake, usec_t span)
{
	struct pollfd fd = { .fd = wake, .events = POLLIN };

	assert(!db->in_tx);
	if (db->driver->wait != NULL)
		return db->driver->wait(cx, db, wake, span);
	poll(&fd, 1, (int)((span + USEC_PER_MS - 1) / USEC_PER_MS));
	return false;
}

struct err *
db_commit(struct ctx *cx)
{
	assert(cx->tx != NULL);
	struct db *db = cx->tx->db;

	if (db->failed) {
		db_rollback(cx);
		return failed_before(cx, db);
	}
	cx->tx = NULL;
	db->in_tx = false;
	return db->driver->commit(cx, db);
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

static struct db_stmt *
stmt_of(struct db *db, const struct db_query *q)
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
	struct db_stmt *st = stmt_of(db, q);

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

/* What must hold before any statement; gives it prepared. */
static struct err *
ready(struct ctx *cx, const struct db_query *q, struct db_args args, struct db_stmt **ret)
{
	assert(cx->tx != NULL);
	struct db *db = cx->tx->db;

	if (db->failed)
		return failed_before(cx, db);
	if (db->in_each)
		return err_new(cx, ERR_BUG, "query %s inside the rows of another", q->name);
	TRY(check_texts(cx, q, args));
	return fail(db, prepared(cx, db, q, ret));
}

static struct err *
ready_to_write(
        struct ctx *cx, const struct db_query *q, struct db_args args, struct db_stmt **ret)
{
	if (cx->tx->access == DB_READ)
		return err_new(cx, ERR_BUG, "query %s writes in a read transaction", q->name);
	cx->tx->n_writes++;
	return ready(cx, q, args, ret);
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
	return fail(db, e);
}

struct err *
db_post(struct ctx *cx, const struct db_query *q, struct db_args args)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;

	TRY(ready_to_write(cx, q, args, &st));
	return fail(db, db->driver->post(cx, db, st, args));
}

/* ---- rows ---- */

/* The caller finishes, whatever this returns. */
static struct err *
first_row(struct ctx *cx, struct db_stmt *st, struct db_args args, enum db_fetch fetch,
        bool *ret_row)
{
	struct db *db = cx->tx->db;
	struct err *e = db->driver->run(cx, db, st, args, fetch);

	if (e == NULL)
		e = db->driver->step(cx, db, ret_row);
	if (e != NULL)
		return fail(db, e);
	return rows_match(cx, db, st);
}

static struct err *
next_row(struct ctx *cx, bool *ret_row)
{
	struct db *db = cx->tx->db;

	return fail(db, db->driver->step(cx, db, ret_row));
}

static struct err *
read_only_row(struct ctx *cx, struct db_stmt *st, struct db_args args, void *row, bool *ret)
{
	struct db *db = cx->tx->db;
	bool found = false, more = false;

	TRY(first_row(cx, st, args, DB_FETCH_ALL, &found));
	if (found) {
		TRY(rows_read(cx, db, st, &cx->mem, row));
		TRY(next_row(cx, &more));
	}
	if (more)
		return err_new(
		        cx, ERR_BUG, "query %s gives more than one row", st->query->name);
	*ret = found;
	return NULL;
}

struct err *
db_maybe(struct ctx *cx, const struct db_query *q, struct db_args args, void *ret,
        bool *ret_found)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;
	bool found = false;

	TRY(ready(cx, q, args, &st));
	void *row = q->row == NULL ? NULL : arena_alloc(&cx->mem, q->row->size);
	struct err *e = read_only_row(cx, st, args, row, &found);
	db->driver->finish(db);
	TRY(e);
	if (found)
		memcpy(ret, row, q->row->size);
	*ret_found = found;
	return NULL;
}

/* ---- many questions at once ---- */

static struct err *
ask_all(struct ctx *cx, const struct db_query *q, struct db_ask *asks, size_t n, void **slots)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;

	for (size_t i = 0; i < n; i++) {
		TRY(ready(cx, q, asks[i].args, &st));
		TRY(fail(db, db->driver->ask(cx, db, st, asks[i].args, &slots[i])));
	}
	return fail(db, db->driver->settle(cx, db));
}

static struct err *
hear_one(struct ctx *cx, struct db_stmt *st, struct db_ask *ask)
{
	struct db *db = cx->tx->db;

	TRY(next_row(cx, &ask->found));
	TRY(rows_match(cx, db, st));
	if (!ask->found)
		return NULL;
	memset(ask->ret, 0, st->query->row->size);
	return rows_read(cx, db, st, &cx->mem, ask->ret);
}

static struct err *
hear_all(struct ctx *cx, const struct db_query *q, struct db_ask *asks, size_t n, void **slots)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st = stmt_of(db, q);

	for (size_t i = 0; i < n; i++) {
		db->driver->hear(db, &slots[i]);
		struct err *e = hear_one(cx, st, &asks[i]);
		db->driver->finish(db);
		TRY(e);
	}
	return NULL;
}

struct err *
db_maybe_all(struct ctx *cx, const struct db_query *q, struct db_ask *asks, size_t n)
{
	struct db *db = cx->tx->db;

	for (size_t i = 0; db->driver->ask == NULL && i < n; i++)
		TRY(db_maybe(cx, q, asks[i].args, asks[i].ret, &asks[i].found));
	if (db->driver->ask == NULL || n == 0)
		return NULL;

	void **slots = ARENA_ARRAY(&cx->mem, n, void *);
	struct err *e = ask_all(cx, q, asks, n, slots);
	if (e == NULL)
		e = hear_all(cx, q, asks, n, slots);
	for (size_t i = 0; i < n; i++)
		db->driver->drop(&slots[i]);
	return e;
}

struct err *
db_one(struct ctx *cx, const struct db_query *q, struct db_args args, void *ret)
{
	bool found = false;

	TRY(db_maybe(cx, q, args, ret, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "%s: nothing found", q->name);
	return NULL;
}

struct row_list {
	char *items;
	size_t n, cap;
};

static struct err *
read_all(struct ctx *cx, struct db_stmt *st, struct db_args args, struct row_list *list)
{
	struct db *db = cx->tx->db;
	bool row;

	TRY(first_row(cx, st, args, DB_FETCH_ALL, &row));
	size_t size = st->query->row->size;
	while (row) {
		list->items = arena_grow_(&cx->mem, list->items, list->n, &list->cap, size);
		TRY(rows_read(cx, db, st, &cx->mem, list->items + list->n * size));
		list->n++;
		TRY(next_row(cx, &row));
	}
	return NULL;
}

struct err *
db_list(struct ctx *cx, const struct db_query *q, struct db_args args, void *ret_items,
        size_t *ret_n)
{
	struct db *db = cx->tx->db;
	struct row_list list = { 0 };
	struct db_stmt *st;

	TRY(ready(cx, q, args, &st));
	struct err *e = read_all(cx, st, args, &list);
	db->driver->finish(db);
	TRY(e);
	*(void **)ret_items = list.items;
	*ret_n = list.n;
	return NULL;
}

struct each {
	db_each_fn *fn;
	void *arg;
	struct arena mem; /* of one row's texts */
};

static struct err *
hand_out(struct ctx *cx, struct db_stmt *st, struct db_args args, struct each *each)
{
	struct db *db = cx->tx->db;
	bool row;

	TRY(first_row(cx, st, args, DB_FETCH_ROWS, &row));
	void *item = arena_alloc(&cx->mem, st->query->row->size);
	while (row) {
		memset(item, 0, st->query->row->size);
		TRY(rows_read(cx, db, st, &each->mem, item));
		TRY(each->fn(cx, each->arg, item));
		arena_free(&each->mem);
		TRY(next_row(cx, &row));
	}
	return NULL;
}

struct err *
db_each(struct ctx *cx, const struct db_query *q, struct db_args args, db_each_fn *fn,
        void *arg)
{
	struct db *db = cx->tx->db;
	struct each each = { .fn = fn, .arg = arg };
	struct db_stmt *st;

	TRY(ready(cx, q, args, &st));
	db->in_each = true;
	struct err *e = hand_out(cx, st, args, &each);
	db->in_each = false;
	db->driver->finish(db);
	arena_free(&each.mem);
	return e;
}

static struct db_arg
raw_cell(struct db *db, int i)
{
	struct db_cell cell = { 0 };

	db->driver->cell(db, i, true, &cell);
	if (cell.is_null)
		return db_arg_text(NULL);
	if (!cell.is_wrong)
		return db_arg_str(cell.text);
	cell = (struct db_cell){ 0 };
	db->driver->cell(db, i, false, &cell);
	return db_arg_int(cell.number);
}

static struct err *
hand_out_raw(struct ctx *cx, struct db_stmt *st, db_raw_fn *fn, void *arg)
{
	struct db *db = cx->tx->db;
	struct db_arg cells[DB_RAW_MAX];
	size_t n = 0;
	bool row;

	TRY(fail(db, db->driver->run(cx, db, st, DB_NO_ARGS, DB_FETCH_ROWS)));
	TRY(next_row(cx, &row));
	while (row && n < DB_RAW_MAX && db->driver->column(db, (int)n) != NULL)
		n++;
	while (row) {
		for (size_t i = 0; i < n; i++)
			cells[i] = raw_cell(db, (int)i);
		TRY(fn(cx, arg, (struct db_args){ cells, n }));
		TRY(next_row(cx, &row));
	}
	return NULL;
}

struct err *
db_each_raw(struct ctx *cx, const struct db_query *q, db_raw_fn *fn, void *arg)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st;

	TRY(ready(cx, q, DB_NO_ARGS, &st));
	db->in_each = true;
	struct err *e = hand_out_raw(cx, st, fn, arg);
	db->in_each = false;
	db->driver->finish(db);
	return e;
}

struct err *
db_columns(struct ctx *cx, const struct db_query *q, const char ***ret, size_t *ret_n)
{
	struct db *db = cx->tx->db;
	const char **names = ARENA_ARRAY(&cx->mem, DB_RAW_MAX, const char *);
	const char *name;
	struct db_stmt *st;
	size_t n = 0;

	TRY(ready(cx, q, DB_NO_ARGS, &st));
	struct err *e = fail(db, db->driver->describe(cx, db, st));
	for (; e == NULL && (name = db->driver->column(db, (int)n)) != NULL; n++) {
		if (n == DB_RAW_MAX)
			e = err_new(cx, ERR_LIMIT, "%s has more than %d columns", q->name,
			        DB_RAW_MAX);
		else
			names[n] = arena_strdup(&cx->mem, name);
	}
	db->driver->finish(db);
	*ret = names;
	*ret_n = n;
	return e;
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
	return fail(db,
	        db->driver->script(cx, db, dialect_script(&cx->mem, db_engine_of(db), sql)));
}
