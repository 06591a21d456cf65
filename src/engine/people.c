/* SPDX-License-Identifier: Apache-2.0 */
/* Who is there, who is asked to come, and who does what. */
#include "engine/act.h"
#include "engine/duty.h"
#include "engine/escalation.h"
#include "engine/paging.h"
#include "engine/room.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "engine/timeline.h"
#include "queries.h"

const char *const incident_role_names[INCIDENT_ROLE_MAX + 1] = {
	[INCIDENT_COMMANDER] = "commander",
	[INCIDENT_OPS_LEAD] = "ops-lead",
	[INCIDENT_SCRIBE] = "scribe",
	[INCIDENT_CUSTOMER_LIAISON] = "customer-liaison",
	[INCIDENT_INTERNAL_LIAISON] = "internal-liaison",
};

const char *const attendance_names[ATTENDANCE_MAX + 1] = {
	[ATTENDANCE_ASKED] = "asked",
	[ATTENDANCE_JOINED] = "joined",
	[ATTENDANCE_DECLINED] = "declined",
	[ATTENDANCE_WATCHING] = "watching",
};

static const struct db_col role_row_cols[] = {
	DB_COL_ENUM(struct role_row, role, incident_role_names),
	DB_COL(struct role_row, user_id),
	DB_COL(struct role_row, since),
};
const struct db_row role_row_row = DB_ROW(struct role_row, role_row_cols);

static const struct db_col attendant_cols[] = {
	DB_COL(struct attendant, user_id),
	DB_COL_ENUM(struct attendant, state, attendance_names),
	DB_COL(struct attendant, since),
};
const struct db_row attendant_row = DB_ROW(struct attendant, attendant_cols);

struct err *
attend(struct ctx *cx, const struct incident *inc, const char *user, enum attendance state)
{
	if (user == NULL)
		return NULL;
	return db_post(cx, &q_attendance_set,
	        DB_ARGS(inc->id, user, attendance_names[state], ctx_now(cx)));
}

static struct err *
is_there(struct deed *d, const char *user, enum attendance state, bool *ret)
{
	struct attendant a;
	bool found;

	TRY(db_maybe(d->cx, &q_attendant_get, DB_ARGS(d->inc->id, user), &a, &found));
	*ret = found && a.state == state;
	return NULL;
}

static const char *
me(const struct deed *d)
{
	const char *user = acting_user(d->cx);

	return user == NULL ? "" : user;
}

static struct err *
tell(struct ctx *cx, struct engine *e, const char *user, const char *title, const char *text)
{
	return notice_send(cx, e,
	        &(struct notice){ .user_id = user,
	                .because = arena_printf(&cx->mem, "user/%s", user),
	                .title = title,
	                .text = text });
}

/* ---- watching ---- */

struct err *
watchers_tell(struct ctx *cx, struct engine *e, const struct incident *inc, const char *what,
        const char *text)
{
	const char *title =
	        arena_printf(&cx->mem, "#%lld %s: %s", (long long)inc->id, what, inc->title);
	struct attendant *all;
	size_t n;

	if (!inc->watched)
		return NULL;
	TRY(db_list(cx, &q_watchers_of_incident, DB_ARGS(inc->id, WATCHERS_MAX), &all, &n));
	for (size_t i = 0; i < n; i++)
		if (!str_null_safe_eq(all[i].user_id, acting_user(cx)))
			TRY(tell(cx, e, all[i].user_id, title, text == NULL ? "" : text));
	return NULL;
}

struct err *
watch(struct deed *d)
{
	struct attendant a;
	bool found;

	TRY(db_maybe(d->cx, &q_attendant_get, DB_ARGS(d->inc->id, me(d)), &a, &found));
	d->act->changed = !found || a.state == ATTENDANCE_DECLINED;
	if (!d->act->changed)
		return NULL;
	TRY(deed_say(d, "people.watching", NULL));
	d->inc->watched = true;
	return attend(d->cx, d->inc, acting_user(d->cx), ATTENDANCE_WATCHING);
}

struct err *
unwatch(struct deed *d)
{
	TRY(is_there(d, me(d), ATTENDANCE_WATCHING, &d->act->changed));
	if (!d->act->changed)
		return NULL;
	TRY(deed_say(d, "people.unwatching", NULL));
	return db_post(d->cx, &q_attendance_clear, DB_ARGS(d->inc->id, me(d)));
}

