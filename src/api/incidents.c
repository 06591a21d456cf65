/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents: list, look, open by hand, and every verb. */
#include <inttypes.h>

#include "api/app.h"
#include "api/shapes.h"
#include "config/codecs.h"
#include "engine/incident.h"
#include "queries.h"

/* ---- looking ---- */

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct incident *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_incidents,
	        DB_ARGS(l.before, filter(rq, "state"), filter(rq, "service"),
	                filter(rq, "team"), filter(rq, "dedup_key"), l.limit + 1),
	        &items, &n));
	listing_write(rs, &l, &incident_shape, items, n);
	return NULL;
}

static void
answer(struct ctx *cx, struct response *rs, const struct incident *inc, int status)
{
	struct jsonw w = response_json(rs, status);

	shape_encode(&w, &incident_shape, inc);
	response_etag(cx, rs, inc->revision);
}

static struct err *
get(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident inc;
	int64_t id;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(incident_load(cx, id, &inc));
	answer(cx, rs, &inc, 200);
	return NULL;
}

/* The incident must be there; then what belongs to it. */
static struct err *
of_incident(struct ctx *cx, struct request *rq, int64_t *ret_id, struct listing *l)
{
	struct incident inc;

	TRY(id_param(cx, rq, "id", ret_id));
	TRY(listing_read(cx, rq, l));
	TRY(app_read(cx, rq));
	return incident_load(cx, *ret_id, &inc);
}

static struct err *
timeline(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct event *events;
	struct listing l;
	int64_t id;
	size_t n;

	TRY(of_incident(cx, rq, &id, &l));
	TRY(db_list(cx, &q_api_timeline, DB_ARGS(id, l.before, l.limit + 1), &events, &n));
	listing_write(rs, &l, &event_shape, event_views(cx, events, n), n);
	return NULL;
}

