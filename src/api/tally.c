/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two piles: one that grows, and one that is on its way to the database or was the last to get
 * there. A pile that could not be written is laid back onto the other.
 */
#include "api/tally.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/map.h"
#include "engine/rows.h"
#include "queries.h"

#define TALLY_EVERY SECONDS(5)
#define HOUR_SPAN HOURS(1)
#define HOURS_OF_DAY 24
#define HOURS_OF_WEEK (7 * 24)

static const char *const tally_names[TALLY_OF_MAX] = {
	[TALLY_INTEGRATION] = "integration",
	[TALLY_OLD_KEY] = "old-key",
	[TALLY_RULE] = "rule",
};

struct count {
	enum tally_of what;
	const char *name;
	int64_t hour, n, last_at;
};

#define MARK_MAX 64

struct pile {
	struct arena mem;
	struct map counts;   /* "what name hour" -> struct count */
	char mark[MARK_MAX]; /* written together with it: who sees the one sees the other */
	const struct tallies *of;
};

struct tallies {
	pthread_mutex_t lock; /* guards all of it; the writer has leaving while under_way */
	struct pile piles[2], *growing, *leaving;
	bool under_way;
	const char *mark_name; /* of this process's mark, in the table state */
	const char *boot;
	int64_t n_marks;
	usec_t written_at; /* monotonic */
	struct ctx cx;     /* of the command */
	struct command cmd;
};

static void
pile_init(struct pile *p)
{
	arena_init(&p->mem);
	map_init(&p->counts, &p->mem);
}

static void
pile_clear(struct pile *p)
{
	arena_free(&p->mem);
	pile_init(p);
	p->mark[0] = '\0';
}

static void
mark(struct tallies *t, struct pile *p)
{
	(void)snprintf(p->mark, sizeof p->mark, "%s %lld", t->boot, (long long)++t->n_marks);
}

/* The key is looked for before it is copied. */
static void
add(struct pile *p, struct count c)
{
	char text[300];
	int len = snprintf(
	        text, sizeof text, "%d %lld %s", (int)c.what, (long long)c.hour, c.name);
	assert(len > 0 && (size_t)len < sizeof text); /* ids have bounds */
	struct str key = { text, (size_t)len };
	struct count *there = map_get(&p->counts, key);

	if (there == NULL) {
		there = ARENA_NEW(&p->mem, struct count);
		*there = (struct count){
			.what = c.what, .name = arena_strdup(&p->mem, c.name), .hour = c.hour
		};
		map_put(&p->counts, str_from(arena_strndup(&p->mem, key.p, key.len)), there);
	}
	there->n += c.n;
	if (c.last_at > there->last_at)
		there->last_at = c.last_at;
}

/* ---- life ---- */

struct tallies *
tallies_new(struct arena *a)
{
	struct tallies *t = ARENA_NEW(a, struct tallies);

	pthread_mutex_init(&t->lock, NULL);
	t->growing = &t->piles[0];
	t->leaving = &t->piles[1];
	for (size_t i = 0; i < NELEMS(t->piles); i++) {
		pile_init(&t->piles[i]);
		t->piles[i].of = t;
	}
	ctx_init(&t->cx, NULL);
	t->cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	t->mark_name = t->boot = "";
	return t;
}

void
tallies_of_node(struct tallies *t, struct arena *a, const struct node *node)
{
	t->mark_name = arena_printf(a, "tally %s", node->name);
	t->boot = node->boot;
}

void
tallies_close(struct tallies *t)
{
	arena_free(&t->growing->mem);
	arena_free(&t->leaving->mem);
	ctx_close(&t->cx);
	pthread_mutex_destroy(&t->lock);
}

/* ---- counting ---- */

