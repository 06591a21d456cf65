/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy, or a draft of one, walked in thought at an instant, and what is wrong with it: what
 * compiles and still would leave an alarm unheard. A circle of policies and a person who is not
 * there are refused by the configuration itself and need no word here.
 */
#include "access/verification.h"
#include "api/app.h"
#include "api/described.h"
#include "api/duty.h"
#include "engine/callout.h"
#include "engine/targets.h"

#define LOOK_AHEAD DAYS(7) /* in which a schedule should have somebody */
#define LONG_DEAF DAYS(1)  /* so long a policy should not go on unanswered */
#define FINDINGS_MAX 200

struct look {
	struct ctx *cx;
	const struct snapshot *s;
	const struct policy *policy;
	enum urgency urgency;
	usec_t at;
	struct verified verified;
	struct jsonw *w;
	size_t n;
};

static void finding(struct look *l, const char *pointer, const char *fmt, ...) PRINTF(3, 4);

static void
finding(struct look *l, const char *pointer, const char *fmt, ...)
{
	va_list ap;

	if (l->n++ >= FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	const char *text = arena_vprintf(&l->cx->mem, fmt, ap);
	va_end(ap);
	jsonw_object(l->w);
	jsonw_member(l->w, "pointer", pointer);
	jsonw_member(l->w, "finding", text);
	jsonw_end_object(l->w);
}

static const char *
span(struct look *l, usec_t length)
{
	return duration_print(length, arena_alloc(&l->cx->mem, DURATION_MAX));
}

static const char *
moment(struct look *l, usec_t at)
{
	return rfc3339_print(at, arena_alloc(&l->cx->mem, RFC3339_MAX));
}

/* ---- a person of a step ---- */

static void
look_at_person(struct look *l, const char *pointer, const struct policy_step *step, size_t i,
        const char *id)
{
	const struct user *u = snapshot_user(l->s, id);
	bool last = i + 1 == l->policy->steps.n && l->policy->repeat == 0;

	if (u == NULL)
		return;
	struct callout_steps own = callout_steps_of(l->cx, u, l->urgency);
	if (u->role == ROLE_STAKEHOLDER)
		finding(l, pointer, "user/%s is a stakeholder, who cannot answer", id);
	if (own.n == 0)
		finding(l, pointer, "user/%s has no contact for %s urgency", id,
		        urgency_names[l->urgency]);
	else if (!verified_user(&l->verified, u))
		finding(l, pointer, "user/%s has no verified contact", id);
	for (size_t k = 0; !last && k < own.n; k++)
		if (own.items[k].after >= step->wait)
			finding(l, pointer,
			        "user/%s is called by %s after %s, when the next step has begun: "
			        "this one waits %s",
			        id, own.items[k].contact, span(l, own.items[k].after),
			        span(l, step->wait));
}

/* Who was called by the step before and was silent is called again, and nobody else. */
static void
look_at_pair(struct look *l, const char *pointer, const struct people *before,
        const struct people *now)
{
	size_t same = 0;

	for (size_t i = 0; i < now->n; i++)
		for (size_t k = 0; k < before->n; k++)
			same += strcmp(now->items[i].user_id, before->items[k].user_id) == 0;
	if (now->n > 0 && same == now->n)
		finding(l, pointer,
		        "it pages nobody but whom the step before has paged: user/%s",
		        now->items[0].user_id);
}

/* ---- a target of a step ---- */

static void
look_at_schedule(struct look *l, const char *pointer, const struct target *t)
{
	const struct schedule *schedule = snapshot_schedule(l->s, t->id);
	struct cal_shift *gaps;
	size_t n;

	if (schedule == NULL || t->who == WHO_ALL)
		return;
	(void)oncall_gaps(
	        &l->cx->mem, &schedule->calendar, l->at, l->at + LOOK_AHEAD, &gaps, &n);
	if (n == 0)
		return;
	if (gaps[0].start <= l->at)
		finding(l, pointer, "schedule/%s has nobody then, for %s", t->id,
		        span(l, gaps[0].end - l->at));
	else
		finding(l, pointer, "schedule/%s has nobody from %s for %s, within seven days",
		        t->id, moment(l, gaps[0].start), span(l, gaps[0].end - gaps[0].start));
}

static void
look_at_step(struct look *l, size_t i, struct people *before, struct people *now)
{
	const struct policy_step *step = (const struct policy_step *)l->policy->steps.items + i;
	const struct target *targets = step->page.items;
	bool only_people = true;

	for (size_t k = 0; k < step->page.n; k++) {
		const char *pointer = arena_printf(&l->cx->mem, "/steps/%zu/page/%zu", i, k);
		size_t first = now->n;
		only_people &=
		        targets[k].kind != TARGET_CHANNEL && targets[k].kind != TARGET_POLICY;
		if (targets[k].kind == TARGET_SCHEDULE)
			look_at_schedule(l, pointer, &targets[k]);
		target_people(l->cx, l->s, &targets[k], l->at, now);
		for (size_t p = first; p < now->n; p++)
			look_at_person(l, pointer, step, i, now->items[p].user_id);
	}
	if (i > 0 && only_people)
		look_at_pair(l, arena_printf(&l->cx->mem, "/steps/%zu", i), before, now);
}

/* The walk is the policy's alone; what holds its services back is said. */
static void
look_at_windows(struct look *l)
{
	size_t n;
	const struct document *const *services = snapshot_list(l->s, KIND_SERVICE, &n);

	for (size_t i = 0; snapshot_mutes(l->s) && i < n; i++) {
		const struct service *svc = services[i]->value;
		const struct muting *m = snapshot_muting(l->s, svc->c.id, NULL, l->at);
		if (m != NULL && str_null_safe_eq(svc->policy, l->policy->c.id))
			finding(l, "",
			        "service/%s is in maintenance then (window/%s): what comes "
			        "for it pages nobody until %s",
			        svc->c.id, m->window->c.id, moment(l, m->to));
	}
}

static void
look_at_all(struct look *l, const struct preview *p)
{
	struct people before = { 0 };

	jsonw_key(l->w, "findings");
	jsonw_array(l->w);
	if (l->policy->steps.n == 0)
		finding(l, "/steps", "it has no step: only the catch-all is paged");
	for (size_t i = 0; i < l->policy->steps.n; i++) {
		struct people now = { 0 };
		look_at_step(l, i, &before, &now);
		before = now;
	}
	if (p->exhausted_at - l->at > LONG_DEAF)
		finding(l, l->policy->repeat > 0 ? "/repeat" : "/steps",
		        "unanswered it goes on for %s before the catch-all hears of it",
		        span(l, p->exhausted_at - l->at));
	look_at_windows(l);
	jsonw_end_array(l->w);
}

/* ---- the answer ---- */

struct check_body {
	const struct json *document;
	usec_t at;
	int urgency;
};

static const struct field body_fields[] = {
	{ "document", FIELD_JSON, 0, offsetof(struct check_body, document),
	        .help = "The draft; absent: the policy as it is." },
	{ "at", FIELD_TIME, 0, offsetof(struct check_body, at),
	        .help = "When an incident would open; absent: now." },
	{ "urgency", FIELD_ENUM, 0, offsetof(struct check_body, urgency),
	        .names = urgency_names, .fallback = "\"high\"", .help = "Its urgency." },
};
static const struct shape body_shape =
        SHAPE("PolicyCheckAsk", struct check_body, body_fields, "What to walk through.");

static struct err *
answer(struct ctx *cx, struct response *rs, const struct snapshot *s, const char *id,
        const struct check_body *b)
{
	struct look l = { .cx = cx,
		.s = s,
		.policy = snapshot_policy(s, id),
		.urgency = (enum urgency)b->urgency,
		.at = b->at };
	struct preview p;

	if (l.policy == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no policy/%s", id);
	TRY(verified_load(cx, &l.verified));
	preview_policy(cx, s, id, l.urgency, b->at, &p);
	struct jsonw w = response_json(rs, 200);
	l.w = &w;
	jsonw_object(&w);
	jsonw_member(&w, "policy", id);
	jsonw_member(&w, "urgency", urgency_names[l.urgency]);
	jsonw_member_time(&w, "at", b->at);
	preview_write_pages(&w, &p);
	look_at_all(&l, &p);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
check(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *now CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *id = request_param(rq, "id");
	struct check_body b;
	struct change one = { .kind = KIND_POLICY, .id = id, .pointer = "" };
	struct change_set set = { &one, 1, 1 };
	struct plan plan;

	TRY(request_read(cx, rq, &b));
	if (b.at == 0)
		b.at = ctx_now(cx);
	TRY(app_read(cx, rq));
	if (b.document == NULL)
		return answer(cx, rs, now, id, &b);
	if (!slug_valid(str_from(id)))
		return err_field(cx, ERR_INVALID, "/id",
		        "an id has small letters, digits and dashes, at most 63");
	one.body = b.document;
	TRY(config_plan(
	        cx, app_of(rq)->home.config, now, &set, &(struct plan_options){ 0 }, &plan));
	struct err *e = answer(cx, rs, plan.candidate, id, &b);
	plan_free(&plan);
	return e;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/policies/{id}/check", PERM_READ, check,
	        "A policy or a draft of it: who would be paged if nobody answered, and what is "
	        "wrong with it",
	        &body_shape, &policy_checked_described, 0, 0 },
};
const struct route_table policy_check_routes = { routes, NELEMS(routes) };
