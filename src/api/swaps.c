/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts offered to others, and notes from one shift to the next. */
#include <inttypes.h>

#include "api/changes.h"
#include "api/duty.h"
#include "config/codecs.h"
#include "engine/duty.h"
#include "engine/swap.h"
#include "queries.h"

#define SWAP(member) offsetof(struct swap, member)

static const struct field swap_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, SWAP(id), .help = "Its number." },
	{ "schedule", FIELD_STRING, FIELD_REQUIRED, SWAP(schedule),
	        .help = "Of which schedule." },
	{ "user", FIELD_STRING, FIELD_REQUIRED, SWAP(user_id), .help = "Whose duty it is." },
	{ "offered_to", FIELD_STRING, 0, SWAP(offered_to), .help = "Absent: to all." },
	{ "from", FIELD_TIME, FIELD_REQUIRED, SWAP(from_at), .help = "When it begins." },
	{ "to", FIELD_TIME, FIELD_REQUIRED, SWAP(to_at), .help = "When it ends." },
	{ "return_from", FIELD_TIME, 0, SWAP(return_from),
	        .help = "What the offerer takes in return begins then." },
	{ "return_to", FIELD_TIME, 0, SWAP(return_to), .help = "And ends then." },
	{ "state", FIELD_ENUM, FIELD_REQUIRED, SWAP(state), .names = swap_state_names,
	        .help = "offered, accepted, declined, withdrawn or expired." },
	{ "note", FIELD_TEXT, 0, SWAP(note), .help = "Why." },
	{ "created_at", FIELD_TIME, FIELD_REQUIRED, SWAP(created_at), .help = "When." },
	{ "expires_at", FIELD_TIME, FIELD_REQUIRED, SWAP(expires_at),
	        .help = "Until when it can be accepted." },
	{ "ended_at", FIELD_TIME, 0, SWAP(ended_at), .help = "When it was accepted or ended." },
	{ "taken_by", FIELD_STRING, 0, SWAP(taken_by), .help = "Who took it." },
	{ "remind_at", FIELD_TIME, 0, SWAP(remind_at),
	        .help = "When those who are asked hear of it again." },
	{ "reminded_at", FIELD_TIME, 0, SWAP(reminded_at), .help = "When they last did." },
	{ "rest_of", FIELD_INT, 0, SWAP(parent_id), .help = "The swap that it is a rest of." },
};
static const struct shape swap_shape =
        SHAPE("Swap", struct swap, swap_fields, "A time of duty offered to others.");

static void
answer(struct response *rs, const struct swap *s, int status)
{
	struct jsonw w = response_json(rs, status);

	shape_encode(&w, &swap_shape, s);
}

static struct err *
load(struct ctx *cx, struct request *rq, struct swap *ret)
{
	int64_t id;

	TRY(id_param(cx, rq, "id", &id));
	TRY(app_read(cx, rq));
	return swap_load(cx, id, ret);
}

static struct err *
get(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct swap s;

	TRY(load(cx, rq, &s));
	answer(rs, &s, 200);
	return NULL;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct swap *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_swaps_of_schedule,
	        DB_ARGS(request_param(rq, "id"), l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &swap_shape, items, n);
	return NULL;
}

/* Whoever may read sees what is on offer, as they see who is on call. */
static struct err *
list_open(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct swap *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(db_list(cx, &q_swaps_open, DB_ARGS(l.before, l.limit + 1), &items, &n));
	listing_write(rs, &l, &swap_shape, items, n);
	return NULL;
}

/* ---- offering ---- */

struct offer_body {
	const char *user, *to_user, *note;
	struct edge from, to, return_from, return_to, expires;
};

#define OFFER(member) offsetof(struct offer_body, member)
#define EDGE(field_name, member, flag, text)                                                   \
	{                                                                                      \
		field_name, FIELD_CUSTOM, flag, OFFER(member),                                 \
		        .decode = edge_decode, .encode = edge_encode, .schema = EDGE_SCHEMA,   \
		        .help = text                                                           \
	}

static const struct field offer_fields[] = {
	EDGE("from", from, FIELD_REQUIRED, "When it begins."),
	EDGE("to", to, FIELD_REQUIRED, "When it ends."),
	{ "user", FIELD_REF, 0, OFFER(user), .ref = "user",
	        .help = "Whose duty; yours when absent." },
	{ "offered_to", FIELD_REF, 0, OFFER(to_user), .ref = "user",
	        .help = "Absent: to all." },
	EDGE("return_from", return_from, 0,
	        "What you take in return, of the one it is offered to."),
	EDGE("return_to", return_to, 0, "And ends then."),
	EDGE("expires", expires, 0,
	        "Until when it can be accepted; until it begins when absent."),
	{ "note", FIELD_TEXT, 0, OFFER(note), .max = 2000, .help = "Why." },
};
static const struct shape offer_shape =
        SHAPE("SwapOffer", struct offer_body, offer_fields, "Offers a time of duty to others.");

