/* SPDX-License-Identifier: Apache-2.0 */
/* Who may change what: one rule for every way in. */
#include "api/changes.h"
#include "api/duty.h"

/* The team that a document belongs to, in the configuration given; NULL: to nobody in
 * particular. */
static const char *
team_of(const struct snapshot *s, enum kind kind, const char *id)
{
	const struct document *d = snapshot_document(s, kind, id);

	if (d == NULL)
		return NULL;
	switch (kind) {
	case KIND_TEAM:
		return id;
	case KIND_SERVICE:
		return ((const struct service *)d->value)->team;
	case KIND_SCHEDULE:
		return ((const struct schedule *)d->value)->team;
	case KIND_POLICY:
		return ((const struct policy *)d->value)->team;
	case KIND_INTEGRATION:
		return ((const struct integration *)d->value)->team;
	case KIND_RULESET:
		return ((const struct ruleset_doc *)d->value)->team;
	case KIND_CHANNEL:
		return ((const struct channel_doc *)d->value)->team;
	case KIND_OVERRIDE:
		return team_of(s, KIND_SCHEDULE, ((const struct override *)d->value)->schedule);
	case KIND_ORGANISATION:
	case KIND_USER:
	case KIND_HOLIDAY:
	case KIND_ABSENCE:
	case KIND_WINDOW:
	case KIND_MAX:
		break;
	}
	return NULL;
}

bool
duty_manages(const struct snapshot *s, const char *user, const char *team_id)
{
	const struct member *m = snapshot_member(s, user, team_id);

	return m != NULL && m->as == MEMBER_MANAGER;
}

/* Before the change and after it: nobody takes a document from another team. */
static bool
manages_both(const struct plan *plan, const struct planned *p, const char *user)
{
	const char *before = team_of(plan->base, p->kind, p->id);
	const char *after = team_of(plan->candidate, p->kind, p->id);

	if (p->verb != VERB_ADD && !duty_manages(plan->base, user, before))
		return false;
	if (p->kind == KIND_TEAM && p->verb != VERB_CHANGE)
		return false; /* teams come and go by administrators */
	return p->verb == VERB_REMOVE || duty_manages(plan->base, user, after);
}

static bool
is_own(const struct plan *plan, const struct planned *p, const char *user)
{
	const struct user *before = snapshot_user(plan->base, p->id);
	const struct user *after = snapshot_user(plan->candidate, p->id);

	return p->kind == KIND_USER && p->verb == VERB_CHANGE && strcmp(p->id, user) == 0
	        && before->role == after->role && str_null_safe_eq(before->email, after->email);
}

/* A manager of a team that the user is of, or whose schedule has the user in a layer. */
static bool
leads_user(const struct snapshot *s, const char *actor, const char *user)
{
	const struct document *const *list;
	size_t n;

	list = snapshot_list(s, KIND_TEAM, &n);
	for (size_t i = 0; i < n; i++)
		if (duty_manages(s, actor, list[i]->id)
		        && snapshot_member(s, user, list[i]->id) != NULL)
			return true;
	list = snapshot_list(s, KIND_SCHEDULE, &n);
	for (size_t i = 0; i < n; i++) {
		const struct schedule *schedule = snapshot_schedule(s, list[i]->id);
		if (duty_manages(s, actor, schedule->team)
		        && cal_takes_turns(&schedule->calendar, user))
			return true;
	}
	return false;
}

bool
duty_may_send_away(const struct ctx *cx, const struct snapshot *s, const char *user)
{
	return cx->actor.kind == ACTOR_SYSTEM || cx->actor.role >= ROLE_ADMIN
	        || strcmp(cx->actor.id, user) == 0 || leads_user(s, cx->actor.id, user);
}

/* By who leads whom before the change: nobody is made a member for it. */
static bool
is_absence_for(const struct plan *plan, const struct snapshot *s, const struct planned *p,
        const char *actor)
{
	const struct document *d = snapshot_document(s, KIND_ABSENCE, p->id);
	const char *user = d == NULL ? NULL : ((const struct absence *)d->value)->user;

	return user == NULL || strcmp(user, actor) == 0 || leads_user(plan->base, actor, user);
}

/* Everybody says when they themselves are away, a manager also when their people are. */
static bool
is_own_absence(const struct plan *plan, const struct planned *p, const char *actor)
{
	return p->kind == KIND_ABSENCE && is_absence_for(plan, plan->base, p, actor)
	        && is_absence_for(plan, plan->candidate, p, actor);
}

static bool
shares_override(const struct snapshot *s, const char *id, const char *user)
{
	const struct document *d = snapshot_document(s, KIND_OVERRIDE, id);
	const struct schedule *schedule = d == NULL
	        ? NULL
	        : snapshot_schedule(s, ((const struct override *)d->value)->schedule);

	return d == NULL || (schedule != NULL && snapshot_shares(s, schedule, user));
}

/* Whoever shares the work of a schedule makes overrides: so they also mend and remove them. */
static bool
is_shared_override(const struct plan *plan, const struct planned *p, const char *user)
{
	return p->kind == KIND_OVERRIDE && shares_override(plan->base, p->id, user)
	        && shares_override(plan->candidate, p->id, user);
}

static bool
manages_all(const struct snapshot *s, const struct vec *ids, enum kind kind, const char *user)
{
	const char *const *items = ids->items;

	for (size_t i = 0; i < ids->n; i++)
		if (!duty_manages(s, user, team_of(s, kind, items[i])))
			return false;
	return true;
}

/* A window may be made by who manages all that it mutes. */
static bool
manages_window(const struct snapshot *s, const char *id, const char *user)
{
	const struct document *d = snapshot_document(s, KIND_WINDOW, id);
	const struct window *w = d == NULL ? NULL : d->value;

	return w == NULL
	        || (manages_all(s, &w->services, KIND_SERVICE, user)
	                && manages_all(s, &w->integrations, KIND_INTEGRATION, user));
}

static bool
is_managed_window(const struct plan *plan, const struct planned *p, const char *user)
{
	return p->kind == KIND_WINDOW && manages_window(plan->base, p->id, user)
	        && manages_window(plan->candidate, p->id, user);
}

static bool
makes_or_breaks_owner(const struct plan *plan, const struct planned *p)
{
	const struct user *before = snapshot_user(plan->base, p->id);
	const struct user *after = snapshot_user(plan->candidate, p->id);
	bool was = before != NULL && before->role == ROLE_OWNER;
	bool is = after != NULL && after->role == ROLE_OWNER;

	return p->kind == KIND_USER && (was != is || (was && p->verb != VERB_CHANGE));
}

static bool
allowed(const struct ctx *cx, const struct plan *plan, const struct planned *p)
{
	if (cx->actor.kind == ACTOR_SYSTEM || cx->actor.role == ROLE_OWNER)
		return true;
	if (makes_or_breaks_owner(plan, p))
		return false;
	return cx->actor.role == ROLE_ADMIN || manages_both(plan, p, cx->actor.id)
	        || is_own(plan, p, cx->actor.id) || is_own_absence(plan, p, cx->actor.id)
	        || is_shared_override(plan, p, cx->actor.id)
	        || is_managed_window(plan, p, cx->actor.id);
}

struct err *
may_change(struct ctx *cx, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (!allowed(cx, plan, &plan->items[i]))
			return err_new(cx, ERR_DENIED,
			        "%s/%s is not yours to %s: that takes an administrator, or a "
			        "manager of its team",
			        kind_name(plan->items[i].kind), plan->items[i].id,
			        verb_names[plan->items[i].verb]);
	return NULL;
}
