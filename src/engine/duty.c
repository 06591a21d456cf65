/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look at all schedules. Each handoff between a little while ago and the longest lead ahead
 * is asked whether its time to be told has come; a row keeps it from being told twice.
 */
#include "engine/duty.h"

#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

#define LOOK_BACK HOURS(1) /* a handoff during an outage is still told that long after */
#define LOOK_AGAIN DAYS(1) /* also when nothing is due */
#define HANDOFFS_MAX 200   /* of one schedule, in one look */
#define REMEMBER DAYS(60)  /* what was said */
#define NOTES_BACK DAYS(7) /* notes that a notice carries */
#define NOTES_SHOWN 5
#define SUMMARY_BACK HOURS(12) /* a summary later than that is left out */
#define SUMMARY_HOUR 9
#define SUMMARY_AHEAD DAYS(14)
#define LINES_MAX 100

static const struct db_col duty_note_cols[] = {
	DB_COL(struct duty_note, id),
	DB_COL(struct duty_note, at),
	DB_COL(struct duty_note, schedule),
	DB_COL(struct duty_note, author),
	DB_COL(struct duty_note, text),
};
const struct db_row duty_note_row = DB_ROW(struct duty_note, duty_note_cols);

struct look {
	struct ctx *cx;
	struct engine *e;
	const struct schedule *schedule;
	usec_t now, next; /* next: when the next thing is due */
};

static void
due_at(struct look *l, usec_t at)
{
	if (at > l->now && at < l->next)
		l->next = at;
}

/* Whether it falls to us to say it: true once. */
static struct err *
once(struct look *l, const char *about, const char *what, usec_t at, bool *ret)
{
	TRY(db_exec(l->cx, &q_duty_said_add, DB_ARGS(l->schedule->c.id, about, what, at)));
	*ret = l->cx->tx->changes > 0;
	return NULL;
}

static const char *
because(struct look *l)
{
	return arena_printf(&l->cx->mem, "schedule/%s", l->schedule->c.id);
}

static const char *
user_name(struct look *l, const char *id)
{
	const struct user *u = snapshot_user(l->e->snapshot, id);

	return u == NULL ? id : u->c.name;
}

static const char *
names(struct look *l, const char *const *ids, size_t n)
{
	struct buf out = BUF_INIT(&l->cx->mem, 4096);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : ", ", user_name(l, ids[i]));
	return n == 0 ? "nobody" : buf_cstr(&out);
}

/* ---- handoffs ---- */

struct handoff {
	usec_t at;
	const char *const *before, *const *after;
	size_t n_before, n_after;
};

static const struct zone *
zone_of(struct look *l, const char *user)
{
	const struct user *u = snapshot_user(l->e->snapshot, user);

	return snapshot_zone(l->e->snapshot, u == NULL ? NULL : u->zone, l->schedule->team);
}

static struct err *
add_notes(struct look *l, const struct zone *z, struct buf *out)
{
	struct duty_note *notes;
	size_t n;

	TRY(duty_notes(l->cx, l->schedule->c.id, l->now - NOTES_BACK, NOTES_SHOWN, &notes, &n));
	if (l->schedule->handoff.note != NULL)
		buf_printf(out, "\n%s\n", l->schedule->handoff.note);
	for (size_t i = n; i-- > 0;)
		buf_printf(out, "\n%s, %s: %s\n", notes[i].author,
		        clock_text(&l->cx->mem, z, notes[i].at), notes[i].text);
	return NULL;
}

static struct err *
tell_on(struct look *l, const struct handoff *h, const char *user)
{
	const struct zone *z = zone_of(l, user);
	struct buf text = BUF_INIT(&l->cx->mem, 32 * 1024);
	usec_t until = oncall_next_change(&l->schedule->calendar, h->at);

	buf_printf(&text, "You are on call for schedule %s from %s", l->schedule->c.name,
	        clock_text(&l->cx->mem, z, h->at));
	if (until != USEC_NEVER)
		buf_printf(&text, " until %s", clock_text(&l->cx->mem, z, until));
	buf_printf(&text, ".\nBefore you: %s.\n", names(l, h->before, h->n_before));
	TRY(add_notes(l, z, &text));
	return notice_send(l->cx, l->e,
	        &(struct notice){ .user_id = user,
	                .because = because(l),
	                .title = arena_printf(&l->cx->mem, "You go on call for %s at %s",
	                        l->schedule->c.name, clock_text(&l->cx->mem, z, h->at)),
	                .text = buf_cstr(&text) });
}

