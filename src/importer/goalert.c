/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GoAlert: the answer of one GraphQL query (docs/import.md has it). A schedule assigns users
 * and rotations by rules of the week, all of which count together; a rotation remembers whose
 * turn it is, whatever its start says.
 */
#include "importer/import_priv.h"

/* ---- users ---- */

static const char *
contact_type(const char *theirs)
{
	static const char *const types[][2] = { { "SMS", "sms" }, { "VOICE", "voice" },
		{ "EMAIL", "email" }, { "WEBHOOK", "webhook" }, { "SLACK_DM", "slack" },
		{ "builtin-twilio-sms", "sms" }, { "builtin-twilio-voice", "voice" },
		{ "builtin-smtp-email", "email" }, { "builtin-webhook", "webhook" } };

	for (size_t i = 0; i < NELEMS(types); i++)
		if (strcmp(types[i][0], theirs) == 0)
			return types[i][1];
	return theirs;
}

static void
add_contact(struct import *im, struct import_user *u, struct row row)
{
	static const char *const args[] = { "value", "dest.args.phone_number",
		"dest.args.email_address", "dest.args.webhook_url" };
	const char *type = text_at(im, row, "type"), *address = "";

	if (type[0] == '\0')
		type = text_at(im, row, "dest.type");
	for (size_t i = 0; i < NELEMS(args) && address[0] == '\0'; i++)
		address = text_at(im, row, args[i]);
	if (bool_at(row, "disabled", false)) {
		note_left_out(im, row, arena_printf(&im->cx->mem, "user/%s", u->slug),
		        "contact \"%s\" was disabled there", text_at(im, row, "name"));
		return;
	}
	user_contact_add(im, u,
	        (struct import_contact){ .theirs = text_at(im, row, "id"),
	                .type = contact_type(type),
	                .address = address,
	                .label = text_at(im, row, "name") });
}

static void
import_user(struct import *im, struct row row)
{
	struct rows contacts = list_at(im, row, "contactMethods"),
	            rules = list_at(im, row, "notificationRules");
	struct import_user u = { .name = text_at(im, row, "name"),
		.email = text_at(im, row, "email"),
		.role = strcmp(text_at(im, row, "role"), "admin") == 0 ? "admin" : NULL };

	u.slug = import_name(im, KIND_USER, text_at(im, row, "id"), u.name);
	for (size_t i = 0; i < contacts.n; i++)
		add_contact(im, &u, contacts.items[i]);
	for (size_t i = 0; i < rules.n; i++)
		user_step_add(im, &u,
		        (struct import_step){
		                .contact = text_at(im, rules.items[i], "contactMethodID"),
		                .type = "",
		                .after = MINUTES(int_at(rules.items[i], "delayMinutes", 0)),
		                .both = true });
	user_write(im, row, &u);
}

/* ---- rotations ---- */

static struct row
rotation_by_id(struct import *im, const char *id)
{
	struct rows rotations = rows_of(im, "rotations", NULL);

	for (size_t i = 0; i < rotations.n; i++)
		if (strcmp(text_at(im, rotations.items[i], "id"), id) == 0)
			return rotations.items[i];
	return (struct row){ 0 };
}

static bool
every_of(struct import *im, struct row row, struct cal_every *ret)
{
	static const char *const names[CAL_UNIT_MAX] = { [CAL_MINUTE] = "",
		[CAL_HOUR] = "hourly",
		[CAL_DAY] = "daily",
		[CAL_WEEK] = "weekly",
		[CAL_MONTH] = "monthly" };
	int64_t n = int_at(row, "shiftLength", 1);

	for (int u = CAL_HOUR; u < CAL_UNIT_MAX; u++) {
		if (strcmp(names[u], text_at(im, row, "type")) != 0 || n < 1
		        || n > CAL_EVERY_MAX)
			continue;
		*ret = (struct cal_every){ (enum cal_unit)u, (int)n };
		return true;
	}
	return false;
}

