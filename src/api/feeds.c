/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars to subscribe to: made, listed, rotated and revoked by people; read by programs that
 * know nothing but the address. */
#include "access/access.h"
#include "access/feed.h"
#include "api/app.h"
#include "api/calendar_feed.h"
#include "api/described.h"

#define TOUCH_AFTER HOURS(1) /* the last use is kept no more exactly than this */

/* ---- shapes ---- */

static void
spans_encode(struct jsonw *w, const void *value)
{
	struct str rest = str_from(*(const char *const *)value), word;

	jsonw_array(w);
	while ((word = str_word(&rest)).len > 0)
		jsonw_str(w, word);
	jsonw_end_array(w);
}

#define FEED(member) offsetof(struct feed, member)
#define SPANS_SCHEMA "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"

static const struct field feed_fields[] = {
	{ "id", FIELD_STRING, FIELD_REQUIRED, FEED(id), .help = "To rotate or revoke it by." },
	{ "user", FIELD_REF, FIELD_REQUIRED, FEED(user_id), .ref = "user",
	        .help = "Whose it is." },
	{ "subject", FIELD_STRING, FIELD_REQUIRED, FEED(subject),
	        .help = "user/ID, schedule/ID or team/ID." },
	{ "own", FIELD_BOOL, FIELD_REQUIRED, FEED(own),
	        .help = "Whether it has only the owner's shifts." },
	{ "reminders", FIELD_CUSTOM, FIELD_REQUIRED, FEED(reminders), .encode = spans_encode,
	        .schema = SPANS_SCHEMA, .help = "Before a shift of the owner begins." },
	{ "created_at", FIELD_TIME, FIELD_REQUIRED, FEED(created_at),
	        .help = "When it was made." },
	{ "used_at", FIELD_TIME, 0, FEED(used_at), .help = "Its last use, to the hour." },
};
static const struct shape feed_shape =
        SHAPE("Feed", struct feed, feed_fields, "A calendar to subscribe to.");

struct feed_body {
	const char *subject, *user;
	bool own;
	struct vec reminders;
};

static const struct field feed_body_fields[] = {
	{ "subject", FIELD_STRING, FIELD_REQUIRED, offsetof(struct feed_body, subject),
	        .help = "user/ID, schedule/ID or team/ID." },
	{ "own", FIELD_BOOL, 0, offsetof(struct feed_body, own),
	        .help = "Only the owner's shifts." },
	{ "reminders", FIELD_LIST, 0, offsetof(struct feed_body, reminders), .of = FIELD_STRING,
	        .max = FEED_REMINDERS_MAX, .help = "Spans before a shift begins: 1h, 1d." },
	{ "user", FIELD_REF, 0, offsetof(struct feed_body, user), .ref = "user",
	        .help = "For whom; somebody else takes an administrator." },
};
static const struct shape feed_body_shape =
        SHAPE("FeedMake", struct feed_body, feed_body_fields, "A calendar to be made.");

/* ---- for people ---- */

static bool
is_own(const struct ctx *cx, const char *user)
{
	return str_null_safe_eq(cx->actor.id, user);
}

static struct err *
own_or_admin(struct ctx *cx, const char *user)
{
	if (is_own(cx, user) || cx->actor.role >= ROLE_ADMIN)
		return NULL;
	return err_new(cx, ERR_DENIED, "this is %s's; it takes an administrator", user);
}

static const char *
feed_id(const void *items, size_t i)
{
	return ((const struct feed *)items)[i].id;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *user = request_query(rq, "user");
	struct feed *items;
	size_t n;

	if (user == NULL && cx->actor.role < ROLE_ADMIN)
		user = cx->actor.id;
	if (user != NULL)
		TRY(own_or_admin(cx, user));
	TRY(app_read(cx, rq));
	TRY(feed_all(cx, user, &items, &n));
	return slice_answer(cx, rq, rs, &(struct whole){ &feed_shape, items, n, feed_id });
}

