/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between a commit and its answers stands the disk. A thread of its own waits for it, while the
 * writer runs the next transaction; that one is committed only when the first is settled, so at
 * most one is under way. What the disk refused stays with the writer, who tries again.
 */
#ifndef ENGINE_SETTLE_H
#define ENGINE_SETTLE_H

#include "engine/writer.h"

/* What a commit brought, to be told when it is on disk. */
struct brought {
	struct command *commands;
	size_t n;
	int64_t first_event, last_event; /* first > last: none */
	bool pages_queued;
};

struct settler_calls {
	/* It is on disk. On the settler's thread or on that of settler_wait, never on both at
	 * once. */
	void (*landed)(void *arg, const struct brought *b);
	/* It is not: the state is lost. On the settler's thread. */
	void (*lost)(void *arg, struct ctx *cx, const struct err *e);
	void *arg;
};

struct settler;

/* db: the writer's; both outlive the settler. The thread begins when there is first something
 * to wait for. */
struct settler *settler_new(struct db *db, struct settler_calls calls);
void settler_free(struct settler *s); /* settler_wait first */

/* The last commit is owed (db_commit_early) and brought this. None is under way. */
void settler_begin(struct settler *s, const struct brought *b);

/* Waits until none is under way; what was lost is tried again here. The writer's thread. */
MUST_USE struct err *settler_wait(struct ctx *cx, struct settler *s);

/* As far as the thread is concerned: without trying again. */
void settler_pause(struct settler *s);

bool settler_is_under_way(struct settler *s);
bool settler_is_lost(struct settler *s);

/* The commands of what was lost are the caller's again, to be refused: whether they took place
 * is not certain. What else it brought is told when the disk is well. */
struct command *settler_give_up(struct settler *s);

#endif
