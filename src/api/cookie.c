/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cookie.h"

#include "access/factor.h"
#include "http/remote.h"

#define TOUCH_AFTER MINUTES(1)
#define AGENT_MAX 300 /* bytes that are kept of what a browser calls itself */

/* A scope is a permission above "public". */
_Static_assert((int)SCOPE_READ + 1 == (int)PERM_READ && (int)SCOPE_MAX + 1 == (int)PERM_MAX,
        "scopes follow permissions");

/* A token without the scope "admin" is no administrator's, whoever made it: handlers ask for
 * the role alone. */
static enum role
role_within(enum role role, unsigned scopes)
{
	return (scopes & (1u << SCOPE_ADMIN)) != 0 || role < ROLE_ADMIN ? role : ROLE_MEMBER;
}

static void
become(struct ctx *cx, struct request *rq, const char *user_id, const char *via,
        unsigned scopes)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, user_id);

	if (u == NULL) /* removed since */
		return;
	cx->actor = (struct actor){ ACTOR_USER, user_id, via, role_within(u->role, scopes) };
	rq->scopes = scopes << 1;
}

unsigned
app_scopes(const struct request *rq)
{
	return rq->scopes >> 1;
}

static const char *
via_of(const struct request *rq)
{
	const char *agent = request_header(rq, "User-Agent");

	return agent != NULL && strncmp(agent, "tocsin/", 7) == 0 ? "cli" : "api";
}

static struct err *
by_token(struct ctx *cx, struct request *rq, struct str bearer)
{
	const char *secret = str_dup(&cx->mem, str_word(&bearer));
	struct token t;
	unsigned scopes;
	bool found;

	TRY(app_read(cx, rq));
	TRY(token_find(cx, secret, &t, &found));
	if (!found)
		return NULL;
	TRY(scopes_parse(cx, t.scopes, &scopes));
	become(cx, rq, t.user_id, via_of(rq), scopes);
	if (ctx_now(cx) - t.used_at >= TOUCH_AFTER)
		err_ignore(app_run(cx, rq, token_used_run, (void *)t.id),
		        "reading goes on while nothing can be written");
	return NULL;
}

static bool
is_https(const struct request *rq)
{
	return strncmp(app_of(rq)->base_url, "https:", 6) == 0;
}

static const char *
cookie_name(const struct request *rq)
{
	return is_https(rq) ? SESSION_COOKIE_HTTPS : SESSION_COOKIE;
}

/* The rest is closed to who has to have a second factor and has none. */
static struct err *
check_enrolled(struct ctx *cx, struct request *rq, const struct session *session)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, session->user_id);

	rq->must_enrol = u != NULL && session->factor_at == 0 && factor_is_required(s, u);
	if (!rq->must_enrol || (rq->route->flags & ROUTE_ENROL) != 0)
		return NULL;
	return err_field(cx, ERR_DENIED, "/second_factor",
	        "set up your second factor first, at /second-factor");
}

/* Of the cookie; one that still awaits its code too. */
static struct err *
find_session(struct ctx *cx, struct request *rq, struct session *ret, bool *found)
{
	const char *secret = request_cookie(cx, rq, cookie_name(rq));

	*found = false;
	if (secret == NULL)
		return NULL;
	TRY(app_read(cx, rq));
	return session_find(cx, secret, app_of(rq)->config.sessions, ret, found);
}

static struct err *
by_cookie(struct ctx *cx, struct request *rq)
{
	struct session session;
	bool found;

	TRY(find_session(cx, rq, &session, &found));
	if (!found || session.awaits_code)
		return NULL;
	rq->by_cookie = true;
	rq->session = session.hash;
	rq->proved_at = session.proved_at;
	become(cx, rq, session.user_id, "web", SCOPES_ALL);
	if (ctx_now(cx) - session.used_at >= TOUCH_AFTER)
		err_ignore(app_run(cx, rq, session_used_run, (void *)session.hash),
		        "reading goes on while nothing can be written");
	return check_enrolled(cx, rq, &session);
}

struct err *
app_authenticate(struct ctx *cx, struct request *rq)
{
	struct str header = str_from(request_header(rq, "Authorization"));
	struct str scheme = str_word(&header);

	if (str_is(scheme, "Bearer") || str_is(scheme, "bearer"))
		return by_token(cx, rq, header);
	return by_cookie(cx, rq);
}

/* ---- in and out ---- */

static void
set_cookie(struct ctx *cx, const struct request *rq, struct response *rs, const char *value,
        usec_t span)
{
	response_header(rs, "Set-Cookie",
	        arena_printf(&cx->mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
	                cookie_name(rq), value, (long long)(span / SECONDS(1)),
	                is_https(rq) ? "; Secure" : ""));
}