/* The address is shown here and never again. */
static void
write_made(struct ctx *cx, const struct request *rq, struct response *rs,
        const struct feed_make *m, int status)
{
	struct jsonw w = response_json(rs, status);

	jsonw_object(&w);
	jsonw_member(&w, "url",
	        arena_printf(&cx->mem, "%s/calendar/%s.ics", app_of(rq)->base_url, m->secret));
	jsonw_key(&w, "feed");
	shape_encode(&w, &feed_shape, &m->feed);
	jsonw_end_object(&w);
}

static const char *
joined(struct ctx *cx, const struct vec *spans)
{
	struct buf out = BUF_INIT(&cx->mem, 4096);
	const char *const *items = spans->items;

	for (size_t i = 0; i < spans->n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : " ", items[i]);
	return buf_cstr(&out);
}

static struct err *
make(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct feed_make m = { 0 };
	struct feed_body b;

	TRY(request_read(cx, rq, &b));
	m.feed = (struct feed){ .user_id = b.user == NULL ? cx->actor.id : b.user,
		.subject = b.subject,
		.own = b.own,
		.reminders = joined(cx, &b.reminders) };
	TRY(own_or_admin(cx, m.feed.user_id));
	TRY(app_run(cx, rq, feed_make_run, &m));
	write_made(cx, rq, rs, &m, 201);
	return NULL;
}

static struct err *
find_own(struct ctx *cx, struct request *rq, const char *id)
{
	struct feed *items;
	size_t n, i = 0;

	TRY(app_read(cx, rq));
	TRY(feed_all(cx, cx->actor.role >= ROLE_ADMIN ? NULL : cx->actor.id, &items, &n));
	while (i < n && strcmp(items[i].id, id) != 0)
		i++;
	if (i == n)
		return err_new(cx, ERR_NOT_FOUND, "there is no calendar %s of yours", id);
	return NULL;
}

static struct err *
rotate(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct feed_make m = { .feed = { .id = request_param(rq, "id") } };

	TRY(find_own(cx, rq, m.feed.id));
	TRY(app_run(cx, rq, feed_rotate_run, &m));
	write_made(cx, rq, rs, &m, 200);
	return NULL;
}

static struct err *
revoke(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *id = request_param(rq, "id");

	TRY(find_own(cx, rq, id));
	TRY(app_run(cx, rq, feed_revoke_run, (void *)id));
	rs->status = 204;
	return NULL;
}

/* ---- for calendar programs ---- */

static struct err *
serve(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct str secret = str_from(request_param(rq, "file"));
	struct feed f;
	bool found;

	if (str_ends(secret, STR(".ics")))
		secret.len -= strlen(".ics");
	TRY(app_read(cx, rq));
	TRY(feed_find(cx, str_dup(&cx->mem, secret), &f, &found));
	if (!found || !calendar_feed_write(cx, s, &f, &rs->body))
		return err_new(cx, ERR_NOT_FOUND, "there is no such calendar (any more)");
	rs->status = 200;
	rs->type = "text/calendar; charset=utf-8";
	response_header(rs, "Cache-Control", "private, max-age=300");
	response_header(rs, "ETag",
	        arena_printf(&cx->mem, "\"%.32s\"", access_hash(cx, buf_cstr(&rs->body))));
	if (ctx_now(cx) - f.used_at >= TOUCH_AFTER)
		TRY(app_run(cx, rq, feed_used_run, (void *)f.id));
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/feeds", PERM_READ, list,
	        "Your calendars to subscribe to; for administrators everybody's; ?user=", NULL,
	        &feed_shape, ROUTE_LIST, 0 },
	{ "POST", "/api/v1/feeds", PERM_READ, make,
	        "Makes a calendar to subscribe to; its address is shown once", &feed_body_shape,
	        &feed_made_described, 0, 0 },
	{ "POST", "/api/v1/feeds/{id}/rotate", PERM_READ, rotate,
	        "Gives a calendar another address; the old one ends", NULL,
	        &feed_made_described, 0, 0 },
	{ "DELETE", "/api/v1/feeds/{id}", PERM_READ, revoke, "Revokes a calendar", NULL, NULL,
	        0, 0 },
	{ "GET", "/calendar/{file}", PERM_PUBLIC, serve, "A calendar, by its secret address",
	        NULL, NULL, ROUTE_HIDDEN, 0 },
};
const struct route_table feed_routes = { routes, NELEMS(routes) };
