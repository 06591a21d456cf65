/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live way of a page for tests: SQLite in a folder of its own, the writer, the dispatcher,
 * and the helpers of tests/fixtures as mail server and receiver of webhooks. Nothing here waits
 * for a time to pass: a test waits for an event of the record, and time is moved.
 */
#ifndef TESTS_CHANNEL_WORLD_H
#define TESTS_CHANNEL_WORLD_H

#include "test.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/dispatcher.h"
#include "engine/incident.h"

#define PATIENCE SECONDS(30) /* until a test that waits for an event fails */

extern char **environ;

/* ---- helpers: they say their port, and end when we do ---- */

struct helper {
	pid_t pid;
	int port, to, from;
};

static inline struct helper
helper_start(const char *const argv[])
{
	struct helper h;
	int in[2], out[2];
	posix_spawn_file_actions_t fds;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&fds);
	posix_spawn_file_actions_adddup2(&fds, in[0], 0);
	posix_spawn_file_actions_adddup2(&fds, out[1], 1);
	assert_int_equal(posix_spawnp(&h.pid, argv[0], &fds, NULL, (char **)argv, environ), 0);
	posix_spawn_file_actions_destroy(&fds);
	close(in[0]);
	close(out[1]);
	h.to = in[1];
	h.from = out[0];
	return h;
}

static inline void
helper_ready(struct helper *h, const char *name)
{
	char said[32] = "";

	for (size_t n = 0; strchr(said, '\n') == NULL && n < sizeof said - 1;) {
		ssize_t got = read(h->from, said + n, sizeof said - 1 - n);
		if (got <= 0)
			fail_msg("the %s did not start", name);
		n += (size_t)got;
	}
	close(h->from);
	h->port = (int)strtol(said + strlen("PORT "), NULL, 10);
}

static inline void
helper_stop(struct helper *h)
{
	if (h->pid == 0)
		return;
	close(h->to);
	waitpid(h->pid, NULL, 0);
	*h = (struct helper){ 0 };
}

/* ---- a clock that runs as the real one, but ahead of it ---- */

struct moved_clock {
	struct clock clock;
	atomic_llong ahead;
};

static inline usec_t
moved_read(const struct clock *c)
{
	return clock_now(&clock_real) + atomic_load(&((const struct moved_clock *)c)->ahead);
}

/* ---- the world ---- */

struct world {
	struct ctx cx;
	char folder[64], url[96];
	struct moved_clock clock;
	struct helper mail, hooks;
	struct db *db;
	struct config *config;
	struct engine engine;
	struct writer *writer;
	struct channel_settings settings;
	struct dispatcher *dispatcher;
	pthread_mutex_t lock; /* guards events */
	pthread_cond_t event;
	int64_t events;
};

static inline void
world_on_events(void *arg, int64_t first, int64_t last)
{
	struct world *w = arg;

	(void)first;
	pthread_mutex_lock(&w->lock);
	w->events = last;
	pthread_cond_broadcast(&w->event);
	pthread_mutex_unlock(&w->lock);
}

static inline void
world_on_pages(void *arg)
{
	struct world *w = arg;

	if (w->dispatcher != NULL)
		dispatcher_wake(w->dispatcher);
}

/* What the world is to be; the rest is its own. */
struct world_options {
	const char *people; /* YAML of the users; HOOKS stands for the receiver's URL */
	const char *mail_options[8];
	const char *scheme; /* "smtp" */
	struct channel_settings settings;
	bool trusts; /* the mail server's own certificate */
};

static inline const char *
world_yaml(struct world *w, const char *people)
{
	struct buf out = BUF_INIT(&w->cx.mem, 64 * 1024);
	const char *at;

	buf_puts(&out, "organisation: {name: Example Shop, bundle_after: 0}\nusers:\n");
	while ((at = strstr(people, "HOOKS")) != NULL) {
		buf_add(&out, people, (size_t)(at - people));
		buf_printf(&out, "http://127.0.0.1:%d", w->hooks.port);
		people = at + strlen("HOOKS");
	}
	buf_puts(&out, people);
	return buf_cstr(&out);
}

