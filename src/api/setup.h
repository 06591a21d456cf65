/* SPDX-License-Identifier: Apache-2.0 */
/* Whether this server waits for its first owner, and the code that makes one. */
#ifndef API_SETUP_H
#define API_SETUP_H

#include "api/app.h"

bool setup_wanted(const struct request *rq);

/* NULL when it has been set up. */
const char *setup_code_of(struct ctx *cx, struct app *app);

#endif
