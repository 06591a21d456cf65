/* SPDX-License-Identifier: Apache-2.0 */
/* Looks when PostgreSQL tells of a turn, and now and then all the same: what is asked for
 * cannot get lost. Where nobody tells it asks often if several nodes may write, and seldom
 * where only the command line does (docs/decisions/how-nodes-hear-of-each-other.md). */
#include "api/watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "api/stream.h"
#include "api/tally.h"
#include "base/log.h"

#define LOOK_TOLD (25 * USEC_PER_MS) /* between looks at most so often, however much is told */
#define LOOK_DEAF (40 * USEC_PER_MS) /* others learn within 100 ms all the same */
#define LOOK_ANYWAY SECONDS(1)

/* News that were found and not told, one after the other: a pooler stands before the server. */
#define DEAF_AFTER 3

/* Pages that are due this long are nobody's: who queued them is full or gone. */
#define PAGE_LEFT_AFTER (500 * USEC_PER_MS)

struct watch {
	struct ctx cx;
	struct app *app;
	struct db *db;
	bool shared; /* with other nodes */
	struct engine_news last;
	bool lost; /* the last look failed */
	unsigned untold;
	usec_t said_at; /* that this node lives; monotonic */
	struct ctx alive_cx;
	struct command alive;
	atomic_bool saying; /* alive is the writer's */
};

static struct err *
ask(struct watch *w, struct engine_news *ret)
{
	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = engine_news(&w->cx, ret);
	if (e == NULL) /* before anybody is told, so that who is told reads what is new */
		e = config_catch_up(&w->cx, w->app->home.config, ret->revision);
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
look_around(struct watch *w, bool told)
{
	struct engine_news news;
	struct err *e = ask(w, &news);

	w->lost = e != NULL;
	if (e != NULL) {
		log_err(&w->cx, LOG_WARN, "watch", e);
		return;
	}
	if (told)
		w->untold = 0;
	else if (news.generation != w->last.generation)
		w->untold++;
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
said_alive(struct command *cmd)
{
	struct watch *w = cmd->owner;

	if (cmd->result != NULL)
		log_err(cmd->cx, LOG_WARN, "watch", cmd->result);
	ctx_reset(cmd->cx);
	atomic_store(&w->saying, false);
}

/* Nothing waits for it: others' turns may last, and there is to be looked meanwhile. */
static void
say_alive(struct watch *w)
{
	if (w->said_at != 0 && clock_mono() - w->said_at < NODE_SEEN_EVERY)
		return;
	if (w->said_at != 0)
		look_for_double(w);
	w->said_at = clock_mono();
	if (atomic_exchange(&w->saying, true))
		return;
	w->alive = (struct command){ .cx = &w->alive_cx,
		.run = node_seen,
		.arg = &w->app->node,
		.done = said_alive,
		.owner = w };
	if (!writer_submit(w->app->writer, &w->alive))
		atomic_store(&w->saying, false);
}

/* How long it may go on without a look. Pages may be left to us before that. */
static usec_t
patience(const struct watch *w)
{
	usec_t least = w->shared ? LOOK_DEAF : LOOK_ANYWAY;
	usec_t left = w->last.page + PAGE_LEFT_AFTER - ctx_now(&w->cx);

	if (w->lost)
		return LOOK_ANYWAY;
	if (w->untold >= DEAF_AFTER || (w->last.page != 0 && left < least))
		return least;
	return w->last.page != 0 && left < LOOK_ANYWAY ? left : LOOK_ANYWAY;
}

static bool
stops_within(const struct app *app, usec_t span)
{
	struct pollfd fd = { .fd = app->watch_wake, .events = POLLIN };

	return poll(&fd, 1, (int)(span / USEC_PER_MS)) > 0;
}

static void
watch(struct watch *w)
{
	bool told = false;

	do {
		look_around(w, told);
		tally_write_soon(w->app->tallies, w->app->writer);
		if (w->shared)
			say_alive(w);
		ctx_reset(&w->cx);
		if (!stops_within(w->app, told ? LOOK_TOLD : 0))
			told = db_wait(&w->cx, w->db, w->app->watch_wake, patience(w));
	} while (!stops_within(w->app, 0));
	if (!w->shared)
		return;
	err_ignore(writer_run(w->app->writer, &w->cx, node_gone, &w->app->node),
	        "the others see that it is not there any more");
	while (atomic_load(&w->saying))
		poll(NULL, 0, 5);
}

static void *
watcher(void *arg)
{
	struct watch w = { .app = arg };

	ctx_init(&w.cx, NULL);
	ctx_init(&w.alive_cx, NULL);
	struct err *e = db_open(&w.cx, w.app->home.url, DB_READ, &w.db);
	if (e != NULL)
		log_err(&w.cx, LOG_ERROR, "watch", e);
	else {
		w.shared = db_engine_of(w.db) == DB_POSTGRES;
		watch(&w);
	}
	db_close(w.db);
	ctx_close(&w.alive_cx);
	ctx_close(&w.cx);
	return NULL;
}

struct err *
watch_start(struct ctx *cx, struct app *app)
{
	app->watch_wake = eventfd(0, EFD_CLOEXEC);
	app->watching =
	        app->watch_wake >= 0 && pthread_create(&app->watcher, NULL, watcher, app) == 0;
	return app->watching ? NULL : err_new(cx, ERR_UNAVAILABLE, "no thread for the watcher");
}

void
watch_stop(struct app *app)
{
	if (!app->watching)
		return;
	eventfd_write(app->watch_wake, 1);
	pthread_join(app->watcher, NULL);
	close(app->watch_wake);
	app->watching = false;
}
