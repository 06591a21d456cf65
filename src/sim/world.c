/* SPDX-License-Identifier: Apache-2.0 */
/* The world's processes and their database: opening, dying, coming back. */
#include "sim/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/tape.h"
#include "sim/world_priv.h"

/* Secrets of a scenario are worth nothing: a fixed key keeps runs alike. */
static const unsigned char no_secret[32] = "a key that protects nothing here";

/* ---- one process ---- */

static struct err *
load_config(struct world *w, struct config *config)
{
	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = config_load(&w->cx, config);
	db_rollback(&w->cx);
	return e;
}

static struct err *
start_process(struct world *w, struct process *p)
{
	struct ctx *cx = &p->batch.cx;

	*p = (struct process){ .runs = true, .batch.db = w->db };
	ctx_init(cx, &w->clock);
	cx->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	TRY(config_new(&w->cx, w->key, &p->config));
	engine_init(&p->batch.engine, p->config);
	p->batch.engine.node = p == &w->processes[0] ? "one" : "two";
	return load_config(w, p->config);
}

static void
end_process(struct process *p)
{
	if (!p->runs)
		return;
	p->runs = false;
	config_free(p->config);
	ctx_close(&p->batch.cx);
}

static void
work_in(struct world *w, struct process *p)
{
	w->at = p;
	w->config = p->config;
}

static bool
is_alone(const struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < PROCESSES_MAX; i++)
		n += w->processes[i].runs;
	return n == 1;
}

static struct err *
recover(struct world *w, struct process *p)
{
	struct command cmd = { .cx = &w->cx, .run = paging_recover };
	struct traced traced;

	w->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	if (w->tape != NULL)
		tape_trace(w->tape, &traced, &cmd);
	return engine_run(&w->cx, &p->batch.engine, w->db, cmd.run, cmd.arg);
}

#define START_TRIES 3

/* Whoever watches over the process starts it again when the first thing that it does fails. */
static struct err *
start(struct world *w, struct process *p)
{
	TRY(start_process(w, p));
	work_in(w, p);
	struct err *e = recover(w, p);
	for (int i = 0; e != NULL && i < START_TRIES; i++) {
		w->faults.dead = false;
		e = recover(w, p);
	}
	return e;
}

/* ---- the database ---- */

static struct err *
open_database(struct world *w)
{
	TRY(db_open(&w->cx, w->url, DB_WRITE, &w->db));
	TRY(db_migrate(&w->cx, w->db));
	db_faults_put(w->db, &w->faults);
	return NULL;
}

static struct err *
temporary(struct world *w)
{
	const char *folder = getenv("TMPDIR");
	char *path = arena_printf(
	        &w->cx.mem, "%s/tocsin-scenario-XXXXXX", folder == NULL ? "/tmp" : folder);
	int fd = mkstemp(path);

	if (fd < 0)
		return err_new(&w->cx, ERR_UNAVAILABLE, "cannot make %s: %m", path);
	close(fd);
	w->file = path;
	w->url = arena_printf(&w->cx.mem, "sqlite:%s", path);
	return NULL;
}

static bool
in_memory(const struct world *w)
{
	return strcmp(w->url, "sqlite::memory:") == 0;
}

static void
begin(struct world *w, const char *url, const unsigned char *key)
{
	*w = (struct world){ .url = url, .key = key };
	clock_virtual(&w->clock, 0);
	ctx_init(&w->cx, &w->clock);
}

struct err *
world_open(struct world *w, const char *url)
{
	begin(w, url, no_secret);
	if (url == NULL || (strncmp(url, "sqlite:", 7) == 0 && !in_memory(w))) {
		TRY(temporary(w));
	} else if (!in_memory(w)) {
		TRY(scratch_make(&w->cx, url, &w->scratch));
		w->url = w->scratch.url;
	}
	TRY(open_database(w));
	return start(w, &w->processes[0]);
}

struct err *
world_found(struct world *w, const char *path, const unsigned char *key)
{
	begin(w, NULL, key);
	w->url = arena_printf(&w->cx.mem, "sqlite:%s", path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_new(&w->cx, errno == EEXIST ? ERR_CONFLICT : ERR_UNAVAILABLE,
		        "cannot make %s: %m", path);
	close(fd);
	w->file = path;
	TRY(open_database(w));
	return start(w, &w->processes[0]);
}

void
world_keep(struct world *w)
{
	w->file = NULL;
}

void
world_close(struct world *w)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		end_process(&w->processes[i]);
	db_close(w->db);
	for (int i = 0; w->file != NULL && i < 3; i++) {
		static const char *const endings[] = { "", "-wal", "-shm" };
		unlink(arena_printf(&w->cx.mem, "%s%s", w->file, endings[i]));
	}
	if (w->scratch.url != NULL)
		err_ignore(scratch_drop(&w->cx, &w->scratch), "an empty schema is left behind");
	ctx_close(&w->cx);
}

/* What is in memory only would go with its connection. */
static struct err *
reopen(struct world *w)
{
	w->faults.dead = false;
	if (in_memory(w) || !is_alone(w))
		return NULL;
	db_close(w->db);
	w->db = NULL;
	return open_database(w);
}

struct err *
world_revive(struct world *w)
{
	TRY(reopen(w));
	end_process(w->at);
	return start(w, w->at);
}

struct err *
world_restart(struct world *w)
{
	TRY(world_revive(w));
	return world_advance(w, w->clock.at);
}

/* It hears of what the other did before it does anything itself. */
struct err *
world_switch(struct world *w, size_t n)
{
	struct process *p = &w->processes[n - 1];

	if (!p->runs)
		return start(w, p);
	work_in(w, p);
	p->batch.next_due = 0;
	return load_config(w, p->config);
}
