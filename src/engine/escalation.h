/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An incident walking through its policy until somebody answers. A step pages its targets and
 * then has its wait to be answered, counted from when it really began. A step that reaches
 * nobody is passed at once. After the last step come further rounds; then the incident is
 * exhausted and the organisation's catch-all is paged, once.
 */
#ifndef ENGINE_ESCALATION_H
#define ENGINE_ESCALATION_H

#include "engine/engine.h"

/* What comes after a step: the pure decision. */
enum next_what { NEXT_STEP, NEXT_ROUND, NEXT_EXHAUSTED };
struct next {
	enum next_what what;
	int64_t step, round;
};
struct next escalation_next(const struct policy *p, int64_t step, int64_t round);

/* Stops whatever runs for the incident and begins its policy: the delay, then step 1. An
 * incident without a policy pages the catch-all. The caller stores inc afterwards. */
MUST_USE struct err *escalation_begin(struct ctx *cx, struct engine *e, struct incident *inc);

/* Stops runs, callouts, unsent pages and timers; each person who would still have been paged
 * gets an event with the reason. acks_by: who answered, or NULL. */
MUST_USE struct err *escalation_stop(struct ctx *cx, struct engine *e, struct incident *inc,
        enum reason why, const char *answered_by);

/* Somebody acknowledged: as above, but where the step asks for more people to answer, the
 * others are still called until that many have. */
MUST_USE struct err *escalation_answered(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *answered_by);

/* The next step begins now, by hand: with today's policy. From the top when nothing is left. */
MUST_USE struct err *escalation_by_hand(struct ctx *cx, struct engine *e, struct incident *inc);

/* After an acknowledgement was given back: from the step that it had stopped. */
MUST_USE struct err *escalation_resume(struct ctx *cx, struct engine *e, struct incident *inc);

/* The target is paged as a step of its own, with the present step's wait. */
MUST_USE struct err *escalation_reassign(
        struct ctx *cx, struct engine *e, struct incident *inc, const struct target *t);

/* Timers. */
MUST_USE struct err *escalation_step_due(
        struct ctx *cx, struct engine *e, const struct timer *t);
MUST_USE struct err *escalation_handoff(
        struct ctx *cx, struct engine *e, const struct timer *t);

/* A callout of the run's present step has reached nobody: if that was the last hope of the
 * step, the next begins. */
MUST_USE struct err *escalation_unreached(
        struct ctx *cx, struct engine *e, struct incident *inc, int64_t run_id);

/* After a new configuration: every waiting step that pages a schedule looks again who is on
 * call. */
MUST_USE struct err *escalation_look_again(struct ctx *cx, struct engine *e);

#endif
