/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good a schedule is: whether somebody is always there, whether the work is shared evenly,
 * whether anybody is on for too long or in two places, whether all can be reached. The figures
 * are shown as they are; what passes the schedule's own limits is said in words as well.
 */
#include "access/verification.h"
#include "api/duty.h"
#include "engine/rows.h"
#include "queries.h"

#define USEC_PER_HOUR ((double)HOURS(1))

struct report {
	struct ctx *cx;
	const struct snapshot *s;
	const struct schedule *schedule;
	struct duty_span span;
	struct jsonw *w;
	struct cal_shift *shifts, *gaps;
	size_t n_shifts, n_gaps;
	struct cal_load *loads;
	size_t n_loads;
	const char **findings;
	size_t n_findings, cap;
};

#define FOUND(r, ...)                                                                          \
	(ARENA_PUSH(&(r)->cx->mem, (r)->findings, (r)->n_findings, (r)->cap) =                 \
	                arena_printf(&(r)->cx->mem, __VA_ARGS__))

static const char *
at_text(struct report *r, usec_t at)
{
	return rfc3339_print(at, arena_alloc(&r->cx->mem, RFC3339_MAX));
}

static const char *
span_words(struct report *r, usec_t span)
{
	return duration_print(span, arena_alloc(&r->cx->mem, DURATION_MAX));
}

/* ---- gaps ---- */

static void
say_gaps(struct report *r)
{
	usec_t open = 0;

	for (size_t i = 0; i < r->n_gaps; i++) {
		usec_t length = r->gaps[i].end - r->gaps[i].start;
		open += length;
		if (length > r->schedule->quality.gap)
			FOUND(r, "nobody is on call from %s for %s",
			        at_text(r, r->gaps[i].start), span_words(r, length));
	}
	duty_write_shifts(r->w, "gaps", r->s, r->gaps, r->n_gaps);
	jsonw_key(r->w, "covered");
	jsonw_real(r->w, 100 - 100 * (double)open / (double)(r->span.to - r->span.from));
}

/* ---- load ---- */

static void
hours(struct report *r, const char *key, usec_t span)
{
	jsonw_key(r->w, key);
	jsonw_real(r->w, (double)span / USEC_PER_HOUR);
}

static void
say_load(struct report *r, const struct cal_load *load, usec_t all)
{
	const struct quality_limits *limits = &r->schedule->quality;
	double share = all == 0 ? 0 : 100 * (double)load->total / (double)all;

	jsonw_object(r->w);
	jsonw_member(r->w, "user", load->user);
	hours(r, "hours", load->total);
	hours(r, "night_hours", load->night);
	hours(r, "weekend_hours", load->weekend);
	jsonw_key(r->w, "share");
	jsonw_real(r->w, share);
	jsonw_member_int(r->w, "stretches", load->stretches);
	hours(r, "longest_hours", load->longest);
	jsonw_end_object(r->w);
	if (load->longest > limits->stretch)
		FOUND(r, "user/%s is on call for %s without a break from %s", load->user,
		        span_words(r, load->longest), at_text(r, load->longest_from));
	if (limits->share > 0 && share > (double)limits->share)
		FOUND(r, "user/%s has %.0f %% of all hours", load->user, share);
}

static void
say_loads(struct report *r)
{
	usec_t all = 0;

	for (size_t i = 0; i < r->n_loads; i++)
		all += r->loads[i].total;
	jsonw_key(r->w, "load");
	jsonw_array(r->w);
	for (size_t i = 0; i < r->n_loads; i++)
		say_load(r, &r->loads[i], all);
	jsonw_end_array(r->w);
}

static void
say_fairness(struct report *r)
{
	static const char *const names[] = { "hours", "nights", "weekends" };

	jsonw_key(r->w, "fairness");
	jsonw_object(r->w);
	for (size_t i = 0; i < NELEMS(names); i++) {
		int percent = oncall_fairness(r->loads, r->n_loads, (enum cal_share)i);
		jsonw_member_int(r->w, names[i], percent);
		if (percent < r->schedule->quality.fairness)
			FOUND(r, "%s are shared unevenly: fairness is %d %%", names[i],
			        percent);
	}
	jsonw_end_object(r->w);
}

/* ---- two places at once ---- */

#define ELSEWHERE_MAX 100 /* pairs looked at; a report of more helps nobody */

struct elsewhere {
	struct report *r;
	const struct schedule *other;
	size_t said;
};

static bool
has_user(const struct cal_shift *shift, const char *user)
{
	for (size_t i = 0; i < shift->n; i++) {
		if (strcmp(shift->users[i], user) == 0)
			return true;
	}
	return false;
}

static void
say_both(struct elsewhere *e, const char *user, usec_t from, usec_t to)
{
	struct report *r = e->r;

	if (e->said++ >= ELSEWHERE_MAX)
		return;
	jsonw_object(r->w);
	jsonw_member(r->w, "user", user);
	jsonw_member(r->w, "schedule", e->other->c.id);
	jsonw_member_time(r->w, "from", from);
	jsonw_member_time(r->w, "to", to);
	jsonw_end_object(r->w);
	if (e->said == 1)
		FOUND(r, "user/%s is on call by schedule/%s too, first from %s", user,
		        e->other->c.id, at_text(r, from));
}

