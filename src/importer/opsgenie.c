/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opsgenie: the answers of its REST API v2. All rotations of a schedule are on call together;
 * the delays of an escalation count from the alert; alerts belong to a team, whose default
 * routing rule names the escalation. So a team with such a rule becomes a service too.
 */
#include <strings.h>

#include "importer/import_priv.h"

/* ---- users ---- */

static const char *
contact_type(const char *method)
{
	return strcmp(method, "mobile") == 0 ? "push" : method; /* sms, voice, email */
}

static const char *
role_of(const char *theirs)
{
	static const char *const roles[][2] = { { "owner", "owner" }, { "admin", "admin" },
		{ "stakeholder", "stakeholder" }, { "observer", "stakeholder" } };

	for (size_t i = 0; i < NELEMS(roles); i++)
		if (strcasecmp(roles[i][0], theirs) == 0)
			return roles[i][1];
	return NULL;
}

/* Amounts without a unit are minutes. */
static usec_t
span_at(struct import *im, struct row row, const char *path)
{
	struct row span = row_at(row, path);
	const char *unit = text_at(im, span, "timeUnit");
	int64_t n = at(row, path) == NULL ? 0 : int_at(span, "timeAmount", 0);

	if (n < 0 || n > 100000)
		n = 0;
	return str_starts(str_from(unit), STR("second"))  ? SECONDS(n)
	        : str_starts(str_from(unit), STR("hour")) ? HOURS(n)
	        : str_starts(str_from(unit), STR("day"))  ? DAYS(n)
	                                                  : MINUTES(n);
}

/* Steps name their contact by method and address, not by id. */
static const char *
contact_key(struct import *im, struct row contact)
{
	return arena_printf(&im->cx->mem, "%s %s", text_at(im, contact, "method"),
	        text_at(im, contact, "to"));
}

static void
import_user(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id"), *username = text_at(im, row, "username");
	struct rows contacts = rows_of(im, "contacts", theirs),
	            steps = rows_of(im, "notification-steps", theirs);
	struct import_user u = { .name = text_at(im, row, "fullName"),
		.email = username,
		.zone = text_at(im, row, "timeZone"),
		.role = role_of(text_at(im, row, "role.name")) };
	struct str mail = str_from(username);

	u.slug = import_name(im, KIND_USER, theirs, str_dup(&im->cx->mem, str_cut(&mail, '@')));
	import_alias(im, KIND_USER, username, u.slug);
	for (size_t i = 0; i < contacts.n; i++)
		user_contact_add(im, &u,
		        (struct import_contact){ .theirs = contact_key(im, contacts.items[i]),
		                .type = contact_type(text_at(im, contacts.items[i], "method")),
		                .address = arena_printf(&im->cx->mem, "%s%s",
		                        text_at(im, contacts.items[i], "to")[0] >= '0'
		                                        && text_at(im, contacts.items[i],
		                                                   "to")[0]
		                                                <= '9'
		                                ? "+"
		                                : "",
		                        text_at(im, contacts.items[i], "to")),
		                .label = text_at(im, contacts.items[i], "method") });
	for (size_t i = 0; i < steps.n; i++)
		if (bool_at(steps.items[i], "enabled", true))
			user_step_add(im, &u,
			        (struct import_step){
			                .contact = contact_key(
			                        im, row_at(steps.items[i], "contact")),
			                .type = "",
			                .after = span_at(im, steps.items[i], "sendAfter"),
			                .both = true });
	user_write(im, row, &u);
	if (bool_at(row, "blocked", false))
		note_changed(im, row, arena_printf(&im->cx->mem, "user/%s", u.slug),
		        "the user was blocked there");
}

/* ---- teams ---- */

static void
import_team(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id");
	struct rows details = rows_of(im, "team", theirs);
	struct rows members = list_at(im, details.n > 0 ? details.items[0] : row, "members");
	struct import_team t = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description") };

	t.slug = import_name(im, KIND_TEAM, theirs, t.name);
	for (size_t i = 0; i < members.n; i++)
		member_add(im, &t, members.items[i], text_at(im, members.items[i], "user.id"),
		        strcmp(text_at(im, members.items[i], "role"), "admin") == 0
		                ? "manager"
		                : "responder");
	team_write(im, row, &t);
}

/* ---- schedules ---- */

static int
clock_of(struct row row, const char *hour, const char *minute)
{
	int64_t h = int_at(row, hour, 0), m = int_at(row, minute, 0);

	return h < 0 || h > 24 || m < 0 || m > 59 ? 0 : (int)((h * 60 + m) % CAL_MINUTES_A_DAY);
}

static int
weekday_of(const char *name)
{
	static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday", "sunday" };

	for (int d = 0; d < 7; d++)
		if (strcasecmp(days[d], name) == 0)
			return d;
	return -1;
}

