/* SPDX-License-Identifier: Apache-2.0 */
/* Signing people and programs in and out. */
#ifndef API_COOKIE_H
#define API_COOKIE_H

#include "api/app.h"

/* A browser takes a name with this prefix only from https and for this host alone. */
#define SESSION_COOKIE "tocsin_session"
#define SESSION_COOKIE_HTTPS "__Host-" SESSION_COOKIE

struct credentials {
	const char *email, *password;
};

/* Fills cx->actor from the bearer token or the cookie; leaves role NONE when there is neither
 * or it is worth nothing. For the server's configuration. */
MUST_USE struct err *app_authenticate(struct ctx *cx, struct request *rq);

/* What this request's sign-in may do. */
unsigned app_scopes(const struct request *rq);

/* Sets the cookie and cx->actor. ERR_DENIED with status 401. */
MUST_USE struct err *sign_in_by_password(
        struct ctx *cx, struct request *rq, struct response *rs, const struct credentials *c);
MUST_USE struct err *sign_in_by_link(
        struct ctx *cx, struct request *rq, struct response *rs, const char *secret);
MUST_USE struct err *cookie_sign_out(struct ctx *cx, struct request *rq, struct response *rs);

/* What wrong guesses of this request are counted under. NULL for an address that says nothing
 * of who it is: that of a proxy, or of this machine. */
const char *sign_in_door(struct ctx *cx, const struct request *rq);

#endif
