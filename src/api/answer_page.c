/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /a/TOKEN, the link in every page to a person: shows what is asked, and acknowledges on a
 * button press. No login, no scripts, small enough for a bad connection. GET never changes
 * anything.
 */
#include "access/verification.h"
#include "api/html.h"
#include "channel/answer_link.h"
#include "engine/incident.h"
#include "queries.h"

struct asked {
	struct page page;
	struct incident incident;
};

static struct err *
look(struct ctx *cx, struct request *rq, struct asked *ret)
{
	int64_t id;

	if (!answer_token_check(
	            app_of(rq)->link_key, request_param(rq, "token"), ctx_now(cx), &id))
		return err_new(cx, ERR_DENIED,
		        "This link is over or was changed on its way. Sign in to see the incident.");
	TRY(app_read(cx, rq));
	TRY(db_one(cx, &q_page_get, DB_ARGS(id), &ret->page));
	return incident_load(cx, ret->page.incident_id, &ret->incident);
}

static void
facts(struct ctx *cx, const struct request *rq, struct response *rs, const struct incident *inc)
{
	html(rs,
	        "<p><span class=\"state %s\">%s</span> <span class=\"sev %s\">%s</span></p><table>",
	        incident_state_names[inc->state], incident_state_names[inc->state],
	        severity_names[inc->severity], severity_names[inc->severity]);
	html(rs, "<tr><th>Service<td>%s", inc->service == NULL ? "none" : inc->service);
	html(rs, "<tr><th>Since<td>%s (%s)", html_time(cx, rq, inc->opened_at),
	        html_age(cx, inc->opened_at));
	if (inc->acked_by != NULL && inc->state == INCIDENT_ACKNOWLEDGED)
		html(rs, "<tr><th>Acknowledged by<td>%s", inc->acked_by);
	if (inc->resolved_by != NULL && inc->state == INCIDENT_RESOLVED)
		html(rs, "<tr><th>Resolved by<td>%s", inc->resolved_by);
	html(rs, "</table>");
}

static void
page(struct ctx *cx, const struct request *rq, struct response *rs, const struct asked *a,
        const char *said)
{
	const struct incident *inc = &a->incident;

	html_begin(
	        cx, rq, rs, arena_printf(&cx->mem, "#%lld %s", (long long)inc->id, inc->title));
	if (said != NULL)
		html(rs, "<p class=\"note\">%s</p>", said);
	facts(cx, rq, rs, inc);
	if (inc->state == INCIDENT_TRIGGERED)
		html(rs,
		        "<form method=\"post\"><p>You are paged as <b>%s</b>.</p><button class=\"main "
		        "big\">Acknowledge</button></form>",
		        a->page.user_id);
	else if (inc->state == INCIDENT_ACKNOWLEDGED)
		html(rs,
		        "<form method=\"post\"><p>You are asked as <b>%s</b>.</p><button>I am on "
		        "it too: stop calling me</button></form>",
		        a->page.user_id);
	html(rs, "<p><a href=\"/incidents/%d\">Open the incident</a></p>", inc->id);
	html_end(rs);
}

static struct err *
show(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct asked a;

	TRY(look(cx, rq, &a));
	page(cx, rq, rs, &a, NULL);
	return NULL;
}

static const char *
words(const struct incident_act *act)
{
	if (!act->changed)
		return "It was acknowledged already; you are on it as well.";
	return "Acknowledged: nobody else is paged. It is yours.";
}

static struct err *
answer(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident_act act = { .verb = INCIDENT_ACKNOWLEDGE };
	struct asked a;

	TRY(look(cx, rq, &a));
	if (a.page.user_id == NULL)
		return err_new(
		        cx, ERR_DENIED, "This page was nobody's in particular: sign in.");
	act.incident_id = a.incident.id;
	cx->actor =
	        (struct actor){ ACTOR_USER, a.page.user_id, a.page.contact_type, ROLE_MEMBER };
	struct err *e = app_run(cx, rq, incident_do_run, &act);
	if (e != NULL && e->code != ERR_CONFLICT)
		return e;
	if (e == NULL)
		a.incident = *act.result;
	err_ignore(app_run(cx, rq, contact_seen_run, &a.page),
	        "the answer counts, whatever is kept of the contact");
	page(cx, rq, rs, &a, e == NULL ? words(&act) : "It is resolved already.");
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/a/{token}", PERM_PUBLIC, show, "What a page asks", NULL, NULL, ROUTE_PAGE,
	        0 },
	{ "POST", "/a/{token}", PERM_PUBLIC, answer, "Acknowledges", NULL, NULL, ROUTE_PAGE,
	        4096 },
};
const struct route_table answer_routes = { routes, NELEMS(routes) };
