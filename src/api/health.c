/* SPDX-License-Identifier: Apache-2.0 */
/* How the server itself is: for load balancers, for Prometheus, for people. */
#include <inttypes.h>

#include "api/app.h"
#include "api/described.h"
#include "api/openapi.h"
#include "api/trouble.h"
#include "queries.h"

struct gauges {
	int64_t triggered, acknowledged, pages_waiting, oldest_page, timers, next_timer;
};
static const struct db_col gauges_cols[] = {
	DB_COL(struct gauges, triggered),
	DB_COL(struct gauges, acknowledged),
	DB_COL(struct gauges, pages_waiting),
	DB_COL(struct gauges, oldest_page),
	DB_COL(struct gauges, timers),
	DB_COL(struct gauges, next_timer),
};
extern const struct db_row gauges_row;
const struct db_row gauges_row = DB_ROW(struct gauges, gauges_cols);

/* The process answers: enough not to be restarted. */
static struct err *
healthz(struct ctx *cx, struct request *rq, struct response *rs)
{
	(void)cx;
	(void)rq;
	rs->status = 200;
	rs->type = "text/plain; charset=utf-8";
	buf_puts(&rs->body, "ok\n");
	return NULL;
}

static usec_t
lag(usec_t due, usec_t now)
{
	return due == 0 || due > now ? 0 : now - due;
}

/* Beside whether it can do its work, what people should look at. */
static struct err *
readyz(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *why = trouble_grave(cx, rq);
	struct troubles light = { 0 };

	if (why == NULL)
		TRY(trouble_light(cx, rq, &light));
	rs->status = why == NULL ? 200 : 503;
	rs->type = "text/plain; charset=utf-8";
	buf_printf(&rs->body, "%s\n", why == NULL ? "ready" : why);
	for (size_t i = 0; i < light.n; i++)
		buf_printf(&rs->body, "%s: %s\n", light.items[i].about, light.items[i].finding);
	return NULL;
}

/* ---- metrics ---- */

static void
metric(struct response *rs, const char *name, const char *type, const char *help, double value)
{
	buf_printf(&rs->body, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, type,
	        name, value);
}

static void
counter(struct response *rs, const char *name, const char *help, uint64_t value)
{
	metric(rs, name, "counter", help, (double)value);
}

static void
gauge(struct response *rs, const char *name, const char *help, double value)
{
	metric(rs, name, "gauge", help, value);
}

static void
record_metrics(struct response *rs, const struct gauges *g, usec_t now)
{
	static const char incidents[] = "tocsin_incidents";

	buf_printf(&rs->body,
	        "# HELP %s Open incidents by state.\n# TYPE %s gauge\n"
	        "%s{state=\"triggered\"} %" PRId64 "\n%s{state=\"acknowledged\"} %" PRId64 "\n",
	        incidents, incidents, incidents, g->triggered, incidents, g->acknowledged);
	gauge(rs, "tocsin_pages_waiting", "Pages not sent yet, or being tried again.",
	        (double)g->pages_waiting);
	gauge(rs, "tocsin_page_lag_seconds", "How long the oldest waiting page is overdue.",
	        (double)lag(g->oldest_page, now) / 1e6);
	gauge(rs, "tocsin_timers", "Waits on record.", (double)g->timers);
	gauge(rs, "tocsin_timer_lag_seconds", "How long the oldest wait is overdue.",
	        (double)lag(g->next_timer, now) / 1e6);
}

static void
writer_metrics(struct response *rs, const struct app *app)
{
	struct writer_stats ws;

	writer_stats(app->writer, &ws);
	counter(rs, "tocsin_commands_total", "Commands run by the writer.", ws.commands);
	counter(rs, "tocsin_commits_total", "Transactions committed and synced.", ws.commits);
	counter(rs, "tocsin_commit_failures_total", "Commits that failed.", ws.failures);
	gauge(rs, "tocsin_commands_queued", "Commands that wait for the writer.",
	        (double)ws.queued);
	gauge(rs, "tocsin_writer_healthy", "1 when the last commit went well.", ws.healthy);
}

static void
page_metrics(struct response *rs, const struct app *app)
{
	struct dispatcher_stats ds;

	dispatcher_stats(app->dispatcher, &ds);
	counter(rs, "tocsin_pages_sent_total", "Pages that a provider took.", ds.sent);
	counter(rs, "tocsin_pages_retried_total", "Attempts that will be tried again.",
	        ds.retried);
	counter(rs, "tocsin_pages_failed_total", "Pages that failed for good.", ds.failed);
	gauge(rs, "tocsin_pages_under_way", "Pages being sent now.", (double)ds.under_way);
}

