/* SPDX-License-Identifier: Apache-2.0 */
/* A writer on a database of its own, and commands that say when they run and are answered. */
#ifndef WRITER_FIXTURE_H
#define WRITER_FIXTURE_H

#include "test.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/db.h"
#include "engine/timeline.h"
#include "engine/writer.h"

#define QUEUE 4

static struct ctx cx;
static struct config *config;
static struct writer *writer;
static char path[64], url[80];
static sem_t entered, go_on, answered;

static int
start(void **state)
{
	static const unsigned char key[32] = { 1 };
	const struct writer_config wc = {
		.db_url = url, .queue_max = QUEUE, .batch_max = 2, .hurry = 1
	};
	struct db *db;

	(void)state;
	ctx_init(&cx, NULL);
	snprintf(path, sizeof path, "/tmp/tocsin-writer-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	snprintf(url, sizeof url, "sqlite:%s", path);
	assert_ok(&cx, db_open(&cx, url, DB_WRITE, &db));
	assert_ok(&cx, db_migrate(&cx, db));
	db_close(db);
	assert_ok(&cx, config_new(&cx, key, &config));
	assert_ok(&cx, writer_start(&cx, config, &wc, &writer));
	sem_init(&entered, 0, 0);
	sem_init(&go_on, 0, 0);
	sem_init(&answered, 0, 0);
	return 0;
}

static int
stop(void **state)
{
	static const char *const endings[] = { "", "-wal", "-shm" };

	(void)state;
	writer_stop(writer);
	config_free(config);
	for (size_t i = 0; i < NELEMS(endings); i++)
		unlink(arena_printf(&cx.mem, "%s%s", path, endings[i]));
	ctx_close(&cx);
	return 0;
}

/* Holds the writer up until it is told to go on. */
static inline struct err *
hold_run(struct ctx *c, struct engine *e, void *arg)
{
	(void)c, (void)e, (void)arg;
	sem_post(&entered);
	while (sem_wait(&go_on) != 0)
		continue;
	return NULL;
}

static struct err *
event_run(struct ctx *c, struct engine *e, void *arg)
{
	return timeline_add(c, e,
	        (struct happening){
	                .type = "token.revoked", .data = event_data(c, "name", arg, NULL) });
}

static void
done(struct command *cmd)
{
	(void)cmd;
	sem_post(&answered);
}

static void
wait_for(sem_t *sem, int n)
{
	while (n > 0)
		n -= sem_wait(sem) == 0;
}

static void
command_make(struct command *c, struct ctx *own, engine_fn *run)
{
	ctx_init(own, NULL);
	*c = (struct command){ .cx = own, .run = run, .arg = (void *)"x", .done = done };
}

#define WRITER(test) cmocka_unit_test_setup_teardown(test, start, stop)

#endif
