/* SPDX-License-Identifier: Apache-2.0 */
/* What of a signal needs no row, done on the thread that read it: rules, service, urgency. */
#include "engine/intake.h"

#include "engine/foresight.h"

static const char *
scope_of(struct ctx *cx, const struct intake *in, const struct integration *integration)
{
	enum dedup_scope scope =
	        integration == NULL ? SCOPE_INTEGRATION : integration->dedup_scope;

	switch (scope) {
	case SCOPE_TEAM:
		return arena_printf(&cx->mem, "team/%s", integration->team);
	case SCOPE_ORGANISATION:
		return "organisation";
	case SCOPE_INTEGRATION:
	case DEDUP_SCOPE_MAX:
		break;
	}
	return arena_printf(
	        &cx->mem, "integration/%s", in->integration == NULL ? "-" : in->integration);
}

/* The first that names an existing service: the signal (a rule may have set it), its routing
 * key, its integration. A name that leads nowhere is no reason to lose the signal. */
static void
find_service(struct ctx *cx, const struct snapshot *s, const struct integration *integration,
        struct prepared *p)
{
	const struct signal *sig = &p->s;

	p->service = snapshot_service(s, sig->service);
	if (p->service == NULL && sig->routing_key != NULL)
		p->service = snapshot_route(s, sig->routing_key);
	if (p->service == NULL && integration != NULL)
		p->service = snapshot_service(s, integration->service);
	if (p->service != NULL)
		return;
	if (sig->service != NULL)
		p->unrouted = arena_printf(&cx->mem, "there is no service %s", sig->service);
	else if (sig->routing_key != NULL)
		p->unrouted = arena_printf(
		        &cx->mem, "no service has the routing key %s", sig->routing_key);
	else
		p->unrouted = "it names no service and its integration has none";
}

static enum urgency
urgency_of(
        const struct service *service, const struct rule_outcome *rules, enum severity severity)
{
	static const enum urgency by_severity[SEVERITY_MAX] = {
		[SEVERITY_CRITICAL] = URGENCY_HIGH,
		[SEVERITY_ERROR] = URGENCY_HIGH,
		[SEVERITY_WARNING] = URGENCY_LOW,
		[SEVERITY_INFO] = URGENCY_LOW,
	};

	if (rules->has_urgency)
		return rules->urgency;
	if (service != NULL && service->urgency == SERVICE_HIGH)
		return URGENCY_HIGH;
	if (service != NULL && service->urgency == SERVICE_LOW)
		return URGENCY_LOW;
	return by_severity[severity];
}

struct taking {
	struct ctx *cx;
	const struct snapshot *s;
	struct intake *in;
};

/* A request holds few different rules: those taken last are found first. */
static void
note_taken(void *arg, size_t set, const char *rule)
{
	struct taking *t = arg;
	struct intake *in = t->in;

	for (size_t i = in->n_taken; i-- > 0;)
		if (in->taken[i].rule == rule && in->taken[i].set == set) {
			in->taken[i].n++;
			return;
		}
	ARENA_PUSH(&t->cx->mem, in->taken, in->n_taken, in->cap_taken) =
	        (struct rule_taken){ .set = set,
		        .rule = rule,
		        .name = arena_printf(
		                &t->cx->mem, "%s/%s", snapshot_ruleset_id(t->s, set), rule),
		        .n = 1 };
}

void
intake_prepare(struct ctx *cx, const struct snapshot *s, struct intake *in)
{
	struct taking taking = { cx, s, in };
	const struct rule_watch watch = { .applied = note_taken, .arg = &taking };
	const struct integration *integration = snapshot_integration(s, in->integration);
	size_t n_sets;
	const struct ruleset *const *sets = snapshot_rules(s, &n_sets);

	in->prepared = ARENA_ARRAY(&cx->mem, in->n, struct prepared);
	in->prepared_with = s;
	in->scope = scope_of(cx, in, integration);
	in->n_taken = 0;
	for (size_t i = 0; i < in->n; i++) {
		struct prepared *p = &in->prepared[i];
		p->s = in->signals[i];
		rules_watch(cx, sets, n_sets, &p->s, &watch, &p->rules);
		find_service(cx, s, integration, p);
		p->urgency = urgency_of(p->service, &p->rules, p->s.severity);
		p->body = signal_json(cx, &p->s, &p->rules);
	}
}
