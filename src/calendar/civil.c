/* SPDX-License-Identifier: Apache-2.0 */
/* Civil time: its text, its arithmetic, and the way to instants and back. */
#include "calendar/civil.h"

#include <stdio.h>

#include "calendar/date.h"

bool
civil_valid(struct civil c)
{
	return c.year >= 1 && c.year <= CIVIL_YEAR_MAX && c.month >= 1 && c.month <= 12
	        && c.day >= 1 && c.day <= month_days(c.year, c.month) && c.hour >= 0
	        && c.hour <= 23 && c.minute >= 0 && c.minute <= 59 && c.second >= 0
	        && c.second <= 59;
}

/* Exactly `digits` digits, after the separator if there is one. */
static bool
take_number(struct str *s, char separator, size_t digits, int *ret)
{
	size_t skip = separator == '\0' ? 0 : 1;
	int n = 0;

	if (s->len < skip + digits || (skip == 1 && s->p[0] != separator))
		return false;
	for (size_t i = skip; i < skip + digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		n = n * 10 + s->p[i] - '0';
	}
	s->p += skip + digits;
	s->len -= skip + digits;
	*ret = n;
	return true;
}

static bool
take_clock(struct str *s, struct civil *c)
{
	char separator = s->p[0] == 'T' ? 'T' : ' ';

	if (!take_number(s, separator, 2, &c->hour) || !take_number(s, ':', 2, &c->minute))
		return false;
	return s->len == 0 || take_number(s, ':', 2, &c->second);
}

bool
civil_parse(struct str text, struct civil *ret)
{
	struct civil c = { 0 };

	if (!take_number(&text, '\0', 4, &c.year) || !take_number(&text, '-', 2, &c.month)
	        || !take_number(&text, '-', 2, &c.day))
		return false;
	if (text.len > 0 && !take_clock(&text, &c))
		return false;
	if (text.len > 0 || !civil_valid(c))
		return false;
	*ret = c;
	return true;
}

const char *
civil_print(struct civil c, char out[CIVIL_MAX])
{
	int len = snprintf(out, CIVIL_MAX, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
	        c.hour, c.minute);

	if (c.second != 0 && len > 0 && len < CIVIL_MAX)
		snprintf(out + len, (size_t)(CIVIL_MAX - len), ":%02d", c.second);
	return out;
}

const char *
date_print(int64_t day, char out[CIVIL_MAX])
{
	civil_print(civil_of_seconds(day * SECS_A_DAY), out);
	out[strcspn(out, " ")] = '\0';
	return out;
}

int
civil_compare(struct civil a, struct civil b)
{
	int64_t left = civil_seconds(a), right = civil_seconds(b);

	return (left > right) - (left < right);
}

int64_t
civil_seconds(struct civil c)
{
	return date_days(c.year, c.month, c.day) * SECS_A_DAY + c.hour * 3600 + c.minute * 60
	        + c.second;
}

struct civil
civil_of_seconds(int64_t local)
{
	struct date d = date_of_days(floor_div(local, SECS_A_DAY));
	int sec = (int)floor_mod(local, SECS_A_DAY);

	return (struct civil){
		.year = (int)d.year,
		.month = d.month,
		.day = d.day,
		.hour = sec / 3600,
		.minute = sec / 60 % 60,
		.second = sec % 60,
	};
}

int
civil_weekday(struct civil c)
{
	return weekday_of_days(date_days(c.year, c.month, c.day));
}

int
civil_month_days(int year, int month)
{
	return month_days(year, month);
}

struct civil
civil_add_days(struct civil c, int64_t days)
{
	return civil_of_seconds(civil_seconds(c) + days * SECS_A_DAY);
}

struct civil
civil_add_months(struct civil c, int64_t months)
{
	int64_t month = (int64_t)c.year * 12 + c.month - 1 + months;

	c.year = (int)floor_div(month, 12);
	c.month = (int)floor_mod(month, 12) + 1;
	if (c.day > month_days(c.year, c.month))
		c.day = month_days(c.year, c.month);
	return c;
}

usec_t
civil_to_utc(const struct zone *z, struct civil c, enum civil_which which)
{
	int64_t local = civil_seconds(c);

	return which == CIVIL_LAST ? zone_last(z, local) : zone_first(z, local);
}

struct civil
civil_from_utc(const struct zone *z, usec_t at)
{
	return civil_of_seconds(floor_div(at, USEC_PER_SEC) + zone_offset(z, at, NULL, NULL));
}

const char *
clock_text(struct arena *mem, const struct zone *z, usec_t at)
{
	struct civil c = civil_from_utc(z, at);
	const char *abbr;

	zone_offset(z, at, NULL, &abbr);
	return arena_printf(mem, "%04d-%02d-%02d %02d:%02d %s", c.year, c.month, c.day, c.hour,
	        c.minute, abbr);
}

const char *
clock_text_short(struct arena *mem, const struct zone *z, usec_t at)
{
	struct civil c = civil_from_utc(z, at);

	return arena_printf(mem, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}
