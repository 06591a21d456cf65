/* SPDX-License-Identifier: Apache-2.0 */
/* Who am I, my tokens and passwords, and those of others for administrators. */
#include "access/access.h"
#include "api/app.h"
#include "api/cookie.h"
#include "api/described.h"

/* ---- tokens ---- */

#define TOKEN(member) offsetof(struct token, member)

static const struct field token_fields[] = {
	{ "id", FIELD_STRING, FIELD_REQUIRED, TOKEN(id), .help = "To revoke it by." },
	{ "user", FIELD_REF, FIELD_REQUIRED, TOKEN(user_id), .ref = "user",
	        .help = "Who acts with it." },
	{ "name", FIELD_STRING, FIELD_REQUIRED, TOKEN(name), .help = "What it is for." },
	{ "scopes", FIELD_STRING, FIELD_REQUIRED, TOKEN(scopes),
	        .help = "Of read, respond, manage, admin; never more than the user's role." },
	{ "created_at", FIELD_TIME, FIELD_REQUIRED, TOKEN(created_at),
	        .help = "When it was made." },
	{ "expires_at", FIELD_TIME, 0, TOKEN(expires_at), .help = "When it ends." },
	{ "used_at", FIELD_TIME, 0, TOKEN(used_at), .help = "Its last use, to the minute." },
};
static const struct shape token_shape =
        SHAPE("Token", struct token, token_fields, "A secret that programs sign in with.");

struct token_body {
	const char *user, *name, *scopes;
	usec_t expires_at;
};

static const struct field token_body_fields[] = {
	{ "name", FIELD_STRING, FIELD_REQUIRED, offsetof(struct token_body, name), .min = 1,
	        .max = TOKEN_NAME_MAX, .help = "What it is for." },
	{ "scopes", FIELD_STRING, 0, offsetof(struct token_body, scopes),
	        .help = "Words of read, respond, manage, admin; absent: all." },
	{ "expires_at", FIELD_TIME, 0, offsetof(struct token_body, expires_at),
	        .help = "When it ends; absent: never." },
	{ "user", FIELD_REF, 0, offsetof(struct token_body, user), .ref = "user",
	        .help = "For whom; somebody else takes an administrator." },
};
static const struct shape token_body_shape =
        SHAPE("TokenMake", struct token_body, token_body_fields, "A token to be made.");

static bool
is_own(const struct ctx *cx, const char *user)
{
	return str_null_safe_eq(cx->actor.id, user);
}

static const char *
token_id(const void *items, size_t i)
{
	return ((const struct token *)items)[i].id;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *user = request_query(rq, "user");
	struct token *items;
	size_t n;

	if (cx->actor.role < ROLE_ADMIN && user == NULL)
		user = cx->actor.id;
	if (cx->actor.role < ROLE_ADMIN && !is_own(cx, user))
		return err_new(
		        cx, ERR_DENIED, "these are %s's; it takes an administrator", user);
	TRY(app_read(cx, rq));
	TRY(token_all(cx, user, &items, &n));
	return slice_answer(cx, rq, rs, &(struct whole){ &token_shape, items, n, token_id });
}

static struct err *
make(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct token_body b;
	struct token_make m = { 0 };

	TRY(request_read(cx, rq, &b));
	m.user_id = b.user == NULL ? cx->actor.id : b.user;
	m.name = b.name;
	m.expires_at = b.expires_at;
	TRY(app_own_or_admin(cx, rq, m.user_id));
	TRY(app_proved(cx, rq));
	if (b.scopes != NULL)
		TRY(scopes_parse(cx, b.scopes, &m.scopes));
	m.scopes = (m.scopes == 0 ? SCOPES_ALL : m.scopes) & app_scopes(rq);
	if (m.scopes == 0) /* which would mean all of them below */
		return err_field(cx, ERR_DENIED, "/scopes",
		        "the token that asks has none of these scopes itself");
	TRY(app_run(cx, rq, token_make_run, &m));
	struct jsonw w = response_json(rs, 201);
	jsonw_object(&w);
	jsonw_member(&w, "secret", m.secret);
	jsonw_key(&w, "token");
	shape_encode(&w, &token_shape, &m.result);
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
revoke(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *id = request_param(rq, "id");
	struct token *items;
	size_t n, i = 0;

	TRY(app_read(cx, rq));
	TRY(token_all(cx, cx->actor.role >= ROLE_ADMIN ? NULL : cx->actor.id, &items, &n));
	while (i < n && strcmp(items[i].id, id) != 0)
		i++;
	if (i == n)
		return err_new(cx, ERR_NOT_FOUND, "there is no token %s of yours", id);
	TRY(app_run(cx, rq, token_revoke_run, (void *)id));
	rs->status = 204;
	return NULL;
}

/* ---- me ---- */

static struct err *
me(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, cx->actor.id);
	struct jsonw w = response_json(rs, 200);

	jsonw_object(&w);
	jsonw_member(&w, "id", cx->actor.id);
	jsonw_member_opt(&w, "name", u == NULL ? NULL : u->c.name);
	jsonw_member_opt(&w, "email", u == NULL ? NULL : u->email);
	jsonw_member(&w, "role", role_names[u == NULL ? cx->actor.role : u->role]);
	jsonw_member(&w, "scopes", scopes_print(cx, app_scopes(rq)));
	jsonw_member(&w, "organisation", snapshot_organisation(s)->c.name);
	jsonw_end_object(&w);
	return NULL;
}

