/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Who would be paged": the policy walked in thought, with the same decisions that the engine
 * takes (targets, empty steps, handoffs, rounds, policies below, each person's own steps) and
 * nothing written. It tells what happens if everybody is reached and nobody answers.
 */
#include "engine/callout.h"
#include "engine/escalation.h"
#include "engine/step.h"
#include "engine/targets.h"

#define PREVIEW_PAGES_MAX 500

struct thought {
	struct ctx *cx;
	const struct snapshot *s;
	enum urgency urgency;
	struct preview *out;
	int64_t step, round; /* of the policy that stands on top */
	usec_t exhausted_at; /* when the last of the branches ends */
};

/* One step in thought; people are called once by it. */
struct thought_step {
	const struct policy_step *step;
	usec_t at;
	struct people called;
	int depth;
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

/* Those of the target whom this step has not called yet. */
static bool
call_people(struct thought *t, struct thought_step *st, const struct target *target, usec_t at)
{
	size_t before = st->called.n;
	bool reached = false;

	target_people(t->cx, t->s, target, at, &st->called);
	for (size_t i = before; i < st->called.n; i++)
		reached |= call_person(t, &st->called.items[i], at);
	return reached;
}

static bool walk(struct thought *t, const char *policy, usec_t at, int depth);

static bool
call_target(struct thought *t, struct thought_step *st, const struct target *target)
{
	const char *text = target_print(&t->cx->mem, target);
	struct people people = { 0 };

	if (target->kind == TARGET_CHANNEL) {
		add(t, (struct preview_page){ .at = st->at, .because = text });
		return true;
	}
	if (target->kind == TARGET_POLICY)
		return walk(t, target->id, st->at, st->depth + 1);
	target_people(t->cx, t->s, target, st->at, &people);
	if (people.n == 0)
		add(t,
		        (struct preview_page){ .at = st->at,
		                .because = text,
		                .reason = REASON_NOBODY_ON_CALL });
	return call_people(t, st, target, st->at);
}

/* Who comes on duty while the step waits is paged too. */
static void
call_handoffs(struct thought *t, struct thought_step *st)
{
	const struct target *targets = st->step->page.items;
	usec_t end = st->at + st->step->wait;

	for (size_t i = 0; i < st->step->page.n; i++) {
		usec_t at = target_next_change(t->s, &targets[i], st->at);
		while (at < end && t->out->n < PREVIEW_PAGES_MAX) {
			call_people(t, st, &targets[i], at);
			at = target_next_change(t->s, &targets[i], at);
		}
	}
}

static bool
call_step(struct thought *t, const struct policy_step *step, usec_t at, int depth)
{
	struct thought_step st = { .step = step, .at = at, .depth = depth };
	const struct target *targets = step->page.items;
	bool reached = false;

	for (size_t i = 0; i < step->page.n; i++)
		reached |= call_target(t, &st, &targets[i]);
	if (reached)
		call_handoffs(t, &st);
	return reached;
}

/* Whether the policy reached anybody, or has a delay and so may yet. */
static bool
walk(struct thought *t, const char *id, usec_t at, int depth)
{
	const struct policy *policy = snapshot_policy(t->s, id);
	struct next nx = { .what = NEXT_STEP };

	if (policy == NULL || policy->steps.n == 0 || depth > POLICY_DEPTH_MAX)
		return false;
	bool reached = policy->delay > 0;
	const struct policy_step *steps = policy->steps.items;
	at += policy->delay;
	while (nx.what != NEXT_EXHAUSTED && t->out->n < PREVIEW_PAGES_MAX) {
		if (depth == 0) {
			t->step = nx.step;
			t->round = nx.round;
		}
		if (call_step(t, &steps[nx.step], at, depth)) {
			at += steps[nx.step].wait;
			reached = true;
		}
		nx = escalation_next(policy, nx.step, nx.round);
	}
	if (at > t->exhausted_at)
		t->exhausted_at = at;
	return reached;
}

/* The branches of a policy go side by side: in the order of time, else as they were found. */
static void
sort_by_time(struct preview *p)
{
	for (size_t i = 1; i < p->n; i++) {
		struct preview_page page = p->pages[i];
		size_t j = i;
		for (; j > 0 && p->pages[j - 1].at > page.at; j--)
			p->pages[j] = p->pages[j - 1];
		p->pages[j] = page;
	}
}

static void
walk_catch_all(struct thought *t)
{
	struct policy_step last = { .wait = 0 };
	struct target *targets;
	struct thought_step st = { .step = &last, .at = t->exhausted_at };
	size_t n;

	t->step = PREVIEW_CATCH_ALL;
	t->round = 0;
	catch_all_targets(t->cx, t->s, &targets, &n);
	for (size_t i = 0; i < n; i++)
		call_target(t, &st, &targets[i]);
}

void
preview_policy(struct ctx *cx, const struct snapshot *s, const char *policy,
        enum urgency urgency, usec_t at, struct preview *ret)
{
	struct thought t = {
		.cx = cx, .s = s, .urgency = urgency, .out = ret, .exhausted_at = at
	};

	*ret = (struct preview){ .policy = policy };
	if (policy != NULL)
		(void)walk(&t, policy, at, 0);
	ret->exhausted_at = t.exhausted_at;
	walk_catch_all(&t);
	sort_by_time(ret);
}

/* Windows may follow each other: the last of those that join. */
static const struct muting *
find_muting(const struct snapshot *s, const struct opening *o)
{
	const struct muting *last = NULL, *m;
	usec_t at = o->at;

	while (!o->by_hand
	        && (m = snapshot_muting(s, o->service, o->integration, at)) != NULL) {
		last = m;
		at = m->to;
	}
	return last;
}

struct err *
preview_service(
        struct ctx *cx, const struct snapshot *s, const struct opening *o, struct preview *ret)
{
	const struct service *svc = snapshot_service(s, o->service);
	const struct organisation *org = snapshot_organisation(s);
	if (svc == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no service %s", o->service);
	const char *policy = svc->policy;
	if (policy == NULL && org->has_catch_all && org->catch_all.kind == TARGET_POLICY)
		policy = org->catch_all.id;
	const struct muting *m = find_muting(s, o);
	preview_policy(cx, s, policy, o->urgency, m == NULL ? o->at : m->to, ret);
	ret->muting = m;
	return NULL;
}
