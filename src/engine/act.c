/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people do to an incident. Each verb is a row: whether it may act on a resolved one, its
 * check (before anything is written) and its deed.
 */
#include "engine/act.h"

#include "engine/escalation.h"
#include "engine/room.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

#define SNOOZE_MAX DAYS(30)

struct err *
deed_say(struct deed *d, const char *type, const char *data)
{
	return timeline_add(d->cx, d->e,
	        (struct happening){ .type = type, .incident = d->inc, .data = data });
}

/* A remark given with a verb stands on the timeline as a note of its own; the text of an edit
 * is the line's. */
static struct err *
note(struct deed *d)
{
	if (d->act->text == NULL || d->act->text[0] == '\0' || d->act->verb == INCIDENT_EDIT)
		return NULL;
	return note_write(d);
}

/* ---- acknowledge, resolve, note ---- */

static struct err *
acknowledge(struct deed *d)
{
	return incident_acknowledge(d->cx, d->e, d->inc, &d->act->changed);
}

static struct err *
resolve(struct deed *d)
{
	return incident_resolve(d->cx, d->e, d->inc, REASON_RESOLVED);
}

static struct err *
nothing_more(struct deed *d)
{
	(void)d;
	return NULL;
}

/* ---- snooze ---- */

static struct err *
snooze_check(struct deed *d)
{
	usec_t now = ctx_now(d->cx);

	if (d->act->until <= now || d->act->until > now + SNOOZE_MAX)
		return err_field(d->cx, ERR_INVALID, "/until",
		        "a snooze ends in the future, at most 30 days from now");
	return NULL;
}

static struct err *
snooze(struct deed *d)
{
	struct incident *inc = d->inc;

	TRY(deed_say(d, "incident.snoozed",
	        event_data(d->cx, "until", time_text(d->cx, d->act->until), NULL)));
	if (inc->state == INCIDENT_TRIGGERED) {
		TRY(incident_move(d->cx, inc, INCIDENT_ACKNOWLEDGED));
		inc->acked_at = ctx_now(d->cx);
		inc->acked_by = actor_text(d->cx);
	}
	inc->snoozed_until = d->act->until;
	TRY(timer_cancel(d->cx, TIMER_SNOOZE, inc->id, 0));
	TRY(timer_cancel(d->cx, TIMER_ACK, inc->id, 0));
	TRY(timer_set(d->cx, d->e,
	        (struct timer){ .kind = TIMER_SNOOZE,
	                .incident_id = inc->id,
	                .due_at = d->act->until }));
	return escalation_stop(d->cx, d->e, inc, REASON_SNOOZED, acting_user(d->cx));
}

/* ---- reassign, escalate, reroute: paging begins in another way ---- */

static struct err *
reassign_check(struct deed *d)
{
	if (!target_exists(d->e->snapshot, &d->act->target))
		return err_field(d->cx, ERR_INVALID, "/target", "there is no %s",
		        target_print(&d->cx->mem, &d->act->target));
	return NULL;
}

static struct err *
trigger_again(struct deed *d)
{
	if (d->inc->state == INCIDENT_TRIGGERED)
		return NULL;
	TRY(timer_cancel(d->cx, TIMER_SNOOZE, d->inc->id, 0));
	TRY(timer_cancel(d->cx, TIMER_ACK, d->inc->id, 0));
	return incident_move(d->cx, d->inc, INCIDENT_TRIGGERED);
}

static struct err *
reassign(struct deed *d)
{
	TRY(deed_say(d, "incident.reassigned",
	        event_data(d->cx, "target", target_print(&d->cx->mem, &d->act->target), NULL)));
	TRY(trigger_again(d));
	return escalation_reassign(d->cx, d->e, d->inc, &d->act->target);
}

static struct err *
escalate(struct deed *d)
{
	TRY(deed_say(d, "incident.escalated", NULL));
	TRY(trigger_again(d));
	return escalation_by_hand(d->cx, d->e, d->inc);
}

