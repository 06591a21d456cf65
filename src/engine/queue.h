/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for the writer: a bounded queue of commands, and one command that stands by beside
 * it. Any thread puts; the writer's alone takes.
 */
#ifndef ENGINE_QUEUE_H
#define ENGINE_QUEUE_H

#include <pthread.h>

#include "engine/writer.h"

struct queue {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct command *first, **last;
	struct command *standing; /* by; NULL: none */
	size_t waiting, max;
	bool closed; /* takes no more */
	bool woken;  /* since the writer last took */
};

void queue_init(struct queue *q, size_t max);
void queue_free(struct queue *q);

/* False: it is full or closed. */
bool queue_put(struct queue *q, struct command *cmd);

/* One at a time. queue_stood_by: whoever stood by, for the writer; NULL: nobody. */
void queue_stand_by(struct queue *q, struct command *cmd);
bool queue_take_back(struct queue *q, struct command *cmd);
struct command *queue_stood_by(struct queue *q);

/* The writer shall come round though no command waits. */
void queue_wake(struct queue *q);

/* Wakes it, too. What waits is still taken. */
void queue_close(struct queue *q);

/* Until a command waits, or the queue is woken or closed. False after at most `span`. */
bool queue_wait(struct queue *q, usec_t span);

/* Up to `max` commands, linked by next; NULL: none wait. */
struct command *queue_take(struct queue *q, size_t max, size_t *ret_n);

size_t queue_waiting(struct queue *q);
bool queue_is_closed(struct queue *q);

#endif
