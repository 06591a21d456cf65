/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VictorOps, now Splunk On-Call: the answers of its public API. A rotation is a set of shifts
 * that are all on call; a policy's timeouts are waited before their step, ours after it; a
 * routing key names policies, which makes it a service of ours.
 */
#include "importer/import_priv.h"

struct vo {
	struct import *im;
	struct map schedules; /* their policy -> struct named, the schedules that it pages */
	struct map lengths;   /* policy slug -> usec_t, from its first page to its last wait */
	struct map teams;     /* policy slug -> team slug */
};

/* ---- users ---- */

static void
add_contacts(struct vo *vo, struct import_user *u, struct row methods, const char *list,
        const char *const *types)
{
	struct rows rows = list_at(vo->im, methods, list);

	for (size_t i = 0; i < rows.n; i++)
		for (size_t t = 0; types[t] != NULL; t++)
			user_contact_add(vo->im, u,
			        (struct import_contact){
			                .theirs = text_at(vo->im, rows.items[i], "id"),
			                .type = types[t],
			                .address = text_at(vo->im, rows.items[i], "value"),
			                .label = text_at(vo->im, rows.items[i], "label") });
}

static const char *
step_type(const char *type)
{
	static const char *const ours[][2] = { { "phone", "voice" }, { "sms", "sms" },
		{ "email", "email" }, { "push", "push" } };

	for (size_t i = 0; i < NELEMS(ours); i++)
		if (strcmp(ours[i][0], type) == 0)
			return ours[i][1];
	return type;
}

/* A step waits its timeout until the next begins. */
static void
add_steps(struct vo *vo, struct import_user *u, struct row policy)
{
	struct rows steps = list_at(vo->im, policy, "steps");
	usec_t after = 0;

	for (size_t i = 0; i < steps.n; i++) {
		struct rows rules = list_at(vo->im, steps.items[i], "rules");
		for (size_t r = 0; r < rules.n; r++)
			user_step_add(vo->im, u,
			        (struct import_step){ .contact = text_at(vo->im, rules.items[r],
			                                      "contact.id"),
			                .type = step_type(
			                        text_at(vo->im, rules.items[r], "type")),
			                .after = after,
			                .both = true });
		after += MINUTES(int_at(steps.items[i], "timeout", 5));
	}
}

static void
import_user(struct vo *vo, struct row row)
{
	static const char *const mail[] = { "email", NULL },
	                         *const phone[] = { "sms", "voice", NULL },
	                         *const push[] = { "push", NULL };
	const char *username = text_at(vo->im, row, "username");
	struct rows methods = rows_of(vo->im, "contact-methods", username);
	struct rows paging = rows_of(vo->im, "paging-policies", username);
	const char *display = text_at(vo->im, row, "displayName");
	struct import_user u = { .email = text_at(vo->im, row, "email") };

	u.slug = import_name(vo->im, KIND_USER, username, username);
	u.name = display[0] != '\0'
	        ? display
	        : arena_printf(&vo->im->cx->mem, "%s %s", text_at(vo->im, row, "firstName"),
	                text_at(vo->im, row, "lastName"));
	for (size_t i = 0; i < methods.n; i++) {
		add_contacts(vo, &u, methods.items[i], "emails.contactMethods", mail);
		add_contacts(vo, &u, methods.items[i], "phones.contactMethods", phone);
		add_contacts(vo, &u, methods.items[i], "devices.contactMethods", push);
	}
	for (size_t i = 0; i < paging.n; i++)
		add_steps(vo, &u, paging.items[i]);
	user_write(vo->im, row, &u);
}

/* ---- teams ---- */

static void
import_team(struct vo *vo, struct row row)
{
	const char *theirs = text_at(vo->im, row, "slug"), *name = text_at(vo->im, row, "name");
	struct rows admins = rows_of(vo->im, "team-admins", theirs);
	struct rows members = rows_of(vo->im, "members", theirs);
	struct import_team t = { .slug = import_name(vo->im, KIND_TEAM, theirs, name),
		.name = name,
		.description = text_at(vo->im, row, "description") };

	for (size_t i = 0; i < admins.n; i++)
		member_add(vo->im, &t, admins.items[i],
		        text_at(vo->im, admins.items[i], "username"), "manager");
	for (size_t i = 0; i < members.n; i++)
		member_add(vo->im, &t, members.items[i],
		        text_at(vo->im, members.items[i], "username"), "responder");
	team_write(vo->im, row, &t);
}

