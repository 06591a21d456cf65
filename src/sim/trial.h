/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scenario that a stranger wrote, run inside a server: in memory, without files, within
 * limits of its own (size, statements, virtual time, instants at which something is done), so
 * that no text can hold the server. What happened is told as data.
 */
#ifndef SIM_TRIAL_H
#define SIM_TRIAL_H

#include "config/config.h"

#define TRIAL_TEXT_MAX (64 * 1024)
#define TRIAL_STATEMENTS_MAX 300
#define TRIAL_SPAN_MAX DAYS(60)
#define TRIAL_LOOKS_MAX 4000

/* present: what `use present` applies. Writes one object: {"passed", "faults", "pages",
 * "events"}. Errors are of the surroundings; a text that does not hold or cannot be read is a
 * result. */
MUST_USE struct err *trial_run(
        struct ctx *cx, struct str text, const struct change_set *present, struct jsonw *w);

#endif
