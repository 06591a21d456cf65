/* SPDX-License-Identifier: Apache-2.0 */
/* The row of an incident, the moves it may make, and what each move brings with it. */
#include "engine/incident.h"

#include "engine/escalation.h"
#include "engine/mute.h"
#include "engine/room.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

/* The picture of it is in docs/architecture.md. Resolved to triggered is a reopening. */
static const unsigned moves[INCIDENT_STATE_MAX] = {
	[INCIDENT_TRIGGERED] = BIT(INCIDENT_ACKNOWLEDGED) | BIT(INCIDENT_RESOLVED),
	[INCIDENT_ACKNOWLEDGED] = BIT(INCIDENT_TRIGGERED) | BIT(INCIDENT_RESOLVED),
	/* Acknowledged again: an end that was taken back at once. */
	[INCIDENT_RESOLVED] = BIT(INCIDENT_TRIGGERED) | BIT(INCIDENT_ACKNOWLEDGED),
};

const char *
actor_text(struct ctx *cx)
{
	if (cx->actor.id == NULL)
		return actor_kind_names[cx->actor.kind];
	return arena_printf(&cx->mem, "%s/%s", actor_kind_names[cx->actor.kind], cx->actor.id);
}

struct err *
incident_load(struct ctx *cx, int64_t id, struct incident *ret)
{
	bool found;

	TRY(db_maybe(cx, &q_incident_get, DB_ARGS(id), ret, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "there is no incident %lld", (long long)id);
	return NULL;
}

struct err *
incident_insert(struct ctx *cx, struct incident *inc)
{
	inc->revision++;
	inc->updated_at = ctx_now(cx);
	return db_post(cx, &q_incident_add,
	        DB_ARGS(inc->id, mode_names[inc->mode], incident_state_names[inc->state],
	                severity_names[inc->severity], urgency_names[inc->urgency], inc->title,
	                inc->dedup_key, inc->service, inc->team, inc->policy,
	                inc->policy_revision, inc->revision, inc->opened_at, inc->triggered_at,
	                OPTIONAL(inc->exhausted_at), inc->unrouted, inc->n_alerts,
	                inc->n_open_alerts, inc->updated_at, inc->chain,
	                OPTIONAL(inc->acked_at), inc->acked_by, OPTIONAL(inc->muted_until)));
}

struct err *
incident_store_quietly(struct ctx *cx, struct incident *inc)
{
	inc->updated_at = ctx_now(cx);
	return db_post(cx, &q_incident_set,
	        DB_ARGS(inc->id, incident_state_names[inc->state],
	                severity_names[inc->severity], urgency_names[inc->urgency],
	                inc->service, inc->team, inc->policy, inc->policy_revision,
	                inc->revision, inc->triggered_at, OPTIONAL(inc->acked_at),
	                inc->acked_by, OPTIONAL(inc->resolved_at), inc->resolved_by,
	                OPTIONAL(inc->snoozed_until), OPTIONAL(inc->exhausted_at),
	                OPTIONAL(inc->reopened_at), inc->unrouted, OPTIONAL(inc->merged_into),
	                inc->n_alerts, inc->n_open_alerts, inc->updated_at, inc->chain,
	                OPTIONAL(inc->mitigated_at), inc->mitigated_by, inc->commander,
	                inc->watched, inc->briefed, OPTIONAL(inc->muted_until)));
}

struct err *
incident_store(struct ctx *cx, struct incident *inc)
{
	inc->revision++;
	return incident_store_quietly(cx, inc);
}

struct err *
incident_store_paging(struct ctx *cx, struct incident *inc, usec_t exhausted_before)
{
	if (inc->exhausted_at != exhausted_before)
		return incident_store(cx, inc);
	inc->updated_at = ctx_now(cx);
	return db_post(
	        cx, &q_incident_set_chain, DB_ARGS(inc->id, inc->updated_at, inc->chain));
}

struct err *
incident_move(struct ctx *cx, struct incident *inc, enum incident_state to)
{
	if ((moves[inc->state] & BIT(to)) == 0)
		return err_new(cx, ERR_BUG, "incident %lld cannot go from %s to %s",
		        (long long)inc->id, incident_state_names[inc->state],
		        incident_state_names[to]);
	inc->state = to;
	inc->snoozed_until = 0;
	if (to != INCIDENT_RESOLVED) {
		inc->resolved_at = 0;
		inc->resolved_by = NULL;
	}
	if (to == INCIDENT_TRIGGERED) {
		inc->triggered_at = ctx_now(cx);
		inc->acked_at = inc->mitigated_at = 0;
		inc->acked_by = inc->mitigated_by = NULL;
	}
	return NULL;
}

static struct err *
stop_waiting(struct ctx *cx, const struct incident *inc)
{
	TRY(timer_cancel(cx, TIMER_SNOOZE, inc->id, 0));
	return timer_cancel(cx, TIMER_ACK, inc->id, 0);
}

struct err *
incident_resolve(struct ctx *cx, struct engine *e, struct incident *inc, enum reason why_silent)
{
	TRY(incident_move(cx, inc, INCIDENT_RESOLVED));
	inc->resolved_at = ctx_now(cx);
	inc->resolved_by = actor_text(cx);
	inc->n_open_alerts = 0;
	TRY(timeline_add(
	        cx, e, (struct happening){ .type = "incident.resolved", .incident = inc }));
	TRY(db_post(cx, &q_alerts_close_of_incident, DB_ARGS(inc->id, inc->resolved_at)));
	TRY(stop_waiting(cx, inc));
	TRY(watchers_tell(cx, e, inc, "is resolved", NULL));
	return escalation_stop(cx, e, inc, why_silent, NULL);
}

/* The policy may ask that an acknowledgement is renewed, lest the incident is forgotten. */
struct err *
incident_begin_ack_timeout(struct ctx *cx, struct engine *e, struct incident *inc)
{
	const struct policy *policy = NULL;

	TRY(timer_cancel(cx, TIMER_ACK, inc->id, 0));
	TRY(config_policy_at(
	        cx, e->config, e->snapshot, inc->policy, inc->policy_revision, &policy));
	if (policy == NULL || policy->ack_timeout == 0)
		return NULL;
	return timer_set(cx, e,
	        (struct timer){ .kind = TIMER_ACK,
	                .incident_id = inc->id,
	                .due_at = ctx_now(cx) + policy->ack_timeout });
}

const char *
acting_user(const struct ctx *cx)
{
	return cx->actor.kind == ACTOR_USER ? cx->actor.id : NULL;
}

struct err *
incident_acknowledge(struct ctx *cx, struct engine *e, struct incident *inc, bool *ret_changed)
{
	*ret_changed = inc->state == INCIDENT_TRIGGERED;
	if (inc->state == INCIDENT_RESOLVED)
		return NULL;
	TRY(timeline_add(cx, e,
	        (struct happening){ .incident = inc,
	                .type = *ret_changed ? "incident.acknowledged"
	                                     : "incident.acknowledged-too" }));
	if (*ret_changed) {
		TRY(incident_move(cx, inc, INCIDENT_ACKNOWLEDGED));
		inc->acked_at = ctx_now(cx);
		inc->acked_by = actor_text(cx);
	}
	if (inc->snoozed_until == 0)
		TRY(incident_begin_ack_timeout(cx, e, inc));
	TRY(attend(cx, inc, acting_user(cx), ATTENDANCE_JOINED));
	return escalation_answered(cx, e, inc, acting_user(cx));
}

struct err *
incident_retrigger(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *event_type)
{
	if (inc->state != INCIDENT_TRIGGERED)
		TRY(incident_move(cx, inc, INCIDENT_TRIGGERED));
	TRY(stop_waiting(cx, inc));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = event_type,
	                .incident = inc,
	                .data = event_data(
	                        cx, "severity", severity_names[inc->severity], NULL) }));
	TRY(escalation_stop(cx, e, inc, REASON_NONE, NULL));
	return escalation_begin_unless_muted(cx, e, inc, NULL);
}

/* Both waits end the same way: nobody has settled it meanwhile, so people are asked again. */
static struct err *
wait_over(struct ctx *cx, struct engine *e, const struct timer *t, const char *event_type)
{
	struct incident inc;

	TRY(incident_load(cx, t->incident_id, &inc));
	if (inc.state != INCIDENT_ACKNOWLEDGED)
		return NULL;
	TRY(incident_retrigger(cx, e, &inc, event_type));
	return incident_store(cx, &inc);
}

struct err *
incident_snooze_over(struct ctx *cx, struct engine *e, const struct timer *t)
{
	return wait_over(cx, e, t, "incident.woke");
}

struct err *
incident_ack_over(struct ctx *cx, struct engine *e, const struct timer *t)
{
	return wait_over(cx, e, t, "incident.ack-timeout");
}
