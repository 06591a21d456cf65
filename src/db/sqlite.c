/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: one file, one writer, readers on snapshots of their own. A commit returns when the
 * log is synced (WAL, synchronous=FULL), or leaves that to sqlite_sync.
 */
#include "db/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/driver.h"

struct sqlite {
	struct db db;
	sqlite3 *conn;
	sqlite3_stmt *row; /* the statement that runs */
	struct sqlite_checkpoint *checkpoint;
	struct sqlite_log *owing; /* the log of the commit that is owed, or NULL */
};

/*
 * The log file is cut back to 64 MB after a burst. Caches are in KiB, filled as needed: the
 * writer's holds the index of a million open alerts. Memory mapping turns an I/O error into a
 * signal, so it is off.
 */
static const char setup_any[] = "PRAGMA busy_timeout = 10000;"
                                "PRAGMA foreign_keys = ON;"
                                "PRAGMA trusted_schema = OFF;"
                                "PRAGMA temp_store = MEMORY;"
                                "PRAGMA mmap_size = 0;";
static const char setup_write[] = "PRAGMA synchronous = FULL;"
                                  "PRAGMA journal_size_limit = 67108864;"
                                  "PRAGMA cache_size = -98304;";
static const char setup_read[] = "PRAGMA query_only = ON;"
                                 "PRAGMA cache_size = -8192;";

/* ---- errors ---- */

static const struct {
	int rc;
	enum err_code code;
	const char *text; /* what it means; NULL: SQLite says it */
} meanings[] = {
	{ SQLITE_FULL, ERR_UNAVAILABLE, "the disk is full" },
	{ SQLITE_IOERR, ERR_UNAVAILABLE, "the disk fails" },
	{ SQLITE_READONLY, ERR_UNAVAILABLE, "the database cannot be written" },
	{ SQLITE_BUSY, ERR_UNAVAILABLE, "another process holds the database" },
	{ SQLITE_LOCKED, ERR_UNAVAILABLE, "another connection holds the database" },
	{ SQLITE_CANTOPEN, ERR_UNAVAILABLE, "the database cannot be opened" },
	{ SQLITE_PERM, ERR_UNAVAILABLE, "the database may not be opened" },
	{ SQLITE_PROTOCOL, ERR_UNAVAILABLE, "the database's locks fail" },
	{ SQLITE_CORRUPT, ERR_UNAVAILABLE, "the database is damaged; restore a backup" },
	{ SQLITE_NOTADB, ERR_UNAVAILABLE, "the file is no SQLite database" },
	{ SQLITE_CONSTRAINT, ERR_CONFLICT, NULL },
	{ SQLITE_TOOBIG, ERR_LIMIT, NULL },
};

struct err *
sqlite_err(struct ctx *cx, sqlite3 *conn, int rc, const char *what)
{
	const char *text = conn != NULL ? sqlite3_errmsg(conn) : sqlite3_errstr(rc);

	for (size_t i = 0; i < NELEMS(meanings); i++) {
		if (meanings[i].rc != (rc & 0xff))
			continue;
		if (meanings[i].text == NULL)
			return err_new(cx, meanings[i].code, "%s: %s", what, text);
		return err_new(cx, meanings[i].code, "%s: %s (%s, code %d)", what,
		        meanings[i].text, text, rc);
	}
	return err_new(cx, ERR_BUG, "%s: %s (code %d)", what, text, rc);
}

static struct sqlite *
of(struct db *db)
{
	return (struct sqlite *)(void *)db;
}

