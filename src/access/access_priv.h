/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_ACCESS_PRIV_H
#define ACCESS_ACCESS_PRIV_H

#include "access/access.h"

#define SECRET_BYTES 24

/* ERR_NOT_FOUND when there is no such user. */
MUST_USE struct err *access_user(struct ctx *cx, const struct engine *e, const char *user_id);

#endif
