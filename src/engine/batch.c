/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The group commit. First everything together; when a command fails after it has written, or a
 * timer fails, the transaction is rolled back and each runs in one of its own. A commit whose
 * outcome is unknown is looked up by the id that it carried: in the next turn, for not before
 * then is it certain that the server is done with it.
 */
#include "engine/batch.h"

#include <stdio.h>

#include "base/log.h"
#include "base/random.h"
#include "engine/foresight.h"
#include "engine/hindsight.h"
#include "engine/rows.h"
#include "engine/timers.h"
#include "queries.h"

#define TIMERS_A_BATCH 256
#define SOLO_TRIES 3
#define LOOKS_AHEAD_MAX 64 /* in a transaction: each may look at all the commands left */
#define COMMITS_KEPT DAYS(1)
#define COMMITS_SWEPT_EVERY 4096

static void
move(struct batch *b, enum command_state from, enum command_state to)
{
	for (struct command *c = b->commands; c != NULL; c = c->next)
		if (c->state == from)
			c->state = to;
}

static bool
is_good_report(const struct command *c)
{
	const struct page_report *r = c->arg;

	return c->run == paging_report && r->result == SEND_OK;
}

/* Reports of pages that were sent, as far as they follow each other. */
static struct err *
look_back(struct batch *b, struct command *first)
{
	const struct page_report *report = first->arg;
	struct page_report **reports;
	size_t n = 0;

	if ((b->engine.hindsight != 0 && report->seen_at == b->engine.hindsight)
	        || b->looks_ahead >= LOOKS_AHEAD_MAX)
		return NULL;
	reports = ARENA_ARRAY(&b->cx.mem, HINDSIGHT_MAX, struct page_report *);
	for (struct command *c = first; c != NULL && is_good_report(c) && n < HINDSIGHT_MAX;
	        c = c->next)
		if (c->state != COMMAND_SETTLED)
			reports[n++] = c->arg;
	hindsight_end(&b->engine);
	if (n < 2)
		return NULL;
	b->looks_ahead++;
	return hindsight_read(&b->cx, &b->engine, reports, n);
}

/* Signals that follow each other are looked up together, and so are reports; whatever else runs
 * ends that. */
static struct err *
look_ahead(struct batch *b, struct command *first)
{
	const struct intake *in = first->arg;
	struct intake **intakes;
	size_t n = 0;

	if (first->run != intake_run)
		foresight_end(&b->engine);
	if (is_good_report(first))
		return look_back(b, first);
	hindsight_end(&b->engine);
	if (first->run != intake_run)
		return NULL;
	if ((b->engine.foresight != NULL && in->foresight == b->engine.foresight)
	        || b->looks_ahead >= LOOKS_AHEAD_MAX)
		return NULL;
	b->looks_ahead++;
	for (struct command *c = first; c != NULL && c->run == intake_run; c = c->next)
		n += c->state != COMMAND_SETTLED;
	intakes = ARENA_ARRAY(&b->cx.mem, n, struct intake *);
	n = 0;
	for (struct command *c = first; c != NULL && c->run == intake_run; c = c->next)
		if (c->state != COMMAND_SETTLED)
			intakes[n++] = c->arg;
	return foresee(&b->cx, &b->engine, intakes, n);
}

/* The command works with its submitter's memory and actor inside the batch's transaction. */
static struct err *
run_command(struct batch *b, struct command *cmd)
{
	cmd->state = COMMAND_AT_WORK;
	cmd->cx->tx = b->cx.tx;
	struct err *e = cmd->run(cmd->cx, &b->engine, cmd->arg);
	cmd->cx->tx = NULL;
	return e;
}

static struct err *
begin(struct batch *b)
{
	usec_t since = clock_mono();

	b->reachable = false;
	b->looks_ahead = 0;
	TRY(db_begin(&b->cx, b->db, DB_WRITE));
	TRY(engine_begin(&b->cx, &b->engine));
	b->reachable = true;
	b->turns++;
	b->turn_waits += clock_mono() - since;
	return NULL;
}

static void
roll_back(struct batch *b)
{
	db_rollback(&b->cx);
	engine_rolled_back(&b->engine);
	b->next_due = 0;
	if (!b->in_doubt)
		move(b, COMMAND_AT_WORK, COMMAND_WAITING);
}

