/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold at every instant, whatever happened. Each promise is a row: the words in which
 * its breach is told, and the query that finds the first thing that breaks it.
 */
#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "queries.h"
#include "sim/world.h"

struct sim_broken {
	int64_t id;
	const char *what;
};
static const struct db_col sim_broken_cols[] = {
	DB_COL(struct sim_broken, id),
	DB_COL(struct sim_broken, what),
};
extern const struct db_row sim_broken_row;
const struct db_row sim_broken_row = DB_ROW(struct sim_broken, sim_broken_cols);

/* clang-format off */
static const struct promise {
	const struct db_query *query;
	const char *breach;
} promises[] = {
	{ &q_sim_forgotten, "an open incident waits for nothing and does not say why: incident" },
	{ &q_sim_exhausted_unsaid, "an incident is exhausted and its timeline does not say so: incident" },
	{ &q_sim_run_unwoken, "a step waits and has not exactly one wake-up: run" },
	{ &q_sim_run_of_answered, "a policy goes on though somebody has answered: run" },
	{ &q_sim_snooze_unwoken, "a snooze has not exactly one wake-up at its end: incident" },
	{ &q_sim_callout_stuck, "a call goes on without a page and without a wake-up: callout" },
	{ &q_sim_callout_of_resolved, "a call goes on for a resolved incident: callout" },
	{ &q_sim_page_of_resolved, "a page waits for a resolved incident: page" },
	{ &q_sim_timer_of_resolved, "a wake-up is left of a resolved incident: timer" },
	{ &q_sim_page_unwoken, "a page is to be sent and has no time for it: page" },
	{ &q_sim_bundle_gone, "a page is held for a bundle that has ended: page" },
	{ &q_sim_call_unasked, "a call for a snoozed incident goes on that nobody asked for: callout" },
	{ &q_sim_commander_elsewhere, "an incident names another commander than its roles do: incident" },
	{ &q_sim_mitigated_unowned, "an incident is triggered and mitigated: incident" },
	{ &q_sim_expiry_unwoken, "an alert may expire and nothing looks at it in time: alert" },
	{ &q_sim_look_at_closed, "an alert that cannot expire is to be looked at: alert" },
	{ &q_sim_alert_twice, "two alerts are open under one key: alert" },
	{ &q_sim_alerts_miscounted, "an incident counts its open alerts wrongly: incident" },
};
/* clang-format on */

static struct err *
broken(struct world *w, const char *breach, const struct sim_broken *b)
{
	return err_new(&w->cx, ERR_CONFLICT, "%s %lld (%s)", breach, (long long)b->id,
	        b->what == NULL ? "" : b->what);
}

static struct err *
keeps(struct world *w, const struct db_query *q, struct db_args args, const char *breach)
{
	struct sim_broken b;
	bool found;

	TRY(db_maybe(&w->cx, q, args, &b, &found));
	return found ? broken(w, breach, &b) : NULL;
}

/* ---- pages ---- */

static struct err *
pages_are_caused(struct world *w)
{
	struct engine_count last;

	TRY(keeps(w, &q_sim_page_uncaused, DB_ARGS(w->checked.page),
	        "no event says why this is paged: page"));
	TRY(db_one(&w->cx, &q_sim_page_last, DB_NO_ARGS, &last));
	w->checked.page = last.n;
	return NULL;
}

struct err *
page_call_ended(struct ctx *cx, int64_t page_id, bool *ret, const char **ret_state)
{
	struct sim_broken b;

	TRY(db_maybe(cx, &q_sim_call_ended, DB_ARGS(page_id), &b, ret));
	if (*ret)
		*ret_state = b.what;
	return NULL;
}

static bool
is_among(struct world *w, const struct snapshot *s, const struct callout *c)
{
	struct str name = str_from(c->because);
	struct str id = str_cut(&name, ' ');
	struct people people = { 0 };
	struct target t;

	if (!target_parse(&w->cx.mem, id, &t))
		return false;
	if (str_is(name, "(next)"))
		t.who = WHO_NEXT;
	if (str_is(name, "(all)"))
		t.who = WHO_ALL;
	target_people(&w->cx, s, &t, c->began_at, &people);
	for (size_t i = 0; i < people.n; i++)
		if (strcmp(people.items[i].user_id, c->user_id) == 0)
			return true;
	return false;
}

/* By what was in force when the call began: this looks after every statement, and a statement
 * either moves the clock or changes the configuration. */
static struct err *
duty_is_kept(struct world *w)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(w->config);
	struct callout *calls;
	size_t n;

	TRY(db_list(&w->cx, &q_sim_new_callouts, DB_ARGS(w->checked.callout), &calls, &n));
	for (size_t i = 0; i < n; i++) {
		w->checked.callout = calls[i].id;
		if (!is_among(w, s, &calls[i]))
			return err_new(&w->cx, ERR_CONFLICT,
			        "somebody is paged who is not meant: %s because of %s, callout %lld",
			        calls[i].user_id, calls[i].because, (long long)calls[i].id);
	}
	return NULL;
}

/* ---- signals ---- */

static struct err *
signals_are_there(struct world *w)
{
	struct engine_count n;

	TRY(db_one(&w->cx, &q_sim_signal_count, DB_NO_ARGS, &n));
	if (n.n < (int64_t)w->n_accepted || n.n > (int64_t)w->n_sent)
		return err_new(&w->cx, ERR_CONFLICT,
		        "%zu signals were sent, %zu answered, and %lld are on record",
		        w->n_sent, w->n_accepted, (long long)n.n);
	for (; w->checked.accepted < (int64_t)w->n_accepted; w->checked.accepted++) {
		const struct accepted *a = &w->accepted[w->checked.accepted];
		TRY(db_one(
		        &w->cx, &q_sim_signal_there, DB_ARGS(a->signal_id, a->dedup_key), &n));
		if (n.n == 0)
			return err_new(&w->cx, ERR_CONFLICT,
			        "a signal was answered and is not there: signal %lld (%s)",
			        (long long)a->signal_id, a->dedup_key);
	}
	return NULL;
}

/* ---- what takes long ---- */

static struct err *
chains_hold(struct world *w)
{
	struct verify_result v;

	TRY(timeline_verify(&w->cx, &v));
	if (v.why == NULL)
		return NULL;
	return err_new(&w->cx, ERR_CONFLICT, "a hash chain is broken: event %lld: %s",
	        (long long)v.broken_at, v.why);
}

static struct err *
look_closely(struct world *w)
{
	w->checked.accepted = 0;
	TRY(signals_are_there(w));
	TRY(keeps(w, &q_sim_signals_miscounted, DB_NO_ARGS,
	        "an alert counts its signals wrongly: alert"));
	return chains_hold(w);
}

/* ---- all ---- */

static struct err *
check(struct world *w, bool thorough)
{
	for (size_t i = 0; i < NELEMS(promises); i++)
		TRY(keeps(w, promises[i].query, DB_NO_ARGS, promises[i].breach));
	if (!w->ails && !w->faults.full)
		TRY(keeps(w, &q_sim_overdue, DB_ARGS(w->clock.at),
		        "something is due and is not done:"));
	TRY(pages_are_caused(w));
	TRY(duty_is_kept(w));
	TRY(signals_are_there(w));
	return thorough ? look_closely(w) : NULL;
}

struct err *
world_check(struct world *w, bool thorough)
{
	if (w->breach != NULL)
		return err_new(&w->cx, ERR_CONFLICT, "%s", w->breach);
	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = check(w, thorough);
	db_rollback(&w->cx);
	return e;
}