static inline struct err *
world_apply(struct ctx *cx, struct engine *e, void *arg)
{
	return engine_apply(cx, e, arg);
}

static inline void
world_configure(struct world *w, const char *people)
{
	struct ctx *cx = &w->cx;
	struct change_set set = { 0 };
	struct plan_options options = { 0 };
	struct plan plan;

	assert_ok(cx, db_begin(cx, w->db, DB_READ));
	assert_ok(cx, config_load(cx, w->config));
	db_rollback(cx);
	assert_ok(
	        cx, change_set_parse(cx, "people.yaml", str_from(world_yaml(w, people)), &set));
	const struct snapshot *now = config_current(w->config);
	assert_ok(cx, config_plan(cx, w->config, now, &set, &options, &plan));
	assert_ok(cx, engine_run(cx, &w->engine, w->db, world_apply, &plan));
	plan_free(&plan);
	snapshot_unref(now);
}

/* Both start while the database is made; what they import is Python's own, so no packages are
 * looked for. */
static inline void
world_helpers(struct world *w, const struct world_options *o)
{
	const char *argv[13] = { TEST_PYTHON, "-IS", TEST_DATA "/../../fixtures/smtpd.py",
		w->folder };
	size_t n = 4;

	for (size_t i = 0; i < NELEMS(o->mail_options) && o->mail_options[i] != NULL; i++)
		argv[n++] = o->mail_options[i];
	w->mail = helper_start(argv);
	w->hooks = helper_start((const char *const[]){ TEST_PYTHON, "-IS",
	        TEST_DATA "/../../fixtures/webhook.py", w->folder, "s3cret", NULL });
}

static inline void
world_settings(struct world *w, const struct world_options *o)
{
	static const unsigned char link_key[32] = "thirty-two bytes that sign links";
	struct channel_settings *s = &w->settings;

	*s = o->settings;
	s->base_url = "https://tocsin.example.org";
	s->link_key = link_key;
	s->smtp_url = arena_printf(&w->cx.mem, "%s://127.0.0.1:%d",
	        o->scheme == NULL ? "smtp" : o->scheme, w->mail.port);
	s->smtp_from = "Tocsin <tocsin@example.org>";
	if (o->trusts)
		s->ca_file = arena_printf(&w->cx.mem, "%s/cert.pem", w->folder);
}

/* Everything but the dispatcher's thread. */
static inline struct world *
world_open(const struct world_options *o)
{
	static const unsigned char key[32] = "a key that protects nothing here";
	struct world *w = calloc(1, sizeof *w);

	w->clock.clock.read = moved_read;
	ctx_init(&w->cx, &w->clock.clock);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->event, NULL);
	snprintf(w->folder, sizeof w->folder, "/tmp/tocsin-channel-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->url, sizeof w->url, "sqlite:%s/test.db", w->folder);
	world_helpers(w, o);
	assert_ok(&w->cx, db_open(&w->cx, w->url, DB_WRITE, &w->db));
	assert_ok(&w->cx, db_migrate(&w->cx, w->db));
	helper_ready(&w->mail, "mail server");
	helper_ready(&w->hooks, "receiver of webhooks");
	world_settings(w, o);
	assert_ok(&w->cx, config_new(&w->cx, key, &w->config));
	engine_init(&w->engine, w->config);
	world_configure(w, o->people);
	assert_ok(&w->cx, dispatcher_new(&w->cx, &w->settings, &w->dispatcher));
	const struct writer_config wc = { .db_url = w->url,
		.on_events = world_on_events,
		.on_pages = world_on_pages,
		.arg = w };
	assert_ok(&w->cx, writer_start(&w->cx, w->config, &wc, &w->writer));
	return w;
}

static inline void
world_send(struct world *w)
{
	assert_ok(&w->cx, dispatcher_start(&w->cx, w->dispatcher, w->writer));
}

static inline int
world_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
world_close(struct world *w)
{
	dispatcher_finish(w->dispatcher);
	writer_stop(w->writer);
	dispatcher_free(w->dispatcher);
	db_close(w->db);
	config_free(w->config);
	helper_stop(&w->mail);
	helper_stop(&w->hooks);
	nftw(w->folder, world_unlink, 8, FTW_DEPTH | FTW_PHYS);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->event);
	ctx_close(&w->cx);
	free(w);
}

