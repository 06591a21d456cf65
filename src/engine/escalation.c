/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through a policy. The decision what comes after a step is escalation_next, pure; the
 * rest loads, pages, sets the timers that wake it again, and says on the timeline what it did.
 */
#include "engine/escalation.h"

#include "engine/mute.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/step.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

struct next
escalation_next(const struct policy *p, int64_t step, int64_t round)
{
	if (p == NULL || p->steps.n == 0)
		return (struct next){ .what = NEXT_EXHAUSTED, .step = step, .round = round };
	if (step + 1 < (int64_t)p->steps.n)
		return (struct next){ .what = NEXT_STEP, .step = step + 1, .round = round };
	if (round < p->repeat)
		return (struct next){ .what = NEXT_ROUND, .step = 0, .round = round + 1 };
	return (struct next){ .what = NEXT_EXHAUSTED, .step = step, .round = round };
}

/* ---- the end of the policy ---- */

/* Said once and paged once, however often a branch of the policy comes to its end. */
static struct err *
exhausted(struct walk *w)
{
	struct target *targets;
	size_t n;
	bool reached;
	struct run none = { .id = 0, .parent_id = w->run == NULL ? 0 : w->run->id };
	struct walk end = *w;

	if (w->inc->exhausted_at != 0)
		return NULL;
	w->inc->exhausted_at = ctx_now(w->cx);
	TRY(timeline_add(w->cx, w->e,
	        (struct happening){ .type = "policy.exhausted", .incident = w->inc }));
	catch_all_targets(w->cx, w->e->snapshot, &targets, &n);
	end.run = &none;
	return step_page(&end, targets, n, &reached);
}

static struct err *
give_up(struct walk *w)
{
	struct engine_count others;

	w->run->state = RUN_ENDED;
	TRY(run_store(w));
	TRY(db_one(w->cx, &q_runs_waiting_count, DB_ARGS(w->inc->id, w->run->id), &others));
	if (others.n > 0)
		return NULL;
	return exhausted(w);
}

/* ---- from step to step ---- */

static struct err *
wait_for_answer(struct walk *w, usec_t wait)
{
	struct run *run = w->run;

	run->state = RUN_WAITING;
	run->step_ends_at = ctx_now(w->cx) + wait;
	TRY(run_store(w));
	TRY(timer_set(w->cx, w->e,
	        (struct timer){ .kind = TIMER_STEP,
	                .due_at = run->step_ends_at,
	                .incident_id = w->inc->id,
	                .ref_id = run->id }));
	return step_arm_handoff(w);
}

static struct err *
say_round(struct walk *w, const struct next *nx)
{
	if (nx->what != NEXT_ROUND)
		return NULL;
	return timeline_add(w->cx, w->e,
	        (struct happening){ .type = "step.round",
	                .incident = w->inc,
	                .data = event_data(
	                        w->cx, "round", int_text(w->cx, nx->round + 1), NULL) });
}

/* Steps that reach nobody are passed at once, in every round that is left. */
static struct err *
walk_from(struct walk *w, struct next nx, bool *ret_reached)
{
	*ret_reached = false;
	while (nx.what != NEXT_EXHAUSTED) {
		const struct policy_step *steps = w->policy->steps.items;

		TRY(say_round(w, &nx));
		w->run->step = nx.step;
		w->run->round = nx.round;
		w->run->step_began_at = ctx_now(w->cx);
		TRY(step_begin(w, &steps[nx.step], ret_reached));
		if (*ret_reached)
			return wait_for_answer(w, steps[nx.step].wait);
		TRY(step_passed(w));
		nx = escalation_next(w->policy, nx.step, nx.round);
	}
	return give_up(w);
}

static const struct next first_step = { .what = NEXT_STEP, .step = 0, .round = 0 };

static struct err *
load_policy(struct walk *w)
{
	w->policy = NULL;
	if (w->run->policy == NULL)
		return NULL;
	return config_policy_at(w->cx, w->e->config, w->e->snapshot, w->run->policy,
	        w->run->policy_revision, &w->policy);
}

