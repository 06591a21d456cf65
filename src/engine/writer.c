/* SPDX-License-Identifier: Apache-2.0 */
/* The thread: it is woken by commands and by the next timer, and runs batches. */
#include "engine/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "engine/batch.h"
#include "engine/queue.h"
#include "engine/settle.h"

#define QUEUE_MAX 10000
#define BATCH_MAX 512
#define IDLE_MAX SECONDS(1)           /* clocks jump: look at least this often */
#define SICK_PAUSE (50 * USEC_PER_MS) /* doubled at each try */
#define SICK_PAUSE_MAX SECONDS(1)
#define SAY_AGAIN SECONDS(10)
#define HURRY (2 * USEC_PER_MS)

struct writer {
	pthread_t thread;
	struct queue queue;
	atomic_bool look;
	pthread_mutex_t lock; /* guards stats */
	struct writer_stats stats;
	/* The thread's own. */
	struct writer_config wc;
	struct batch batch;
	struct settler *settler;
	size_t at_work;    /* commands of the batch */
	usec_t began, ran; /* when it began (monotonic), and how long until its commit */
	usec_t sick_since, sick_pause; /* monotonic; 0: the last batch went well */
	usec_t said_at;                /* monotonic */
	struct clock_watch clock;
};

/* ---- the thread ---- */

/* Waits by the clock follow it when it is set; people should know, before what follows is
 * done. */
static void
watch_clock(struct writer *w)
{
	usec_t step = clock_watch_look(&w->clock);
	char span[DURATION_MAX];

	if (step == 0)
		return;
	pthread_mutex_lock(&w->lock);
	w->stats.clock_step = step;
	w->stats.clock_stepped_at = clock_now(&clock_real);
	pthread_mutex_unlock(&w->lock);
	w->batch.next_due = 0;
	log_warn(NULL, "clock", "set=%s by=%s", step > 0 ? "forward" : "back",
	        duration_print(step > 0 ? step : -step, span));
}

static bool
is_sick(struct writer *w)
{
	return w->sick_since != 0 || settler_is_lost(w->settler);
}

static void
come_round(struct writer *w)
{
	watch_clock(w);
	if (settler_is_under_way(w->settler)) /* a disk that hangs is a writer that hangs */
		return;
	pthread_mutex_lock(&w->lock);
	w->stats.last_turn = clock_mono();
	pthread_mutex_unlock(&w->lock);
}

/* How long there is nothing to do but what the queue may bring; 0: something is. */
static usec_t
leisure(struct writer *w)
{
	usec_t now = clock_now(&clock_real), at = w->batch.next_due;

	if (is_sick(w) || at <= now)
		return 0;
	return at < now + IDLE_MAX ? at - now : IDLE_MAX;
}

/* Up to batch_max commands; none when only timers are due or the writer stops. */
static struct command *
take(struct writer *w, size_t *ret_n)
{
	usec_t span;

	do {
		come_round(w);
		span = leisure(w);
	} while (span > 0 && !queue_wait(&w->queue, span));
	watch_clock(w);
	return queue_take(&w->queue, w->wc.batch_max, ret_n);
}

static void
count(struct writer *w, size_t n, const struct err *failed)
{
	pthread_mutex_lock(&w->lock);
	w->stats.last_turn = clock_mono();
	w->stats.commands += n;
	w->stats.commits += failed == NULL;
	w->stats.failures += failed != NULL;
	w->stats.healthy = failed == NULL;
	snprintf(w->stats.trouble, sizeof w->stats.trouble, "%s",
	        failed == NULL ? "" : failed->msg);
	if (failed == NULL)
		w->stats.last_commit = clock_now(&clock_real);
	pthread_mutex_unlock(&w->lock);
}

/* The batch is the writer's thread's alone; count is called on either. */
static void
count_turns(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stats.turns = w->batch.turns;
	w->stats.turn_waits = w->batch.turn_waits;
	pthread_mutex_unlock(&w->lock);
}

/* done may free its command: the next is read first. */
static void
answer(struct command *commands)
{
	struct command *next;

	for (struct command *c = commands; c != NULL; c = next) {
		next = c->next;
		c->done(c);
	}
}

static void
tell(struct writer *w, const struct brought *b)
{
	if (b->first_event <= b->last_event && w->wc.on_events != NULL)
		w->wc.on_events(w->wc.arg, b->first_event, b->last_event);
	if (b->pages_queued && w->wc.on_pages != NULL)
		w->wc.on_pages(w->wc.arg);
}

