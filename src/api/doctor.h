/* SPDX-License-Identifier: Apache-2.0 */
/* What would keep people from being paged, although the configuration compiles. */
#ifndef API_DOCTOR_H
#define API_DOCTOR_H

#include "config/snapshot.h"

/* {"items": [{"about": "user/alice", "finding": "has no contact..."}]} */
void doctor_write(struct ctx *cx, const struct snapshot *s, struct jsonw *w);

#endif
