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
#include "engine/outlook.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "queries.h"

#define FIRST_LOOK 500      /* incidents, unless ?limit= says otherwise */
#define FIRST_LOOK_MAX 2000 /* the rest follows by ?before= */
#define EVENTS_AT_ONCE 1000 /* of the log, that one answer covers */

/* ---- what is waited for, and what happens then ---- */

struct wait {
	int64_t incident_id;
	enum timer_kind why;
	const char *policy;
	int64_t policy_revision, step, round;
	enum urgency urgency;
	int64_t ends_at;
	const char *targets; /* of the present step */
};
static const struct db_col wait_cols[] = {
	DB_COL(struct wait, incident_id),
	DB_COL_ENUM(struct wait, why, timer_kind_names),
	DB_COL(struct wait, policy),
	DB_COL(struct wait, policy_revision),
	DB_COL(struct wait, step),
	DB_COL(struct wait, round),
	DB_COL_ENUM(struct wait, urgency, urgency_names),
	DB_COL(struct wait, ends_at),
	DB_COL(struct wait, targets),
};
extern const struct db_row wait_row;
const struct db_row wait_row = DB_ROW(struct wait, wait_cols);

static struct stand
stand_of(const struct wait *wait)
{
	return (struct stand){ .policy = wait->policy,
		.policy_revision = wait->policy_revision,
		.step = wait->step,
		.round = wait->round,
		.urgency = wait->urgency,
		.ends_at = wait->ends_at,
		.anew = wait->why != TIMER_STEP };
}

/* An incident may walk several policies side by side. What happens next is what the first of
 * them does that does something: the end of one branch is none while others wait. */
static struct err *
soonest(struct outlooks *ahead, const struct wait *waits, size_t n, size_t *ret_i,
        const struct outlook **ret)
{
	for (size_t i = 0; i < n; i++) {
		struct stand st = stand_of(&waits[i]);
		TRY(outlook_of(ahead, &st, ret));
		*ret_i = i;
		if ((*ret)->what != OUTLOOK_CATCH_ALL)
			break;
	}
	return NULL;
}

static void
write_wait(struct jsonw *w, const struct wait *wait, const struct outlook *then)
{
	jsonw_object(w);
	jsonw_member_int(w, "incident", wait->incident_id);
	jsonw_member(w, "why", timer_kind_names[wait->why]);
	jsonw_member_opt(w, "policy", wait->policy);
	jsonw_member_int(w, "step", wait->step + 1);
	jsonw_member_int(w, "round", wait->round + 1);
	jsonw_member_time(w, "ends_at", wait->ends_at);
	jsonw_member_raw(w, "targets", wait->targets);
	jsonw_member_int(w, "then", (int64_t)then->number);
	jsonw_end_object(w);
}

static void
write_users(struct jsonw *w, const char *const *users, size_t n)
{
	jsonw_key(w, "users");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		jsonw_cstr(w, users[i]);
	jsonw_end_array(w);
}

static void
write_whom(struct jsonw *w, const char *name, const struct outlook *then)
{
	jsonw_key(w, name);
	jsonw_array(w);
	for (size_t i = 0; i < then->n; i++) {
		jsonw_object(w);
		jsonw_member(w, "target", then->whom[i].target);
		write_users(w, (const char *const *)then->whom[i].users, then->whom[i].n);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static void
write_passed(struct jsonw *w, const struct outlook *then)
{
	if (then->n_passed == 0)
		return;
	jsonw_key(w, "passed");
	jsonw_array(w);
	for (size_t i = 0; i < then->n_passed; i++)
		jsonw_int(w, then->passed[i] + 1);
	jsonw_end_array(w);
}

static void
write_outlook(struct ctx *cx, struct jsonw *w, const struct outlook *then)
{
	jsonw_object(w);
	jsonw_member(w, "what", outlook_names[then->what]);
	if (then->what != OUTLOOK_CATCH_ALL) {
		jsonw_member_int(w, "step", then->step + 1);
		jsonw_member_int(w, "round", then->round + 1);
	}
	jsonw_member_int(w, "steps", then->n_steps);
	if (then->delay > 0)
		jsonw_member(w, "delay", span_text(cx, then->delay));
	if (then->in_turn)
		jsonw_member_bool(w, "in_turn", true);
	write_passed(w, then);
	write_whom(w, "whom", then);
	jsonw_member_bool(w, "reaches", then->reaches);
	jsonw_end_object(w);
}

/* The outlooks apart, each once: thousands of rows share them. */
static struct err *
write_waits(struct ctx *cx, struct request *rq, struct jsonw *w, struct wait *waits, size_t n)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct outlook *then;
	struct outlooks ahead;
	size_t at = 0;

	outlooks_init(&ahead, cx, app_of(rq)->home.config, s);
	jsonw_key(w, "waits");
	jsonw_array(w);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && waits[end].incident_id == waits[i].incident_id;)
			end++;
		TRY(soonest(&ahead, &waits[i], end - i, &at, &then));
		write_wait(w, &waits[i + at], then);
	}
	jsonw_end_array(w);
	jsonw_key(w, "nexts");
	jsonw_array(w);
	for (size_t i = 0; i < ahead.n; i++)
		write_outlook(cx, w, ahead.all[i]);
	jsonw_end_array(w);
	return NULL;
}

/* ---- the board ---- */

