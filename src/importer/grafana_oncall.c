/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grafana OnCall: the answers of its HTTP API v1. Its shifts are recurrence rules with a level;
 * of a level all are on call. A chain is a list of single actions, waits among them.
 */
#include "importer/import_priv.h"

#define OVERRIDE_LEVEL 1000
#define SPREAD_MAX 200 /* turns that a rule with pauses may become */
#define REPEATS 5      /* of a chain that repeats itself */

/* ---- users ---- */

static const char *
channel_of(const char *type)
{
	static const char *const types[][2] = { { "notify_by_sms", "sms" },
		{ "notify_by_phone_call", "voice" }, { "notify_by_email", "email" },
		{ "notify_by_mobile_app", "push" }, { "notify_by_mobile_app_critical", "push" },
		{ "notify_by_slack", "slack" }, { "notify_by_telegram", "telegram" } };

	for (size_t i = 0; i < NELEMS(types); i++)
		if (strcmp(types[i][0], type) == 0)
			return types[i][1];
	return type;
}

static bool
has_contact(const struct import_user *u, const char *type)
{
	for (size_t i = 0; i < u->n_contacts; i++)
		if (strcmp(u->contacts[i].type, type) == 0)
			return true;
	return false;
}

/* The addresses are not in the export, but for the mail. */
static void
add_rules(
        struct import *im, struct import_user *u, const char *theirs, bool important, bool both)
{
	struct rows rules = rows_of(im, "personal-notification-rules", NULL);
	usec_t after = 0;

	for (size_t i = 0; i < rules.n; i++) {
		const char *type = text_at(im, rules.items[i], "type");
		if (strcmp(text_at(im, rules.items[i], "user_id"), theirs) != 0
		        || bool_at(rules.items[i], "important", false) != important)
			continue;
		if (strcmp(type, "wait") == 0) {
			after += SECONDS(int_at(rules.items[i], "duration", 300));
			continue;
		}
		type = channel_of(type);
		if (!has_contact(u, type))
			user_contact_add(im, u,
			        (struct import_contact){ .theirs = type,
			                .type = type,
			                .address = "",
			                .label = type });
		user_step_add(im, u,
		        (struct import_step){ .contact = type,
		                .type = "",
		                .after = after,
		                .urgency = important ? URGENCY_HIGH : URGENCY_LOW,
		                .both = both });
	}
}

static void
import_user(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id"), *role = text_at(im, row, "role"),
	           *username = text_at(im, row, "username");
	struct import_user u = { .name = text_at(im, row, "name"),
		.email = text_at(im, row, "email"),
		.zone = text_at(im, row, "timezone") };

	u.slug = import_name(im, KIND_USER, theirs, username);
	if (u.name[0] == '\0')
		u.name = username;
	u.role = strcmp(role, "admin") == 0   ? "admin"
	        : strcmp(role, "viewer") == 0 ? "stakeholder"
	                                      : NULL;
	if (u.email[0] != '\0')
		user_contact_add(im, &u,
		        (struct import_contact){ .theirs = "email",
		                .type = "email",
		                .address = u.email,
		                .label = "email" });
	add_rules(im, &u, theirs, true, false);
	add_rules(im, &u, theirs, false, u.n_steps == 0);
	user_write(im, row, &u);
}

static void
import_team(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id");
	struct rows users = rows_of(im, "users", NULL);
	struct import_team t = { .name = text_at(im, row, "name") };

	t.slug = import_name(im, KIND_TEAM, theirs, t.name);
	for (size_t i = 0; i < users.n; i++) {
		struct rows teams = list_at(im, users.items[i], "teams");
		for (size_t k = 0; k < teams.n; k++)
			if (strcmp(json_as_text(&im->cx->mem, teams.items[k].v), theirs) == 0)
				member_add(im, &t, users.items[i],
				        text_at(im, users.items[i], "id"), "responder");
	}
	team_write(im, row, &t);
}

/* ---- shifts ---- */

struct rule {
	int64_t unit;     /* seconds; 0: monthly */
	int64_t interval; /* units */
	int64_t duration; /* seconds */
	unsigned days;    /* 0: none named */
	bool rolling;
	bool once;
};

static unsigned
days_of(struct import *im, struct row shift)
{
	static const char *const names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
	struct rows list = list_at(im, shift, "by_day");
	unsigned days = 0;

	for (size_t i = 0; i < list.n; i++)
		for (unsigned d = 0; d < 7; d++)
			if (strcmp(json_as_text(&im->cx->mem, list.items[i].v), names[d]) == 0)
				days |= 1u << d;
	return days;
}

