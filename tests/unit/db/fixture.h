/* SPDX-License-Identifier: Apache-2.0 */
/* A table, queries on it, and an open database: what db_test.c stands on. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "db/driver.h"
#include "db/migrate.h"
#include "fresh.h"
#include <pthread.h>
#include <sys/stat.h>

/* ---- a table and its queries ---- */

enum colour { COLOUR_NONE, RED, GREEN, COLOUR_MAX };
static const char *const colour_names[COLOUR_MAX] = {
	[COLOUR_NONE] = "none",
	[RED] = "red",
	[GREEN] = "green",
};

struct thing {
	int64_t id;
	int small;
	bool flag;
	const char *name;
	enum colour colour;
};

static const struct db_col thing_cols[] = {
	DB_COL(struct thing, id),
	DB_COL(struct thing, small),
	DB_COL(struct thing, flag),
	DB_COL(struct thing, name),
	DB_COL_ENUM(struct thing, colour, colour_names),
};
static const struct db_row thing_row = DB_ROW(struct thing, thing_cols);

struct count {
	int64_t n;
};
static const struct db_col count_cols[] = { DB_COL(struct count, n) };
static const struct db_row count_row = DB_ROW(struct count, count_cols);

static const char thing_table[] =
        "CREATE TABLE thing (\n"
        "	id INT64 PRIMARY KEY, small INT64, flag BOOL,\n"
        "	name TEXT, colour TEXT, parent INT64 REFERENCES thing (id),\n"
        "	CHECK (small <> 666)\n"
        ");\n"
        "CREATE INDEX thing_name ON thing (name);\n";

/* Slots behind those of the program's own queries. */
#define TEST_SLOT 5000
#define QUERY(at, text_, row_)                                                                 \
	{                                                                                      \
		.name = #at, .text = (text_), .row = (row_), .slot = TEST_SLOT + (at)          \
	}

enum {
	ADD,
	GET,
	ALL,
	RENAME,
	COUNT,
	FIND,
	BROKEN,
	NO_COLUMN,
	MORE_COLUMNS,
	RETURNS,
	ADD_CHILD,
	SUM,
	LITERAL,
	RAISE,
	N_QUERIES
};

#define THING "id, small, flag, name, colour"
static const struct db_query queries[N_QUERIES] = {
	[ADD] = QUERY(ADD, "INSERT INTO thing (" THING ") VALUES (?1, ?2, ?3, ?4, ?5)", NULL),
	[GET] = QUERY(GET, "SELECT " THING " FROM thing WHERE id = ?1", &thing_row),
	[ALL] = QUERY(
	        ALL, "SELECT colour, name, flag, small, id FROM thing ORDER BY id", &thing_row),
	[RENAME] = QUERY(RENAME, "UPDATE thing SET name = ?2 WHERE id >= ?1", NULL),
	[COUNT] = QUERY(COUNT, "SELECT COUNT(*) AS n FROM thing", &count_row),
	[FIND] = QUERY(FIND,
	        "SELECT " THING " FROM thing WHERE (name = ?1 OR ?1 IS NULL) ORDER BY id",
	        &thing_row),
	[BROKEN] = QUERY(BROKEN, "SELECT nothing FROM nowhere", NULL),
	[NO_COLUMN] = QUERY(NO_COLUMN, "SELECT id, small, flag, name FROM thing", &thing_row),
	[MORE_COLUMNS] = QUERY(MORE_COLUMNS, "SELECT " THING ", parent FROM thing", &thing_row),
	[RETURNS] = QUERY(RETURNS,
	        "UPDATE thing SET small = small + 1 WHERE id = ?1 RETURNING " THING,
	        &thing_row),
	[ADD_CHILD] = QUERY(ADD_CHILD, "INSERT INTO thing (id, parent) VALUES (?1, ?2)", NULL),
	[SUM] = QUERY(SUM, "SELECT SUM(id) AS n FROM thing", &count_row),
	[LITERAL] = QUERY(LITERAL,
	        "SELECT COUNT(*) AS n FROM thing WHERE name = '?1' AND id = ?1", &count_row),
	[RAISE] = QUERY(RAISE, "UPDATE thing SET small = 666 WHERE id = ?1", NULL),
};

/* ---- fixture ---- */

struct fixture {
	struct fresh fresh;
	struct ctx cx;
	struct db *db;
};

static void
open_db(struct fixture *f)
{
	assert_ok(&f->cx, db_open(&f->cx, f->fresh.url, DB_WRITE, &f->db));
}

static int
setup(void **state)
{
	enum db_engine engine = *(const enum db_engine *)*state;
	struct fixture *f = test_calloc(1, sizeof *f);

	fresh_make(&f->fresh, engine);
	ctx_init(&f->cx, NULL);
	open_db(f);
	assert_ok(&f->cx, db_begin(&f->cx, f->db, DB_WRITE));
	assert_ok(&f->cx, db_script(&f->cx, thing_table));
	assert_ok(&f->cx, db_commit(&f->cx));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	db_rollback(&f->cx);
	db_close(f->db);
	ctx_close(&f->cx);
	fresh_drop(&f->fresh);
	test_free(f);
	return 0;
}

static struct err *
add(struct ctx *cx, int64_t id, const char *name)
{
	return db_exec(cx, &queries[ADD], DB_ARGS(id, 1, true, name, "red"));
}

static inline struct err *
post(struct ctx *cx, int64_t id, const char *name)
{
	return db_post(cx, &queries[ADD], DB_ARGS(id, 1, true, name, "red"));
}

static void
begin(struct fixture *f)
{
	assert_ok(&f->cx, db_begin(&f->cx, f->db, DB_WRITE));
}

/* In a transaction of its own. */
static inline int64_t
count(struct fixture *f)
{
	struct count c;

	assert_ok(&f->cx, db_begin(&f->cx, f->db, DB_READ));
	assert_ok(&f->cx, db_one(&f->cx, &queries[COUNT], DB_NO_ARGS, &c));
	assert_ok(&f->cx, db_commit(&f->cx));
	return c.n;
}

struct walk {
	int64_t seen;
	int64_t stop_at;
	bool nested;
};

static inline struct err *
walk_one(struct ctx *cx, void *arg, void *row)
{
	struct walk *w = arg;
	struct thing *t = row;

	assert_int_equal(t->id, w->seen);
	assert_string_equal(t->name, "walked");
	w->seen++;
	if (w->nested)
		return add(cx, 100000, "inside");
	return w->seen == w->stop_at ? err_new(cx, ERR_LIMIT, "enough") : NULL;
}

#define CASES(engine, of)                                                                      \
	{                                                                                      \
#of " on " engine##_NAME, of, setup, teardown, (void *)&engine##_VALUE         \
	}

static const enum db_engine SQLITE_VALUE = DB_SQLITE;
static const enum db_engine POSTGRES_VALUE = DB_POSTGRES;
#define SQLITE_NAME "SQLite"
#define POSTGRES_NAME "PostgreSQL"

#endif
