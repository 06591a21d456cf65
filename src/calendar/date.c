/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates by arithmetic: a year counts from March, so that the leap day is its last and months
 * are a linear function of the day; 400 such years are one era of 146097 days.
 */
#include "calendar/date.h"

#include <assert.h>

#define ERA_DAYS 146097
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t
date_days(int64_t year, int month, int64_t day)
{
	assert(month >= 1 && month <= 12);

	int64_t y = year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	int64_t day_of_era =
	        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - EPOCH_DAYS + day - 1;
}

struct date
date_of_days(int64_t days)
{
	int64_t era = floor_div(days + EPOCH_DAYS, ERA_DAYS);
	int64_t doe = days + EPOCH_DAYS - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int from_march = (int)((5 * doy + 2) / 153);
	int month = from_march + (from_march < 10 ? 3 : -9);

	return (struct date){
		.year = yoe + era * 400 + (month <= 2),
		.month = month,
		.day = (int)(doy - (153 * from_march + 2) / 5) + 1,
	};
}

bool
year_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
month_days(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	assert(month >= 1 && month <= 12);
	return days[month - 1] + (month == 2 && year_is_leap(year));
}

int
weekday_of_days(int64_t days)
{
	return (int)floor_mod(days + 3, 7); /* 1970-01-01 was a Thursday */
}
