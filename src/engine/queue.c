/* SPDX-License-Identifier: Apache-2.0 */
/* A list behind a lock, and a condition to wait for it by. */
#include "engine/queue.h"

#include <assert.h>

void
queue_init(struct queue *q, size_t max)
{
	*q = (struct queue){ .max = max };
	q->last = &q->first;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->wake, NULL);
}

void
queue_free(struct queue *q)
{
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->wake);
}

bool
queue_put(struct queue *q, struct command *cmd)
{
	pthread_mutex_lock(&q->lock);
	bool room = q->waiting < q->max && !q->closed;
	if (room) {
		cmd->next = NULL;
		cmd->state = COMMAND_WAITING;
		*q->last = cmd;
		q->last = &cmd->next;
		q->waiting++;
		pthread_cond_signal(&q->wake);
	}
	pthread_mutex_unlock(&q->lock);
	return room;
}

void
queue_stand_by(struct queue *q, struct command *cmd)
{
	cmd->next = NULL;
	cmd->state = COMMAND_WAITING;
	pthread_mutex_lock(&q->lock);
	assert(q->standing == NULL);
	q->standing = cmd;
	pthread_mutex_unlock(&q->lock);
}

bool
queue_take_back(struct queue *q, struct command *cmd)
{
	pthread_mutex_lock(&q->lock);
	bool stood = q->standing == cmd;
	if (stood)
		q->standing = NULL;
	pthread_mutex_unlock(&q->lock);
	return stood;
}

struct command *
queue_stood_by(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	struct command *cmd = q->standing;
	q->standing = NULL;
	pthread_mutex_unlock(&q->lock);
	return cmd;
}

static void
rouse(struct queue *q, bool *flag)
{
	pthread_mutex_lock(&q->lock);
	*flag = true;
	pthread_cond_signal(&q->wake);
	pthread_mutex_unlock(&q->lock);
}

void
queue_wake(struct queue *q)
{
	rouse(q, &q->woken);
}

void
queue_close(struct queue *q)
{
	rouse(q, &q->closed);
}

static bool
has_reason(const struct queue *q)
{
	return q->first != NULL || q->woken || q->closed;
}

bool
queue_wait(struct queue *q, usec_t span)
{
	pthread_mutex_lock(&q->lock);
	if (!has_reason(q))
		(void)clock_cond_wait(&q->wake, &q->lock, span);
	bool yes = has_reason(q);
	pthread_mutex_unlock(&q->lock);
	return yes;
}

struct command *
queue_take(struct queue *q, size_t max, size_t *ret_n)
{
	size_t n = 0;

	pthread_mutex_lock(&q->lock);
	struct command *head = q->first, **end = &head;
	while (*end != NULL && n < max) {
		end = &(*end)->next;
		n++;
	}
	q->first = *end;
	if (q->first == NULL)
		q->last = &q->first;
	*end = NULL;
	q->waiting -= n;
	q->woken = false;
	pthread_mutex_unlock(&q->lock);
	*ret_n = n;
	return head;
}

size_t
queue_waiting(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	size_t n = q->waiting;
	pthread_mutex_unlock(&q->lock);
	return n;
}

bool
queue_is_closed(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	bool closed = q->closed;
	pthread_mutex_unlock(&q->lock);
	return closed;
}
