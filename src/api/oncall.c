/* SPDX-License-Identifier: Apache-2.0 */
/* Who is on call at an instant, and who would be paged. */
#include "api/described.h"
#include "api/duty.h"
#include "engine/targets.h"

void
duty_write_users(struct jsonw *w, const char *key, const struct snapshot *s,
        const char *const *ids, size_t n)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct user *u = snapshot_user(s, ids[i]);
		jsonw_object(w);
		jsonw_member(w, "id", ids[i]);
		jsonw_member_opt(w, "name", u == NULL ? NULL : u->c.name);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/*
 * Who was on call in the past is a question to the configuration of then: a rotation, override
 * or absence that has changed since is asked as it was. Before the first configuration there is
 * no such: then it is what today's would have meant.
 */
struct err *
duty_snapshot(struct ctx *cx, struct request *rq, usec_t at, const struct snapshot **ret)
{
	int64_t then = 0;

	*ret = app_snapshot(rq);
	if (at >= ctx_now(cx))
		return NULL;
	struct err *e = app_read(cx, rq);
	if (e == NULL)
		e = config_revision_at(cx, at, &then);
	if (e != NULL || then == 0 || then == snapshot_revision(*ret)) {
		if (e != NULL)
			snapshot_unref(*ret);
		return e;
	}
	snapshot_unref(*ret);
	return config_snapshot_at(cx, app_of(rq)->home.config, then, ret);
}

static void
write_duty(struct ctx *cx, struct jsonw *w, const struct snapshot *s,
        const struct schedule *schedule, usec_t at)
{
	const char *const *ids;
	size_t n;

	oncall_at(&cx->mem, &schedule->calendar, at, &ids, &n);
	usec_t until = oncall_next_change(&schedule->calendar, at);
	jsonw_object(w);
	jsonw_member(w, "schedule", schedule->c.id);
	jsonw_member(w, "name", schedule->c.name);
	jsonw_member_opt(w, "team", schedule->team);
	jsonw_member_time(w, "at", at);
	if (until != USEC_NEVER)
		jsonw_member_time(w, "until", until);
	duty_write_users(w, "users", s, ids, n);
	jsonw_end_object(w);
}

/* All schedules, or those of ?team=. */
static struct err *
everybody(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = NULL;
	const char *team = filter(rq, "team");
	usec_t at;
	size_t n;

	TRY(at_query(cx, rq, "at", &at));
	TRY(duty_snapshot(cx, rq, at, &s));
	const struct document *const *list = snapshot_list(s, KIND_SCHEDULE, &n);
	struct jsonw w = items_json(rs);
	for (size_t i = 0; i < n; i++) {
		const struct schedule *schedule = snapshot_schedule(s, list[i]->id);
		if (team[0] == '\0' || str_null_safe_eq(schedule->team, team))
			write_duty(cx, &w, s, schedule, at);
	}
	items_end(&w, NULL);
	return NULL;
}

struct err *
duty_schedule(struct ctx *cx, const struct request *rq, const struct snapshot *s,
        const struct schedule **ret)
{
	*ret = snapshot_schedule(s, request_param(rq, "id"));
	if (*ret == NULL)
		return err_new(
		        cx, ERR_NOT_FOUND, "there is no schedule/%s", request_param(rq, "id"));
	return NULL;
}

static struct err *
one(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = NULL;
	const struct schedule *schedule;
	usec_t at;

	TRY(at_query(cx, rq, "at", &at));
	TRY(duty_snapshot(cx, rq, at, &s));
	TRY(duty_schedule(cx, rq, s, &schedule));
	struct jsonw w = response_json(rs, 200);
	write_duty(cx, &w, s, schedule, at);
	return NULL;
}

/* ---- who would be paged ---- */

static void
write_preview_page(struct jsonw *w, const struct preview_page *p)
{
	jsonw_object(w);
	jsonw_member_time(w, "at", p->at);
	jsonw_member_bool(w, "catch_all", p->step == PREVIEW_CATCH_ALL);
	if (p->step != PREVIEW_CATCH_ALL) {
		jsonw_member_int(w, "step", p->step + 1);
		jsonw_member_int(w, "round", p->round + 1);
	}
	jsonw_member_opt(w, "user", p->user_id);
	jsonw_member_opt(w, "contact", p->contact);
	jsonw_member(w, "because", p->because);
	jsonw_member_opt(w, "reason", reason_names[p->reason]);
	jsonw_end_object(w);
}

void
preview_write_pages(struct jsonw *w, const struct preview *p)
{
	jsonw_key(w, "pages");
	jsonw_array(w);
	for (size_t i = 0; i < p->n; i++)
		write_preview_page(w, &p->pages[i]);
	jsonw_end_array(w);
	jsonw_member_time(w, "exhausted_at", p->exhausted_at);
}

static struct err *
urgency_query(struct ctx *cx, const struct request *rq, enum urgency *ret)
{
	const char *text = filter(rq, "urgency");

	*ret = URGENCY_HIGH;
	if (text[0] == '\0' || strcmp(text, "high") == 0)
		return NULL;
	*ret = URGENCY_LOW;
	if (strcmp(text, "low") == 0)
		return NULL;
	return err_field(cx, ERR_INVALID, "urgency", "urgency is high or low");
}

static struct err *
opening_query(struct ctx *cx, const struct request *rq, struct opening *ret)
{
	const char *by = filter(rq, "by"), *integration = filter(rq, "integration");

	*ret = (struct opening){ .service = request_param(rq, "id"),
		.integration = integration[0] == '\0' ? NULL : integration,
		.by_hand = strcmp(by, "hand") == 0 };
	if (by[0] != '\0' && !ret->by_hand && strcmp(by, "signal") != 0)
		return err_field(cx, ERR_INVALID, "by", "by is signal or hand");
	TRY(urgency_query(cx, rq, &ret->urgency));
	return at_query(cx, rq, "at", &ret->at);
}

static void
write_muting(struct jsonw *w, const struct muting *m)
{
	if (m == NULL)
		return;
	jsonw_key(w, "muted");
	jsonw_object(w);
	jsonw_member(w, "window", m->window->c.id);
	jsonw_member_opt(w, "name", m->window->c.name);
	jsonw_member(w, "why", m->window->reason);
	jsonw_member_time(w, "until", m->to);
	jsonw_end_object(w);
}

static struct err *
preview(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct opening o;
	struct preview p;

	TRY(opening_query(cx, rq, &o));
	TRY(preview_service(cx, s, &o, &p));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member(&w, "service", o.service);
	jsonw_member_opt(&w, "policy", p.policy);
	jsonw_member(&w, "urgency", urgency_names[o.urgency]);
	jsonw_member_time(&w, "at", o.at);
	write_muting(&w, p.muting);
	preview_write_pages(&w, &p);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/oncall", PERM_READ, everybody,
	        "Who is on call, for every schedule; ?at=&team=", NULL, &duty_described,
	        ROUTE_ALL, 0 },
	{ "GET", "/api/v1/schedules/{id}/oncall", PERM_READ, one,
	        "Who is on call by a schedule; ?at=", NULL, &duty_described, 0, 0 },
	{ "GET", "/api/v1/services/{id}/preview", PERM_READ, preview,
	        "Who would be paged for a service if nobody answered; "
	        "?at=&urgency=high|low&integration=&by=signal|hand",
	        NULL, &preview_described, 0, 0 },
};
const struct route_table oncall_routes = { routes, NELEMS(routes) };