static struct err *
tell_off(struct look *l, const struct handoff *h, const char *user)
{
	const struct zone *z = zone_of(l, user);

	return notice_send(l->cx, l->e,
	        &(struct notice){ .user_id = user,
	                .because = because(l),
	                .title = arena_printf(
	                        &l->cx->mem, "You go off call for %s", l->schedule->c.name),
	                .text = arena_printf(&l->cx->mem,
	                        "Your time on call for schedule %s ends at %s. After you: %s.",
	                        l->schedule->c.name, clock_text(&l->cx->mem, z, h->at),
	                        names(l, h->after, h->n_after)) });
}

static bool
listed(const char *const *ids, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(ids[i], id) == 0)
			return true;
	}
	return false;
}

static struct err *
coming_on(struct look *l, const struct handoff *h, const char *user)
{
	const struct user *u = snapshot_user(l->e->snapshot, user);
	usec_t when = h->at - (u == NULL ? 0 : u->handoff.lead);
	bool ours;

	due_at(l, when);
	if (when > l->now)
		return NULL;
	TRY(once(l, user, "on", h->at, &ours));
	return ours ? tell_on(l, h, user) : NULL;
}

static struct err *
going_off(struct look *l, const struct handoff *h, const char *user)
{
	bool ours;

	due_at(l, h->at);
	if (h->at > l->now)
		return NULL;
	TRY(once(l, user, "off", h->at, &ours));
	return ours ? tell_off(l, h, user) : NULL;
}

static struct err *
one_handoff(struct look *l, const struct handoff *h)
{
	for (size_t i = 0; i < h->n_after; i++) {
		if (!listed(h->before, h->n_before, h->after[i]))
			TRY(coming_on(l, h, h->after[i]));
	}
	for (size_t i = 0; i < h->n_before; i++) {
		if (!listed(h->after, h->n_after, h->before[i]))
			TRY(going_off(l, h, h->before[i]));
	}
	return NULL;
}

static struct err *
look_at_handoffs(struct look *l)
{
	const struct cal_schedule *cal = &l->schedule->calendar;
	struct handoff h = { .at = l->now - LOOK_BACK };

	oncall_at(&l->cx->mem, cal, h.at, &h.after, &h.n_after);
	for (int i = 0; i < HANDOFFS_MAX; i++) {
		usec_t at = oncall_next_change(cal, h.at);
		if (at == USEC_NEVER || at > l->now + DUTY_LEAD_MAX)
			return NULL;
		struct handoff next = { .at = at, .before = h.after, .n_before = h.n_after };
		oncall_at(&l->cx->mem, cal, at, &next.after, &next.n_after);
		TRY(one_handoff(l, &next));
		h = next;
	}
	due_at(l, h.at); /* there are more: look on from here */
	return NULL;
}

/* ---- the summary ---- */

static usec_t
monday(const struct zone *z, usec_t at, int weeks)
{
	struct civil c = civil_from_utc(z, at);

	c = civil_add_days(c, -civil_weekday(c) + 7 * weeks);
	c.hour = SUMMARY_HOUR;
	c.minute = c.second = 0;
	return civil_to_utc(z, c, CIVIL_FIRST);
}

static void
summary_lines(struct look *l, const struct cal_shift *shifts, size_t n, struct buf *out)
{
	const struct zone *z = l->schedule->calendar.zone;

	for (size_t i = 0; i < n && i < LINES_MAX; i++)
		buf_printf(out, "%s to %s: %s\n", clock_text(&l->cx->mem, z, shifts[i].start),
		        clock_text(&l->cx->mem, z, shifts[i].end),
		        names(l, shifts[i].users, shifts[i].n));
	if (n > LINES_MAX)
		buf_printf(out, "and %zu more\n", n - LINES_MAX);
}

static const char *
summary_text(struct look *l)
{
	const struct cal_schedule *cal = &l->schedule->calendar;
	struct buf out = BUF_INIT(&l->cx->mem, 64 * 1024);
	struct cal_shift *list;
	size_t n;

	buf_puts(&out, "This week:\n");
	(void)oncall_shifts(&l->cx->mem, cal, l->now, l->now + DAYS(7), &list, &n);
	summary_lines(l, list, n, &out);
	(void)oncall_gaps(&l->cx->mem, cal, l->now, l->now + SUMMARY_AHEAD, &list, &n);
	buf_printf(&out, "\n%s\n",
	        n == 0 ? "No gap in the next two weeks."
	               : "Nobody is on call in the next two weeks at:");
	summary_lines(l, list, n, &out);
	return buf_cstr(&out);
}

