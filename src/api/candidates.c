/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who could take a time of a schedule: its people and those of its team, the best first, each
 * with the reasons in words. Nobody is left out: at three in the morning the tired one may be
 * the only one, and that is for people to decide.
 */
#include <stdlib.h>

#include "api/duty.h"

#define LOAD_SPAN DAYS(90)    /* of which the hours are compared */
#define STRETCH_SPAN DAYS(14) /* how far a stretch is followed to either side */
#define USEC_PER_HOUR ((double)HOURS(1))

struct candidate {
	const char *user;
	usec_t load;
	usec_t stretch;        /* without a break, if they took it */
	const char *elsewhere; /* on call by this schedule then; NULL: by none */
	const char *unreachable;
	bool on, away, fewest;
};

struct search {
	struct ctx *cx;
	const struct snapshot *s;
	const struct schedule *schedule;
	struct duty_span span;
	struct candidate *items;
	size_t n, cap;
};

/* ---- who there is ---- */

static struct candidate *
find(struct search *f, const char *user)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->items[i].user, user) == 0)
			return &f->items[i];
	return NULL;
}

static void
add(struct search *f, const char *user, usec_t load)
{
	const struct user *u = snapshot_user(f->s, user);

	if (find(f, user) != NULL || u == NULL || u->role == ROLE_STAKEHOLDER)
		return;
	ARENA_PUSH(&f->cx->mem, f->items, f->n, f->cap) = (struct candidate){ .user = user,
		.load = load,
		.unreachable = u->contacts.n == 0 ? "has no contact" : NULL };
}

/* Hours are those of the time before, as the configuration of now has them. */
static void
collect(struct search *f)
{
	const struct cal_schedule *cal = &f->schedule->calendar;
	const struct team *team = snapshot_team(f->s, f->schedule->team);
	const struct member *members = team == NULL ? NULL : team->members.items;
	struct cal_shift *shifts;
	struct cal_load *loads;
	size_t n_shifts, n_loads;

	(void)oncall_shifts(
	        &f->cx->mem, cal, f->span.from - LOAD_SPAN, f->span.from, &shifts, &n_shifts);
	oncall_load(&f->cx->mem, cal, shifts, n_shifts, &loads, &n_loads);
	for (size_t i = 0; i < n_loads; i++)
		add(f, loads[i].user, loads[i].total);
	for (size_t i = 0; team != NULL && i < team->members.n; i++)
		add(f, members[i].id, 0);
}

/* ---- whether they are free ---- */

static bool
has_user(const struct cal_shift *shift, const char *user)
{
	for (size_t i = 0; i < shift->n; i++)
		if (strcmp(shift->users[i], user) == 0)
			return true;
	return false;
}

static void
look_elsewhere(struct search *f, const struct schedule *other)
{
	struct cal_shift *shifts;
	size_t n;

	(void)oncall_shifts(
	        &f->cx->mem, &other->calendar, f->span.from, f->span.to, &shifts, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t u = 0; u < shifts[i].n; u++) {
			struct candidate *c = find(f, shifts[i].users[u]);
			if (c != NULL && other == f->schedule)
				c->on = true;
			else if (c != NULL && c->elsewhere == NULL)
				c->elsewhere = other->c.id;
		}
}

static void
look_around(struct search *f)
{
	size_t n;
	const struct document *const *list = snapshot_list(f->s, KIND_SCHEDULE, &n);

	for (size_t i = 0; i < n; i++)
		look_elsewhere(f, snapshot_schedule(f->s, list[i]->id));
	list = snapshot_list(f->s, KIND_ABSENCE, &n);
	for (size_t i = 0; i < n; i++) {
		const struct absence *a = list[i]->value;
		struct candidate *c = find(f, a->user);
		const struct zone *z = snapshot_zone(
		        f->s, c == NULL ? NULL : snapshot_user(f->s, c->user)->zone, NULL);
		if (c != NULL && edge_instant(&a->from, z) < f->span.to
		        && edge_instant(&a->to, z) > f->span.from)
			c->away = true;
	}
}

/* ---- how long it would be ---- */

