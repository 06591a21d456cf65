/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load of being on call, person by week. Colleagues of a team see each other's hours and
 * pages; nights are told to the person and to administrators. What a team bears in all is told
 * to everybody, its nights only when the sum hides who it was.
 */
#include "api/duty.h"
#include "api/reports.h"

#define TEAM_HIDES 3 /* people, from which a sum of nights says nothing about one */

struct load_report {
	struct ctx *cx;
	const struct snapshot *s;
	struct report_range range;
	struct load load;
	struct load_duty *duties;
	size_t n_duties, cap_duties;
	bool by_history;
};

/* ---- who may see whom ---- */

static bool
is_admin(const struct ctx *cx)
{
	return cx->actor.kind == ACTOR_SYSTEM || cx->actor.role >= ROLE_ADMIN;
}

static bool
is_self(const struct ctx *cx, const char *user)
{
	return cx->actor.kind == ACTOR_USER && strcmp(cx->actor.id, user) == 0;
}

static bool
is_in(const struct team *team, const char *user)
{
	const struct member *members = team->members.items;

	for (size_t i = 0; i < team->members.n; i++)
		if (strcmp(members[i].id, user) == 0)
			return true;
	return false;
}

static bool
share_a_team(const struct load_report *r, const char *user)
{
	size_t n;
	const struct document *const *teams = snapshot_list(r->s, KIND_TEAM, &n);

	for (size_t i = 0; i < n; i++)
		if (is_in(teams[i]->value, user) && is_in(teams[i]->value, r->cx->actor.id))
			return true;
	return false;
}

static bool
sees(const struct load_report *r, const char *user)
{
	return is_admin(r->cx) || is_self(r->cx, user)
	        || (r->cx->actor.id != NULL && share_a_team(r, user));
}

static bool
sees_nights(const struct load_report *r, const char *user)
{
	return is_admin(r->cx) || is_self(r->cx, user);
}

static bool
is_asked_for(const struct load_report *r, const char *user)
{
	const struct team *team = snapshot_team(r->s, r->range.team);

	return team == NULL || is_in(team, user);
}

/* ---- reading ---- */

static void
see_shift(void *arg, const struct cal_shift *shift)
{
	struct load_report *r = arg;

	for (size_t u = 0; u < shift->n; u++)
		ARENA_PUSH(&r->cx->mem, r->duties, r->n_duties, r->cap_duties) =
		        (struct load_duty){
			        .user = arena_strdup(&r->cx->mem, shift->users[u]),
			        .from = shift->start,
			        .to = shift->end,
		        };
}

/* From the Monday before: the weeks are whole. */
static struct err *
read_load(struct request *rq, struct load_report *r)
{
	struct ctx *cx = r->cx;
	struct duty_look look = {
		.past = { r->range.from - DAYS(7), r->range.to },
		.fn = see_shift,
		.arg = r,
	};

	if (look.past.to > ctx_now(cx))
		look.past.to = ctx_now(cx);
	if (look.past.from < look.past.to)
		TRY(duty_each_shift(cx, rq, r->s, &look));
	r->by_history = look.by_history;
	TRY(app_read(cx, rq));
	return load_read(cx, r->s, &r->range, r->duties, r->n_duties, &r->load);
}

/* ---- writing ---- */

static double
hours_of(usec_t span)
{
	return (double)(span / MINUTES(1)) / 60;
}

static void
write_cell(struct jsonw *w, const struct load_cell *c, bool nights)
{
	jsonw_key(w, "hours");
	jsonw_real(w, hours_of(c->on_call));
	jsonw_member_int(w, "pages", c->pages);
	if (nights) {
		jsonw_member_int(w, "night_pages", c->night_pages);
		jsonw_member_int(w, "woke", c->woke);
	}
}

