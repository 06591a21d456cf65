/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log, written in few calls. SQLite writes each page of its write-ahead log in two calls,
 * 24 bytes and the page, one behind the other; the kernel's work for these calls is a fifth of
 * what an alert costs. This file system is the default one in all but that: what is written to
 * a log in sequence is gathered here and given on in one piece, at the latest when it is synced
 * or read.
 *
 * Nothing is weaker for it. SQLite shows others the frames of a commit only after xSync, and
 * xSync gives everything on before it syncs. Frames that are gathered and not yet synced belong
 * to a transaction that is still open or was given up; when they cannot be written that
 * transaction fails, as it would have at xWrite.
 *
 * The sync of a commit can be put off, to be waited for elsewhere while the next transaction
 * runs. Only that one: a log that begins anew has its head synced before its frames are
 * written, and a checkpoint syncs the log before it copies, so after a loss of power the log
 * ends with some commit, never in the middle of one. What a sync refused is not written at the
 * next one, which succeeds nevertheless (the kernel takes pages for clean after an error):
 * hence it is read back and written anew first.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/sqlite_priv.h"

#define GATHER_MAX (100 * 1024) /* SQLite's own file system writes less than 128 KiB a call */

struct sqlite_log {
	sqlite3_file base; /* first: SQLite knows this much */
	sqlite3_file *real;
	unsigned char *held;
	size_t n_held;
	sqlite3_int64 held_at;
	int fd; /* our own, for syncs on other threads */
	bool putting_off, put_off, head_written;
	off_t from, to;           /* written since the last sync */
	off_t owed_from, owed_to; /* of the sync that was put off */
	bool refused;             /* and was then refused */
};

static sqlite3_vfs log_vfs;
static sqlite3_vfs *real_vfs;

static struct sqlite_log *
log_of(sqlite3_file *f)
{
	return (struct sqlite_log *)(void *)f;
}

/* What could not be written is let go: its transaction fails with this error. */
static int
give_on(struct sqlite_log *l)
{
	size_t n = l->n_held;

	l->n_held = 0;
	if (n == 0)
		return SQLITE_OK;
	return l->real->pMethods->xWrite(l->real, l->held, (int)n, l->held_at);
}

static void
note_written(struct sqlite_log *l, sqlite3_int64 at, int n)
{
	if (l->from == l->to)
		l->from = l->to = at;
	if (at < l->from)
		l->from = at;
	if (at + n > l->to)
		l->to = at + n;
	l->head_written |= at == 0;
}

static int
log_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	struct sqlite_log *l = log_of(f);
	size_t len = (size_t)n;
	int rc;

	if (l->n_held > 0
	        && (at != l->held_at + (sqlite3_int64)l->n_held || l->n_held + len > GATHER_MAX)
	        && (rc = give_on(l)) != SQLITE_OK)
		return rc;
	note_written(l, at, n);
	if (len > GATHER_MAX)
		return l->real->pMethods->xWrite(l->real, p, n, at);
	if (l->n_held == 0)
		l->held_at = at;
	memcpy(l->held + l->n_held, p, len);
	l->n_held += len;
	return SQLITE_OK;
}

static int
log_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	struct sqlite_log *l = log_of(f);
	int rc = give_on(l);

	return rc != SQLITE_OK ? rc : l->real->pMethods->xRead(l->real, p, n, at);
}

static int
log_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct sqlite_log *l = log_of(f);
	int rc = give_on(l);

	return rc != SQLITE_OK ? rc : l->real->pMethods->xTruncate(l->real, size);
}

static int
log_sync(sqlite3_file *f, int flags)
{
	struct sqlite_log *l = log_of(f);
	int rc = give_on(l);

	if (rc != SQLITE_OK)
		return rc;
	if (l->putting_off && !l->head_written) {
		l->putting_off = false;
		l->put_off = true;
		l->owed_from = l->from;
		l->owed_to = l->to;
	} else {
		rc = l->real->pMethods->xSync(l->real, flags);
	}
	l->head_written = false;
	l->from = l->to;
	return rc;
}

static int
log_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	struct sqlite_log *l = log_of(f);
	int rc = give_on(l);

	return rc != SQLITE_OK ? rc : l->real->pMethods->xFileSize(l->real, ret);
}