/* The turn before the next handoff is the active user's. */
static void
begin_with_active(
        struct import *im, struct import_layer *l, const struct zone *z, struct row row)
{
	struct rows next = list_at(im, row, "nextHandoffTimes");
	int64_t active = int_at(row, "activeUserIndex", 0);
	struct row first = next.n == 0 ? (struct row){ 0 } : next.items[0];
	size_t n = l->l.n_turns;
	usec_t handoff;

	if (n < 2)
		return;
	if (next.n == 0
	        || !rfc3339_parse(str_from(json_as_text(&im->cx->mem, first.v)), &handoff)
	        || active < 0 || active >= (int64_t)n) {
		note_changed(im, row, l->l.name,
		        "whose turn it is was not exported (nextHandoffTimes): turns are counted "
		        "from the start");
		return;
	}
	layer_begin_with(im, l, z, (size_t)active, handoff - 1);
}

static bool
take_rotation(struct import *im, struct import_layer *l, const struct zone *z, struct row row)
{
	struct rows ids = list_at(im, row, "userIDs"), users = list_at(im, row, "users");
	usec_t start;

	if (!time_at(im, row, "start", &start) || !every_of(im, row, &l->l.every))
		return false;
	l->l.start = civil_from_utc(z, start);
	for (size_t i = 0; i < ids.n || i < users.n; i++) {
		const char *theirs = ids.n > 0 ? json_as_text(&im->cx->mem, ids.items[i].v)
		                               : text_at(im, users.items[i], "id");
		const char *user = import_slug(im, KIND_USER, theirs);
		if (user == NULL)
			note_changed(im, row, l->l.name,
			        "there is no user %s in the export: the turn is empty", theirs);
		turn_add_user(im, l, user);
	}
	begin_with_active(im, l, z, row);
	return true;
}

/* A rotation that a policy pages without a schedule. */
static bool
rotation_alone(struct import *im, const char *theirs)
{
	struct row row = rotation_by_id(im, theirs);
	struct import_schedule s = { .theirs = arena_printf(
		                             &im->cx->mem, "rotation %s", theirs) };

	if (import_slug(im, KIND_SCHEDULE, s.theirs) != NULL)
		return true;
	if (row.v == NULL)
		return false;
	s.name = text_at(im, row, "name");
	s.zone = zone_of(im, row, text_at(im, row, "timeZone"), s.name);
	if (!take_rotation(im, layer_add(im, &s, row, s.name), s.zone, row))
		return false;
	schedule_write(im, row, &s);
	return true;
}

/* ---- schedules ---- */

/* Their week begins on Sunday. */
static unsigned
days_of(struct import *im, struct row rule)
{
	struct rows filter = list_at(im, rule, "weekdayFilter");
	unsigned days = 0;

	for (size_t i = 0; i < filter.n && i < 7; i++)
		if (filter.items[i].v->type == JSON_BOOL && filter.items[i].v->boolean)
			days |= 1u << (i + 6) % 7;
	return filter.n == 0 ? CAL_WEEKDAYS_ALL : days;
}

/* Whether the rules leave anything out; those that do not are no windows. */
static bool
add_rules(struct import *im, struct import_layer *l, struct rows rules)
{
	bool always = false;

	for (size_t i = 0; i < rules.n; i++) {
		unsigned days = days_of(im, rules.items[i]);
		int from, to;
		if (!clock_parse(text_at(im, rules.items[i], "start"), &from)
		        || !clock_parse(text_at(im, rules.items[i], "end"), &to)) {
			note_changed(
			        im, rules.items[i], l->l.name, "a rule that cannot be read");
			continue;
		}
		always |= days == CAL_WEEKDAYS_ALL && from == to;
		if (days != 0)
			window_add(im, l, days, from,
			        to > from ? to - from : to + CAL_MINUTES_A_DAY - from);
	}
	if (always)
		l->l.n_only = 0;
	return always || l->l.n_only > 0;
}

static bool
take_target(struct import *im, struct import_schedule *s, struct import_layer *l,
        struct row target, bool always)
{
	const char *theirs = text_at(im, target, "target.id");
	struct row rotation = rotation_by_id(im, theirs);
	const struct zone *z = s->zone;

