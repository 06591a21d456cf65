/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A signal becomes what it means. The decision is intake_decide, pure; around it: what is known
 * of the key (facts) and the rows.
 */
#include "engine/intake.h"

#include "engine/escalation.h"
#include "engine/foresight.h"
#include "engine/incident.h"
#include "engine/intake_priv.h"
#include "engine/mute.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

/* ---- the decision ---- */

enum outcome
intake_decide(const struct firing_facts *f)
{
	/* A signal on an open alert counts and never pages again, unless it rises. */
	if (f->alert_open && f->has_incident)
		return f->rises && f->repage_on_rise ? OUTCOME_ROSE : OUTCOME_DUPLICATE;
	if (f->severity == SEVERITY_INFO)
		return f->alert_open ? OUTCOME_DUPLICATE : OUTCOME_KEPT;
	if (f->in_reopen_window)
		return OUTCOME_REOPENED;
	return OUTCOME_OPENED;
}

/* ---- what is known of its key ---- */

static struct err *
load_known(struct arrival *a, size_t i)
{
	struct known k;

	TRY(foresight_known(a->cx, a->e, a->in, i, &k));
	a->alert = k.alert;
	a->known = k.has_alert;
	a->inc = k.inc;
	a->has_incident = k.has_incident;
	return NULL;
}

/* Half-open: at the end of the window it is a new one. */
static bool
in_reopen_window(const struct arrival *a)
{
	usec_t within = a->service != NULL
	        ? a->service->reopen_within
	        : snapshot_organisation(a->e->snapshot)->reopen_within;

	return a->has_incident && a->inc.state == INCIDENT_RESOLVED && a->inc.merged_into == 0
	        && ctx_now(a->cx) < a->inc.resolved_at + within;
}

static struct firing_facts
facts_of(const struct arrival *a)
{
	bool open_incident = a->has_incident && a->inc.state != INCIDENT_RESOLVED;

	return (struct firing_facts){
		.alert_open = arrival_is_open(a) || open_incident,
		.has_incident = open_incident,
		.in_reopen_window = in_reopen_window(a),
		.rises = open_incident && a->inc.urgency == URGENCY_LOW
		        && a->p->urgency == URGENCY_HIGH,
		.repage_on_rise = a->service == NULL || a->service->repage_on_rise,
		.severity = a->s->severity,
	};
}

/* ---- rows of alerts ---- */

/* When to look whether it has expired. Repeats leave that, which keeps its place in the index:
 * the look sees that the alert was heard of since, and moves it on. */
static usec_t
look_at(const struct arrival *a)
{
	usec_t expires = a->s->expires_at, set = arrival_is_open(a) ? a->alert.look_at : 0;

	return set != 0 && set < expires ? set : expires;
}

static struct err *
add_alert(struct arrival *a, int64_t incident_id)
{
	struct ctx *cx = a->cx;
	const struct signal *s = a->s;

	a->alert = (struct alert){ .id = a->e->ids.alert++,
		.scope = a->scope,
		.dedup_key = s->dedup_key,
		.severity = s->severity,
		.incident_id = incident_id,
		.count = 1 };
	return db_post(cx, &q_alert_add,
	        DB_ARGS(a->alert.id, a->scope, s->dedup_key, severity_names[s->severity],
	                s->summary, a->in->integration,
	                a->service == NULL ? NULL : a->service->c.id, OPTIONAL(incident_id),
	                ctx_now(cx), OPTIONAL(s->expires_at), a->result->signal_id));
}

/* The short way for what comes a thousand times: only the count and the instant change. */
static struct err *
count_alert(struct arrival *a)
{
	if (look_at(a) != a->alert.look_at)
		TRY(db_post(a->cx, &q_alert_look, DB_ARGS(a->alert.id, OPTIONAL(look_at(a)))));
	return db_post(a->cx, &q_alert_count,
	        DB_ARGS(a->alert.id, ctx_now(a->cx), OPTIONAL(a->s->expires_at)));
}

static struct err *
refresh_alert(struct arrival *a, int64_t incident_id)
{
	return db_post(a->cx, &q_alert_heard,
	        DB_ARGS(a->alert.id, ctx_now(a->cx), OPTIONAL(a->s->expires_at),
	                OPTIONAL(look_at(a)), severity_names[a->s->severity], a->s->summary,
	                OPTIONAL(incident_id), a->result->signal_id));
}

/* ---- outcomes of a firing signal ---- */

