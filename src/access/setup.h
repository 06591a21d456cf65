/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first owner of an empty server. Whoever can read what the server prints when it starts
 * may become it, once: the code is the installation's own, the same on every node and after a
 * restart, and is worth nothing as soon as anything has been configured, for a
 * configuration never goes back to revision 0.
 */
#ifndef ACCESS_SETUP_H
#define ACCESS_SETUP_H

#include "engine/engine.h"

#define SETUP_CODE_CHARS 12

static inline bool
setup_is_open(const struct snapshot *s)
{
	return snapshot_revision(s) == 0;
}

/* "7KQD-M2XA-9TBW", from a key of its own (KEY_BYTES). */
const char *setup_code(struct ctx *cx, const unsigned char *key);

/* In constant time; case, blanks and dashes do not matter. given may be NULL. */
bool setup_code_fits(const unsigned char *key, const char *given);

/* engine_fn; arg: const char *, what the wrong code is counted under (access.h: the door). */
MUST_USE struct err *setup_refused_run(struct ctx *cx, struct engine *e, void *arg);

struct setup_owner {
	const char *user_id; /* comes with the change of configuration that this goes with */
	const char *hash;    /* of the password */
};
/* engine_fn, in the transaction of that change: the password, and the event. */
MUST_USE struct err *setup_owner_run(struct ctx *cx, struct engine *e, void *arg);

#endif
