/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that need no script, for who is signed in: the open incidents, one of them, who is on
 * call. */
#include "api/html.h"
#include "api/shapes.h"
#include "engine/incident.h"
#include "queries.h"

#define SHOWN 100

static const char *const glyphs[INCIDENT_STATE_MAX] = {
	[INCIDENT_TRIGGERED] = "▲",
	[INCIDENT_ACKNOWLEDGED] = "◆",
	[INCIDENT_RESOLVED] = "✓",
};

static void
badge(struct response *rs, const struct incident *inc)
{
	const char *state = incident_state_names[inc->state];

	html(rs, "<span class=\"state %s\">%s %s</span> <span class=\"sev %s\">%s</span>",
	        state, glyphs[inc->state], state, severity_names[inc->severity],
	        severity_names[inc->severity]);
}

static void
row(struct ctx *cx, struct response *rs, const struct incident *inc)
{
	html(rs, "<li class=\"row\"><a href=\"/plain/incidents/%d\">", inc->id);
	badge(rs, inc);
	html(rs, " <small>#%d · %s · %s</small><br><strong>%s</strong>", inc->id,
	        inc->service == NULL ? "no service" : inc->service,
	        html_age(cx, inc->opened_at), inc->title);
	if (inc->state == INCIDENT_ACKNOWLEDGED)
		html(rs, "<br><small>taken by %s</small>",
		        strncmp(inc->acked_by, "user/", 5) == 0 ? inc->acked_by + 5
		                                                : inc->acked_by);
	if (inc->exhausted_at != 0)
		html(rs, "<br><small class=\"triggered\">nobody is left to page</small>");
	html(rs, "</a></li>");
}

static struct err *
rows(struct ctx *cx, struct request *rq, struct response *rs, const char *state, int64_t most,
        size_t *ret_n)
{
	struct incident *items;

	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_incidents, DB_ARGS(INT64_MAX, state, "", "", "", most), &items,
	        ret_n));
	html(rs, "<ul>");
	for (size_t i = 0; i < *ret_n; i++)
		row(cx, rs, &items[i]);
	html(rs, "</ul>");
	return NULL;
}

static struct err *
board(struct ctx *cx, struct request *rq, struct response *rs)
{
	size_t n;

	html_begin(cx, rq, rs, "Open incidents");
	TRY(rows(cx, rq, rs, "open", SHOWN, &n));
	if (n == 0)
		html(rs, "<p>Nothing is open. Good.</p>");
	html(rs, "<h2>Resolved lately</h2>");
	TRY(rows(cx, rq, rs, "resolved", 10, &n));
	if (n == 0)
		html(rs, "<p class=\"muted\">Nothing yet.</p>");
	html_end(rs);
	return NULL;
}

/* ---- one incident ---- */

static void
fact(struct response *rs, const char *name, const char *value)
{
	if (value != NULL)
		html(rs, "<tr><th>%s<td>%s", name, value);
}

static void
when(struct ctx *cx, const struct request *rq, struct response *rs, const char *name, usec_t at)
{
	if (at != 0)
		fact(rs, name, html_time(cx, rq, at));
}

static void
facts(struct ctx *cx, const struct request *rq, struct response *rs, const struct incident *inc)
{
	html(rs, "<table>");
	fact(rs, "Service", inc->service == NULL ? "none: it is unrouted" : inc->service);
	fact(rs, "Team", inc->team);
	fact(rs, "Policy", inc->policy);
	fact(rs, "Urgency", urgency_names[inc->urgency]);
	when(cx, rq, rs, "Opened", inc->opened_at);
	fact(rs, "Acknowledged by", inc->acked_by);
	when(cx, rq, rs, "Nobody is paged (maintenance) until", inc->muted_until);
	when(cx, rq, rs, "Snoozed until", inc->snoozed_until);
	when(cx, rq, rs, "Nobody left to page since", inc->exhausted_at);
	fact(rs, "Resolved by", inc->resolved_by);
	when(cx, rq, rs, "Resolved", inc->resolved_at);
	html(rs, "</table>");
}

static void
button(struct response *rs, const struct incident *inc, const char *verb, const char *word,
        bool main)
{
	html(rs,
	        "<form class=\"row\" method=\"post\" action=\"/plain/incidents/%d/%s\"><button%s>%s"
	        "</button></form>",
	        inc->id, verb, main ? " class=main" : "", word);
}