static struct brought
brought(const struct writer *w, size_t n)
{
	const struct batch *b = &w->batch;

	return (struct brought){ b->commands, n, b->first_event, b->last_event,
		b->pages_queued };
}

static void
pause_when_sick(struct writer *w, const struct err *failed)
{
	if (failed == NULL) {
		w->sick_since = 0;
		return;
	}
	if (w->sick_since == 0) {
		w->sick_since = clock_mono();
		w->sick_pause = SICK_PAUSE;
	}
	nanosleep(&(struct timespec){ .tv_sec = w->sick_pause / USEC_PER_SEC,
	                  .tv_nsec = w->sick_pause % USEC_PER_SEC * 1000 },
	        NULL);
	w->sick_pause *= 2;
	if (w->sick_pause > SICK_PAUSE_MAX)
		w->sick_pause = SICK_PAUSE_MAX;
}

static void
look(struct writer *w)
{
	struct err *e = atomic_exchange(&w->look, false) ? batch_look(&w->batch) : NULL;

	if (e != NULL)
		log_err(&w->batch.cx, LOG_WARN, "writer", e);
}

/* Once for each trouble, and every SAY_AGAIN while it lasts. */
static void
say(struct writer *w, const struct err *failed)
{
	usec_t now = clock_mono();

	if (failed == NULL && w->sick_since != 0)
		log_warn(NULL, "writer", "recovered=yes after_ms=%lld",
		        (long long)((now - w->sick_since) / USEC_PER_MS));
	if (failed == NULL
	        || (w->said_at != 0 && now - w->said_at < SAY_AGAIN
	                && strncmp(failed->msg, w->stats.trouble, sizeof w->stats.trouble - 1)
	                        == 0))
		return;
	w->said_at = now;
	log_err(&w->batch.cx, LOG_ERROR, "writer", failed);
}

static struct err *
try_batch(struct writer *w, size_t n)
{
	w->batch.probe = is_sick(w);
	w->at_work = n;
	w->began = clock_mono();
	struct err *failed = batch_run(&w->batch);
	const struct brought b = brought(w, n);

	if (!w->batch.owed)
		settler_pause(w->settler);
	say(w, failed);
	count_turns(w);
	if (w->batch.owed) {
		w->batch.commands = NULL; /* answered by landed */
		settler_begin(w->settler, &b);
	} else {
		count(w, failed == NULL ? n : 0, failed);
		tell(w, &b);
	}
	pause_when_sick(w, failed);
	return failed;
}

/* ---- the disk ---- */

static struct err *
settled(void *arg)
{
	struct writer *w = arg;

	w->ran = clock_mono() - w->began;
	return settler_wait(&w->batch.cx, w->settler);
}

/* When enough waits to be done beside the disk, as long as these commands took for each. */
static bool
hurried(void *arg)
{
	struct writer *w = arg;

	usec_t waiting = (usec_t)queue_waiting(&w->queue) * w->ran;

	return waiting >= w->wc.hurry * (usec_t)(w->at_work > 0 ? w->at_work : 1);
}

static void
landed(void *arg, const struct brought *b)
{
	count(arg, b->n, NULL);
	tell(arg, b);
	answer(b->commands);
}

static void
lost(void *arg, struct ctx *cx, const struct err *e)
{
	struct writer *w = arg;

	log_err(cx, LOG_ERROR, "writer", e);
	count(w, 0, e);
	queue_wake(&w->queue);
}

static void
give_up(struct writer *w)
{
	struct command *commands = settler_give_up(w->settler);

	for (struct command *c = commands; c != NULL; c = c->next)
		c->result = err_new(c->cx, ERR_UNAVAILABLE,
		        "the disk has not taken it; whether it was kept is not certain");
	answer(commands);
}

/* ---- its life ---- */

/* Whether commands may still wait for the database to come back. */
static bool
patient(struct writer *w)
{
	return !queue_is_closed(&w->queue) && clock_mono() - w->sick_since < WRITER_PATIENCE;
}

