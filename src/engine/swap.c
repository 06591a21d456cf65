/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of swaps, their moves, and who hears of them. */
#include "engine/swap.h"

#include <assert.h>

#include "engine/duty.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

const char *const swap_state_names[SWAP_STATE_MAX + 1] = {
	[SWAP_OFFERED] = "offered",
	[SWAP_ACCEPTED] = "accepted",
	[SWAP_DECLINED] = "declined",
	[SWAP_WITHDRAWN] = "withdrawn",
	[SWAP_EXPIRED] = "expired",
};

static const struct db_col swap_cols[] = {
	DB_COL(struct swap, id),
	DB_COL(struct swap, schedule),
	DB_COL(struct swap, user_id),
	DB_COL(struct swap, offered_to),
	DB_COL(struct swap, from_at),
	DB_COL(struct swap, to_at),
	DB_COL(struct swap, return_from),
	DB_COL(struct swap, return_to),
	DB_COL_ENUM(struct swap, state, swap_state_names),
	DB_COL(struct swap, note),
	DB_COL(struct swap, created_at),
	DB_COL(struct swap, expires_at),
	DB_COL(struct swap, ended_at),
	DB_COL(struct swap, taken_by),
	DB_COL(struct swap, parent_id),
	DB_COL(struct swap, remind_at),
	DB_COL(struct swap, reminded_at),
};
const struct db_row swap_row = DB_ROW(struct swap, swap_cols);