static struct err *
alerts(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct alert *items;
	struct listing l;
	int64_t id;
	size_t n;

	TRY(of_incident(cx, rq, &id, &l));
	TRY(db_list(
	        cx, &q_api_alerts_of_incident, DB_ARGS(id, l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &alert_shape, items, n);
	return NULL;
}

static struct err *
pages(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct page *items;
	struct listing l;
	int64_t id;
	size_t n;

	TRY(of_incident(cx, rq, &id, &l));
	TRY(db_list(
	        cx, &q_api_pages_of_incident, DB_ARGS(id, l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &page_shape, items, n);
	return NULL;
}

/* ---- opening ---- */

struct open_body {
	const char *title, *details, *service, *policy;
	int severity, mode;
	struct target target;
};

#define OPEN(member) offsetof(struct open_body, member)

static const struct field open_fields[] = {
	{ "title", FIELD_STRING, FIELD_REQUIRED, OPEN(title), .min = 1,
	        .help = "What happened." },
	{ "details", FIELD_TEXT, 0, OPEN(details), .max = 20000, .help = "What is known." },
	{ "severity", FIELD_ENUM, 0, OPEN(severity), .names = severity_names,
	        .fallback = "\"critical\"", .help = "How bad it is." },
	{ "mode", FIELD_ENUM, 0, OPEN(mode), .names = mode_names, .fallback = "\"standard\"",
	        .help = "Drills and tests say so on every page." },
	{ "service", FIELD_REF, 0, OPEN(service), .ref = "service",
	        .help = "What broke; its policy pages." },
	{ "policy", FIELD_REF, 0, OPEN(policy), .ref = "policy", .help = "Or by this policy." },
	{ "target", FIELD_CUSTOM, 0, OPEN(target), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Or page this one first." },
};
static const struct shape open_shape =
        SHAPE("IncidentOpen", struct open_body, open_fields, "An incident opened by a person.");

static void
render_opened(struct ctx *cx, struct response *rs, void *arg)
{
	struct incident_open *o = arg;

	answer(cx, rs, o->result, 201);
	response_header(rs, "Location",
	        arena_printf(&cx->mem, "/api/v1/incidents/%" PRId64, o->result->id));
}

static struct err *
open_by_hand(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct open_body b;

	TRY(request_read(cx, rq, &b));
	struct incident_open o = {
		.mode = (enum mode)b.mode,
		.title = b.title,
		.details = b.details,
		.severity = (enum severity)b.severity,
		.service = b.service,
		.policy = b.policy,
		.target = b.target,
		.has_target = b.target.id != NULL,
	};
	return app_run_once(cx, rq, rs, incident_open_run, &o, render_opened);
}

/* ---- verbs ---- */

struct act_body {
	const char *note, *policy;
	usec_t until, span;
	int64_t into;
	struct target target;
};

#define ACT(member) offsetof(struct act_body, member)
#define NOTE                                                                                   \
	{                                                                                      \
		"note", FIELD_TEXT, 0, ACT(note), .max = 10000,                                \
		                                  .help = "A remark for the timeline."         \
	}

static const struct field plain_fields[] = { NOTE };
static const struct shape plain_shape =
        SHAPE("Remark", struct act_body, plain_fields, "Nothing but a remark.");

static const struct field note_fields[] = {
	{ "note", FIELD_TEXT, FIELD_REQUIRED, ACT(note), .min = 1, .max = 10000,
	        .help = "What others should know." },
};
static const struct shape note_shape =
        SHAPE("Note", struct act_body, note_fields, "A line for the timeline.");

static const struct field snooze_fields[] = {
	NOTE,
	{ "until", FIELD_TIME, 0, ACT(until), .help = "When it wakes." },
	{ "for", FIELD_DURATION, 0, ACT(span), .min = 1, .help = "Or how long it sleeps." },
};
static const struct shape snooze_shape =
        SHAPE("Snooze", struct act_body, snooze_fields, "Acknowledged until then.");

static const struct field reassign_fields[] = {
	NOTE,
	{ "target", FIELD_CUSTOM, FIELD_REQUIRED, ACT(target), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Who is to take it." },
};
static const struct shape reassign_shape =
        SHAPE("Reassign", struct act_body, reassign_fields, "Given to somebody else.");

static const struct field reroute_fields[] = {
	NOTE,
	{ "policy", FIELD_REF, 0, ACT(policy), .ref = "policy",
	        .help = "Absent: the service's policy of today." },
};
static const struct shape reroute_shape =
        SHAPE("Reroute", struct act_body, reroute_fields, "Begun anew by another policy.");

static const struct field merge_fields[] = {
	NOTE,
	{ "into", FIELD_INT, FIELD_REQUIRED, ACT(into), .min = 1, .max = INT64_MAX,
	        .help = "The incident that goes on." },
};
static const struct shape merge_shape =
        SHAPE("Merge", struct act_body, merge_fields, "Its alerts join another incident.");

static struct err *
verb_of(struct ctx *cx, const struct request *rq, enum incident_verb *ret)
{
	const char *name = strrchr(rq->route->path, '/') + 1;

	for (int v = 0; v < INCIDENT_VERB_MAX; v++)
		if (strcmp(incident_verb_name((enum incident_verb)v), name) == 0) {
			*ret = (enum incident_verb)v;
			return NULL;
		}
	return err_new(cx, ERR_BUG, "the route %s names no verb", rq->route->path);
}

static void
render_acted(struct ctx *cx, struct response *rs, void *arg)
{
	struct incident_act *act = arg;

	answer(cx, rs, act->result, 200);
	response_header(rs, "Tocsin-Changed", act->changed ? "true" : "false");
}

static struct err *
check_snooze(struct ctx *cx, struct act_body *b)
{
	if ((b->until == 0) == (b->span == 0))
		return err_field(cx, ERR_INVALID, "/until", "say until when, or for how long");
	if (b->span != 0)
		b->until = ctx_now(cx) + b->span;
	return NULL;
}

static struct err *
act(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct incident_act a = { 0 };
	struct act_body b = { 0 };

	TRY(id_param(cx, rq, "id", &a.incident_id));
	TRY(verb_of(cx, rq, &a.verb));
	TRY(if_match(cx, rq, &a.if_revision));
	TRY(request_read(cx, rq, &b));
	if (a.verb == INCIDENT_SNOOZE)
		TRY(check_snooze(cx, &b));
	a.until = b.until;
	a.target = b.target;
	a.policy = b.policy;
	a.text = b.note;
	a.into = b.into;
	return app_run_once(cx, rq, rs, incident_do_run, &a, render_acted);
}

#define VERB(name, shape, text)                                                                \
	{                                                                                      \
		"POST", "/api/v1/incidents/{id}/" name, PERM_RESPOND, act, text, &(shape),     \
		        &incident_shape, ROUTE_ONCE | ROUTE_MATCH, 0                           \
	}

static const struct route routes[] = {
	{ "GET", "/api/v1/incidents", PERM_READ, list,
	        "Incidents, newest first; ?state=open|triggered|acknowledged|resolved&service=&team=&dedup_key=",
	        NULL, &incident_shape, ROUTE_LIST, 0 },
	{ "POST", "/api/v1/incidents", PERM_RESPOND, open_by_hand,
	        "Opens an incident by hand and pages", &open_shape, &incident_shape, ROUTE_ONCE,
	        0 },
	{ "GET", "/api/v1/incidents/{id}", PERM_READ, get, "One incident", NULL,
	        &incident_shape, 0, 0 },
	{ "GET", "/api/v1/incidents/{id}/timeline", PERM_READ, timeline,
	        "Everything that happened, newest first", NULL, &event_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/incidents/{id}/alerts", PERM_READ, alerts, "Its alerts", NULL,
	        &alert_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/incidents/{id}/pages", PERM_READ, pages,
	        "Its pages, with how far each came", NULL, &page_shape, ROUTE_LIST, 0 },
	VERB("acknowledge", plain_shape, "Takes it: nobody else is paged"),
	VERB("resolve", plain_shape, "Ends it, and closes its alerts"),
	VERB("snooze", snooze_shape, "Acknowledged until an instant, then paged anew"),
	VERB("reassign", reassign_shape, "Pages somebody else as a step of its own"),
	VERB("escalate", plain_shape, "The next step of its policy begins now"),
	VERB("reroute", reroute_shape, "Begins anew by another policy"),
	VERB("note", note_shape, "Writes on its timeline"),
	VERB("merge", merge_shape, "Joins it to another"),
};
const struct route_table incident_routes = { routes, NELEMS(routes) };
