/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was committed in a world, transaction by transaction: instant, process, commands, and
 * how many timers fell due. Played to an empty database without any fault it must give the same
 * rows: nothing that happened depends on anything that is not in the record of commands.
 */
#ifndef SIM_TAPE_H
#define SIM_TAPE_H

#include "engine/writer.h"

struct world;
struct tape;

/* Records what is committed in w from now on. Lives in w's memory until world_close. */
struct tape *tape_start(struct world *w);
void tape_end(struct tape *t);

/* A command about to be run: goes onto the tape when its transaction is committed. */
struct traced {
	struct tape *tape;
	engine_fn *run;
	void *arg;
	void *arg_before; /* a copy: the engine writes results into arguments */
};
void tape_trace(struct tape *t, struct traced *traced, struct command *cmd);

/* A plan on the tape is freed with it. */
void tape_keep_plan(struct tape *t, struct plan *plan);

/* Plays the tape; *ret_digest is of the rows that it gives. */
MUST_USE struct err *tape_play(struct ctx *cx, const struct tape *t, const char **ret_digest);

/* Of all rows of the record, in hex. Needs cx->tx. */
MUST_USE struct err *record_digest(struct ctx *cx, const char **ret);

#endif
