/* SPDX-License-Identifier: Apache-2.0 */
/* One step: who it means at this instant, and a callout for each of them. */
#include "engine/step.h"

#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

static struct err *
run_insert(struct ctx *cx, const struct run *run)
{
	return db_post(cx, &q_run_add,
	        DB_ARGS(run->id, run->incident_id, OPTIONAL(run->parent_id), run->policy,
	                run->policy_revision, run->step, run->round,
	                run_state_names[run->state], OPTIONAL(run->step_began_at),
	                OPTIONAL(run->step_ends_at), run->targets));
}

struct err *
run_store(struct walk *w)
{
	const struct run *run = w->run;
	bool unwritten = w->unwritten;

	w->unwritten = false;
	if (unwritten)
		return run_insert(w->cx, run);
	return db_post(w->cx, &q_run_set,
	        DB_ARGS(run->id, run->step, run->round, run_state_names[run->state],
	                OPTIONAL(run->step_began_at), OPTIONAL(run->step_ends_at), run->targets,
	                run->policy_revision));
}

/* ---- paging targets ---- */

static struct err *
withheld(struct walk *w, const struct target *t, enum reason why)
{
	return timeline_add(w->cx, w->e,
	        (struct happening){ .type = "page.withheld",
	                .incident = w->inc,
	                .reason = why,
	                .user_id = t->kind == TARGET_USER ? t->id : NULL,
	                .data = event_data(
	                        w->cx, "target", target_print(&w->cx->mem, t), NULL) });
}

/* Adds to all whom this target means and nobody before it did; says so when it means nobody. */
static struct err *
gather(struct walk *w, const struct target *t, struct people *all)
{
	struct people meant = { 0 };

	target_people(w->cx, w->e->snapshot, t, ctx_now(w->cx), &meant);
	if (meant.n == 0)
		return withheld(w, t,
		        t->kind == TARGET_USER ? REASON_USER_GONE : REASON_NOBODY_ON_CALL);
	target_people(w->cx, w->e->snapshot, t, ctx_now(w->cx), all);
	return NULL;
}

static struct err *
page_target(struct walk *w, const struct target *t, struct people *all, bool *ret_reached)
{
	switch (t->kind) {
	case TARGET_CHANNEL:
		return paging_channel(w->cx, w->e, w->inc, t->id, w->late_by, ret_reached);
	case TARGET_POLICY:
		return escalation_begin_below(w, t->id, ret_reached);
	case TARGET_USER:
	case TARGET_TEAM:
	case TARGET_SCHEDULE:
		return gather(w, t, all);
	}
	return NULL;
}

static struct err *
call(struct walk *w, const struct person *p, bool *ret_reached)
{
	const struct callout_begin b = { .incident = w->inc,
		.run_id = w->run->id,
		.user_id = p->user_id,
		.because = p->because,
		.late_by = w->late_by };

	return callout_start(w->cx, w->e, &b, ret_reached);
}

struct err *
step_page(struct walk *w, const struct target *targets, size_t n, bool *ret_reached)
{
	struct people all = { 0 };
	bool one, any = false;

	for (size_t i = 0; i < n; i++) {
		one = false;
		TRY(page_target(w, &targets[i], &all, &one));
		any |= one;
	}
	for (size_t i = 0; i < all.n; i++) {
		TRY(call(w, &all.items[i], &one));
		any |= one;
	}
	*ret_reached = any;
	return NULL;
}

/* ---- beginning ---- */

static struct err *
say_began(
        struct walk *w, const struct policy_step *step, const struct target *targets, size_t n)
{
	struct buf list = BUF_INIT(&w->cx->mem, 1000);

	for (size_t i = 0; i < n; i++)
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ",
		        target_print(&w->cx->mem, &targets[i]));
	return timeline_add(w->cx, w->e,
	        (struct happening){ .type = "step.began",
	                .incident = w->inc,
	                .data = event_data(w->cx, "step", int_text(w->cx, w->run->step + 1),
	                        "targets", n == 0 ? "nobody" : buf_cstr(&list), "wait",
	                        span_text(w->cx, step->wait), "policy", w->run->policy, "late",
	                        w->late_by < LATE_FROM ? NULL : span_text(w->cx, w->late_by),
	                        NULL) });
}

static struct err *
take_turn(struct walk *w, int64_t *ret)
{
	const char *name = arena_printf(
	        &w->cx->mem, "turn/%s/%lld", w->run->policy, (long long)w->run->step);
	struct engine_text turn = { 0 };
	bool found;

	*ret = 0;
	TRY(db_maybe(w->cx, &q_state_get, DB_ARGS(name), &turn, &found));
	if (found && !str_int(str_from(turn.value), ret))
		*ret = 0;
	return db_post(w->cx, &q_state_set, DB_ARGS(name, int_text(w->cx, *ret + 1)));
}

