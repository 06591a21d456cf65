/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that waits is a row, or of an alert that may expire a column of its own: a row of
 * these comes as a timer without an id. This runs what has fallen due, in order. */
#ifndef ENGINE_TIMERS_H
#define ENGINE_TIMERS_H

#include "engine/engine.h"

MUST_USE struct err *timer_set(struct ctx *cx, struct engine *e, struct timer t);
MUST_USE struct err *timer_cancel(struct ctx *cx, enum timer_kind kind, int64_t incident_id,
        int64_t ref_id); /* ref 0: all of that kind */

/* When the next one is due; USEC_NEVER for none. */
MUST_USE struct err *timers_next(struct ctx *cx, usec_t *ret);

/* Runs at most limit of those due now, oldest first; says how many it ran, and which was at
 * work when it failed. */
struct timers_run {
	int64_t limit;
	int64_t ran;
	struct timer at_work;
};
MUST_USE struct err *timers_fire(struct ctx *cx, struct engine *e, void *arg);

/* Puts a timer off that could not be run, so that it does not hold up the others: arg is the
 * struct timer. */
#define TIMER_PUT_OFF MINUTES(1)
MUST_USE struct err *timer_put_off(struct ctx *cx, struct engine *e, void *arg);

#endif
