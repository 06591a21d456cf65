/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ACTS_H
#define API_ACTS_H

#include "base/clock.h"
#include "base/err.h"

/* A snooze lasts until an instant or for a span, never both: sets *until of a span. */
MUST_USE struct err *snooze_until(struct ctx *cx, usec_t *until, usec_t span);

#endif