/* Without a policy named, the one that its service has today. */
static struct err *
reroute_check(struct deed *d)
{
	const struct service *service = snapshot_service(d->e->snapshot, d->inc->service);

	if (d->act->policy == NULL && service != NULL)
		d->act->policy = service->policy;
	if (d->act->policy == NULL)
		return err_field(
		        d->cx, ERR_INVALID, "/policy", "name the policy to reroute to");
	if (snapshot_policy(d->e->snapshot, d->act->policy) == NULL)
		return err_field(
		        d->cx, ERR_INVALID, "/policy", "there is no policy/%s", d->act->policy);
	return NULL;
}

static struct err *
reroute(struct deed *d)
{
	TRY(deed_say(
	        d, "incident.rerouted", event_data(d->cx, "policy", d->act->policy, NULL)));
	TRY(trigger_again(d));
	TRY(escalation_stop(d->cx, d->e, d->inc, REASON_REASSIGNED, NULL));
	d->inc->policy = d->act->policy;
	d->inc->policy_revision = snapshot_revision(d->e->snapshot);
	return escalation_begin(d->cx, d->e, d->inc);
}

/* ---- merge ---- */

static struct err *
merge_check(struct deed *d)
{
	if (d->act->into == d->inc->id)
		return err_field(
		        d->cx, ERR_INVALID, "/into", "it cannot be merged into itself");
	TRY(incident_load(d->cx, d->act->into, &d->other));
	if (d->other.state == INCIDENT_RESOLVED)
		return err_new(d->cx, ERR_CONFLICT, "incident %lld is resolved",
		        (long long)d->other.id);
	if (d->other.mode != d->inc->mode)
		return err_new(d->cx, ERR_CONFLICT, "incident %lld is of another mode (%s)",
		        (long long)d->other.id, mode_names[d->other.mode]);
	return NULL;
}

/* The alerts go over first: resolving would close them. */
static struct err *
merge(struct deed *d)
{
	struct ctx *cx = d->cx;

	TRY(db_post(cx, &q_alerts_moved_all, DB_ARGS(d->inc->id, d->other.id)));
	TRY(db_post(cx, &q_alerts_move, DB_ARGS(d->inc->id, d->other.id)));
	TRY(deed_say(
	        d, "incident.merged", event_data(cx, "into", int_text(cx, d->other.id), NULL)));
	TRY(timeline_add(cx, d->e,
	        (struct happening){ .type = "incident.absorbed",
	                .incident = &d->other,
	                .data = event_data(cx, "from", int_text(cx, d->inc->id), NULL) }));
	d->other.n_alerts += d->inc->n_alerts;
	d->other.n_open_alerts += d->inc->n_open_alerts;
	if (d->inc->severity < d->other.severity)
		d->other.severity = d->inc->severity;
	TRY(incident_store(cx, &d->other));
	d->inc->merged_into = d->other.id;
	return incident_resolve(cx, d->e, d->inc, REASON_MERGED);
}

/* ---- the table ---- */

enum on { ON_OPEN, ON_ACKNOWLEDGED, ON_RESOLVED, ON_ANY };

