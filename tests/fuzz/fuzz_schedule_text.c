/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths of turns and windows of the week: what is read prints and reads back. */
#include "calendar/schedule.h"

#include "fuzz.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	char every_text[CAL_EVERY_TEXT_MAX], window_text[CAL_WINDOW_TEXT_MAX];
	struct cal_every every, every_again;
	struct cal_window w, again;

	(void)cx;
	if (cal_every_parse(in, &every)) {
		assert(every.n >= 1 && every.n <= CAL_EVERY_MAX);
		cal_every_print(every, every_text);
		assert(cal_every_parse(str_from(every_text), &every_again));
		assert(every.unit == every_again.unit && every.n == every_again.n);
	}
	if (cal_window_parse(in, &w)) {
		assert(w.weekdays != 0 && (w.weekdays & ~CAL_WEEKDAYS_ALL) == 0);
		assert(w.from >= 0 && w.from < CAL_MINUTES_A_DAY);
		assert(w.to >= 0 && w.to <= CAL_MINUTES_A_DAY);
		cal_window_print(w, window_text);
		assert(cal_window_parse(str_from(window_text), &again));
		assert(w.weekdays == again.weekdays && w.from == again.from
		        && w.to == again.to);
	}
}