static struct err *
exec(struct ctx *cx, struct sqlite *s, const char *sql, const char *what)
{
	int rc = sqlite3_exec(s->conn, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? NULL : sqlite_err(cx, s->conn, rc, what);
}

/* ---- connections ---- */

struct err *
sqlite_make_file(struct ctx *cx, const char *path)
{
	/* Only a file that is new may be opened and closed behind SQLite's back: closing any
	 * descriptor of a file drops the process's locks on it. */
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return err_new(cx, ERR_UNAVAILABLE, "make %s: %m", path);
	else if (access(path, W_OK) != 0) /* SQLite would only say that it cannot be opened */
		return err_new(cx, ERR_UNAVAILABLE, "%s cannot be written: %m", path);
	return NULL;
}

static int
note_mode(void *arg, int n, char **values, char **names)
{
	bool *ok = arg;

	(void)n;
	(void)names;
	*ok = str_is(str_from(values[0]), "wal") || str_is(str_from(values[0]), "memory");
	return 0;
}

/* Some network file systems cannot share memory: SQLite then stays with another journal. */
static struct err *
use_wal(struct ctx *cx, struct sqlite *s)
{
	bool ok = false;
	int rc = sqlite3_exec(s->conn, "PRAGMA journal_mode = WAL", note_mode, &ok, NULL);

	if (rc != SQLITE_OK)
		return sqlite_err(cx, s->conn, rc, s->db.shown_url);
	if (!ok)
		return err_new(cx, ERR_UNAVAILABLE,
		        "%s: this file system cannot hold a database with a write-ahead log",
		        s->db.shown_url);
	return NULL;
}

static struct err *
set_up(struct ctx *cx, struct sqlite *s)
{
	const char *what = s->db.shown_url;

	sqlite3_extended_result_codes(s->conn, 1);
	/* A name that is not there must not turn into a text. */
	sqlite3_db_config(s->conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	TRY(exec(cx, s, setup_any, what));
	if (s->db.access == DB_READ) {
		TRY(exec(cx, s, "SELECT COUNT(*) FROM sqlite_master", what));
		return exec(cx, s, setup_read, what);
	}
	TRY(use_wal(cx, s));
	return exec(cx, s, setup_write, what);
}

static struct err *
connect_to(struct ctx *cx, struct sqlite *s, const char *path)
{
	int flags = s->db.access == DB_READ ? SQLITE_OPEN_READONLY
	                                    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	if (s->db.access == DB_WRITE && strcmp(path, ":memory:") != 0)
		TRY(sqlite_make_file(cx, path));
	const char *vfs = s->db.access == DB_WRITE ? sqlite_log_vfs() : NULL;
	int rc = sqlite3_open_v2(path, &s->conn, flags | SQLITE_OPEN_NOMUTEX, vfs);
	if (rc != SQLITE_OK)
		return sqlite_err(cx, s->conn, rc, s->db.shown_url);
	TRY(set_up(cx, s));
	if (s->db.access == DB_WRITE)
		s->checkpoint = sqlite_checkpoint_new(s->conn, path);
	return NULL;
}

static void
sqlite_close(struct db *db)
{
	struct sqlite *s = of(db);

	sqlite_checkpoint_free(s->checkpoint);
	sqlite3_close(s->conn);
	free(s);
}

/* Its statistics of memory take a lock for every allocation of every connection. */
static void
configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static struct err *
sqlite_open(struct ctx *cx, const char *url, enum db_access access, struct db **ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *path = url + strlen("sqlite:");

	if (*path == '\0')
		return err_new(cx, ERR_INVALID, "sqlite: needs the path of a file behind it");

	pthread_once(&once, configure);
	struct sqlite *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->db.driver = &db_sqlite;
	s->db.access = access;
	s->db.shown_url = arena_strdup(&s->db.mem, url);
	struct err *e = connect_to(cx, s, path);
	if (e != NULL) {
		db_close(&s->db);
		return e;
	}
	*ret = &s->db;
	return NULL;
}

/* ---- transactions ---- */

static struct err *
sqlite_begin(struct ctx *cx, struct db *db, enum db_access access)
{
	return exec(cx, of(db), access == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", "begin");
}

static void
sqlite_rollback(struct db *db)
{
	/* Some failures have rolled back by themselves. */
	if (!sqlite3_get_autocommit(of(db)->conn))
		sqlite3_exec(of(db)->conn, "ROLLBACK", NULL, NULL, NULL);
}

/* BEGIN IMMEDIATE has waited already. */
static struct err *
sqlite_take_turn(struct ctx *cx, struct db *db)
{
	(void)cx;
	(void)db;
	return NULL;
}

static struct err *
sqlite_commit(struct ctx *cx, struct db *db)
{
	struct err *e = exec(cx, of(db), "COMMIT", "commit");

	if (e != NULL)
		sqlite_rollback(db);
	return e;
}

static struct err *
sqlite_commit_early(struct ctx *cx, struct db *db, bool *ret_owed)
{
	struct sqlite_log *log = sqlite_log_of(of(db)->conn);

	if (log != NULL)
		sqlite_log_put_off(log, true);
	struct err *e = sqlite_commit(cx, db);
	*ret_owed = log != NULL && sqlite_log_put_off(log, false) && e == NULL;
	of(db)->owing = *ret_owed ? log : NULL;
	return e;
}

static struct err *
sqlite_sync(struct ctx *cx, struct db *db)
{
	if (of(db)->owing == NULL || sqlite_log_settle(of(db)->owing) == 0)
		return NULL;
	return err_new(cx, ERR_UNAVAILABLE, "the disk fails: %m");
}

/* ---- statements ---- */

static struct err *
sqlite_prepare(struct ctx *cx, struct db *db, struct db_stmt *st)
{
	sqlite3_stmt *handle;
	int rc = sqlite3_prepare_v3(
	        of(db)->conn, st->query->text, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

	if (rc != SQLITE_OK)
		return sqlite_err(cx, of(db)->conn, rc, st->query->name);
	st->handle = handle;
	st->ready = true;
	return NULL;
}

static void
sqlite_forget(struct db *db, struct db_stmt *st)
{
	(void)db;
	sqlite3_finalize(st->handle);
	st->handle = NULL;
	st->ready = false;
}

static int
bind_one(sqlite3_stmt *handle, int at, const struct db_arg *a)
{
	switch (a->type) {
	case DB_ARG_NULL:
		return sqlite3_bind_null(handle, at);
	case DB_ARG_INT:
	case DB_ARG_BOOL:
		return sqlite3_bind_int64(handle, at, a->i);
	case DB_ARG_TEXT:
		/* Not copied: every run binds all anew, and ends before the caller goes on. */
		return sqlite3_bind_text64(handle, at, a->s.p != NULL ? a->s.p : "", a->s.len,
		        SQLITE_STATIC, SQLITE_UTF8);
	}
	return SQLITE_MISUSE;
}

static struct err *
bind(struct ctx *cx, struct db *db, const struct db_stmt *st, struct db_args args)
{
	int wanted = sqlite3_bind_parameter_count(st->handle);

	if ((size_t)wanted != args.n)
		return err_new(cx, ERR_BUG, "query %s takes %d arguments, not %zu",
		        st->query->name, wanted, args.n);
	for (size_t i = 0; i < args.n; i++) {
		int rc = bind_one(st->handle, (int)i + 1, &args.items[i]);
		if (rc != SQLITE_OK)
			return sqlite_err(cx, of(db)->conn, rc, st->query->name);
	}
	return NULL;
}

static struct err *
sqlite_run(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args,
        enum db_fetch fetch)
{
	(void)fetch; /* SQLite makes rows one by one anyway */
	if (db->tx.access == DB_READ && !sqlite3_stmt_readonly(st->handle))
		return err_new(
		        cx, ERR_BUG, "query %s writes in a read transaction", st->query->name);
	TRY(bind(cx, db, st, args));
	of(db)->row = st->handle;
	return NULL;
}

static struct err *
sqlite_step(struct ctx *cx, struct db *db, bool *ret_row)
{
	struct sqlite *s = of(db);
	int rc = sqlite3_step(s->row);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sqlite_err(cx, s->conn, rc, "SQL");
	*ret_row = rc == SQLITE_ROW;
	return NULL;
}

static int64_t
sqlite_changes(struct db *db)
{
	/* A statement that only reads leaves the count of the one before. */
	return sqlite3_stmt_readonly(of(db)->row) ? 0 : sqlite3_changes64(of(db)->conn);
}

static void
sqlite_finish(struct db *db)
{
	sqlite3_reset(of(db)->row); /* NULL is fine; its error has been told by step */
	of(db)->row = NULL;
}

static struct err *
sqlite_post(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args)
{
	bool row = true;
	struct err *e = sqlite_run(cx, db, st, args, DB_FETCH_ALL);

	while (e == NULL && row)
		e = sqlite_step(cx, db, &row);
	sqlite_finish(db);
	return e;
}

static struct err *
sqlite_describe(struct ctx *cx, struct db *db, struct db_stmt *st)
{
	(void)cx;
	of(db)->row = st->handle;
	return NULL;
}

static const char *
sqlite_column(struct db *db, int i)
{
	return i < sqlite3_column_count(of(db)->row) ? sqlite3_column_name(of(db)->row, i)
	                                             : NULL;
}

static void
sqlite_cell(struct db *db, int i, bool as_text, struct db_cell *ret)
{
	sqlite3_stmt *row = of(db)->row;
	int type = sqlite3_column_type(row, i);

	ret->is_null = type == SQLITE_NULL;
	ret->is_wrong = type != (as_text ? SQLITE_TEXT : SQLITE_INTEGER);
	if (ret->is_null || ret->is_wrong)
		return;
	if (!as_text) {
		ret->number = sqlite3_column_int64(row, i);
		return;
	}
	ret->text.p = (const char *)sqlite3_column_text(row, i);
	ret->text.len = (size_t)sqlite3_column_bytes(row, i);
}

/* ---- the rest ---- */

static struct err *
sqlite_script(struct ctx *cx, struct db *db, const char *text)
{
	return exec(cx, of(db), text, "script");
}

static struct err *
sqlite_lock_schema(struct ctx *cx, struct db *db)
{
	(void)cx;
	(void)db; /* BEGIN IMMEDIATE holds it */
	return NULL;
}

static struct err *
sqlite_has_table(struct ctx *cx, struct db *db, const char *name, bool *ret)
{
	/* A statement looks at the file; table_column_metadata would trust an old look at
	 * it. */
	static const char text[] =
	        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(of(db)->conn, text, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sqlite_err(cx, of(db)->conn, rc, "tables");
	*ret = rc == SQLITE_ROW;
	return NULL;
}

static struct err *
sqlite_backup(struct ctx *cx, struct db *db, const char *path)
{
	/* An open read keeps one state in view; else each write of another connection would
	 * begin the copy anew. */
	TRY(sqlite_begin(cx, db, DB_READ));
	struct err *e = exec(cx, of(db), "SELECT COUNT(*) FROM sqlite_master", "backup");
	if (e == NULL)
		e = sqlite_copy(cx, of(db)->conn, path);
	sqlite_rollback(db);
	return e;
}

const struct db_driver db_sqlite = {
	.engine = DB_SQLITE,
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.commit_early = sqlite_commit_early,
	.sync = sqlite_sync,
	.take_turn = sqlite_take_turn,
	.prepare = sqlite_prepare,
	.forget = sqlite_forget,
	.run = sqlite_run,
	.post = sqlite_post,
	.step = sqlite_step,
	.changes = sqlite_changes,
	.finish = sqlite_finish,
	.describe = sqlite_describe,
	.column = sqlite_column,
	.cell = sqlite_cell,
	.script = sqlite_script,
	.lock_schema = sqlite_lock_schema,
	.has_table = sqlite_has_table,
	.backup = sqlite_backup,
};