static usec_t
edge_or(const struct edge *e, const struct zone *z, usec_t fallback)
{
	return e->wall.year == 0 && e->at == 0 ? fallback : edge_instant(e, z);
}

/* Whether somebody has any duty in a time. */
static bool
has_duty(struct ctx *cx, const struct schedule *s, const char *user, usec_t from, usec_t to)
{
	struct cal_shift *shifts;
	size_t n;

	(void)oncall_shifts(&cx->mem, &s->calendar, from, to, &shifts, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t u = 0; u < shifts[i].n; u++)
			if (strcmp(shifts[i].users[u], user) == 0)
				return true;
	return false;
}

static struct err *
check_time(struct ctx *cx, const char *field, usec_t from, usec_t to)
{
	if (to <= from || to - from > DUTY_SPAN_MAX)
		return err_field(
		        cx, ERR_INVALID, field, "it must end after it begins, within 400 days");
	if (to <= ctx_now(cx))
		return err_field(cx, ERR_INVALID, field, "that is past");
	return NULL;
}

static struct err *
check_return(struct ctx *cx, const struct schedule *schedule, const struct swap *s)
{
	if (s->return_from == 0 && s->return_to == 0)
		return NULL;
	if (s->offered_to == NULL)
		return err_field(cx, ERR_INVALID, "/offered_to",
		        "something in return goes with an offer to one person");
	TRY(check_time(cx, "/return_to", s->return_from, s->return_to));
	if (!has_duty(cx, schedule, s->offered_to, s->return_from, s->return_to))
		return err_field(cx, ERR_INVALID, "/return_from",
		        "user/%s has no duty on schedule/%s then", s->offered_to,
		        schedule->c.id);
	return NULL;
}

static struct err *
check_offer(struct ctx *cx, const struct snapshot *snap, const struct schedule *schedule,
        const struct swap *s)
{
	if (strcmp(s->user_id, cx->actor.id) != 0 && !duty_leads(cx, snap, schedule))
		return err_new(cx, ERR_DENIED,
		        "the duty of user/%s is theirs to offer, or a manager's of the team",
		        s->user_id);
	if (s->offered_to != NULL && snapshot_user(snap, s->offered_to) == NULL)
		return err_field(
		        cx, ERR_INVALID, "/offered_to", "there is no user/%s", s->offered_to);
	if (str_null_safe_eq(s->offered_to, s->user_id))
		return err_field(cx, ERR_INVALID, "/offered_to", "that is who offers it");
	TRY(check_time(cx, "/to", s->from_at, s->to_at));
	if (!has_duty(cx, schedule, s->user_id, s->from_at, s->to_at))
		return err_field(cx, ERR_INVALID, "/from",
		        "user/%s has no duty on schedule/%s then", s->user_id, schedule->c.id);
	if (s->expires_at <= ctx_now(cx) || s->expires_at > s->to_at)
		return err_field(cx, ERR_INVALID, "/expires",
		        "it must expire after now, and not after it ends");
	return check_return(cx, schedule, s);
}

static struct err *
offer(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *snap CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct offer_body b;

	TRY(duty_schedule(cx, rq, snap, &schedule));
	TRY(request_read(cx, rq, &b));
	const struct zone *z = schedule->calendar.zone;
	struct swap s = { .schedule = schedule->c.id,
		.user_id = b.user == NULL ? cx->actor.id : b.user,
		.offered_to = b.to_user,
		.from_at = edge_instant(&b.from, z),
		.to_at = edge_instant(&b.to, z),
		.return_from = edge_or(&b.return_from, z, 0),
		.return_to = edge_or(&b.return_to, z, 0),
		.note = b.note };
	/* Once it has begun, what is left can still be taken until it ends. */
	s.expires_at = edge_or(&b.expires, z, s.from_at > ctx_now(cx) ? s.from_at : s.to_at);
	TRY(check_offer(cx, snap, schedule, &s));
	TRY(app_run(cx, rq, swap_offer, &s));
	answer(rs, &s, 201);
	return NULL;
}

/* ---- accepting ---- */

struct accept_body {
	struct edge from, to;
};