struct password_body {
	const char *password, *current;
};

static const struct field password_fields[] = {
	{ "password", FIELD_STRING, FIELD_REQUIRED, offsetof(struct password_body, password),
	        .max = PASSWORD_BYTES_MAX, .help = "The new one." },
	{ "current", FIELD_STRING, 0, offsetof(struct password_body, current),
	        .max = PASSWORD_BYTES_MAX,
	        .help = "Your present one, when it is your own and you have one." },
};
static const struct shape password_shape =
        SHAPE("Password", struct password_body, password_fields, "A new password.");

/* A stolen session is not to become somebody's password: one's own takes the present one, and
 * guessing at it counts as at the door; where there is none, what else shows who it is. */
static struct err *
check_current(struct ctx *cx, struct request *rq, const char *user, const char *current)
{
	bool has_one;

	TRY(app_read(cx, rq));
	TRY(password_is_set(cx, user, &has_one));
	return has_one ? sign_in_password_check(cx, rq, user, current) : app_proved(cx, rq);
}

static struct err *
set_password(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct password_set set = { .user_id = request_param(rq, "id") };
	struct password_body b;

	TRY(request_read(cx, rq, &b));
	TRY(app_own_or_admin(cx, rq, set.user_id));
	if (app_scopes(rq) != SCOPES_ALL)
		return err_new(cx, ERR_DENIED,
		        "a password opens everything: this takes a token of all scopes");
	if (is_own(cx, set.user_id))
		TRY(check_current(cx, rq, set.user_id, b.current));
	else
		TRY(app_proved(cx, rq));
	TRY(password_hash(cx, snapshot_user(s, set.user_id), b.password, &set.hash));
	TRY(app_run(cx, rq, password_set_run, &set));
	rs->status = 204;
	return NULL;
}

static struct err *
make_link(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct link_make m = { .user_id = request_param(rq, "id") };

	TRY(app_own_or_admin(cx, rq, m.user_id));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, link_make_run, &m));
	struct jsonw w = response_json(rs, 201);
	jsonw_object(&w);
	jsonw_member(&w, "url",
	        arena_printf(&cx->mem, "%s/sign-in/%s", app_of(rq)->base_url, m.secret));
	jsonw_member_time(&w, "expires_at", ctx_now(cx) + LINK_SPAN);
	jsonw_end_object(&w);
	return NULL;
}

/* ---- sign-in for programs; the page is in sign_in_page.c ---- */

static const struct field sign_in_fields[] = {
	{ "email", FIELD_STRING, FIELD_REQUIRED, offsetof(struct credentials, email),
	        .help = "The user's address." },
	{ "password", FIELD_STRING, FIELD_REQUIRED, offsetof(struct credentials, password),
	        .max = PASSWORD_BYTES_MAX, .help = "The password." },
	{ "code", FIELD_STRING, 0, offsetof(struct credentials, code), .max = CODE_BYTES_MAX,
	        .help = "Of the second factor, for who has one: without it the answer is 401 and "
	                "its field /code." },
};
static const struct shape sign_in_shape = SHAPE("SignIn", struct credentials, sign_in_fields,
        "Address, password, and for who has a second factor its code.");

static struct err *
sign_in(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct credentials c;

	TRY(request_read(cx, rq, &c));
	TRY(sign_in_by_password(cx, rq, rs, &c, &(bool){ false }));
	return me(cx, rq, rs);
}

static struct err *
sign_out(struct ctx *cx, struct request *rq, struct response *rs)
{
	TRY(cookie_sign_out(cx, rq, rs));
	rs->status = 204;
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/me", PERM_READ, me, "Who you are", NULL, &me_described, 0, 0 },
	{ "POST", "/api/v1/sign-in", PERM_PUBLIC, sign_in, "A session, as a cookie",
	        &sign_in_shape, &me_described, 0, 0 },
	{ "POST", "/api/v1/sign-out", PERM_READ, sign_out, "Ends the session", NULL, NULL,
	        ROUTE_ENROL, 0 },
	{ "GET", "/api/v1/tokens", PERM_READ, list,
	        "Your tokens; for administrators everybody's; ?user=", NULL, &token_shape,
	        ROUTE_LIST, 0 },
	{ "POST", "/api/v1/tokens", PERM_READ, make, "Makes a token; its secret is shown once",
	        &token_body_shape, &token_made_described, 0, 0 },
	{ "DELETE", "/api/v1/tokens/{id}", PERM_READ, revoke, "Revokes a token", NULL, NULL, 0,
	        0 },
	{ "PUT", "/api/v1/users/{id}/password", PERM_READ, set_password,
	        "Sets a password and ends that user's sessions", &password_shape, NULL, 0, 0 },
	{ "POST", "/api/v1/users/{id}/sign-in-link", PERM_ADMIN, make_link,
	        "A link that signs somebody in once, within the hour", NULL, &link_described, 0,
	        0 },
};
const struct route_table access_routes = { routes, NELEMS(routes) };