static struct incident
new_incident(struct arrival *a)
{
	const struct service *service = a->service;

	return (struct incident){
		.id = a->e->ids.incident++,
		.mode = a->in->mode,
		.state = INCIDENT_TRIGGERED,
		.severity = a->s->severity,
		.urgency = a->p->urgency,
		.title = a->s->summary,
		.dedup_key = a->s->dedup_key,
		.service = service == NULL ? NULL : service->c.id,
		.team = service == NULL ? NULL : service->team,
		.policy = service == NULL ? NULL : service->policy,
		.policy_revision = snapshot_revision(a->e->snapshot),
		.opened_at = ctx_now(a->cx),
		.triggered_at = ctx_now(a->cx),
		.unrouted = service == NULL,
		.n_alerts = 1,
		.n_open_alerts = 1,
		.chain = "",
	};
}

static struct err *
say_opened(struct arrival *a)
{
	const struct incident *inc = &a->inc;

	TRY(timeline_add(a->cx, a->e,
	        (struct happening){ .type = "incident.opened",
	                .incident = &a->inc,
	                .data = event_data(a->cx, "title", inc->title, "severity",
	                        severity_names[inc->severity], "urgency",
	                        urgency_names[inc->urgency], "service", inc->service, "policy",
	                        inc->policy, "integration", a->in->integration, NULL) }));
	if (!inc->unrouted)
		return NULL;
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "signal.unrouted",
	                .incident = &a->inc,
	                .data = event_data(a->cx, "why", a->p->unrouted, NULL) });
}

static struct err *
open_anew(struct arrival *a)
{
	a->inc = new_incident(a);
	a->has_incident = true;
	if (arrival_is_open(a))
		TRY(refresh_alert(a, a->inc.id));
	else
		TRY(add_alert(a, a->inc.id));
	TRY(say_opened(a));
	return escalation_begin_unless_muted(a->cx, a->e, &a->inc, a->in->integration);
}

static struct err *
keep(struct arrival *a)
{
	a->has_incident = false;
	TRY(add_alert(a, 0));
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "alert.kept",
	                .dedup_key = a->s->dedup_key,
	                .reason = REASON_INFO,
	                .data = event_data(a->cx, "summary", a->s->summary, NULL) });
}

static struct err *
reopen(struct arrival *a)
{
	struct incident *inc = &a->inc;

	TRY(refresh_alert(a, inc->id));
	inc->reopened_at = ctx_now(a->cx);
	inc->n_open_alerts++;
	inc->urgency = a->p->urgency;
	inc->severity = a->s->severity;
	return incident_retrigger(a->cx, a->e, inc, "incident.reopened");
}

/* The first ten, then each power of two: the record explains silence without drowning in it. */
static bool
worth_saying(int64_t count)
{
	return count <= 10 || (count & (count - 1)) == 0;
}

static struct err *
say_repeated(struct arrival *a, enum reason why)
{
	if (!worth_saying(a->alert.count + 1))
		return NULL;
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "alert.repeated",
	                .incident = a->has_incident ? &a->inc : NULL,
	                .dedup_key = a->s->dedup_key,
	                .reason = why,
	                .data = event_data(
	                        a->cx, "count", int_text(a->cx, a->alert.count + 1), NULL) });
}

static struct err *
count_again(struct arrival *a, const struct firing_facts *f)
{
	enum reason why = f->rises                                    ? REASON_NO_REPAGE
	        : a->s->severity == SEVERITY_INFO && !a->has_incident ? REASON_INFO
	                                                              : REASON_DUPLICATE;

	if (a->alert.state == ALERT_OPEN && a->alert.severity == a->s->severity) {
		TRY(count_alert(a));
	} else {
		a->inc.n_open_alerts += a->alert.state == ALERT_CLOSED;
		TRY(refresh_alert(a, a->alert.incident_id));
	}
	if (a->has_incident && a->s->severity < a->inc.severity)
		a->inc.severity = a->s->severity;
	return say_repeated(a, why);
}

static struct err *
rise(struct arrival *a)
{
	a->inc.n_open_alerts += a->alert.state == ALERT_CLOSED;
	TRY(refresh_alert(a, a->inc.id));
	a->inc.urgency = a->p->urgency;
	if (a->s->severity < a->inc.severity)
		a->inc.severity = a->s->severity;
	return incident_retrigger(a->cx, a->e, &a->inc, "incident.rose");
}

