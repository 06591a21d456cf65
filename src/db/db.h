/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One face over SQLite and PostgreSQL. A struct db is one connection, used by one thread at a
 * time. All work happens inside a transaction that lives in the unit of work (cx->tx).
 *
 * SQL stands in `queries.sql` files beside its users and becomes const struct db_query at build
 * time (tools/queries). It is never assembled. Parameters are ?1, ?2...; the one text must be
 * right for both engines (docs/decisions/). Types are INT64, BOOL, TEXT; times are INT64
 * microseconds UTC.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"

struct db;

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_access { DB_READ, DB_WRITE };

struct db_tx {
	struct db *db;
	enum db_access access;
	int64_t changes;   /* rows touched by the last db_exec */
	uint64_t n_writes; /* db_exec and db_post so far */
};

/* How a column lands in a struct. */
enum db_type { DB_INT64, DB_INT32, DB_BOOL, DB_TEXT, DB_ENUM };

struct db_col {
	const char *name; /* must be the result column's name */
	enum db_type type;
	size_t offset;
	const char *const *names; /* DB_ENUM: stored as text, read into an int-sized enum */
	size_t n_names;
};

struct db_row {
	const struct db_col *cols;
	size_t n_cols;
	size_t size;
};

#define DB_TYPE_OF_(member)                                                                    \
	_Generic((member),                                                                         \
		int64_t: DB_INT64,                                                                 \
		int: DB_INT32,                                                                     \
		bool: DB_BOOL,                                                                     \
		const char *: DB_TEXT)
/* NULL is read as 0, false or NULL. Text is copied into cx's arena. */
#define DB_COL(owner, member)                                                                  \
	{                                                                                      \
		.name = #member, .type = DB_TYPE_OF_(((owner *)0)->member),                    \
		.offset = offsetof(owner, member)                                              \
	}
#define DB_COL_ENUM(owner, member, table)                                                      \
	{                                                                                      \
		.name = #member, .type = DB_ENUM, .offset = offsetof(owner, member),           \
		.names = (table), .n_names = NELEMS(table)                                     \
	}
#define DB_ROW(type, table)                                                                    \
	{                                                                                      \
		.cols = (table), .n_cols = NELEMS(table), .size = sizeof(type)                 \
	}

/*
 * Made by tools/queries from "-- name: incident_get :row incident_row" (the extern const
 * struct db_row that its results fill; without :row it returns nothing). slot is unique in the
 * program: prepared statements are kept per connection in an array.
 */
struct db_query {
	const char *name;
	const char *text;
	const struct db_row *row;
	unsigned slot;
};

/* Every query of the program, for the test that prepares them all on both engines. */
extern const struct db_query *const db_queries[];
extern const size_t n_db_queries;

/* ---- arguments ---- */

enum db_arg_type { DB_ARG_NULL, DB_ARG_INT, DB_ARG_BOOL, DB_ARG_TEXT };

struct db_arg {
	enum db_arg_type type;
	union {
		int64_t i;
		struct str s;
	};
};

struct db_args {
	const struct db_arg *items;
	size_t n;
};

static inline struct db_arg
db_arg_int(int64_t i)
{
	return (struct db_arg){ .type = DB_ARG_INT, .i = i };
}

static inline struct db_arg
db_arg_bool(bool b)
{
	return (struct db_arg){ .type = DB_ARG_BOOL, .i = b };
}

static inline struct db_arg
db_arg_text(const char *s) /* NULL is SQL NULL */
{
	if (s == NULL)
		return (struct db_arg){ .type = DB_ARG_NULL };
	return (struct db_arg){ .type = DB_ARG_TEXT, .s = str_from(s) };
}

static inline struct db_arg
db_arg_str(struct str s)
{
	return (struct db_arg){ .type = DB_ARG_TEXT, .s = s };
}

/* An optional number: absent is SQL NULL. */
static inline struct db_arg
db_arg_self(struct db_arg a)
{
	return a;
}
#define DB_NULL_IF(absent, value)                                                              \
	((absent) ? (struct db_arg){ .type = DB_ARG_NULL } : db_arg_int(value))

#define DB_ARG_(x)                                                                             \
	_Generic((x),                                                                              \
		bool: db_arg_bool,                                                                 \
		int: db_arg_int,                                                                   \
		unsigned: db_arg_int,                                                              \
		int64_t: db_arg_int,                                                               \
		size_t: db_arg_int,                                                                \
		char *: db_arg_text,                                                               \
		const char *: db_arg_text,                                                         \
		struct str: db_arg_str,                                                            \
		struct db_arg: db_arg_self)(x)

#include "db/db_args.h" /* DB_ARGS(a, b, ...): up to 32 values of any of the types above */
#define DB_NO_ARGS ((struct db_args){ NULL, 0 })

/* ---- connections ---- */

/*
 * "sqlite:PATH" (made when absent; ":memory:" for tests) or "postgres://...". SQLite gets WAL,
 * synchronous=FULL, foreign keys, a busy timeout. DB_READ connections refuse to write.
 * ERR_UNAVAILABLE when it cannot be reached, ERR_INVALID for a malformed url.
 */
MUST_USE struct err *db_open(
        struct ctx *cx, const char *url, enum db_access access, struct db **ret);
void db_close(struct db *db);

