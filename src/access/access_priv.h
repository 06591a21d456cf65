/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_ACCESS_PRIV_H
#define ACCESS_ACCESS_PRIV_H

#include "access/access.h"

#define SECRET_BYTES 24

/* How long to wait after so many wrong ones: none while `free` are not used up, then 1, 2, 4...
 * seconds, up to a quarter of an hour. */
usec_t guess_wait(int64_t failures, int64_t free);

/* access_hash() with a key as config_key() gives it; NULL: with none. */
const char *access_hash_keyed(struct ctx *cx, const unsigned char *key, const char *text);

/* ERR_NOT_FOUND when there is no such user. */
MUST_USE struct err *access_user(struct ctx *cx, const struct engine *e, const char *user_id);

/* Tells a person what was done to their way in, by their contact for notices: it may not have
 * been they. Only of what came through the server: whoever works on the database with the
 * command line sets up a house, in which nobody can be reached yet. */
MUST_USE struct err *access_tell(struct ctx *cx, struct engine *e, const char *user_id,
        const char *title, const char *text);

/* ---- recovery codes, for the second factor ---- */

struct factor;
MUST_USE struct err *recovery_make(
        struct ctx *cx, struct engine *e, const struct factor *f, const char **ret_codes);
/* Spends it. */
MUST_USE struct err *recovery_use(struct ctx *cx, struct engine *e, const struct factor *f,
        const char *given, bool *ret_right);

#endif
