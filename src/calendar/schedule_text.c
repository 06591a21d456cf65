/* SPDX-License-Identifier: Apache-2.0 */
/* How rotations and windows are written: "2w", "mon-fri 09:00-17:00". */
#include <assert.h>
#include <stdio.h>

#include "calendar/schedule.h"

const char *const cal_unit_suffixes[] = {
	[CAL_MINUTE] = "m",
	[CAL_HOUR] = "h",
	[CAL_DAY] = "d",
	[CAL_WEEK] = "w",
	[CAL_MONTH] = "mo",
};
static_assert(NELEMS(cal_unit_suffixes) == CAL_UNIT_MAX, "a suffix for every unit");

static const char *const weekday_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
#define WEEKDAYS ((int)NELEMS(weekday_names))

bool
cal_every_parse(struct str text, struct cal_every *ret)
{
	size_t digits = 0;
	int64_t n;

	while (digits < text.len && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	if (!str_int((struct str){ text.p, digits }, &n) || n < 1 || n > CAL_EVERY_MAX)
		return false;
	for (int unit = 0; unit < CAL_UNIT_MAX; unit++) {
		struct str suffix = { text.p + digits, text.len - digits };
		if (!str_is(suffix, cal_unit_suffixes[unit]))
			continue;
		*ret = (struct cal_every){ (enum cal_unit)unit, (int)n };
		return true;
	}
	return false;
}

const char *
cal_every_print(struct cal_every every, char out[CAL_EVERY_TEXT_MAX])
{
	snprintf(out, CAL_EVERY_TEXT_MAX, "%d%s", every.n, cal_unit_suffixes[every.unit]);
	return out;
}

static bool
weekday_parse(struct str text, int *ret)
{
	for (int i = 0; i < WEEKDAYS; i++) {
		if (str_is(text, weekday_names[i])) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* "mon" or "fri-mon", which runs over the week's end. */
static bool
weekday_range_parse(struct str text, unsigned *days)
{
	int first, last;
	bool range = memchr(text.p, '-', text.len) != NULL;

	if (!weekday_parse(str_cut(&text, '-'), &first))
		return false;
	last = first;
	if (range && !weekday_parse(text, &last))
		return false;
	for (int d = first;; d = (d + 1) % WEEKDAYS) {
		*days |= BIT(d);
		if (d == last)
			return true;
	}
}

bool
cal_weekdays_parse(struct str text, unsigned *ret)
{
	unsigned days = 0;

	if (text.len > 0 && text.p[text.len - 1] == ',')
		return false;
	if (str_is(text, "daily"))
		days = CAL_WEEKDAYS_ALL;
	else if (text.len == 0)
		return false;
	else
		while (text.len > 0) {
			if (!weekday_range_parse(str_cut(&text, ','), &days))
				return false;
		}
	*ret = days;
	return true;
}

/* "09:00" in minutes; most is 1440 where "24:00" is allowed. */
static bool
clock_parse(struct str text, int most, int *ret)
{
	int64_t h, m;

	if (text.len != 5 || text.p[2] != ':' || text.p[0] == '-' || text.p[3] == '-'
	        || !str_int((struct str){ text.p, 2 }, &h)
	        || !str_int((struct str){ text.p + 3, 2 }, &m))
		return false;
	if (m > 59 || h * 60 + m > most)
		return false;
	*ret = (int)(h * 60 + m);
	return true;
}

bool
cal_window_parse(struct str text, struct cal_window *ret)
{
	struct cal_window w;

	text = str_trim(text);
	struct str days = str_word(&text);
	text = str_trim(text);
	struct str from = str_cut(&text, '-');
	if (!cal_weekdays_parse(days, &w.weekdays)
	        || !clock_parse(from, CAL_MINUTES_A_DAY - 1, &w.from)
	        || !clock_parse(text, CAL_MINUTES_A_DAY, &w.to))
		return false;
	*ret = w;
	return true;
}

/* One run of neighbouring days from `day` on; returns the day after it. */
static int
print_run(unsigned days, int day, char *out, size_t max)
{
	int end = day;
	size_t len = strlen(out);
	const char *comma = len > 0 ? "," : "";

	while (end < WEEKDAYS && (days & BIT(end)) != 0)
		end++;
	if (end - day >= 3) {
		snprintf(out + len, max - len, "%s%s-%s", comma, weekday_names[day],
		        weekday_names[end - 1]);
		return end;
	}
	snprintf(out + len, max - len, "%s%s", comma, weekday_names[day]);
	return day + 1;
}

const char *
cal_weekdays_print(unsigned days, char out[CAL_WINDOW_TEXT_MAX])
{
	out[0] = '\0';
	if ((days & CAL_WEEKDAYS_ALL) == CAL_WEEKDAYS_ALL)
		snprintf(out, CAL_WINDOW_TEXT_MAX, "daily");
	else
		for (int d = 0; d < WEEKDAYS;) {
			if ((days & BIT(d)) == 0)
				d++;
			else
				d = print_run(days, d, out, CAL_WINDOW_TEXT_MAX);
		}
	return out;
}

const char *
cal_window_print(struct cal_window w, char out[CAL_WINDOW_TEXT_MAX])
{
	size_t len = strlen(cal_weekdays_print(w.weekdays, out));

	snprintf(out + len, CAL_WINDOW_TEXT_MAX - len, " %02d:%02d-%02d:%02d", w.from / 60,
	        w.from % 60, w.to / 60, w.to % 60);
	return out;
}
