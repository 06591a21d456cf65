/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one writer of a process: a thread that drains a bounded queue of commands, runs many of
 * them in one transaction and syncs once (group commit). A command is answered only after the
 * commit that holds it, so what was answered survives kill -9.
 *
 * Where the database lets commits and the disk overlap (db_commit_early), a thread beside the
 * writer waits for the disk and answers, while the next transaction runs (engine/settle.h). The
 * two never answer at the same time.
 *
 * A command runs with the unit of work of whoever submitted it: its memory, its actor, its
 * clock. The submitter must not touch that unit of work until the command is done.
 *
 * When a command fails after it wrote, or the commit fails, the transaction is rolled back and
 * the commands run again one by one, so that one bad command cannot hurt its neighbours. A
 * commit with unknown outcome is looked up by its id in commit_log and run again if it is not
 * there.
 *
 * While the database cannot be reached, the commands at work are tried again for
 * WRITER_PATIENCE; then they fail with ERR_UNAVAILABLE, and so does at its first try whatever
 * comes after them, until the database is back.
 */
#ifndef ENGINE_WRITER_H
#define ENGINE_WRITER_H

#include "engine/engine.h"

struct writer;

#define WRITER_PATIENCE SECONDS(8)

/* How far the batch has come with a command. */
enum command_state {
	COMMAND_WAITING,
	COMMAND_AT_WORK, /* in the transaction that is open, or whose commit got no answer */
	COMMAND_SETTLED, /* result is final */
};

struct command {
	struct ctx *cx;
	engine_fn *run;
	void *arg;
	struct err *result;                /* set before done is called; lives in cx */
	void (*done)(struct command *cmd); /* after the commit, on a thread of the writer's */
	void *owner;                       /* the submitter's own */
	struct command *next;
	enum command_state state;
};

struct writer_config {
	const char *db_url;
	const char *node; /* "": the only process on this database */
	size_t queue_max; /* commands waiting before submit refuses; default 10,000 */
	size_t batch_max; /* commands in a transaction; default 512 */
	/* How much work must wait, as long as it will take, before the disk is waited for
	 * beside it; default 2 ms: for less, the commits in between would cost more. */
	usec_t hurry;
	/* As command.done, after each commit that brought events; for SSE. */
	void (*on_events)(void *arg, int64_t first, int64_t last);
	/* Called after a commit that queued pages and in which nobody claimed them. */
	void (*on_pages)(void *arg);
	void *arg;
};

MUST_USE struct err *writer_start(struct ctx *cx, struct config *config,
        const struct writer_config *wc, struct writer **ret);

/* Finishes what is queued, then ends the thread. */
void writer_stop(struct writer *w);

/* False when the queue is full: answer 503. The command must live until done. */
bool writer_submit(struct writer *w, struct command *cmd);

/*
 * The command waits beside the queue until a transaction makes pages, and is run as the last of
 * it: what it does to them is committed together with them. One at a time. When a batch has to
 * be run one by one it is passed over, and on_pages is called as for nobody.
 */
void writer_stand_by(struct writer *w, struct command *cmd);

/* True: it still stood by, and is the caller's again. Else it is about to be done. */
bool writer_take_back(struct writer *w, struct command *cmd);

/* Submits and waits. ERR_UNAVAILABLE when the queue is full or the database cannot be written.
 */
MUST_USE struct err *writer_run(struct writer *w, struct ctx *cx, engine_fn *run, void *arg);

/* Another process has written: the writer reads what concerns it. Any thread. */
void writer_look(struct writer *w);

#define WRITER_TROUBLE_MAX 256

struct writer_stats {
	uint64_t commands, commits, failures;
	uint64_t turns;
	usec_t turn_waits; /* in all, for the turn to write */
	size_t queued;
	bool healthy;                     /* the last commit went well */
	char trouble[WRITER_TROUBLE_MAX]; /* why not */
	usec_t clock_step;                /* by how much the clock was last set; 0: never */
	usec_t clock_stepped_at;
	usec_t last_commit; /* instant */
	usec_t last_turn;   /* monotonic: when its thread last came round */
};
void writer_stats(struct writer *w, struct writer_stats *ret);

#endif