static usec_t
stretch_of(const struct search *f, const char *user, const struct cal_shift *shifts, size_t n)
{
	usec_t from = f->span.from, to = f->span.to;

	for (size_t i = n; i-- > 0;)
		if (shifts[i].start < from && shifts[i].end >= from
		        && has_user(&shifts[i], user))
			from = shifts[i].start;
	for (size_t i = 0; i < n; i++)
		if (shifts[i].start <= to && shifts[i].end > to && has_user(&shifts[i], user))
			to = shifts[i].end;
	return to - from;
}

static void
look_at_stretches(struct search *f)
{
	struct cal_shift *shifts;
	size_t n;

	(void)oncall_shifts(&f->cx->mem, &f->schedule->calendar, f->span.from - STRETCH_SPAN,
	        f->span.to + STRETCH_SPAN, &shifts, &n);
	for (size_t i = 0; i < f->n; i++)
		f->items[i].stretch = stretch_of(f, f->items[i].user, shifts, n);
}

/* ---- the best first ---- */

static int
obstacles(const struct candidate *c)
{
	return (c->unreachable != NULL) * 8 + c->away * 4 + (c->elsewhere != NULL) * 2 + c->on;
}

static int
by_merit(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int d = obstacles(x) - obstacles(y);

	if (d == 0)
		d = (x->load > y->load) - (x->load < y->load);
	return d != 0 ? d : strcmp(x->user, y->user);
}

static void
rank(struct search *f)
{
	qsort(f->items, f->n, sizeof *f->items, by_merit);
	for (size_t i = 0; i < f->n; i++)
		f->items[i].fewest = f->n > 1 && i == 0 && obstacles(&f->items[i]) == 0
		        && f->items[1].load > f->items[0].load;
}

static void
write_reasons(struct search *f, struct jsonw *w, const struct candidate *c)
{
	struct arena *mem = &f->cx->mem;
	bool longer = c->stretch > f->span.to - f->span.from;

	jsonw_key(w, "reasons");
	jsonw_array(w);
	if (c->fewest)
		jsonw_cstr(w, "fewest hours in 90 days");
	if (c->on)
		jsonw_cstr(w, "on call here then");
	else if (c->elsewhere == NULL && !c->away)
		jsonw_cstr(w, "free");
	if (c->elsewhere != NULL)
		jsonw_cstr(w,
		        arena_printf(mem, "on call by %s then",
		                snapshot_schedule(f->s, c->elsewhere)->c.name));
	if (c->away)
		jsonw_cstr(w, "away then");
	if (longer && !c->on) {
		double h = (double)c->stretch / USEC_PER_HOUR;
		jsonw_cstr(w,
		        c->stretch < DAYS(3)
		                ? arena_printf(mem, "would make %.4g h without a break", h)
		                : arena_printf(mem, "would make %.*f d without a break",
		                        h < 240, h / 24));
	}
	if (c->unreachable != NULL)
		jsonw_cstr(w, c->unreachable);
	jsonw_end_array(w);
}

static void
write_candidate(struct search *f, struct jsonw *w, const struct candidate *c)
{
	jsonw_object(w);
	jsonw_member(w, "id", c->user);
	jsonw_member_opt(w, "name", snapshot_user(f->s, c->user)->c.name);
	jsonw_member_bool(w, "free", obstacles(c) == 0);
	jsonw_key(w, "hours");
	jsonw_real(w, (double)c->load / USEC_PER_HOUR);
	jsonw_key(w, "stretch_hours");
	jsonw_real(w, (double)c->stretch / USEC_PER_HOUR);
	write_reasons(f, w, c);
	jsonw_end_object(w);
}

static struct err *
candidates(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct search f = { .cx = cx, .s = s };

	TRY(duty_schedule(cx, rq, s, &f.schedule));
	TRY(duty_span(cx, rq, &f.span));
	collect(&f);
	look_around(&f);
	look_at_stretches(&f);
	rank(&f);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member(&w, "schedule", f.schedule->c.id);
	jsonw_member_time(&w, "from", f.span.from);
	jsonw_member_time(&w, "to", f.span.to);
	jsonw_key(&w, "items");
	jsonw_array(&w);
	for (size_t i = 0; i < f.n; i++)
		write_candidate(&f, &w, &f.items[i]);
	jsonw_end_array(&w);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/candidates", PERM_READ, candidates,
	        "Who could take a time of a schedule, the best first, and why; ?from=&to=",
	        NULL, NULL, 0, 0 },
};
const struct route_table candidate_routes = { routes, NELEMS(routes) };
