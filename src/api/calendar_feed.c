/* SPDX-License-Identifier: Apache-2.0 */
#include "api/calendar_feed.h"

#include "calendar/ical_write.h"

#define MONTHS_AHEAD 7
#define EVENTS_MAX 5000 /* of a feed: about 1 MB */

struct view {
	struct ctx *cx;
	const struct snapshot *s;
	const struct feed *f;
	const char *who; /* only this user's shifts; NULL: everybody's */
	struct buf *out;
	usec_t from, to, today;
	size_t events;
};

/* One stretch on a schedule: of one person, or of all who are on call together. */
struct stretch {
	const struct schedule *schedule;
	const char *who; /* id, or NULL */
	const char *names;
	usec_t start, end;
};

/* ---- one event ---- */

static void
put_alarms(const struct view *v, const struct stretch *st)
{
	struct str rest = str_from(v->f->reminders), word;
	char span[ICAL_SPAN_MAX];
	usec_t before;

	while ((word = str_word(&rest)).len > 0) {
		if (!duration_parse(word, &before))
			continue;
		ical_line(v->out, "BEGIN", "VALARM");
		ical_line(v->out, "ACTION", "DISPLAY");
		ical_text(v->out, "DESCRIPTION",
		        arena_printf(
		                &v->cx->mem, "You are on call soon: %s", st->schedule->c.name));
		ical_line(v->out, "TRIGGER",
		        arena_printf(&v->cx->mem, "-%s", ical_span(before, span)));
		ical_line(v->out, "END", "VALARM");
	}
}

/* What names an event stays when the people of a shift change: programs then change the event
 * instead of making another. */
static const char *
uid_of(const struct view *v, const struct stretch *st)
{
	return arena_printf(&v->cx->mem, "%s-%lld%s%s@tocsin", st->schedule->c.id,
	        (long long)(st->start / USEC_PER_SEC), st->who == NULL ? "" : "-",
	        st->who == NULL ? "" : st->who);
}

static void
put_event(struct view *v, const struct stretch *st)
{
	bool mine = v->who != NULL && strcmp(v->who, v->f->user_id) == 0;

	if (st->end <= v->today || v->events++ >= EVENTS_MAX)
		return;
	ical_line(v->out, "BEGIN", "VEVENT");
	ical_line(v->out, "UID", uid_of(v, st));
	ical_time(v->out, "DTSTAMP", v->today);
	ical_time(v->out, "DTSTART", st->start);
	ical_time(v->out, "DTEND", st->end);
	ical_text(v->out, "SUMMARY",
	        mine ? arena_printf(&v->cx->mem, "On call: %s", st->schedule->c.name)
	             : arena_printf(&v->cx->mem, "%s (%s)", st->names, st->schedule->c.name));
	ical_text(v->out, "DESCRIPTION",
	        arena_printf(
	                &v->cx->mem, "On call by %s: %s", st->schedule->c.name, st->names));
	ical_text(v->out, "CATEGORIES", "On call");
	ical_line(v->out, "TRANSP", "TRANSPARENT"); /* on call is not busy */
	if (mine)
		put_alarms(v, st);
	ical_line(v->out, "END", "VEVENT");
}

/* ---- one schedule ---- */

static const char *
name_of(const struct view *v, const char *id)
{
	const struct user *u = snapshot_user(v->s, id);

	return u == NULL ? id : u->c.name;
}

static const char *
names_of(const struct view *v, const struct cal_shift *shift)
{
	struct buf out = BUF_INIT(&v->cx->mem, 4096);

	for (size_t i = 0; i < shift->n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : ", ", name_of(v, shift->users[i]));
	return buf_cstr(&out);
}

static bool
has(const struct cal_shift *shift, const char *who)
{
	for (size_t i = 0; i < shift->n; i++)
		if (strcmp(shift->users[i], who) == 0)
			return true;
	return false;
}

/* A person stays on call while others come and go: that is one event. */
static void
put_own(struct view *v, const struct schedule *schedule, const struct cal_shift *shifts,
        size_t n)
{
	struct stretch st = {
		.schedule = schedule, .who = v->who, .names = name_of(v, v->who)
	};

	for (size_t i = 0; i < n; i++) {
		if (!has(&shifts[i], v->who))
			continue;
		st.start = shifts[i].start;
		while (i + 1 < n && has(&shifts[i + 1], v->who))
			i++;
		st.end = shifts[i].end;
		put_event(v, &st);
	}
}