static const struct field accept_fields[] = {
	{ "from", FIELD_CUSTOM, 0, offsetof(struct accept_body, from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA,
	        .help = "Only from then; what is left stays on offer." },
	{ "to", FIELD_CUSTOM, 0, offsetof(struct accept_body, to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "Only until then." },
};
static const struct shape accept_shape =
        SHAPE("SwapAccept", struct accept_body, accept_fields, "Takes it, or a part of it.");

static struct err *
override_json(struct ctx *cx, const struct swap *s, const char *replace, const char *with,
        const usec_t span[2], const struct json **ret)
{
	struct buf out = BUF_INIT(&cx->mem, 16 * 1024);
	struct jsonw w = JSONW(&out);
	struct json *tree;

	jsonw_object(&w);
	jsonw_member(&w, "schedule", s->schedule);
	jsonw_key(&w, "description");
	jsonw_cstr(&w, arena_printf(&cx->mem, "swap %" PRId64, s->id));
	jsonw_member_time(&w, "from", span[0]);
	jsonw_member_time(&w, "to", span[1]);
	jsonw_member(&w, "replace", replace);
	jsonw_member(&w, "with", with);
	jsonw_end_object(&w);
	TRY(json_parse(cx, buf_view(&out), JSON_LIMITS_REQUEST, &tree));
	*ret = tree;
	return NULL;
}

/* The override, and in return another. */
static struct err *
accepted_set(struct ctx *cx, const struct swap *s, const struct swap_end *end,
        struct change_set *set)
{
	const usec_t taken[2] = { end->from_at, end->to_at };
	const usec_t given[2] = { s->return_from, s->return_to };
	struct change *changes = ARENA_ARRAY(&cx->mem, 2, struct change);

	changes[0] = (struct change){ .kind = KIND_OVERRIDE,
		.id = arena_printf(&cx->mem, "swap-%" PRId64, s->id),
		.pointer = "" };
	TRY(override_json(cx, s, s->user_id, end->taken_by, taken, &changes[0].body));
	*set = (struct change_set){ .items = changes, .n = 1, .cap = 2 };
	if (s->return_from == 0)
		return NULL;
	changes[1] = (struct change){ .kind = KIND_OVERRIDE,
		.id = arena_printf(&cx->mem, "swap-%" PRId64 "-return", s->id),
		.pointer = "" };
	set->n = 2;
	return override_json(cx, s, end->taken_by, s->user_id, given, &changes[1].body);
}

static struct err *
may_accept(struct ctx *cx, const struct snapshot *snap, const struct swap *s)
{
	const struct schedule *schedule = snapshot_schedule(snap, s->schedule);

	if (s->state != SWAP_OFFERED)
		return err_field(cx, ERR_CONFLICT, "state", "swap %" PRId64 " is %s already",
		        s->id, swap_state_names[s->state]);
	if (schedule == NULL)
		return err_new(
		        cx, ERR_NOT_FOUND, "there is no schedule/%s any more", s->schedule);
	if (strcmp(s->user_id, cx->actor.id) == 0)
		return err_new(cx, ERR_DENIED, "nobody takes their own offer: withdraw it");
	if (s->offered_to != NULL && strcmp(s->offered_to, cx->actor.id) != 0)
		return err_new(cx, ERR_DENIED, "it is offered to user/%s", s->offered_to);
	return duty_may_take_part(cx, snap, schedule);
}

static struct err *
accepted_part(struct ctx *cx, const struct snapshot *snap, const struct accept_body *b,
        const struct swap *s, struct swap_end *end)
{
	const struct zone *z = snapshot_schedule(snap, s->schedule)->calendar.zone;

	end->from_at = edge_or(&b->from, z, s->from_at);
	end->to_at = edge_or(&b->to, z, s->to_at);
	if (end->from_at >= end->to_at || end->from_at < s->from_at || end->to_at > s->to_at)
		return err_field(
		        cx, ERR_INVALID, "/from", "that is not a part of what is offered");
	if (s->return_from != 0 && (end->from_at != s->from_at || end->to_at != s->to_at))
		return err_field(cx, ERR_INVALID, "/from",
		        "it has something in return: all of it or nothing");
	return NULL;
}

static struct err *
take(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *snap CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct accept_body b;
	struct swap s;
	struct change_set set;
	struct plan plan;

	TRY(request_read(cx, rq, &b));
	TRY(load(cx, rq, &s));
	TRY(may_accept(cx, snap, &s));
	struct swap_end end = {
		.id = s.id, .to_state = SWAP_ACCEPTED, .taken_by = cx->actor.id
	};
	TRY(accepted_part(cx, snap, &b, &s, &end));
	TRY(accepted_set(cx, &s, &end, &set));
	const struct changing c = { .set = &set,
		.authorised = true,
		.also = swap_end,
		.also_arg = &end,
		.options = { .message = arena_printf(&cx->mem, "swap %" PRId64, s.id) } };
	TRY(change_configuration(cx, rq, &c, &plan));
	plan_free(&plan);
	answer(rs, &end.swap, 200);
	return NULL;
}

/* ---- the other ends ---- */

static struct err *
decline(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct swap_end end = { .to_state = SWAP_DECLINED };
	struct swap s;

	TRY(load(cx, rq, &s));
	if (s.offered_to == NULL)
		return err_field(cx, ERR_CONFLICT, "offered_to",
		        "it is offered to all: there is nothing to decline");
	if (strcmp(s.offered_to, cx->actor.id) != 0 && cx->actor.role < ROLE_ADMIN)
		return err_new(cx, ERR_DENIED, "it is offered to user/%s", s.offered_to);
	end.id = s.id;
	TRY(app_run(cx, rq, swap_end, &end));
	answer(rs, &end.swap, 200);
	return NULL;
}

static struct err *
withdraw(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *snap CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct swap_end end = { .to_state = SWAP_WITHDRAWN };
	struct swap s;

	TRY(load(cx, rq, &s));
	const struct schedule *schedule = snapshot_schedule(snap, s.schedule);
	if (strcmp(s.user_id, cx->actor.id) != 0 && !duty_leads(cx, snap, schedule))
		return err_new(cx, ERR_DENIED, "it is an offer of user/%s", s.user_id);
	end.id = s.id;
	TRY(app_run(cx, rq, swap_end, &end));
	answer(rs, &end.swap, 200);
	return NULL;
}

/* ---- notes ---- */

#define NOTE(member) offsetof(struct duty_note, member)

static const struct field note_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, NOTE(id), .help = "Its number." },
	{ "at", FIELD_TIME, FIELD_REQUIRED, NOTE(at), .help = "When." },
	{ "schedule", FIELD_STRING, FIELD_REQUIRED, NOTE(schedule),
	        .help = "Of which schedule." },
	{ "author", FIELD_STRING, FIELD_REQUIRED, NOTE(author), .help = "Who." },
	{ "text", FIELD_TEXT, FIELD_REQUIRED, NOTE(text),
	        .help = "What the next should know." },
};
static const struct shape note_shape =
        SHAPE("DutyNote", struct duty_note, note_fields, "A note from one shift to the next.");

