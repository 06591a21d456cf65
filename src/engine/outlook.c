/* SPDX-License-Identifier: Apache-2.0 */
/* Looking ahead by one step. */
#include "engine/outlook.h"

#include "engine/callout.h"
#include "engine/escalation.h"
#include "engine/step.h"
#include "engine/targets.h"

const char *const outlook_names[OUTLOOK_MAX + 1] = {
	[OUTLOOK_STEP] = "step",
	[OUTLOOK_ROUND] = "round",
	[OUTLOOK_CATCH_ALL] = "catch_all",
};

/* One look: what it finds, and how long that holds. */
struct look {
	struct outlooks *o;
	struct outlook *out;
	enum urgency urgency;
	usec_t at;
};

static bool
reaches_one(const struct look *l, const char *user_id)
{
	const struct user *user = snapshot_user(l->o->s, user_id);

	return user != NULL && callout_steps_of(l->o->cx, user, l->urgency).n > 0;
}

static void
remember(struct look *l, const struct target *t, const struct people *people)
{
	struct arena *mem = &l->o->cx->mem;
	struct outlook_target seen = { .target = target_print(mem, t),
		.users = ARENA_ARRAY(mem, people->n, const char *),
		.n = people->n };

	for (size_t i = 0; i < people->n; i++)
		seen.users[i] = arena_strdup(mem, people->items[i].user_id);
	ARENA_PUSH(mem, l->out->whom, l->out->n, l->out->cap) = seen;
}

static bool look_at_policy(struct look *l, const char *id, struct people *people, int depth);

/* Adds the people of a target; true when it reaches anybody or anything. */
static bool
look_at_target(struct look *l, const struct target *t, struct people *people, int depth)
{
	usec_t change = target_next_change(l->o->s, t, l->at);
	size_t before = people->n;
	bool reaches = false;

	if (change != USEC_NEVER && change - l->out->delay < l->out->until)
		l->out->until = change - l->out->delay;
	if (t->kind == TARGET_CHANNEL)
		return target_exists(l->o->s, t);
	if (t->kind == TARGET_POLICY)
		return look_at_policy(l, t->id, people, depth + 1);
	target_people(l->o->cx, l->o->s, t, l->at, people);
	for (size_t i = before; i < people->n; i++)
		reaches |= reaches_one(l, people->items[i].user_id);
	return reaches;
}

/* A policy below pages by its first step that reaches somebody, after its delay. */
static bool
look_at_policy(struct look *l, const char *id, struct people *people, int depth)
{
	const struct policy *policy = snapshot_policy(l->o->s, id);
	const struct policy_step *steps = policy == NULL ? NULL : policy->steps.items;
	bool reaches = false;

	if (policy == NULL || depth > POLICY_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < policy->steps.n && !reaches; i++) {
		const struct target *targets = steps[i].page.items;

		people->n = 0;
		for (size_t j = 0; j < steps[i].page.n; j++)
			reaches |= look_at_target(l, &targets[j], people, depth);
	}
	return reaches || policy->delay > 0;
}

static bool
look_at_all(struct look *l, const struct target *targets, size_t n)
{
	bool reaches = false;

	l->out->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct people people = { 0 };

		reaches |= look_at_target(l, &targets[i], &people, 0);
		remember(l, &targets[i], &people);
	}
	return reaches;
}

/* As walk_from in escalation.c: the first step that reaches somebody, else the end. */
static struct next
look_along(struct look *l, const struct policy *policy, struct next nx)
{
	while (nx.what != NEXT_EXHAUSTED) {
		const struct policy_step *step =
		        (const struct policy_step *)policy->steps.items + nx.step;

		l->out->in_turn = step->round_robin && step->page.n > 1;
		l->out->reaches = look_at_all(l, step->page.items, step->page.n);
		if (l->out->reaches)
			break;
		ARENA_PUSH(&l->o->cx->mem, l->out->passed, l->out->n_passed,
		        l->out->cap_passed) = nx.step;
		nx = escalation_next(policy, nx.step, nx.round);
	}
	return nx;
}

static void
look(struct look *l, const struct policy *policy, const struct stand *st)
{
	bool begins = st->step < 0 && policy != NULL && policy->steps.n > 0;
	struct next nx = begins ? (struct next){ .what = NEXT_STEP }
	                        : escalation_next(policy, st->step, st->round);
	struct target *targets;
	size_t n;

	if (st->anew && policy != NULL)
		l->out->delay = policy->delay;
	l->at += l->out->delay;
	nx = look_along(l, policy, nx);
	l->out->step = nx.step;
	l->out->round = nx.round;
	l->out->n_steps = policy == NULL ? 0 : (int64_t)policy->steps.n;
	l->out->what = nx.round > st->round ? OUTLOOK_ROUND : OUTLOOK_STEP;
	if (nx.what != NEXT_EXHAUSTED)
		return;
	l->out->what = OUTLOOK_CATCH_ALL;
	l->out->in_turn = false;
	catch_all_targets(l->o->cx, l->o->s, &targets, &n);
	l->out->reaches = look_at_all(l, targets, n);
}

void
outlooks_init(
        struct outlooks *o, struct ctx *cx, struct config *config, const struct snapshot *s)
{
	*o = (struct outlooks){ .cx = cx, .config = config, .s = s };
	map_init(&o->by_stand, &cx->mem);
}

static struct str
stand_key(struct outlooks *o, const struct stand *st)
{
	return str_from(arena_printf(&o->cx->mem, "%s %lld %lld %lld %d %d",
	        st->policy == NULL ? "" : st->policy, (long long)st->policy_revision,
	        (long long)st->step, (long long)st->round, (int)st->urgency, (int)st->anew));
}

struct err *
outlook_of(struct outlooks *o, const struct stand *st, const struct outlook **ret)
{
	struct held_policy held CLEANUP(config_policy_release) = { 0 };
	struct str key = stand_key(o, st);
	struct outlook *first = map_get(&o->by_stand, key), *found = first;

	while (found != NULL && !(found->from <= st->ends_at && st->ends_at < found->until))
		found = found->other;
	if (found != NULL) {
		*ret = found;
		return NULL;
	}
	TRY(config_policy_hold(o->cx, o->config, o->s, st->policy, st->policy_revision, &held));
	found = ARENA_NEW(&o->cx->mem, struct outlook);
	*found = (struct outlook){
		.number = o->n, .from = st->ends_at, .until = USEC_NEVER, .other = first
	};
	struct look l = { .o = o, .out = found, .urgency = st->urgency, .at = st->ends_at };
	look(&l, held.policy, st);
	map_put(&o->by_stand, key, found);
	ARENA_PUSH(&o->cx->mem, o->all, o->n, o->cap) = found;
	*ret = found;
	return NULL;
}
