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

/* What whoever is signed in began and has not confirmed. */
MUST_USE struct err *factor_to_show(
        struct ctx *cx, struct request *rq, struct factor_shown *ret);

/* t->code by whoever is signed in; ERR_DENIED when it is not right. */
MUST_USE struct err *factor_confirm(struct ctx *cx, struct request *rq, struct factor_try *t);

#endif