static void
write_weeks(const struct load_report *r, struct jsonw *w, const struct load_cell *weeks,
        bool nights)
{
	jsonw_key(w, "weeks");
	jsonw_array(w);
	for (size_t i = 0; i < r->load.n_weeks; i++) {
		jsonw_object(w);
		write_cell(w, &weeks[i], nights);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static usec_t
hours_of_all(const struct load_report *r)
{
	usec_t all = 0;

	for (size_t i = 0; i < r->load.n; i++)
		if (is_asked_for(r, r->load.lines[i].user))
			all += r->load.lines[i].sum.on_call;
	return all;
}

static void
write_person(
        const struct load_report *r, struct jsonw *w, const struct load_line *line, usec_t all)
{
	const struct user *u = snapshot_user(r->s, line->user);
	bool nights = sees_nights(r, line->user);

	jsonw_object(w);
	jsonw_member(w, "user", line->user);
	jsonw_member(w, "name", u == NULL ? line->user : u->c.name);
	write_cell(w, &line->sum, nights);
	jsonw_key(w, "share");
	jsonw_real(w, all == 0 ? 0 : 100 * (double)line->sum.on_call / (double)all);
	write_weeks(r, w, line->weeks, nights);
	jsonw_end_object(w);
}

static void
write_people(const struct load_report *r, struct jsonw *w)
{
	usec_t all = hours_of_all(r);
	int64_t hidden = 0;

	jsonw_key(w, "people");
	jsonw_array(w);
	for (size_t i = 0; i < r->load.n; i++) {
		const struct load_line *line = &r->load.lines[i];
		if (!is_asked_for(r, line->user))
			continue;
		if (sees(r, line->user))
			write_person(r, w, line, all);
		else
			hidden++;
	}
	jsonw_end_array(w);
	jsonw_member_int(w, "hidden", hidden);
}

static void
add_cell(struct load_cell *sum, const struct load_cell *c)
{
	sum->on_call += c->on_call;
	sum->pages += c->pages;
	sum->night_pages += c->night_pages;
	sum->woke += c->woke;
}

static void
write_team(const struct load_report *r, struct jsonw *w, const struct team *team)
{
	struct load_cell *weeks = ARENA_ARRAY(&r->cx->mem, r->load.n_weeks, struct load_cell);
	struct load_cell sum = { 0 };
	size_t people = 0;

	for (size_t i = 0; i < r->load.n; i++) {
		const struct load_line *line = &r->load.lines[i];
		if (!is_in(team, line->user))
			continue;
		people++;
		add_cell(&sum, &line->sum);
		for (size_t k = 0; k < r->load.n_weeks; k++)
			add_cell(&weeks[k], &line->weeks[k]);
	}
	if (people == 0)
		return;
	bool nights = is_admin(r->cx) || people >= TEAM_HIDES;
	jsonw_object(w);
	jsonw_member(w, "team", team->c.id);
	jsonw_member(w, "name", team->c.name);
	jsonw_member_int(w, "people", (int64_t)people);
	write_cell(w, &sum, nights);
	write_weeks(r, w, weeks, nights);
	jsonw_end_object(w);
}

static void
write_teams(const struct load_report *r, struct jsonw *w)
{
	size_t n;
	const struct document *const *teams = snapshot_list(r->s, KIND_TEAM, &n);

	jsonw_key(w, "teams");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		if (r->range.team[0] == '\0' || strcmp(teams[i]->id, r->range.team) == 0)
			write_team(r, w, teams[i]->value);
	jsonw_end_array(w);
}

static void
load_json(const struct load_report *r, struct response *rs)
{
	struct jsonw w = response_json(rs, 200);

	jsonw_object(&w);
	report_write_range(&w, &r->range);
	jsonw_member(&w, "hours_by", r->by_history ? "history" : "today");
	jsonw_key(&w, "weeks");
	jsonw_array(&w);
	for (size_t i = 0; i < r->load.n_weeks; i++)
		jsonw_time(&w, r->load.starts[i]);
	jsonw_end_array(&w);
	write_people(r, &w);
	write_teams(r, &w);
	jsonw_end_object(&w);
}

static void
csv_cell(struct csv *c, const struct load_cell *cell, bool nights)
{
	char hours[32];

	snprintf(hours, sizeof hours, "%.2f", hours_of(cell->on_call));
	csv_text(c, hours);
	csv_int(c, cell->pages);
	if (nights) {
		csv_int(c, cell->night_pages);
		csv_int(c, cell->woke);
	} else {
		csv_text(c, NULL);
		csv_text(c, NULL);
	}
}

static void
load_csv(const struct load_report *r, struct response *rs)
{
	static const char *const heads[] = { "user", "week", "hours", "pages", "night_pages",
		"woke", NULL };
	struct csv c = csv_begin(r->cx, rs, "load", heads);

	for (size_t i = 0; i < r->load.n; i++) {
		const struct load_line *line = &r->load.lines[i];
		if (!is_asked_for(r, line->user) || !sees(r, line->user))
			continue;
		for (size_t k = 0; k < r->load.n_weeks; k++) {
			csv_text(&c, line->user);
			csv_time(&c, r->load.starts[k]);
			csv_cell(&c, &line->weeks[k], sees_nights(r, line->user));
			csv_end(&c);
		}
	}
}

static struct err *
load(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct load_report r = { .cx = cx, .s = s };
	bool csv;

	TRY(report_range(cx, rq, s, &r.range));
	TRY(report_wants_csv(cx, rq, &csv));
	TRY(read_load(rq, &r));
	if (csv)
		load_csv(&r, rs);
	else
		load_json(&r, rs);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/reports/load", PERM_READ, load,
	        "Hours on call, pages and broken nights, person by week; ?from=&to=&team=&zone=&format=json|csv",
	        NULL, NULL, 0, 0 },
};
const struct route_table report_load_routes = { routes, NELEMS(routes) };