/* ---- asking for more people ---- */

struct err *
add_check(struct deed *d)
{
	const struct target *t = &d->act->target;
	struct people people = { 0 };

	if (!target_exists(d->e->snapshot, t))
		return err_field(d->cx, ERR_INVALID, "/target", "there is no %s",
		        target_print(&d->cx->mem, t));
	if (t->kind == TARGET_POLICY || t->kind == TARGET_CHANNEL)
		return err_field(d->cx, ERR_INVALID, "/target",
		        "add a person, a team or a schedule: a policy takes over by reroute");
	target_people(d->cx, d->e->snapshot, t, ctx_now(d->cx), &people);
	if (people.n == 0)
		return err_field(d->cx, ERR_INVALID, "/target", "%s is nobody at present",
		        target_print(&d->cx->mem, t));
	return NULL;
}

/* Somebody who rings already is not rung twice. */
static struct err *
find_call(struct deed *d, const char *user, struct callout *ret, bool *ret_found)
{
	struct callout *calls;
	size_t n;

	*ret_found = false;
	TRY(db_list(d->cx, &q_callouts_of_incident, DB_ARGS(d->inc->id), &calls, &n));
	for (size_t i = 0; i < n && !*ret_found; i++)
		if (calls[i].state == CALLOUT_RUNNING && strcmp(calls[i].user_id, user) == 0) {
			*ret = calls[i];
			*ret_found = true;
		}
	return NULL;
}

static struct err *
ask(struct deed *d, const struct person *p)
{
	const struct callout_begin b = {
		.incident = d->inc, .user_id = p->user_id, .because = p->because, .asked = true
	};
	struct callout running;
	bool there, rings, reached;

	TRY(is_there(d, p->user_id, ATTENDANCE_JOINED, &there));
	if (there)
		return timeline_add(d->cx, d->e,
		        (struct happening){ .type = "page.withheld",
		                .incident = d->inc,
		                .user_id = p->user_id,
		                .reason = REASON_ACKNOWLEDGED });
	d->act->changed = true;
	TRY(attend(d->cx, d->inc, p->user_id, ATTENDANCE_ASKED));
	TRY(find_call(d, p->user_id, &running, &rings));
	if (rings)
		return db_post(d->cx, &q_callout_ask, DB_ARGS(running.id, true));
	return callout_start(d->cx, d->e, &b, &reached);
}

struct err *
add(struct deed *d)
{
	struct people people = { 0 };

	target_people(d->cx, d->e->snapshot, &d->act->target, ctx_now(d->cx), &people);
	TRY(deed_say(d, "people.asked",
	        event_data(d->cx, "target", target_print(&d->cx->mem, &d->act->target), NULL)));
	d->act->changed = false;
	for (size_t i = 0; i < people.n; i++)
		TRY(ask(d, &people.items[i]));
	return NULL;
}

/* ---- answering for oneself ---- */

struct err *
join(struct deed *d)
{
	struct callout running;
	bool there, rings;

	TRY(is_there(d, me(d), ATTENDANCE_JOINED, &there));
	TRY(find_call(d, me(d), &running, &rings));
	d->act->changed = !there || rings;
	if (!d->act->changed)
		return NULL;
	TRY(deed_say(d, "people.joined", NULL));
	TRY(attend(d->cx, d->inc, acting_user(d->cx), ATTENDANCE_JOINED));
	return escalation_answered(d->cx, d->e, d->inc, acting_user(d->cx));
}

static struct err *
own_calls(struct deed *d, struct callout **ret, size_t *ret_n)
{
	struct callout *calls;
	size_t n, mine = 0;

	TRY(db_list(d->cx, &q_callouts_of_incident, DB_ARGS(d->inc->id), &calls, &n));
	for (size_t i = 0; i < n; i++)
		if (strcmp(calls[i].user_id, me(d)) == 0)
			calls[mine++] = calls[i];
	*ret = calls;
	*ret_n = mine;
	return NULL;
}

