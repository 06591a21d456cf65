/* SPDX-License-Identifier: Apache-2.0 */
/* The world's processes: opening, dying, and running commands in batches. */
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/timers.h"
#include "sim/post.h"
#include "sim/tape.h"

/* Secrets of a scenario are worth nothing: a fixed key keeps runs alike. */
static const unsigned char key[32] = "a key that protects nothing here";

/* ---- one process ---- */

static struct err *
load_config(struct world *w, struct config *config)
{
	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = config_load(&w->cx, config);
	db_rollback(&w->cx);
	return e;
}

static struct err *
start_process(struct world *w, struct process *p)
{
	struct ctx *cx = &p->batch.cx;

	*p = (struct process){ .runs = true, .batch.db = w->db };
	ctx_init(cx, &w->clock);
	cx->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	TRY(config_new(&w->cx, key, &p->config));
	engine_init(&p->batch.engine, p->config);
	p->batch.engine.node = p == &w->processes[0] ? "one" : "two";
	return load_config(w, p->config);
}

static void
end_process(struct process *p)
{
	if (!p->runs)
		return;
	p->runs = false;
	config_free(p->config);
	ctx_close(&p->batch.cx);
}

static void
work_in(struct world *w, struct process *p)
{
	w->at = p;
	w->config = p->config;
}

static bool
is_alone(const struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < PROCESSES_MAX; i++)
		n += w->processes[i].runs;
	return n == 1;
}

static struct err *
recover(struct world *w, struct process *p)
{
	struct command cmd = { .cx = &w->cx, .run = paging_recover };
	struct traced traced;

	w->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	if (w->tape != NULL)
		tape_trace(w->tape, &traced, &cmd);
	return engine_run(&w->cx, &p->batch.engine, w->db, cmd.run, cmd.arg);
}

#define START_TRIES 3

/* Whoever watches over the process starts it again when the first thing that it does fails. */
static struct err *
start(struct world *w, struct process *p)
{
	TRY(start_process(w, p));
	work_in(w, p);
	struct err *e = recover(w, p);
	for (int i = 0; e != NULL && i < START_TRIES; i++) {
		w->faults.dead = false;
		e = recover(w, p);
	}
	return e;
}

/* ---- the database ---- */

static struct err *
open_database(struct world *w)
{
	TRY(db_open(&w->cx, w->url, DB_WRITE, &w->db));
	TRY(db_migrate(&w->cx, w->db));
	db_faults_put(w->db, &w->faults);
	return NULL;
}

static struct err *
temporary(struct world *w)
{
	const char *folder = getenv("TMPDIR");
	char *path = arena_printf(
	        &w->cx.mem, "%s/tocsin-scenario-XXXXXX", folder == NULL ? "/tmp" : folder);
	int fd = mkstemp(path);

	if (fd < 0)
		return err_new(&w->cx, ERR_UNAVAILABLE, "cannot make %s: %m", path);
	close(fd);
	w->file = path;
	w->url = arena_printf(&w->cx.mem, "sqlite:%s", path);
	return NULL;
}

static bool
in_memory(const struct world *w)
{
	return strcmp(w->url, "sqlite::memory:") == 0;
}

struct err *
world_open(struct world *w, const char *url)
{
	*w = (struct world){ .url = url };
	clock_virtual(&w->clock, 0);
	ctx_init(&w->cx, &w->clock);
	if (url == NULL || (strncmp(url, "sqlite:", 7) == 0 && !in_memory(w))) {
		TRY(temporary(w));
	} else if (!in_memory(w)) {
		TRY(scratch_make(&w->cx, url, &w->scratch));
		w->url = w->scratch.url;
	}
	TRY(open_database(w));
	return start(w, &w->processes[0]);
}

void
world_close(struct world *w)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		end_process(&w->processes[i]);
	db_close(w->db);
	for (int i = 0; w->file != NULL && i < 3; i++) {
		static const char *const endings[] = { "", "-wal", "-shm" };
		unlink(arena_printf(&w->cx.mem, "%s%s", w->file, endings[i]));
	}
	if (w->scratch.url != NULL)
		err_ignore(scratch_drop(&w->cx, &w->scratch), "an empty schema is left behind");
	ctx_close(&w->cx);
}

/* What is in memory only would go with its connection. */
static struct err *
reopen(struct world *w)
{
	w->faults.dead = false;
	if (in_memory(w) || !is_alone(w))
		return NULL;
	db_close(w->db);
	w->db = NULL;
	return open_database(w);
}

static struct err *
revive(struct world *w)
{
	TRY(reopen(w));
	end_process(w->at);
	return start(w, w->at);
}

struct err *
world_restart(struct world *w)
{
	TRY(revive(w));
	return world_advance(w, w->clock.at);
}