static struct err *
sign(struct batch *b)
{
	usec_t now = ctx_now(&b->cx);

	snprintf(b->commit_id, sizeof b->commit_id, "%s", random_token(&b->cx.mem, 16));
	if (b->commits++ % COMMITS_SWEPT_EVERY == 0)
		TRY(db_post(&b->cx, &q_engine_commit_forget, DB_ARGS(now - COMMITS_KEPT)));
	return db_post(&b->cx, &q_engine_commit_add, DB_ARGS((const char *)b->commit_id, now));
}

/* What the transaction at work will have brought, should it be committed: kept also for the
 * case that only later we learn that it was. */
static void
note_effects(struct batch *b)
{
	if (b->engine.ids.event > b->engine.first_event) {
		if (b->first_event > b->last_event)
			b->first_event = b->engine.first_event;
		b->last_event = b->engine.ids.event - 1;
	}
	b->pages_queued |= b->engine.pages_queued;
}

static struct err *
settled(struct batch *b)
{
	struct err *e = b->settled == NULL ? NULL : b->settled(b->arg);

	if (e != NULL)
		b->reachable = false; /* the others would not fare better */
	return e;
}

enum haste { COMMIT_SURE, COMMIT_EARLY };

static struct err *
commit(struct batch *b, enum haste haste)
{
	TRY(engine_flush(&b->cx, &b->engine));
	TRY(sign(b));
	TRY(timers_next(&b->cx, &b->next_due));
	TRY(settled(b));
	note_effects(b);
	bool early = haste == COMMIT_EARLY && b->settled != NULL && b->hurried(b->arg);
	struct err *e = early ? db_commit_early(&b->cx, &b->owed) : db_commit(&b->cx);
	b->in_doubt = e != NULL && e->code == ERR_UNAVAILABLE;
	TRY(e);
	engine_committed(&b->engine);
	move(b, COMMAND_AT_WORK, COMMAND_SETTLED);
	return NULL;
}

/* ---- doubt ---- */

static struct err *
look_up(struct batch *b, bool *ret_took_place)
{
	struct engine_count known;

	TRY(begin(b));
	TRY(db_one(
	        &b->cx, &q_engine_commit_known, DB_ARGS((const char *)b->commit_id), &known));
	*ret_took_place = known.n > 0;
	return NULL;
}

/* Whether the commit that got no answer had taken place after all. */
static struct err *
resolve(struct batch *b)
{
	bool took_place = false;

	if (!b->in_doubt)
		return NULL;
	struct err *e = look_up(b, &took_place);
	b->in_doubt = e != NULL;
	if (took_place)
		move(b, COMMAND_AT_WORK, COMMAND_SETTLED);
	roll_back(b);
	return e;
}

/* ---- together ---- */

static struct err *
run_timers(struct batch *b, struct timers_run *run)
{
	if (b->next_due > ctx_now(&b->cx))
		return NULL;
	return timers_fire(&b->cx, &b->engine, run);
}

/* Somebody else had the timers that were due: a commit would only make others look. */
static struct err *
nothing_done(struct batch *b)
{
	usec_t next_due;

	TRY(timers_next(&b->cx, &next_due));
	roll_back(b);
	b->next_due = next_due;
	return NULL;
}

static struct err *
run_waiting(struct batch *b, struct command *first)
{
	for (struct command *c = first; c != NULL; c = c->next) {
		if (c->state == COMMAND_SETTLED)
			continue;
		uint64_t written = b->cx.tx->n_writes;
		TRY(look_ahead(b, c));
		c->result = run_command(b, c);
		if (c->result != NULL
		        && (!err_is_refusal(c->result) || b->cx.tx->n_writes != written))
			return c->result;
	}
	return NULL;
}

/* Who waits for pages has them in the transaction that makes them. */
static struct err *
run_last(struct batch *b)
{
	struct command **end = &b->commands, *last;

	if (!b->engine.pages_queued || b->stand_in == NULL)
		return NULL;
	last = b->stand_in(b->arg);
	if (last == NULL)
		return NULL;
	while (*end != NULL)
		end = &(*end)->next;
	*end = last;
	return run_waiting(b, last);
}