/* From a clock of one day through to a clock of another. */
static void
add_restriction(struct import *im, struct import_layer *l, struct row r)
{
	int from = clock_of(r, "startHour", "startMin"), to = clock_of(r, "endHour", "endMin");
	int first = weekday_of(text_at(im, r, "startDay")),
	    last = weekday_of(text_at(im, r, "endDay"));
	int64_t minutes;

	if (at(r, "startDay") == NULL) {
		minutes = to > from ? to - from : to + CAL_MINUTES_A_DAY - from;
		window_add(im, l, CAL_WEEKDAYS_ALL, from, minutes);
		return;
	}
	if (first < 0 || last < 0) {
		note_changed(im, r, l->l.name, "a restriction that cannot be read");
		return;
	}
	minutes = (last - first) * CAL_MINUTES_A_DAY + to - from;
	window_add(im, l, 1u << first, from,
	        minutes > 0 ? minutes : minutes + 7 * CAL_MINUTES_A_DAY);
}

static void
add_team_turn(struct import *im, struct import_layer *l, struct row participant)
{
	const char *theirs = text_at(im, participant, "id");
	struct rows details = rows_of(im, "team", theirs);
	struct rows members =
	        details.n == 0 ? (struct rows){ 0 } : list_at(im, details.items[0], "members");
	const char **users = ARENA_ARRAY(&im->cx->mem, members.n, const char *);
	size_t n = 0;

	for (size_t i = 0; i < members.n; i++) {
		users[n] = import_slug(im, KIND_USER, text_at(im, members.items[i], "user.id"));
		n += users[n] != NULL;
	}
	turn_add(im, l, users, n);
	note_changed(im, participant, l->l.name,
	        "the turn of a team is that of its %zu members of today", n);
}

static void
add_participant(struct import *im, struct import_layer *l, struct row p)
{
	const char *type = text_at(im, p, "type"), *theirs = text_at(im, p, "id");
	const char *user = import_slug(im, KIND_USER, theirs);

	if (user == NULL)
		user = import_slug(im, KIND_USER, text_at(im, p, "username"));
	if (strcmp(type, "team") == 0) {
		add_team_turn(im, l, p);
		return;
	}
	turn_add_user(im, l, strcmp(type, "user") == 0 ? user : NULL);
	if (strcmp(type, "none") != 0 && (strcmp(type, "user") != 0 || user == NULL))
		note_changed(im, p, l->l.name, "the turn of the %s %s is empty: %s", type,
		        theirs,
		        strcmp(type, "user") == 0 ? "the user is not in the export"
		                                  : "only people take turns");
}

static bool
every_of(struct import *im, struct row row, struct cal_every *ret)
{
	static const struct {
		const char *name;
		enum cal_unit unit;
	} types[] = { { "hourly", CAL_HOUR }, { "daily", CAL_DAY }, { "weekly", CAL_WEEK } };
	int64_t n = int_at(row, "length", 1);

	for (size_t i = 0; i < NELEMS(types); i++) {
		if (strcmp(types[i].name, text_at(im, row, "type")) != 0 || n < 1
		        || n > CAL_EVERY_MAX)
			continue;
		*ret = (struct cal_every){ types[i].unit, (int)n };
		return true;
	}
	return false;
}

static void
import_rotation(struct import *im, struct import_schedule *s, struct row row)
{
	struct rows participants = list_at(im, row, "participants"),
	            several = list_at(im, row, "timeRestriction.restrictions");
	struct import_layer *l = layer_add(im, s, row, text_at(im, row, "name"));
	usec_t start, end;

	if (!time_at(im, row, "startDate", &start) || !every_of(im, row, &l->l.every)) {
		note_left_out(im, row, l->l.name, "its start, type or length cannot be read");
		s->n--;
		return;
	}
	l->l.start = civil_from_utc(s->zone, start);
	l->l.has_end = time_at(im, row, "endDate", &end);
	if (l->l.has_end)
		l->l.end = civil_from_utc(s->zone, end);
	for (size_t i = 0; i < several.n; i++)
		add_restriction(im, l, several.items[i]);
	if (at(row, "timeRestriction.restriction") != NULL)
		add_restriction(im, l, row_at(row, "timeRestriction.restriction"));
	for (size_t i = 0; i < participants.n; i++)
		add_participant(im, l, participants.items[i]);
}

/* An override of some rotations takes the duty of their people. */
static void
override_of_some(
        struct import *im, struct row row, struct row schedule, struct import_override *o)
{
	struct rows chosen = list_at(im, row, "rotations"),
	            all = list_at(im, schedule, "rotations");
	struct named people = { 0 };

