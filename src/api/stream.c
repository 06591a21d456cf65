/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /api/v1/stream: committed events as they happen. One announcer reads what the writer has
 * committed and tells it to everybody who listens; who comes back with Last-Event-ID first gets
 * what was missed.
 */
#include "api/stream.h"

#include "api/shapes.h"
#include "base/log.h"
#include "queries.h"

#define REPLAY_MAX 1000 /* events at a time: what a client may lag behind, about */
#define AT_ONCE 500

static struct str
event_json(struct ctx *cx, const struct event *ev)
{
	struct buf *out = ARENA_NEW(&cx->mem, struct buf);
	struct event_view *view = event_views(cx, ev, 1);

	*out = BUF_INIT(&cx->mem, HTTP_BODY_MAX);
	struct jsonw w = JSONW(out);
	shape_encode(&w, &event_shape, view);
	return (struct str){ buf_cstr(out), out->len };
}

/* ---- the announcer ---- */

void
stream_on_events(void *arg, int64_t first, int64_t last)
{
	struct app *app = arg;

	(void)first;
	pthread_mutex_lock(&app->lock);
	if (last > app->committed)
		app->committed = last;
	pthread_cond_signal(&app->news);
	pthread_mutex_unlock(&app->lock);
}

/* How far the log has come, once that is beyond `told`; -1 at the end. */
static int64_t
wait_for_news(struct app *app, int64_t told)
{
	pthread_mutex_lock(&app->lock);
	while (app->committed <= told && !app->stopping)
		pthread_cond_wait(&app->news, &app->lock);
	int64_t to = app->stopping ? -1 : app->committed;
	pthread_mutex_unlock(&app->lock);
	return to;
}

static struct err *
tell(struct ctx *cx, struct db *db, struct app *app, int64_t *told, int64_t to)
{
	struct event *events;
	size_t n = 0;

	TRY(db_begin(cx, db, DB_READ));
	struct err *e =
	        db_list(cx, &q_api_events_after, DB_ARGS(*told, to, AT_ONCE), &events, &n);
	db_rollback(cx);
	TRY(e);
	for (size_t i = 0; i < n; i++)
		sse_publish(
		        app->events, events[i].seq, events[i].type, event_json(cx, &events[i]));
	*told = n == AT_ONCE ? events[n - 1].seq : to;
	return NULL;
}

static void
announce(struct ctx *cx, struct db *db, struct app *app)
{
	int64_t told = wait_for_news(app, -1), to; /* what is there already is not news */

	while ((to = wait_for_news(app, told)) >= 0) {
		if (sse_clients(app->events) == 0) {
			told = to; /* who comes later asks for what it missed */
			continue;
		}
		struct err *e = tell(cx, db, app, &told, to);
		if (e != NULL) {
			log_err(cx, LOG_WARN, "stream", e);
			sse_cut(app->events, NULL); /* they ask for what they missed */
			told = to;
		}
		ctx_reset(cx);
	}
}

static void *
announcer(void *arg)
{
	struct app *app = arg;
	struct db *db = NULL;
	struct ctx cx;

	ctx_init(&cx, NULL);
	struct err *e = db_open(&cx, app->home.url, DB_READ, &db);
	if (e != NULL)
		log_err(&cx, LOG_ERROR, "stream", e);
	else
		announce(&cx, db, app);
	db_close(db);
	ctx_close(&cx);
	return NULL;
}

struct err *
stream_start(struct ctx *cx, struct app *app)
{
	if (pthread_create(&app->announcer, NULL, announcer, app) != 0)
		return err_new(cx, ERR_UNAVAILABLE, "no thread for the stream of events");
	app->announcing = true;
	return NULL;
}

void
stream_stop(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	app->stopping = true;
	pthread_cond_broadcast(&app->news);
	pthread_mutex_unlock(&app->lock);
	if (app->announcing)
		pthread_join(app->announcer, NULL);
	app->announcing = false;
}

/* ---- the route ---- */

/* One piece of what was missed; *after moves on to its end. */
static struct err *
replay_some(struct ctx *cx, struct request *rq, struct sse_client *client, int64_t *after)
{
	struct app *app = app_of(rq);
	struct event *events;
	size_t n;

	db_rollback(cx); /* a new look each time */
	TRY(app_read(cx, rq));
	TRY(db_list(
	        cx, &q_api_events_after, DB_ARGS(*after, INT64_MAX, REPLAY_MAX), &events, &n));
	for (size_t i = 0; i < n; i++)
		sse_send(app->events, client, events[i].seq, events[i].type,
		        event_json(cx, &events[i]));
	if (n > 0)
		*after = events[n - 1].seq;
	if (n == REPLAY_MAX) /* the rest when it comes back from there */
		sse_cut(app->events, client);
	return NULL;
}

static struct err *
replay(struct ctx *cx, struct request *rq, struct sse_client *client, int64_t after)
{
	do
		TRY(replay_some(cx, rq, client, &after));
	while (!sse_replayed(app_of(rq)->events, client));
	return NULL;
}

static struct err *
stream(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *last = request_header(rq, "Last-Event-ID");
	int64_t after = -1;

	if (last == NULL)
		last = request_query(rq, "after");
	if (last != NULL && (!str_int(str_from(last), &after) || after < 0))
		return err_field(
		        cx, ERR_INVALID, "Last-Event-ID", "it is the number of an event");
	rs->client = sse_listen(app_of(rq)->events, after);
	return last == NULL ? NULL : replay(cx, rq, rs->client, after);
}

static const struct route routes[] = {
	{ "GET", "/api/v1/stream", PERM_READ, stream,
	        "Events as they happen (server-sent events); resumes after Last-Event-ID", NULL,
	        NULL, 0, 0 },
};
const struct route_table stream_routes = { routes, NELEMS(routes) };
