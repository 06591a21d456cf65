/* SPDX-License-Identifier: Apache-2.0 */
/* The table says who answers for each kind of waiting. */
#include "engine/timers.h"

#include <assert.h>

#include "engine/duty.h"
#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/intake.h"
#include "engine/mute.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/swap.h"
#include "queries.h"

struct err *
timer_set(struct ctx *cx, struct engine *e, struct timer t)
{
	return db_post(cx, &q_timer_add,
	        DB_ARGS(e->ids.timer++, t.due_at, timer_kind_names[t.kind],
	                OPTIONAL(t.incident_id), OPTIONAL(t.ref_id)));
}

struct err *
timer_cancel(struct ctx *cx, enum timer_kind kind, int64_t incident_id, int64_t ref_id)
{
	if (ref_id == 0)
		return db_post(
		        cx, &q_timer_cancel_kind, DB_ARGS(incident_id, timer_kind_names[kind]));
	return db_post(
	        cx, &q_timer_cancel_ref, DB_ARGS(incident_id, timer_kind_names[kind], ref_id));
}

struct err *
timers_next(struct ctx *cx, usec_t *ret)
{
	struct engine_count first;

	TRY(db_one(cx, &q_timer_next_due, DB_NO_ARGS, &first));
	*ret = first.n == 0 ? USEC_NEVER : first.n;
	return NULL;
}

typedef struct err *timer_fn(struct ctx *cx, struct engine *e, const struct timer *t);

static timer_fn *const duties[TIMER_KIND_MAX] = {
	[TIMER_STEP] = escalation_step_due,
	[TIMER_HANDOFF] = escalation_handoff,
	[TIMER_CONTACT] = callout_due,
	[TIMER_SNOOZE] = incident_snooze_over,
	[TIMER_ACK] = incident_ack_over,
	[TIMER_DUTY] = duty_due,
	[TIMER_SWAP] = swap_due,
	[TIMER_EXPIRY] = intake_expiry_due,
	[TIMER_MUTE] = mute_over,
};
static_assert(NELEMS(duties) == TIMER_KIND_MAX, "a duty for each kind");

static struct err *
forget(struct ctx *cx, const struct timer *t)
{
	if (t->id == 0)
		return db_post(cx, &q_alert_looked, DB_ARGS(t->ref_id));
	return db_post(cx, &q_timer_forget, DB_ARGS(t->id));
}

/* One at a time: what the first does may cancel the second. */
struct err *
timers_fire(struct ctx *cx, struct engine *e, void *arg)
{
	struct timers_run *run = arg;
	struct timer *due;
	size_t n;

	for (run->ran = 0; run->ran < run->limit; run->ran++) {
		TRY(db_list(cx, &q_timers_due, DB_ARGS(ctx_now(cx), 1), &due, &n));
		if (n == 0)
			return NULL;
		run->at_work = due[0];
		TRY(forget(cx, &due[0]));
		e->late_by = ctx_now(cx) - due[0].due_at;
		struct err *failed = duties[due[0].kind](cx, e, &due[0]);
		e->late_by = 0;
		TRY(failed);
	}
	return NULL;
}

struct err *
timer_put_off(struct ctx *cx, struct engine *e, void *arg)
{
	const struct timer *t = arg;
	usec_t until = ctx_now(cx) + TIMER_PUT_OFF;

	(void)e;
	if (t->id == 0)
		return db_exec(cx, &q_alert_look, DB_ARGS(t->ref_id, until));
	return db_exec(cx, &q_timer_put_off, DB_ARGS(t->id, until));
}