/* It hears of what the other did before it does anything itself. */
struct err *
world_switch(struct world *w, size_t n)
{
	struct process *p = &w->processes[n - 1];

	if (!p->runs)
		return start(w, p);
	work_in(w, p);
	p->batch.next_due = 0;
	return load_config(w, p->config);
}

/* ---- commands ---- */

/* Nobody is disturbed for what somebody has answered. */
static struct err *
check_wanted(struct world *w, struct ctx *cx, const struct page_job *job)
{
	const struct page *p = &job->page;
	const char *state = "resolved";
	bool ended = !p->is_bundle && job->incident.state == INCIDENT_RESOLVED;

	if (!ended)
		TRY(page_call_ended(cx, p->id, &ended, &state));
	if (ended)
		world_breach(w, "a page goes out though its call is over: page %lld to %s (%s)",
		        (long long)p->id, p->user_id == NULL ? p->because : p->user_id, state);
	return NULL;
}

struct watched_claim {
	struct world *w;
	engine_fn *run;
	void *arg;
	const struct page_claim *claim;
};

/* In the same transaction: later things that end a call come after the page has gone. */
static struct err *
claim_watched(struct ctx *cx, struct engine *e, void *arg)
{
	struct watched_claim *c = arg;

	TRY(c->run(cx, e, c->arg));
	for (size_t i = 0; i < c->claim->n; i++)
		TRY(check_wanted(c->w, cx, &c->claim->jobs[i]));
	return NULL;
}

#define PATIENCE 3 /* tries */

/* Through the batch, as by the server's writer. A process that dies of it starts anew, and the
 * answer is lost. */
static struct err *
run(struct world *w, struct ctx *cx, engine_fn *fn, void *arg)
{
	struct command cmd = { .cx = cx, .run = fn, .arg = arg };
	struct watched_claim watched;
	struct traced traced;
	struct batch *b = &w->at->batch;

	if (w->tape != NULL)
		tape_trace(w->tape, &traced, &cmd);
	if (fn == paging_claim) {
		watched = (struct watched_claim){ w, cmd.run, cmd.arg, arg };
		cmd.run = claim_watched;
		cmd.arg = &watched;
	}
	b->commands = &cmd;
	struct err *failed = batch_run(b);
	for (int i = 0; failed != NULL && !w->faults.dead && i < PATIENCE; i++)
		failed = batch_run(b);
	b->commands = NULL;
	if (cmd.result != NULL && cmd.result->code == ERR_BUG)
		world_breach(w, "a bug: %s", err_text(cx, cmd.result));
	w->ails = failed != NULL;
	ctx_reset(&b->cx);
	if (w->faults.dead) {
		cmd.result = err_new(cx, ERR_UNAVAILABLE, "it died before it answered");
		TRY(revive(w));
	}
	return cmd.result;
}

/* In memory of its own; not for what gives something back. */
static struct err *
run_apart(struct world *w, engine_fn *fn, void *arg)
{
	struct ctx cx;

	ctx_init(&cx, &w->clock);
	struct err *e = run(w, &cx, fn, arg);
	if (e != NULL)
		e = err_new(&w->cx, e->code, "%s", err_text(&cx, e));
	ctx_close(&cx);
	return e;
}

/* Timers that are due; *ret_more when there may be more. */
static struct err *
run_timers(struct world *w, bool *ret_more)
{
	struct batch *b = &w->at->batch;
	struct err *e = NULL;

	*ret_more = false;
	if (b->next_due > w->clock.at)
		return NULL;
	struct err *failed = batch_run(b);
	if (failed != NULL)
		e = err_new(&w->cx, failed->code, "%s", err_text(&b->cx, failed));
	*ret_more = failed == NULL && b->next_due <= w->clock.at;
	ctx_reset(&b->cx);
	if (w->faults.dead) {
		TRY(revive(w));
		return err_new(&w->cx, ERR_UNAVAILABLE, "it died at its work");
	}
	return e;
}

struct err *
world_do(struct world *w, engine_fn *fn, void *arg)
{
	struct err *e = run(w, &w->cx, fn, arg);
	struct err *later = world_advance(w, w->clock.at);

	return e != NULL ? e : later;
}

struct err *
world_signal(struct world *w, struct intake *in)
{
	w->n_sent += in->n;
	struct err *e = world_do(w, intake_run, in);
	for (size_t i = 0; e == NULL && i < in->n; i++)
		ARENA_PUSH(&w->cx.mem, w->accepted, w->n_accepted, w->cap_accepted) =
		        (struct accepted){ in->results[i].signal_id, in->results[i].dedup_key };
	return e;
}

static struct err *
apply_plan(struct ctx *cx, struct engine *e, void *arg)
{
	return engine_apply(cx, e, arg);
}