struct note_body {
	const char *text;
};
static const struct field note_body_fields[] = {
	{ "text", FIELD_TEXT, FIELD_REQUIRED, offsetof(struct note_body, text), .min = 1,
	        .max = DUTY_NOTE_MAX, .help = "What the next should know." },
};
static const struct shape note_body_shape =
        SHAPE("DutyNoteText", struct note_body, note_body_fields, "A note to the next shift.");

static struct err *
note(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *snap CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct note_body b;

	TRY(duty_schedule(cx, rq, snap, &schedule));
	TRY(duty_may_take_part(cx, snap, schedule));
	TRY(request_read(cx, rq, &b));
	struct duty_note n = { .schedule = schedule->c.id, .text = b.text };
	TRY(app_run(cx, rq, duty_note_add, &n));
	struct jsonw w = response_json(rs, 201);
	shape_encode(&w, &note_shape, &n);
	return NULL;
}

static struct err *
notes(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct listing l;
	struct duty_note *items;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(duty_notes(cx, request_param(rq, "id"), 0, l.limit + 1, &items, &n));
	listing_write(rs, &l, &note_shape, items, n);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/swaps", PERM_READ, list,
	        "Swaps of a schedule, newest first", NULL, &swap_shape, ROUTE_LIST, 0 },
	{ "POST", "/api/v1/schedules/{id}/swaps", PERM_RESPOND, offer,
	        "Offers a time of duty to one person or to all", &offer_shape, &swap_shape, 0,
	        0 },
	{ "GET", "/api/v1/swaps", PERM_READ, list_open, "What is on offer, newest first", NULL,
	        &swap_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/swaps/{id}", PERM_READ, get, "One swap", NULL, &swap_shape, 0, 0 },
	{ "POST", "/api/v1/swaps/{id}/accept", PERM_RESPOND, take,
	        "Takes the offered time, or a part of it", &accept_shape, &swap_shape, 0, 0 },
	{ "POST", "/api/v1/swaps/{id}/decline", PERM_RESPOND, decline,
	        "Declines what was offered to you", NULL, &swap_shape, 0, 0 },
	{ "POST", "/api/v1/swaps/{id}/withdraw", PERM_RESPOND, withdraw, "Takes an offer back",
	        NULL, &swap_shape, 0, 0 },
	{ "GET", "/api/v1/schedules/{id}/notes", PERM_READ, notes,
	        "Notes from one shift to the next, newest first", NULL, &note_shape, ROUTE_LIST,
	        0 },
	{ "POST", "/api/v1/schedules/{id}/notes", PERM_RESPOND, note,
	        "Leaves a note to who comes on next", &note_body_shape, &note_shape, 0, 0 },
};
const struct route_table swap_routes = { routes, NELEMS(routes) };
