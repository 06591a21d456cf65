/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running server, as its resources see it: configuration, the writer, readers, the stream
 * of events. A resource is a file with a table of routes; a handler reads with app_read or
 * changes with app_run, and writes its answer.
 */
#ifndef API_APP_H
#define API_APP_H

#include <pthread.h>
#include <stdatomic.h>

#include "access/access.h"
#include "api/home.h"
#include "channel/dispatcher.h"
#include "engine/node.h"
#include "engine/writer.h"
#include "http/server.h"

struct app_config {
	struct home_where where;
	const char *listen;
	const char *node; /* its name among those that share the database; NULL: MACHINE:PORT */
	const char *base_url; /* as people reach it, for links; NULL: http://LISTEN */
	const char *tls_cert, *tls_key;
	const char *smtp_url, *smtp_user, *smtp_password, *smtp_from;
	const char *ca_file; /* for outgoing TLS; NULL: the system's */
	const char *assets;  /* the UI's files are read from there; NULL: those packed in */
	bool allow_private;  /* webhooks may call loopback and private addresses */
	usec_t deadline;     /* for a whole request to arrive; 0: the default */
	usec_t stuck_after;  /* the slowest commit or provider call does not take so long */
	size_t memory_max;   /* of requests under way; 0: the default */
	const char *proxies; /* addresses of reverse proxies of ours, or NULL */
	unsigned crowd_max;  /* connections from one address; 0: the default */
	struct session_limits sessions;
};

struct app {
	struct app_config config;
	struct home home;
	struct writer *writer;
	struct channel_settings channels;
	struct dispatcher *dispatcher;
	struct sse *events;
	struct tallies *tallies;
	struct http_server *http;
	const char *base_url;
	unsigned char link_key[KEY_BYTES];
	usec_t started_at;

	/* The announcer: reads what was committed and tells it to the stream. */
	pthread_t announcer;
	bool announcing;
	pthread_mutex_t lock; /* guards the three below */
	pthread_cond_t news;
	int64_t committed; /* newest event */
	bool stopping;

	/* The watcher: asks what other processes wrote (watch.h). */
	struct node node;
	pthread_t watcher;
	bool watching;
	int watch_wake;            /* an eventfd: it can be read once the watcher is to stop */
	_Atomic usec_t watched_at; /* the last answer; monotonic */
	atomic_bool name_taken;    /* by another process */

	atomic_bool reads_all; /* somebody takes a copy or verifies (upkeep.c) */

	/* Ingest, for /metrics. */
	atomic_ullong signals, rejected, overloaded;
};

/* Opens, migrates, starts everything. The app outlives cx's other uses: keep cx until
 * app_stop. */
MUST_USE struct err *app_start(
        struct ctx *cx, const struct app_config *config, struct app **ret);
void app_stop(struct app *app);

/* Whether the writer and the dispatcher come round; if not, which does not. */
bool app_turns(struct app *app, const char **ret_why);

/* The same, and the server's thread. Waits at most a few seconds. */
bool app_alive(struct app *app, const char **ret_why);

static inline struct app *
app_of(const struct request *rq)
{
	return rq->app;
}

/* ---- for handlers ---- */

/* The worker's own connection, which only reads. */
MUST_USE struct err *app_database(struct ctx *cx, struct request *rq, struct db **ret);

/* A read transaction in cx, until the handler has returned. */
MUST_USE struct err *app_read(struct ctx *cx, struct request *rq);

/* One command through the writer. Ends a read transaction. */
MUST_USE struct err *app_run(struct ctx *cx, struct request *rq, engine_fn *fn, void *arg);

/* The same for a POST: with an Idempotency-Key its answer is kept in the same transaction, and
 * a repetition gets it without running again. */
typedef void render_fn(struct ctx *cx, struct response *rs, void *arg);
MUST_USE struct err *app_run_once(struct ctx *cx, struct request *rq, struct response *rs,
        engine_fn *fn, void *arg, render_fn *render);

/* Of the current configuration; give it back (CLEANUP(snapshot_unrefp)). */
const struct snapshot *app_snapshot(const struct request *rq);