/* quiet: nothing changes that people decide upon, so the revision stays. */
/* clang-format off */
static const struct {
	const char *name;
	enum on on;
	bool quiet;
	deed_fn *check, *deed;
} verbs[INCIDENT_VERB_MAX] = {
	[INCIDENT_ACKNOWLEDGE] = { "acknowledge", ON_OPEN, false, nothing_more, acknowledge },
	[INCIDENT_RESOLVE] = { "resolve", ON_OPEN, false, nothing_more, resolve },
	[INCIDENT_SNOOZE] = { "snooze", ON_OPEN, false, snooze_check, snooze },
	[INCIDENT_REASSIGN] = { "reassign", ON_OPEN, false, reassign_check, reassign },
	[INCIDENT_ESCALATE] = { "escalate", ON_OPEN, false, nothing_more, escalate },
	[INCIDENT_REROUTE] = { "reroute", ON_OPEN, false, reroute_check, reroute },
	[INCIDENT_NOTE] = { "note", ON_ANY, false, note_check, nothing_more },
	[INCIDENT_MERGE] = { "merge", ON_OPEN, false, merge_check, merge },
	[INCIDENT_ADD] = { "add", ON_OPEN, true, add_check, add },
	[INCIDENT_JOIN] = { "join", ON_ACKNOWLEDGED, true, nothing_more, join },
	[INCIDENT_DECLINE] = { "decline", ON_OPEN, false, decline_check, decline },
	[INCIDENT_WATCH] = { "watch", ON_ANY, true, nothing_more, watch },
	[INCIDENT_UNWATCH] = { "unwatch", ON_ANY, true, nothing_more, unwatch },
	[INCIDENT_ROLE] = { "role", ON_ANY, true, role_check, role },
	[INCIDENT_BRIEF] = { "brief", ON_ANY, true, brief_check, brief_write },
	[INCIDENT_EDIT] = { "edit", ON_ANY, true, edit_check, edit },
	[INCIDENT_STAR] = { "star", ON_ANY, true, line_check, star },
	[INCIDENT_UNSTAR] = { "unstar", ON_ANY, true, line_check, unstar },
	[INCIDENT_SPLIT] = { "split", ON_OPEN, false, split_check, split },
	[INCIDENT_MITIGATE] = { "mitigate", ON_ACKNOWLEDGED, false, nothing_more, mitigate },
	[INCIDENT_UNMITIGATE] = { "unmitigate", ON_ACKNOWLEDGED, false, nothing_more, unmitigate },
	[INCIDENT_UNACKNOWLEDGE] = { "unacknowledge", ON_ACKNOWLEDGED, false, nothing_more, unacknowledge },
	[INCIDENT_UNSNOOZE] = { "unsnooze", ON_ACKNOWLEDGED, false, unsnooze_check, unsnooze },
	[INCIDENT_REOPEN] = { "reopen", ON_RESOLVED, false, reopen_check, reopen },
	[INCIDENT_UNMERGE] = { "unmerge", ON_RESOLVED, false, unmerge_check, unmerge },
};
/* clang-format on */

const char *
incident_verb_name(enum incident_verb verb)
{
	return verbs[verb].name;
}

bool
incident_verb_named(const char *name, enum incident_verb *ret)
{
	for (int v = 0; v < INCIDENT_VERB_MAX; v++)
		if (strcmp(verbs[v].name, name) == 0) {
			*ret = (enum incident_verb)v;
			return true;
		}
	return false;
}

static bool
may_act_on(enum on on, enum incident_state state)
{
	switch (on) {
	case ON_OPEN:
		return state != INCIDENT_RESOLVED;
	case ON_ACKNOWLEDGED:
		return state == INCIDENT_ACKNOWLEDGED;
	case ON_RESOLVED:
		return state == INCIDENT_RESOLVED;
	case ON_ANY:
		break;
	}
	return true;
}

static struct err *
check(struct deed *d)
{
	const struct incident_act *act = d->act;

	if (!may_act_on(verbs[act->verb].on, d->inc->state))
		return err_new(d->cx, ERR_CONFLICT, "incident %lld is %s",
		        (long long)d->inc->id, incident_state_names[d->inc->state]);
	if (act->if_revision != 0 && act->if_revision != d->inc->revision)
		return err_field(d->cx, ERR_CONFLICT, "revision",
		        "incident %lld has changed meanwhile: it is %s, at revision %lld",
		        (long long)d->inc->id, incident_state_names[d->inc->state],
		        (long long)d->inc->revision);
	return verbs[act->verb].check(d);
}

static struct err *
store(struct deed *d)
{
	if (verbs[d->act->verb].quiet)
		return incident_store_quietly(d->cx, d->inc);
	return incident_store(d->cx, d->inc);
}

struct err *
incident_do(struct ctx *cx, struct engine *e, struct incident_act *act)
{
	struct incident *inc = ARENA_NEW(&cx->mem, struct incident);
	struct deed d = { .cx = cx, .e = e, .act = act, .inc = inc };

	TRY(incident_load(cx, act->incident_id, inc));
	TRY(check(&d));
	act->changed = true;
	TRY(verbs[act->verb].deed(&d));
	TRY(note(&d));
	TRY(store(&d));
	act->result = d.made == NULL ? inc : d.made;
	return NULL;
}

struct err *
incident_do_run(struct ctx *cx, struct engine *e, void *arg)
{
	return incident_do(cx, e, arg);
}
