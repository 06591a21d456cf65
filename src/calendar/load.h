/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the work of a schedule is shared: hours, nights and weekends of each person, and how even
 * that is. Nights and weekends are those of the schedule's zone: 22:00 to 06:00, and Saturday
 * and Sunday. Pure functions of a list of shifts.
 */
#ifndef CALENDAR_LOAD_H
#define CALENDAR_LOAD_H

#include "calendar/schedule.h"

#define LOAD_NIGHT_FROM 22 /* o'clock */
#define LOAD_NIGHT_TO 6

struct cal_load {
	const char *user;
	usec_t total, night, weekend;
	int64_t stretches;   /* times that duty began */
	usec_t longest;      /* of one stretch, through handoffs between others */
	usec_t longest_from; /* where it begins */
};

/* Everybody who takes turns or has a shift, sorted by user; also those with nothing. */
void oncall_load(struct arena *mem, const struct cal_schedule *s,
        const struct cal_shift *shifts, size_t n, struct cal_load **ret, size_t *ret_n);

/*
 * How even a share is, in percent: Jain's index, (sum x)^2 / (n * sum x^2). 100 when all have
 * the same, 100/n when one has it all, 100 when there is nothing.
 */
enum cal_share { CAL_SHARE_TOTAL, CAL_SHARE_NIGHT, CAL_SHARE_WEEKEND };
int oncall_fairness(const struct cal_load *loads, size_t n, enum cal_share share);

/* ---- two lists side by side ---- */

/* The shifts of some time, one after another. */
struct cal_tiling {
	const struct cal_shift *items;
	size_t n;
};

struct cal_difference {
	usec_t start, end;
	const char *const *before, *const *after;
	size_t n_before, n_after;
};

/* Where two tilings of the same time differ; neighbours that differ alike are one. */
void oncall_compare(struct arena *mem, const struct cal_tiling *before,
        const struct cal_tiling *after, struct cal_difference **ret, size_t *ret_n);

#endif