struct err *
world_apply(struct world *w, const struct change_set *set)
{
	const struct plan_options options = { .message = "scenario" };
	const struct snapshot *base = config_current(w->config);
	struct plan *plan = ARENA_NEW(&w->cx.mem, struct plan);

	struct err *e = config_plan(&w->cx, w->config, base, set, &options, plan);
	snapshot_unref(base);
	if (e != NULL)
		return e;
	e = world_do(w, apply_plan, plan);
	if (w->tape != NULL)
		tape_keep_plan(w->tape, plan);
	else
		plan_free(plan);
	return e;
}

/* ---- pages ---- */

#define LEASE MINUTES(1)
#define AT_ONCE 256

static struct err *
claim_due(struct world *w, bool *ret_any)
{
	struct page_claim claim = { .limit = AT_ONCE, .lease = LEASE };
	struct ctx cx;

	ctx_init(&cx, &w->clock);
	struct err *e = run(w, &cx, paging_claim, &claim);
	for (size_t i = 0; e == NULL && i < claim.n; i++)
		post_carry(w, &claim.jobs[i]);
	*ret_any = e == NULL && claim.n > 0;
	if (e != NULL)
		e = err_new(&w->cx, e->code, "%s", err_text(&cx, e));
	ctx_close(&cx);
	return e;
}

/* A report that cannot be written stays in hand. */
static struct err *
report_due(struct world *w, bool *ret_any)
{
	struct process *at = w->at;

	*ret_any = false;
	for (size_t i = 0; i < at->n_hand;) {
		if (at->hand[i].answer_at > w->clock.at) {
			i++;
			continue;
		}
		struct page_report report = at->hand[i].report;
		TRY(run_apart(w, paging_report, &report));
		*ret_any = true;
		for (size_t j = 0; j < at->n_hand; j++)
			if (at->hand[j].report.page_id == report.page_id)
				at->hand[j--] = at->hand[--at->n_hand];
	}
	return NULL;
}

/* ---- time ---- */

#define TRY_AGAIN SECONDS(1)

static struct err *
next_in_database(struct world *w, usec_t *ret)
{
	usec_t timer, page;

	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = timers_next(&w->cx, &timer);
	if (e == NULL)
		e = paging_next_due(&w->cx, &page);
	db_rollback(&w->cx);
	if (e != NULL)
		return e;
	*ret = timer < page ? timer : page;
	return NULL;
}

static struct err *
next_due(struct world *w, usec_t *ret)
{
	usec_t next;

	TRY(next_in_database(w, &next));
	for (size_t i = 0; i < w->at->n_hand; i++)
		if (w->at->hand[i].answer_at < next)
			next = w->at->hand[i].answer_at;
	*ret = next;
	return NULL;
}

/* Until nothing is due at this instant any more. */
static struct err *
settle(struct world *w)
{
	bool timers = true, pages = true, reports = true;

	while (timers || pages || reports) {
		TRY(run_timers(w, &timers));
		TRY(claim_due(w, &pages));
		TRY(report_due(w, &reports));
	}
	return NULL;
}

static void
look_at_disk(struct world *w)
{
	w->faults.full = w->full_until > w->clock.at;
}

/* When to look next; the error when it is none that passes. */
static struct err *
next_look(struct world *w, struct err *failed, usec_t *ret)
{
	w->ails = failed != NULL;
	if (failed == NULL)
		return next_due(w, ret);
	if (failed->code != ERR_UNAVAILABLE)
		return failed;
	*ret = w->faults.full ? w->full_until : w->clock.at + TRY_AGAIN;
	return NULL;
}

static struct err *
check_limits(struct world *w, usec_t to)
{
	if (w->span_max > 0 && to - w->began > w->span_max)
		return err_new(&w->cx, ERR_LIMIT, "it goes on for more than %d days",
		        (int)(w->span_max / DAYS(1)));
	if (w->looks_max > 0 && w->n_looks++ >= w->looks_max)
		return err_new(&w->cx, ERR_LIMIT, "too much happens in it: over %zu instants",
		        w->looks_max);
	return NULL;
}

struct err *
world_advance(struct world *w, usec_t to)
{
	usec_t next;

	w->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	for (;;) {
		TRY(check_limits(w, to));
		look_at_disk(w);
		TRY(next_look(w, settle(w), &next));
		if (next > to)
			break;
		if (next > w->clock.at)
			w->clock.at = next;
	}
	if (to > w->clock.at)
		w->clock.at = to;
	look_at_disk(w);
	return NULL;
}

void
world_breach(struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (w->breach != NULL)
		return;
	va_start(ap, fmt);
	w->breach = arena_vprintf(&w->cx.mem, fmt, ap);
	va_end(ap);
}