static struct err *
open_session(struct ctx *cx, struct request *rq, struct response *rs, struct session_open *o)
{
	const char *agent = request_header(rq, "User-Agent");
	char network[REMOTE_GROUP_MAX];

	remote_network(rq->remote, network);
	o->network = arena_strdup(&cx->mem, network);
	o->agent = agent == NULL ? "" : arena_printf(&cx->mem, "%.*s", AGENT_MAX, agent);
	o->address = rq->remote;
	o->limits = app_of(rq)->config.sessions;
	TRY(app_run(cx, rq, session_open_run, o));
	if (o->secret == NULL)
		return factor_refusal(cx, o->code);
	set_cookie(cx, rq, rs, o->secret, o->result.awaits_code ? CODE_WITHIN : o->limits.span);
	if (!o->result.awaits_code)
		rq->scopes = SCOPES_ALL << 1;
	return NULL;
}

const char *
sign_in_door(struct ctx *cx, const struct request *rq)
{
	char *group = arena_alloc(&cx->mem, REMOTE_GROUP_MAX);

	if (rq->remote[0] == '\0' || remote_is_loopback(rq->remote)
	        || remote_is_proxy(app_of(rq)->config.proxies, rq->remote))
		return NULL;
	remote_group(rq->remote, group);
	return group;
}

struct err *
sign_in_door_check(struct ctx *cx, const struct request *rq)
{
	const char *door = sign_in_door(cx, rq);

	return door == NULL ? NULL : door_check(cx, door);
}

struct err *
sign_in_counted(struct ctx *cx, struct request *rq, struct err *e)
{
	const char *door = sign_in_door(cx, rq);

	if (e != NULL && e->code == ERR_DENIED && door != NULL)
		TRY(app_run(cx, rq, door_failed_run, (void *)door));
	return e;
}

struct err *
sign_in_password_check(
        struct ctx *cx, struct request *rq, const char *user, const char *password)
{
	TRY(app_read(cx, rq));
	TRY(sign_in_door_check(cx, rq));
	struct err *e = password_check(cx, user, password);
	if (e != NULL && e->code == ERR_DENIED && user != NULL)
		TRY(app_run(cx, rq, password_failed_run, (void *)user));
	return sign_in_counted(cx, rq, e);
}

struct err *
sign_in_code_check(struct ctx *cx, struct request *rq, engine_fn *fn, struct factor_try *t)
{
	TRY(app_read(cx, rq));
	TRY(sign_in_door_check(cx, rq));
	TRY(app_run(cx, rq, fn, t));
	return sign_in_counted(cx, rq, factor_refusal(cx, t));
}

/* A program is told at once that a code is missing: it has the password still. */
static struct err *
check_code_sent(struct ctx *cx, struct request *rq, const char *user)
{
	bool on;

	TRY(app_read(cx, rq));
	TRY(factor_is_on(cx, user, &on));
	return on ? err_field(cx, ERR_DENIED, "/code",
	               "the password is right; the code of your second factor is needed too")
	          : NULL;
}

static struct err *
open_by_password(struct ctx *cx, struct request *rq, struct response *rs,
        const struct credentials *c, struct session_open *o)
{
	struct factor_try code = { .code = c->code };

	TRY(sign_in_password_check(cx, rq, o->user_id, c->password));
	if (c->code == NULL && !c->in_steps)
		TRY(check_code_sent(cx, rq, o->user_id));
	o->code = c->code == NULL ? NULL : &code;
	return sign_in_counted(cx, rq, open_session(cx, rq, rs, o));
}

struct err *
sign_in_by_password(struct ctx *cx, struct request *rq, struct response *rs,
        const struct credentials *c, bool *ret_awaits)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user_by_email(s, c->email);
	struct session_open o = { .user_id = u == NULL ? NULL : u->c.id };
	struct err *e = open_by_password(cx, rq, rs, c, &o);

	*ret_awaits = e == NULL && o.result.awaits_code;
	if (e != NULL)
		rs->status = e->code == ERR_DENIED ? 401 : 0;
	return e;
}

struct err *
sign_in_by_link(struct ctx *cx, struct request *rq, struct response *rs, const char *secret,
        bool *ret_awaits)
{
	struct session_open o = { .link = secret };

	TRY(open_session(cx, rq, rs, &o));
	*ret_awaits = o.result.awaits_code;
	return NULL;
}

/* ---- the second step ---- */

static struct err *
find_pending(struct ctx *cx, struct request *rq, struct session *ret, bool *found)
{
	TRY(find_session(cx, rq, ret, found));
	*found = *found && ret->awaits_code;
	return NULL;
}

struct err *
sign_in_awaits(struct ctx *cx, struct request *rq, bool *ret)
{
	struct session pending;

	return find_pending(cx, rq, &pending, ret);
}

struct err *
sign_in_by_code(struct ctx *cx, struct request *rq, struct response *rs, const char *code)
{
	struct factor_try try = { .code = code };
	struct session pending;
	bool found;

	TRY(find_pending(cx, rq, &pending, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "that took too long; begin again");
	TRY(sign_in_door_check(cx, rq));
	struct session_open o = {
		.user_id = pending.user_id, .pending = pending.hash, .code = &try
	};
	return sign_in_counted(cx, rq, open_session(cx, rq, rs, &o));
}

struct err *
cookie_sign_out(struct ctx *cx, struct request *rq, struct response *rs)
{
	if (rq->session != NULL)
		TRY(app_run(cx, rq, session_end_run, (void *)rq->session));
	set_cookie(cx, rq, rs, "", 0);
	return NULL;
}
