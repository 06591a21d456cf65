/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the PostgreSQL engine share. The connection is always in libpq's pipeline
 * mode: what is sent joins a queue of expected replies, and pg_sync asks for all of them. After
 * a failure the server skips what follows up to that point, so a rollback needs a
 * synchronisation point of its own.
 */
#ifndef DB_POSTGRES_PRIV_H
#define DB_POSTGRES_PRIV_H

#include <libpq-fe.h>

#include "db/driver.h"

/*
 * Replies outstanding at most. libpq reads while it waits to write, so a larger number would
 * not stall, but each costs memory on both sides.
 */
#define PG_QUEUE_MAX 256
#define PG_ARGS_MAX 1024 /* of a statement, which may be one of many rows */

/* Which cluster a server belongs to, and how often it has changed its primary. */
struct pg_history {
	char system[24]; /* the same on all its servers; "" when the service hides it */
	int64_t timeline;
};

struct pg_expected {
	const char *what;         /* for errors: the query's name */
	struct db_stmt *prepares; /* NULL: runs something */
	PGresult **keep;          /* where the reply is wanted; NULL: nowhere */
};

/* Types as in the server's catalogue pg_type. */
#define PG_TYPE_BOOL 16
#define PG_TYPE_INT64 20
#define PG_TYPE_TEXT 25

#define PG_MANY_SIZES 3
#define PG_MANY_MAX 32 /* of the arguments of as many must fit into PG_ARGS_MAX */
#define PG_WAITING_MAX 32

/* One statement for many (postgres_many.c); PG_ALONE has none. */
enum pg_many_kind { PG_ALONE, PG_ADDS, PG_CHANGES, PG_ASKS };

struct pg_many {
	enum pg_many_kind kind;
	struct db_stmt *one;
	struct db_stmt of[PG_MANY_SIZES];
	size_t n_args;    /* of one */
	struct str table; /* that it writes */
	struct str head, tuple, tail;
	struct pg_rows *rows; /* that wait for it; NULL: never yet */
};

/* Arguments that wait to be sent together. */
struct pg_rows {
	struct pg_many *many;
	struct db_arg *args;
	size_t n;
	bool waits; /* is in the list of those that do */
};

/* To one of many questions that were asked together. */
struct pg_answer {
	PGresult *reply;   /* of the first that a statement was for */
	PGresult *result;  /* that reply, for each of them */
	size_t n_in_reply; /* questions that the statement was for */
	int row;           /* the first of this one's */
	bool found;
};

struct postgres {
	struct db db;
	const char *url;           /* with its password */
	const char *hosts, *ports; /* of the url, with commas between; NULL: its default */
	size_t n_hosts;
	PGconn *conn; /* NULL: not connected */
	bool broken;  /* to be connected anew at the next begin */
	bool listening;
	struct pg_history history;
	unsigned serial; /* of the statement prepared last */
	struct pg_expected queue[PG_QUEUE_MAX + 2];
	size_t n_queue;
	struct pg_many **many; /* by slot; NULL: none yet */
	struct pg_rows *waiting[PG_WAITING_MAX];
	size_t n_waiting;
	struct arena waiting_texts;
	PGresult *result; /* of the statement that runs */
	int row, end;     /* within result */
	bool streaming;   /* rows come one by one */
	bool is_lent;     /* the result is that of many questions */
	int n_hidden;     /* columns at the end of the result that are ours */
	struct pg_answer *answers;
	size_t n_answers;
	int64_t changes;
};

static inline struct postgres *
pg_of(struct db *db)
{
	return (struct postgres *)(void *)db;
}

/* ---- postgres_connect.c ---- */

MUST_USE struct err *pg_open(
        struct ctx *cx, const char *url, enum db_access access, struct db **ret);
void pg_close(struct db *db);

/* Whether it is an address at all, and what of it may be shown: no password. */
MUST_USE struct err *pg_address(
        struct ctx *cx, struct arena *mem, const char *url, const char **ret_shown);

