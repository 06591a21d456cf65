/* SPDX-License-Identifier: Apache-2.0 */
/* Asks often where several nodes may write, and seldom where only the command line does. */
#include "api/watch.h"

#include <time.h>

#include "api/stream.h"
#include "base/log.h"

#define ASK_SHARED (40 * USEC_PER_MS) /* others learn within 100 ms */
#define ASK_ALONE SECONDS(1)

/* Pages that are due this long are nobody's: who queued them is full or gone. */
#define PAGE_LEFT_AFTER (500 * USEC_PER_MS)

struct watch {
	struct ctx cx;
	struct app *app;
	struct db *db;
	struct engine_news last;
	usec_t said_at;  /* that this node lives; monotonic */
	usec_t asked_at; /* with an answer; monotonic */
};

/* False when it is time to stop. */
static bool
pause_a_little(struct app *app, usec_t span)
{
	usec_t at = clock_mono() + span;
	const struct timespec until = { .tv_sec = at / USEC_PER_SEC,
		.tv_nsec = at % USEC_PER_SEC * 1000 };

	pthread_mutex_lock(&app->watch_lock);
	if (!app->watch_stopping)
		pthread_cond_timedwait(&app->watch_wake, &app->watch_lock, &until);
	bool go_on = !app->watch_stopping;
	pthread_mutex_unlock(&app->watch_lock);
	return go_on;
}

static struct err *
ask(struct watch *w, struct engine_news *ret)
{
	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = engine_news(&w->cx, ret);
	db_rollback(&w->cx);
	return e;
}

static void
pass_on(struct watch *w, const struct engine_news *news)
{
	struct app *app = w->app;

	if (news->event != w->last.event)
		stream_on_events(app, w->last.event + 1, news->event);
	if (news->revision != w->last.revision || news->timer != w->last.timer)
		writer_look(app->writer);
	if (news->page != 0 && news->page + PAGE_LEFT_AFTER < ctx_now(&w->cx))
		dispatcher_wake(app->dispatcher);
	w->last = *news;
}

static void
look_around(struct watch *w)
{
	struct engine_news news;
	struct err *e = ask(w, &news);

	if (e != NULL) {
		log_err(&w->cx, LOG_WARN, "watch", e);
		return;
	}
	atomic_store(&w->app->watched_at, clock_mono());
	pass_on(w, &news);
}

/* Another process by our name would take our pages for its own. */
static void
look_for_double(struct watch *w)
{
	struct node *nodes;
	size_t n;

	if (db_begin(&w->cx, w->db, DB_READ) != NULL)
		return;
	struct err *e = node_list(&w->cx, &nodes, &n);
	db_rollback(&w->cx);
	bool taken = false;
	for (size_t i = 0; e == NULL && i < n; i++)
		taken |= strcmp(nodes[i].name, w->app->node.name) == 0
		        && strcmp(nodes[i].boot, w->app->node.boot) != 0;
	if (taken)
		log_error(&w->cx, "watch", "another process calls itself node %s; see --node",
		        w->app->node.name);
	atomic_store(&w->app->name_taken, taken);
}

static void
say_alive(struct watch *w)
{
	if (w->said_at != 0 && clock_mono() - w->said_at < NODE_SEEN_EVERY)
		return;
	if (w->said_at != 0)
		look_for_double(w);
	w->said_at = clock_mono();
	struct err *e = writer_run(w->app->writer, &w->cx, node_seen, &w->app->node);
	if (e != NULL)
		log_err(&w->cx, LOG_WARN, "watch", e);
}

static void
watch(struct watch *w)
{
	bool shared = db_engine_of(w->db) == DB_POSTGRES;

	do {
		look_around(w);
		if (shared)
			say_alive(w);
		ctx_reset(&w->cx);
	} while (pause_a_little(w->app, shared ? ASK_SHARED : ASK_ALONE));
	if (shared)
		err_ignore(writer_run(w->app->writer, &w->cx, node_gone, &w->app->node),
		        "the others see that it is not there any more");
}

static void *
watcher(void *arg)
{
	struct watch w = { .app = arg };

	ctx_init(&w.cx, NULL);
	struct err *e = db_open(&w.cx, w.app->home.url, DB_READ, &w.db);
	if (e != NULL)
		log_err(&w.cx, LOG_ERROR, "watch", e);
	else
		watch(&w);
	db_close(w.db);
	ctx_close(&w.cx);
	return NULL;
}

struct err *
watch_start(struct ctx *cx, struct app *app)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&app->watch_lock, NULL);
	pthread_cond_init(&app->watch_wake, &attr);
	pthread_condattr_destroy(&attr);
	app->watching = pthread_create(&app->watcher, NULL, watcher, app) == 0;
	return app->watching ? NULL : err_new(cx, ERR_UNAVAILABLE, "no thread for the watcher");
}

void
watch_stop(struct app *app)
{
	if (!app->watching)
		return;
	pthread_mutex_lock(&app->watch_lock);
	app->watch_stopping = true;
	pthread_cond_signal(&app->watch_wake);
	pthread_mutex_unlock(&app->watch_lock);
	pthread_join(app->watcher, NULL);
	pthread_mutex_destroy(&app->watch_lock);
	pthread_cond_destroy(&app->watch_wake);
	app->watching = false;
}