	if (strcmp(text_at(im, target, "target.type"), "rotation") != 0) {
		const char *user = import_slug(im, KIND_USER, theirs);
		l->l.start = (struct civil){ 2000, 1, 3, 0, 0, 0 }; /* a Monday long ago */
		turn_add_user(im, l, user);
		return user != NULL;
	}
	if (rotation.v == NULL)
		return false;
	z = zone_of(im, rotation, text_at(im, rotation, "timeZone"), l->l.name);
	if (always)
		l->l.zone = z;
	else if (z != s->zone)
		note_changed(im, rotation, l->l.name,
		        "its handoffs follow %s, the rules %s: handoffs now follow the rules' zone "
		        "and may differ by an hour while only one of them has changed its clocks",
		        zone_name(z), zone_name(s->zone));
	return take_rotation(im, l, always ? z : s->zone, rotation);
}

static void
import_target(struct import *im, struct import_schedule *s, struct row target)
{
	const char *theirs = text_at(im, target, "target.id"),
	           *name = text_at(im, target, "target.name");
	struct import_layer *l = layer_add(im, s, target,
	        name[0] != '\0' ? name : text_at(im, rotation_by_id(im, theirs), "name"));
	bool some = add_rules(im, l, list_at(im, target, "rules"));

	if (some && take_target(im, s, l, target, l->l.n_only == 0))
		return;
	s->n--;
	note_left_out(im, target,
	        arena_printf(&im->cx->mem, "target %s of %s", theirs, s->name),
	        some ? "what it names is not in the export" : "no rule of it is ever active");
}

static void
import_temporary(struct import *im, struct row row, const char *schedule)
{
	struct rows shifts = list_at(im, row, "shifts");
	struct import_shift *out = ARENA_ARRAY(&im->cx->mem, shifts.n, struct import_shift);
	struct import_override o = { .schedules = import_named(im, KIND_SCHEDULE, schedule),
		.shifts = out };

	for (size_t i = 0; i < shifts.n; i++) {
		const char **user = ARENA_ARRAY(&im->cx->mem, 1, const char *);
		struct import_shift shift = { .users = user, .n = 1 };
		user[0] = import_slug(im, KIND_USER, text_at(im, shifts.items[i], "userID"));
		if (user[0] != NULL && time_at(im, shifts.items[i], "start", &shift.from)
		        && time_at(im, shifts.items[i], "end", &shift.to))
			out[o.n_shifts++] = shift;
		else
			note_left_out(im, shifts.items[i], "shift of a temporary schedule",
			        "its user is not in the export, or its times cannot be read");
	}
	if (time_at(im, row, "start", &o.from) && time_at(im, row, "end", &o.to))
		override_write(im, row, &o);
	else
		note_left_out(im, row, "temporary schedule", "its times cannot be read");
}

static void
import_schedule(struct import *im, struct row row)
{
	struct rows targets = list_at(im, row, "targets"),
	            temporary = list_at(im, row, "temporarySchedules");
	struct import_schedule s = { .theirs = text_at(im, row, "id"),
		.name = text_at(im, row, "name"),
		.description = text_at(im, row, "description") };

	s.zone = zone_of(im, row, text_at(im, row, "timeZone"), s.name);
	for (size_t i = 0; i < targets.n; i++)
		import_target(im, &s, targets.items[i]);
	schedule_write(im, row, &s);
	for (size_t i = 0; i < temporary.n; i++)
		import_temporary(im, temporary.items[i], s.theirs);
}

static void
import_override(struct import *im, struct row row)
{
	const char *add = text_at(im, row, "addUserID"),
	           *remove = text_at(im, row, "removeUserID");
	struct import_override o = { .schedules = import_named(
		                             im, KIND_SCHEDULE, text_at(im, row, "target.id")),
		.replace = import_slug(im, KIND_USER, remove),
		.with = import_slug(im, KIND_USER, add) };

	if (remove[0] == '\0') {
		o.add = o.with;
		o.with = NULL;
	}
	if (o.schedules.n == 0 || (remove[0] != '\0' && o.replace == NULL)
	        || (add[0] != '\0' && o.with == NULL && o.add == NULL))
		note_left_out(im, row, "override", "what it names is not in the export");
	else if (!time_at(im, row, "start", &o.from) || !time_at(im, row, "end", &o.to))
		note_left_out(im, row, "override", "its times cannot be read");
	else
		override_write(im, row, &o);
}

