/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of a database in use. It is made under another name and moved into place when it is
 * whole and synced, so that a file with the wanted name is always a good backup. An existing
 * file is never replaced: it could be the only good backup, or the live database.
 */
#include "db/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#define PAGES_A_STEP 1024

static struct err *
copy_pages(struct ctx *cx, sqlite3 *from, sqlite3 *to, const char *path)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (b == NULL)
		return sqlite_err(cx, to, sqlite3_errcode(to), path);
	do
		rc = sqlite3_backup_step(b, PAGES_A_STEP);
	while (rc == SQLITE_OK);
	sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? NULL : sqlite_err(cx, NULL, rc, path);
}

static struct err *
copy_to(struct ctx *cx, sqlite3 *from, const char *path)
{
	sqlite3 *to;

	TRY(sqlite_make_file(cx, path));
	int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	struct err *e =
	        rc == SQLITE_OK ? copy_pages(cx, from, to, path) : sqlite_err(cx, to, rc, path);
	sqlite3_close(to);
	return e;
}

static struct err *
sync_folder(struct ctx *cx, const char *path)
{
	const char *folder = dirname(arena_strdup(&cx->mem, path));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);
	int why = errno;

	if (fd >= 0)
		close(fd);
	errno = why;
	return rc == 0 ? NULL : err_new(cx, ERR_UNAVAILABLE, "sync %s: %m", folder);
}

struct err *
sqlite_copy(struct ctx *cx, sqlite3 *from, const char *path)
{
	const char *part = arena_printf(&cx->mem, "%s.part", path);

	if (access(path, F_OK) == 0)
		return err_new(cx, ERR_CONFLICT, "%s is there already", path);
	if (unlink(part) != 0 && errno != ENOENT)
		return err_new(cx, ERR_UNAVAILABLE, "remove %s: %m", part);
	struct err *e = copy_to(cx, from, part);
	if (e == NULL && renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
		e = err_new(cx, ERR_UNAVAILABLE, "rename %s to %s: %m", part, path);
	if (e != NULL) {
		unlink(part);
		return e;
	}
	return sync_folder(cx, path);
}
