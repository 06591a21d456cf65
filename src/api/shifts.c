/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts, gaps, and how a change would look before it is made. */
#include "api/changes.h"
#include "api/described.h"
#include "api/duty.h"

struct err *
duty_span(struct ctx *cx, const struct request *rq, struct duty_span *ret)
{
	TRY(at_query(cx, rq, "from", &ret->from));
	ret->to = ret->from + DUTY_SPAN;
	if (request_query(rq, "to") != NULL)
		TRY(at_query(cx, rq, "to", &ret->to));
	if (ret->to <= ret->from || ret->to - ret->from > DUTY_SPAN_MAX)
		return err_field(
		        cx, ERR_INVALID, "to", "to must be after from, by at most 400 days");
	return NULL;
}

void
duty_write_shift(struct jsonw *w, const struct snapshot *s, const struct cal_shift *shift)
{
	jsonw_object(w);
	jsonw_member_time(w, "from", shift->start);
	jsonw_member_time(w, "to", shift->end);
	duty_write_users(w, "users", s, shift->users, shift->n);
	jsonw_end_object(w);
}

void
duty_write_shifts(struct jsonw *w, const char *key, const struct snapshot *s,
        const struct cal_shift *shifts, size_t n)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		duty_write_shift(w, s, &shifts[i]);
	jsonw_end_array(w);
}

/* ---- as they were ---- */

/*
 * The past is told by the configurations that were in force, piece by piece; so many pieces at
 * most, each of which is a whole configuration read from history.
 */
#define PIECES_MAX 50

struct piece {
	usec_t from, to;
	const struct snapshot *s;
};

static void
pieces_done(struct piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++)
		snapshot_unref(pieces[i].s);
}

struct joined {
	struct arena *mem;
	struct cal_shift *items;
	size_t n, cap;
};

static bool
same_users(const struct cal_shift *a, const struct cal_shift *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++) {
		if (strcmp(a->users[i], b->users[i]) != 0)
			return false;
	}
	return a->n == b->n;
}

/* The users are the snapshot's strings, which may go before the answer is written. */
static void
keep_users(struct arena *mem, struct cal_shift *shift)
{
	const char **kept = ARENA_ARRAY(mem, shift->n, const char *);

	for (size_t i = 0; i < shift->n; i++)
		kept[i] = arena_strdup(mem, shift->users[i]);
	shift->users = kept;
}

static void
join(struct joined *all, const struct cal_shift *shifts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cal_shift *last = all->n > 0 ? &all->items[all->n - 1] : NULL;
		struct cal_shift shift = shifts[i];
		if (last != NULL && last->end == shift.start && same_users(last, &shift)) {
			last->end = shift.end;
			continue;
		}
		keep_users(all->mem, &shift);
		ARENA_PUSH(all->mem, all->items, all->n, all->cap) = shift;
	}
}

/* A schedule that was not there had nobody. */
static usec_t
add_piece(struct ctx *cx, const struct piece *p, const char *id, struct joined *all)
{
	const struct schedule *schedule = snapshot_schedule(p->s, id);
	struct cal_shift *shifts, none = { .start = p->from, .end = p->to };
	size_t n = 1;
	usec_t until = p->to;

	if (schedule == NULL)
		shifts = &none;
	else
		until = oncall_shifts(
		        &cx->mem, &schedule->calendar, p->from, p->to, &shifts, &n);
	join(all, shifts, n);
	return until;
}

static struct err *
load_pieces(struct ctx *cx, struct request *rq, struct duty_span span, struct piece *pieces,
        size_t *n)
{
	struct config *config = app_of(rq)->home.config;
	struct duty_change *changes;
	size_t n_changes;

	TRY(app_read(cx, rq));
	TRY(config_duty_changes(cx, span.from, span.to, PIECES_MAX, &changes, &n_changes));
	if (n_changes == PIECES_MAX)
		return err_field(cx, ERR_LIMIT, "from",
		        "schedules have changed more than %d times since: ask for a shorter time",
		        PIECES_MAX);
	for (size_t i = 0; i < n_changes; i++) {
		struct piece *p = &pieces[*n];
		if (changes[i].revision == 0)
			p->s = app_snapshot(rq); /* before the first: as duty_snapshot */
		else
			TRY(config_snapshot_at(cx, config, changes[i].revision, &p->s));
		p->from = changes[i].at > span.from ? changes[i].at : span.from;
		p->to = i + 1 < n_changes ? changes[i + 1].at : span.to;
		(*n)++;
	}
	return NULL;
}

/* What lies behind us by history, what lies ahead by today's configuration. */
static struct err *
shifts_of(struct ctx *cx, struct request *rq, const struct snapshot *now, const char *id,
        struct duty_span *span, struct joined *all)
{
	struct piece pieces[PIECES_MAX], ahead = { .s = now };
	size_t n = 0;
	usec_t until = span->from, at = ctx_now(cx); /* one instant, or there is a seam */

