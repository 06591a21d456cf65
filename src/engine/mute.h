/* SPDX-License-Identifier: Apache-2.0 */
/* Maintenance windows: an incident that one covers is muted, a fact about it, until the window
 * is over. Then its policy begins, unless it was settled. */
#ifndef ENGINE_MUTE_H
#define ENGINE_MUTE_H

#include "engine/engine.h"

/* As escalation_begin, for what no person asked for. integration: through which it came; NULL:
 * the one of its newest alert. */
MUST_USE struct err *escalation_begin_unless_muted(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *integration);

/* Somebody settled it, or pages by hand. The caller stores inc. */
MUST_USE struct err *mute_end(struct ctx *cx, struct incident *inc);

/* A timer. */
MUST_USE struct err *mute_over(struct ctx *cx, struct engine *e, const struct timer *t);

/* After a new configuration: every muted incident looks again. */
MUST_USE struct err *mute_look_again(struct ctx *cx);

#endif
