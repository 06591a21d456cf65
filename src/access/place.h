/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places that people sign in from: a network and a kind of browser. Who signs in from one that
 * was not theirs within a year is told of it, but not at the very first, when none is known.
 */
#ifndef ACCESS_PLACE_H
#define ACCESS_PLACE_H

#include "access/access.h"

#define PLACE_KNOWN_FOR DAYS(365)

/* "192.0.2.0/24 Mozilla/. (X; Linux x_; rv:.) Gecko/ Firefox/.": of the browser all but its
 * digits, so that a newer one is the same. */
const char *place_of(struct ctx *cx, const char *network, const char *agent);

/* Needs a write transaction, the person as the actor, and the session that was opened. */
MUST_USE struct err *place_signed_in(
        struct ctx *cx, struct engine *e, const struct session_open *o);

#endif
