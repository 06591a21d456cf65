/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The group commit. First everything together; when a command fails after it has written, or a
 * timer fails, the transaction is rolled back and each runs in one of its own. A commit whose
 * outcome is unknown is looked up by the id that it carried.
 */
#include "engine/batch.h"

#include <stdio.h>

#include "base/log.h"
#include "base/random.h"
#include "engine/rows.h"
#include "engine/timers.h"
#include "queries.h"

#define TIMERS_A_BATCH 256
#define SOLO_TRIES 3
#define COMMITS_KEPT DAYS(1)
#define COMMITS_SWEPT_EVERY 4096

static bool
decided_before_writing(const struct err *e)
{
	switch (e->code) {
	case ERR_INVALID:
	case ERR_NOT_FOUND:
	case ERR_CONFLICT:
	case ERR_DENIED:
	case ERR_LIMIT:
		return true;
	case ERR_UNAVAILABLE:
	case ERR_BUG:
	case ERR_CODE_MAX:
		break;
	}
	return false;
}

/* The command works with its submitter's memory and actor inside the batch's transaction. */
static struct err *
run_command(struct batch *b, struct command *cmd)
{
	cmd->cx->tx = b->cx.tx;
	struct err *e = cmd->run(cmd->cx, &b->engine, cmd->arg);
	cmd->cx->tx = NULL;
	return e;
}

static struct err *
begin(struct batch *b)
{
	TRY(db_begin(&b->cx, b->db, DB_WRITE));
	return engine_begin(&b->cx, &b->engine);
}

static void
roll_back(struct batch *b)
{
	db_rollback(&b->cx);
	engine_rolled_back(&b->engine);
	b->next_due = 0;
}

static struct err *
sign(struct batch *b)
{
	static unsigned commits;
	usec_t now = ctx_now(&b->cx);

	snprintf(b->commit_id, sizeof b->commit_id, "%s", random_token(&b->cx.mem, 16));
	if (commits++ % COMMITS_SWEPT_EVERY == 0)
		TRY(db_post(&b->cx, &q_engine_commit_forget, DB_ARGS(now - COMMITS_KEPT)));
	return db_post(&b->cx, &q_engine_commit_add, DB_ARGS((const char *)b->commit_id, now));
}

/* Whether a commit that failed without a word had taken place after all. */
static bool
took_place(struct batch *b)
{
	struct engine_count known = { 0 };

	if (db_begin(&b->cx, b->db, DB_READ) != NULL)
		return false;
	struct err *e = db_one(
	        &b->cx, &q_engine_commit_known, DB_ARGS((const char *)b->commit_id), &known);
	db_rollback(&b->cx);
	return e == NULL && known.n > 0;
}

static struct err *
commit(struct batch *b)
{
	TRY(engine_flush(&b->cx, &b->engine));
	TRY(sign(b));
	TRY(timers_next(&b->cx, &b->next_due));
	struct err *e = db_commit(&b->cx);
	if (e != NULL && !(e->code == ERR_UNAVAILABLE && took_place(b)))
		return e;
	if (b->engine.ids.event > b->engine.first_event) {
		if (b->first_event > b->last_event)
			b->first_event = b->engine.first_event;
		b->last_event = b->engine.ids.event - 1;
	}
	b->pages_queued |= b->engine.pages_queued;
	engine_committed(&b->engine);
	return NULL;
}

/* ---- together ---- */

static struct err *
run_timers(struct batch *b, struct timers_run *run)
{
	if (b->next_due > ctx_now(&b->cx))
		return NULL;
	return timers_fire(&b->cx, &b->engine, run);
}

static struct err *
run_together(struct batch *b)
{
	struct timers_run timers = { .limit = TIMERS_A_BATCH };

	TRY(begin(b));
	for (struct command *c = b->commands; c != NULL; c = c->next) {
		uint64_t written = b->cx.tx->n_writes;
		c->result = run_command(b, c);
		if (c->result != NULL
		        && (!decided_before_writing(c->result)
		                || b->cx.tx->n_writes != written))
			return c->result;
	}
	if (!b->timers_sick)
		TRY(run_timers(b, &timers));
	return commit(b);
}

/* ---- one by one ---- */

static struct err *
try_alone(struct batch *b, struct command *c)
{
	TRY(begin(b));
	TRY(run_command(b, c));
	return commit(b);
}

static void
run_alone(struct batch *b, struct command *c)
{
	for (int i = 0; i < SOLO_TRIES; i++) {
		c->result = try_alone(b, c);
		if (c->result == NULL)
			return;
		roll_back(b);
		if (c->result->code != ERR_CONFLICT)
			return;
	}
}

static struct err *
one_timer(struct batch *b, struct timers_run *run)
{
	TRY(begin(b));
	TRY(run_timers(b, run));
	return commit(b);
}

static struct err *
put_off(struct batch *b, int64_t id)
{
	TRY(begin(b));
	TRY(timer_put_off(&b->cx, &b->engine, &id));
	return commit(b);
}

/* A timer that cannot be run is put off, said loudly, and does not hold up the others. */
static void
timers_alone(struct batch *b)
{
	for (int i = 0; i < TIMERS_A_BATCH; i++) {
		struct timers_run run = { .limit = 1 };
		struct err *e = one_timer(b, &run);
		if (e == NULL && run.ran == 0)
			break;
		if (e == NULL)
			continue;
		roll_back(b);
		log_err(&b->cx, LOG_ERROR, "timer", e);
		if (e->code == ERR_UNAVAILABLE)
			return;
		e = put_off(b, run.at_work);
		if (e != NULL) {
			roll_back(b);
			return;
		}
	}
	b->timers_sick = false;
}

struct err *
batch_run(struct batch *b)
{
	b->first_event = 1;
	b->last_event = 0;
	b->pages_queued = false;
	struct err *e = run_together(b);
	if (e != NULL) {
		roll_back(b);
		for (struct command *c = b->commands; c != NULL; c = c->next)
			run_alone(b, c);
		b->timers_sick = true;
	}
	if (b->timers_sick)
		timers_alone(b);
	return e != NULL && e->code == ERR_UNAVAILABLE ? e : NULL;
}
