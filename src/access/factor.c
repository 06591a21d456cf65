/* SPDX-License-Identifier: Apache-2.0 */
#include "access/factor.h"

#include <inttypes.h>

#include "access/access_priv.h"
#include "access/totp.h"
#include "base/random.h"
#include "config/codecs.h"
#include "config/holder.h"
#include "engine/timeline.h"
#include "queries.h"

#define FAILURES_FREE 5
#define SALT_BYTES 8

static const struct db_col factor_cols[] = {
	DB_COL(struct factor, user_id),
	DB_COL(struct factor, secret),
	DB_COL(struct factor, salt),
	DB_COL(struct factor, confirmed_at),
	DB_COL(struct factor, failures),
	DB_COL(struct factor, failed_at),
};
const struct db_row factor_row = DB_ROW(struct factor, factor_cols);

/* ---- looking ---- */

struct err *
factor_get(struct ctx *cx, const char *user_id, struct factor *ret, bool *found)
{
	return db_maybe(cx, &q_factor_get, DB_ARGS(user_id), ret, found);
}

static struct err *
get_confirmed(struct ctx *cx, const char *user_id, struct factor *ret, bool *found)
{
	TRY(factor_get(cx, user_id, ret, found));
	*found = *found && ret->confirmed_at != 0;
	return NULL;
}

struct err *
factor_is_on(struct ctx *cx, const char *user_id, bool *ret)
{
	struct factor f;

	return get_confirmed(cx, user_id, &f, ret);
}

bool
factor_is_required(const struct snapshot *s, const struct user *u)
{
	switch (snapshot_organisation(s)->second_factor) {
	case SECOND_FACTOR_ADMINS:
		return u->role >= ROLE_ADMIN;
	case SECOND_FACTOR_EVERYBODY:
		return true;
	case SECOND_FACTOR_NOBODY:
	case SECOND_FACTOR_MAX:
		break;
	}
	return false;
}

static struct err *
unseal(struct ctx *cx, const unsigned char *key, const struct factor *f, const char **ret)
{
	*ret = key == NULL ? NULL : secret_unseal(cx, key, f->secret);
	if (*ret == NULL)
		return err_new(cx, ERR_UNAVAILABLE,
		        "the second factor of %s does not open: the key file is another one",
		        f->user_id);
	return NULL;
}

struct err *
factor_secret(struct ctx *cx, const unsigned char *key, const char *user_id, const char **ret)
{
	struct factor f;
	bool found;

	TRY(factor_get(cx, user_id, &f, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "no second factor was begun");
	if (f.confirmed_at != 0)
		return err_new(cx, ERR_CONFLICT, "you have a second factor; remove it first");
	return unseal(cx, key, &f, ret);
}

/* ---- setting it up ---- */

struct err *
factor_begin_run(struct ctx *cx, struct engine *e, void *arg)
{
	const unsigned char *key = config_key(e->config);
	const char *user_id = arg;
	char bytes[TOTP_SECRET_BYTES];
	bool on;

	TRY(access_user(cx, e, user_id));
	TRY(factor_is_on(cx, user_id, &on));
	if (on)
		return err_new(cx, ERR_CONFLICT, "you have a second factor; remove it first");
	if (key == NULL)
		return err_new(cx, ERR_UNAVAILABLE, "there is no key to seal a secret with");
	random_bytes(bytes, sizeof bytes);
	const char *secret = totp_secret_print(cx, (struct str){ bytes, sizeof bytes });
	return db_exec(cx, &q_factor_begin,
	        DB_ARGS(user_id, secret_seal(&cx->mem, key, secret),
	                random_token(&cx->mem, SALT_BYTES), ctx_now(cx)));
}

/* ---- trying a code ---- */

static struct err *
failed(struct ctx *cx, struct engine *e, const struct factor *f, struct factor_try *t)
{
	bool again = t->outcome == FACTOR_AGAIN;

	TRY(db_exec(cx, &q_factor_failed, DB_ARGS(f->user_id, ctx_now(cx))));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.refused",
	                .user_id = f->user_id,
	                .data = event_data(
	                        cx, "why", again ? "code used before" : "wrong code", NULL) }));
	if (!again)
		return NULL;
	return access_tell(cx, e, f->user_id, "A code of yours was sent a second time",
	        "Each works once, and it was refused. Somebody may have seen it.");
}

/* The database decides: of two that send the same code one finds its step taken. */
static struct err *
spend(struct ctx *cx, const struct factor *f, int64_t step, struct factor_try *t)
{
	TRY(db_exec(cx, &q_factor_spend, DB_ARGS(f->user_id, step)));
	t->outcome = cx->tx->changes == 0 ? FACTOR_AGAIN : FACTOR_RIGHT;
	return NULL;
}

