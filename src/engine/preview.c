/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Who would be paged": the policy walked in thought, with the same decisions that the engine
 * takes (targets, empty steps, rounds, each person's own steps) and nothing written.
 */
#include "engine/callout.h"
#include "engine/escalation.h"
#include "engine/targets.h"

#define PREVIEW_PAGES_MAX 500

struct thought {
	struct ctx *cx;
	const struct snapshot *s;
	enum urgency urgency;
	struct preview *out;
	int64_t step, round;
};

static void
add(struct thought *t, struct preview_page page)
{
	page.step = t->step;
	page.round = t->round;
	if (t->out->n < PREVIEW_PAGES_MAX)
		ARENA_PUSH(&t->cx->mem, t->out->pages, t->out->n, t->out->cap) = page;
}

/* True when the person has a contact at all. */
static bool
call_person(struct thought *t, const struct person *p, usec_t at)
{
	const struct user *user = snapshot_user(t->s, p->user_id);
	struct callout_steps steps = callout_steps_of(t->cx, user, t->urgency);

	for (size_t i = 0; i < steps.n; i++)
		add(t,
		        (struct preview_page){ .at = at + steps.items[i].after,
		                .user_id = p->user_id,
		                .contact = steps.items[i].contact,
		                .because = p->because });
	if (steps.n == 0)
		add(t,
		        (struct preview_page){ .at = at,
		                .user_id = p->user_id,
		                .because = p->because,
		                .reason = REASON_NO_CONTACT });
	return steps.n > 0;
}

static bool
call_target(struct thought *t, const struct target *target, usec_t at)
{
	struct people people = { 0 };
	const char *text = target_print(&t->cx->mem, target);
	bool reached = false;

	if (target->kind == TARGET_CHANNEL || target->kind == TARGET_POLICY) {
		add(t, (struct preview_page){ .at = at, .because = text });
		return true;
	}
	target_people(t->cx, t->s, target, at, &people);
	if (people.n == 0)
		add(t,
		        (struct preview_page){
		                .at = at, .because = text, .reason = REASON_NOBODY_ON_CALL });
	for (size_t i = 0; i < people.n; i++)
		reached |= call_person(t, &people.items[i], at);
	return reached;
}

static bool
call_step(struct thought *t, const struct policy_step *step, usec_t at)
{
	const struct target *targets = step->page.items;
	bool reached = false;

	for (size_t i = 0; i < step->page.n; i++)
		reached |= call_target(t, &targets[i], at);
	return reached;
}

static usec_t
walk(struct thought *t, const struct policy *policy, usec_t at)
{
	const struct policy_step *steps = policy->steps.items;
	struct next nx = { .what = policy->steps.n == 0 ? NEXT_EXHAUSTED : NEXT_STEP };

	while (nx.what != NEXT_EXHAUSTED && t->out->n < PREVIEW_PAGES_MAX) {
		t->step = nx.step;
		t->round = nx.round;
		if (call_step(t, &steps[nx.step], at))
			at += steps[nx.step].wait;
		nx = escalation_next(policy, nx.step, nx.round);
	}
	return at;
}

struct err *
preview_service(struct ctx *cx, const struct snapshot *s, const char *service,
        enum urgency urgency, usec_t at, struct preview *ret)
{
	const struct service *svc = snapshot_service(s, service);
	const struct organisation *org = snapshot_organisation(s);
	struct thought t = { .cx = cx, .s = s, .urgency = urgency, .out = ret };

	*ret = (struct preview){ 0 };
	if (svc == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no service %s", service);
	ret->policy = svc->policy;
	if (svc->policy != NULL) {
		const struct policy *policy = snapshot_policy(s, svc->policy);
		at = walk(&t, policy, at + policy->delay);
	}
	ret->exhausted_at = at;
	t.step = PREVIEW_CATCH_ALL;
	if (org->has_catch_all)
		call_target(&t, &org->catch_all, at);
	return NULL;
}
