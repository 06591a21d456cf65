/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of people, and the links that open one once. A session ends at its absolute end,
 * when it was idle for too long, or when somebody ends it. */
#include "access/access_priv.h"
#include "access/factor.h"
#include "access/place.h"
#include "base/random.h"
#include "engine/timeline.h"
#include "queries.h"

static const struct db_col session_cols[] = {
	DB_COL(struct session, hash),
	DB_COL(struct session, user_id),
	DB_COL(struct session, agent),
	DB_COL(struct session, address),
	DB_COL(struct session, created_at),
	DB_COL(struct session, used_at),
	DB_COL(struct session, expires_at),
	DB_COL(struct session, awaits_code),
	DB_COL(struct session, proved_at),
	DB_COL(struct session, factor_at),
};
const struct db_row session_row = DB_ROW(struct session, session_cols);

struct link {
	const char *hash, *user_id;
	usec_t expires_at;
	bool whole;
};
static const struct db_col link_cols[] = {
	DB_COL(struct link, hash),
	DB_COL(struct link, user_id),
	DB_COL(struct link, expires_at),
	DB_COL(struct link, whole),
};
const struct db_row link_row = DB_ROW(struct link, link_cols);

/* Spends the link. */
static struct err *
user_of_link(struct ctx *cx, struct session_open *o, bool *whole)
{
	const char *hash = access_hash(cx, o->link);
	struct link l;
	bool found;

	TRY(db_maybe(cx, &q_link_get, DB_ARGS(hash, ctx_now(cx)), &l, &found));
	if (!found)
		return err_new(
		        cx, ERR_DENIED, "this link was used or is too old; ask for another");
	o->user_id = l.user_id;
	*whole = l.whole;
	return db_exec(cx, &q_link_used, DB_ARGS(hash, ctx_now(cx)));
}

/* Whether the second factor is still to come, or was refused: o->code says which. */
static struct err *
ask_factor(struct ctx *cx, struct engine *e, struct session_open *o, bool *ret_awaits)
{
	if (o->code == NULL)
		return factor_is_on(cx, o->user_id, ret_awaits);
	*ret_awaits = false;
	o->code->user_id = o->user_id;
	TRY(factor_try_run(cx, e, o->code));
	if (o->code->outcome == FACTOR_NONE)
		o->code->outcome = FACTOR_RIGHT; /* none was asked for */
	return NULL;
}

static struct err *
add_session(struct ctx *cx, struct session_open *o, bool awaits)
{
	o->secret = random_token(&cx->mem, SECRET_BYTES);
	o->result = (struct session){
		.hash = access_hash(cx, o->secret),
		.user_id = o->user_id,
		.agent = o->agent == NULL ? "" : o->agent,
		.address = o->address == NULL ? "" : o->address,
		.created_at = ctx_now(cx),
		.used_at = ctx_now(cx),
		.proved_at = ctx_now(cx),
		.expires_at = ctx_now(cx) + (awaits ? CODE_WITHIN : o->limits.span),
		.awaits_code = awaits,
	};
	return db_exec(cx, &q_session_add,
	        DB_ARGS(o->result.hash, o->user_id, o->result.agent, o->result.address,
	                o->result.created_at, o->result.expires_at, awaits));
}

static struct err *
signed_in(struct ctx *cx, struct engine *e, const struct session_open *o)
{
	TRY(db_exec(cx, &q_credential_worked, DB_ARGS(o->user_id)));
	TRY(db_exec(
	        cx, &q_sessions_forget, DB_ARGS(ctx_now(cx), ctx_now(cx) - o->limits.idle)));
	TRY(timeline_add(
	        cx, e, (struct happening){ .type = "auth.signed-in", .user_id = o->user_id }));
	return place_signed_in(cx, e, o);
}

struct err *
session_open_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct actor before = cx->actor;
	struct session_open *o = arg;
	bool whole = false, awaits = false;

	o->secret = NULL;
	if (o->link != NULL)
		TRY(user_of_link(cx, o, &whole));
	TRY(access_user(cx, e, o->user_id));
	cx->actor = (struct actor){ ACTOR_USER, o->user_id, o->link ? "link" : "password",
		snapshot_user(e->snapshot, o->user_id)->role };
	if (!whole)
		TRY(ask_factor(cx, e, o, &awaits));
	bool refused = o->code != NULL && o->code->outcome != FACTOR_RIGHT;
	if (awaits || refused)
		cx->actor = before; /* nobody yet */
	if (refused)
		return NULL;
	if (o->pending != NULL)
		TRY(db_exec(cx, &q_session_end, DB_ARGS(o->pending)));
	TRY(add_session(cx, o, awaits));
	return awaits ? NULL : signed_in(cx, e, o);
}

struct err *
session_end_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *hash = arg;

	TRY(db_exec(cx, &q_session_end, DB_ARGS(hash)));
	if (cx->tx->changes == 0)
		return NULL;
	return timeline_add(cx, e,
	        (struct happening){ .type = "auth.signed-out", .user_id = cx->actor.id });
}

struct err *
session_end_one_run(struct ctx *cx, struct engine *e, void *arg)
{
	const struct session *s = arg;

	TRY(db_exec(cx, &q_session_end, DB_ARGS(s->hash)));
	if (cx->tx->changes == 0)
		return NULL;
	return timeline_add(cx, e,
	        (struct happening){ .type = "auth.session-ended",
	                .user_id = s->user_id,
	                .data = event_data(cx, "agent", s->agent, NULL) });
}

struct err *
session_end_others_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct session_end_others *o = arg;

	TRY(db_exec(
	        cx, &q_sessions_end_others, DB_ARGS(o->user_id, o->but == NULL ? "" : o->but)));
	o->ended = cx->tx->changes;
	if (o->ended == 0)
		return NULL;
	return timeline_add(cx, e,
	        (struct happening){ .type = "auth.sessions-ended", .user_id = o->user_id });
}

struct err *
session_used_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *hash = arg;

	(void)e;
	return db_post(cx, &q_session_used, DB_ARGS(hash, ctx_now(cx)));
}

struct err *
session_proved_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *hash = arg;

	(void)e;
	return db_exec(cx, &q_session_proved, DB_ARGS(hash, ctx_now(cx)));
}

struct err *
session_find(struct ctx *cx, const char *secret, struct session_limits limits,
        struct session *ret, bool *found)
{
	usec_t now = ctx_now(cx);

	return db_maybe(cx, &q_session_get,
	        DB_ARGS(access_hash(cx, secret), now, now - limits.idle), ret, found);
}

struct err *
session_all(struct ctx *cx, const char *user_id, struct session_limits limits,
        struct session **ret, size_t *ret_n)
{
	usec_t now = ctx_now(cx);

	return db_list(
	        cx, &q_session_list, DB_ARGS(user_id, now, now - limits.idle), ret, ret_n);
}

/* ---- links ---- */

struct err *
link_make_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct link_make *m = arg;

	TRY(access_user(cx, e, m->user_id));
	m->secret = random_token(&cx->mem, SECRET_BYTES);
	TRY(db_exec(cx, &q_link_add,
	        DB_ARGS(access_hash(cx, m->secret), m->user_id, ctx_now(cx) + LINK_SPAN,
	                cx->actor.kind != ACTOR_USER)));
	TRY(timeline_add(
	        cx, e, (struct happening){ .type = "auth.link", .user_id = m->user_id }));
	return access_tell(cx, e, m->user_id, "A sign-in link for you was made",
	        "Who has it can sign in as you once, within the hour.");
}