static void
run_batch(struct writer *w)
{
	size_t n;

	w->batch.commands = take(w, &n);
	look(w);
	while (try_batch(w, n) != NULL && w->batch.commands != NULL && patient(w))
		;
	answer(w->batch.commands);
	if (settler_is_lost(w->settler) && w->sick_since != 0 && !patient(w))
		give_up(w);
	ctx_reset(&w->batch.cx);
}

static void *
run(void *arg)
{
	struct writer *w = arg;

	while (!queue_is_closed(&w->queue) || queue_waiting(&w->queue) > 0)
		run_batch(w);
	struct err *e = settler_wait(&w->batch.cx, w->settler);
	if (e != NULL) {
		log_err(&w->batch.cx, LOG_ERROR, "writer", e);
		give_up(w);
	}
	return NULL;
}

static struct command *
stand_in(void *arg)
{
	struct writer *w = arg;

	return queue_stood_by(&w->queue);
}

/* ---- its face ---- */

static void
release(struct writer *w)
{
	settler_free(w->settler);
	db_close(w->batch.db);
	ctx_close(&w->batch.cx);
	pthread_mutex_destroy(&w->lock);
	queue_free(&w->queue);
	free(w);
}

struct err *
writer_start(struct ctx *cx, struct config *config, const struct writer_config *wc,
        struct writer **ret)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		abort();
	w->wc = *wc;
	w->wc.batch_max = wc->batch_max == 0 ? BATCH_MAX : wc->batch_max;
	w->wc.hurry = wc->hurry == 0 ? HURRY : wc->hurry;
	w->stats.healthy = true;
	w->stats.last_turn = clock_mono();
	pthread_mutex_init(&w->lock, NULL);
	queue_init(&w->queue, wc->queue_max == 0 ? QUEUE_MAX : wc->queue_max);
	ctx_init(&w->batch.cx, cx->clock);
	w->batch.cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	w->batch.stand_in = stand_in;
	w->batch.settled = settled;
	w->batch.hurried = hurried;
	w->batch.arg = w;
	engine_init(&w->batch.engine, config);
	if (wc->node != NULL)
		w->batch.engine.node = wc->node;

	struct err *e = db_open(cx, wc->db_url, DB_WRITE, &w->batch.db);
	const struct settler_calls calls = { landed, lost, w };
	if (e == NULL)
		w->settler = settler_new(w->batch.db, calls);
	if (e == NULL && pthread_create(&w->thread, NULL, run, w) != 0)
		e = err_new(cx, ERR_UNAVAILABLE, "cannot start the writer's thread");
	if (e != NULL) {
		release(w);
		return e;
	}
	*ret = w;
	return NULL;
}

void
writer_stop(struct writer *w)
{
	if (w == NULL)
		return;
	queue_close(&w->queue);
	pthread_join(w->thread, NULL);
	release(w);
}

bool
writer_submit(struct writer *w, struct command *cmd)
{
	return queue_put(&w->queue, cmd);
}

void
writer_stand_by(struct writer *w, struct command *cmd)
{
	queue_stand_by(&w->queue, cmd);
}

bool
writer_take_back(struct writer *w, struct command *cmd)
{
	return queue_take_back(&w->queue, cmd);
}

struct wait {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
};

static void
wake_submitter(struct command *cmd)
{
	struct wait *wait = cmd->owner;

	pthread_mutex_lock(&wait->lock);
	wait->is_done = true;
	pthread_cond_signal(&wait->done);
	pthread_mutex_unlock(&wait->lock);
}

struct err *
writer_run(struct writer *w, struct ctx *cx, engine_fn *fn, void *arg)
{
	struct wait wait = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
	struct command cmd = {
		.cx = cx, .run = fn, .arg = arg, .done = wake_submitter, .owner = &wait
	};

	if (!writer_submit(w, &cmd))
		return err_new(
		        cx, ERR_UNAVAILABLE, "too much is waiting to be written; try again");
	pthread_mutex_lock(&wait.lock);
	while (!wait.is_done)
		pthread_cond_wait(&wait.done, &wait.lock);
	pthread_mutex_unlock(&wait.lock);
	return cmd.result;
}

void
writer_look(struct writer *w)
{
	atomic_store(&w->look, true);
	queue_wake(&w->queue);
}

void
writer_stats(struct writer *w, struct writer_stats *ret)
{
	pthread_mutex_lock(&w->lock);
	*ret = w->stats;
	pthread_mutex_unlock(&w->lock);
	ret->queued = queue_waiting(&w->queue);
}
