/* SPDX-License-Identifier: Apache-2.0 */
/* Sorted lists of dates. */
#ifndef CALENDAR_DATES_H
#define CALENDAR_DATES_H

#include "calendar/date.h"
#include "calendar/schedule.h"

/* How many of them are before a day. */
static inline size_t
dates_before(const struct cal_dates *d, int64_t day)
{
	size_t low = 0, high = d->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (d->days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline bool
dates_have(const struct cal_dates *d, int64_t day)
{
	size_t i = dates_before(d, day);

	return i < d->n && d->days[i] == day;
}

#endif
