/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/access.h"
#include "cli/table.h"

#define SUFFIX ".json"

static usec_t
changed_at(const struct stat *st)
{
	return SECONDS(st->st_mtim.tv_sec) + st->st_mtim.tv_nsec / 1000;
}

/* ---- the folder ---- */

/* NULL when there is no place for it; a relative one does not count (XDG Base Directory). */
static const char *
folder_path(struct call *call)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache != NULL && cache[0] == '/')
		return arena_printf(&call->cx.mem, "%s/tocsin", cache);
	if (home != NULL && home[0] == '/')
		return arena_printf(&call->cx.mem, "%s/.cache/tocsin", home);
	return NULL;
}

/* Descriptor of it, or -1. Others must not be able to put an answer there. */
static int
folder_open(const char *path, bool make)
{
	struct stat st;

	if (path == NULL)
		return -1;
	if (make) {
		char *parent = strndupa(path, (size_t)(strrchr(path, '/') - path));
		(void)mkdir(parent, 0700);
		(void)mkdir(path, 0700);
	}
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0
	        && (fstat(fd, &st) != 0 || st.st_uid != geteuid()
	                || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
is_ours(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(SUFFIX) && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

/* One file is added at a time, so one that goes is enough to stay below the bound. */
static void
prune(struct call *call, const char *path, int folder)
{
	usec_t now = ctx_now(&call->cx), oldest_at = USEC_NEVER;
	const char *oldest = NULL;
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;
	size_t n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!is_ours(entry->d_name)
		        || fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (now - changed_at(&st) > CACHE_AGE_MAX) {
			(void)unlinkat(folder, entry->d_name, 0);
			continue;
		}
		n++;
		if (changed_at(&st) < oldest_at) {
			oldest_at = changed_at(&st);
			oldest = arena_strdup(&call->cx.mem, entry->d_name);
		}
	}
	if (dir != NULL)
		closedir(dir);
	if (n > CACHE_FILES_MAX)
		(void)unlinkat(folder, oldest, 0);
}

/* ---- one answer ---- */

/* What cannot be kept is not: the answer is there, and nobody asked for a file. */
static void
keep(struct call *call, const char *name, struct str body)
{
	const char *path = folder_path(call),
	           *part = arena_printf(&call->cx.mem, ".%d" SUFFIX, (int)getpid());
	int folder = body.len > CACHE_ANSWER_MAX ? -1 : folder_open(path, true);

	if (folder < 0)
		return;
	int fd = openat(
	        folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, body.p, body.len) == (ssize_t)body.len;
	if (fd >= 0)
		close(fd);
	if (!ok || renameat(folder, part, folder, name) != 0)
		(void)unlinkat(folder, part, 0);
	prune(call, path, folder);
	close(folder);
}

static bool
find(struct call *call, const char *name, const struct json **ret, usec_t *ret_age)
{
	int folder = folder_open(folder_path(call), false), fd = -1;
	char *text = arena_alloc(&call->cx.mem, CACHE_ANSWER_MAX + 1);
	struct json *v = NULL;
	struct stat st;
	ssize_t n = 0;

	if (folder >= 0)
		fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, text, CACHE_ANSWER_MAX + 1);
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	if (n <= 0 || n > CACHE_ANSWER_MAX
	        || json_parse(
	                   &call->cx, (struct str){ text, (size_t)n }, JSON_LIMITS_CONFIG, &v)
	                != NULL)
		return false;
	*ret = v;
	*ret_age = ctx_now(&call->cx) - changed_at(&st);
	return *ret_age <= CACHE_AGE_MAX;
}

static const char *
file_name(struct call *call, const char *path)
{
	const char *key = arena_printf(&call->cx.mem, "%s\n%s", client_identity(call), path);

	return arena_printf(&call->cx.mem, "%.40s" SUFFIX, access_hash(&call->cx, key));
}

struct err *
client_get_kept(struct call *call, const struct json **ret, const char *fmt, ...)
{
	struct request_out rq = { .method = "GET" };
	bool off = opt_flag(call, "--no-cache");
	struct answer_in a;
	const char *name;
	usec_t age;
	va_list ap;

	va_start(ap, fmt);
	rq.path = arena_vprintf(&call->cx.mem, fmt, ap);
	va_end(ap);
	name = file_name(call, rq.path);
	struct err *e = client_send(call, &rq, &a);
	if (e == NULL && a.json == NULL)
		return err_new(&call->cx, ERR_INVALID, "%s did not answer JSON", rq.path);
	if (e == NULL && !off)
		keep(call, name, a.body);
	if (e == NULL)
		*ret = a.json;
	if (e == NULL || e->code != ERR_UNAVAILABLE || off || !find(call, name, ret, &age))
		return e;
	fprintf(stderr, "tocsin: %s\n(cached %s ago)\n", err_text(&call->cx, e),
	        span_text(call, age));
	call->exit = EXIT_UNREACHED;
	return NULL;
}
