/* SPDX-License-Identifier: Apache-2.0 */
/* When an open swap is said again, and to whom. */
#include "engine/duty.h"
#include "engine/rows.h"
#include "engine/swap.h"
#include "engine/timeline.h"

/* Before it begins. An offer that is younger than a quarter of that has just been read. */
static const usec_t leads[] = { DAYS(7), DAYS(2), HOURS(12) };
#define JUST_ASKED 4

#define NIGHT_FROM 22
#define NIGHT_TO 8
#define EVENING 20

/* Never later, so that a reminder is never too late for it. */
static usec_t
by_day(const struct zone *z, usec_t at)
{
	struct civil c = civil_from_utc(z, at);

	if (c.hour >= NIGHT_TO && c.hour < NIGHT_FROM)
		return at;
	if (c.hour < NIGHT_TO)
		c = civil_add_days(c, -1);
	c.hour = EVENING;
	c.minute = c.second = 0;
	return civil_to_utc(z, c, CIVIL_FIRST);
}

usec_t
swap_reminder_after(const struct swap *s, const struct zone *z, usec_t after)
{
	usec_t begin = s->from_at < s->expires_at ? s->from_at : s->expires_at;

	for (size_t i = 0; i < NELEMS(leads); i++) {
		usec_t at = by_day(z, begin - leads[i]);
		if (at > after && at >= s->created_at + leads[i] / JUST_ASKED)
			return at;
	}
	return USEC_NEVER;
}

/* The one; or all who share the schedule and are there then. */
static bool
is_asked(const struct snapshot *snap, const struct swap *s, const char *user)
{
	const struct schedule *schedule = snapshot_schedule(snap, s->schedule);

	if (s->offered_to != NULL)
		return strcmp(s->offered_to, user) == 0;
	return schedule != NULL && strcmp(s->user_id, user) != 0
	        && snapshot_shares(snap, schedule, user)
	        && !snapshot_away(snap, user, s->from_at, s->to_at);
}

struct err *
swap_remind(struct ctx *cx, struct engine *e, const struct swap *s)
{
	const char *at = clock_text(&cx->mem, swap_zone(e, s), s->from_at);
	size_t n;
	const struct document *const *users = snapshot_list(e->snapshot, KIND_USER, &n);

	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "swap.reminded",
	                .user_id = s->user_id,
	                .data = event_data(cx, "swap", int_text(cx, s->id), "schedule",
	                        s->schedule, NULL) }));
	for (size_t i = 0; i < n; i++)
		if (is_asked(e->snapshot, s, users[i]->id))
			TRY(swap_tell(cx, e, s, users[i]->id,
			        arena_printf(&cx->mem,
			                "Still open: %s asks %s to take a shift that begins at %s",
			                s->user_id, s->offered_to == NULL ? "all" : "you",
			                at)));
	if (swap_reminder_after(s, swap_zone(e, s), ctx_now(cx)) != USEC_NEVER)
		return NULL;
	return swap_tell(cx, e, s, s->user_id,
	        arena_printf(
	                &cx->mem, "Nobody has taken your shift yet: at %s it is yours", at));
}
