/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PagerDuty: the answers of its REST API v2. Its layers are listed from the highest to the
 * lowest, ours the other way; a rule waits after its targets, as our steps do.
 */
#include "importer/import_priv.h"

/* ---- users ---- */

static const char *
contact_type(const char *theirs)
{
	static const char *const types[][2] = { { "email_contact_method", "email" },
		{ "sms_contact_method", "sms" }, { "phone_contact_method", "voice" },
		{ "push_notification_contact_method", "push" } };

	for (size_t i = 0; i < NELEMS(types); i++)
		if (str_starts(str_from(theirs), str_from(types[i][0])))
			return types[i][1];
	return theirs;
}

static const char *
role_of(const char *theirs)
{
	static const char *const roles[][2] = { { "owner", "owner" }, { "admin", "admin" },
		{ "observer", "stakeholder" }, { "restricted_access", "stakeholder" },
		{ "read_only_user", "stakeholder" },
		{ "read_only_limited_user", "stakeholder" } };

	for (size_t i = 0; i < NELEMS(roles); i++)
		if (strcmp(roles[i][0], theirs) == 0)
			return roles[i][1];
	return NULL;
}

static void
add_contact(struct import *im, struct import_user *u, struct row row)
{
	const char *type = contact_type(text_at(im, row, "type")),
	           *address = text_at(im, row, "address");
	int64_t country = int_at(row, "country_code", 0);
	bool phone = strcmp(type, "sms") == 0 || strcmp(type, "voice") == 0;

	if (phone && country > 0)
		address = arena_printf(&im->cx->mem, "+%d%s", (int)country, address);
	user_contact_add(im, u,
	        (struct import_contact){ .theirs = text_at(im, row, "id"),
	                .type = type,
	                .address = address,
	                .label = text_at(im, row, "label") });
}

static void
import_user(struct import *im, struct row row)
{
	struct rows contacts = list_at(im, row, "contact_methods"),
	            rules = list_at(im, row, "notification_rules");
	struct import_user u = { .name = text_at(im, row, "name"),
		.email = text_at(im, row, "email"),
		.zone = text_at(im, row, "time_zone"),
		.role = role_of(text_at(im, row, "role")) };
	struct str mail = str_from(u.email);

	u.slug = import_name(im, KIND_USER, text_at(im, row, "id"),
	        mail.len > 0 ? str_dup(&im->cx->mem, str_cut(&mail, '@')) : u.name);
	for (size_t i = 0; i < contacts.n; i++)
		add_contact(im, &u, contacts.items[i]);
	for (size_t i = 0; i < rules.n; i++) {
		struct row r = rules.items[i];
		bool low = strcmp(text_at(im, r, "urgency"), "low") == 0;
		user_step_add(im, &u,
		        (struct import_step){ .contact = text_at(im, r, "contact_method.id"),
		                .type = "",
		                .after = MINUTES(int_at(r, "start_delay_in_minutes", 0)),
		                .urgency = low ? URGENCY_LOW : URGENCY_HIGH });
	}
	user_write(im, row, &u);
}

/* ---- teams ---- */

static void
import_team(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id");
	struct rows members = rows_of(im, "members", theirs),
	            users = rows_of(im, "users", NULL);
	struct import_team t = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description") };

	t.slug = import_name(im, KIND_TEAM, theirs, t.name);
	for (size_t i = 0; i < members.n; i++) {
		const char *role = text_at(im, members.items[i], "role");
		if (strcmp(role, "observer") != 0)
			member_add(im, &t, members.items[i],
			        text_at(im, members.items[i], "user.id"),
			        strcmp(role, "manager") == 0 ? "manager" : "responder");
	}
	/* Without the list of members, users may name their teams. */
	for (size_t i = 0; members.n == 0 && i < users.n; i++) {
		struct rows teams = list_at(im, users.items[i], "teams");
		for (size_t k = 0; k < teams.n; k++)
			if (strcmp(text_at(im, teams.items[k], "id"), theirs) == 0)
				member_add(im, &t, users.items[i],
				        text_at(im, users.items[i], "id"), "responder");
	}
	team_write(im, row, &t);
}

static const char *
first_team(struct import *im, struct row row)
{
	struct rows teams = list_at(im, row, "teams");

	return teams.n == 0 ? NULL
	                    : import_slug(im, KIND_TEAM, text_at(im, teams.items[0], "id"));
}

/* ---- schedules ---- */

