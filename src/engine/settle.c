/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/settle.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum state { SETTLED, UNDER_WAY, LOST };

struct settler {
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t change;
	enum state state;
	bool started, stopping;
	/* Of the thread while it is under way, else of the writer. */
	struct brought at;
	struct db *db;
	struct settler_calls calls;
};

static void
set_state(struct settler *s, enum state state)
{
	pthread_mutex_lock(&s->lock);
	s->state = state;
	pthread_cond_broadcast(&s->change);
	pthread_mutex_unlock(&s->lock);
}

static enum state
state_of(struct settler *s)
{
	pthread_mutex_lock(&s->lock);
	enum state state = s->state;
	pthread_mutex_unlock(&s->lock);
	return state;
}

/* ---- the thread ---- */

static void
settle(struct ctx *cx, struct settler *s)
{
	struct err *e = db_settle(cx, s->db);

	if (e != NULL) {
		set_state(s, LOST);
		s->calls.lost(s->calls.arg, cx, e);
		return;
	}
	s->calls.landed(s->calls.arg, &s->at);
	set_state(s, SETTLED);
}

static bool
next(struct settler *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->state != UNDER_WAY && !s->stopping)
		pthread_cond_wait(&s->change, &s->lock);
	bool go_on = !s->stopping;
	pthread_mutex_unlock(&s->lock);
	return go_on;
}

static void *
run(void *arg)
{
	struct settler *s = arg;
	struct ctx cx;

	ctx_init(&cx, NULL);
	while (next(s)) {
		settle(&cx, s);
		ctx_reset(&cx);
	}
	ctx_close(&cx);
	return NULL;
}

/* ---- the writer's side ---- */

struct settler *
settler_new(struct db *db, struct settler_calls calls)
{
	struct settler *s = calloc(1, sizeof *s);

	if (s == NULL)
		abort();
	s->db = db;
	s->calls = calls;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->change, NULL);
	return s;
}

void
settler_free(struct settler *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_broadcast(&s->change);
	pthread_mutex_unlock(&s->lock);
	if (s->started)
		pthread_join(s->thread, NULL);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->change);
	free(s);
}

/* Without a thread the writer waits for the disk itself: what is lost it tries again. */
void
settler_begin(struct settler *s, const struct brought *b)
{
	assert(state_of(s) == SETTLED);
	s->at = *b;
	if (!s->started)
		s->started = pthread_create(&s->thread, NULL, run, s) == 0;
	set_state(s, s->started ? UNDER_WAY : LOST);
}

void
settler_pause(struct settler *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->state == UNDER_WAY)
		pthread_cond_wait(&s->change, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

struct err *
settler_wait(struct ctx *cx, struct settler *s)
{
	settler_pause(s);
	if (state_of(s) == SETTLED)
		return NULL;
	TRY(db_settle(cx, s->db));
	s->calls.landed(s->calls.arg, &s->at);
	set_state(s, SETTLED);
	return NULL;
}

bool
settler_is_under_way(struct settler *s)
{
	return state_of(s) == UNDER_WAY;
}

bool
settler_is_lost(struct settler *s)
{
	return state_of(s) == LOST;
}

struct command *
settler_give_up(struct settler *s)
{
	struct command *commands = s->at.commands;

	assert(state_of(s) == LOST);
	s->at.commands = NULL;
	s->at.n = 0;
	return commands;
}