/* ---- rotations ---- */

static unsigned
mask_days(struct row mask)
{
	static const char *const names[] = { "m", "t", "w", "th", "f", "sa", "su" };
	unsigned days = 0;

	for (size_t i = 0; i < NELEMS(names); i++)
		if (bool_at(row_at(mask, "day"), names[i], false))
			days |= 1u << i;
	return days;
}

static int
clock_at(struct row time, const char *edge)
{
	struct row t = row_at(time, edge);
	int64_t hour = int_at(t, "hour", 0), minute = int_at(t, "minute", 0);

	return hour < 0 || hour > 24 || minute < 0 || minute > 59
	        ? 0
	        : (int)((hour * 60 + minute) % CAL_MINUTES_A_DAY);
}

static void
add_mask(struct vo *vo, struct import_layer *l, struct row shift, const char *name)
{
	struct row mask = row_at(shift, name);
	struct rows times = list_at(vo->im, mask, "time");
	unsigned days = mask_days(mask);

	if (at(shift, name) == NULL || days == 0)
		return;
	for (size_t i = 0; i < times.n; i++) {
		int from = clock_at(times.items[i], "start"),
		    to = clock_at(times.items[i], "end");
		window_add(vo->im, l, days, from,
		        to > from ? to - from : to + CAL_MINUTES_A_DAY - from);
	}
}

static size_t
add_turns(struct vo *vo, struct import_layer *l, struct row shift)
{
	struct rows members = list_at(vo->im, shift, "shiftMembers");

	for (size_t i = 0; i < members.n; i++) {
		const char *username = text_at(vo->im, members.items[i], "username");
		const char *user = import_slug(vo->im, KIND_USER, username);
		turn_add_user(vo->im, l, user);
		if (user == NULL)
			note_changed(vo->im, members.items[i], l->l.name,
			        "there is no user \"%s\" in the export: the turn is empty",
			        username);
	}
	return members.n;
}

/* Who is on now says whose turn it is; the first of the list need not have begun. */
static void
begin_with_current(
        struct vo *vo, struct import_layer *l, const struct zone *z, struct row shift)
{
	const char *member = text_at(vo->im, shift, "current.memberSlug"),
	           *username = text_at(vo->im, shift, "current.username");
	struct rows members = list_at(vo->im, shift, "shiftMembers");
	usec_t at_start;

	if (username[0] == '\0' || !time_at(vo->im, shift, "current.start", &at_start))
		return;
	for (size_t i = 0; i < members.n; i++) {
		const char *slug = text_at(vo->im, members.items[i], "slug");
		bool same = member[0] != '\0' && slug[0] != '\0'
		        ? strcmp(slug, member) == 0
		        : strcmp(text_at(vo->im, members.items[i], "username"), username) == 0;
		if (!same)
			continue;
		layer_begin_with(vo->im, l, z, i, at_start);
		return;
	}
}

static void
import_shift(struct vo *vo, struct import_schedule *s, struct row shift)
{
	static const char *const masks[] = { "mask", "mask2", "mask3", "mast3" };
	struct import_layer *l = layer_add(vo->im, s, shift, text_at(vo->im, shift, "label"));
	const struct zone *z =
	        zone_of(vo->im, shift, text_at(vo->im, shift, "timezone"), l->l.name);
	bool always = strcmp(text_at(vo->im, shift, "shifttype"), "std") == 0;
	usec_t start;

	if (s->zone == NULL)
		s->zone = z;
	l->l.zone = z;
	if (!time_at(vo->im, shift, "start", &start)) {
		s->n--;
		note_left_out(vo->im, shift, l->l.name, "it has no start");
		return;
	}
	l->l.start = civil_from_utc(z, start);
	if (!every_of_seconds(int_at(shift, "duration", 7) * 86400, &l->l.every))
		note_changed(
		        vo->im, shift, l->l.name, "the length of its turns is not in days");
	for (size_t i = 0; i < NELEMS(masks) && !always; i++)
		add_mask(vo, l, shift, masks[i]);
	if (add_turns(vo, l, shift) > 0)
		begin_with_current(vo, l, z, shift);
}