static void
write_incidents(struct jsonw *w, const struct incident *items, size_t n)
{
	jsonw_key(w, "items");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		shape_encode(w, &incident_shape, &items[i]);
	jsonw_end_array(w);
}

struct look {
	int64_t before, limit, after;
};

/* The place is read first: what happens while the rest is read is told again, not missed. */
static struct err *
first_look(struct ctx *cx, struct request *rq, struct response *rs, const struct look *look)
{
	struct engine_count last;
	struct incident *items;
	struct wait *waits;
	size_t n, n_waits;

	TRY(db_one(cx, &q_api_event_last, DB_NO_ARGS, &last));
	TRY(db_list(cx, &q_api_incidents,
	        DB_ARGS(look->before, "open", "", "", "", look->limit + 1), &items, &n));
	bool more = n > (size_t)look->limit;
	n -= more;
	TRY(db_list(cx, &q_api_waits, DB_ARGS(more ? items[n - 1].id : 0, look->before), &waits,
	        &n_waits));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "seq", last.n);
	if (more)
		jsonw_member_int(&w, "next", items[n - 1].id);
	write_incidents(&w, items, n);
	TRY(write_waits(cx, rq, &w, waits, n_waits));
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
touched(struct ctx *cx, struct request *rq, struct response *rs, const struct look *look)
{
	int64_t after = look->after;
	struct engine_count last;
	struct incident *items;
	struct wait *waits;
	size_t n, n_waits;

	TRY(db_one(cx, &q_api_event_last, DB_NO_ARGS, &last));
	/* A place that this log never had, from before it was brought back from a copy. */
	if (after > last.n)
		return first_look(cx, rq, rs, look);
	int64_t to = last.n - after > EVENTS_AT_ONCE ? after + EVENTS_AT_ONCE : last.n;
	TRY(db_list(cx, &q_api_touched, DB_ARGS(after, to), &items, &n));
	TRY(db_list(cx, &q_api_touched_waits, DB_ARGS(after, to), &waits, &n_waits));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "seq", to > after ? to : after);
	jsonw_member_bool(&w, "more", to < last.n);
	write_incidents(&w, items, n);
	TRY(write_waits(cx, rq, &w, waits, n_waits));
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
board(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct look look = { .before = INT64_MAX, .limit = FIRST_LOOK, .after = -1 };

	TRY(request_query_int(cx, rq, "after", (int64_t[]){ 0, INT64_MAX }, &look.after));
	TRY(request_query_int(cx, rq, "before", (int64_t[]){ 1, INT64_MAX }, &look.before));
	TRY(request_query_int(cx, rq, "limit", (int64_t[]){ 1, FIRST_LOOK_MAX }, &look.limit));
	TRY(app_read(cx, rq));
	return look.after < 0 ? first_look(cx, rq, rs, &look) : touched(cx, rq, rs, &look);
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
		jsonw_cstr(w, people.items[i].user_id);
	jsonw_end_array(w);
	jsonw_end_object(w);
}

/* Whom its present step means, who is on call now. */
static struct err *
write_now(struct ctx *cx, struct jsonw *w, const struct snapshot *s, const struct run *run)
{
	struct target *targets = NULL;
	size_t n = 0;

	TRY(targets_read(cx, run->targets, &targets, &n));
	jsonw_key(w, "now");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		write_people(cx, w, s, &targets[i]);
	jsonw_end_array(w);
	return NULL;
}

/* By the policy with which the incident began, and who is on call when the wait ends. */
static struct err *
write_next(struct ctx *cx, struct request *rq, struct jsonw *w, const struct snapshot *s,
        const struct wait *wait)
{
	struct stand st = stand_of(wait);
	const struct outlook *then;
	struct outlooks ahead;

	outlooks_init(&ahead, cx, app_of(rq)->home.config, s);
	TRY(outlook_of(&ahead, &st, &then));
	if (then->n_steps > 0)
		jsonw_member_int(w, "steps", then->n_steps);
	jsonw_member_bool(w, "last", then->what == OUTLOOK_CATCH_ALL);
	write_whom(w, "next", then);
	return NULL;
}

static struct err *
write_escalation(struct ctx *cx, struct request *rq, struct jsonw *w, const struct run *run,
        enum urgency urgency)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct wait wait = { .why = TIMER_STEP,
		.policy = run->policy,
		.policy_revision = run->policy_revision,
		.step = run->step,
		.round = run->round,
		.urgency = urgency,
		.ends_at = run->step_ends_at != 0 ? run->step_ends_at : ctx_now(cx) };

	jsonw_member_opt(w, "policy", run->policy);
	jsonw_member_int(w, "step", run->step + 1);
	jsonw_member_int(w, "round", run->round + 1);
	if (run->step_ends_at != 0)
		jsonw_member_time(w, "ends_at", run->step_ends_at);
	TRY(write_now(cx, w, s, run));
	return write_next(cx, rq, w, s, &wait);
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
	if (found)
		TRY(write_escalation(cx, rq, &w, &run, inc.urgency));
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/board", PERM_READ, board,
	        "Open incidents and whom each pages next; ?before=&limit=&after=", NULL, NULL,
	        0, 0 },
	{ "GET", "/api/v1/incidents/{id}/escalation", PERM_READ, escalation,
	        "Whom its present step pages, and who is next when nobody answers", NULL, NULL,
	        0, 0 },
};
const struct route_table live_routes = { routes, NELEMS(routes) };