static struct err *
run_together(struct batch *b)
{
	struct timers_run timers = { .limit = TIMERS_A_BATCH };

	TRY(begin(b));
	TRY(run_waiting(b, b->commands));
	if (!b->timers_sick)
		TRY(run_timers(b, &timers));
	TRY(run_last(b));
	if (b->commands == NULL && timers.ran == 0 && !b->probe)
		return nothing_done(b);
	return commit(b, b->timers_sick || b->probe ? COMMIT_SURE : COMMIT_EARLY);
}

/* ---- one by one ---- */

/* An error of the batch's own, in the memory of who submitted the command: the batch's goes as
 * soon as all are answered. */
static struct err *
theirs(struct command *c, const struct err *e)
{
	return e == NULL ? NULL : err_new(c->cx, e->code, "%s", e->msg);
}

static struct err *
try_alone(struct batch *b, struct command *c)
{
	c->result = NULL; /* holds also if we must look up whether it was committed */
	TRY(theirs(c, begin(b)));
	TRY(run_command(b, c));
	return theirs(c, commit(b, COMMIT_SURE));
}

/* What the database could not do now is given back and may be tried again; any other failure is
 * the command's. */
static struct err *
run_alone(struct batch *b, struct command *c)
{
	struct err *e = NULL;

	for (int i = 0; i < SOLO_TRIES; i++) {
		e = try_alone(b, c);
		if (e == NULL)
			break;
		roll_back(b);
		if (e->code == ERR_UNAVAILABLE)
			return e;
		if (e->code != ERR_CONFLICT)
			break;
	}
	c->result = e;
	c->state = COMMAND_SETTLED;
	return NULL;
}

static struct err *
one_timer(struct batch *b, struct timers_run *run)
{
	TRY(begin(b));
	TRY(run_timers(b, run));
	return commit(b, COMMIT_SURE);
}

static struct err *
put_off(struct batch *b, struct timer t)
{
	TRY(begin(b));
	TRY(timer_put_off(&b->cx, &b->engine, &t));
	return commit(b, COMMIT_SURE);
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
		if (e->code == ERR_UNAVAILABLE) {
			b->trouble = e;
			return;
		}
		e = put_off(b, run.at_work);
		if (e != NULL) {
			roll_back(b);
			return;
		}
	}
	b->timers_sick = false;
}

static bool
usable(const struct batch *b)
{
	return b->reachable && !b->in_doubt;
}

static void
run_each(struct batch *b)
{
	for (struct command *c = b->commands; c != NULL && usable(b); c = c->next) {
		if (c->state != COMMAND_WAITING)
			continue;
		struct err *lost = run_alone(b, c), *e = resolve(b);
		if (c->state != COMMAND_SETTLED)
			b->trouble = e != NULL ? e : lost;
	}
	b->timers_sick = true;
}

/* ---- the whole ---- */

/* Errors live in the submitter's memory. */
static void
refuse_waiting(struct batch *b)
{
	for (struct command *c = b->commands; c != NULL; c = c->next)
		if (c->state != COMMAND_SETTLED)
			c->result = err_new(c->cx, ERR_UNAVAILABLE, "%s", b->trouble->msg);
}

static bool
idle(struct batch *b)
{
	return b->commands == NULL && !b->in_doubt && !b->timers_sick && !b->probe
	        && b->next_due > ctx_now(&b->cx);
}

static void
run_batch(struct batch *b)
{
	struct err *e = resolve(b);

	if (e == NULL)
		e = run_together(b);
	if (e != NULL) {
		roll_back(b);
		b->trouble = e->code == ERR_UNAVAILABLE ? e : NULL;
		if (b->in_doubt && b->reachable)
			e = resolve(b);
		if (usable(b)) {
			b->trouble = NULL;
			run_each(b);
		}
	}
	if (b->timers_sick && usable(b))
		timers_alone(b);
}

struct err *
batch_run(struct batch *b)
{
	if (!b->in_doubt) {
		b->first_event = 1;
		b->last_event = 0;
		b->pages_queued = false;
	}
	b->trouble = NULL;
	b->owed = false;
	if (!idle(b))
		run_batch(b);
	if (b->trouble != NULL)
		refuse_waiting(b);
	return b->trouble;
}

struct err *
batch_look(struct batch *b)
{
	struct err *e = db_begin(&b->cx, b->db, DB_READ);

	if (e == NULL)
		e = engine_look(&b->cx, &b->engine);
	if (e == NULL)
		e = timers_next(&b->cx, &b->next_due);
	db_rollback(&b->cx);
	return e;
}
