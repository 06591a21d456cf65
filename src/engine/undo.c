/* SPDX-License-Identifier: Apache-2.0 */
/* Taking back: each of these is an event of its own; nothing is struck from the record. */
#include "engine/act.h"
#include "engine/escalation.h"
#include "engine/room.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

/* An end that is taken back within this time was a slip: who had it still sits there. */
#define SLIP_MAX MINUTES(10)
/* Later than this it is another incident. */
#define REOPEN_MAX DAYS(7)

/* ---- mitigated: a fact, no state ---- */

struct err *
mitigate(struct deed *d)
{
	d->act->changed = d->inc->mitigated_at == 0;
	if (!d->act->changed)
		return NULL;
	d->inc->mitigated_at = ctx_now(d->cx);
	d->inc->mitigated_by = actor_text(d->cx);
	TRY(deed_say(d, "incident.mitigated", NULL));
	return watchers_tell(d->cx, d->e, d->inc, "is mitigated", NULL);
}

struct err *
unmitigate(struct deed *d)
{
	d->act->changed = d->inc->mitigated_at != 0;
	if (!d->act->changed)
		return NULL;
	d->inc->mitigated_at = 0;
	d->inc->mitigated_by = NULL;
	return deed_say(d, "incident.unmitigated", NULL);
}

/* ---- acknowledged, snoozed ---- */

static struct err *
give_back(struct deed *d)
{
	TRY(timer_cancel(d->cx, TIMER_SNOOZE, d->inc->id, 0));
	TRY(timer_cancel(d->cx, TIMER_ACK, d->inc->id, 0));
	TRY(incident_move(d->cx, d->inc, INCIDENT_TRIGGERED));
	return escalation_resume(d->cx, d->e, d->inc);
}

struct err *
unacknowledge(struct deed *d)
{
	TRY(deed_say(d, "incident.unacknowledged", NULL));
	return give_back(d);
}

struct err *
unsnooze_check(struct deed *d)
{
	if (d->inc->snoozed_until == 0)
		return err_new(d->cx, ERR_CONFLICT, "incident %lld is not snoozed",
		        (long long)d->inc->id);
	return NULL;
}

/* Who had acknowledged it before it was snoozed has it as before; was it the snooze that took
 * it, then it is nobody's again. */
struct err *
unsnooze(struct deed *d)
{
	struct incident *inc = d->inc;
	struct event snoozed;
	bool found;

	TRY(db_maybe(d->cx, &q_event_newest_of_type, DB_ARGS(inc->id, "incident.snoozed"),
	        &snoozed, &found));
	TRY(deed_say(d, "incident.unsnoozed", NULL));
	if (!found || snoozed.at <= inc->acked_at)
		return give_back(d);
	inc->snoozed_until = 0;
	TRY(timer_cancel(d->cx, TIMER_SNOOZE, inc->id, 0));
	return incident_begin_ack_timeout(d->cx, d->e, inc);
}

/* ---- resolved ---- */

struct err *
count_open_alerts(struct ctx *cx, struct incident *inc)
{
	struct engine_count open;

	TRY(db_one(cx, &q_alerts_open_count, DB_ARGS(inc->id), &open));
	inc->n_open_alerts = open.n;
	return NULL;
}

struct err *
reopen_check_age(struct deed *d)
{
	if (ctx_now(d->cx) >= d->inc->resolved_at + REOPEN_MAX)
		return err_new(d->cx, ERR_CONFLICT,
		        "incident %lld ended more than 7 days ago: open a new one",
		        (long long)d->inc->id);
	return NULL;
}

struct err *
reopen_check(struct deed *d)
{
	if (d->inc->merged_into != 0)
		return err_new(d->cx, ERR_CONFLICT,
		        "incident %lld went into %lld: take the merge back instead",
		        (long long)d->inc->id, (long long)d->inc->merged_into);
	return reopen_check_age(d);
}

struct err *
incident_restore(struct deed *d, const char *type, const char *data)
{
	struct incident *inc = d->inc;
	bool slip = ctx_now(d->cx) < inc->resolved_at + SLIP_MAX && inc->acked_by != NULL;

	TRY(deed_say(d, type, data));
	inc->reopened_at = ctx_now(d->cx);
	if (slip) {
		TRY(incident_move(d->cx, inc, INCIDENT_ACKNOWLEDGED));
		return incident_begin_ack_timeout(d->cx, d->e, inc);
	}
	TRY(incident_move(d->cx, inc, INCIDENT_TRIGGERED));
	return escalation_begin(d->cx, d->e, inc);
}

struct err *
reopen(struct deed *d)
{
	TRY(db_post(d->cx, &q_alerts_reopen, DB_ARGS(d->inc->id, d->inc->resolved_at)));
	TRY(count_open_alerts(d->cx, d->inc));
	return incident_restore(d, "incident.reopened-by-hand", NULL);
}
