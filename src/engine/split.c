/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts leave an incident for one of their own; and a merge is taken back. */
#include "engine/act.h"
#include "engine/escalation.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

#define SPLIT_MAX 500 /* alerts at a time */

struct leaving {
	struct alert *alerts;
	size_t n;
	int64_t n_open;
	enum severity worst;
};

static struct err *
load_one(struct deed *d, int64_t id, size_t at, struct alert *ret)
{
	bool found;

	TRY(db_maybe(d->cx, &q_alert_get, DB_ARGS(id), ret, &found));
	if (!found || ret->incident_id != d->inc->id)
		return err_field(d->cx, ERR_INVALID,
		        arena_printf(&d->cx->mem, "/alerts/%zu", at),
		        "alert %lld is not of incident %lld", (long long)id,
		        (long long)d->inc->id);
	return NULL;
}

static struct err *
load_leaving(struct deed *d, struct leaving *ret)
{
	const int64_t *ids = d->act->alerts.items;

	*ret = (struct leaving){ .worst = SEVERITY_INFO, .n = d->act->alerts.n };
	ret->alerts = ARENA_ARRAY(&d->cx->mem, ret->n, struct alert);
	for (size_t i = 0; i < ret->n; i++) {
		TRY(load_one(d, ids[i], i, &ret->alerts[i]));
		ret->n_open += ret->alerts[i].state == ALERT_OPEN;
		if (ret->alerts[i].severity < ret->worst)
			ret->worst = ret->alerts[i].severity;
	}
	return NULL;
}

static bool
comes_twice(const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (ids[i] == ids[k])
				return true;
	return false;
}

struct err *
split_check(struct deed *d)
{
	size_t n = d->act->alerts.n;
	struct leaving l;

	if (n == 0 || n > SPLIT_MAX || comes_twice(d->act->alerts.items, n))
		return err_field(d->cx, ERR_INVALID, "/alerts",
		        "name 1 to %d alerts, each once", SPLIT_MAX);
	TRY(load_leaving(d, &l));
	if ((int64_t)n >= d->inc->n_alerts)
		return err_field(d->cx, ERR_INVALID, "/alerts",
		        "that would leave incident %lld without an alert",
		        (long long)d->inc->id);
	if (l.n_open == 0)
		return err_field(d->cx, ERR_INVALID, "/alerts",
		        "these have all recovered: nothing is left to do about them");
	return NULL;
}

/* As if the alerts had come by themselves just now. */
static struct incident *
make(struct deed *d, const struct leaving *l)
{
	const struct alert *first = &l->alerts[0];
	const struct snapshot *s = d->e->snapshot;
	const struct service *service =
	        snapshot_service(s, first->service == NULL ? d->inc->service : first->service);
	struct incident *inc = ARENA_NEW(&d->cx->mem, struct incident);

	*inc = (struct incident){
		.id = d->e->ids.incident++,
		.mode = d->inc->mode,
		.severity = l->worst,
		.urgency = incident_urgency(service, l->worst),
		.title = d->act->title == NULL ? first->summary : d->act->title,
		.dedup_key = first->dedup_key,
		.service = service == NULL ? NULL : service->c.id,
		.team = service == NULL ? NULL : service->team,
		.policy = service == NULL ? NULL : service->policy,
		.policy_revision = snapshot_revision(s),
		.opened_at = ctx_now(d->cx),
		.triggered_at = ctx_now(d->cx),
		.unrouted = service == NULL,
		.n_alerts = (int64_t)l->n,
		.n_open_alerts = l->n_open,
		.chain = "",
	};
	return inc;
}

static struct err *
say_split(struct deed *d, const struct leaving *l)
{
	struct incident *made = d->made;
	struct ctx *cx = d->cx;

	TRY(timeline_add(cx, d->e,
	        (struct happening){ .type = "incident.opened",
	                .incident = made,
	                .data = event_data(cx, "title", made->title, "severity",
	                        severity_names[made->severity], "urgency",
	                        urgency_names[made->urgency], "service", made->service,
	                        "policy", made->policy, NULL) }));
	TRY(timeline_add(cx, d->e,
	        (struct happening){ .type = "incident.split-off",
	                .incident = made,
	                .data = event_data(cx, "from", int_text(cx, d->inc->id), NULL) }));
	return deed_say(d, "incident.split",
	        event_data(cx, "into", int_text(cx, made->id), "alerts",
	                l->n == 1 ? "one alert" : arena_printf(&cx->mem, "%zu alerts", l->n),
	                NULL));
}

/* Signals with these keys count there from now on: the rows of the alerts say where. */
static struct err *
move_alerts(struct deed *d, const struct leaving *l)
{
	for (size_t i = 0; i < l->n; i++) {
		TRY(db_post(d->cx, &q_alert_move, DB_ARGS(l->alerts[i].id, d->made->id)));
		TRY(db_post(d->cx, &q_alert_moved,
		        DB_ARGS(l->alerts[i].id, d->inc->id, d->made->id)));
	}
	d->inc->n_alerts -= (int64_t)l->n;
	d->inc->n_open_alerts -= l->n_open;
	return NULL;
}

/* Whoever acknowledged the whole has not acknowledged this: unless the one who splits takes it,
 * people are paged for it. */
struct err *
split(struct deed *d)
{
	struct leaving l;
	bool changed;

	TRY(load_leaving(d, &l));
	d->made = make(d, &l);
	TRY(say_split(d, &l));
	TRY(move_alerts(d, &l));
	if (d->act->take)
		TRY(incident_acknowledge(d->cx, d->e, d->made, &changed));
	else
		TRY(escalation_begin(d->cx, d->e, d->made));
	return incident_insert(d->cx, d->made);
}

/* ---- a merge taken back ---- */

struct err *
unmerge_check(struct deed *d)
{
	if (d->inc->merged_into == 0)
		return err_new(d->cx, ERR_CONFLICT, "incident %lld was not merged",
		        (long long)d->inc->id);
	TRY(reopen_check_age(d));
	TRY(incident_load(d->cx, d->inc->merged_into, &d->other));
	if (d->other.state == INCIDENT_RESOLVED)
		return err_new(d->cx, ERR_CONFLICT,
		        "incident %lld, into which it went, is resolved",
		        (long long)d->other.id);
	return NULL;
}

/* Only what the merge took along, and only what is still there. */
static struct err *
take_back(struct deed *d)
{
	struct incident *inc = d->inc, *other = &d->other;
	struct engine_count moved;
	struct db_args both = DB_ARGS(inc->id, other->id);

	TRY(db_one(d->cx, &q_alerts_moved_count, both, &moved));
	TRY(db_post(d->cx, &q_alerts_move_back, both));
	TRY(db_post(d->cx, &q_alerts_moved_forget, both));
	inc->n_alerts = moved.n;
	other->n_alerts -= moved.n;
	TRY(count_open_alerts(d->cx, inc));
	return count_open_alerts(d->cx, other);
}

struct err *
unmerge(struct deed *d)
{
	struct ctx *cx = d->cx;

	TRY(take_back(d));
	TRY(timeline_add(cx, d->e,
	        (struct happening){ .type = "incident.released",
	                .incident = &d->other,
	                .data = event_data(cx, "to", int_text(cx, d->inc->id), NULL) }));
	TRY(incident_store(cx, &d->other));
	d->inc->merged_into = 0;
	return incident_restore(d, "incident.unmerged",
	        event_data(cx, "from", int_text(cx, d->other.id), NULL));
}
