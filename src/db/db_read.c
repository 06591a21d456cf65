/* SPDX-License-Identifier: Apache-2.0 */
/* Reading on both engines: one row, all, one after the other, many questions at once. */
#include "db/db.h"

#include "db/driver.h"

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
		return db_fail(db, e);
	return rows_match(cx, db, st);
}

static struct err *
next_row(struct ctx *cx, bool *ret_row)
{
	struct db *db = cx->tx->db;

	return db_fail(db, db->driver->step(cx, db, ret_row));
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

	TRY(db_ready(cx, q, args, &st));
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
ask_all(struct ctx *cx, const struct db_query *q, const struct db_ask *asks, size_t n)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st = NULL;

	for (size_t i = 0; i < n; i++)
		TRY(db_ready(cx, q, asks[i].args, &st));
	return db_fail(db, db->driver->ask(cx, db, st, asks, n));
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
hear_all(struct ctx *cx, const struct db_query *q, struct db_ask *asks, size_t n)
{
	struct db *db = cx->tx->db;
	struct db_stmt *st = db_stmt_of(db, q);

	for (size_t i = 0; i < n; i++) {
		db->driver->hear(db, i);
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

	struct err *e = ask_all(cx, q, asks, n);
	if (e == NULL)
		e = hear_all(cx, q, asks, n);
	db->driver->asked(db);
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

	TRY(db_ready(cx, q, args, &st));
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

	TRY(db_ready(cx, q, args, &st));
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

	TRY(db_fail(db, db->driver->run(cx, db, st, DB_NO_ARGS, DB_FETCH_ROWS)));
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

	TRY(db_ready(cx, q, DB_NO_ARGS, &st));
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

	TRY(db_ready(cx, q, DB_NO_ARGS, &st));
	struct err *e = db_fail(db, db->driver->describe(cx, db, st));
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