static void
add_restriction(struct import *im, struct import_layer *l, struct row row)
{
	bool weekly = strcmp(text_at(im, row, "type"), "weekly_restriction") == 0;
	int64_t seconds = int_at(row, "duration_seconds", 0),
	        day = int_at(row, "start_day_of_week", 1);
	int from;

	if (!clock_parse(text_at(im, row, "start_time_of_day"), &from) || seconds < 1
	        || seconds > 7 * 86400 || day < 1 || day > 7) {
		note_changed(im, row, l->l.name, "a restriction that cannot be read");
		return;
	}
	if (seconds % 60 != 0)
		note_changed(im, row, l->l.name, "a restriction was extended to a full minute");
	window_add(
	        im, l, weekly ? 1u << (day - 1) : CAL_WEEKDAYS_ALL, from, (seconds + 59) / 60);
}

static void
add_users(struct import *im, struct import_layer *l, struct row layer)
{
	struct rows users = list_at(im, layer, "users");

	for (size_t i = 0; i < users.n; i++) {
		const char *theirs = text_at(im, users.items[i], "user.id"),
		           *user = import_slug(im, KIND_USER, theirs);
		turn_add_user(im, l, user);
		if (user == NULL)
			note_changed(im, users.items[i], l->l.name,
			        "there is no user %s in the export: the turn is empty", theirs);
	}
}

/* Turns are counted from the virtual start; what a layer had before its own start is
 * nothing. */
static void
settle_start(struct import *im, struct import_layer *l, const struct zone *z, struct row row)
{
	usec_t start;

	if (!time_at(im, row, "start", &start)
	        || civil_compare(l->l.start, civil_from_utc(z, start)) >= 0)
		return;
	layer_start_near(im, l, z, start);
	if (civil_to_utc(z, l->l.start, CIVIL_FIRST) != start)
		note_changed(im, row, l->l.name,
		        "it begins with the turn during which it was made, not in the middle "
		        "of it");
}

static void
import_layer(struct import *im, struct import_schedule *s, struct row row, int level)
{
	struct rows restrictions = list_at(im, row, "restrictions");
	struct import_layer *l = layer_add(im, s, row, text_at(im, row, "name"));
	usec_t start, end;

	l->level = level;
	if (!time_at(im, row, "rotation_virtual_start", &start)
	        && !time_at(im, row, "start", &start)) {
		s->n--;
		note_left_out(im, row, text_at(im, row, "name"), "it has no start");
		return;
	}
	l->l.start = civil_from_utc(s->zone, start);
	if (!every_of_seconds(
	            int_at(row, "rotation_turn_length_seconds", 7 * 86400), &l->l.every))
		note_changed(im, row, l->l.name, "turns were lengthened to full minutes");
	for (size_t i = 0; i < restrictions.n; i++)
		add_restriction(im, l, restrictions.items[i]);
	add_users(im, l, row);
	settle_start(im, l, s->zone, row);
	l->l.has_end = time_at(im, row, "end", &end);
	if (l->l.has_end)
		l->l.end = civil_from_utc(s->zone, end);
	if (l->l.has_end && civil_compare(l->l.start, l->l.end) >= 0)
		s->n--; /* it never had anybody */
}

static void
import_overrides(struct import *im, const char *schedule, struct rows rows)
{
	for (size_t i = 0; i < rows.n; i++) {
		const char *user = text_at(im, rows.items[i], "user.id");
		struct import_override o = { .schedules =
			                             import_named(im, KIND_SCHEDULE, schedule),
			.with = import_slug(im, KIND_USER, user) };
		if (o.with == NULL)
			note_left_out(im, rows.items[i], "override",
			        "there is no user %s in the export", user);
		else if (!time_at(im, rows.items[i], "start", &o.from)
		        || !time_at(im, rows.items[i], "end", &o.to))
			note_left_out(
			        im, rows.items[i], "override", "it has no start or no end");
		else
			override_write(im, rows.items[i], &o);
	}
}

static void
import_schedule(struct import *im, struct row row)
{
	struct rows layers = list_at(im, row, "schedule_layers");
	const char *theirs = text_at(im, row, "id"), *name = text_at(im, row, "name");
	struct import_schedule s = { .theirs = theirs,
		.name = name,
		.description = text_at(im, row, "description"),
		.team = first_team(im, row) };

	if (import_slug(im, KIND_SCHEDULE, theirs) != NULL)
		return;
	if (at(row, "schedule_layers") == NULL) {
		note_left_out(im, row, arena_printf(&im->cx->mem, "schedule \"%s\"", name),
		        "its layers are not in the export: schedule.%s.json", theirs);
		return;
	}
	s.zone = zone_of(im, row, text_at(im, row, "time_zone"), name);
	for (size_t i = layers.n; i > 0; i--)
		import_layer(im, &s, layers.items[i - 1], (int)(layers.n - i));
	schedule_write(im, row, &s);
	import_overrides(im, theirs, rows_of(im, "overrides", theirs));
}

