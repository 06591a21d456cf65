/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is on call: a pure function of a schedule and an instant.
 *
 * A schedule is layers, the last listed that has somebody counts, and overrides above them all.
 * A layer takes its turns one after another from `start`, each for `every` of wall clock, and
 * may be limited to windows of the week.
 *
 * Rules of the clock. The k-th handoff is the wall clock `start + k * every`, read by the
 * zone's rules, whatever the unit: a daily handoff stays at 09:00, a 2-hour one on even hours;
 * a turn of one day is 23, 24 or 25 hours long. An ambiguous handoff is at its first reading, a
 * missing one at the first instant after the gap; an hourly turn wholly inside the gap is left
 * out, the turn before the repeated hour lasts through it. Months clamp to the month's end.
 * Layer ends and override edges are handoffs too; a window ends at the last reading of an
 * ambiguous clock, so that it never leaves a hole. Everything is half-open: start <= t < end.
 *
 * Turns count by the rotation alone; windows hide them, they do not hold them up.
 *
 * All structs are the caller's and are only read. Nothing here takes a lock or keeps state.
 */
#ifndef CALENDAR_SCHEDULE_H
#define CALENDAR_SCHEDULE_H

#include "calendar/civil.h"

struct cal_turn {
	const char *const *users; /* on call together; n 0 is an empty turn */
	size_t n;
};

enum cal_unit {
	CAL_MINUTE,
	CAL_HOUR,
	CAL_DAY,
	CAL_WEEK,
	CAL_MONTH,
	CAL_UNIT_MAX,
};

extern const char *const cal_unit_suffixes[CAL_UNIT_MAX]; /* "m" "h" "d" "w" "mo" */

#define CAL_EVERY_MAX 9000 /* units */

struct cal_every {
	enum cal_unit unit;
	int n; /* from 1 */
};

/* "30m", "12h", "1d", "2w", "1mo": one number, one unit. */
bool cal_every_parse(struct str text, struct cal_every *ret);

#define CAL_EVERY_TEXT_MAX 16
const char *cal_every_print(struct cal_every every, char out[CAL_EVERY_TEXT_MAX]); /* out */

#define CAL_WEEKDAYS_ALL 0x7fu
#define CAL_MINUTES_A_DAY 1440

#define CAL_WINDOW_TEXT_MAX 48

/* "daily", "mon-fri", "sat,sun", "fri-mon", and the canonical text of such. */
bool cal_weekdays_parse(struct str text, unsigned *ret);
const char *cal_weekdays_print(unsigned days, char out[CAL_WINDOW_TEXT_MAX]);

/*
 * Minutes of the day on some weekdays. One that ends before it begins, or when it begins (then
 * it is 24 hours), runs over midnight and belongs to the day it begins.
 */
struct cal_window {
	unsigned weekdays; /* bit 0 Monday */
	int from;          /* 0 to 1439 */
	int to;            /* 0 to 1440 */
};

/* "mon-fri 09:00-17:00", "daily 22:00-06:00", "sat,sun 00:00-24:00", "fri-mon 18:00-18:00". */
bool cal_window_parse(struct str text, struct cal_window *ret);

/* The canonical text: "daily" for all days, runs of three days and more with a dash. */
const char *cal_window_print(struct cal_window w, char out[CAL_WINDOW_TEXT_MAX]);

/* Dates of the calendar, such as holidays: days since 1970-01-01, sorted, no doubles. */
struct cal_dates {
	const int64_t *days;
	size_t n;
};

/* While a turn belongs to its rotation, in local seconds: from <= t < until. */
struct cal_stay {
	int64_t from, until; /* INT64_MIN, INT64_MAX: no limit */
};

/* A stretch of a rotation through which its turns are the same; see rotation.h. */
struct cal_era;

/*
 * How turns are counted. A turn that joins or leaves does not disturb the others: the rotation
 * goes on behind whoever holds it, and a turn whose holder leaves is the next one's at once.
 * `set_user` is on from `set_at` on, and the rotation goes on behind that turn.
 *
 * Rotations of days may count only some weekdays, and not the dates of `except`: the turn
 * before such a day lasts through it, so that nobody's turn is lost in a day that has none.
 */
struct cal_layer {
	const char *name;
	const struct cal_turn *turns;
	size_t n_turns; /* 0: nobody, ever */
	struct civil start;
	bool has_end;
	struct civil end;
	struct cal_every every;
	const struct cal_window *only;
	size_t n_only;                /* 0: always */
	const struct zone *zone;      /* NULL: the schedule's */
	const struct cal_stay *stays; /* one a turn; NULL: every turn for ever */
	const char *set_user;         /* NULL: nobody was set by hand */
	struct civil set_at;
	unsigned count;             /* weekdays that count; 0: all. For CAL_DAY only */
	struct cal_dates except;    /* windows that begin on these dates are closed */
	struct cal_dates during;    /* when there are some: windows of other dates are closed */
	const struct cal_era *eras; /* made by cal_layer_settle */
	size_t n_eras;
};

