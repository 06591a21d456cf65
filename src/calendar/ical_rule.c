/* SPDX-License-Identifier: Apache-2.0 */
/* The occurrences of one event: its own, those of its rules and its further dates, without the
 * excepted ones and those that other events stand for. */
#include <strings.h>

#include "calendar/date.h"
#include "calendar/ical_priv.h"

struct expansion {
	struct ical_reading *r;
	const struct ical_event *e;
	const struct ical_moved *moved;
	size_t n_moved;
	struct ical_clock *except;
	size_t n_except, cap_except;
	int64_t nominal; /* wall-clock seconds from start to end */
	const char *summary;
	const char *const *people;
	size_t n_people;
};

/* ---- who and what ---- */

static const char *
address_of(struct ctx *cx, const char *attendee)
{
	struct str s = str_from(attendee);

	if (s.len > 7 && strncasecmp(s.p, "mailto:", 7) == 0)
		s = (struct str){ s.p + 7, s.len - 7 };
	return str_dup(&cx->mem, str_trim(s));
}

#define PEOPLE_MAX 100

static void
read_people(struct expansion *x)
{
	const char **people = ARENA_ARRAY(&x->r->cx->mem, PEOPLE_MAX, const char *);
	icalcomponent *c = x->e->component;

	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ATTENDEE_PROPERTY);
	        p != NULL && x->n_people < PEOPLE_MAX;
	        p = icalcomponent_get_next_property(c, ICAL_ATTENDEE_PROPERTY)) {
		icalparameter *type = icalproperty_get_first_parameter(
		                      p, ICAL_CUTYPE_PARAMETER),
		              *answer = icalproperty_get_first_parameter(
		                      p, ICAL_PARTSTAT_PARAMETER);
		bool thing = type != NULL
		        && (icalparameter_get_cutype(type) == ICAL_CUTYPE_ROOM
		                || icalparameter_get_cutype(type) == ICAL_CUTYPE_RESOURCE);
		bool declined = answer != NULL
		        && icalparameter_get_partstat(answer) == ICAL_PARTSTAT_DECLINED;
		const char *attendee = icalproperty_get_attendee(p);
		if (!thing && !declined && attendee != NULL)
			people[x->n_people++] = address_of(x->r->cx, attendee);
	}
	x->people = people;
}

static void
read_summary(struct expansion *x)
{
	icalproperty *p =
	        icalcomponent_get_first_property(x->e->component, ICAL_SUMMARY_PROPERTY);
	const char *text = p == NULL ? NULL : icalproperty_get_summary(p);

	x->summary = text == NULL
	        ? ""
	        : str_dup(&x->r->cx->mem, utf8_clip(str_trim(str_from(text)), 1000));
	if (!utf8_valid(str_from(x->summary)))
		x->summary = "";
}

/* ---- exceptions ---- */

static void
read_exceptions(struct expansion *x)
{
	icalcomponent *c = x->e->component;
	struct ical_clock clock;

	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_EXDATE_PROPERTY);
	        p != NULL && x->n_except < ICAL_DATES_MAX;
	        p = icalcomponent_get_next_property(c, ICAL_EXDATE_PROPERTY)) {
		if (!ical_clock_of(x->r, p, icalproperty_get_exdate(p), &clock))
			continue;
		if (clock.zone == NULL)
			clock.zone = x->e->start.zone;
		ARENA_PUSH(&x->r->cx->mem, x->except, x->n_except, x->cap_except) = clock;
	}
}