static struct err *
judge(struct ctx *cx, struct engine *e, const struct factor *f, struct factor_try *t)
{
	const char *text, *code = t->code == NULL ? "" : t->code;
	struct str secret;
	int64_t step;
	bool right = false;

	t->outcome = FACTOR_WRONG;
	TRY(unseal(cx, config_key(e->config), f, &text));
	if (!totp_secret_parse(cx, text, &secret))
		return err_new(cx, ERR_BUG, "the second factor of %s is no secret", f->user_id);
	TRY(totp_match(cx, secret, ctx_now(cx), code, &step));
	if (step >= 0)
		return spend(cx, f, step, t);
	if (f->confirmed_at != 0)
		TRY(recovery_use(cx, e, f, code, &right));
	t->outcome = right ? FACTOR_RIGHT : FACTOR_WRONG;
	return NULL;
}

static struct err *
try_code(struct ctx *cx, struct engine *e, const struct factor *f, struct factor_try *t)
{
	usec_t until = f->failed_at + guess_wait(f->failures, FAILURES_FREE);

	if (f->failures >= FAILURES_FREE && ctx_now(cx) < until) {
		t->outcome = FACTOR_WAITS;
		t->wait = until - ctx_now(cx);
		return NULL;
	}
	TRY(judge(cx, e, f, t));
	return t->outcome == FACTOR_RIGHT ? db_exec(cx, &q_factor_worked, DB_ARGS(f->user_id))
	                                  : failed(cx, e, f, t);
}

struct err *
factor_try_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct factor_try *t = arg;
	struct factor f;
	bool found;

	TRY(get_confirmed(cx, t->user_id, &f, &found));
	t->outcome = FACTOR_NONE;
	return found ? try_code(cx, e, &f, t) : NULL;
}

struct err *
factor_refusal(struct ctx *cx, const struct factor_try *t)
{
	switch (t->outcome) {
	case FACTOR_RIGHT:
	case FACTOR_OUTCOME_MAX:
		break;
	case FACTOR_WRONG:
		return err_field(cx, ERR_DENIED, "/code",
		        "this is not the code that the app shows now, nor a recovery code");
	case FACTOR_AGAIN:
		return err_field(cx, ERR_DENIED, "/code",
		        "this code was used already; wait for the next one");
	case FACTOR_WAITS:
		return err_field(cx, ERR_DENIED, "/code",
		        "too many wrong codes; wait %" PRId64 " s", t->wait / SECONDS(1) + 1);
	case FACTOR_NONE:
		return err_field(
		        cx, ERR_DENIED, "/code", "there is no second factor to confirm");
	}
	return NULL;
}

/* ---- from now on, and no longer ---- */

static struct err *
confirmed(struct ctx *cx, struct engine *e, const struct factor *f, struct factor_try *t)
{
	TRY(db_exec(cx, &q_factor_confirm, DB_ARGS(f->user_id, ctx_now(cx))));
	TRY(recovery_make(cx, e, f, t->codes));
	TRY(db_exec(cx, &q_sessions_end_others,
	        DB_ARGS(f->user_id, t->session == NULL ? "" : t->session)));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.factor-added", .user_id = f->user_id }));
	return access_tell(cx, e, f->user_id, "A second factor was set up for you",
	        "Signing in takes a code of an app from now on. Everywhere else you were "
	        "signed out.");
}

struct err *
factor_confirm_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct factor_try *t = arg;
	struct factor f;
	bool found;

	TRY(factor_get(cx, t->user_id, &f, &found));
	t->outcome = FACTOR_NONE;
	if (!found || f.confirmed_at != 0)
		return NULL;
	TRY(try_code(cx, e, &f, t));
	return t->outcome == FACTOR_RIGHT ? confirmed(cx, e, &f, t) : NULL;
}

struct err *
recovery_make_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct factor_try *t = arg;
	struct factor f;
	bool found;

	TRY(get_confirmed(cx, t->user_id, &f, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "%s has no second factor", t->user_id);
	TRY(recovery_make(cx, e, &f, t->codes));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.recovery-made", .user_id = f.user_id }));
	return access_tell(cx, e, f.user_id, "New recovery codes were made for you",
	        "Those that you had before are worth nothing any more.");
}

struct err *
factor_remove_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *user_id = arg;
	bool on;

	TRY(factor_is_on(cx, user_id, &on));
	if (!on)
		return err_new(cx, ERR_NOT_FOUND, "%s has no second factor", user_id);
	TRY(db_exec(cx, &q_factor_remove, DB_ARGS(user_id)));
	TRY(db_exec(cx, &q_recovery_forget, DB_ARGS(user_id)));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.factor-removed", .user_id = user_id }));
	return access_tell(cx, e, user_id, "Your second factor was removed",
	        "The password alone signs you in now.");
}