/* ERR_DENIED for what is another's, but for administrators; an owner's is for owners: who can
 * sign in as somebody may do all that they may. */
MUST_USE struct err *app_own_or_admin(
        struct ctx *cx, const struct request *rq, const char *user);

/* ---- lists ---- */

struct listing {
	int64_t before; /* ids below this; the cursor */
	int64_t limit;
	int64_t from;   /* what is older was not looked at; 0: all was */
	usec_t from_at; /* when that one came */
};
/* ?cursor= and ?limit= (1 to 500, default 50). */
MUST_USE struct err *listing_read(
        struct ctx *cx, const struct request *rq, struct listing *ret);

/* {"items": [...], "next": "cursor"}: the caller writes the items between begin and end, and
 * says from where they go on; NULL: that is all. items_json: a handler's answer, begun. */
void items_begin(struct jsonw *w);
void items_end(struct jsonw *w, const char *next);
struct jsonw items_json(struct response *rs);

/* The same, whole: of limit + 1 rows that were asked for. The id is the first member of each
 * item. When a page is not full, "next" is `from` and "looked_back_to" its time, if any. */
void listing_write(struct response *rs, const struct listing *l, const struct shape *shape,
        const void *items, size_t n);

/* The part of a list in memory that ?cursor= and ?limit= ask for: all of it when they do not. A
 * cursor is the id of the last item of the page before; ids are in the order of the list. */
struct slice {
	size_t first, end;
	const char *next; /* the cursor of what follows; NULL: nothing does */
};
typedef const char *id_at_fn(const void *items, size_t i);
MUST_USE struct err *slice_of(struct ctx *cx, const struct request *rq, const void *items,
        size_t n, id_at_fn *id_at, struct slice *ret);
const char *document_at(const void *list, size_t i); /* id_at_fn; of snapshot_list */

/* That part of a list whose items the shape describes, and the cursor of what follows. */
struct whole {
	const struct shape *shape;
	const void *items;
	size_t n;
	id_at_fn *id_at;
};
MUST_USE struct err *slice_answer(
        struct ctx *cx, const struct request *rq, struct response *rs, const struct whole *all);

/* A filter of the query: "" when absent. */
const char *filter(const struct request *rq, const char *name);

/* Whether the query has it and says neither "false" nor "0". */
bool query_flag(const struct request *rq, const char *name);

/* "#12" or "12" in the path. */
MUST_USE struct err *id_param(
        struct ctx *cx, const struct request *rq, const char *name, int64_t *ret);

/* The user of {id} in the path. ERR_NOT_FOUND. */
MUST_USE struct err *user_param(struct ctx *cx, const struct request *rq,
        const struct snapshot *s, const struct user **ret);

/* ?at=, RFC 3339; now when absent. */
MUST_USE struct err *at_query(
        struct ctx *cx, const struct request *rq, const char *name, usec_t *ret);

void response_etag(struct ctx *cx, struct response *rs, int64_t revision);

/* If-Match as a number; 0 when absent. ERR_INVALID when it is none of ours. */
MUST_USE struct err *if_match(struct ctx *cx, const struct request *rq, int64_t *ret);

/* ---- the tables of routes ---- */

extern const struct route_table ingest_routes, incident_routes, record_routes, document_routes,
        change_routes, oncall_routes, access_routes, stream_routes, health_routes, html_routes,
        sign_in_routes, answer_routes, board_routes, doctor_routes, alertmanager_routes,
        shift_routes, quality_routes, take_routes, swap_routes, feed_routes, live_routes,
        calendar_routes, bulk_routes, report_routes, report_load_routes, report_noise_routes,
        candidate_routes, import_routes, ui_routes, kind_routes, rule_test_routes,
        policy_check_routes, scenario_routes, session_routes, setup_routes, contact_routes,
        upkeep_routes, act_routes, room_routes, factor_routes, factor_page_routes, heard_routes,
        key_routes, view_routes, histogram_routes;

/* All of them, as they are looked through. */
extern const struct route_table *const all_routes[];
extern const size_t n_all_routes;

#endif
