/* SPDX-License-Identifier: Apache-2.0 */
/* Where somebody is signed in, and ending it: one's own, and for administrators others'. */
#include "api/cookie.h"

#define ID_LENGTH 16 /* of the hash: enough to tell sessions apart, and opens nothing */

struct session_view {
	const char *id, *user, *agent, *address;
	usec_t created_at, used_at, expires_at;
	bool current;
};

#define VIEW(member) offsetof(struct session_view, member)

static const struct field view_fields[] = {
	{ "id", FIELD_STRING, FIELD_REQUIRED, VIEW(id), .help = "To end it by." },
	{ "user", FIELD_REF, FIELD_REQUIRED, VIEW(user), .ref = "user",
	        .help = "Who is signed in." },
	{ "agent", FIELD_STRING, FIELD_REQUIRED, VIEW(agent),
	        .help = "What the browser calls itself." },
	{ "address", FIELD_STRING, FIELD_REQUIRED, VIEW(address),
	        .help = "Where it was begun from." },
	{ "created_at", FIELD_TIME, FIELD_REQUIRED, VIEW(created_at),
	        .help = "When it was begun." },
	{ "used_at", FIELD_TIME, FIELD_REQUIRED, VIEW(used_at),
	        .help = "Its last use, to the minute." },
	{ "expires_at", FIELD_TIME, FIELD_REQUIRED, VIEW(expires_at),
	        .help = "When it ends at the latest." },
	{ "current", FIELD_BOOL, FIELD_REQUIRED, VIEW(current),
	        .help = "Whether it is the one that asks." },
};
static const struct shape view_shape = SHAPE(
        "Session", struct session_view, view_fields, "Somebody signed in with a browser.");

static const char *
id_of(struct ctx *cx, const struct session *s)
{
	return arena_strndup(&cx->mem, s->hash, ID_LENGTH);
}

static struct err *
sessions_of(struct ctx *cx, struct request *rq, const char *user, struct session **ret,
        size_t *ret_n)
{
	TRY(app_own_or_admin(cx, rq, user));
	TRY(app_read(cx, rq));
	return session_all(cx, user, app_of(rq)->config.sessions, ret, ret_n);
}

static const char *
whose(const struct ctx *cx, const struct request *rq)
{
	const char *user = request_query(rq, "user");

	return user == NULL ? cx->actor.id : user;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct session *items;
	size_t n;

	TRY(sessions_of(cx, rq, whose(cx, rq), &items, &n));
	struct jsonw w = items_json(rs);
	for (size_t i = 0; i < n; i++) {
		const struct session *s = &items[i];
		struct session_view view = { id_of(cx, s), s->user_id, s->agent, s->address,
			s->created_at, s->used_at, s->expires_at,
			str_null_safe_eq(s->hash, rq->session) };
		shape_encode(&w, &view_shape, &view);
	}
	items_end(&w, NULL);
	return NULL;
}

static struct err *
end_one(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *id = request_param(rq, "id");
	struct session *items;
	size_t n, i = 0;

	TRY(sessions_of(cx, rq, whose(cx, rq), &items, &n));
	while (i < n && strcmp(id_of(cx, &items[i]), id) != 0)
		i++;
	if (i == n)
		return err_new(
		        cx, ERR_NOT_FOUND, "there is no session %s of %s", id, whose(cx, rq));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, session_end_one_run, &items[i]));
	rs->status = 204;
	return NULL;
}

static struct err *
end_others(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct session_end_others o = { .user_id = whose(cx, rq), .but = rq->session };

	TRY(app_own_or_admin(cx, rq, o.user_id));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, session_end_others_run, &o));
	rs->status = 204;
	return NULL;
}

struct proof_body {
	const char *password, *code;
};
static const struct field proof_fields[] = {
	{ "password", FIELD_STRING, 0, offsetof(struct proof_body, password),
	        .max = PASSWORD_BYTES_MAX, .help = "Your own, when you have one." },
	{ "code", FIELD_STRING, 0, offsetof(struct proof_body, code), .max = CODE_BYTES_MAX,
	        .help = "Of your second factor, when you have one." },
};
static const struct shape proof_shape = SHAPE(
        "Proof", struct proof_body, proof_fields, "What shows once more who uses a session.");

static struct err *
show_again(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct proof_body b;

	TRY(request_read(cx, rq, &b));
	if (rq->session == NULL)
		return err_new(
		        cx, ERR_INVALID, "this is of sessions; a token is proof of itself");
	TRY(prove(cx, rq, b.password, b.code));
	rs->status = 204;
	return NULL;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/sessions/proof", PERM_READ, show_again,
	        "Shows once more who uses this session: what a borrowed browser must not do takes "
	        "it when the last time was more than ten minutes ago",
	        &proof_shape, NULL, ROUTE_ENROL, 0 },
	{ "GET", "/api/v1/sessions", PERM_READ, list,
	        "Where you are signed in, or another user for administrators; ?user=", NULL,
	        &view_shape, ROUTE_ALL, 0 },
	{ "DELETE", "/api/v1/sessions", PERM_READ, end_others,
	        "Ends all of them but the one that asks; ?user=", NULL, NULL, 0, 0 },
	{ "DELETE", "/api/v1/sessions/{id}", PERM_READ, end_one,
	        "Ends one of them; ?user=", NULL, NULL, 0, 0 },
};
const struct route_table session_routes = { routes, NELEMS(routes) };