static void
node_metrics(struct response *rs, struct app *app)
{
	struct writer_stats ws;

	writer_stats(app->writer, &ws);
	buf_printf(&rs->body,
	        "# HELP tocsin_node_info Which node this is.\n# TYPE tocsin_node_info gauge\n"
	        "tocsin_node_info{node=\"%s\"} 1\n",
	        app->node.name);
	counter(rs, "tocsin_turns_total", "Turns to write that this node had.", ws.turns);
	metric(rs, "tocsin_turn_wait_seconds_total", "counter",
	        "Time that it waited for its turns.", (double)ws.turn_waits / 1e6);
	gauge(rs, "tocsin_news_age_seconds",
	        "How long ago it last heard what other nodes wrote.",
	        (double)(clock_mono() - atomic_load(&app->watched_at)) / 1e6);
}

static void
http_metrics(struct response *rs, const struct app *app)
{
	struct http_stats hs;

	http_stats(app->http, &hs);
	buf_puts(&rs->body,
	        "# HELP tocsin_http_requests_total Requests answered.\n"
	        "# TYPE tocsin_http_requests_total counter\n");
	for (int i = 2; i < 6; i++)
		buf_printf(&rs->body,
		        "tocsin_http_requests_total{class=\"%dxx\"} %" PRIu64 "\n", i,
		        hs.by_class[i]);
	counter(rs, "tocsin_overload_total", "Requests answered 503 because too much waits.",
	        hs.turned_away + atomic_load(&app->overloaded));
	counter(rs, "tocsin_http_cut_total", "Connections cut for being too slow.", hs.refused);
	counter(rs, "tocsin_http_crowded_total",
	        "Connections closed at once: too many from one address.", hs.crowded);
	gauge(rs, "tocsin_http_connections", "Connections open now.", (double)hs.connections);
	gauge(rs, "tocsin_stream_clients", "Who listens to the stream of events.",
	        (double)sse_clients(app->events));
}

static void
ingest_metrics(struct response *rs, struct app *app)
{
	counter(rs, "tocsin_signals_total", "Signals committed.", atomic_load(&app->signals));
	counter(rs, "tocsin_signals_rejected_total", "Requests with signals that were refused.",
	        atomic_load(&app->rejected));
}

static struct err *
metrics(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct app *app = app_of(rq);
	struct gauges g;

	TRY(app_read(cx, rq));
	TRY(db_one(cx, &q_api_gauges, DB_NO_ARGS, &g));
	rs->status = 200;
	rs->type = "text/plain; version=0.0.4; charset=utf-8";
	buf_printf(&rs->body,
	        "# HELP tocsin_build_info The version.\n# TYPE tocsin_build_info gauge\n"
	        "tocsin_build_info{version=\"%s\"} 1\n",
	        TOCSIN_VERSION);
	gauge(rs, "tocsin_start_time_seconds", "When this process began.",
	        (double)app->started_at / 1e6);
	ingest_metrics(rs, app);
	record_metrics(rs, &g, ctx_now(cx));
	page_metrics(rs, app);
	writer_metrics(rs, app);
	node_metrics(rs, app);
	http_metrics(rs, app);
	return NULL;
}

static struct err *
version(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct jsonw w = response_json(rs, 200);

	(void)cx;
	(void)rq;
	jsonw_object(&w);
	jsonw_member(&w, "version", TOCSIN_VERSION);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
openapi(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct jsonw w = response_json(rs, 200);

	(void)rq;
	response_header(rs, "Cache-Control", "max-age=300");
	openapi_write(cx, &w, all_routes, n_all_routes);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/healthz", PERM_PUBLIC, healthz, "The process answers", NULL, NULL,
	        ROUTE_INLINE, 0 },
	{ "GET", "/readyz", PERM_PUBLIC, readyz, "It can do its work; 503 and why otherwise",
	        NULL, NULL, 0, 0 },
	{ "GET", "/metrics", PERM_PUBLIC, metrics, "For Prometheus", NULL, NULL, 0, 0 },
	{ "GET", "/api/v1/version", PERM_PUBLIC, version, "Which Tocsin this is", NULL,
	        &version_described, ROUTE_INLINE, 0 },
	{ "GET", "/api/v1/openapi.json", PERM_PUBLIC, openapi, "This description", NULL, NULL,
	        0, 0 },
};
const struct route_table health_routes = { routes, NELEMS(routes) };
