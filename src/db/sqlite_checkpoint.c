/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving the write-ahead log into the database, beside the commits instead of within one: what
 * a checkpoint of 64 MB costs (a tenth of a second and more) would otherwise be waited for by
 * every command of that commit.
 *
 * A thread, begun when there is first something to do, copies with a connection of its own, in
 * passes: each takes what was committed during the one before. The little that came during the
 * last is copied within the next commit: only a checkpoint with nothing behind it lets
 * SQLite begin the log anew, and under load only the writer can see that moment.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "db/sqlite_priv.h"

#define WAL_PAGES 16000     /* 64 MB: hot pages are copied once instead of many times */
#define WAL_PAGES_MORE 2000 /* until the next attempt when a long read was in the way */
#define PASSES_MAX 6
#define LITTLE 500 /* pages: copied within a commit in a few milliseconds */
#define THREAD_STACK (256 * 1024)

struct sqlite_checkpoint {
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t news;
	bool started, wanted, nearly, stopping;
	int next_at; /* pages; the writer's own */
	char path[];
};

/* How many pages the log had. */
static int
pass(sqlite3 *conn)
{
	int pages = 0;
	int rc = sqlite3_wal_checkpoint_v2(conn, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, NULL);

	if (rc != SQLITE_OK && rc != SQLITE_BUSY)
		log_warn(NULL, "sqlite", "checkpoint=\"%s\"", sqlite3_errstr(rc));
	return pages;
}

static void
passes(sqlite3 *conn)
{
	int before = 0;

	for (int i = 0; i < PASSES_MAX; i++) {
		int pages = pass(conn);
		if (pages - before < LITTLE)
			return;
		before = pages;
	}
}

static bool
wait_until_wanted(struct sqlite_checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	while (!c->wanted && !c->stopping)
		pthread_cond_wait(&c->news, &c->lock);
	bool go_on = !c->stopping;
	pthread_mutex_unlock(&c->lock);
	return go_on;
}

static void
note_nearly(struct sqlite_checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	c->wanted = false;
	c->nearly = true;
	pthread_mutex_unlock(&c->lock);
}

static void *
run(void *arg)
{
	struct sqlite_checkpoint *c = arg;
	sqlite3 *conn;
	int rc = sqlite3_open_v2(
	        c->path, &conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	/* A connection that has read nothing knows of no log: its checkpoints do nothing. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(conn, "PRAGMA schema_version", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		log_warn(NULL, "sqlite", "checkpoint=\"%s\"", sqlite3_errstr(rc));
	while (wait_until_wanted(c)) {
		if (rc == SQLITE_OK)
			passes(conn);
		note_nearly(c);
	}
	sqlite3_close(conn);
	return NULL;
}

/* The lock is held. Without a thread the writer does it all, as SQLite does by itself. */
static void
start(struct sqlite_checkpoint *c)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	c->started = pthread_create(&c->thread, &attr, run, c) == 0;
	c->nearly = !c->started;
	pthread_attr_destroy(&attr);
}

/* True when the rest is to be copied by the caller, now. */
static bool
ask(struct sqlite_checkpoint *c, int pages)
{
	pthread_mutex_lock(&c->lock);
	if (!c->started)
		start(c);
	bool now = c->nearly;
	c->nearly = false;
	if (now) {
		c->next_at = pages + WAL_PAGES_MORE;
	} else if (!c->wanted) {
		c->wanted = true;
		pthread_cond_signal(&c->news);
	}
	pthread_mutex_unlock(&c->lock);
	return now;
}

/* After each commit, on the writer's thread. A checkpoint that fails costs nothing but room:
 * the commit stands. */
static int
on_commit(void *arg, sqlite3 *conn, const char *name, int pages)
{
	struct sqlite_checkpoint *c = arg;

	(void)name;
	if (pages < WAL_PAGES)
		c->next_at = WAL_PAGES;
	else if (pages >= c->next_at && ask(c, pages))
		(void)pass(conn);
	return SQLITE_OK;
}

struct sqlite_checkpoint *
sqlite_checkpoint_new(sqlite3 *conn, const char *path)
{
	struct sqlite_checkpoint *c = calloc(1, sizeof *c + strlen(path) + 1);

	if (c == NULL)
		abort();
	memcpy(c->path, path, strlen(path) + 1);
	c->next_at = WAL_PAGES;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->news, NULL);
	sqlite3_wal_hook(conn, on_commit, c);
	return c;
}

void
sqlite_checkpoint_free(struct sqlite_checkpoint *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	pthread_cond_signal(&c->news);
	pthread_mutex_unlock(&c->lock);
	if (c->started)
		pthread_join(c->thread, NULL);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->news);
	free(c);
}