/* The newer list of rotations has no slugs; the older one has nothing else. */
static const char *
rotation_slug(struct vo *vo, struct row rotation, const char *team)
{
	const char *slug = text_at(vo->im, rotation, "slug"),
	           *group = text_at(vo->im, rotation, "groupId"),
	           *label = text_at(vo->im, rotation, "label");
	struct rows groups = rows_of(vo->im, "rotation-groups", team);

	for (size_t i = 0; slug[0] == '\0' && i < groups.n; i++) {
		const char *id = text_at(vo->im, groups.items[i], "groupId");
		bool same = group[0] != '\0' && id[0] != '\0'
		        ? strcmp(id, group) == 0
		        : strcmp(text_at(vo->im, groups.items[i], "label"), label) == 0;
		if (same)
			slug = text_at(vo->im, groups.items[i], "slug");
	}
	return slug;
}

static const char *
by_label(struct vo *vo, const char *team, const char *label)
{
	return arena_printf(&vo->im->cx->mem, "%s/%s", team, label);
}

static void
import_rotation(struct vo *vo, struct row row)
{
	struct rows shifts = list_at(vo->im, row, "shifts");
	const char *label = text_at(vo->im, row, "label"), *team = row.param;
	struct import_schedule s = { .name = label,
		.theirs = by_label(vo, team, label),
		.team = import_slug(vo->im, KIND_TEAM, team) };

	for (size_t i = 0; i < shifts.n; i++)
		import_shift(vo, &s, shifts.items[i]);
	if (s.zone == NULL)
		s.zone = zone_utc();
	schedule_write(vo->im, row, &s);
	struct named named = import_named(vo->im, KIND_SCHEDULE, s.theirs);
	for (size_t i = 0; i < named.n; i++)
		import_alias(
		        vo->im, KIND_SCHEDULE, rotation_slug(vo, row, team), named.slugs[i]);
}

/* ---- policies ---- */

static bool
target_rotation(struct vo *vo, struct policy_part *part, struct row entry, const char *policy,
        const char *team)
{
	const char *type = text_at(vo->im, entry, "executionType");
	const char *slug = text_at(vo->im, entry, "rotationGroup.slug");
	const char *theirs = import_slug(vo->im, KIND_SCHEDULE, slug) != NULL
	        ? slug
	        : by_label(vo, team, text_at(vo->im, entry, "rotationGroup.label"));
	struct named named = import_named(vo->im, KIND_SCHEDULE, theirs),
	             *kept = map_gets(&vo->schedules, policy);

	if (strcmp(type, "rotation_group_previous") == 0)
		return false;
	if (kept == NULL) {
		kept = ARENA_NEW(&vo->im->cx->mem, struct named);
		map_put(&vo->schedules, str_from(policy), kept);
	}
	for (size_t i = 0; i < named.n; i++)
		named_add(vo->im, kept, named.slugs[i]);
	return targets_add(
	        vo->im, part, KIND_SCHEDULE, theirs, strcmp(type, "rotation_group_next") == 0);
}

static bool
target_of(struct vo *vo, struct policy_part *part, struct row entry, const char *policy,
        const char *team)
{
	struct import *im = vo->im;
	const char *type = text_at(im, entry, "executionType");

	if (strcmp(type, "user") == 0)
		return targets_add(
		        im, part, KIND_USER, text_at(im, entry, "user.username"), false);
	if (str_starts(str_from(type), STR("rotation_group")))
		return target_rotation(vo, part, entry, policy, team);
	if (strcmp(type, "policy_routing") == 0)
		return targets_add(im, part, KIND_POLICY,
		        text_at(im, entry, "targetPolicy.policySlug"), false);
	if (strcmp(type, "team_page") == 0)
		return targets_add(im, part, KIND_TEAM, team, false);
	if (strcmp(type, "email") == 0 && text_at(im, entry, "email.address")[0] != '\0') {
		target_email(im, part, entry, text_at(im, entry, "email.address"));
		return true;
	}
	return false;
}

