/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens next: whom an incident that waits will page if nobody answers. It is the
 * engine's own decision (escalation_next, the targets, steps that reach nobody are passed)
 * taken for the instant at which the wait ends, with nothing written. Thousands of incidents
 * stand alike, so that an outlook is found once for all of them and holds until somebody else
 * comes on duty.
 */
#ifndef ENGINE_OUTLOOK_H
#define ENGINE_OUTLOOK_H

#include "engine/engine.h"

/* Where in its policy an incident waits, and until when. */
struct stand {
	const char *policy; /* NULL: none */
	int64_t policy_revision;
	int64_t step, round; /* as in struct run; step -1: it begins then */
	enum urgency urgency;
	usec_t ends_at;
	bool anew; /* paging begins then as for a new incident: after the policy's delay */
};

enum outlook_what { OUTLOOK_STEP, OUTLOOK_ROUND, OUTLOOK_CATCH_ALL, OUTLOOK_MAX };
extern const char *const outlook_names[OUTLOOK_MAX + 1];

struct outlook_target {
	const char *target; /* "schedule/core" */
	const char **users; /* who would be paged by it */
	size_t n;
};

struct outlook {
	size_t number;          /* from 0, in the order in which they were found */
	enum outlook_what what; /* a round: the first step once more */
	int64_t step, round, n_steps;
	usec_t delay; /* of the policy, after the end of the wait */
	bool in_turn; /* one of the targets, by turns */
	bool reaches; /* somebody; false: nobody will hear of it */
	struct outlook_target *whom;
	size_t n, cap;
	int64_t *passed; /* steps before it that would reach nobody */
	size_t n_passed, cap_passed;
	usec_t from, until;    /* of the end of the wait */
	struct outlook *other; /* the same stand at another time */
};

struct outlooks {
	struct ctx *cx;
	struct config *config;
	const struct snapshot *s; /* held by the caller */
	struct map by_stand;
	struct outlook **all;
	size_t n, cap;
};

void outlooks_init(
        struct outlooks *o, struct ctx *cx, struct config *config, const struct snapshot *s);
MUST_USE struct err *outlook_of(
        struct outlooks *o, const struct stand *st, const struct outlook **ret);

#endif
