/* SPDX-License-Identifier: Apache-2.0 */
/* Many commands in one transaction: the group commit under writer.c. The writer's thread
 * only. */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "engine/writer.h"

struct batch {
	struct ctx cx; /* of the writer's own work: begin, timers, commit */
	struct engine engine;
	struct db *db;
	struct command *commands; /* in the order they came; one that stood by is the last */
	usec_t next_due;          /* of timers, known after each commit; 0: look */
	bool probe;       /* commit even when there is nothing to: to see whether it works */
	bool timers_sick; /* the last batch with timers failed: run them one by one */
	char commit_id[33];
	unsigned commits; /* begun so far */
	bool in_doubt;    /* the commit with commit_id got no answer */
	bool reachable;   /* the last begin went well */
	struct err *trouble;
	uint64_t turns;
	usec_t turn_waits;
	int looks_ahead; /* how often in this transaction */
	/* A command that would be the last of a transaction that made pages; or NULL. */
	struct command *(*stand_in)(void *arg);
	/* Before each commit: waits until the one before is on disk. May be NULL. */
	struct err *(*settled)(void *arg);
	/* Whether others wait already: then they run while the disk is waited for. */
	bool (*hurried)(void *arg);
	void *arg; /* of these three */
	/* What the last commit brought. */
	int64_t first_event, last_event; /* first > last: none */
	bool pages_queued;
	bool owed; /* it is not on disk yet: nobody may be answered (db_commit_early) */
};

/* Runs the commands and the timers that are due, commits, and sets every command's result.
 * Returns the error that kept the batch from being committed, if nothing could be. After
 * ERR_UNAVAILABLE it may be called again with the same commands: those that were committed, or
 * turn out to have been, are not run again. A commit that is owed was the only one. */
MUST_USE struct err *batch_run(struct batch *b);

/* Another process has written: its configuration comes into force, and next_due is its timers'
 * too. */
MUST_USE struct err *batch_look(struct batch *b);

#endif