static void
keep_length(struct vo *vo, const struct import_policy *p)
{
	usec_t *length = ARENA_NEW(&vo->im->cx->mem, usec_t);

	for (size_t i = 0; i < p->n; i++)
		*length += p->steps[i].wait;
	map_put(&vo->lengths, str_from(p->slug), length);
}

static void
import_policy(struct vo *vo, struct row row)
{
	struct import *im = vo->im;
	const char *theirs = text_at(im, row, "slug"), *team = text_at(im, row, "teamSlug");
	struct rows steps = list_at(im, row, "steps");
	struct import_policy p = { .slug = import_slug(im, KIND_POLICY, theirs),
		.name = text_at(im, row, "name"),
		.team = import_slug(im, KIND_TEAM, team) };
	const char *what = arena_printf(&im->cx->mem, "policy/%s", p.slug);

	for (size_t i = 0; i < steps.n; i++) {
		usec_t before = MINUTES(int_at(steps.items[i], "timeout", 0));
		struct rows entries = list_at(im, steps.items[i], "entries");
		if (p.n == 0)
			p.delay = before;
		else
			p.steps[p.n - 1].wait = before;
		struct policy_part *part = part_add(im, &p);
		for (size_t e = 0; e < entries.n; e++)
			if (!target_of(vo, part, entries.items[e], theirs, team))
				note_left_out(im, entries.items[e], what,
				        "step %zu: a target of the type %s has no counterpart, "
				        "or what it names is not in the export",
				        i + 1, text_at(im, entries.items[e], "executionType"));
	}
	if (bool_at(row, "ignoreCustomPagingPolicies", false))
		note_changed(im, row, what,
		        "people are paged by their own steps, which this policy ignored");
	policy_write(im, row, &p);
	keep_length(vo, &p);
	map_put(&vo->teams, str_from(p.slug), (void *)p.team);
}

/* A policy's name comes from its own answer, or from the list. */
static void
name_policies(struct vo *vo)
{
	struct rows details = rows_of(vo->im, "policy", NULL),
	            list = rows_of(vo->im, "policies", NULL);

	for (size_t i = 0; i < details.n; i++)
		import_name(vo->im, KIND_POLICY, text_at(vo->im, details.items[i], "slug"),
		        text_at(vo->im, details.items[i], "name"));
	for (size_t i = 0; i < list.n; i++) {
		const char *slug = text_at(vo->im, list.items[i], "policy.slug");
		if (import_slug(vo->im, KIND_POLICY, slug) == NULL)
			note_left_out(vo->im, list.items[i],
			        arena_printf(&vo->im->cx->mem, "policy \"%s\"",
			                text_at(vo->im, list.items[i], "policy.name")),
			        "its steps are not in the export: policy.%s.json", slug);
	}
	for (size_t i = 0; i < details.n; i++)
		import_policy(vo, details.items[i]);
}

/* ---- routing keys ---- */

/* Our services have one policy: one that pages them all stands for several. */
static const char *
policy_of_several(struct vo *vo, struct row row, const char *key, struct rows targets)
{
	struct import *im = vo->im;
	struct import_policy p = { .slug = import_name(im, KIND_POLICY, "", key),
		.name = arena_printf(&im->cx->mem, "All policies of %s", key) };
	struct policy_part *part = part_add(im, &p);

	for (size_t i = 0; i < targets.n; i++) {
		struct named named = import_named(
		        im, KIND_POLICY, text_at(im, targets.items[i], "policySlug"));
		const usec_t *length =
		        named.n == 0 ? NULL : map_gets(&vo->lengths, named.slugs[0]);
		if (length != NULL && *length > part->wait)
			part->wait = *length;
		for (size_t k = 0; k < named.n; k++)
			target_add(im, part,
			        (struct import_target){ "policy", named.slugs[k], false });
	}
	policy_write(im, row, &p);
	note_changed(im, row, arena_printf(&im->cx->mem, "policy/%s", p.slug),
	        "made for the routing key %s, which has %zu policies", key, targets.n);
	return p.slug;
}

