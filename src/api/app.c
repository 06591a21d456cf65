/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the pieces in their order and stops them in the other. */
#include "api/app.h"

#include <stdlib.h>
#include <unistd.h>

#include "api/cookie.h"
#include "api/html.h"
#include "api/stream.h"
#include "api/tally.h"
#include "api/watch.h"
#include "api/worker.h"
#include "base/log.h"
#include "base/random.h"
#include "channel/dispatcher.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "queries.h"

/* The busy ones first; what begins with a parameter last. */
const struct route_table *const all_routes[] = { &ingest_routes, &incident_routes, &act_routes,
	&room_routes, &bulk_routes, &live_routes, &histogram_routes, &record_routes,
	&heard_routes, &report_routes, &report_load_routes, &report_noise_routes,
	&oncall_routes, &calendar_routes, &shift_routes, &quality_routes, &candidate_routes,
	&import_routes, &take_routes, &swap_routes, &access_routes, &session_routes,
	&factor_routes, &contact_routes, &feed_routes, &view_routes, &change_routes,
	&stream_routes, &health_routes, &alertmanager_routes, &doctor_routes, &upkeep_routes,
	&kind_routes, &key_routes, &rule_test_routes, &policy_check_routes, &scenario_routes,
	&document_routes, &html_routes, &answer_routes, &sign_in_routes, &factor_page_routes,
	&setup_routes, &board_routes, &ui_routes };
const size_t n_all_routes = NELEMS(all_routes);

/* ---- workers ---- */

static struct err *
open_worker(struct ctx *cx, void *app, void **ret)
{
	struct worker *w = calloc(1, sizeof *w);

	(void)cx;
	(void)app;
	if (w == NULL)
		abort();
	*ret = w;
	return NULL;
}

static void
close_worker(void *state)
{
	struct worker *w = state;

	if (w != NULL)
		db_close(w->db);
	free(w);
}

/* ---- start ---- */

static struct err *
newest_event(struct ctx *cx, struct app *app)
{
	struct engine_count last;

	TRY(db_begin(cx, app->home.db, DB_READ));
	struct err *e = db_one(cx, &q_api_event_last, DB_NO_ARGS, &last);
	db_rollback(cx);
	if (e == NULL)
		app->committed = last.n;
	return e;
}

static void
on_pages(void *arg)
{
	struct app *app = arg;

	dispatcher_wake(app->dispatcher);
}

static struct err *
start_writer(struct ctx *cx, struct app *app)
{
	const struct writer_config wc = { .db_url = app->home.url,
		.node = app->node.name,
		.on_events = stream_on_events,
		.on_pages = on_pages,
		.arg = app };

	return writer_start(cx, app->home.config, &wc, &app->writer);
}

static bool
is_https(const char *url)
{
	return url != NULL && strncmp(url, "https:", 6) == 0;
}

static struct err *
open_http(struct ctx *cx, struct app *app)
{
	const struct http_config hc = { .listen = app->config.listen,
		.tls_cert = app->config.tls_cert,
		.tls_key = app->config.tls_key,
		.https = app->config.tls_cert != NULL || is_https(app->config.base_url),
		.tables = all_routes,
		.n_tables = n_all_routes,
		.deadline = app->config.deadline,
		.proxies = app->config.proxies,
		.crowd_max = app->config.crowd_max,
		.memory_max = app->config.memory_max,
		.events = app->events,
		.app = app,
		.authenticate = app_authenticate,
		.page_error = html_error,
		.finish = db_rollback,
		.worker_open = open_worker,
		.worker_close = close_worker };
	return http_open(cx, &hc, &app->http);
}

/* What people type: a bind to everything is reached by the machine's own name. */
static const char *
own_url(struct ctx *cx, const struct app *app)
{
	struct str at = str_from(app->config.listen);
	struct str host = str_cut(&at, ':');
	const char *scheme = app->config.tls_cert == NULL ? "http" : "https";
	bool any = host.len == 0 || str_is(host, "0.0.0.0") || host.p[0] == '[';

	return arena_printf(&cx->mem, "%s://" STR_FMT ":%d", scheme,
	        STR_ARG(any ? STR("localhost") : host), http_port(app->http));
}

static struct err *
new_dispatcher(struct ctx *cx, struct app *app)
{
	const struct app_config *c = &app->config;

	app->channels = (struct channel_settings){ .base_url = app->base_url,
		.link_key = app->link_key,
		.smtp_url = c->smtp_url,
		.smtp_user = c->smtp_user,
		.smtp_password = c->smtp_password,
		.smtp_from = c->smtp_from,
		.ca_file = c->ca_file,
		.allow_private = c->allow_private };
	return dispatcher_new(cx, &app->channels, &app->dispatcher);
}

/* Whatever a person calls it, or a name that a restart finds again. */
static void
name_node(struct ctx *cx, struct app *app)
{
	char machine[256] = "";

	if (gethostname(machine, sizeof machine - 1) != 0)
		machine[0] = '\0';
	app->node = (struct node){ .name = app->config.node,
		.boot = random_token(&cx->mem, 8),
		.url = app->base_url,
		.version = TOCSIN_VERSION,
		.started_at = app->started_at };
	if (app->node.name == NULL)
		app->node.name = arena_printf(&cx->mem, "%s:%d", machine, http_port(app->http));
	app->home.engine.node = app->node.name;
	tallies_of_node(app->tallies, &cx->mem, &app->node);
}

/* The socket is bound first, for its port stands in links; it is answered last, when all else
 * runs. */
static struct err *
start(struct ctx *cx, struct app *app)
{
	TRY(home_open(cx, &app->config.where, &app->home));
	home_subkey(&app->home, "answer links", app->link_key);
	TRY(newest_event(cx, app));
	TRY(open_http(cx, app));
	app->base_url = app->config.base_url != NULL ? app->config.base_url : own_url(cx, app);
	name_node(cx, app);
	TRY(engine_run(cx, &app->home.engine, app->home.db, paging_recover, NULL));
	TRY(new_dispatcher(cx, app));
	TRY(start_writer(cx, app));
	TRY(dispatcher_start(cx, app->dispatcher, app->writer));
	TRY(stream_start(cx, app));
	TRY(watch_start(cx, app));
	return http_serve(cx, app->http);
}

struct err *
app_start(struct ctx *cx, const struct app_config *config, struct app **ret)
{
	struct app *app = calloc(1, sizeof *app);

	if (app == NULL)
		abort();
	app->config = *config;
	app->started_at = ctx_now(cx);
	atomic_store(&app->watched_at, clock_mono());
	app->events = sse_new();
	app->tallies = tallies_new(&cx->mem);
	pthread_mutex_init(&app->lock, NULL);
	pthread_cond_init(&app->news, NULL);
	struct err *e = start(cx, app);
	if (e != NULL) {
		app_stop(app);
		return e;
	}
	*ret = app;
	return NULL;
}

/* Nobody new comes in; what came in is committed; what is being sent is reported or will be
 * sent again. */
void
app_stop(struct app *app)
{
	http_stop(app->http);
	watch_stop(app);
	dispatcher_finish(app->dispatcher);
	if (app->writer != NULL) {
		tally_write_last(app->tallies, app->writer);
		writer_stop(app->writer);
	}
	dispatcher_free(app->dispatcher);
	stream_stop(app);
	home_close(&app->home);
	sse_free(app->events);
	tallies_close(app->tallies);
	pthread_mutex_destroy(&app->lock);
	pthread_cond_destroy(&app->news);
	free(app);
}