/* ---- policies and services ---- */

static bool
target_of(struct import *im, struct policy_part *part, struct row target)
{
	static const struct {
		const char *type, *id;
		enum kind kind;
	} kinds[] = { { "user", "id", KIND_USER }, { "schedule", "id", KIND_SCHEDULE },
		{ "builtin-user", "args.user_id", KIND_USER },
		{ "builtin-schedule", "args.schedule_id", KIND_SCHEDULE } };
	const char *type = text_at(im, target, "type"), *rotation = "";

	for (size_t i = 0; i < NELEMS(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return targets_add(im, part, kinds[i].kind,
			        text_at(im, target, kinds[i].id), false);
	if (strcmp(type, "rotation") == 0)
		rotation = text_at(im, target, "id");
	if (strcmp(type, "builtin-rotation") == 0)
		rotation = text_at(im, target, "args.rotation_id");
	return rotation[0] != '\0' && rotation_alone(im, rotation)
	        && targets_add(im, part, KIND_SCHEDULE,
	                arena_printf(&im->cx->mem, "rotation %s", rotation), false);
}

static void
import_policy(struct import *im, struct row row)
{
	struct rows steps = list_at(im, row, "steps");
	struct import_policy p = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.repeat = int_at(row, "repeat", 0) };

	p.slug = import_name(im, KIND_POLICY, text_at(im, row, "id"), p.name);
	for (size_t i = 0; i < steps.n; i++) {
		struct rows targets = list_at(im, steps.items[i], "actions");
		struct policy_part *part = part_add(im, &p);
		if (targets.n == 0)
			targets = list_at(im, steps.items[i], "targets");
		part->wait = MINUTES(int_at(steps.items[i], "delayMinutes", 15));
		for (size_t t = 0; t < targets.n; t++)
			if (!target_of(im, part, targets.items[t]))
				note_left_out(im, targets.items[t],
				        arena_printf(&im->cx->mem, "policy/%s", p.slug),
				        "step %zu: the %s has no counterpart or is not in the "
				        "export",
				        i + 1, text_at(im, targets.items[t], "type"));
	}
	policy_write(im, row, &p);
}

static void
import_service(struct import *im, struct row row)
{
	struct rows keys = list_at(im, row, "integrationKeys");
	struct import_service s = { .name = text_at(im, row, "name"),
		.description = text_at(im, row, "description"),
		.policy =
		        import_slug(im, KIND_POLICY, text_at(im, row, "escalationPolicyID")) };

	if (s.policy == NULL)
		s.policy =
		        import_slug(im, KIND_POLICY, text_at(im, row, "escalationPolicy.id"));
	s.slug = import_name(im, KIND_SERVICE, text_at(im, row, "id"), s.name);
	service_write(im, row, &s);
	if (s.policy == NULL)
		note_changed(im, row, arena_printf(&im->cx->mem, "service/%s", s.slug),
		        "its policy is not in the export");
	for (size_t i = 0; i < keys.n; i++) {
		const char *type = text_at(im, keys.items[i], "type");
		integration_write(im, keys.items[i],
		        &(struct import_integration){
		                .name = arena_printf(&im->cx->mem, "%s %s", s.name,
		                        text_at(im, keys.items[i], "name")),
		                .type = strcmp(type, "prometheusAlertmanager") == 0
		                        ? "alertmanager"
		                        : type,
		                .service = s.slug,
		                .key = text_at(im, keys.items[i], "id") });
	}
}

void
import_goalert(struct import *im)
{
	import_each(im, "users", import_user);
	import_each(im, "schedules", import_schedule);
	import_each(im, "user-overrides", import_override);
	import_each(im, "escalation-policies", import_policy);
	import_each(im, "services", import_service);
}