/* False with the reason when it is no rule that a layer can be. */
static bool
rule_read(struct import *im, struct row shift, struct rule *r, const char **why)
{
	const char *frequency = text_at(im, shift, "frequency"),
	           *type = text_at(im, shift, "type");

	*r = (struct rule){ .interval = int_at(shift, "interval", 1),
		.duration = int_at(shift, "duration", 0),
		.days = days_of(im, shift),
		.rolling = strcmp(type, "rolling_users") == 0,
		.once = frequency[0] == '\0' };
	r->unit = strcmp(frequency, "hourly") == 0 ? 3600
	        : strcmp(frequency, "daily") == 0  ? 86400
	        : strcmp(frequency, "weekly") == 0 ? 7 * 86400
	                                           : 0;
	*why = r->duration < 60 || r->duration > 400 * 86400 ? "its duration is out of bounds"
	        : r->interval < 1 || r->interval > 1000      ? "its interval is out of bounds"
	        : list_at(im, shift, "by_month").n + list_at(im, shift, "by_monthday").n > 0
	        ? "days of the month and months cannot be told to a layer"
	        : !r->once && r->unit == 0 && strcmp(frequency, "monthly") != 0
	        ? "there is no such frequency"
	        : !r->once && r->unit == 0 && r->duration < 28 * 86400
	        ? "a part of every month cannot be told to a layer"
	        : r->unit == 3600 && r->days != 0 ? "hours of some weekdays"
	                                          : NULL;
	return *why == NULL;
}

static void
add_group(struct import *im, struct import_layer *l, struct rows users)
{
	const char **slugs = ARENA_ARRAY(&im->cx->mem, users.n, const char *);
	size_t n = 0;

	for (size_t i = 0; i < users.n; i++) {
		const char *theirs = json_as_text(&im->cx->mem, users.items[i].v);
		slugs[n] = import_slug(im, KIND_USER, theirs);
		if (slugs[n] == NULL)
			note_changed(im, users.items[i], l->l.name,
			        "there is no user %s in the export", theirs);
		n += slugs[n] != NULL;
	}
	turn_add(im, l, slugs, n);
}

/* Each group, followed by as many empty turns as the rule pauses. */
static bool
add_groups(struct import *im, struct import_layer *l, struct row shift, int64_t pauses)
{
	struct rows groups = list_at(im, shift, "rolling_users");
	int64_t first = int_at(shift, "start_rotation_from_user_index", 0);
	bool rolling = groups.n > 0;
	size_t n = rolling ? groups.n : 1;

	if (pauses < 0 || (int64_t)n * (pauses + 1) > SPREAD_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t k = (i + (first > 0 ? (size_t)first : 0)) % n;
		add_group(im, l,
		        rolling ? list_at(im, groups.items[k], "")
		                : list_at(im, shift, "users"));
		for (int64_t p = 0; p < pauses; p++)
			turn_add_user(im, l, NULL);
	}
	return true;
}

static int
minute_of(struct civil c)
{
	return c.hour * 60 + c.minute;
}

/* Weeks begin on a weekday, at the clock of the shift: the first at or before its start. */
static struct civil
week_begin(struct import *im, struct row shift, struct civil start)
{
	const char *day = text_at(im, shift, "week_start");
	int first = strcmp(day, "SU") == 0 ? 6 : strcmp(day, "SA") == 0 ? 5 : 0;

	return civil_add_days(start, -((civil_weekday(start) - first + 7) % 7));
}

static bool
weekly_on_days(
        struct import *im, struct import_layer *l, struct row shift, const struct rule *r)
{
	l->l.start = week_begin(im, shift, l->l.start);
	window_add(im, l, r->days, minute_of(l->l.start), r->duration / 60);
	if (!r->rolling) {
		l->l.every = (struct cal_every){ CAL_WEEK, 1 };
		return add_groups(im, l, shift, r->interval - 1);
	}
	l->l.every = (struct cal_every){ CAL_WEEK, (int)r->interval };
	return add_groups(im, l, shift, 0);
}

static bool
daily_on_days(struct import *im, struct import_layer *l, struct row shift, const struct rule *r)
{
	window_add(im, l, r->days, minute_of(l->l.start), r->duration / 60);
	l->l.every = (struct cal_every){ CAL_DAY, (int)r->interval };
	if (r->rolling) {
		l->l.count = r->days;
		return add_groups(im, l, shift, 0);
	}
	l->l.every.n = 1;
	return add_groups(im, l, shift, r->interval - 1);
}

/* A part of each period: a window of the day or the week, or turns as long as the part. */
static bool
part_of_period(
        struct import *im, struct import_layer *l, struct row shift, const struct rule *r)
{
	int64_t period = r->unit * r->interval;
	unsigned day = 1u << civil_weekday(l->l.start);