/* ---- policies ---- */

static bool
target_of(struct import *im, struct policy_part *part, struct row target)
{
	struct str type = str_from(text_at(im, target, "type"));
	const char *theirs = text_at(im, target, "id");

	if (str_starts(type, STR("user")))
		return targets_add(im, part, KIND_USER, theirs, false);
	if (str_starts(type, STR("schedule")))
		return targets_add(im, part, KIND_SCHEDULE, theirs, false);
	return false;
}

static void
import_policy(struct import *im, struct row row)
{
	struct rows rules = list_at(im, row, "escalation_rules");
	struct import_policy p = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.team = first_team(im, row),
		.repeat = int_at(row, "num_loops", 0) };

	p.slug = import_name(im, KIND_POLICY, text_at(im, row, "id"), p.name);
	for (size_t i = 0; i < rules.n; i++) {
		struct row rule = rules.items[i];
		struct rows targets = list_at(im, rule, "targets");
		struct policy_part *part = part_add(im, &p);
		part->wait = MINUTES(int_at(rule, "escalation_delay_in_minutes", 30));
		part->round_robin =
		        strcmp(text_at(im, rule, "escalation_rule_assignment_strategy.type"),
		                "round_robin")
		        == 0;
		for (size_t t = 0; t < targets.n; t++)
			if (!target_of(im, part, targets.items[t]))
				note_left_out(im, targets.items[t],
				        arena_printf(&im->cx->mem, "policy/%s", p.slug),
				        "step %zu: the %s %s is not in the export", i + 1,
				        text_at(im, targets.items[t], "type"),
				        text_at(im, targets.items[t], "id"));
	}
	policy_write(im, row, &p);
}

/* ---- services ---- */

static void
import_integration(struct import *im, const struct import_service *s, struct row row)
{
	const char *type = text_at(im, row, "type"), *name = text_at(im, row, "summary");
	bool events =
	        strstr(type, "events_api") != NULL || strstr(type, "event_transformer") != NULL;

	if (name[0] == '\0')
		name = text_at(im, row, "name");
	integration_write(im, row,
	        &(struct import_integration){
	                .name = arena_printf(&im->cx->mem, "%s %s", s->name, name),
	                .type = events ? "pagerduty" : type,
	                .team = s->team,
	                .service = s->slug,
	                .key = text_at(im, row, "integration_key") });
}

static const char *
urgency_of(struct import *im, struct row row, const char *what)
{
	const char *urgency = text_at(im, row, "incident_urgency_rule.urgency");

	if (strcmp(text_at(im, row, "incident_urgency_rule.type"), "use_support_hours") == 0)
		note_changed(im, row, what,
		        "its urgency depended on support hours; by-severity is taken");
	return strcmp(urgency, "high") == 0 || strcmp(urgency, "low") == 0 ? urgency : NULL;
}

static void
import_service(struct import *im, struct row row)
{
	struct rows integrations = list_at(im, row, "integrations");
	struct import_service s = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.team = first_team(im, row),
		.policy = import_slug(
		        im, KIND_POLICY, text_at(im, row, "escalation_policy.id")) };

	s.slug = import_name(im, KIND_SERVICE, text_at(im, row, "id"), s.name);
	const char *what = arena_printf(&im->cx->mem, "service/%s", s.slug);
	s.urgency = urgency_of(im, row, what);
	if (s.policy == NULL)
		note_changed(im, row, what, "its policy is not in the export");
	if (int_at(row, "acknowledgement_timeout", 0) > 0 && s.policy != NULL)
		note_changed(im, row, what,
		        "acknowledgements ended after %d s: ours do when policy/%s has "
		        "ack_timeout",
		        (int)int_at(row, "acknowledgement_timeout", 0), s.policy);
	service_write(im, row, &s);
	for (size_t i = 0; i < integrations.n; i++)
		import_integration(im, &s, integrations.items[i]);
}

void
import_pagerduty(struct import *im)
{
	import_each(im, "users", import_user);
	import_each(im, "teams", import_team);
	import_each(im, "schedule", import_schedule);
	import_each(im, "schedules", import_schedule);
	import_each(im, "escalation-policies", import_policy);
	import_each(im, "services", import_service);
}
