/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes that people make to their own duty: take it, hand it over, be away, set who is on.
 * Each is a document or a change of one, so that it has a revision, an author and a way back.
 * Whoever shares the work of a schedule may; no manager is needed at three in the morning.
 */
#include <inttypes.h>

#include "api/changes.h"
#include "api/duty.h"
#include "config/codecs.h"
#include "config/kinds.h"

/* ---- who may ---- */

bool
duty_leads(const struct ctx *cx, const struct snapshot *s, const struct schedule *schedule)
{
	if (cx->actor.kind == ACTOR_SYSTEM || cx->actor.role >= ROLE_ADMIN)
		return true;
	return schedule != NULL && duty_manages(s, cx->actor.id, schedule->team);
}

struct err *
duty_may_take_part(struct ctx *cx, const struct snapshot *s, const struct schedule *schedule)
{
	if (cx->actor.kind == ACTOR_SYSTEM || cx->actor.role >= ROLE_ADMIN
	        || snapshot_shares(s, schedule, cx->actor.id))
		return NULL;
	return err_new(cx, ERR_DENIED,
	        "schedule/%s is not yours: that takes a member of its team, somebody in its "
	        "layers, or an administrator",
	        schedule->c.id);
}

/* ---- one document ---- */

struct making {
	enum kind kind;
	const char *id;
	struct buf body; /* JSON */
	struct duty_span span;
	const char *schedule; /* where to look for what becomes different; NULL: of `user` */
	const char *user;
	int64_t based_on; /* see changes.h */
	bool dry_run;
};

static const char *
new_id(struct ctx *cx, const char *what)
{
	return arena_printf(&cx->mem, "%s-%" PRId64, what, (int64_t)ctx_now(cx));
}

static void
write_gap_of(struct ctx *cx, struct jsonw *w, const struct plan *plan, const char *id,
        struct duty_span span)
{
	const struct schedule *before = snapshot_schedule(plan->base, id);
	const struct schedule *after = snapshot_schedule(plan->candidate, id);
	struct cal_shift *gaps;
	size_t n;

	(void)oncall_gaps(&cx->mem, &after->calendar, span.from, span.to, &gaps, &n);
	for (size_t i = 0; i < n; i++) {
		struct cal_shift *old;
		size_t n_old;
		(void)oncall_gaps(
		        &cx->mem, &before->calendar, gaps[i].start, gaps[i].end, &old, &n_old);
		if (n_old == 1 && old[0].start == gaps[i].start && old[0].end == gaps[i].end)
			continue;
		jsonw_object(w);
		jsonw_member(w, "schedule", id);
		jsonw_member_time(w, "from", gaps[i].start);
		jsonw_member_time(w, "to", gaps[i].end);
		jsonw_end_object(w);
	}
}

/* Time without anybody that the change leaves and that was not there before. */
static void
write_gaps_left(
        struct ctx *cx, struct jsonw *w, const struct plan *plan, const struct making *m)
{
	size_t n;
	const struct document *const *list = snapshot_list(plan->base, KIND_SCHEDULE, &n);

	jsonw_key(w, "gaps_left");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct schedule *s = snapshot_schedule(plan->base, list[i]->id);
		if (m->schedule != NULL ? strcmp(m->schedule, s->c.id) == 0
		                        : cal_takes_turns(&s->calendar, m->user))
			write_gap_of(cx, w, plan, s->c.id, m->span);
	}
	jsonw_end_array(w);
}

static struct err *
make(struct ctx *cx, struct request *rq, struct response *rs, struct making *m)
{
	struct json *body;
	struct plan plan;

	TRY(json_parse(cx, buf_view(&m->body), JSON_LIMITS_REQUEST, &body));
	struct change one = { .kind = m->kind, .id = m->id, .body = body, .pointer = "" };
	struct change_set set = { &one, 1, 1 };
	struct changing c = {
		.set = &set, .dry_run = m->dry_run, .authorised = true, .based_on = m->based_on
	};
	TRY(change_configuration(cx, rq, &c, &plan));
	struct jsonw w = response_json(rs, m->dry_run ? 200 : 201);
	jsonw_object(&w);
	jsonw_member(&w, "kind", kind_name(m->kind));
	jsonw_member(&w, "id", m->id);
	jsonw_member_bool(&w, "dry_run", m->dry_run);
	jsonw_member_int(&w, "revision", snapshot_revision(plan.candidate));
	write_gaps_left(cx, &w, &plan, m);
	if (m->schedule != NULL)
		duty_write_differences(cx, &w, plan.base, plan.candidate, m->schedule, m->span);
	jsonw_end_object(&w);
	plan_free(&plan);
	return NULL;
}