/* Leaves a connection in pipeline mode, or none. */
MUST_USE struct err *pg_connect(struct ctx *cx, struct postgres *pg);

/* ---- postgres_listen.c ---- */

/* One for all: nodes of another schema only look in vain. */
#define PG_CHANNEL "tocsin_turn"

/* As db_wait. */
bool pg_wait(struct ctx *cx, struct db *db, int wake, usec_t span);

/* ---- postgres_history.c ---- */

/* Whether any connection of this process has seen a later timeline of the same cluster: then
 * this server is an old primary that came back, or does not know yet that it is one. Remembers
 * a later one. */
bool pg_history_passed(const struct pg_history *h);

/* True once in this process: its first connection asks all hosts who is the latest. */
bool pg_history_is_first(void);

/* ---- postgres_error.c ---- */

/* What a failed result means; marks the connection when it is lost. */
MUST_USE struct err *pg_err(
        struct ctx *cx, struct postgres *pg, const PGresult *result, const char *what);

/* The connection itself failed. */
MUST_USE struct err *pg_lost(struct ctx *cx, struct postgres *pg, const char *what);

/* ---- postgres_rows.c ---- */

/* Sends it, now or with others like it. */
MUST_USE struct err *pg_rows_post(
        struct ctx *cx, struct postgres *pg, struct db_stmt *st, struct db_args args);

/* What must be there before the statement sql runs. */
MUST_USE struct err *pg_rows_send(struct ctx *cx, struct postgres *pg, const char *sql);
MUST_USE struct err *pg_rows_send_all(struct ctx *cx, struct postgres *pg);

/* What waits is not sent any more. */
void pg_rows_drop(struct postgres *pg);

/* ---- postgres_many.c ---- */

/* What st becomes for many; NULL: it has no such form. */
struct pg_many *pg_many_of(struct postgres *pg, struct db_stmt *st, size_t n_args);

/* Sends as many of those that are left as go in a statement, and says how many that were. The
 * first time that two go together it may wait for the server, and so report a failure of what
 * was sent before. */
MUST_USE struct err *pg_many_send(struct ctx *cx, struct postgres *pg, struct pg_many *m,
        const struct db_arg *args, size_t left, size_t *ret_size);

/* The session has ended, and with it what was prepared. */
void pg_many_unprepared(struct postgres *pg);

/* ---- postgres_ask.c; as in driver.h ---- */

MUST_USE struct err *pg_ask(
        struct ctx *cx, struct db *db, struct db_stmt *st, const struct db_ask *asks, size_t n);
void pg_hear(struct db *db, size_t i);
void pg_asked(struct db *db);

/* ---- postgres_pipeline.c ---- */

/* Sent and expected, not waited for. */
MUST_USE struct err *pg_send_text(struct ctx *cx, struct postgres *pg, const char *sql);
MUST_USE struct err *pg_send_prepare(struct ctx *cx, struct postgres *pg, struct db_stmt *st);
MUST_USE struct err *pg_send_run(
        struct ctx *cx, struct postgres *pg, struct db_stmt *st, struct db_args args);
MUST_USE struct err *pg_send_describe(struct ctx *cx, struct postgres *pg, struct db_stmt *st);

/*
 * Waits for everything sent; the first failure. ret, if not NULL, gets the last reply, which
 * the caller clears.
 */
MUST_USE struct err *pg_sync(struct ctx *cx, struct postgres *pg, PGresult **ret);

/* The statement just sent hands over its rows one by one: pg_next until there are none. */
MUST_USE struct err *pg_stream(struct ctx *cx, struct postgres *pg, const char *what);
MUST_USE struct err *pg_next(
        struct ctx *cx, struct postgres *pg, const char *what, PGresult **ret);

/* Reads to the end of what pg_stream began. */
void pg_stream_end(struct postgres *pg);

#endif