static int
log_close(sqlite3_file *f)
{
	struct sqlite_log *l = log_of(f);
	int rc = give_on(l), closed = l->real->pMethods->xClose(l->real);

	free(l->held);
	l->held = NULL;
	if (l->fd >= 0)
		close(l->fd);
	return rc != SQLITE_OK ? rc : closed;
}

static int
log_lock(sqlite3_file *f, int level)
{
	return log_of(f)->real->pMethods->xLock(log_of(f)->real, level);
}

static int
log_unlock(sqlite3_file *f, int level)
{
	return log_of(f)->real->pMethods->xUnlock(log_of(f)->real, level);
}

static int
log_reserved(sqlite3_file *f, int *ret)
{
	return log_of(f)->real->pMethods->xCheckReservedLock(log_of(f)->real, ret);
}

static int
log_control(sqlite3_file *f, int op, void *arg)
{
	return log_of(f)->real->pMethods->xFileControl(log_of(f)->real, op, arg);
}

static int
log_sector(sqlite3_file *f)
{
	return log_of(f)->real->pMethods->xSectorSize(log_of(f)->real);
}

static int
log_traits(sqlite3_file *f)
{
	return log_of(f)->real->pMethods->xDeviceCharacteristics(log_of(f)->real);
}

/* Version 1: memory is shared and mapped through the database's own file, not the log's. */
static const sqlite3_io_methods log_methods = {
	.iVersion = 1,
	.xClose = log_close,
	.xRead = log_read,
	.xWrite = log_write,
	.xTruncate = log_truncate,
	.xSync = log_sync,
	.xFileSize = log_size,
	.xLock = log_lock,
	.xUnlock = log_unlock,
	.xCheckReservedLock = log_reserved,
	.xFileControl = log_control,
	.xSectorSize = log_sector,
	.xDeviceCharacteristics = log_traits,
};

static int
open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct sqlite_log *l = log_of(f);

	(void)vfs;
	if ((flags & SQLITE_OPEN_WAL) == 0)
		return real_vfs->xOpen(real_vfs, name, f, flags, ret_flags);
	*l = (struct sqlite_log){ .real = (sqlite3_file *)(void *)(l + 1) };
	l->held = malloc(GATHER_MAX);
	if (l->held == NULL)
		return SQLITE_NOMEM;
	int rc = real_vfs->xOpen(real_vfs, name, l->real, flags, ret_flags);
	if (rc != SQLITE_OK) {
		free(l->held);
		return rc;
	}
	l->fd = open(name, O_RDWR | O_CLOEXEC); /* without it no sync is put off */
	l->base.pMethods = &log_methods;
	return SQLITE_OK;
}

static void
make_vfs(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	log_vfs = *real_vfs;
	log_vfs.zName = "gathered-log";
	log_vfs.szOsFile = (int)sizeof(struct sqlite_log) + real_vfs->szOsFile;
	log_vfs.xOpen = open_file;
	log_vfs.pNext = NULL;
	sqlite3_vfs_register(&log_vfs, 0);
}

const char *
sqlite_log_vfs(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_vfs);
	return log_vfs.zName;
}

/* ---- syncs that are put off ---- */

struct sqlite_log *
sqlite_log_of(sqlite3 *conn)
{
	sqlite3_file *f = NULL;
	int rc = sqlite3_file_control(conn, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f);

	if (rc != SQLITE_OK || f == NULL || f->pMethods != &log_methods || log_of(f)->fd < 0)
		return NULL;
	return log_of(f);
}

bool
sqlite_log_put_off(struct sqlite_log *l, bool yes)
{
	bool was = l->put_off;

	l->putting_off = yes;
	l->put_off = false;
	return was;
}

static int
write_anew(struct sqlite_log *l)
{
	unsigned char page[4096];

	for (off_t at = l->owed_from; at < l->owed_to;) {
		size_t want = sizeof page < (size_t)(l->owed_to - at)
		        ? sizeof page
		        : (size_t)(l->owed_to - at);
		ssize_t n = pread(l->fd, page, want, at);
		if (n <= 0 || pwrite(l->fd, page, (size_t)n, at) != n)
			return -1;
		at += n;
	}
	return 0;
}

int
sqlite_log_settle(struct sqlite_log *l)
{
	int rc = l->refused ? write_anew(l) : 0;

	if (rc == 0)
		rc = fdatasync(l->fd);
	l->refused = rc != 0;
	return rc;
}
