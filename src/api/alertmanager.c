/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an Alertmanager answers when it is asked, of its API v2, so that amtool and Prometheus
 * find what they expect under /in/KEY: open alerts, a status, and nothing where we have
 * nothing.
 */
#include "api/app.h"
#include "api/shapes.h"
#include "ingest/ingest.h"
#include "queries.h"

#define ALERTS_MAX 10000

static struct err *
check_key(struct ctx *cx, const struct request *rq, const struct snapshot *s,
        const struct integration **ret)
{
	bool old;

	*ret = snapshot_integration_by_key(
	        s, str_from(request_param(rq, "key")), ctx_now(cx), &old);
	if (*ret == NULL)
		return err_new(cx, ERR_NOT_FOUND, "no integration has this key");
	return NULL;
}

static const char *
fingerprint_of(struct ctx *cx, const struct json *labels)
{
	struct pairs pairs = { 0 };

	if (labels != NULL)
		ingest_add_object(cx, &pairs, labels, SIGNAL_LABELS_MAX);
	ingest_sort(&pairs);
	return ingest_fingerprint(cx, pairs.items, pairs.n);
}

static void
write_alert(
        struct ctx *cx, struct jsonw *w, const struct integration *in, const struct alert *a)
{
	struct json *body;

	if (json_parse(
	            cx, str_from(a->body == NULL ? "{}" : a->body), JSON_LIMITS_CONFIG, &body)
	        != NULL)
		return;
	const struct json *labels = json_get(body, "labels");
	jsonw_object(w);
	jsonw_key(w, "labels");
	if (labels != NULL)
		jsonw_tree(w, labels);
	else
		jsonw_raw(w, STR("{}"));
	jsonw_key(w, "annotations");
	jsonw_object(w);
	jsonw_member(w, "summary", a->summary);
	jsonw_end_object(w);
	jsonw_member_time(w, "startsAt", a->first_at);
	jsonw_member_time(w, "updatedAt", a->last_at);
	jsonw_member_time(
	        w, "endsAt", a->expires_at != 0 ? a->expires_at : ctx_now(cx) + DAYS(1));
	jsonw_member(w, "fingerprint", fingerprint_of(cx, labels));
	jsonw_member(w, "generatorURL", "");
	jsonw_key(w, "receivers");
	jsonw_array(w);
	jsonw_object(w);
	jsonw_member(w, "name", in->c.id);
	jsonw_end_object(w);
	jsonw_end_array(w);
	jsonw_member_raw(
	        w, "status", "{\"state\":\"active\",\"silencedBy\":[],\"inhibitedBy\":[]}");
	jsonw_end_object(w);
}

static struct err *
alerts(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct integration *in;
	struct alert *items;
	size_t n;

	TRY(check_key(cx, rq, s, &in));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_alerts_open_of_integration, DB_ARGS(in->c.id, ALERTS_MAX),
	        &items, &n));
	struct jsonw w = response_json(rs, 200);
	jsonw_array(&w);
	for (size_t i = 0; i < n; i++)
		write_alert(cx, &w, in, &items[i]);
	jsonw_end_array(&w);
	return NULL;
}

static struct err *
status(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct integration *in;

	TRY(check_key(cx, rq, s, &in));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_raw(&w, "cluster", "{\"status\":\"disabled\",\"peers\":[]}");
	jsonw_key(&w, "versionInfo");
	jsonw_object(&w);
	jsonw_member(&w, "version", "0.25.0");
	jsonw_member(&w, "revision", "tocsin " TOCSIN_VERSION);
	jsonw_member(&w, "branch", "");
	jsonw_member(&w, "buildUser", "");
	jsonw_member(&w, "buildDate", "");
	jsonw_member(&w, "goVersion", "");
	jsonw_end_object(&w);
	jsonw_member_raw(&w, "config", "{\"original\":\"\"}");
	jsonw_member_time(&w, "uptime", app_of(rq)->started_at);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
nothing(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct integration *in;

	TRY(check_key(cx, rq, s, &in));
	struct jsonw w = response_json(rs, 200);
	jsonw_array(&w);
	jsonw_end_array(&w);
	return NULL;
}

static struct err *
receivers(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct integration *in;

	TRY(check_key(cx, rq, s, &in));
	struct jsonw w = response_json(rs, 200);
	jsonw_array(&w);
	jsonw_object(&w);
	jsonw_member(&w, "name", in->c.id);
	jsonw_end_object(&w);
	jsonw_end_array(&w);
	return NULL;
}

#define ROUTE(path, handler, text)                                                             \
	{                                                                                      \
		"GET", "/in/{key}/api/v2/" path, PERM_PUBLIC, handler, text, NULL, NULL,       \
		        ROUTE_HIDDEN, 0                                                        \
	}

static const struct route routes[] = {
	ROUTE("alerts", alerts, "Open alerts of the integration"),
	ROUTE("alerts/groups", nothing, "Groups of alerts: none"),
	ROUTE("status", status, "As an Alertmanager says it"),
	ROUTE("receivers", receivers, "The integration"),
	ROUTE("silences", nothing, "Silences: none"),
};
const struct route_table alertmanager_routes = { routes, NELEMS(routes) };