#define CAL_STAYS_MAX 100 /* turns of a layer that may have a stay of their own */

/* Once all else of the layer is set: what stays and set_user mean for its turns. */
void cal_layer_settle(struct arena *mem, struct cal_layer *l);

/*
 * Overrides are listed in the order they were made and applied in it. One that replaces a user
 * takes that user's duty wherever it is then: also when an earlier override has given it to
 * somebody else, because where two overlap the one made last counts. It does nothing where the
 * user has no duty. One that replaces everybody also covers a time that has nobody.
 *
 * Their edges are wall clocks where they are written, and instants here: an override holds from
 * the first reading of `from` on.
 */
enum cal_override_mode {
	CAL_REPLACE, /* `with` takes the duty of `replace` */
	CAL_ADD,     /* `with` is on duty too */
};

struct cal_override {
	const char *id;
	usec_t from, to;     /* from <= t < to */
	const char *replace; /* NULL: everybody */
	const char *with;    /* NULL: nobody */
	enum cal_override_mode mode;
};

/*
 * A time in which a user takes no turn. A turn whose people are all absent has nobody, so that
 * the layer under it counts. An override stands above it: whoever is named there is on.
 */
struct cal_absence {
	const char *user;
	usec_t from, to; /* from <= t < to */
	const char *id;  /* whose it is; NULL: nobody asks */
};

struct cal_schedule {
	const struct zone *zone;
	const struct cal_layer *layers;
	size_t n_layers;
	const struct cal_override *overrides;
	size_t n_overrides;
	const struct cal_absence *absences;
	size_t n_absences;
};

/* By whose clock a layer turns: its own, or its schedule's. */
const struct zone *cal_layer_zone(const struct cal_schedule *s, const struct cal_layer *l);

/* The ids on call at t, sorted, no doubles; n 0 is nobody. The ids are the schedule's strings,
 * the list is mem's. */
void oncall_at(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n);

/* Whether a layer names the user at all, now or at another time. */
bool cal_takes_turns(const struct cal_schedule *s, const char *user);

/* Everybody who takes turns at t in any layer: those who have left, have yet to come or are
 * absent do not. Sorted, no doubles, as above. */
void oncall_members(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n);

#define CAL_HORIZON DAYS(731) /* how far ahead a change is looked for */
#define CAL_STEPS_MAX 20000   /* boundaries looked at by one call, 2 to 40 ms */

/*
 * The first instant > t at which the set differs from that at t; USEC_NEVER if there is none
 * within CAL_HORIZON. After CAL_STEPS_MAX boundaries that changed nothing (a rotation by the
 * minute under an override of a year) the instant reached: ask again from there.
 */
usec_t oncall_next_change(const struct cal_schedule *s, usec_t t);

/*
 * The next set that is neither empty nor that of t, and the instant it comes on; n 0 and
 * USEC_NEVER if there is none within CAL_HORIZON. ret_at may be NULL.
 */
void oncall_who_next(struct arena *mem, const struct cal_schedule *s, usec_t t,
        const char *const **ret_users, size_t *ret_n, usec_t *ret_at);

/* A longest stretch through which the same people are on call, cut to what was asked for. */
struct cal_shift {
	usec_t start, end;
	const char *const *users; /* n 0: a gap in coverage */
	size_t n;
	bool cut_start, cut_end; /* it goes on before start, after end */
};

#define CAL_SHIFTS_MAX 20000

/*
 * The shifts of [from, to): they tile it, gaps included. Returns the instant up to which they
 * do: `to`, or less when there were more than CAL_SHIFTS_MAX.
 */
usec_t oncall_shifts(struct arena *mem, const struct cal_schedule *s, usec_t from, usec_t to,
        struct cal_shift **ret, size_t *ret_n);

#define CAL_GAPS_MAX 20000
#define CAL_GAP_STEPS_MAX 500000 /* boundaries looked at, a quarter of a second */

/*
 * The shifts of [from, to) that have nobody: those of oncall_shifts, found without looking at
 * handoffs from somebody to somebody. Returns the instant up to which it looked.
 */
usec_t oncall_gaps(struct arena *mem, const struct cal_schedule *s, usec_t from, usec_t to,
        struct cal_shift **ret, size_t *ret_n);

#endif