/* ---- what happens in it ---- */

/* An incident that somebody opens for a user, whose steps begin at once. */
static inline int64_t
world_page(struct world *w, const char *user, const char *title)
{
	struct incident_open open = { .title = title,
		.details = "opened by hand",
		.severity = SEVERITY_CRITICAL,
		.target = { .kind = TARGET_USER, .id = user },
		.has_target = true };

	assert_ok(&w->cx, writer_run(w->writer, &w->cx, incident_open_run, &open));
	return open.result->id;
}

/* Nobody is woken by that: who waits for a time has to look. */
static inline void
world_advance(struct world *w, usec_t span)
{
	atomic_fetch_add(&w->clock.ahead, span);
}

struct seen_page {
	int64_t id, attempts, next_at;
	bool possibly_twice;
	char state[16], error[300], receipt[300];
};

static inline void
copy_column(sqlite3_stmt *st, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(st, column);

	snprintf(to, size, "%s", text == NULL ? "" : (const char *)text);
}

/* A connection of our own, so that the test sees what was committed and nothing else. */
static inline struct seen_page
world_look(struct world *w, int64_t incident, const char *contact)
{
	static const char sql[] =
	        "SELECT id, attempts, COALESCE(next_at, 0), possibly_twice, state, error, "
	        "receipt FROM page WHERE incident_id = ?1 AND contact = ?2";
	struct seen_page p = { 0 };
	sqlite3_stmt *st;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(w->url + strlen("sqlite:"), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_int64(st, 1, incident);
	sqlite3_bind_text(st, 2, contact, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW) {
		p.id = sqlite3_column_int64(st, 0);
		p.attempts = sqlite3_column_int64(st, 1);
		p.next_at = sqlite3_column_int64(st, 2);
		p.possibly_twice = sqlite3_column_int(st, 3) != 0;
		copy_column(st, 4, p.state, sizeof p.state);
		copy_column(st, 5, p.error, sizeof p.error);
		copy_column(st, 6, p.receipt, sizeof p.receipt);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	return p;
}

/* Waits for events until the page is in that state after that many attempts. */
static inline struct seen_page
world_expect(struct world *w, int64_t incident, const char *contact, const char *state,
        int64_t attempts)
{
	usec_t until = clock_mono() + PATIENCE;
	struct seen_page p;
	bool late = false;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		int64_t seen = w->events;
		pthread_mutex_unlock(&w->lock);
		p = world_look(w, incident, contact);
		pthread_mutex_lock(&w->lock);
		if (strcmp(p.state, state) == 0 && p.attempts == attempts)
			break;
		if (late)
			break;
		while (w->events == seen && !late)
			late = !clock_cond_wait(&w->event, &w->lock, until - clock_mono());
	}
	pthread_mutex_unlock(&w->lock);
	if (late)
		fail_msg("page to %s is %s after %d attempts (%s), wanted %s after %d", contact,
		        p.state, (int)p.attempts, p.error, state, (int)attempts);
	return p;
}

/* ---- what arrived ---- */

/* Files of the folder, "*.eml" or "hook-*.json". */
static inline size_t
world_count(struct world *w, const char *pattern)
{
	glob_t found;

	int rc = glob(arena_printf(&w->cx.mem, "%s/%s", w->folder, pattern), 0, NULL, &found);
	size_t n = rc == 0 ? found.gl_pathc : 0;
	globfree(&found);
	return n;
}

static inline const char *
world_read(struct world *w, const char *name)
{
	const char *path = arena_printf(&w->cx.mem, "%s/%s", w->folder, name);
	char *text = arena_alloc(&w->cx.mem, 256 * 1024);
	FILE *f = fopen(path, "re");

	if (f == NULL)
		fail_msg("there is no %s", name);
	size_t n = fread(text, 1, 256 * 1024 - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static inline const struct json *
world_read_json(struct world *w, const char *name)
{
	struct json *v;

	assert_ok(&w->cx,
	        json_parse(&w->cx, str_from(world_read(w, name)), JSON_LIMITS_REQUEST, &v));
	return v;
}

#endif