void
tally_intake(struct tallies *t, const struct intake *in, bool by_old_key, usec_t at)
{
	struct count c = { .what = TALLY_INTEGRATION,
		.name = in->integration,
		.hour = at / HOUR_SPAN,
		.n = (int64_t)in->n,
		.last_at = at };

	if (in->n == 0 || in->integration == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	add(t->growing, c);
	c.what = TALLY_OLD_KEY;
	if (by_old_key)
		add(t->growing, c);
	c.what = TALLY_RULE;
	for (size_t i = 0; i < in->n_taken; i++) {
		c.name = in->taken[i].name;
		c.n = in->taken[i].n;
		add(t->growing, c);
	}
	pthread_mutex_unlock(&t->lock);
}

/* ---- writing ---- */

static struct err *
write_pile(struct ctx *cx, struct engine *e, void *arg)
{
	const struct pile *p = arg;

	(void)e;
	TRY(db_post(cx, &q_state_set, DB_ARGS(p->of->mark_name, (const char *)p->mark)));
	MAP_EACH (&p->counts, entry) {
		const struct count *c = entry->value;
		const char *what = tally_names[c->what];
		TRY(db_post(cx, &q_tally_add, DB_ARGS(what, c->name, c->n, c->last_at)));
		TRY(db_post(cx, &q_tally_hour_add, DB_ARGS(what, c->name, c->hour, c->n)));
	}
	return db_post(
	        cx, &q_tally_forget, DB_ARGS(ctx_now(cx) / HOUR_SPAN - HOURS_OF_WEEK - 1));
}

static void
written(struct command *cmd)
{
	struct tallies *t = cmd->owner;

	pthread_mutex_lock(&t->lock);
	if (cmd->result != NULL) {
		log_err(&t->cx, LOG_WARN, "tally", cmd->result);
		MAP_EACH (&t->leaving->counts, e)
			add(t->growing, *(const struct count *)e->value);
		pile_clear(t->leaving);
	}
	ctx_reset(&t->cx);
	t->under_way = false;
	pthread_mutex_unlock(&t->lock);
}

/* False when there is nothing to write, or something is being written. What has left stays till
 * the next one leaves: a reader may look at the database as it was before. */
static bool
send_off(struct tallies *t)
{
	struct pile *next = t->leaving;

	if (t->under_way || t->growing->counts.n == 0)
		return false;
	pile_clear(next);
	t->leaving = t->growing;
	t->growing = next;
	mark(t, t->leaving);
	t->under_way = true;
	t->written_at = clock_mono();
	t->cmd = (struct command){
		.cx = &t->cx, .run = write_pile, .arg = t->leaving, .done = written, .owner = t
	};
	return true;
}

void
tally_write_soon(struct tallies *t, struct writer *w)
{
	bool full = false;

	pthread_mutex_lock(&t->lock);
	if (clock_mono() - t->written_at >= TALLY_EVERY && send_off(t))
		full = !writer_submit(w, &t->cmd);
	pthread_mutex_unlock(&t->lock);
	if (!full)
		return;
	t->cmd.result = err_new(&t->cx, ERR_UNAVAILABLE, "the writer has too much to do");
	written(&t->cmd);
}

/* What is under way is finished by the writer before it stops; nothing is counted any more. */
void
tally_write_last(struct tallies *t, struct writer *w)
{
	struct ctx cx;

	ctx_init(&cx, NULL);
	cx.actor = t->cx.actor;
	if (t->growing->counts.n > 0) {
		mark(t, t->growing);
		struct err *e = writer_run(w, &cx, write_pile, t->growing);
		if (e != NULL)
			log_err(&cx, LOG_WARN, "tally", e);
		pile_clear(t->growing);
	}
	ctx_close(&cx);
}

/* ---- reading ---- */

static const struct db_col tally_row_cols[] = {
	DB_COL(struct tally_row, name),
	DB_COL(struct tally_row, n),
	DB_COL(struct tally_row, last_at),
	DB_COL(struct tally_row, day),
	DB_COL(struct tally_row, week),
};
extern const struct db_row tally_row;
const struct db_row tally_row = DB_ROW(struct tally_row, tally_row_cols);

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tally_row *)a)->name, ((const struct tally_row *)b)->name);
}

struct reading {
	struct ctx *cx;
	struct map rows; /* name -> struct tally_row */
	enum tally_of what;
	int64_t hour;
};

static void
add_pending(struct reading *r, const struct count *c)
{
	struct tally_row *row = map_gets(&r->rows, c->name);

	if (c->what != r->what)
		return;
	if (row == NULL) {
		row = ARENA_NEW(&r->cx->mem, struct tally_row);
		row->name = arena_strdup(&r->cx->mem, c->name);
		map_put(&r->rows, str_from(row->name), row);
	}
	row->n += c->n;
	row->day += c->hour > r->hour - HOURS_OF_DAY ? c->n : 0;
	row->week += c->n;
	if (c->last_at > row->last_at)
		row->last_at = c->last_at;
}

/* written: the mark in the database as the reader sees it. */
static void
add_piles(struct reading *r, struct tallies *t, const char *written)
{
	pthread_mutex_lock(&t->lock);
	MAP_EACH (&t->growing->counts, e)
		add_pending(r, e->value);
	if (strcmp(t->leaving->mark, written) != 0)
		MAP_EACH (&t->leaving->counts, e)
			add_pending(r, e->value);
	pthread_mutex_unlock(&t->lock);
}

struct err *
tally_list(struct ctx *cx, struct tallies *t, enum tally_of what, struct tally_row **ret,
        size_t *ret_n)
{
	struct reading r = { .cx = cx, .what = what, .hour = ctx_now(cx) / HOUR_SPAN };
	struct engine_text written;
	struct tally_row *stored;
	bool found;
	size_t n;

	map_init(&r.rows, &cx->mem);
	TRY(db_maybe(cx, &q_state_get, DB_ARGS(t->mark_name), &written, &found));
	TRY(db_list(cx, &q_tally_list,
	        DB_ARGS(tally_names[what], r.hour - HOURS_OF_DAY, r.hour - HOURS_OF_WEEK),
	        &stored, &n));
	for (size_t i = 0; i < n; i++)
		map_put(&r.rows, str_from(stored[i].name), &stored[i]);
	add_piles(&r, t, found ? written.value : "");
	struct tally_row *all = ARENA_ARRAY(&cx->mem, r.rows.n, struct tally_row);
	for (size_t i = 0; i < r.rows.n; i++)
		all[i] = *(const struct tally_row *)r.rows.entries[i].value;
	qsort(all, r.rows.n, sizeof *all, by_name);
	*ret = all;
	*ret_n = r.rows.n;
	return NULL;
}

const struct tally_row *
tally_find(const struct tally_row *rows, size_t n, const char *name)
{
	const struct tally_row key = { .name = name };

	return n == 0 ? NULL : bsearch(&key, rows, n, sizeof *rows, by_name);
}
