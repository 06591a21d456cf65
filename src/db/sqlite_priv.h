/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SQLite engine share. */
#ifndef DB_SQLITE_PRIV_H
#define DB_SQLITE_PRIV_H

#include <sqlite3.h>

#include "base/ctx.h"

/* What rc means to a caller; the text is SQLite's, behind `what`. conn may be NULL. */
MUST_USE struct err *sqlite_err(struct ctx *cx, sqlite3 *conn, int rc, const char *what);

/* Makes the file when it is not there, for its owner alone: what SQLite makes itself is
 * readable by all. SQLite gives the files beside it the same mode. */
MUST_USE struct err *sqlite_make_file(struct ctx *cx, const char *path);

/* Has the connection's log moved into the database beside its commits from now on. Freed before
 * the connection is closed; NULL is nothing. */
struct sqlite_checkpoint;
struct sqlite_checkpoint *sqlite_checkpoint_new(sqlite3 *conn, const char *path);
void sqlite_checkpoint_free(struct sqlite_checkpoint *c);

/* The name of the file system for connections that write: the default one, but for a log that
 * is written in few calls. After sqlite3_config. */
const char *sqlite_log_vfs(void);

/* The log of such a connection; NULL: it has none, as a database in memory. */
struct sqlite_log;
struct sqlite_log *sqlite_log_of(sqlite3 *conn);

/* yes: the sync of the next commit is put off until sqlite_log_settle. no: not any more; true
 * when one was. */
bool sqlite_log_put_off(struct sqlite_log *l, bool yes);

/* Any thread. Below 0: errno says why; a further call writes anew what was not synced. */
MUST_USE int sqlite_log_settle(struct sqlite_log *l);

MUST_USE struct err *sqlite_copy(struct ctx *cx, sqlite3 *from, const char *path);

#endif