	ahead.from = span->from > at ? span->from : at;
	ahead.to = span->to;
	if (span->from < at) {
		struct duty_span past = { span->from, span->to < at ? span->to : at };
		struct err *e = load_pieces(cx, rq, past, pieces, &n);
		for (size_t i = 0; e == NULL && i < n; i++)
			until = add_piece(cx, &pieces[i], id, all);
		pieces_done(pieces, n);
		TRY(e);
	}
	if (ahead.from < ahead.to)
		until = add_piece(cx, &ahead, id, all);
	span->to = until;
	return NULL;
}

static void
each_of_piece(struct ctx *cx, const struct piece *p, const struct duty_look *look)
{
	size_t n, n_shifts;
	const struct document *const *list = snapshot_list(p->s, KIND_SCHEDULE, &n);
	struct cal_shift *shifts;

	for (size_t i = 0; i < n; i++) {
		const struct schedule *schedule = snapshot_schedule(p->s, list[i]->id);
		(void)oncall_shifts(
		        &cx->mem, &schedule->calendar, p->from, p->to, &shifts, &n_shifts);
		for (size_t k = 0; k < n_shifts; k++)
			look->fn(look->arg, &shifts[k]);
	}
}

struct err *
duty_each_shift(
        struct ctx *cx, struct request *rq, const struct snapshot *now, struct duty_look *look)
{
	const struct piece whole = { look->past.from, look->past.to, now };
	struct piece pieces[PIECES_MAX];
	size_t n = 0;
	struct err *e = load_pieces(cx, rq, look->past, pieces, &n);

	look->by_history = e == NULL;
	for (size_t i = 0; e == NULL && i < n; i++)
		each_of_piece(cx, &pieces[i], look);
	pieces_done(pieces, n);
	if (e == NULL || e->code != ERR_LIMIT)
		return e;
	each_of_piece(cx, &whole, look);
	return NULL;
}

static struct err *
shifts(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct joined all = { .mem = &cx->mem };
	struct duty_span span;

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_span(cx, rq, &span));
	TRY(shifts_of(cx, rq, s, schedule->c.id, &span, &all));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	duty_write_shifts(&w, "items", s, all.items, all.n);
	jsonw_member_time(&w, "to", span.to);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
gaps(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct cal_shift *list;
	struct duty_span span;
	size_t n;

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_span(cx, rq, &span));
	span.to = oncall_gaps(&cx->mem, &schedule->calendar, span.from, span.to, &list, &n);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	duty_write_shifts(&w, "items", s, list, n);
	jsonw_member_time(&w, "to", span.to);
	jsonw_end_object(&w);
	return NULL;
}

/* ---- before it is made ---- */

static void
side(struct ctx *cx, const struct snapshot *s, const char *id, struct duty_span span,
        struct joined *all)
{
	const struct piece whole = { span.from, span.to, s };

	(void)add_piece(cx, &whole, id, all);
}

void
duty_write_differences(struct ctx *cx, struct jsonw *w, const struct snapshot *before,
        const struct snapshot *after, const char *schedule, struct duty_span span)
{
	struct joined a = { .mem = &cx->mem }, b = { .mem = &cx->mem };
	struct cal_difference *list;
	size_t n;

	side(cx, before, schedule, span, &a);
	side(cx, after, schedule, span, &b);
	oncall_compare(&cx->mem, &(struct cal_tiling){ a.items, a.n },
	        &(struct cal_tiling){ b.items, b.n }, &list, &n);
	jsonw_key(w, "differences");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w);
		jsonw_member_time(w, "from", list[i].start);
		jsonw_member_time(w, "to", list[i].end);
		duty_write_users(w, "before", before, list[i].before, list[i].n_before);
		duty_write_users(w, "after", after, list[i].after, list[i].n_after);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/* The body is a set of documents, as apply takes it: nothing of it is kept. */
static struct err *
preview(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct change_set set = { 0 };
	struct changing c = { .set = &set, .dry_run = true, .authorised = true };
	struct joined all = { .mem = &cx->mem };
	const char *id = request_param(rq, "id");
	struct duty_span span;
	struct plan plan;

	TRY(duty_span(cx, rq, &span));
	TRY(change_set_from_body(cx, rq, &set));
	TRY(change_configuration(cx, rq, &c, &plan));
	side(cx, plan.candidate, id, span, &all);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member(&w, "schedule", id);
	jsonw_member_time(&w, "from", span.from);
	jsonw_member_time(&w, "to", span.to);
	duty_write_shifts(&w, "shifts", plan.candidate, all.items, all.n);
	duty_write_differences(cx, &w, plan.base, plan.candidate, id, span);
	jsonw_end_object(&w);
	plan_free(&plan);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/shifts", PERM_READ, shifts,
	        "Shifts and gaps of a schedule, past ones as they were; ?from=&to=", NULL,
	        &shift_described, ROUTE_ALL, 0 },
	{ "GET", "/api/v1/schedules/{id}/gaps", PERM_READ, gaps,
	        "When a schedule has nobody; ?from=&to=", NULL, &shift_described, ROUTE_ALL,
	        0 },
	{ "POST", "/api/v1/schedules/{id}/preview", PERM_MANAGE, preview,
	        "A schedule as a set of documents would make it, and what would be different; "
	        "?from=&to=",
	        NULL, NULL, 0, 0 },
};
const struct route_table shift_routes = { routes, NELEMS(routes) };
