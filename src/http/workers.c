/* SPDX-License-Identifier: Apache-2.0 */
/* Threads for what may wait: each takes a request from one bounded queue while its connection
 * sleeps. */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "http/exchange_priv.h"

bool
workers_hand(struct exchange *ex)
{
	struct http_server *s = ex->server;

	pthread_mutex_lock(&s->lock);
	bool room = s->queued < s->config.queue_max && !s->stopping;
	if (room) {
		/* Under the lock, so that no worker can be done before it sleeps. */
		ex->suspended = true;
		MHD_suspend_connection(ex->connection);
		*s->queue_tail = ex;
		s->queue_tail = &ex->next;
		s->queued++;
		s->busy++;
		pthread_cond_signal(&s->work);
	}
	pthread_mutex_unlock(&s->lock);
	return room;
}

/* The lock is held. */
static struct exchange *
take(struct http_server *s)
{
	while (s->queue == NULL && !s->stopping)
		pthread_cond_wait(&s->work, &s->lock);
	struct exchange *ex = s->queue;
	if (ex == NULL)
		return NULL;
	s->queue = ex->next;
	if (s->queue == NULL)
		s->queue_tail = &s->queue;
	ex->next = NULL;
	s->queued--;
	return ex;
}

static void *
work(void *arg)
{
	struct http_server *s = arg;
	struct exchange *ex;
	struct ctx cx;
	void *state = NULL;

	ctx_init(&cx, NULL);
	if (s->config.worker_open != NULL) {
		struct err *e = s->config.worker_open(&cx, s->config.app, &state);
		if (e != NULL)
			log_err(&cx, LOG_ERROR, "http", e);
	}
	pthread_mutex_lock(&s->lock);
	while ((ex = take(s)) != NULL) {
		pthread_mutex_unlock(&s->lock);
		ex->rq.worker = state;
		exchange_run(ex);
		http_complete(&ex->rq);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	if (s->config.worker_close != NULL)
		s->config.worker_close(state);
	ctx_close(&cx);
	return NULL;
}

void
http_complete(struct request *rq)
{
	struct exchange *ex = rq->exchange;
	struct http_server *s = ex->server;

	pthread_mutex_lock(&s->lock);
	ex->done = true;
	if (ex->suspended) {
		ex->suspended = false;
		MHD_resume_connection(ex->connection);
		if (--s->busy == 0)
			pthread_cond_broadcast(&s->idle);
	}
	pthread_mutex_unlock(&s->lock);
}

struct err *
workers_start(struct ctx *cx, struct http_server *s)
{
	for (; s->n_workers < s->config.workers; s->n_workers++)
		if (pthread_create(&s->workers[s->n_workers], NULL, work, s) != 0)
			return err_new(cx, ERR_UNAVAILABLE, "no thread for requests: %s",
			        strerror(errno));
	return NULL;
}

void
workers_stop(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_broadcast(&s->work);
	pthread_cond_broadcast(&s->idle);
	pthread_cond_broadcast(&s->tick);
	pthread_mutex_unlock(&s->lock);
	for (int i = 0; i < s->n_workers; i++)
		pthread_join(s->workers[i], NULL);
	s->n_workers = 0;
}