static void
import_routing_key(struct vo *vo, struct row row)
{
	struct import *im = vo->im;
	const char **key = ARENA_ARRAY(&im->cx->mem, 1, const char *);
	struct rows targets = list_at(im, row, "targets");
	struct import_service s = { .routing_keys = key, .n_keys = 1 };

	key[0] = text_at(im, row, "routingKey");
	if (targets.n == 1)
		s.policy = import_slug(
		        im, KIND_POLICY, text_at(im, targets.items[0], "policySlug"));
	else if (targets.n > 1)
		s.policy = policy_of_several(vo, row, key[0], targets);
	s.slug = import_name(im, KIND_SERVICE, "", key[0]);
	s.name = key[0];
	s.team = s.policy == NULL ? NULL : map_gets(&vo->teams, s.policy);
	const char *what = arena_printf(&im->cx->mem, "service/%s", s.slug);
	if (s.policy == NULL)
		note_changed(im, row, what, "its policy is not in the export");
	if (bool_at(row, "isDefault", false))
		note_changed(im, row, what,
		        "it was the default route: alerts without a known key now go to the "
		        "organisation's catch_all; set it to policy/%s",
		        s.policy == NULL ? "..." : s.policy);
	service_write(im, row, &s);
}

/* ---- overrides ---- */

static void
import_assignment(struct vo *vo, struct row override, struct row a)
{
	struct import *im = vo->im;
	const char *policy = text_at(im, a, "policy"), *with = text_at(im, a, "user");
	const struct named *schedules = map_gets(&vo->schedules, policy);
	struct import_override o = { .schedules = schedules == NULL ? (struct named){ 0 }
		                                                    : *schedules,
		.replace = import_slug(im, KIND_USER, text_at(im, override, "user.username")),
		.with = import_slug(im, KIND_USER, with) };
	const char *what =
	        arena_printf(&im->cx->mem, "override %s", text_at(im, override, "publicId"));

	if (!bool_at(a, "assigned", with[0] != '\0') || o.with == NULL || o.replace == NULL)
		note_left_out(im, a, what,
		        "nobody of the export has taken it for the policy %s", policy);
	else if (o.schedules.n == 0)
		note_left_out(
		        im, a, what, "the policy %s pages no rotation of the export", policy);
	else if (!time_at(im, override, "start", &o.from)
	        || !time_at(im, override, "end", &o.to))
		note_left_out(im, override, what, "it has no start or no end");
	else
		override_write(im, a, &o);
}

static void
import_override_row(struct vo *vo, struct row row)
{
	struct rows assignments = list_at(vo->im, row, "assignments");

	for (size_t i = 0; i < assignments.n; i++)
		import_assignment(vo, row, assignments.items[i]);
}

/* ---- all ---- */

static void
each(struct vo *vo, const char *name, void (*fn)(struct vo *vo, struct row row))
{
	struct rows rows = rows_of(vo->im, name, NULL);

	for (size_t i = 0; i < rows.n; i++)
		fn(vo, rows.items[i]);
}

void
import_victorops(struct import *im)
{
	struct vo vo = { .im = im };
	struct row nowhere = { 0 };

	map_init(&vo.schedules, &im->cx->mem);
	map_init(&vo.lengths, &im->cx->mem);
	map_init(&vo.teams, &im->cx->mem);
	each(&vo, "users", import_user);
	each(&vo, "teams", import_team);
	each(&vo, "rotations", import_rotation);
	name_policies(&vo);
	each(&vo, "routing-keys", import_routing_key);
	each(&vo, "overrides", import_override_row);
	if (rows_of(im, "routing-keys", NULL).n > 0)
		integration_write(im, nowhere,
		        &(struct import_integration){
		                .name = "VictorOps REST", .type = "victorops" });
}