static struct err *
add_run(struct walk *w, const char *policy, int64_t revision, int64_t parent)
{
	*w->run = (struct run){ .id = w->e->ids.run++,
		.incident_id = w->inc->id,
		.parent_id = parent,
		.policy = policy,
		.policy_revision = revision,
		.step = -1,
		.state = RUN_WAITING,
		.step_began_at = ctx_now(w->cx),
		.targets = "[]" };
	w->unwritten = true;
	return load_policy(w);
}

static struct err *
begin_run(struct walk *w, bool *ret_reached)
{
	struct next nx = first_step;

	if (w->policy != NULL && w->policy->delay > 0) {
		*ret_reached = true;
		return wait_for_answer(w, w->policy->delay);
	}
	if (w->policy == NULL || w->policy->steps.n == 0)
		nx.what = NEXT_EXHAUSTED;
	return walk_from(w, nx, ret_reached);
}

/* A step that names another policy begins it as a run of its own, side by side. */
struct err *
escalation_begin_below(struct walk *w, const char *policy, bool *ret_reached)
{
	struct run run;
	struct walk below = { .cx = w->cx,
		.e = w->e,
		.inc = w->inc,
		.run = &run,
		.depth = w->depth + 1,
		.late_by = w->late_by };
	int64_t parent = w->run->id != 0 ? w->run->id : w->run->parent_id;

	*ret_reached = false;
	if (below.depth > POLICY_DEPTH_MAX)
		return NULL;
	/* Should the one below end at once, it must see that this one still waits. */
	if (w->unwritten)
		TRY(run_store(w));
	TRY(add_run(&below, policy, snapshot_revision(w->e->snapshot), parent));
	return begin_run(&below, ret_reached);
}

struct err *
escalation_begin(struct ctx *cx, struct engine *e, struct incident *inc)
{
	const struct organisation *org = snapshot_organisation(e->snapshot);
	struct run run;
	struct walk w = { .cx = cx, .e = e, .inc = inc, .late_by = e->late_by };
	bool reached;

	inc->exhausted_at = 0;
	if (inc->policy == NULL && org->has_catch_all && org->catch_all.kind == TARGET_POLICY) {
		inc->policy = org->catch_all.id;
		inc->policy_revision = snapshot_revision(e->snapshot);
	}
	if (inc->policy == NULL)
		return exhausted(&w);
	w.run = &run;
	TRY(add_run(&w, inc->policy, inc->policy_revision, 0));
	return begin_run(&w, &reached);
}

/* ---- timers ---- */

/* False in *ret_live when the incident no longer waits for this run. */
static struct err *
wake(struct walk *w, int64_t run_id, bool *ret_live)
{
	bool found;

	*ret_live = false;
	TRY(db_maybe(w->cx, &q_run_get, DB_ARGS(run_id), w->run, &found));
	if (!found || w->run->state == RUN_ENDED || w->inc->state != INCIDENT_TRIGGERED)
		return NULL;
	TRY(load_policy(w));
	*ret_live = true;
	return NULL;
}

/* On from the present step; a branch that comes to its end may have been its parent's last
 * hope. */
static struct err *
go_on(struct walk *w)
{
	struct next nx = w->run->step < 0 && w->policy != NULL && w->policy->steps.n > 0
	        ? first_step
	        : escalation_next(w->policy, w->run->step, w->run->round);
	bool reached;

	TRY(walk_from(w, nx, &reached));
	if (reached || w->run->parent_id == 0)
		return NULL;
	return escalation_unreached(w->cx, w->e, w->inc, w->run->parent_id);
}

struct err *
escalation_step_due(struct ctx *cx, struct engine *e, const struct timer *t)
{
	struct incident inc;
	struct run run;
	struct walk w = { .cx = cx, .e = e, .inc = &inc, .run = &run, .late_by = e->late_by };
	bool live;

	TRY(incident_load(cx, t->incident_id, &inc));
	TRY(wake(&w, t->ref_id, &live));
	if (!live)
		return NULL;
	TRY(timer_cancel(cx, TIMER_HANDOFF, inc.id, run.id));
	TRY(go_on(&w));
	return incident_store(cx, &inc);
}

struct err *
escalation_handoff(struct ctx *cx, struct engine *e, const struct timer *t)
{
	struct incident inc;
	struct run run;
	struct walk w = { .cx = cx, .e = e, .inc = &inc, .run = &run, .late_by = e->late_by };
	bool live;

	TRY(incident_load(cx, t->incident_id, &inc));
	TRY(wake(&w, t->ref_id, &live));
	if (!live)
		return NULL;
	TRY(step_handoff(&w));
	TRY(step_arm_handoff(&w));
	return incident_store(cx, &inc);
}