	if (r->unit >= 86400 && r->duration < r->unit) {
		window_add(im, l, r->unit == 86400 ? CAL_WEEKDAYS_ALL : day,
		        minute_of(l->l.start), r->duration / 60);
		return every_of_seconds(r->unit, &l->l.every)
		        && add_groups(im, l, shift, r->interval - 1);
	}
	return period % r->duration == 0 && every_of_seconds(r->duration, &l->l.every)
	        && add_groups(im, l, shift, period / r->duration - 1);
}

static bool
layer_of_rule(struct import *im, struct import_layer *l, struct row shift, const struct rule *r)
{
	if (r->once) {
		l->l.has_end = true;
		l->l.end = civil_of_seconds(civil_seconds(l->l.start) + r->duration);
		return add_groups(im, l, shift, 0);
	}
	if (r->unit == 0) {
		l->l.every = (struct cal_every){ CAL_MONTH, (int)r->interval };
		return add_groups(im, l, shift, 0);
	}
	if (r->days != 0)
		return r->unit == 86400 ? daily_on_days(im, l, shift, r)
		                        : weekly_on_days(im, l, shift, r);
	if (r->duration >= r->unit * r->interval)
		return every_of_seconds(r->unit * r->interval, &l->l.every)
		        && add_groups(im, l, shift, 0);
	return part_of_period(im, l, shift, r);
}

static void
import_shift(struct import *im, struct import_schedule *s, struct row shift)
{
	const char *name = text_at(im, shift, "name"), *zone = text_at(im, shift, "time_zone");
	const char *why = "its recurrence cannot be told to a layer";
	struct import_layer *l = layer_add(im, s, shift, name);
	bool override = strcmp(text_at(im, shift, "type"), "override") == 0;
	struct civil until;
	struct rule r;

	l->level = override ? OVERRIDE_LEVEL : (int)int_at(shift, "level", 0);
	if (zone[0] != '\0')
		l->l.zone = zone_of(im, shift, zone, name);
	if (!civil_parse(str_from(text_at(im, shift, "start")), &l->l.start)) {
		why = "its start cannot be read";
	} else if (rule_read(im, shift, &r, &why) && layer_of_rule(im, l, shift, &r)) {
		if (civil_parse(str_from(text_at(im, shift, "until")), &until)) {
			l->l.has_end = true;
			l->l.end = until;
		}
		return;
	}
	s->n--;
	note_left_out(im, shift, arena_printf(&im->cx->mem, "shift \"%s\"", name), "%s",
	        why == NULL ? "its recurrence cannot be told to a layer" : why);
}

static void
import_schedule(struct import *im, struct row row)
{
	struct rows ids = list_at(im, row, "shifts"), all = rows_of(im, "on-call-shifts", NULL);
	struct import_schedule s = { .theirs = text_at(im, row, "id"),
		.name = text_at(im, row, "name"),
		.team = import_slug(im, KIND_TEAM, text_at(im, row, "team_id")) };

	if (strcmp(text_at(im, row, "type"), "ical") == 0) {
		note_left_out(im, row, arena_printf(&im->cx->mem, "schedule \"%s\"", s.name),
		        "it is read from a calendar: tocsin import ical %s",
		        text_at(im, row, "ical_url_primary"));
		return;
	}
	s.zone = zone_of(im, row, text_at(im, row, "time_zone"), s.name);
	for (size_t i = 0; i < ids.n; i++) {
		const char *id = json_as_text(&im->cx->mem, ids.items[i].v);
		size_t k = 0;
		while (k < all.n && strcmp(text_at(im, all.items[k], "id"), id) != 0)
			k++;
		if (k < all.n)
			import_shift(im, &s, all.items[k]);
		else
			note_left_out(im, ids.items[i],
			        arena_printf(&im->cx->mem, "shift %s", id),
			        "it is not in the export");
	}
	schedule_write(im, row, &s);
}

/* ---- chains ---- */

static bool
add_people(struct import *im, struct policy_part *part, struct rows users)
{
	bool all = users.n > 0;

	for (size_t i = 0; i < users.n; i++)
		all &= targets_add(im, part, KIND_USER,
		        json_as_text(&im->cx->mem, users.items[i].v), false);
	return all;
}

/* What pages somebody; false when it has no counterpart. */
static bool
target_of(struct import *im, struct policy_part *part, struct row step)
{
	const char *type = text_at(im, step, "type");

	if (strcmp(type, "notify_persons") == 0)
		return add_people(im, part, list_at(im, step, "persons_to_notify"));
	if (strcmp(type, "notify_person_next_each_time") == 0) {
		part->round_robin = true;
		return add_people(
		        im, part, list_at(im, step, "persons_to_notify_next_each_time"));
	}
	if (strcmp(type, "notify_on_call_from_schedule") == 0)
		return targets_add(im, part, KIND_SCHEDULE,
		        text_at(im, step, "notify_on_call_from_schedule"), false);
	if (strcmp(type, "notify_team_members") == 0)
		return targets_add(im, part, KIND_TEAM,
		               text_at(im, step, "notify_to_team_members"), false)
		        || targets_add(im, part, KIND_TEAM, text_at(im, step, "team_to_notify"),
		                false);
	return false;
}

