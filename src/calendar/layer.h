/* SPDX-License-Identifier: Apache-2.0 */
/* One layer of a schedule: whose turn it is, and when that may next be different. */
#ifndef CALENDAR_LAYER_H
#define CALENDAR_LAYER_H

#include "calendar/schedule.h"

/* The turn at what the clock reads; n 0 before the start, after the end, outside the windows.
 */
struct cal_turn layer_turn(const struct cal_layer *l, struct zone_reading now);

/* The next instant at which layer_turn may be different; USEC_NEVER when it stays for good. */
usec_t layer_next(const struct cal_layer *l, const struct zone *z, struct zone_reading now);

/* The same for whether it has somebody: handoffs from one to another do not count. */
usec_t layer_next_cover(
        const struct cal_layer *l, const struct zone *z, struct zone_reading now);

#endif
