/* SPDX-License-Identifier: Apache-2.0 */
/* The one writer: its queue is bounded, every command is answered once, one that fails hurts no
 * other. Nothing here waits for time to pass. */
#include "writer_fixture.h"

#define COMMANDS 6

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
