/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deterministic core. Every change to the record is a function
 *
 *     (unit of work, engine, arguments) -> rows, events, pages
 *
 * that reads no clock but cx->clock, opens no socket and draws nothing at random. The same
 * functions run under the live writer (writer.h), under scenarios and in the simulator.
 *
 * A transaction of the engine is a turn: only one process at a time has it, and who finds that
 * another had it meanwhile reads ids and configuration anew (docs/decisions/).
 *
 * Use: engine_begin after the transaction began; any number of changes; engine_flush before the
 * commit; engine_committed or engine_rolled_back after it. One thread at a time.
 *
 * A change that fails with NOT_FOUND, CONFLICT, INVALID or DENIED has written nothing: it
 * decides before it writes. Any other error means that the transaction must be rolled back.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "config/config.h"
#include "engine/model.h"

/* What the ids of the next rows will be. */
struct engine_ids {
	int64_t signal, incident, alert, run, callout, page, timer, event, rejected;
};

struct engine {
	struct config *config;
	const struct snapshot *snapshot; /* the one this transaction works with */
	const char *node; /* which process this is, among those that share the database */
	struct engine_ids ids;
	bool ids_known;     /* false at start and after a roll-back */
	int64_t generation; /* of the newest turn that we know to be committed; 0: none yet */
	char org_chain[65]; /* newest hash of the organisation's chain */
	bool org_chain_changed;
	struct foresight
	        *foresight; /* what was read ahead in this transaction; NULL: nothing */
	int64_t hindsight,
	        hindsights; /* which reading of reports holds, 0: none; and how many */
	usec_t late_by;     /* how late the timer at work fires; 0 outside of timers */
	/* What the commit will have brought, for those who wait for it: */
	int64_t first_event;          /* number of the first event of this transaction */
	bool pages_queued;            /* there is something for the dispatcher */
	const struct plan *published; /* a configuration to publish after the commit */
};

void engine_init(struct engine *e, struct config *config);

/* Waits for the turn. */
MUST_USE struct err *engine_begin(struct ctx *cx, struct engine *e);
MUST_USE struct err *engine_flush(struct ctx *cx, struct engine *e);
void engine_committed(struct engine *e);
void engine_rolled_back(struct engine *e);

/* Between turns, in a read transaction: a revision that another process committed comes into
 * force here too. */
MUST_USE struct err *engine_look(struct ctx *cx, struct engine *e);

/* One change in a transaction of its own on db: begin, run, flush, commit, or roll back. For
 * the command line, scenarios and tests; the server batches through the writer. */
typedef struct err *engine_fn(struct ctx *cx, struct engine *e, void *arg);
MUST_USE struct err *engine_run(
        struct ctx *cx, struct engine *e, struct db *db, engine_fn *fn, void *arg);

/* Commits a planned configuration: rows, the event, and what waits on schedules looks again. */
MUST_USE struct err *engine_apply(struct ctx *cx, struct engine *e, const struct plan *plan);

#endif
