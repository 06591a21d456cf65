/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The turns of a rotation, by arithmetic. Handoffs are numbered from 0, the start; the turn of
 * each number follows from the era that it lies in.
 */
#ifndef CALENDAR_ROTATION_H
#define CALENDAR_ROTATION_H

#include "calendar/schedule.h"

/*
 * Eras part the life of a rotation where a turn joins or leaves, or somebody is set by hand.
 * An era has a turn list of its own, and knows whose turn it began with.
 */
struct cal_era {
	int64_t since;  /* local seconds */
	int64_t number; /* of the handoff at or before `since` */
	size_t first;   /* index into turns of the turn that is on then */
	const struct cal_turn *turns;
	size_t n_turns;
	bool differ; /* handoffs change something */
	bool all;    /* every turn has somebody */
};

/* The era at a wall clock that is not before the layer's start. */
struct cal_era rotation_era(const struct cal_layer *l, int64_t local);

/* The turn that is on then; n 0 where the era has none. */
struct cal_turn rotation_turn(const struct cal_layer *l, int64_t local);

/* Local seconds of the next handoff after a wall clock. */
int64_t rotation_next(const struct cal_layer *l, int64_t local);

/* Local seconds at which the next era begins; INT64_MAX: this is the last. */
int64_t rotation_next_era(const struct cal_layer *l, int64_t local);

#endif