static void
compare_shifts(struct elsewhere *e, const struct cal_shift *theirs, size_t n)
{
	struct report *r = e->r;

	for (size_t i = 0, k = 0; i < r->n_shifts && k < n;) {
		const struct cal_shift *a = &r->shifts[i], *b = &theirs[k];
		usec_t from = a->start > b->start ? a->start : b->start;
		usec_t to = a->end < b->end ? a->end : b->end;
		for (size_t u = 0; u < a->n; u++) {
			if (has_user(b, a->users[u]))
				say_both(e, a->users[u], from, to);
		}
		i += a->end == to;
		k += b->end == to;
	}
}

static bool
shares_people(const struct report *r, const struct cal_schedule *other)
{
	for (size_t l = 0; l < other->n_layers; l++)
		for (size_t t = 0; t < other->layers[l].n_turns; t++)
			for (size_t u = 0; u < other->layers[l].turns[t].n; u++)
				for (size_t i = 0; i < r->n_loads; i++)
					if (strcmp(r->loads[i].user,
					            other->layers[l].turns[t].users[u])
					        == 0)
						return true;
	return false;
}

static void
say_double_bookings(struct report *r)
{
	struct elsewhere e = { .r = r };
	size_t n;
	const struct document *const *list = snapshot_list(r->s, KIND_SCHEDULE, &n);

	jsonw_key(r->w, "double_bookings");
	jsonw_array(r->w);
	for (size_t i = 0; i < n; i++) {
		struct cal_shift *theirs;
		size_t n_theirs;
		e.other = snapshot_schedule(r->s, list[i]->id);
		e.said = 0;
		if (strcmp(list[i]->id, r->schedule->c.id) == 0
		        || !shares_people(r, &e.other->calendar))
			continue;
		(void)oncall_shifts(&r->cx->mem, &e.other->calendar, r->span.from, r->span.to,
		        &theirs, &n_theirs);
		compare_shifts(&e, theirs, n_theirs);
	}
	jsonw_end_array(r->w);
}

/* ---- can they be reached ---- */

static const char *
why_unreachable(const struct user *u)
{
	if (u == NULL)
		return "is gone";
	if (u->contacts.n == 0)
		return "has no contact";
	if (u->role == ROLE_STAKEHOLDER)
		return "is a stakeholder, who cannot answer";
	return NULL;
}

static void
say_unreachable(struct report *r)
{
	jsonw_key(r->w, "unreachable");
	jsonw_array(r->w);
	for (size_t i = 0; i < r->n_loads; i++) {
		const char *user = r->loads[i].user;
		const char *why = why_unreachable(snapshot_user(r->s, user));
		if (why == NULL)
			continue;
		jsonw_object(r->w);
		jsonw_member(r->w, "user", user);
		jsonw_member(r->w, "why", why);
		jsonw_end_object(r->w);
		FOUND(r, "user/%s %s", user, why);
	}
	jsonw_end_array(r->w);
}

/* A fact and no finding: of a schedule that is new, it holds of everybody. */
static struct err *
say_unverified(struct report *r)
{
	struct verified all;

	TRY(verified_load(r->cx, &all));
	jsonw_key(r->w, "unverified");
	jsonw_array(r->w);
	for (size_t i = 0; i < r->n_loads; i++) {
		const struct user *u = snapshot_user(r->s, r->loads[i].user);
		if (u != NULL && u->contacts.n > 0 && !verified_user(&all, u))
			jsonw_cstr(r->w, r->loads[i].user);
	}
	jsonw_end_array(r->w);
	return NULL;
}

static void
say_findings(struct report *r)
{
	jsonw_key(r->w, "findings");
	jsonw_array(r->w);
	for (size_t i = 0; i < r->n_findings; i++)
		jsonw_cstr(r->w, r->findings[i]);
	jsonw_end_array(r->w);
}

static void
look(struct report *r)
{
	const struct cal_schedule *cal = &r->schedule->calendar;

	r->span.to = oncall_shifts(
	        &r->cx->mem, cal, r->span.from, r->span.to, &r->shifts, &r->n_shifts);
	(void)oncall_gaps(&r->cx->mem, cal, r->span.from, r->span.to, &r->gaps, &r->n_gaps);
	oncall_load(&r->cx->mem, cal, r->shifts, r->n_shifts, &r->loads, &r->n_loads);
}

static struct err *
quality(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct report r = { .cx = cx, .s = s };

	TRY(duty_schedule(cx, rq, s, &r.schedule));
	TRY(duty_span(cx, rq, &r.span));
	TRY(app_read(cx, rq));
	look(&r);
	struct jsonw w = response_json(rs, 200);
	r.w = &w;
	jsonw_object(&w);
	jsonw_member(&w, "schedule", r.schedule->c.id);
	jsonw_member_time(&w, "from", r.span.from);
	jsonw_member_time(&w, "to", r.span.to);
	say_gaps(&r);
	say_loads(&r);
	say_fairness(&r);
	say_double_bookings(&r);
	say_unreachable(&r);
	TRY(say_unverified(&r));
	say_findings(&r);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/quality", PERM_READ, quality,
	        "Gaps, load per person, fairness, double bookings, who cannot be reached, of whom no contact is verified; "
	        "?from=&to=",
	        NULL, NULL, 0, 0 },
};
const struct route_table quality_routes = { routes, NELEMS(routes) };
