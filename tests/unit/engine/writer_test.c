/* SPDX-License-Identifier: Apache-2.0 */
/* The one writer: its queue is bounded, every command is answered once, one that fails hurts no
 * other. Nothing here waits for time to pass. */
#include "test.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/db.h"
#include "engine/timeline.h"
#include "engine/writer.h"

#define COMMANDS 6
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
	const struct writer_config wc = { .db_url = url, .queue_max = QUEUE, .batch_max = 2 };
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
static struct err *
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

/* As one that finds out too late. */
static struct err *
broken_run(struct ctx *c, struct engine *e, void *arg)
{
	TRY(event_run(c, e, arg));
	return err_new(c, ERR_BUG, "found out too late");
}

static struct err *
refusing_run(struct ctx *c, struct engine *e, void *arg)
{
	(void)e, (void)arg;
	return err_new(c, ERR_CONFLICT, "not now");
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

static void
test_a_full_queue_refuses(void **state)
{
	struct command holding, commands[COMMANDS];
	struct ctx own, each[COMMANDS];
	struct writer_stats stats;
	size_t taken = 0;

	(void)state;
	command_make(&holding, &own, hold_run);
	assert_true(writer_submit(writer, &holding));
	wait_for(&entered, 1); /* it is out of the queue, which is empty now */
	for (int i = 0; i < COMMANDS; i++) {
		command_make(&commands[i], &each[i], event_run);
		taken += writer_submit(writer, &commands[i]);
	}
	assert_int_equal(taken, QUEUE);
	writer_stats(writer, &stats);
	assert_int_equal(stats.queued, QUEUE);
	sem_post(&go_on);
	wait_for(&answered, 1 + QUEUE);
	for (int i = 0; i < COMMANDS; i++) {
		assert_null(commands[i].result);
		ctx_close(&each[i]);
	}
	ctx_close(&own);
	assert_ok(&cx, writer_run(writer, &cx, event_run, (void *)"more"));
}

static void
test_one_bad_command_hurts_no_other(void **state)
{
	static engine_fn *const runs[] = { event_run, broken_run, refusing_run, event_run };
	struct command holding, commands[NELEMS(runs)];
	struct ctx own, each[NELEMS(runs)];
	struct verify_result verified;
	struct db *db;

	(void)state;
	command_make(&holding, &own, hold_run);
	assert_true(writer_submit(writer, &holding));
	wait_for(&entered, 1);
	for (size_t i = 0; i < NELEMS(runs); i++) {
		command_make(&commands[i], &each[i], runs[i]);
		assert_true(writer_submit(writer, &commands[i]));
	}
	sem_post(&go_on);
	wait_for(&answered, 1 + NELEMS(runs));
	assert_null(commands[0].result);
	assert_int_equal(commands[1].result->code, ERR_BUG);
	assert_int_equal(commands[2].result->code, ERR_CONFLICT);
	assert_null(commands[3].result);
	for (size_t i = 0; i < NELEMS(runs); i++)
		ctx_close(&each[i]);
	ctx_close(&own);
	/* What failed left nothing behind, and the chain holds. */
	assert_ok(&cx, db_open(&cx, url, DB_READ, &db));
	assert_ok(&cx, db_begin(&cx, db, DB_READ));
	assert_ok(&cx, timeline_verify(&cx, &verified));
	db_rollback(&cx);
	db_close(db);
	assert_int_equal(verified.events, 2);
	assert_null(verified.why);
}

#define WRITER(test) cmocka_unit_test_setup_teardown(test, start, stop)

/* As one that makes pages. */
static struct err *
paging_run(struct ctx *c, struct engine *e, void *arg)
{
	e->pages_queued = true;
	return event_run(c, e, arg);
}

static int64_t event_seen;

static struct err *
claiming_run(struct ctx *c, struct engine *e, void *arg)
{
	(void)c, (void)arg;
	event_seen = e->ids.event;
	assert_true(event_seen > e->first_event); /* what made the pages came before */
	e->pages_queued = false;
	return NULL;
}

static void
test_who_stands_by_shares_the_transaction_that_pages(void **state)
{
	struct writer_stats before, after;
	struct command claim;
	struct ctx own;

	(void)state;
	command_make(&claim, &own, claiming_run);
	writer_stand_by(writer, &claim);
	assert_ok(&cx, writer_run(writer, &cx, event_run, (void *)"nothing for it"));
	assert_true(writer_take_back(writer, &claim));
	assert_false(writer_take_back(writer, &claim));
	assert_int_equal(event_seen, 0);

	writer_stand_by(writer, &claim);
	writer_stats(writer, &before);
	assert_ok(&cx, writer_run(writer, &cx, paging_run, (void *)"pages"));
	assert_false(writer_take_back(writer, &claim));
	wait_for(&answered, 1);
	writer_stats(writer, &after);
	assert_null(claim.result);
	assert_true(event_seen > 0);
	assert_int_equal(after.commits, before.commits + 1);
	ctx_close(&own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER(test_a_full_queue_refuses),
		WRITER(test_one_bad_command_hurts_no_other),
		WRITER(test_who_stands_by_shares_the_transaction_that_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
