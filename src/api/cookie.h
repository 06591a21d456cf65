/* SPDX-License-Identifier: Apache-2.0 */
/* Signing people and programs in and out. */
#ifndef API_COOKIE_H
#define API_COOKIE_H

#include "api/app.h"

/* A browser takes a name with this prefix only from https and for this host alone. */
#define SESSION_COOKIE "tocsin_session"
#define SESSION_COOKIE_HTTPS "__Host-" SESSION_COOKIE

#define CODE_BYTES_MAX 64 /* of the second factor, as somebody may write it */

struct credentials {
	const char *email, *password;
	const char *code; /* of the second factor, or NULL */
	bool in_steps; /* the code may come later, by sign_in_by_code: pages ask for it then */
};

/* What was sent last counts for so long when something is to be done that a borrowed browser
 * must not do. */
#define PROVED_WITHIN MINUTES(10)

/* Fills cx->actor from the bearer token or the cookie; leaves role NONE when there is neither
 * or it is worth nothing. For the server's configuration. */
MUST_USE struct err *app_authenticate(struct ctx *cx, struct request *rq);

/* What this request's sign-in may do. */
unsigned app_scopes(const struct request *rq);

/* Sets the cookie and cx->actor. ERR_DENIED with status 401. In steps, the cookie may be one
 * that still awaits the code: *ret_awaits. */
MUST_USE struct err *sign_in_by_password(struct ctx *cx, struct request *rq,
        struct response *rs, const struct credentials *c, bool *ret_awaits);
MUST_USE struct err *sign_in_by_link(struct ctx *cx, struct request *rq, struct response *rs,
        const char *secret, bool *ret_awaits);

/* The second step. ERR_NOT_FOUND when no cookie awaits a code. */
MUST_USE struct err *sign_in_by_code(
        struct ctx *cx, struct request *rq, struct response *rs, const char *code);
MUST_USE struct err *sign_in_awaits(struct ctx *cx, struct request *rq, bool *ret);

/* ERR_DENIED with the field /proof when whoever uses this session has not shown lately who they
 * are; a token is proof of itself, and so is a session of who has neither password nor second
 * factor. */
MUST_USE struct err *app_proved(struct ctx *cx, struct request *rq);

/* Shows it, by what of both they have. What is wrong counts as at the door. */
MUST_USE struct err *prove(
        struct ctx *cx, struct request *rq, const char *password, const char *code);
MUST_USE struct err *cookie_sign_out(struct ctx *cx, struct request *rq, struct response *rs);

/* What wrong guesses of this request are counted under. NULL for an address that says nothing
 * of who it is: that of a proxy, or of this machine. */
const char *sign_in_door(struct ctx *cx, const struct request *rq);

/* The pieces of a sign-in: whether that address has to wait; a password, or by fn a code of
 * the second factor, which count for their user and for the address; and any other refusal e,
 * which counts for the address. */
struct factor_try;
MUST_USE struct err *sign_in_door_check(struct ctx *cx, const struct request *rq);
MUST_USE struct err *sign_in_password_check(
        struct ctx *cx, struct request *rq, const char *user, const char *password);
MUST_USE struct err *sign_in_code_check(
        struct ctx *cx, struct request *rq, engine_fn *fn, struct factor_try *t);
MUST_USE struct err *sign_in_counted(struct ctx *cx, struct request *rq, struct err *e);

#endif