static bool
same_day(struct civil a, struct civil b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

static bool
is_excepted(const struct expansion *x, const struct ical_clock *at, usec_t instant)
{
	for (size_t i = 0; i < x->n_except; i++)
		if (x->except[i].date ? same_day(x->except[i].c, at->c)
		                      : ical_instant(&x->except[i]) == instant)
			return true;
	for (size_t i = 0; i < x->n_moved; i++)
		if (x->moved[i].id == instant && strcmp(x->moved[i].uid, x->e->uid) == 0)
			return true;
	return false;
}

/* ---- one occurrence ---- */

static struct err *
hand_out(struct expansion *x, struct ical_clock at, int64_t nominal, usec_t exact)
{
	struct ical_reading *r = x->r;
	struct ical_clock end = at;
	usec_t start = ical_instant(&at);
	int64_t last = civil_seconds(at.c) + nominal;

	if (last > civil_seconds((struct civil){ CIVIL_YEAR_MAX, 12, 31, 23, 59, 59 }))
		return NULL;
	end.c = civil_of_seconds(last);
	struct ical_occurrence o = { .start = start,
		.end = ical_instant(&end) + exact,
		.all_day = at.date,
		.first_day = floor_div(civil_seconds(at.c), SECS_A_DAY),
		.end_day = floor_div(last + SECS_A_DAY - 1, SECS_A_DAY),
		.summary = x->summary,
		.people = x->people,
		.n_people = x->n_people,
		.uid = x->e->uid,
		.line = x->e->line };
	if (o.end <= o.start || o.end <= r->window.from || o.start >= r->window.to
	        || (!x->e->has_id && is_excepted(x, &at, start)))
		return NULL;
	if (r->out->n >= ICAL_OCCURRENCES_MAX)
		return err_new(r->cx, ERR_LIMIT,
		        "the calendar has more than %d occurrences in that time",
		        ICAL_OCCURRENCES_MAX);
	ARENA_PUSH(&r->cx->mem, r->out->items, r->out->n, r->out->cap) = o;
	return NULL;
}

/* ---- rules ---- */

struct rule {
	struct icalrecurrencetype recur;
	bool has_until;
	struct ical_clock until;
	bool until_utc;
};

/* UNTIL is compared by our clocks, not by libical's. */
static void
take_until(const struct ical_event *e, struct rule *rule)
{
	struct icaltimetype t = rule->recur.until;

	rule->has_until = !icaltime_is_null_time(t);
	rule->until_utc = icaltime_is_utc(t);
	rule->until = (struct ical_clock){
		.c = { t.year, t.month, t.day, t.is_date ? 23 : t.hour,
		        t.is_date ? 59 : t.minute, t.is_date ? 59 : t.second },
		.zone = rule->until_utc ? zone_utc() : e->start.zone,
	};
	if (rule->until.c.second > 59)
		rule->until.c.second = 59;
	if (rule->has_until && !civil_valid(rule->until.c))
		rule->has_until = false;
	rule->recur.until = icaltime_null_time();
}

static bool
is_past_until(const struct rule *rule, const struct ical_clock *at, usec_t instant)
{
	if (!rule->has_until)
		return false;
	if (at->date || !rule->until_utc)
		return civil_compare(at->c, rule->until.c) > 0;
	return instant > ical_instant(&rule->until);
}

/* "The 30th of February": libical looks for it through all the years that it knows. */
static struct err *
barren(struct ical_reading *r)
{
	if (++r->barren <= ICAL_BARREN_MAX)
		return NULL;
	return err_new(r->cx, ERR_LIMIT,
	        "the calendar has more than %d rules that never happen", ICAL_BARREN_MAX);
}

static struct err *
walk(struct expansion *x, const struct rule *rule, icalrecur_iterator *it)
{
	struct ical_reading *r = x->r;

	for (size_t steps = 0;; steps++) {
		struct icaltimetype t = icalrecur_iterator_next(it);
		struct ical_clock at = x->e->start;
		at.c = (struct civil){ t.year, t.month, t.day, t.hour, t.minute, t.second };
		if (icaltime_is_null_time(t) || !civil_valid(at.c))
			return steps > 1 ? NULL : barren(r);
		if (at.date)
			at.c.hour = at.c.minute = at.c.second = 0;
		usec_t instant = ical_instant(&at);
		if (instant >= r->window.to || is_past_until(rule, &at, instant))
			return NULL;
		if (steps >= ICAL_STEPS_MAX || ++r->steps >= ICAL_ALL_STEPS_MAX) {
			ical_note_add(r, x->e, false,
			        "its rule was followed for as far as is allowed");
			return NULL;
		}
		if (civil_compare(at.c, x->e->start.c) != 0)
			TRY(hand_out(x, at, x->nominal, x->e->exact));
	}
}

static struct err *
expand_rule(struct expansion *x, icalproperty *p)
{
	struct rule rule = { .recur = icalproperty_get_rrule(p) };
	struct civil c = x->e->start.c;
	struct icaltimetype start = icaltime_null_time();

	if (rule.recur.freq > ICAL_YEARLY_RECURRENCE || rule.recur.rscale != NULL) {
		ical_note_add(x->r, x->e, true, "its rule cannot be understood");
		return NULL;
	}
	start.year = c.year;
	start.month = c.month;
	start.day = c.day;
	start.hour = c.hour;
	start.minute = c.minute;
	start.second = c.second;
	start.is_date = x->e->start.date;
	take_until(x->e, &rule);
	icalrecur_iterator *it = icalrecur_iterator_new(rule.recur, start);
	if (it == NULL) {
		ical_note_add(x->r, x->e, true, "its rule cannot be understood");
		return NULL;
	}
	struct err *e = walk(x, &rule, it);
	icalrecur_iterator_free(it);
	return e;
}

/* Whether some rule of the event is one that is refused: then the event is, all of it. */
static bool
is_refused(icalcomponent *c)
{
	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
	        p != NULL; p = icalcomponent_get_next_property(c, ICAL_RRULE_PROPERTY))
		if (icalproperty_get_rrule(p).freq < ICAL_DAILY_RECURRENCE)
			return true;
	return false;
}