struct err *
swap_load(struct ctx *cx, int64_t id, struct swap *ret)
{
	bool found;

	TRY(db_maybe(cx, &q_swap_get, DB_ARGS(id), ret, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "there is no swap %lld", (long long)id);
	return NULL;
}

const struct zone *
swap_zone(struct engine *e, const struct swap *s)
{
	const struct schedule *schedule = snapshot_schedule(e->snapshot, s->schedule);

	return schedule == NULL ? zone_utc() : schedule->calendar.zone;
}

static const char *
time_words(struct ctx *cx, struct engine *e, const struct swap *s, int64_t at)
{
	return clock_text(&cx->mem, swap_zone(e, s), at);
}

static struct err *
say(struct ctx *cx, struct engine *e, const struct swap *s, const char *type)
{
	return timeline_add(cx, e,
	        (struct happening){ .type = type,
	                .user_id = s->user_id,
	                .data = event_data(cx, "swap", int_text(cx, s->id), "schedule",
	                        s->schedule, "from", time_words(cx, e, s, s->from_at), "to",
	                        time_words(cx, e, s, s->to_at), "taken_by", s->taken_by,
	                        NULL) });
}

struct err *
swap_tell(struct ctx *cx, struct engine *e, const struct swap *s, const char *user,
        const char *title)
{
	return notice_send(cx, e,
	        &(struct notice){ .user_id = user,
	                .because = arena_printf(&cx->mem, "schedule/%s", s->schedule),
	                .title = title,
	                .text = arena_printf(&cx->mem,
	                        "Swap %lld: %s to %s on schedule %s.%s%s", (long long)s->id,
	                        time_words(cx, e, s, s->from_at),
	                        time_words(cx, e, s, s->to_at), s->schedule,
	                        s->note == NULL ? "" : "\n\n",
	                        s->note == NULL ? "" : s->note) });
}

/* ---- offering ---- */

/* One timer for both. */
static struct err *
wait_for(struct ctx *cx, struct engine *e, const struct swap *s)
{
	int64_t due = s->remind_at == 0 ? s->expires_at : s->remind_at;

	return timer_set(
	        cx, e, (struct timer){ .kind = TIMER_SWAP, .due_at = due, .ref_id = s->id });
}

static struct err *
insert(struct ctx *cx, struct engine *e, struct swap *s)
{
	struct engine_count next;

	TRY(db_one(cx, &q_swap_next_id, DB_NO_ARGS, &next));
	s->id = next.n;
	s->state = SWAP_OFFERED;
	s->created_at = ctx_now(cx);
	s->reminded_at = 0;
	usec_t first = swap_reminder_after(s, swap_zone(e, s), s->created_at);
	s->remind_at = first == USEC_NEVER ? 0 : first;
	TRY(db_exec(cx, &q_swap_add,
	        DB_ARGS(s->id, s->schedule, s->user_id, s->offered_to, s->from_at, s->to_at,
	                OPTIONAL(s->return_from), OPTIONAL(s->return_to), s->note,
	                s->created_at, s->expires_at, OPTIONAL(s->parent_id),
	                OPTIONAL(s->remind_at))));
	return wait_for(cx, e, s);
}

struct err *
swap_offer(struct ctx *cx, struct engine *e, void *arg)
{
	struct swap *s = arg;

	TRY(insert(cx, e, s));
	TRY(say(cx, e, s, "swap.offered"));
	if (s->offered_to == NULL)
		return NULL;
	return swap_tell(cx, e, s, s->offered_to,
	        arena_printf(&cx->mem, "%s asks you to take a shift", s->user_id));
}

/* ---- its end ---- */

static struct err *
offer_rest(struct ctx *cx, struct engine *e, const struct swap *whole, int64_t from, int64_t to)
{
	struct swap rest = *whole;

	if (from >= to)
		return NULL;
	rest.parent_id = whole->id;
	rest.from_at = from;
	rest.to_at = to;
	return insert(cx, e, &rest);
}

/* Who offered it hears of what others did. */
static struct err *
tell_offerer(struct ctx *cx, struct engine *e, const struct swap *s)
{
	if (s->state == SWAP_WITHDRAWN)
		return NULL;
	if (s->state == SWAP_ACCEPTED)
		return swap_tell(cx, e, s, s->user_id,
		        arena_printf(&cx->mem, "%s takes your shift", s->taken_by));
	return swap_tell(cx, e, s, s->user_id,
	        s->state == SWAP_DECLINED ? "Your swap was declined" : "Nobody took your swap");
}

struct err *
swap_end(struct ctx *cx, struct engine *e, void *arg)
{
	static const char *const types[SWAP_STATE_MAX] = {
		[SWAP_OFFERED] = "swap.offered",
		[SWAP_ACCEPTED] = "swap.accepted",
		[SWAP_DECLINED] = "swap.declined",
		[SWAP_WITHDRAWN] = "swap.withdrawn",
		[SWAP_EXPIRED] = "swap.expired",
	};
	struct swap_end *end = arg;
	struct swap whole, *s = &end->swap;

	TRY(swap_load(cx, end->id, &whole));
	if (whole.state != SWAP_OFFERED)
		return err_field(cx, ERR_CONFLICT, "state", "swap %lld is %s already",
		        (long long)end->id, swap_state_names[whole.state]);
	*s = whole;
	s->state = end->to_state;
	s->taken_by = end->taken_by;
	s->ended_at = ctx_now(cx);
	s->remind_at = 0;
	s->from_at = end->from_at == 0 ? whole.from_at : end->from_at;
	s->to_at = end->to_at == 0 ? whole.to_at : end->to_at;
	TRY(db_exec(cx, &q_swap_end,
	        DB_ARGS(s->id, swap_state_names[s->state], s->ended_at, s->taken_by, s->from_at,
	                s->to_at)));
	TRY(offer_rest(cx, e, &whole, whole.from_at, s->from_at));
	TRY(offer_rest(cx, e, &whole, s->to_at, whole.to_at));
	TRY(say(cx, e, s, types[s->state]));
	return tell_offerer(cx, e, s);
}

/* How late it was remembered does not matter: what has passed meanwhile is not told any
 * more. */
static struct err *
remind(struct ctx *cx, struct engine *e, struct swap *s)
{
	usec_t now = ctx_now(cx), next = swap_reminder_after(s, swap_zone(e, s), now);

	if (now < s->from_at) {
		TRY(swap_remind(cx, e, s));
		s->reminded_at = now;
	}
	s->remind_at = next == USEC_NEVER ? 0 : next;
	TRY(db_exec(cx, &q_swap_reminded,
	        DB_ARGS(s->id, OPTIONAL(s->remind_at), OPTIONAL(s->reminded_at))));
	return wait_for(cx, e, s);
}

struct err *
swap_due(struct ctx *cx, struct engine *e, const struct timer *t)
{
	struct swap_end end = { .id = t->ref_id, .to_state = SWAP_EXPIRED };
	struct swap s;

	TRY(swap_load(cx, t->ref_id, &s));
	if (s.state != SWAP_OFFERED)
		return NULL;
	return ctx_now(cx) >= s.expires_at ? swap_end(cx, e, &end) : remind(cx, e, &s);
}
