/* SPDX-License-Identifier: Apache-2.0 */
/* The world of scenarios: opening, restarting, letting time pass, delivering pages. */
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/paging.h"
#include "engine/timers.h"

#define LEASE MINUTES(1)
#define AT_ONCE 256

/* Secrets of a scenario are worth nothing: a fixed key keeps runs alike. */
static const unsigned char key[32] = "a key that protects nothing here";

static struct err *
start(struct world *w)
{
	struct ctx *cx = &w->cx;

	TRY(db_open(cx, w->url, DB_WRITE, &w->db));
	TRY(db_migrate(cx, w->db));
	TRY(config_new(cx, key, &w->config));
	TRY(db_begin(cx, w->db, DB_READ));
	struct err *e = config_load(cx, w->config);
	db_rollback(cx);
	if (e != NULL)
		return e;
	engine_init(&w->engine, w->config);
	return engine_run(cx, &w->engine, w->db, paging_recover, NULL);
}

static void
stop(struct world *w)
{
	db_close(w->db);
	config_free(w->config);
	w->db = NULL;
	w->config = NULL;
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

struct err *
world_open(struct world *w, const char *url)
{
	*w = (struct world){ .url = url };
	clock_virtual(&w->clock, 0);
	ctx_init(&w->cx, &w->clock);
	if (url == NULL || strncmp(url, "sqlite:", 7) == 0) {
		TRY(temporary(w));
	} else {
		TRY(scratch_make(&w->cx, url, &w->scratch));
		w->url = w->scratch.url;
	}
	return start(w);
}

void
world_close(struct world *w)
{
	stop(w);
	for (int i = 0; w->file != NULL && i < 3; i++) {
		static const char *const endings[] = { "", "-wal", "-shm" };
		unlink(arena_printf(&w->cx.mem, "%s%s", w->file, endings[i]));
	}
	if (w->scratch.url != NULL)
		err_ignore(scratch_drop(&w->cx, &w->scratch), "an empty schema is left behind");
	ctx_close(&w->cx);
}

struct err *
world_restart(struct world *w)
{
	stop(w);
	TRY(start(w));
	return world_advance(w, w->clock.at);
}

/* ---- delivering ---- */

void
world_contact(struct world *w, struct contact_rule rule)
{
	for (size_t i = 0; i < w->n_rules; i++) {
		if (strcmp(w->rules[i].who, rule.who) != 0
		        || strcmp(w->rules[i].contact, rule.contact) != 0)
			continue;
		w->rules[i] = rule;
		return;
	}
	ARENA_PUSH(&w->cx.mem, w->rules, w->n_rules, w->cap_rules) = rule;
}

static enum send_result
answer_for(struct world *w, const char *who, const char *contact)
{
	for (size_t i = 0; i < w->n_rules; i++) {
		struct contact_rule *rule = &w->rules[i];
		if (strcmp(rule->who, who) != 0 || strcmp(rule->contact, contact) != 0
		        || !rule->fails)
			continue;
		if (rule->once)
			rule->fails = false;
		return SEND_FAILED;
	}
	return SEND_OK;
}

static bool
was_seen(const struct world *w, int64_t page_id)
{
	for (size_t i = 0; i < w->n_pages; i++)
		if (w->pages[i].page_id == page_id)
			return true;
	return false;
}

static struct err *
deliver(struct world *w, const struct page_job *job)
{
	const struct page *p = &job->page;
	const char *who = p->user_id != NULL ? p->user_id : p->because;
	struct page_report report = { .page_id = p->id,
		.result = answer_for(w, who, p->contact),
		.error = "the channel refused it" };

	if (report.result == SEND_OK)
		report.error = NULL;
	if (!was_seen(w, p->id) || p->possibly_twice)
		ARENA_PUSH(&w->cx.mem, w->pages, w->n_pages, w->cap_pages) = (struct delivered){
			.who = who,
			.contact = p->contact,
			.dedup_key = p->is_bundle ? "" : job->incident.dedup_key,
			.page_id = p->id,
			.at = w->clock.at,
			.late = p->late_by > 0,
			.possibly_twice = p->possibly_twice,
			.bundle = p->is_bundle,
		};
	return engine_run(&w->cx, &w->engine, w->db, paging_report, &report);
}

static struct err *
deliver_due(struct world *w, bool *ret_any)
{
	struct page_claim claim = { .limit = AT_ONCE, .lease = LEASE };

	TRY(engine_run(&w->cx, &w->engine, w->db, paging_claim, &claim));
	for (size_t i = 0; i < claim.n; i++)
		TRY(deliver(w, &claim.jobs[i]));
	*ret_any = claim.n > 0;
	return NULL;
}

/* ---- time ---- */

static struct err *
next_due(struct world *w, usec_t *ret)
{
	usec_t timer, page;

	TRY(db_begin(&w->cx, w->db, DB_READ));
	struct err *e = timers_next(&w->cx, &timer);
	if (e == NULL)
		e = paging_next_due(&w->cx, &page);
	db_rollback(&w->cx);
	if (e != NULL)
		return e;
	*ret = timer < page ? timer : page;
	return NULL;
}

/* Until nothing is due at this instant any more. */
static struct err *
settle(struct world *w)
{
	bool any = true;

	while (any) {
		struct timers_run run = { .limit = 1 };
		TRY(engine_run(&w->cx, &w->engine, w->db, timers_fire, &run));
		TRY(deliver_due(w, &any));
		any |= run.ran > 0;
	}
	return NULL;
}

struct err *
world_advance(struct world *w, usec_t to)
{
	usec_t next;

	w->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	for (;;) {
		TRY(settle(w));
		TRY(next_due(w, &next));
		if (next > to)
			break;
		if (next > w->clock.at)
			w->clock.at = next;
	}
	if (to > w->clock.at)
		w->clock.at = to;
	return NULL;
}

/* ---- acting ---- */

struct err *
world_do(struct world *w, engine_fn *fn, void *arg)
{
	TRY(engine_run(&w->cx, &w->engine, w->db, fn, arg));
	return world_advance(w, w->clock.at);
}

static struct err *
apply_plan(struct ctx *cx, struct engine *e, void *arg)
{
	return engine_apply(cx, e, arg);
}

struct err *
world_apply(struct world *w, const struct change_set *set)
{
	const struct plan_options options = { .message = "scenario" };
	const struct snapshot *base = config_current(w->config);
	struct plan plan;

	struct err *e = config_plan(&w->cx, w->config, base, set, &options, &plan);
	snapshot_unref(base);
	if (e != NULL)
		return e;
	e = world_do(w, apply_plan, &plan);
	plan_free(&plan);
	return e;
}