static void
put_all(struct view *v, const struct schedule *schedule, const struct cal_shift *shifts,
        size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (shifts[i].n > 0)
			put_event(v,
			        &(struct stretch){ .schedule = schedule,
			                .names = names_of(v, &shifts[i]),
			                .start = shifts[i].start,
			                .end = shifts[i].end });
}

static void
put_schedule(struct view *v, const struct schedule *schedule)
{
	struct cal_shift *shifts;
	size_t n;

	(void)oncall_shifts(&v->cx->mem, &schedule->calendar, v->from, v->to, &shifts, &n);
	if (v->who != NULL)
		put_own(v, schedule, shifts, n);
	else
		put_all(v, schedule, shifts, n);
}

/* ---- the calendar ---- */

/* From the first of last month: a shift that is on keeps its beginning, and with it its UID. */
static void
set_window(struct view *v)
{
	struct civil now = civil_from_utc(zone_utc(), ctx_now(v->cx));
	struct civil month = { now.year, now.month, 1, 0, 0, 0 },
	             day = { now.year, now.month, now.day, 0, 0, 0 };

	v->today = civil_to_utc(zone_utc(), day, CIVIL_FIRST);
	v->from = civil_to_utc(zone_utc(), civil_add_months(month, -1), CIVIL_FIRST);
	v->to = civil_to_utc(zone_utc(), civil_add_months(month, MONTHS_AHEAD), CIVIL_FIRST);
}

static void
put_head(const struct view *v, const char *title)
{
	ical_line(v->out, "BEGIN", "VCALENDAR");
	ical_line(v->out, "VERSION", "2.0");
	ical_line(v->out, "PRODID", "-//Tocsin//On call//EN");
	ical_line(v->out, "CALSCALE", "GREGORIAN");
	ical_line(v->out, "METHOD", "PUBLISH");
	ical_text(v->out, "NAME", title);
	ical_text(v->out, "X-WR-CALNAME", title);
	ical_line(v->out, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
	ical_line(v->out, "X-PUBLISHED-TTL", "PT1H");
}

static void
put_schedules(struct view *v, const char *team)
{
	size_t n;
	const struct document *const *list = snapshot_list(v->s, KIND_SCHEDULE, &n);

	for (size_t i = 0; i < n; i++) {
		const struct schedule *schedule = snapshot_schedule(v->s, list[i]->id);
		if (team == NULL || str_null_safe_eq(schedule->team, team))
			put_schedule(v, schedule);
	}
}

static const char *
title_of(const struct view *v, const char *name)
{
	return arena_printf(&v->cx->mem, "On call: %s%s%s%s", name, v->f->own ? " (" : "",
	        v->f->own ? name_of(v, v->f->user_id) : "", v->f->own ? ")" : "");
}

bool
calendar_feed_write(
        struct ctx *cx, const struct snapshot *s, const struct feed *f, struct buf *out)
{
	struct view v = {
		.cx = cx, .s = s, .f = f, .who = f->own ? f->user_id : NULL, .out = out
	};
	struct str id = str_from(f->subject), kind = str_cut(&id, '/');
	const struct schedule *schedule = snapshot_schedule(s, id.p);
	const struct team *team = snapshot_team(s, id.p);
	const struct user *user = snapshot_user(s, id.p);

	set_window(&v);
	if (snapshot_user(s, f->user_id) == NULL)
		return false;
	if (str_is(kind, "schedule") && schedule != NULL) {
		put_head(&v, title_of(&v, schedule->c.name));
		put_schedule(&v, schedule);
	} else if (str_is(kind, "team") && team != NULL) {
		put_head(&v, title_of(&v, team->c.name));
		put_schedules(&v, team->c.id);
	} else if (str_is(kind, "user") && user != NULL) {
		v.who = user->c.id;
		put_head(&v, arena_printf(&cx->mem, "On call: %s", user->c.name));
		put_schedules(&v, NULL);
	} else {
		return false;
	}
	ical_line(out, "END", "VCALENDAR");
	return true;
}