static struct err *
send_summary(struct look *l)
{
	const struct target *to = &l->schedule->handoff.summary;
	struct people people = { 0 };
	struct notice n = { .because = because(l),
		.title =
		        arena_printf(&l->cx->mem, "On call this week: %s", l->schedule->c.name),
		.text = summary_text(l) };

	if (to->kind == TARGET_CHANNEL) {
		n.channel = to->id;
		n.because = target_print(&l->cx->mem, to);
		return notice_send(l->cx, l->e, &n);
	}
	target_people(l->cx, l->e->snapshot, to, l->now, &people);
	for (size_t i = 0; i < people.n; i++) {
		n.user_id = people.items[i].user_id;
		TRY(notice_send(l->cx, l->e, &n));
	}
	return NULL;
}

static struct err *
look_at_summary(struct look *l)
{
	const struct zone *z = l->schedule->calendar.zone;
	usec_t at = monday(z, l->now, 0);
	bool ours;

	if (at > l->now) {
		due_at(l, at);
		at = monday(z, l->now, -1);
	}
	due_at(l, monday(z, l->now, 1));
	if (l->now - at > SUMMARY_BACK)
		return NULL;
	TRY(once(l, "", "summary", at, &ours));
	return ours ? send_summary(l) : NULL;
}

/* ---- all of them ---- */

static struct err *
look_at(struct look *l)
{
	if (l->schedule->handoff.notice)
		TRY(look_at_handoffs(l));
	if (l->schedule->handoff.summary.id != NULL)
		TRY(look_at_summary(l));
	return NULL;
}

static bool
tells(const struct schedule *s)
{
	return s->handoff.notice || s->handoff.summary.id != NULL;
}

static struct err *
arm(struct ctx *cx, struct engine *e, usec_t at)
{
	return timer_set(cx, e, (struct timer){ .kind = TIMER_DUTY, .due_at = at });
}

struct err *
duty_due(struct ctx *cx, struct engine *e, const struct timer *t)
{
	size_t n;
	const struct document *const *list = snapshot_list(e->snapshot, KIND_SCHEDULE, &n);
	struct look l = { .cx = cx, .e = e, .now = ctx_now(cx) };

	(void)t;
	l.next = l.now + LOOK_AGAIN;
	for (size_t i = 0; i < n; i++) {
		l.schedule = snapshot_schedule(e->snapshot, list[i]->id);
		if (tells(l.schedule))
			TRY(look_at(&l));
	}
	TRY(db_post(cx, &q_duty_said_forget, DB_ARGS(l.now - REMEMBER)));
	return arm(cx, e, l.next);
}

struct err *
duty_look_again(struct ctx *cx, struct engine *e)
{
	size_t n;
	const struct document *const *list = snapshot_list(e->snapshot, KIND_SCHEDULE, &n);

	TRY(db_post(cx, &q_timer_drop_kind, DB_ARGS(timer_kind_names[TIMER_DUTY])));
	for (size_t i = 0; i < n; i++) {
		if (tells(snapshot_schedule(e->snapshot, list[i]->id)))
			return arm(cx, e, ctx_now(cx));
	}
	return NULL;
}

/* ---- notes ---- */

struct err *
duty_note_add(struct ctx *cx, struct engine *e, void *arg)
{
	struct duty_note *note = arg;
	struct engine_count next;

	TRY(db_one(cx, &q_duty_note_next_id, DB_NO_ARGS, &next));
	note->id = next.n;
	note->at = ctx_now(cx);
	note->author = cx->actor.id == NULL ? "system" : cx->actor.id;
	TRY(db_exec(cx, &q_duty_note_add,
	        DB_ARGS(note->id, note->at, note->schedule, note->author, note->text)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "duty.noted",
	                .data = event_data(
	                        cx, "schedule", note->schedule, "text", note->text, NULL) });
}

struct err *
duty_notes(struct ctx *cx, const char *schedule, usec_t since, int64_t limit,
        struct duty_note **ret, size_t *ret_n)
{
	return db_list(cx, &q_duty_notes_since, DB_ARGS(schedule, since, limit), ret, ret_n);
}
