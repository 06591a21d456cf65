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

void
incident_answer(struct ctx *cx, struct response *rs, const struct incident *inc, int status)
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
	incident_answer(cx, rs, &inc, 200);
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

	incident_answer(cx, rs, o->result, 201);
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
};
const struct route_table incident_routes = { routes, NELEMS(routes) };
