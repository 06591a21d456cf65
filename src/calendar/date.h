/* SPDX-License-Identifier: Apache-2.0 */
/* Days and dates of the Gregorian calendar, for any year that the time types can hold. */
#ifndef CALENDAR_DATE_H
#define CALENDAR_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define SECS_A_DAY 86400

struct date {
	int64_t year;
	int month, day; /* from 1 */
};

/* Days since 1970-01-01. The month must be 1 to 12; the day may be any. */
int64_t date_days(int64_t year, int month, int64_t day);
struct date date_of_days(int64_t days);

bool year_is_leap(int64_t year);
int month_days(int64_t year, int month);

/* 0 is Monday. */
int weekday_of_days(int64_t days);

/* Quotient and remainder that round towards minus infinity; b > 0. */
static inline int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static inline int64_t
floor_mod(int64_t a, int64_t b)
{
	return a - floor_div(a, b) * b;
}

#endif
