/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the record: alerts, signals, pages, events. */
#include "api/app.h"
#include "api/shapes.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

static struct err *
alerts(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct alert *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_alerts,
	        DB_ARGS(l.before, filter(rq, "state"), filter(rq, "dedup_key"),
	                filter(rq, "integration"), l.limit + 1),
	        &items, &n));
	listing_write(rs, &l, &alert_shape, items, n);
	return NULL;
}

static struct err *
alert(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct alert a;
	int64_t id;
	bool found;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(db_maybe(cx, &q_alert_get, DB_ARGS(id), &a, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "there is no alert %lld", (long long)id);
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &alert_shape, &a);
	return NULL;
}

/* There is no index for these filters: every signal would pay for it. So a page looks through
 * so many (20 to 30 ms); who asks for what came long ago pays with more pages. */
#define LOOKED_THROUGH 50000

struct signal_reach {
	int64_t start, at;
};
static const struct db_col signal_reach_cols[] = {
	DB_COL(struct signal_reach, start),
	DB_COL(struct signal_reach, at),
};
const struct db_row signal_reach_row = DB_ROW(struct signal_reach, signal_reach_cols);

static struct err *
reach(struct ctx *cx, struct listing *l)
{
	struct signal_reach from = { 0 };
	bool found;

	TRY(db_maybe(
	        cx, &q_api_signals_reach, DB_ARGS(l->before, LOOKED_THROUGH), &from, &found));
	l->from = from.start;
	l->from_at = from.start == 0 ? 0 : from.at;
	return NULL;
}

static struct err *
signals(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *integration = filter(rq, "integration"), *key = filter(rq, "dedup_key");
	struct listing l;
	struct signal_row *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	if (integration[0] != '\0' || key[0] != '\0')
		TRY(reach(cx, &l));
	TRY(db_list(cx, &q_api_signals,
	        DB_ARGS(l.before, integration, key, l.limit + 1, l.from), &items, &n));
	listing_write(rs, &l, &signal_row_shape, items, n);
	return NULL;
}

static struct err *
pages(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct page *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_pages,
	        DB_ARGS(l.before, filter(rq, "state"), filter(rq, "user"), l.limit + 1), &items,
	        &n));
	listing_write(rs, &l, &page_shape, items, n);
	return NULL;
}

static struct err *
page(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct page p;
	int64_t id;
	bool found;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	TRY(db_maybe(cx, &q_page_get, DB_ARGS(id), &p, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "there is no page %lld", (long long)id);
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &page_shape, &p);
	return NULL;
}

static struct err *
events(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct event *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_events,
	        DB_ARGS(l.before, filter(rq, "type"), filter(rq, "user"), l.limit + 1), &items,
	        &n));
	listing_write(rs, &l, &event_shape, event_views(cx, items, n), n);
	return NULL;
}

/* The organisation's own chain: configuration, sign-ins, tokens. */
static struct err *
audit(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct event *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_audit,
	        DB_ARGS(l.before, filter(rq, "actor"), filter(rq, "type"), l.limit + 1), &items,
	        &n));
	listing_write(rs, &l, &event_shape, event_views(cx, items, n), n);
	return NULL;
}

struct chain {
	char before[65];
	int64_t events, broken_at;
};

static struct err *
check_link(struct ctx *cx, void *arg, void *row)
{
	struct chain *chain = arg;
	const struct event *ev = row;

	chain->events++;
	if (chain->broken_at == 0 && !timeline_fits(cx, chain->before, ev))
		chain->broken_at = ev->seq;
	snprintf(chain->before, sizeof chain->before, "%s", ev->hash);
	return NULL;
}

/* The head is kept apart from the chain, so that a cut end shows too. */
static struct err *
verify(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct engine_text head = { "" };
	struct chain chain = { 0 };
	bool found;

	TRY(app_read(cx, rq));
	TRY(db_each(cx, &q_api_archive_events, DB_ARGS(0), check_link, &chain));
	TRY(db_maybe(cx, &q_state_get, DB_ARGS(ORG_CHAIN), &head, &found));
	bool cut = strcmp(head.value, chain.before) != 0;
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_bool(&w, "whole", chain.broken_at == 0 && !cut);
	jsonw_member_int(&w, "events", chain.events);
	if (chain.broken_at != 0)
		jsonw_member_int(&w, "broken_at", chain.broken_at);
	jsonw_member_bool(&w, "cut", cut);
	jsonw_member(&w, "head", head.value);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
rejected_all(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct rejected_row *items;
	struct listing l;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_rejected_all, DB_ARGS(l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &rejected_shape, items, n);
	return NULL;
}

static struct err *
rejected(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *id = request_param(rq, "id");
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct rejected_row *items;
	struct listing l;
	size_t n;

	if (snapshot_integration(s, id) == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no integration/%s", id);
	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_api_rejected, DB_ARGS(id, l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &rejected_shape, items, n);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/alerts", PERM_READ, alerts,
	        "Alerts, newest first; ?state=open|closed&dedup_key=&integration=", NULL,
	        &alert_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/alerts/{id}", PERM_READ, alert, "One alert", NULL, &alert_shape, 0,
	        0 },
	{ "GET", "/api/v1/signals", PERM_READ, signals,
	        "Signals as they came, newest first; ?integration=&dedup_key=", NULL,
	        &signal_row_shape, ROUTE_LIST | ROUTE_REACH, 0 },
	{ "GET", "/api/v1/pages", PERM_READ, pages, "Pages, newest first; ?state=&user=", NULL,
	        &page_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/pages/{id}", PERM_READ, page, "One page", NULL, &page_shape, 0, 0 },
	{ "GET", "/api/v1/events", PERM_READ, events,
	        "The whole log, newest first; ?type=&user=", NULL, &event_shape, ROUTE_LIST,
	        0 },
	{ "GET", "/api/v1/audit", PERM_ADMIN, audit,
	        "Configuration, sign-ins, tokens: the organisation's own chain; ?actor=&type=",
	        NULL, &event_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/audit/verify", PERM_ADMIN, verify,
	        "Whether that chain is whole: every event fits the one before, and none is cut off",
	        NULL, NULL, 0, 0 },
	{ "GET", "/api/v1/rejected", PERM_READ, rejected_all,
	        "What was sent to any integration and refused, newest first", NULL,
	        &rejected_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/integrations/{id}/rejected", PERM_READ, rejected,
	        "What an integration sent and was refused", NULL, &rejected_shape, ROUTE_LIST,
	        0 },
};
const struct route_table record_routes = { routes, NELEMS(routes) };