static struct err *
fire(struct arrival *a)
{
	struct firing_facts f = facts_of(a);
	enum outcome outcome = intake_decide(&f);

	a->result->outcome = outcome;
	a->has_incident = f.has_incident || outcome == OUTCOME_REOPENED;
	switch (outcome) {
	case OUTCOME_OPENED:
		return open_anew(a);
	case OUTCOME_KEPT:
		return keep(a);
	case OUTCOME_REOPENED:
		return reopen(a);
	case OUTCOME_ROSE:
		return rise(a);
	case OUTCOME_DUPLICATE:
		return count_again(a, &f);
	case OUTCOME_ACKNOWLEDGED:
	case OUTCOME_CLOSED:
	case OUTCOME_NOTHING:
	case OUTCOME_MAX:
		break;
	}
	return err_new(
	        a->cx, ERR_BUG, "a firing signal cannot end as %s", outcome_names[outcome]);
}

/* ---- one signal, and a batch of them ---- */

static struct err *
say_rules(struct arrival *a, const struct rule_outcome *rules)
{
	if (!a->has_incident)
		return NULL;
	for (size_t i = 0; i < rules->n_changes; i++) {
		const struct rule_change *c = &rules->changes[i];
		TRY(timeline_add(a->cx, a->e,
		        (struct happening){ .type = "signal.changed",
		                .incident = &a->inc,
		                .data = event_data(a->cx, "rule", c->rule, "field", c->field,
		                        "before", c->before, "after", c->after, NULL) }));
	}
	if (rules->broken == NULL)
		return NULL;
	return timeline_add(a->cx, a->e,
	        (struct happening){ .type = "signal.broken",
	                .incident = &a->inc,
	                .data = event_data(a->cx, "rule", rules->broken_rule, "why",
	                        rules->broken, NULL) });
}

static struct err *
act(struct arrival *a)
{
	switch (a->s->action) {
	case SIGNAL_ACKNOWLEDGE:
		return arrival_acknowledge(a);
	case SIGNAL_RESOLVE:
		return arrival_recover(a);
	case SIGNAL_TRIGGER:
	case SIGNAL_ACTION_MAX:
		break;
	}
	return fire(a);
}

static struct err *
keep_signal(struct arrival *a)
{
	struct intake_result *r = a->result;

	r->alert_id = r->outcome == OUTCOME_NOTHING ? 0 : a->alert.id;
	r->incident_id = a->has_incident ? a->inc.id : 0;
	r->dedup_key = a->s->dedup_key;
	return db_post(a->cx, &q_signal_add,
	        DB_ARGS(r->signal_id, ctx_now(a->cx), a->in->integration,
	                signal_action_names[a->s->action], severity_names[a->s->severity],
	                a->scope, a->s->dedup_key, outcome_names[r->outcome],
	                OPTIONAL(r->alert_id), OPTIONAL(r->incident_id), a->p->body));
}

static void
foresight_after(const struct arrival *a)
{
	if (!a->has_incident)
		return;
	foresight_touch(a->e, a->inc.id);
	if (a->result->outcome == OUTCOME_CLOSED && a->inc.n_alerts > 1)
		foresight_end(a->e); /* the incident may have closed the others with it */
}

static struct err *
take(struct arrival *a, size_t i)
{
	a->result->signal_id = a->e->ids.signal++;
	TRY(load_known(a, i));
	TRY(act(a));
	if (a->result->outcome == OUTCOME_OPENED) {
		TRY(say_rules(a, &a->p->rules));
		TRY(incident_insert(a->cx, &a->inc));
	} else if (a->has_incident) {
		TRY(incident_store(a->cx, &a->inc));
	}
	foresight_after(a);
	return keep_signal(a);
}

struct err *
intake_signals(struct ctx *cx, struct engine *e, struct intake *in)
{
	if (in->prepared_with != e->snapshot)
		intake_prepare(cx, e->snapshot, in);
	if (in->n > 1 && (in->foresight == NULL || in->foresight != e->foresight))
		TRY(foresee(cx, e, &in, 1));
	for (size_t i = 0; i < in->n; i++) {
		struct arrival a = { .cx = cx,
			.e = e,
			.in = in,
			.p = &in->prepared[i],
			.s = &in->prepared[i].s,
			.service = in->prepared[i].service,
			.result = &in->results[i],
			.scope = in->scope };
		TRY(take(&a, i));
	}
	return NULL;
}

struct err *
intake_run(struct ctx *cx, struct engine *e, void *arg)
{
	return intake_signals(cx, e, arg);
}