static struct err *
check_span(struct ctx *cx, struct duty_span span)
{
	if (span.to <= span.from)
		return err_field(cx, ERR_INVALID, "/to", "it must end after it begins");
	return NULL;
}

/* What is shown of a change is its first 400 days; it itself may be longer. */
static struct duty_span
shown(struct duty_span span)
{
	if (span.to - span.from > DUTY_SPAN_MAX)
		span.to = span.from + DUTY_SPAN_MAX;
	return span;
}

/* ---- overrides ---- */

struct override_body {
	struct edge from, to;
	const char *replace, *with, *add, *description;
	bool nobody, dry_run;
};

#define BODY(member) offsetof(struct override_body, member)

static const struct field override_body_fields[] = {
	{ "from", FIELD_CUSTOM, 0, BODY(from), .decode = edge_decode, .encode = edge_encode,
	        .schema = EDGE_SCHEMA, .help = "When it begins; now when absent." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, BODY(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it ends." },
	{ "replace", FIELD_REF, 0, BODY(replace), .ref = "user",
	        .help = "Whose duty is taken; absent: everybody's." },
	{ "with", FIELD_REF, 0, BODY(with), .ref = "user",
	        .help = "Who takes it; who asks, when there is neither add nor nobody." },
	{ "add", FIELD_REF, 0, BODY(add), .ref = "user",
	        .help = "Instead: who is on call too." },
	{ "nobody", FIELD_BOOL, 0, BODY(nobody), .help = "Instead: nobody takes it." },
	{ "description", FIELD_TEXT, 0, BODY(description), .help = "Why." },
	{ "dry_run", FIELD_BOOL, 0, BODY(dry_run),
	        .help = "Only say what would be different." },
};
static const struct shape override_body_shape = SHAPE("OverrideRequest", struct override_body,
        override_body_fields, "Somebody takes a duty for a while.");

static void
write_override(struct jsonw *w, const struct schedule *schedule, const struct override_body *b,
        struct duty_span span)
{
	jsonw_object(w);
	jsonw_member(w, "schedule", schedule->c.id);
	jsonw_member_opt(w, "description", b->description);
	jsonw_member_time(w, "from", span.from);
	jsonw_member_time(w, "to", span.to);
	jsonw_member_opt(w, "replace", b->replace);
	jsonw_member_opt(w, "add", b->add);
	if (b->add == NULL)
		jsonw_member(w, "with", b->nobody ? NULL : b->with);
	jsonw_end_object(w);
}

/* Instants and not wall clocks are kept: "now" may be inside an hour that the clock shows
 * twice. */
static struct err *
override(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct override_body b;
	struct making m = { .kind = KIND_OVERRIDE, .id = new_id(cx, "override") };

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_may_take_part(cx, s, schedule));
	TRY(request_read(cx, rq, &b));
	if ((b.with != NULL) + (b.add != NULL) + b.nobody > 1)
		return err_field(cx, ERR_INVALID, "/with", "say one of with, add and nobody");
	if (b.with == NULL && b.add == NULL && !b.nobody)
		b.with = cx->actor.id;
	m.span.from = b.from.wall.year == 0 && b.from.at == 0
	        ? ctx_now(cx)
	        : edge_instant(&b.from, schedule->calendar.zone);
	m.span.to = edge_instant(&b.to, schedule->calendar.zone);
	TRY(check_span(cx, m.span));
	m.body = BUF_INIT(&cx->mem, 64 * 1024);
	struct jsonw w = JSONW(&m.body);
	write_override(&w, schedule, &b, m.span);
	m.span = shown(m.span);
	m.schedule = schedule->c.id;
	m.dry_run = b.dry_run;
	return make(cx, rq, rs, &m);
}

/* ---- being away ---- */

struct absence_body {
	struct edge from, to;
	const char *description;
	bool dry_run;
};

#define AWAY(member) offsetof(struct absence_body, member)

static const struct field absence_body_fields[] = {
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, AWAY(from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it begins." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, AWAY(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it ends." },
	{ "description", FIELD_TEXT, 0, AWAY(description), .help = "Why." },
	{ "dry_run", FIELD_BOOL, 0, AWAY(dry_run), .help = "Only say which gaps it leaves." },
};
static const struct shape absence_body_shape = SHAPE(
        "AbsenceRequest", struct absence_body, absence_body_fields, "A user is not there.");

static struct err *
absence(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u;
	struct absence_body b;
	struct making m = { .kind = KIND_ABSENCE, .id = new_id(cx, "absence") };

	TRY(user_param(cx, rq, s, &u));
	if (!duty_may_send_away(cx, s, u->c.id))
		return err_new(cx, ERR_DENIED,
		        "user/%s says that, a manager of theirs, or an administrator does",
		        u->c.id);
	TRY(request_read(cx, rq, &b));
	const struct zone *z = snapshot_zone(s, u->zone, NULL);
	m.span = (struct duty_span){ edge_instant(&b.from, z), edge_instant(&b.to, z) };
	TRY(check_span(cx, m.span));
	m.body = BUF_INIT(&cx->mem, 64 * 1024);
	struct jsonw w = JSONW(&m.body);
	jsonw_object(&w);
	jsonw_member(&w, "user", u->c.id);
	jsonw_member_opt(&w, "description", b.description);
	jsonw_member_time(&w, "from", m.span.from);
	jsonw_member_time(&w, "to", m.span.to);
	jsonw_end_object(&w);
	m.span = shown(m.span);
	m.user = u->c.id;
	m.dry_run = b.dry_run;
	return make(cx, rq, rs, &m);
}

/* ---- who is on now ---- */

struct set_body {
	const char *user, *layer;
	bool dry_run;
};

static const struct field set_body_fields[] = {
	{ "user", FIELD_REF, FIELD_REQUIRED, offsetof(struct set_body, user), .ref = "user",
	        .help = "Whose turn it is." },
	{ "layer", FIELD_STRING, 0, offsetof(struct set_body, layer),
	        .help = "The layer's name; the first that has the user when absent." },
	{ "dry_run", FIELD_BOOL, 0, offsetof(struct set_body, dry_run),
	        .help = "Only say what would be different." },
};
static const struct shape set_body_shape = SHAPE("SetRequest", struct set_body, set_body_fields,
        "From now on it is this user's turn; the rotation goes on behind.");

static bool
layer_wanted(const struct cal_layer *l, const struct set_body *b)
{
	const struct cal_schedule alone = { .layers = l, .n_layers = 1 };

	return cal_takes_turns(&alone, b->user)
	        && (b->layer == NULL || str_null_safe_eq(l->name, b->layer));
}

static struct err *
find_layer(
        struct ctx *cx, const struct schedule *schedule, const struct set_body *b, size_t *ret)
{
	for (size_t i = 0; i < schedule->calendar.n_layers; i++) {
		if (!layer_wanted(&schedule->calendar.layers[i], b))
			continue;
		*ret = i;
		return NULL;
	}
	return err_field(cx, ERR_INVALID, "/user",
	        "schedule/%s has no %slayer in which user/%s "
	        "takes turns",
	        schedule->c.id, b->layer == NULL ? "" : "such ", b->user);
}

/* The document as it is, but for the one layer. */
static struct err *
write_set(struct ctx *cx, const struct snapshot *s, const struct schedule *schedule,
        const struct set_body *b, struct buf *out)
{
	const struct document *d = snapshot_document(s, KIND_SCHEDULE, schedule->c.id);
	struct schedule changed = *(const struct schedule *)d->value;
	struct layer *layers = ARENA_ARRAY(&cx->mem, changed.layers.n, struct layer);
	struct jsonw w = JSONW(out);
	size_t i = 0;

	TRY(find_layer(cx, schedule, b, &i));
	memcpy(layers, changed.layers.items, changed.layers.n * sizeof *layers);
	const struct zone *z = cal_layer_zone(&schedule->calendar, &layers[i].cal);
	layers[i].cal.set_user = b->user;
	layers[i].cal.set_at = civil_from_utc(z, ctx_now(cx));
	changed.layers.items = layers;
	if (strcmp(changed.c.name, changed.c.id) == 0)
		changed.c.name = NULL;
	shape_encode(&w, &schedule_shape, &changed);
	return NULL;
}

static struct err *
set(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct set_body b;
	struct making m = { .kind = KIND_SCHEDULE };

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_may_take_part(cx, s, schedule));
	TRY(request_read(cx, rq, &b));
	m.body = BUF_INIT(&cx->mem, 4 * 1024 * 1024);
	TRY(write_set(cx, s, schedule, &b, &m.body));
	m.based_on = snapshot_revision(s);
	m.id = m.schedule = schedule->c.id;
	m.span = (struct duty_span){ ctx_now(cx), ctx_now(cx) + DUTY_SPAN };
	m.dry_run = b.dry_run;
	return make(cx, rq, rs, &m);
}

static const struct route routes[] = {
	{ "POST", "/api/v1/schedules/{id}/overrides", PERM_RESPOND, override,
	        "Takes duty, or gives it to somebody, for a while", &override_body_shape, NULL,
	        0, 0 },
	{ "POST", "/api/v1/schedules/{id}/set", PERM_RESPOND, set,
	        "Whose turn it is from now on", &set_body_shape, NULL, 0, 0 },
	{ "POST", "/api/v1/users/{id}/absences", PERM_RESPOND, absence,
	        "Somebody is away, and the gaps that this leaves", &absence_body_shape, NULL, 0,
	        0 },
};
const struct route_table take_routes = { routes, NELEMS(routes) };