	for (size_t i = 0; i < all.n; i++) {
		struct rows participants = list_at(im, all.items[i], "participants");
		bool its = false;
		for (size_t k = 0; k < chosen.n; k++)
			its |= strcmp(text_at(im, chosen.items[k], "id"),
			               text_at(im, all.items[i], "id"))
			        == 0;
		for (size_t p = 0; its && p < participants.n; p++) {
			const char *user = import_slug(
			        im, KIND_USER, text_at(im, participants.items[p], "id"));
			if (user != NULL)
				named_add(im, &people, user);
		}
	}
	for (size_t i = 0; i < people.n; i++) {
		o->replace = people.slugs[i];
		override_write(im, row, o);
	}
}

static void
import_override(struct import *im, struct row row, struct row schedule)
{
	size_t chosen = list_at(im, row, "rotations").n;
	const char *user = text_at(im, row, "user.id");
	struct import_override o = { .schedules = import_named(
		                             im, KIND_SCHEDULE, text_at(im, schedule, "id")),
		.with = import_slug(im, KIND_USER, user) };

	if (o.with == NULL)
		o.with = import_slug(im, KIND_USER, text_at(im, row, "user.username"));
	if (o.with == NULL)
		note_left_out(im, row, "override", "its %s %s is no user of the export",
		        text_at(im, row, "user.type"), user);
	else if (!time_at(im, row, "startDate", &o.from) || !time_at(im, row, "endDate", &o.to))
		note_left_out(im, row, "override", "it has no start or no end");
	else if (chosen > 0 && chosen < list_at(im, schedule, "rotations").n)
		override_of_some(im, row, schedule, &o);
	else
		override_write(im, row, &o);
}

static void
import_schedule(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id");
	struct rows rotations = list_at(im, row, "rotations"),
	            overrides = rows_of(im, "overrides", theirs);
	struct import_schedule s = { .theirs = theirs,
		.name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.team = import_slug(im, KIND_TEAM, text_at(im, row, "ownerTeam.id")) };

	if (at(row, "rotations") == NULL) {
		note_left_out(im, row, arena_printf(&im->cx->mem, "schedule \"%s\"", s.name),
		        "its rotations are not in the export: ask with expand=rotation");
		return;
	}
	s.zone = zone_of(im, row, text_at(im, row, "timezone"), s.name);
	for (size_t i = 0; i < rotations.n; i++)
		import_rotation(im, &s, rotations.items[i]);
	schedule_write(im, row, &s);
	if (!bool_at(row, "enabled", true))
		note_changed(im, row,
		        arena_printf(&im->cx->mem, "schedule/%s",
		                import_slug(im, KIND_SCHEDULE, theirs)),
		        "it was disabled there");
	for (size_t i = 0; i < overrides.n; i++)
		import_override(im, overrides.items[i], row);
}

/* ---- escalations ---- */

static bool
target_of(struct import *im, struct policy_part *part, struct row rule)
{
	const char *type = text_at(im, rule, "recipient.type"),
	           *theirs = text_at(im, rule, "recipient.id"),
	           *how = text_at(im, rule, "notifyType");

	if (strcmp(type, "user") == 0)
		return targets_add(im, part, KIND_USER, theirs, false)
		        || targets_add(im, part, KIND_USER,
		                text_at(im, rule, "recipient.username"), false);
	if (strcmp(type, "schedule") == 0 && strcmp(how, "previous") != 0)
		return targets_add(im, part, KIND_SCHEDULE, theirs, strcmp(how, "next") == 0);
	if (strcmp(type, "team") == 0)
		return targets_add(im, part, KIND_TEAM, theirs, false);
	return false;
}

static void
sort_rules(struct import *im, struct rows *rules)
{
	for (size_t i = 1; i < rules->n; i++)
		for (size_t k = i; k > 0
		        && span_at(im, rules->items[k - 1], "delay")
		                > span_at(im, rules->items[k], "delay");
		        k--) {
			struct row r = rules->items[k];
			rules->items[k] = rules->items[k - 1];
			rules->items[k - 1] = r;
		}
}

static void
note_rule(struct import *im, struct row rule, const char *what)
{
	const char *how = text_at(im, rule, "notifyType");

	if (strcmp(text_at(im, rule, "condition"), "if-not-closed") == 0)
		note_changed(im, rule, what,
		        "a rule went on after an acknowledgement (if-not-closed): ours stop");
	if (strcmp(how, "admins") == 0 || strcmp(how, "users") == 0
	        || strcmp(how, "random") == 0)
		note_changed(im, rule, what,
		        "a rule notified the %s of a team: everybody of it is paged",
		        strcmp(how, "random") == 0 ? "one by chance" : how);
}

