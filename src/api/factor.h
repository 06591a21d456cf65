/* SPDX-License-Identifier: Apache-2.0 */
/* Setting up a second factor, for the API and the plain page. */
#ifndef API_FACTOR_H
#define API_FACTOR_H

#include "access/factor.h"
#include "api/app.h"

struct factor_shown {
	const char *secret; /* as people type it */
	const char *uri;    /* otpauth://..., what the code holds */
	const char *svg;    /* the QR code; "" when the address is too long for one */
};

/* All three are for a person signed in with a browser: ERR_DENIED for a token. */

/* A new secret for whoever is signed in, who has to have shown lately that it is they
 * (app_proved). */
MUST_USE struct err *factor_begin(struct ctx *cx, struct request *rq, struct factor_shown *ret);

/* What they began and have not confirmed. */
MUST_USE struct err *factor_to_show(
        struct ctx *cx, struct request *rq, struct factor_shown *ret);

/* t->code by whoever is signed in; ERR_DENIED when it is not right. */
MUST_USE struct err *factor_confirm(struct ctx *cx, struct request *rq, struct factor_try *t);

#endif
