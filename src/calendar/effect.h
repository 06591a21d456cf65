/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an override changes anything, and if it does not, why: which later one covers it, or
 * what was so without it. All parts of one id are taken together. A pure function.
 */
#ifndef CALENDAR_EFFECT_H
#define CALENDAR_EFFECT_H

#include "calendar/schedule.h"

enum cal_effect {
	CAL_EFFECT,  /* somebody is on call, or is not, because of it */
	CAL_HIDDEN,  /* it would have an effect, but later ones take that away */
	CAL_NO_DUTY, /* whom it replaces has no duty then */
	CAL_ALREADY, /* who is on call then would be anyway */
	CAL_EFFECT_MAX,
};
extern const char *const cal_effect_names[CAL_EFFECT_MAX + 1];

struct cal_outcome {
	enum cal_effect effect;
	const struct cal_override *const *by; /* for CAL_HIDDEN: in the order they were made */
	size_t n;
};

/* Of the override at an index of the schedule's, within from <= t < to. It costs two calendars,
 * and two more for each later override that overlaps when there is no effect. */
struct cal_outcome cal_override_outcome(
        struct arena *mem, const struct cal_schedule *s, size_t i, usec_t from, usec_t to);

#endif