static void
import_escalation(struct import *im, struct row row)
{
	struct rows rules = list_at(im, row, "rules");
	struct import_policy p = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.team = import_slug(im, KIND_TEAM, text_at(im, row, "ownerTeam.id")),
		.repeat = int_at(row, "repeat.count", 0) };
	usec_t last = 0;

	p.slug = import_name(im, KIND_POLICY, text_at(im, row, "id"), p.name);
	const char *what = arena_printf(&im->cx->mem, "policy/%s", p.slug);
	sort_rules(im, &rules);
	for (size_t i = 0; i < rules.n; i++) {
		usec_t delay = span_at(im, rules.items[i], "delay");
		if (p.n == 0)
			p.delay = delay;
		else
			p.steps[p.n - 1].wait = delay - last;
		last = delay;
		if (!target_of(im, part_add(im, &p), rules.items[i]))
			note_left_out(im, rules.items[i], what,
			        "step %zu: the %s %s has no counterpart or is not in the export",
			        i + 1, text_at(im, rules.items[i], "recipient.type"),
			        text_at(im, rules.items[i], "recipient.id"));
		note_rule(im, rules.items[i], what);
	}
	if (p.n > 0 && int_at(row, "repeat.waitInterval", 0) > 0)
		p.steps[p.n - 1].wait = MINUTES(int_at(row, "repeat.waitInterval", 0));
	policy_write(im, row, &p);
}

/* ---- what alerts come to ---- */

static const char *
policy_of_schedule(struct import *im, struct row rule, const char *team)
{
	const char *schedule = text_at(im, rule, "notify.id");
	struct import_policy p = { .name = text_at(im, rule, "notify.name"), .team = team };

	if (!targets_add(im, part_add(im, &p), KIND_SCHEDULE, schedule, false))
		return NULL;
	p.slug = import_name(im, KIND_POLICY, "", p.name);
	policy_write(im, rule, &p);
	return p.slug;
}

/* A team's alerts go where its default rule says; rules with conditions are for rule sets. */
static void
import_routing(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id"), *name = text_at(im, row, "name"),
	           *team = import_slug(im, KIND_TEAM, theirs);
	struct rows rules = rows_of(im, "routing-rules", theirs);

	for (size_t i = 0; i < rules.n; i++) {
		struct row r = rules.items[i];
		const char *type = text_at(im, r, "notify.type");
		if (!bool_at(r, "isDefault", false)) {
			note_left_out(im, r,
			        arena_printf(&im->cx->mem, "routing rule \"%s\" of %s",
			                text_at(im, r, "name"), name),
			        "rules with conditions are written as rulesets");
			continue;
		}
		struct import_service s = { .name = name, .team = team };
		s.policy = strcmp(type, "schedule") == 0
		        ? policy_of_schedule(im, r, team)
		        : import_slug(im, KIND_POLICY, text_at(im, r, "notify.id"));
		s.slug = import_name(
		        im, KIND_SERVICE, arena_printf(&im->cx->mem, "team %s", theirs), name);
		service_write(im, r, &s);
		if (s.policy == NULL)
			note_changed(im, r, arena_printf(&im->cx->mem, "service/%s", s.slug),
			        "its team's default rule notifies nobody of the export");
		else
			import_alias(im, KIND_POLICY,
			        arena_printf(&im->cx->mem, "team %s", theirs), s.policy);
	}
}

static void
import_service(struct import *im, struct row row)
{
	const char *team = text_at(im, row, "teamId");
	struct import_service s = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.team = import_slug(im, KIND_TEAM, team),
		.policy = import_slug(
		        im, KIND_POLICY, arena_printf(&im->cx->mem, "team %s", team)) };

	s.slug = import_name(im, KIND_SERVICE, text_at(im, row, "id"), s.name);
	service_write(im, row, &s);
	if (s.policy == NULL)
		note_changed(im, row, arena_printf(&im->cx->mem, "service/%s", s.slug),
		        "its team's routing rules are not in the export: it has no policy");
}

static void
import_integration(struct import *im, struct row row)
{
	static const char *const ours[][2] = { { "API", "opsgenie" },
		{ "Prometheus", "opsgenie" }, { "Grafana", "opsgenie" } };
	const char *type = text_at(im, row, "type"), *team = text_at(im, row, "teamId");

	for (size_t i = 0; i < NELEMS(ours); i++)
		if (strcmp(ours[i][0], type) == 0)
			type = ours[i][1];
	integration_write(im, row,
	        &(struct import_integration){ .name = text_at(im, row, "name"),
	                .type = type,
	                .team = import_slug(im, KIND_TEAM, team),
	                .service = import_slug(im, KIND_SERVICE,
	                        arena_printf(&im->cx->mem, "team %s", team)) });
}

void
import_opsgenie(struct import *im)
{
	import_each(im, "users", import_user);
	import_each(im, "teams", import_team);
	import_each(im, "schedules", import_schedule);
	import_each(im, "escalations", import_escalation);
	import_each(im, "teams", import_routing);
	import_each(im, "services", import_service);
	import_each(im, "integrations", import_integration);
}
