/* SPDX-License-Identifier: Apache-2.0 */
/* An incident opened by a person, not by a signal: "tocsin page payments 'the site is
 * down'". */
#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"

static struct err *
check(struct ctx *cx, const struct snapshot *s, const struct incident_open *o)
{
	if (o->title == NULL || o->title[0] == '\0')
		return err_field(cx, ERR_INVALID, "/title", "an incident needs a title");
	if (o->service != NULL && snapshot_service(s, o->service) == NULL)
		return err_field(
		        cx, ERR_INVALID, "/service", "there is no service/%s", o->service);
	if (o->policy != NULL && snapshot_policy(s, o->policy) == NULL)
		return err_field(
		        cx, ERR_INVALID, "/policy", "there is no policy/%s", o->policy);
	if (o->has_target && !target_exists(s, &o->target))
		return err_field(cx, ERR_INVALID, "/target", "there is no %s",
		        target_print(&cx->mem, &o->target));
	if (o->service == NULL && o->policy == NULL && !o->has_target)
		return err_field(cx, ERR_INVALID, "/service",
		        "say whom to page: a service, a policy or a target");
	return NULL;
}

enum urgency
incident_urgency(const struct service *service, enum severity severity)
{
	if (service != NULL && service->urgency != SERVICE_BY_SEVERITY)
		return service->urgency == SERVICE_HIGH ? URGENCY_HIGH : URGENCY_LOW;
	return severity <= SEVERITY_ERROR ? URGENCY_HIGH : URGENCY_LOW;
}

static void
fill(struct ctx *cx, struct engine *e, const struct incident_open *o, struct incident *inc)
{
	const struct service *service = snapshot_service(e->snapshot, o->service);

	*inc = (struct incident){
		.id = e->ids.incident++,
		.mode = o->mode,
		.severity = o->severity,
		.urgency = incident_urgency(service, o->severity),
		.title = o->title,
		.service = o->service,
		.team = service == NULL ? NULL : service->team,
		.policy = o->policy != NULL ? o->policy
		        : service == NULL   ? NULL
		                            : service->policy,
		.policy_revision = snapshot_revision(e->snapshot),
		.opened_at = ctx_now(cx),
		.triggered_at = ctx_now(cx),
		.chain = "",
	};
	inc->dedup_key = arena_printf(&cx->mem, "manual-%lld", (long long)inc->id);
}

struct err *
incident_open_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct incident_open *o = arg;
	struct incident *inc = ARENA_NEW(&cx->mem, struct incident);

	TRY(check(cx, e->snapshot, o));
	fill(cx, e, o, inc);
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "incident.opened",
	                .incident = inc,
	                .data = event_data(cx, "title", inc->title, "severity",
	                        severity_names[inc->severity], "urgency",
	                        urgency_names[inc->urgency], "service", inc->service, "policy",
	                        inc->policy, "details", o->details, NULL) }));
	if (o->has_target)
		TRY(escalation_reassign(cx, e, inc, &o->target));
	else
		TRY(escalation_begin(cx, e, inc));
	TRY(incident_insert(cx, inc));
	o->result = inc;
	return NULL;
}