static void
add_step(struct import *im, struct import_policy *p, struct row step, const char *what)
{
	const char *type = text_at(im, step, "type");

	if (strcmp(type, "wait") == 0) {
		usec_t wait = SECONDS(int_at(step, "duration", 300));
		usec_t *to = p->n == 0 ? &p->delay : &p->steps[p->n - 1].wait;
		*to += wait;
	} else if (strcmp(type, "repeat_escalation") == 0) {
		p->repeat = REPEATS;
	} else {
		struct policy_part *part = part_add(im, p);
		part->wait = 0;
		if (!target_of(im, part, step))
			note_left_out(im, step, what,
			        "the step %s has no counterpart, or what it names is not in the "
			        "export",
			        type);
		if (part->n == 0)
			p->n--;
	}
}

static void
sort_by_position(struct rows *rows)
{
	for (size_t i = 1; i < rows->n; i++)
		for (size_t k = i; k > 0
		        && int_at(rows->items[k - 1], "position", 0)
		                > int_at(rows->items[k], "position", 0);
		        k--) {
			struct row r = rows->items[k];
			rows->items[k] = rows->items[k - 1];
			rows->items[k - 1] = r;
		}
}

static void
import_chain(struct import *im, struct row row)
{
	struct rows steps = rows_of(im, "escalation-policies", NULL);
	const char *theirs = text_at(im, row, "id");
	struct import_policy p = { .name = text_at(im, row, "name"),
		.team = import_slug(im, KIND_TEAM, text_at(im, row, "team_id")) };

	p.slug = import_name(im, KIND_POLICY, theirs, p.name);
	const char *what = arena_printf(&im->cx->mem, "policy/%s", p.slug);
	sort_by_position(&steps);
	for (size_t i = 0; i < steps.n; i++)
		if (strcmp(text_at(im, steps.items[i], "escalation_chain_id"), theirs) == 0)
			add_step(im, &p, steps.items[i], what);
	if (p.n > 0 && p.steps[p.n - 1].wait == 0)
		p.steps[p.n - 1].wait = MINUTES(5);
	policy_write(im, row, &p);
}

/* ---- integrations ---- */

static const char *
type_of(const char *theirs)
{
	static const char *const types[][2] = { { "alertmanager", "alertmanager" },
		{ "legacy_alertmanager", "alertmanager" }, { "grafana", "grafana" },
		{ "grafana_alerting", "grafana" }, { "zabbix", "zabbix" } };

	for (size_t i = 0; i < NELEMS(types); i++)
		if (strcmp(types[i][0], theirs) == 0)
			return types[i][1];
	return theirs;
}

static void
note_routes(struct import *im, const char *integration, const char *what)
{
	struct rows routes = rows_of(im, "routes", NULL);

	for (size_t i = 0; i < routes.n; i++) {
		const char *policy = import_slug(
		        im, KIND_POLICY, text_at(im, routes.items[i], "escalation_chain_id"));
		if (strcmp(text_at(im, routes.items[i], "integration_id"), integration) == 0
		        && !bool_at(routes.items[i], "is_the_last_route", false))
			note_left_out(im, routes.items[i], what,
			        "its route %s leads to policy/%s: write a ruleset",
			        text_at(im, routes.items[i], "routing_regex"),
			        policy == NULL ? "?" : policy);
	}
}

static void
import_integration(struct import *im, struct row row)
{
	const char *theirs = text_at(im, row, "id");
	struct import_service s = { .name = text_at(im, row, "name"),
		.team = import_slug(im, KIND_TEAM, text_at(im, row, "team_id")),
		.policy = import_slug(im, KIND_POLICY,
		        text_at(im, row, "default_route.escalation_chain_id")) };

	s.slug = import_name(im, KIND_SERVICE, theirs, s.name);
	const char *what = arena_printf(&im->cx->mem, "service/%s", s.slug);
	service_write(im, row, &s);
	if (s.policy == NULL)
		note_changed(im, row, what, "its default route has no chain: nobody is paged");
	note_routes(im, theirs, what);
	integration_write(im, row,
	        &(struct import_integration){ .name = s.name,
	                .type = type_of(text_at(im, row, "type")),
	                .team = s.team,
	                .service = s.slug });
}

void
import_grafana_oncall(struct import *im)
{
	import_each(im, "users", import_user);
	import_each(im, "teams", import_team);
	import_each(im, "schedules", import_schedule);
	import_each(im, "escalation-chains", import_chain);
	import_each(im, "integrations", import_integration);
}