/*
 * Of a PostgreSQL cluster an old primary that came back is refused, once a later one was seen
 * (docs/decisions/old-primaries.md). What was seen is kept in this file, so that it outlives
 * the process. Call it before the first db_open; a file that cannot be read or written is said
 * in the log and goes without.
 */
void db_keep_history(const char *path);
enum db_engine db_engine_of(const struct db *db);
const char *db_url_of(const struct db *db); /* without a password */

/*
 * Runs the numbered migrations that are missing, under a lock, each in its own transaction, and
 * checks the hashes of those done. ERR_CONFLICT when the database is newer than this binary or
 * a past migration differs; the message says which and what to do.
 */
MUST_USE struct err *db_migrate(struct ctx *cx, struct db *db);

/* How far the database is; 0 for an empty one. */
MUST_USE struct err *db_version(struct ctx *cx, struct db *db, int64_t *ret);

/* ---- transactions ---- */

/* Sets cx->tx. DB_WRITE takes SQLite's write lock at once (BEGIN IMMEDIATE). */
MUST_USE struct err *db_begin(struct ctx *cx, struct db *db, enum db_access access);

/* In a write transaction, before its first statement: waits until every other process that did
 * this has ended its transaction, in the order in which they came. SQLite's write lock does so
 * by itself. ERR_UNAVAILABLE when the wait is too long. */
MUST_USE struct err *db_take_turn(struct ctx *cx);

/* Outside of a transaction: waits until another connection has committed a turn, until `wake`
 * (a descriptor) can be read, or until span is over. True when it was told of a turn, or may
 * have missed one: then look. PostgreSQL tells, unless a pooler stands before it; SQLite never
 * does. The first call begins to listen and returns true at once. */
bool db_wait(struct ctx *cx, struct db *db, int wake, usec_t span);

/* After it returns NULL the transaction is synced to disk. cx->tx is NULL either way.
 * ERR_UNAVAILABLE: the outcome may be unknown (lost connection); ERR_CONFLICT: serialisation,
 * run it again. */
MUST_USE struct err *db_commit(struct ctx *cx);
void db_rollback(struct ctx *cx); /* nothing when no transaction is open */

/*
 * As db_commit, but where *ret_owed is true the disk has not been waited for: others see what
 * was written and it outlives the process, not yet the machine. db_settle waits; nothing may
 * be answered before. At most one commit is owed at a time.
 */
MUST_USE struct err *db_commit_early(struct ctx *cx, bool *ret_owed);

/* Waits until the commit that is owed is on disk. On any thread, one at a time, also beside the
 * connection's own. After an error it is still owed: call it again, on the connection's own. */
MUST_USE struct err *db_settle(struct ctx *cx, struct db *db);

/* ---- statements; all need cx->tx ---- */

/* Runs it and sets cx->tx->changes. */
MUST_USE struct err *db_exec(struct ctx *cx, const struct db_query *q, struct db_args args);

/* As db_exec where the count of changes is not looked at: PostgreSQL sends it down the pipeline
 * and reports its failure at the next call that waits, at the latest at commit. */
MUST_USE struct err *db_post(struct ctx *cx, const struct db_query *q, struct db_args args);

/* One row into ret (the struct of q->row). ERR_NOT_FOUND when there is none. */
MUST_USE struct err *db_one(
        struct ctx *cx, const struct db_query *q, struct db_args args, void *ret);

/* One of many questions asked together: as db_maybe with these args and ret. */
struct db_ask {
	struct db_args args;
	void *ret;
	bool found;
};

/* The same query with many arguments, in one exchange with the server instead of one each. */
MUST_USE struct err *db_maybe_all(
        struct ctx *cx, const struct db_query *q, struct db_ask *asks, size_t n);

/* One row or none. */
MUST_USE struct err *db_maybe(struct ctx *cx, const struct db_query *q, struct db_args args,
        void *ret, bool *ret_found);

/* All rows as an array of structs in the arena. *(T **)ret_items, *ret_n. */
MUST_USE struct err *db_list(struct ctx *cx, const struct db_query *q, struct db_args args,
        void *ret_items, size_t *ret_n);

/* Row by row without keeping them: for exports and checks of any length. row is reused. Texts
 * live in an arena that is emptied between rows. A returned error stops and is passed on. */
typedef struct err *db_each_fn(struct ctx *cx, void *arg, void *row);
MUST_USE struct err *db_each(struct ctx *cx, const struct db_query *q, struct db_args args,
        db_each_fn *fn, void *arg);

/* The same without a struct: the row as arguments, in the order of its columns, NULL kept apart
 * from 0. They are valid until fn returns. Truth is a number. For copies of whole tables. */
#define DB_RAW_MAX 64
typedef struct err *db_raw_fn(struct ctx *cx, void *arg, struct db_args row);
MUST_USE struct err *db_each_raw(
        struct ctx *cx, const struct db_query *q, db_raw_fn *fn, void *arg);

/* The names of the columns that q gives. */
MUST_USE struct err *db_columns(
        struct ctx *cx, const struct db_query *q, const char ***ret, size_t *ret_n);

/* Compiles q on this connection and compares result columns with q->row. For the test. */
MUST_USE struct err *db_check(struct ctx *cx, struct db *db, const struct db_query *q);

/* Consistent copy of a live SQLite database to a file, while others write. ERR_INVALID on
 * PostgreSQL (use pg_dump). */
MUST_USE struct err *db_backup(struct ctx *cx, struct db *db, const char *path);

#endif
