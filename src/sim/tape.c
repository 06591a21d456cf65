/* SPDX-License-Identifier: Apache-2.0 */
/* Recording by a wrapper around each command; a transaction counts when it was committed. */
#include "sim/tape.h"

#include "engine/intake.h"
#include "engine/timers.h"
#include "queries.h"
#include "sim/world.h"

struct noted {
	engine_fn *run;
	void *arg;
	struct actor actor;
};

struct transaction {
	usec_t at;
	const char *node;
	int64_t revision; /* of the configuration it worked with */
	struct noted *items;
	size_t n, cap;
	int64_t timers;
};

struct tape {
	struct world *w;
	struct transaction open;
	struct transaction *items;
	size_t n, cap;
	struct plan **plans;
	size_t n_plans, cap_plans;
};

/* ---- recording ---- */

static void
on_begin(void *arg)
{
	struct tape *t = arg;

	t->open = (struct transaction){ .at = t->w->clock.at,
		.node = t->w->at->batch.engine.node };
}

static void
on_commit(void *arg)
{
	struct tape *t = arg;
	const struct snapshot *s = t->w->at->batch.engine.snapshot;

	if (t->open.n == 0 && t->open.timers == 0)
		return;
	t->open.revision = s == NULL ? 0 : snapshot_revision(s);
	ARENA_PUSH(&t->w->cx.mem, t->items, t->n, t->cap) = t->open;
}

static void
on_write(void *arg, const struct db_query *q)
{
	struct tape *t = arg;

	if (q == &q_timer_forget || q == &q_alert_looked)
		t->open.timers++;
}

struct tape *
tape_start(struct world *w)
{
	struct tape *t = ARENA_NEW(&w->cx.mem, struct tape);

	t->w = w;
	w->tape = t;
	w->faults.arg = t;
	w->faults.on_begin = on_begin;
	w->faults.on_commit = on_commit;
	w->faults.on_write = on_write;
	return t;
}

void
tape_end(struct tape *t)
{
	for (size_t i = 0; i < t->n_plans; i++)
		plan_free(t->plans[i]);
	t->n_plans = 0;
}

void
tape_keep_plan(struct tape *t, struct plan *plan)
{
	ARENA_PUSH(&t->w->cx.mem, t->plans, t->n_plans, t->cap_plans) = plan;
}

/* ---- commands ---- */

static void *
copy(struct arena *mem, const void *p, size_t size)
{
	void *to = arena_alloc(mem, size);

	memcpy(to, p, size);
	return to;
}

/* Rules change signals in place, but never a text. */
static void *
copy_intake(struct arena *mem, const struct intake *in)
{
	struct intake *to = copy(mem, in, sizeof *in);

	to->signals = copy(mem, in->signals, in->n * sizeof *in->signals);
	for (size_t i = 0; i < in->n; i++)
		to->signals[i].labels = copy(mem,
		        in->signals[i].labels == NULL ? ""
		                                      : (const void *)in->signals[i].labels,
		        in->signals[i].n_labels * sizeof *in->signals[i].labels);
	to->results = ARENA_ARRAY(mem, in->n, struct intake_result);
	return to;
}

static void *
copy_argument(struct arena *mem, engine_fn *run, const void *arg)
{
	if (run == intake_run)
		return copy_intake(mem, arg);
	if (run == paging_claim)
		return copy(mem, arg, sizeof(struct page_claim));
	if (run == paging_report)
		return copy(mem, arg, sizeof(struct page_report));
	if (run == incident_do_run)
		return copy(mem, arg, sizeof(struct incident_act));
	return (void *)(uintptr_t)arg; /* plans are not written to */
}

static struct err *
run_traced(struct ctx *cx, struct engine *e, void *arg)
{
	struct traced *d = arg;
	struct tape *t = d->tape;
	const struct noted noted = { d->run, d->arg_before, cx->actor };

	TRY(d->run(cx, e, d->arg));
	ARENA_PUSH(&t->w->cx.mem, t->open.items, t->open.n, t->open.cap) = noted;
	return NULL;
}

void
tape_trace(struct tape *t, struct traced *d, struct command *cmd)
{
	*d = (struct traced){ t, cmd->run, cmd->arg,
		copy_argument(&t->w->cx.mem, cmd->run, cmd->arg) };
	cmd->run = run_traced;
	cmd->arg = d;
}

/* ---- playing ---- */

struct playing {
	struct world w;
	const struct transaction *x;
};

/* What the process that did this knew of the configuration, this one must know. */
static struct err *
same_config(struct playing *p)
{
	const struct snapshot *now = config_current(p->w.config);
	int64_t revision = snapshot_revision(now);

	snapshot_unref(now);
	if (revision >= p->x->revision)
		return NULL;
	TRY(db_begin(&p->w.cx, p->w.db, DB_READ));
	struct err *e = config_load(&p->w.cx, p->w.config);
	db_rollback(&p->w.cx);
	return e;
}

static struct err *
play_one(struct ctx *cx, struct engine *e, void *arg)
{
	const struct transaction *x = arg;
	struct timers_run timers = { .limit = x->timers };

	for (size_t i = 0; i < x->n; i++) {
		cx->actor = x->items[i].actor;
		TRY(x->items[i].run(cx, e, x->items[i].arg));
	}
	cx->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	return timers_fire(cx, e, &timers);
}

static struct err *
play_all(struct playing *p, const struct tape *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct ctx cx;
		struct engine engine;

		p->x = &t->items[i];
		p->w.clock.at = p->x->at;
		TRY(same_config(p));
		ctx_init(&cx, &p->w.clock);
		engine_init(&engine, p->w.config);
		engine.node = p->x->node;
		struct err *e =
		        engine_run(&cx, &engine, p->w.db, play_one, (void *)(uintptr_t)p->x);
		if (e != NULL)
			e = err_new(&p->w.cx, ERR_CONFLICT, "replayed, it fails: %s",
			        err_text(&cx, e));
		ctx_close(&cx);
		TRY(e);
	}
	TRY(db_begin(&p->w.cx, p->w.db, DB_READ));
	return NULL;
}

struct err *
tape_play(struct ctx *cx, const struct tape *t, const char **ret_digest)
{
	struct playing p;
	const char *digest = "";

	struct err *e = world_open(&p.w, "sqlite::memory:");
	if (e == NULL)
		e = play_all(&p, t);
	if (e == NULL)
		e = record_digest(&p.w.cx, &digest);
	if (e != NULL)
		e = err_new(cx, e->code, "%s", err_text(&p.w.cx, e));
	*ret_digest = arena_strdup(&cx->mem, digest);
	db_rollback(&p.w.cx);
	world_close(&p.w);
	return e;
}
