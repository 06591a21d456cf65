/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor over the API: setting up one's own, recovery codes, and taking it from
 * somebody who lost it. */
#include "api/factor.h"

#include "access/qr.h"
#include "access/totp.h"
#include "api/cookie.h"
#include "api/described.h"

#define QR_MAX (64 * 1024)

struct factor_view {
	bool on, required;
	usec_t since;
	int64_t recovery_left;
};

#define VIEW(member) offsetof(struct factor_view, member)

static const struct field view_fields[] = {
	{ "on", FIELD_BOOL, FIELD_REQUIRED, VIEW(on),
	        .help = "Whether signing in takes its code." },
	{ "required", FIELD_BOOL, FIELD_REQUIRED, VIEW(required),
	        .help = "Whether the organisation asks it of this person." },
	{ "since", FIELD_TIME, 0, VIEW(since), .help = "Since when it counts." },
	{ "recovery_left", FIELD_INT, FIELD_REQUIRED, VIEW(recovery_left),
	        .help = "How many recovery codes are left." },
};
static const struct shape view_shape = SHAPE("SecondFactor", struct factor_view, view_fields,
        "Whether somebody has a second factor.");

struct code_body {
	const char *code;
};
static const struct field code_fields[] = {
	{ "code", FIELD_STRING, FIELD_REQUIRED, offsetof(struct code_body, code), .min = 1,
	        .max = CODE_BYTES_MAX, .help = "The six digits that the app shows now." },
};
static const struct shape code_shape =
        SHAPE("FactorCode", struct code_body, code_fields, "A code of an authenticator app.");

/* ---- looking ---- */

static struct err *
show(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u;
	struct factor_view view = { 0 };
	struct factor f;

	TRY(user_param(cx, rq, s, &u));
	TRY(app_own_or_admin(cx, rq, u->c.id));
	TRY(app_read(cx, rq));
	TRY(factor_get(cx, u->c.id, &f, &view.on));
	view.since = view.on ? f.confirmed_at : 0;
	view.on = view.since != 0;
	view.required = factor_is_required(s, u);
	TRY(recovery_left(cx, u->c.id, &view.recovery_left));
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &view_shape, &view);
	return NULL;
}

/* ---- one's own ---- */

/* What is shown once is shown to a person: a program with a token sets up nobody's. */
static struct err *
check_person(struct ctx *cx, const struct request *rq)
{
	if (rq->session == NULL)
		return err_new(cx, ERR_DENIED,
		        "a second factor is set up by its person, signed in with a browser");
	return NULL;
}

static struct err *
own_session(struct ctx *cx, const struct request *rq)
{
	TRY(check_person(cx, rq));
	if (!str_null_safe_eq(cx->actor.id, request_param(rq, "id")))
		return err_new(cx, ERR_DENIED, "a second factor is set up by its own person");
	return NULL;
}

struct err *
factor_to_show(struct ctx *cx, struct request *rq, struct factor_shown *ret)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, cx->actor.id);
	const char *account = u == NULL || u->email == NULL ? cx->actor.id : u->email;
	struct buf svg = BUF_INIT(&cx->mem, QR_MAX);

	TRY(check_person(cx, rq));
	TRY(app_read(cx, rq));
	TRY(factor_secret(cx, app_of(rq)->home.key, cx->actor.id, &ret->secret));
	ret->uri = totp_uri(cx,
	        arena_printf(&cx->mem, "Tocsin %s", snapshot_organisation(s)->c.name),
	        arena_strdup(&cx->mem, account), ret->secret);
	bool drawn = qr_svg(ret->uri, "The secret as a QR code", &svg);
	ret->svg = drawn && !svg.cut ? buf_cstr(&svg) : "";
	return NULL;
}

struct err *
factor_begin(struct ctx *cx, struct request *rq, struct factor_shown *ret)
{
	TRY(check_person(cx, rq));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, factor_begin_run, (void *)cx->actor.id));
	return factor_to_show(cx, rq, ret);
}

static struct err *
begin(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct factor_shown shown;

	TRY(own_session(cx, rq));
	TRY(factor_begin(cx, rq, &shown));
	struct jsonw w = response_json(rs, 201);
	jsonw_object(&w);
	jsonw_member(&w, "secret", shown.secret);
	jsonw_member(&w, "uri", shown.uri);
	jsonw_member(&w, "svg", shown.svg);
	jsonw_end_object(&w);
	return NULL;
}

static void
write_codes(struct response *rs, const struct factor_try *t)
{
	struct jsonw w = response_json(rs, 201);

	jsonw_object(&w);
	jsonw_key(&w, "codes");
	jsonw_array(&w);
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		jsonw_str(&w, str_from(t->codes[i]));
	jsonw_end_array(&w);
	jsonw_end_object(&w);
}

struct err *
factor_confirm(struct ctx *cx, struct request *rq, struct factor_try *t)
{
	t->user_id = cx->actor.id;
	t->session = rq->session;
	TRY(check_person(cx, rq));
	return sign_in_code_check(cx, rq, factor_confirm_run, t);
}

static struct err *
confirm(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct factor_try t = { 0 };
	struct code_body b;

	TRY(request_read(cx, rq, &b));
	TRY(own_session(cx, rq));
	t.code = b.code;
	TRY(factor_confirm(cx, rq, &t));
	write_codes(rs, &t);
	return NULL;
}

static struct err *
make_codes(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct factor_try t = { .user_id = cx->actor.id };

	TRY(own_session(cx, rq));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, recovery_make_run, &t));
	write_codes(rs, &t);
	return NULL;
}

/* ---- taking it away ---- */

/* Another's takes an administrator; one's own a session, so that a stolen token does not open
 * the way for a stolen password. */
static struct err *
remove_one(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *user = request_param(rq, "id");

	TRY(app_own_or_admin(cx, rq, user));
	if (str_null_safe_eq(cx->actor.id, user))
		TRY(own_session(cx, rq));
	TRY(app_proved(cx, rq));
	TRY(app_run(cx, rq, factor_remove_run, (void *)user));
	rs->status = 204;
	return NULL;
}

#define PATH "/api/v1/users/{id}/second-factor"

static const struct route routes[] = {
	{ "GET", PATH, PERM_READ, show, "Whether somebody has a second factor", NULL,
	        &view_shape, ROUTE_ENROL, 0 },
	{ "POST", PATH, PERM_READ, begin,
	        "Begins setting up your second factor: its secret is shown once, and counts "
	        "when it was confirmed",
	        NULL, &factor_made_described, ROUTE_ENROL, 0 },
	{ "POST", PATH "/confirm", PERM_READ, confirm,
	        "Confirms your second factor by a first code; the recovery codes are shown once",
	        &code_shape, &recovery_described, ROUTE_ENROL, 0 },
	{ "POST", PATH "/recovery-codes", PERM_READ, make_codes,
	        "New recovery codes in the place of those that are left", NULL,
	        &recovery_described, 0, 0 },
	{ "DELETE", PATH, PERM_READ, remove_one,
	        "Removes your second factor, or for administrators that of another", NULL, NULL,
	        0, 0 },
};
const struct route_table factor_routes = { routes, NELEMS(routes) };
