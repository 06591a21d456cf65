/* SPDX-License-Identifier: Apache-2.0 */
/* The set of people on call at one moment: the layers' turn, after the overrides. */
#ifndef CALENDAR_DUTY_H
#define CALENDAR_DUTY_H

#include "calendar/schedule.h"

/* An instant and what the schedule's clock reads then. */
struct moment {
	usec_t t;
	struct zone_reading clock;
};

struct people {
	const char *const *ids; /* sorted, no doubles */
	size_t n;
};

struct moment moment_at(const struct cal_schedule *s, usec_t t);

/* The people on call; the list is mem's. */
struct people people_at(
        struct arena *mem, const struct cal_schedule *s, const struct moment *now);

bool people_equal(struct people a, struct people b);

/* The next instant at which people_at may be different; USEC_NEVER when it stays for good. */
usec_t people_next(const struct cal_schedule *s, const struct moment *now);

/* The next instant at which it may be different whether there are any. */
usec_t people_next_cover(const struct cal_schedule *s, const struct moment *now);

#endif