static struct err *
page_all(struct walk *w, const struct policy_step *step, const struct target *targets, size_t n,
        bool *ret_reached)
{
	w->run->targets = targets_write(w->cx, targets, n);
	TRY(say_began(w, step, targets, n));
	return step_page(w, targets, n, ret_reached);
}

/* Whose turn it is, and from there on whoever can be reached. */
static struct err *
page_in_turn(struct walk *w, const struct policy_step *step, bool *ret_reached)
{
	const struct target *targets = step->page.items;
	size_t n = step->page.n;
	int64_t turn;

	TRY(take_turn(w, &turn));
	for (size_t i = 0; i < n && !*ret_reached; i++)
		TRY(page_all(w, step, &targets[((size_t)turn + i) % n], 1, ret_reached));
	return NULL;
}

struct err *
step_begin(struct walk *w, const struct policy_step *step, bool *ret_reached)
{
	*ret_reached = false;
	if (step->page.n == 0)
		TRY(timeline_add(w->cx, w->e,
		        (struct happening){ .type = "page.withheld",
		                .incident = w->inc,
		                .reason = REASON_NOBODY_ON_CALL }));
	if (step->round_robin && step->page.n > 1)
		return page_in_turn(w, step, ret_reached);
	return page_all(w, step, step->page.items, step->page.n, ret_reached);
}

struct err *
step_passed(struct walk *w)
{
	return timeline_add(w->cx, w->e,
	        (struct happening){ .type = "step.passed",
	                .incident = w->inc,
	                .data = event_data(
	                        w->cx, "step", int_text(w->cx, w->run->step + 1), NULL) });
}

/* ---- handing off ---- */

struct err *
step_arm_handoff(struct walk *w)
{
	struct target *targets;
	size_t n;
	usec_t first = USEC_NEVER;

	if (w->run->step < 0)
		return NULL;
	TRY(targets_read(w->cx, w->run->targets, &targets, &n));
	for (size_t i = 0; i < n; i++) {
		usec_t at = target_next_change(w->e->snapshot, &targets[i], ctx_now(w->cx));
		first = at < first ? at : first;
	}
	if (first >= w->run->step_ends_at)
		return NULL;
	return timer_set(w->cx, w->e,
	        (struct timer){ .kind = TIMER_HANDOFF,
	                .due_at = first,
	                .incident_id = w->inc->id,
	                .ref_id = w->run->id });
}

static bool
was_called(const struct callout *callouts, size_t n, const char *user)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(callouts[i].user_id, user) == 0)
			return true;
	return false;
}

static bool
is_meant(const struct people *people, const char *user)
{
	for (size_t i = 0; i < people->n; i++)
		if (strcmp(people->items[i].user_id, user) == 0)
			return true;
	return false;
}

static struct err *
call_new(struct walk *w, const struct people *now, const struct callout *called,
        size_t n_called, bool *ret_any)
{
	bool reached;

	*ret_any = false;
	for (size_t i = 0; i < now->n; i++) {
		if (was_called(called, n_called, now->items[i].user_id))
			continue;
		TRY(timeline_add(w->cx, w->e,
		        (struct happening){ .type = "step.handoff",
		                .incident = w->inc,
		                .user_id = now->items[i].user_id }));
		TRY(call(w, &now->items[i], &reached));
		*ret_any |= reached;
	}
	return NULL;
}

struct err *
step_handoff(struct walk *w)
{
	struct people now = { 0 };
	struct target *targets;
	struct callout *called;
	size_t n, n_called;
	bool any;

	TRY(targets_read(w->cx, w->run->targets, &targets, &n));
	for (size_t i = 0; i < n; i++)
		target_people(w->cx, w->e->snapshot, &targets[i], ctx_now(w->cx), &now);
	TRY(db_list(w->cx, &q_callouts_of_step,
	        DB_ARGS(w->inc->id, w->run->id, w->run->step_began_at), &called, &n_called));
	TRY(call_new(w, &now, called, n_called, &any));
	for (size_t i = 0; any && i < n_called; i++)
		if (called[i].state == CALLOUT_RUNNING && !is_meant(&now, called[i].user_id))
			TRY(callout_stop(w->cx, w->e, w->inc, &called[i], CALLOUT_CANCELLED,
			        REASON_OFF_DUTY));
	return NULL;
}
