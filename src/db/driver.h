/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind db.h: the connection, its cache of prepared statements, and what each
 * engine must be able to do. Included by src/db and its tests only.
 *
 * A statement runs in three steps: `run` binds and sends it, `step` moves to the next row,
 * `finish` lets go of it. Between run and finish `column` and `cell` describe what is there.
 * One statement runs at a time on a connection. The face (db.c) sees to the order, to read-only
 * transactions and to failed ones; an engine only translates.
 */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H

#include "db/db.h"

/* One query as one connection knows it. */
struct db_stmt {
	const struct db_query *query;
	bool ready;                  /* prepared on this connection */
	void *handle;                /* SQLite's */
	unsigned serial;             /* PostgreSQL's name for it: "q" and this number */
	const struct db_col **wants; /* per result column, where it goes; NULL: not yet known */
	int n_columns;
};

struct db_cell {
	bool is_null;
	bool is_wrong; /* not of the type that was asked for */
	int64_t number;
	struct str text; /* valid until the next step */
};

/* DB_FETCH_ROWS lets an engine hold back rows that nobody has asked for yet. */
enum db_fetch { DB_FETCH_ALL, DB_FETCH_ROWS };

struct db_driver {
	enum db_engine engine;
	MUST_USE struct err *(*open)(
	        struct ctx *cx, const char *url, enum db_access access, struct db **ret);
	void (*close)(struct db *db);
	MUST_USE struct err *(*begin)(struct ctx *cx, struct db *db, enum db_access access);
	MUST_USE struct err *(*commit)(
	        struct ctx *cx, struct db *db); /* rolled back on error */
	void (*rollback)(struct db *db);
	/* As db_commit_early and db_settle; NULL: a commit always waits for the disk. */
	MUST_USE struct err *(*commit_early)(struct ctx *cx, struct db *db, bool *ret_owed);
	MUST_USE struct err *(*sync)(struct ctx *cx, struct db *db);
	MUST_USE struct err *(*take_turn)(struct ctx *cx, struct db *db);
	/* As db_wait; NULL: nobody tells. */
	bool (*wait)(struct ctx *cx, struct db *db, int wake, usec_t span);

	MUST_USE struct err *(*prepare)(struct ctx *cx, struct db *db, struct db_stmt *st);
	void (*forget)(struct db *db, struct db_stmt *st);
	MUST_USE struct err *(*run)(struct ctx *cx, struct db *db, struct db_stmt *st,
	        struct db_args args, enum db_fetch fetch);
	/* Without result and, where that is quicker, without waiting. */
	MUST_USE struct err *(*post)(
	        struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args);
	/*
	 * Many questions at once, for an engine that is far away; NULL where nothing is gained.
	 * `ask` sends them and waits for all answers, `hear` makes the one to asks[i] the
	 * running statement, from step to finish; `asked` lets go of them, also after a failed
	 * ask.
	 */
	MUST_USE struct err *(*ask)(struct ctx *cx, struct db *db, struct db_stmt *st,
	        const struct db_ask *asks, size_t n);
	void (*hear)(struct db *db, size_t i);
	void (*asked)(struct db *db);
	MUST_USE struct err *(*step)(struct ctx *cx, struct db *db, bool *ret_row);
	int64_t (*changes)(struct db *db); /* of the statement that has just run to its end */
	void (*finish)(struct db *db);
	/* As run, without running: for the columns alone. */
	MUST_USE struct err *(*describe)(struct ctx *cx, struct db *db, struct db_stmt *st);
	const char *(*column)(struct db *db, int i); /* NULL past the last one */
	void (*cell)(struct db *db, int i, bool as_text, struct db_cell *ret);

	/* Several statements in the engine's own dialect, inside a transaction. */
	MUST_USE struct err *(*script)(struct ctx *cx, struct db *db, const char *text);
	/* Keeps other processes from migrating until the transaction ends. */
	MUST_USE struct err *(*lock_schema)(struct ctx *cx, struct db *db);
	MUST_USE struct err *(*has_table)(
	        struct ctx *cx, struct db *db, const char *name, bool *ret);
	MUST_USE struct err *(*backup)(struct ctx *cx, struct db *db, const char *path);
};

extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

#define DB_FAILURE_MAX 256

/* First member of each engine's own structure. */
struct db {
	const struct db_driver *driver;
	enum db_access access;
	const char *shown_url;
	struct arena mem; /* lives as long as the connection */
	struct db_stmt **stmts;
	size_t n_stmts;
	struct db_tx tx;
	struct db_faults *faults; /* of a simulation (faults.h), or NULL */
	bool in_tx;
	bool in_each; /* a db_each is between two rows */
	/* The first failure of this transaction: on both engines it can only be rolled back. */
	bool failed;
	enum err_code failed_code;
	char failed_text[DB_FAILURE_MAX];
};

/* ---- dialect.c ---- */

/* What words, numbers and names of SQL are made of, and how much of it stands at s. */
bool dialect_is_word(char c);
size_t dialect_word_len(const char *s);

/* ?1 becomes $1, outside texts, quoted names and comments. */
const char *dialect_params(struct arena *mem, const char *sql);

/* INT64, BOOL and TEXT become the engine's types; SQLite's tables become STRICT. Such a
 * CREATE TABLE ends with its closing bracket (no AS SELECT, no table options). */
const char *dialect_script(struct arena *mem, enum db_engine engine, const char *sql);

/* ---- rows.c ---- */

/* ERR_BUG when the result's columns are not those of the query's row. */
MUST_USE struct err *rows_match(struct ctx *cx, struct db *db, struct db_stmt *st);

/* The present row into the zeroed struct ret; texts into mem. */
MUST_USE struct err *rows_read(
        struct ctx *cx, struct db *db, struct db_stmt *st, struct arena *mem, void *ret);

/* ---- db.c ---- */

/* The first failure is kept in the connection: errors live in arenas that may go before it. */
MUST_USE struct err *db_fail(struct db *db, struct err *e);

/* Until fd (-1: none) or wake can be read, or the span is over. */
void db_wait_readable(int fd, int wake, usec_t span);

/* What must hold before any statement; gives it prepared. */
MUST_USE struct err *db_ready(
        struct ctx *cx, const struct db_query *q, struct db_args args, struct db_stmt **ret);

/* The query's on this connection, prepared or not. */
struct db_stmt *db_stmt_of(struct db *db, const struct db_query *q);

/* Runs statements written with INT64, BOOL and TEXT, in cx->tx. For migrations and tests. */
MUST_USE struct err *db_script(struct ctx *cx, const char *sql);

#endif
