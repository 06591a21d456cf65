/* SPDX-License-Identifier: Apache-2.0 */
/* How an alert ends: its source says so, or has not been heard of for too long. */
#include "engine/intake_priv.h"

#include "engine/incident.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

/* Monitors repeat a recovery for minutes: of a key that has recovered already nothing is said,
 * the signal's own row is enough. */
static struct err *
found_nothing(struct arrival *a)
{
	a->result->outcome = OUTCOME_NOTHING;
	a->has_incident = false;
	if (a->known && a->s->action == SIGNAL_RESOLVE)
		return NULL;
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "signal.nothing",
	                .dedup_key = a->s->dedup_key,
	                .data = event_data(
	                        a->cx, "action", signal_action_names[a->s->action], NULL) });
}

/* The incident resolves with its last alert, unless its service says otherwise. */
static struct err *
close_alert(struct ctx *cx, struct engine *e, struct incident *inc, const struct alert *alert,
        const char *event_type)
{
	const struct service *service = snapshot_service(e->snapshot, inc->service);
	bool resolves = service != NULL ? service->auto_resolve
	                                : snapshot_organisation(e->snapshot)->auto_resolve;

	TRY(timeline_add(cx, e,
	        (struct happening){
	                .type = event_type, .incident = inc, .dedup_key = alert->dedup_key }));
	TRY(db_post(cx, &q_alert_close, DB_ARGS(alert->id, ctx_now(cx))));
	inc->n_open_alerts--;
	if (inc->n_open_alerts > 0 || !resolves || inc->state == INCIDENT_RESOLVED)
		return NULL;
	return incident_resolve(cx, e, inc, REASON_RESOLVED);
}

static struct err *
close_kept(struct ctx *cx, struct engine *e, const struct alert *alert, const char *event_type)
{
	TRY(db_post(cx, &q_alert_close, DB_ARGS(alert->id, ctx_now(cx))));
	return timeline_add(
	        cx, e, (struct happening){ .type = event_type, .dedup_key = alert->dedup_key });
}

struct err *
arrival_recover(struct arrival *a)
{
	if (!arrival_is_open(a))
		return found_nothing(a);
	a->result->outcome = OUTCOME_CLOSED;
	if (!a->has_incident)
		return close_kept(a->cx, a->e, &a->alert, "alert.closed");
	return close_alert(a->cx, a->e, &a->inc, &a->alert, "alert.closed");
}

struct err *
arrival_acknowledge(struct arrival *a)
{
	bool changed;

	if (!a->has_incident || a->inc.state == INCIDENT_RESOLVED)
		return found_nothing(a);
	a->result->outcome = OUTCOME_ACKNOWLEDGED;
	TRY(incident_acknowledge(a->cx, a->e, &a->inc, &changed));
	if (a->s->author == NULL)
		return NULL;
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "incident.noted",
	                .incident = &a->inc,
	                .data = event_data(a->cx, "text",
	                        arena_printf(&a->cx->mem, "acknowledged upstream by %s",
	                                a->s->author),
	                        NULL) });
}

struct err *
intake_expiry_due(struct ctx *cx, struct engine *e, const struct timer *t)
{
	struct incident inc;
	struct alert alert;
	bool found;

	TRY(db_maybe(cx, &q_alert_get, DB_ARGS(t->ref_id), &alert, &found));
	if (!found || alert.state == ALERT_CLOSED || alert.expires_at == 0)
		return NULL;
	if (alert.expires_at > ctx_now(cx))
		return db_post(cx, &q_alert_look, DB_ARGS(alert.id, alert.expires_at));
	if (alert.incident_id == 0)
		return close_kept(cx, e, &alert, "alert.expired");
	TRY(incident_load(cx, alert.incident_id, &inc));
	TRY(close_alert(cx, e, &inc, &alert, "alert.expired"));
	return incident_store(cx, &inc);
}
