/* SPDX-License-Identifier: Apache-2.0 */
/* One step of a walk through a policy: paging its targets, and handing off while it waits. Of
 * the engine's own files only. */
#ifndef ENGINE_STEP_H
#define ENGINE_STEP_H

#include "engine/incident.h"

#define POLICY_DEPTH_MAX 8 /* policies inside policies */

struct walk {
	struct ctx *cx;
	struct engine *e;
	struct incident *inc;
	struct run *run;
	bool unwritten; /* the run has no row yet: it gets one when it waits or ends */
	const struct policy *policy; /* as the run pinned it; NULL when it never was */
	usec_t late_by;              /* how long after its time this happens */
	int depth;
};

/* Says that the step begins and pages its targets. */
MUST_USE struct err *step_begin(
        struct walk *w, const struct policy_step *step, bool *ret_reached);

/* Pages targets as part of the run's present step; each person once. */
MUST_USE struct err *step_page(
        struct walk *w, const struct target *targets, size_t n, bool *ret_reached);

MUST_USE struct err *step_passed(struct walk *w);

/* Sets the timer for the next change of who is on call, if that comes before the step ends. */
MUST_USE struct err *step_arm_handoff(struct walk *w);

/* Pages who is on call now and was not called by this step yet; who went off duty meanwhile is
 * left alone once somebody new could be reached. */
MUST_USE struct err *step_handoff(struct walk *w);

/* In escalation.c: begins another policy below the walk's run. */
MUST_USE struct err *escalation_begin_below(
        struct walk *w, const char *policy, bool *ret_reached);

/* Writes the walk's run as it is now. */
MUST_USE struct err *run_store(struct walk *w);

#endif
