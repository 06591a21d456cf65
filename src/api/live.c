/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the board of incidents lives from: a first look with its place in the log, then only
 * what was touched since. A reader that keeps the place it was given misses nothing, whatever
 * else it heard or did not hear.
 */
#include "api/app.h"
#include "api/shapes.h"
#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "queries.h"

#define FIRST_LOOK 500      /* incidents; the rest follows by the cursor of /incidents */
#define EVENTS_AT_ONCE 1000 /* of the log, that one answer covers */

static void
write_waits(struct jsonw *w, const struct run *runs, size_t n)
{
	jsonw_key(w, "waits");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w);
		jsonw_member_int(w, "incident", runs[i].incident_id);
		jsonw_member_opt(w, "policy", runs[i].policy);
		jsonw_member_int(w, "step", runs[i].step + 1);
		jsonw_member_int(w, "round", runs[i].round + 1);
		jsonw_member_time(w, "ends_at", runs[i].step_ends_at);
		jsonw_member_raw(w, "targets", runs[i].targets);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static void
write_incidents(struct jsonw *w, const struct incident *items, size_t n)
{
	jsonw_key(w, "items");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		shape_encode(w, &incident_shape, &items[i]);
	jsonw_end_array(w);
}

/* The place is read first: what happens while the rest is read is told again, not missed. */
static struct err *
first_look(struct ctx *cx, struct response *rs)
{
	struct engine_count last;
	struct incident *items;
	struct run *runs;
	size_t n, n_runs;

	TRY(db_one(cx, &q_api_event_last, DB_NO_ARGS, &last));
	TRY(db_list(cx, &q_api_incidents,
	        DB_ARGS(INT64_MAX, "open", "", "", "", FIRST_LOOK + 1), &items, &n));
	TRY(db_list(cx, &q_api_waits, DB_NO_ARGS, &runs, &n_runs));
	bool more = n > FIRST_LOOK;
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "seq", last.n);
	if (more)
		jsonw_member_int(&w, "next", items[FIRST_LOOK - 1].id);
	write_incidents(&w, items, more ? FIRST_LOOK : n);
	write_waits(&w, runs, n_runs);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
touched(struct ctx *cx, struct response *rs, int64_t after)
{
	struct engine_count last;
	struct incident *items;
	struct run *runs;
	size_t n, n_runs;

	TRY(db_one(cx, &q_api_event_last, DB_NO_ARGS, &last));
	/* A place that this log never had, from before it was brought back from a copy. */
	if (after > last.n)
		return first_look(cx, rs);
	int64_t to = last.n - after > EVENTS_AT_ONCE ? after + EVENTS_AT_ONCE : last.n;
	TRY(db_list(cx, &q_api_touched, DB_ARGS(after, to), &items, &n));
	TRY(db_list(cx, &q_api_touched_waits, DB_ARGS(after, to), &runs, &n_runs));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "seq", to > after ? to : after);
	jsonw_member_bool(&w, "more", to < last.n);
	write_incidents(&w, items, n);
	write_waits(&w, runs, n_runs);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
board(struct ctx *cx, struct request *rq, struct response *rs)
{
	int64_t after = -1;

	TRY(request_query_int(cx, rq, "after", (int64_t[]){ 0, INT64_MAX }, &after));
	TRY(app_read(cx, rq));
	return after < 0 ? first_look(cx, rs) : touched(cx, rs, after);
}

/* ---- one incident: who comes next ---- */

static void
write_people(struct ctx *cx, struct jsonw *w, const struct snapshot *s, const struct target *t)
{
	struct people people = { 0 };

	target_people(cx, s, t, ctx_now(cx), &people);
	jsonw_object(w);
	jsonw_member(w, "target", target_print(&cx->mem, t));
	jsonw_key(w, "users");
	jsonw_array(w);
	for (size_t i = 0; i < people.n; i++)
		jsonw_str(w, str_from(people.items[i].user_id));
	jsonw_end_array(w);
	jsonw_end_object(w);
}

static void
write_targets(struct ctx *cx, struct jsonw *w, const struct snapshot *s, const char *name,
        const struct target *targets, size_t n)
{
	jsonw_key(w, name);
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		write_people(cx, w, s, &targets[i]);
	jsonw_end_array(w);
}

/* By the policy with which the incident began, and who is on call now. */
static struct err *
write_next(struct ctx *cx, struct request *rq, struct jsonw *w, const struct run *run)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct organisation *org = snapshot_organisation(s);
	struct held_policy held CLEANUP(config_policy_release) = { 0 };
	struct target *targets = NULL;
	size_t n = 0;

	TRY(config_policy_hold(
	        cx, app_of(rq)->home.config, s, run->policy, run->policy_revision, &held));
	TRY(targets_read(cx, run->targets, &targets, &n));
	write_targets(cx, w, s, "now", targets, n);
	if (held.policy == NULL)
		return NULL;
	struct next nx = escalation_next(held.policy, run->step, run->round);
	const struct policy_step *steps = held.policy->steps.items;
	jsonw_member_int(w, "steps", (int64_t)held.policy->steps.n);
	jsonw_member_bool(w, "last", nx.what == NEXT_EXHAUSTED);
	if (nx.what != NEXT_EXHAUSTED)
		write_targets(
		        cx, w, s, "next", steps[nx.step].page.items, steps[nx.step].page.n);
	else if (org->has_catch_all)
		write_targets(cx, w, s, "next", &org->catch_all, 1);
	return NULL;
}

static struct err *
escalation(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident inc;
	struct run run;
	bool found;
	int64_t id;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(incident_load(cx, id, &inc));
	TRY(db_maybe(cx, &q_run_main, DB_ARGS(id), &run, &found));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_bool(&w, "waiting", found && run.state == RUN_WAITING);
	if (found) {
		jsonw_member_opt(&w, "policy", run.policy);
		jsonw_member_int(&w, "step", run.step + 1);
		jsonw_member_int(&w, "round", run.round + 1);
		if (run.step_ends_at != 0)
			jsonw_member_time(&w, "ends_at", run.step_ends_at);
		TRY(write_next(cx, rq, &w, &run));
	}
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/board", PERM_READ, board,
	        "Open incidents and their place in the log; ?after=SEQ: what was touched since",
	        NULL, NULL, 0, 0 },
	{ "GET", "/api/v1/incidents/{id}/escalation", PERM_READ, escalation,
	        "Whom its present step pages, and who is next when nobody answers", NULL, NULL,
	        0, 0 },
};
const struct route_table live_routes = { routes, NELEMS(routes) };