/* ---- further dates ---- */

static struct err *
expand_date(struct expansion *x, icalproperty *p)
{
	struct icaldatetimeperiodtype d = icalproperty_get_rdate(p);
	bool period = icaltime_is_null_time(d.time);
	struct ical_clock at, end;

	if (!ical_clock_of(x->r, p, period ? d.period.start : d.time, &at))
		return NULL;
	if (at.zone == NULL)
		at.zone = x->e->start.zone;
	at.date = x->e->start.date;
	if (!period)
		return hand_out(x, at, x->nominal, x->e->exact);
	if (ical_clock_of(x->r, p, d.period.end, &end))
		return hand_out(x, at, civil_seconds(end.c) - civil_seconds(at.c), 0);
	int64_t seconds = icaldurationtype_as_int(d.period.duration);
	return seconds > 0 ? hand_out(x, at, 0, SECONDS(seconds)) : NULL;
}

static struct err *
expand_dates(struct expansion *x)
{
	icalcomponent *c = x->e->component;
	size_t n = 0;

	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_RDATE_PROPERTY);
	        p != NULL && n < ICAL_DATES_MAX;
	        p = icalcomponent_get_next_property(c, ICAL_RDATE_PROPERTY), n++)
		TRY(expand_date(x, p));
	return NULL;
}

struct err *
ical_expand(struct ical_reading *r, const struct ical_event *e, const struct ical_moved *moved,
        size_t n_moved)
{
	struct expansion x = { .r = r, .e = e, .moved = moved, .n_moved = n_moved };
	icalcomponent *c = e->component;

	x.nominal = civil_seconds(e->end.c) - civil_seconds(e->start.c);
	read_summary(&x);
	read_people(&x);
	read_exceptions(&x);
	if (is_refused(c)) {
		ical_note_add(r, e, true,
		        "a rule below DAILY (HOURLY, MINUTELY, SECONDLY) is refused");
		return NULL;
	}
	TRY(hand_out(&x, e->start, x.nominal, e->exact));
	/* An event that stands for one of a series has no series of its own. */
	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
	        p != NULL && !e->has_id;
	        p = icalcomponent_get_next_property(c, ICAL_RRULE_PROPERTY))
		TRY(expand_rule(&x, p));
	return e->has_id ? NULL : expand_dates(&x);
}
