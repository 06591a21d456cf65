/* SPDX-License-Identifier: Apache-2.0 */
/* What the world's processes do: commands in batches, pages, and what is due as time passes. */
#include "engine/timers.h"
#include "sim/post.h"
#include "sim/tape.h"
#include "sim/world_priv.h"

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
		TRY(world_revive(w));
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
		TRY(world_revive(w));
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