struct err *
escalation_unreached(struct ctx *cx, struct engine *e, struct incident *inc, int64_t run_id)
{
	struct run run = { 0 };
	struct walk w = { .cx = cx, .e = e, .inc = inc, .run = &run };
	struct engine_count hopes;
	bool live;

	TRY(wake(&w, run_id, &live));
	if (!live || run.step < 0)
		return NULL;
	TRY(db_one(cx, &q_run_hopes, DB_ARGS(run.id, run.step_began_at, inc->id), &hopes));
	if (hopes.n > 0)
		return NULL;
	TRY(timer_cancel(cx, TIMER_STEP, inc->id, run.id));
	TRY(timer_cancel(cx, TIMER_HANDOFF, inc->id, run.id));
	TRY(step_passed(&w));
	return go_on(&w);
}

/* By timer, so that each incident is looked at in a unit of its own. */
struct err *
escalation_look_again(struct ctx *cx, struct engine *e)
{
	struct run *runs;
	size_t n;

	TRY(db_list(cx, &q_runs_waiting, DB_NO_ARGS, &runs, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(timer_cancel(cx, TIMER_HANDOFF, runs[i].incident_id, runs[i].id));
		TRY(timer_set(cx, e,
		        (struct timer){ .kind = TIMER_HANDOFF,
		                .due_at = ctx_now(cx),
		                .incident_id = runs[i].incident_id,
		                .ref_id = runs[i].id }));
	}
	return NULL;
}

/* ---- by hand ---- */

static struct err *
main_run(struct walk *w, bool *ret_found)
{
	TRY(db_maybe(w->cx, &q_run_main, DB_ARGS(w->inc->id), w->run, ret_found));
	if (!*ret_found)
		return NULL;
	return load_policy(w);
}

struct err *
escalation_by_hand(struct ctx *cx, struct engine *e, struct incident *inc)
{
	struct run before, run;
	struct walk was = { .cx = cx, .e = e, .inc = inc, .run = &before };
	struct walk w = { .cx = cx, .e = e, .inc = inc, .run = &run };
	bool found, reached, over = inc->exhausted_at != 0;

	TRY(main_run(&was, &found));
	TRY(escalation_stop(cx, e, inc, REASON_REASSIGNED, NULL));
	if (!found || inc->policy == NULL)
		return escalation_begin(cx, e, inc);
	if (snapshot_policy(e->snapshot, inc->policy) != NULL)
		inc->policy_revision = snapshot_revision(e->snapshot);
	inc->exhausted_at = 0;
	TRY(add_run(&w, inc->policy, inc->policy_revision, 0));

	struct next nx = over || before.step < 0
	        ? first_step
	        : escalation_next(w.policy, before.step, before.round);
	if (w.policy == NULL || w.policy->steps.n == 0)
		nx.what = NEXT_EXHAUSTED;
	return walk_from(&w, nx, &reached);
}

#define REASSIGN_WAIT MINUTES(5) /* where no policy says how long a step has to answer */

static usec_t
present_wait(const struct walk *w)
{
	const struct policy_step *steps = w->policy == NULL ? NULL : w->policy->steps.items;
	int64_t step = w->run->step < 0 ? 0 : w->run->step;

	if (steps == NULL || step >= (int64_t)w->policy->steps.n)
		return REASSIGN_WAIT;
	return steps[step].wait;
}

struct err *
escalation_reassign(
        struct ctx *cx, struct engine *e, struct incident *inc, const struct target *t)
{
	struct run run;
	struct walk w = { .cx = cx, .e = e, .inc = inc, .run = &run };
	bool found, reached;

	TRY(main_run(&w, &found));
	TRY(escalation_stop(cx, e, inc, REASON_REASSIGNED, NULL));
	if (!found)
		TRY(add_run(&w, inc->policy, inc->policy_revision, 0));
	inc->exhausted_at = 0;
	run.step_began_at = ctx_now(cx);
	run.targets = targets_write(cx, t, 1);
	TRY(step_page(&w, t, 1, &reached));
	if (reached)
		return wait_for_answer(&w, present_wait(&w));
	return walk_from(&w, escalation_next(w.policy, run.step, run.round), &reached);
}

/* An acknowledgement was given back: the step that it had stopped pages again. */
struct err *
escalation_resume(struct ctx *cx, struct engine *e, struct incident *inc)
{
	struct run before, run;
	struct walk was = { .cx = cx, .e = e, .inc = inc, .run = &before };
	struct walk w = { .cx = cx, .e = e, .inc = inc, .run = &run };
	bool found, reached;

	TRY(main_run(&was, &found));
	TRY(escalation_stop(cx, e, inc, REASON_NONE, NULL));
	if (!found || was.policy == NULL || before.step < 0
	        || before.step >= (int64_t)was.policy->steps.n)
		return escalation_begin(cx, e, inc);
	inc->exhausted_at = 0;
	TRY(add_run(&w, before.policy, before.policy_revision, 0));
	return walk_from(&w,
	        (struct next){ .what = NEXT_STEP, .step = before.step, .round = before.round },
	        &reached);
}

/* ---- the end ---- */

/* Somebody asked for more people: that one of them, or another, answers does not settle it. */
static bool
ends_what_was_asked(enum reason why)
{
	return why == REASON_RESOLVED || why == REASON_MERGED || why == REASON_SNOOZED;
}

/* Nobody further is paged: not by a step, not at a handoff, not when a window ends. */
static struct err *
stop_runs(struct ctx *cx, struct incident *inc)
{
	TRY(mute_end(cx, inc));
	TRY(db_post(cx, &q_runs_end, DB_ARGS(inc->id)));
	TRY(timer_cancel(cx, TIMER_STEP, inc->id, 0));
	return timer_cancel(cx, TIMER_HANDOFF, inc->id, 0);
}

struct err *
escalation_stop(struct ctx *cx, struct engine *e, struct incident *inc, enum reason why,
        const char *answered_by)
{
	struct callout *callouts;
	size_t n;

	TRY(stop_runs(cx, inc));
	TRY(db_post(cx, &q_pages_cancel_of_channels, DB_ARGS(inc->id, ctx_now(cx))));
	TRY(db_list(cx, &q_callouts_of_incident, DB_ARGS(inc->id), &callouts, &n));
	for (size_t i = 0; i < n; i++) {
		bool theirs = str_null_safe_eq(callouts[i].user_id, answered_by);
		if (callouts[i].asked && !theirs && !ends_what_was_asked(why))
			continue;
		TRY(callout_stop(cx, e, inc, &callouts[i],
		        theirs ? CALLOUT_ANSWERED : CALLOUT_CANCELLED, why));
	}
	return NULL;
}

static int64_t
acks_wanted(const struct walk *w)
{
	const struct policy_step *steps = w->policy == NULL ? NULL : w->policy->steps.items;

	if (steps == NULL || w->run->step < 0 || w->run->step >= (int64_t)w->policy->steps.n)
		return 1;
	return steps[w->run->step].acks;
}

/* The policy stops for everybody, the calls only for who answered. */
static struct err *
answered_by_one(struct walk *w, const char *user)
{
	struct callout *callouts;
	size_t n;

	TRY(stop_runs(w->cx, w->inc));
	TRY(db_list(w->cx, &q_callouts_of_incident, DB_ARGS(w->inc->id), &callouts, &n));
	for (size_t i = 0; i < n; i++)
		if (str_null_safe_eq(callouts[i].user_id, user))
			TRY(callout_stop(w->cx, w->e, w->inc, &callouts[i], CALLOUT_ANSWERED,
			        REASON_ACKNOWLEDGED));
	return NULL;
}

struct err *
escalation_answered(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *answered_by)
{
	struct run run;
	struct walk w = { .cx = cx, .e = e, .inc = inc, .run = &run };
	struct engine_count people;
	bool found;

	TRY(main_run(&w, &found));
	if (found && acks_wanted(&w) > 1 && answered_by != NULL) {
		TRY(db_one(cx, &q_people_who_acknowledged, DB_ARGS(inc->id, inc->triggered_at),
		        &people));
		if (people.n < acks_wanted(&w))
			return answered_by_one(&w, answered_by);
	}
	return escalation_stop(cx, e, inc, REASON_ACKNOWLEDGED, answered_by);
}
