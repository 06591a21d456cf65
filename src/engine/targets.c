/* SPDX-License-Identifier: Apache-2.0 */
/* From a target to people, by the snapshot and the clock alone. */
#include "engine/targets.h"

static void
add(struct ctx *cx, struct people *people, const char *user_id, const char *because)
{
	for (size_t i = 0; i < people->n; i++)
		if (strcmp(people->items[i].user_id, user_id) == 0)
			return;
	ARENA_PUSH(&cx->mem, people->items, people->n, people->cap) =
	        (struct person){ .user_id = user_id, .because = because };
}

static void
add_team(struct ctx *cx, const struct snapshot *s, const char *id, struct people *people,
        const char *because)
{
	const struct team *team = snapshot_team(s, id);
	const struct member *members = team == NULL ? NULL : team->members.items;

	for (size_t i = 0; team != NULL && i < team->members.n; i++)
		add(cx, people, members[i].id, because);
}

static void
add_schedule(struct ctx *cx, const struct snapshot *s, const struct target *t, usec_t at,
        struct people *people)
{
	const struct schedule *schedule = snapshot_schedule(s, t->id);
	const char *because = target_print(&cx->mem, t);
	const char *const *users = NULL;
	size_t n = 0;

	if (schedule == NULL)
		return;
	switch (t->who) {
	case WHO_CURRENT:
		oncall_at(&cx->mem, &schedule->calendar, at, &users, &n);
		break;
	case WHO_NEXT:
		oncall_who_next(&cx->mem, &schedule->calendar, at, &users, &n, NULL);
		break;
	case WHO_ALL:
		oncall_members(&cx->mem, &schedule->calendar, at, &users, &n);
		break;
	}
	for (size_t i = 0; i < n; i++)
		add(cx, people, users[i], because);
}

void
target_people(struct ctx *cx, const struct snapshot *s, const struct target *t, usec_t at,
        struct people *people)
{
	switch (t->kind) {
	case TARGET_USER:
		if (snapshot_user(s, t->id) != NULL)
			add(cx, people, t->id, target_print(&cx->mem, t));
		break;
	case TARGET_TEAM:
		add_team(cx, s, t->id, people, target_print(&cx->mem, t));
		break;
	case TARGET_SCHEDULE:
		add_schedule(cx, s, t, at, people);
		break;
	case TARGET_POLICY:
	case TARGET_CHANNEL:
		break;
	}
}

bool
target_exists(const struct snapshot *s, const struct target *t)
{
	switch (t->kind) {
	case TARGET_USER:
		return snapshot_user(s, t->id) != NULL;
	case TARGET_TEAM:
		return snapshot_team(s, t->id) != NULL;
	case TARGET_SCHEDULE:
		return snapshot_schedule(s, t->id) != NULL;
	case TARGET_POLICY:
		return snapshot_policy(s, t->id) != NULL;
	case TARGET_CHANNEL:
		return snapshot_channel(s, t->id) != NULL;
	}
	return false;
}

usec_t
target_next_change(const struct snapshot *s, const struct target *t, usec_t at)
{
	const struct schedule *schedule;

	if (t->kind != TARGET_SCHEDULE || t->who == WHO_ALL)
		return USEC_NEVER;
	schedule = snapshot_schedule(s, t->id);
	return schedule == NULL ? USEC_NEVER : oncall_next_change(&schedule->calendar, at);
}

const char *
targets_write(struct ctx *cx, const struct target *targets, size_t n)
{
	struct buf out = BUF_INIT(&cx->mem, 64 * 1024);
	struct jsonw w = JSONW(&out);

	jsonw_array(&w);
	for (size_t i = 0; i < n; i++)
		jsonw_cstr(&w, target_print(&cx->mem, &targets[i]));
	jsonw_end_array(&w);
	return buf_cstr(&out);
}

/* target_print writes "schedule/x (next)": the part in brackets is for people and for here. */
static struct err *
target_read(struct ctx *cx, struct str text, struct target *ret)
{
	struct str name = str_cut(&text, ' ');

	if (!target_parse(&cx->mem, name, ret))
		return err_new(cx, ERR_BUG,
		        "a run remembers \"" STR_FMT "\", which is no target", STR_ARG(name));
	if (str_is(text, "(next)"))
		ret->who = WHO_NEXT;
	if (str_is(text, "(all)"))
		ret->who = WHO_ALL;
	return NULL;
}

struct err *
targets_read(struct ctx *cx, const char *json, struct target **ret, size_t *ret_n)
{
	struct json *list;

	TRY(json_parse(cx, str_from(json), JSON_LIMITS_REQUEST, &list));
	struct target *targets = ARENA_ARRAY(&cx->mem, list->array.n, struct target);
	for (size_t i = 0; i < list->array.n; i++)
		TRY(target_read(cx, list->array.items[i].string, &targets[i]));
	*ret = targets;
	*ret_n = list->array.n;
	return NULL;
}

void
catch_all_targets(struct ctx *cx, const struct snapshot *s, struct target **ret, size_t *ret_n)
{
	const struct organisation *org = snapshot_organisation(s);
	struct target *targets = NULL;
	size_t n = 0, cap = 0, n_users;
	const struct document *const *users = snapshot_list(s, KIND_USER, &n_users);

	if (org->has_catch_all)
		ARENA_PUSH(&cx->mem, targets, n, cap) = org->catch_all;
	for (size_t i = 0; i < n_users && !org->has_catch_all; i++) {
		const struct user *u = users[i]->value;
		if (u->role == ROLE_OWNER)
			ARENA_PUSH(&cx->mem, targets, n, cap) =
			        (struct target){ .kind = TARGET_USER, .id = u->c.id };
	}
	*ret = targets;
	*ret_n = n;
}