static void
buttons(struct response *rs, const struct incident *inc)
{
	html(rs, "<p>");
	if (inc->state == INCIDENT_TRIGGERED)
		button(rs, inc, "acknowledge", "Acknowledge", true);
	if (inc->state != INCIDENT_RESOLVED) {
		button(rs, inc, "resolve", "Resolve", false);
		button(rs, inc, "escalate", "Escalate", false);
	}
	html(rs,
	        "</p><form method=\"post\" action=\"/plain/incidents/%d/note\"><label>Note<input "
	        "name=\"note\" required></label><button>Add to the timeline</button></form>",
	        inc->id);
}

static struct err *
timeline(struct ctx *cx, const struct request *rq, struct response *rs, int64_t id)
{
	struct event *events;
	size_t n;

	TRY(db_list(cx, &q_api_timeline, DB_ARGS(id, INT64_MAX, 500), &events, &n));
	struct event_view *views = event_views(cx, events, n);
	html(rs, "<h2>Timeline</h2><ol class=\"line\">");
	for (size_t i = 0; i < n; i++)
		html(rs, "<li><time>%s</time><span>%s</span></li>",
		        html_time(cx, rq, events[i].at), views[i].sentence);
	html(rs, "</ol>");
	return NULL;
}

static struct err *
incident(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident inc;
	int64_t id;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(incident_load(cx, id, &inc));
	html_begin(cx, rq, rs, arena_printf(&cx->mem, "#%lld %s", (long long)id, inc.title));
	html(rs, "<p>");
	badge(rs, &inc);
	html(rs, "</p>");
	buttons(rs, &inc);
	facts(cx, rq, rs, &inc);
	TRY(timeline(cx, rq, rs, id));
	html_end(rs);
	return NULL;
}

static struct err *
act(struct ctx *cx, struct request *rq, struct response *rs)
{
	static const enum incident_verb offered[] = { INCIDENT_ACKNOWLEDGE, INCIDENT_RESOLVE,
		INCIDENT_ESCALATE, INCIDENT_NOTE };
	struct incident_act a = { 0 };
	const char *name = request_param(rq, "verb");
	size_t i = 0;

	TRY(id_param(cx, rq, "id", &a.incident_id));
	while (i < NELEMS(offered) && strcmp(incident_verb_name(offered[i]), name) != 0)
		i++;
	if (i == NELEMS(offered))
		return err_new(cx, ERR_NOT_FOUND, "there is no button %s", name);
	a.verb = offered[i];
	a.text = request_form(cx, rq, "note");
	TRY(app_run(cx, rq, incident_do_run, &a));
	response_redirect(
	        rs, arena_printf(&cx->mem, "/plain/incidents/%lld", (long long)a.incident_id));
	return NULL;
}

/* ---- on call ---- */

static void
duty(struct ctx *cx, struct response *rs, const struct snapshot *s,
        const struct schedule *schedule)
{
	const char *const *ids;
	size_t n;

	oncall_at(&cx->mem, &schedule->calendar, ctx_now(cx), &ids, &n);
	html(rs, "<tr><th>%s<td>", schedule->c.name);
	for (size_t i = 0; i < n; i++) {
		const struct user *u = snapshot_user(s, ids[i]);
		html(rs, "%s%s", i == 0 ? "" : ", ", u == NULL ? ids[i] : u->c.name);
	}
	if (n == 0)
		html(rs, "<b class=\"triggered\">nobody</b>");
}

static struct err *
oncall(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	size_t n;
	const struct document *const *list = snapshot_list(s, KIND_SCHEDULE, &n);

	html_begin(cx, rq, rs, "On call now");
	html(rs, "<table>");
	for (size_t i = 0; i < n; i++)
		duty(cx, rs, s, snapshot_schedule(s, list[i]->id));
	html(rs, "</table>");
	html_end(rs);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/plain", PERM_READ, board, "Open incidents", NULL, NULL, ROUTE_PAGE, 0 },
	{ "GET", "/plain/incidents/{id}", PERM_READ, incident, "One incident", NULL, NULL,
	        ROUTE_PAGE, 0 },
	{ "POST", "/plain/incidents/{id}/{verb}", PERM_RESPOND, act, "Acts on it", NULL, NULL,
	        ROUTE_PAGE, 65536 },
	{ "GET", "/plain/oncall", PERM_READ, oncall, "Who is on call", NULL, NULL, ROUTE_PAGE,
	        0 },
};
const struct route_table board_routes = { routes, NELEMS(routes) };
