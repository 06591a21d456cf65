/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is meant by a target at an instant, and "who would be paged": pure functions of the
 * snapshot and the instant, used by escalation, preview and the API alike.
 */
#ifndef ENGINE_TARGETS_H
#define ENGINE_TARGETS_H

#include "engine/engine.h"

struct person {
	const char *user_id;
	const char *because; /* text of the target that named the person */
};

struct people {
	struct person *items; /* each person once, by the first target that named them */
	size_t n, cap;
};

/* Adds the people of a target. Policies and channels add nobody here. A user that is gone and a
 * schedule with nobody add nobody. */
void target_people(struct ctx *cx, const struct snapshot *s, const struct target *t, usec_t at,
        struct people *people);

/* Whether the thing that it names is there. */
bool target_exists(const struct snapshot *s, const struct target *t);

/* When the answer for this target changes next because of the clock; USEC_NEVER if it does not.
 */
usec_t target_next_change(const struct snapshot *s, const struct target *t, usec_t at);

/* A list of targets as a JSON array of their texts, and back: how a run remembers whom its
 * present step pages. */
const char *targets_write(struct ctx *cx, const struct target *targets, size_t n);
MUST_USE struct err *targets_read(
        struct ctx *cx, const char *json, struct target **ret, size_t *ret_n);

/* Whom an incident goes to that nobody owns or nobody answered: the organisation's catch-all,
 * without one its owners. */
void catch_all_targets(
        struct ctx *cx, const struct snapshot *s, struct target **ret, size_t *ret_n);

/* Who would be paged if nobody answered. */
#define PREVIEW_CATCH_ALL (-1)
struct preview_page {
	usec_t at;
	int64_t step, round; /* from 0; PREVIEW_CATCH_ALL after the last */
	const char *user_id; /* NULL: nobody, see reason */
	const char *contact;
	const char *because;
	enum reason reason;
};
struct preview {
	const char *policy; /* NULL: the catch-all */
	const struct muting
	        *muting; /* holds paging back till its end, the last of several; or NULL */
	struct preview_page *pages;
	size_t n, cap;
	usec_t exhausted_at;
};

/* An incident that opens for a service at an instant. */
struct opening {
	const char *service;
	const char *integration; /* by which a signal came, or NULL */
	enum urgency urgency;
	usec_t at;
	bool by_hand; /* no window holds it back */
};
MUST_USE struct err *preview_service(
        struct ctx *cx, const struct snapshot *s, const struct opening *o, struct preview *ret);

/* The same for a policy (NULL: the catch-all alone), whatever service has it. */
void preview_policy(struct ctx *cx, const struct snapshot *s, const char *policy,
        enum urgency urgency, usec_t at, struct preview *ret);

#endif