struct err *
decline_check(struct deed *d)
{
	struct callout *calls;
	size_t n;

	TRY(own_calls(d, &calls, &n));
	if (n == 0)
		return err_new(d->cx, ERR_CONFLICT, "nobody calls you for incident %lld",
		        (long long)d->inc->id);
	return NULL;
}

/* A call whose contacts are all spent rings no more, but it is still waited for. */
static struct err *
end_call(struct deed *d, struct callout *c)
{
	if (c->state == CALLOUT_RUNNING)
		return callout_stop(d->cx, d->e, d->inc, c, CALLOUT_CANCELLED, REASON_DECLINED);
	return db_post(d->cx, &q_callout_set,
	        DB_ARGS(c->id, callout_state_names[CALLOUT_CANCELLED], c->next_step));
}

struct err *
decline(struct deed *d)
{
	struct callout *calls;
	size_t n;

	TRY(own_calls(d, &calls, &n));
	TRY(deed_say(d, "people.declined", NULL));
	TRY(attend(d->cx, d->inc, acting_user(d->cx), ATTENDANCE_DECLINED));
	for (size_t i = 0; i < n; i++)
		TRY(end_call(d, &calls[i]));
	/* Whoever waits for nobody else goes on at once. */
	for (size_t i = 0; i < n; i++)
		TRY(escalation_unreached(d->cx, d->e, d->inc, calls[i].run_id));
	return NULL;
}

/* ---- roles ---- */

static struct err *
holder_of(struct deed *d, const char **ret)
{
	struct role_row row;
	bool found;

	TRY(db_maybe(d->cx, &q_role_get, DB_ARGS(d->inc->id, incident_role_names[d->act->role]),
	        &row, &found));
	*ret = found ? row.user_id : NULL;
	return NULL;
}

struct err *
role_check(struct deed *d)
{
	const char *seen = d->act->seen, *holder;

	if (d->act->user != NULL && snapshot_user(d->e->snapshot, d->act->user) == NULL)
		return err_field(
		        d->cx, ERR_INVALID, "/user", "there is no user/%s", d->act->user);
	TRY(holder_of(d, &holder));
	if (seen != NULL && strcmp(seen, holder == NULL ? "" : holder) != 0)
		return err_field(d->cx, ERR_CONFLICT, "/seen", "%s is %s of incident %lld now",
		        holder == NULL ? "nobody" : holder, incident_role_names[d->act->role],
		        (long long)d->inc->id);
	return NULL;
}

static struct err *
say_role(struct deed *d, const char *before)
{
	const char *user = d->act->user;
	bool taken = str_null_safe_eq(user, acting_user(d->cx));

	return timeline_add(d->cx, d->e,
	        (struct happening){ .type = user == NULL ? "role.left"
	                        : taken                  ? "role.taken"
	                                                 : "role.given",
	                .incident = d->inc,
	                .user_id = user == NULL ? before : user,
	                .data = event_data(d->cx, "role", incident_role_names[d->act->role],
	                        "before", before, NULL) });
}

/* Who gets a role by somebody else learns of it. */
static struct err *
hand_over(struct deed *d)
{
	const char *role = incident_role_names[d->act->role], *user = d->act->user;

	TRY(db_post(d->cx, &q_role_set, DB_ARGS(d->inc->id, role, user, ctx_now(d->cx))));
	if (strcmp(user, me(d)) == 0)
		return attend(d->cx, d->inc, user, ATTENDANCE_JOINED);
	return tell(d->cx, d->e, user,
	        arena_printf(&d->cx->mem, "You are %s of #%lld: %s", role,
	                (long long)d->inc->id, d->inc->title),
	        arena_printf(&d->cx->mem, "%s gave you the role.", me(d)));
}

struct err *
role(struct deed *d)
{
	const char *before;

	TRY(holder_of(d, &before));
	d->act->changed = !str_null_safe_eq(before, d->act->user)
	        && (before != NULL || d->act->user != NULL);
	if (!d->act->changed)
		return NULL;
	TRY(say_role(d, before));
	if (d->act->role == INCIDENT_COMMANDER)
		d->inc->commander = d->act->user;
	if (d->act->user != NULL)
		return hand_over(d);
	return db_post(
	        d->cx, &q_role_clear, DB_ARGS(d->inc->id, incident_role_names[d->act->role]));
}
