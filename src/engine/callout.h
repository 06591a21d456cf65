/* SPDX-License-Identifier: Apache-2.0 */
/* A person's own steps as a call follows them; also for previews. Of the engine's own files
 * only. */
#ifndef ENGINE_CALLOUT_H
#define ENGINE_CALLOUT_H

#include "engine/engine.h"

struct callout_step {
	const char *contact;
	int64_t after; /* from the start of the call */
};

struct callout_steps {
	struct callout_step *items;
	size_t n, cap;
};

/* The steps that a call to this person would follow now; n 0: there is no way to reach them. */
struct callout_steps callout_steps_of(
        struct ctx *cx, const struct user *user, enum urgency urgency);

#endif
