/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: argon2id, and a wait that grows with failures. */
#include <inttypes.h>
#include <sodium.h>

#include "access/access.h"
#include "access/access_priv.h"
#include "access/weak.h"
#include "engine/timeline.h"
#include "queries.h"

#define FAILURES_FREE 5

struct credential {
	const char *user_id, *password;
	usec_t changed_at;
	int64_t failures;
	usec_t failed_at;
};
static const struct db_col credential_cols[] = {
	DB_COL(struct credential, user_id),
	DB_COL(struct credential, password),
	DB_COL(struct credential, changed_at),
	DB_COL(struct credential, failures),
	DB_COL(struct credential, failed_at),
};
extern const struct db_row credential_row;
const struct db_row credential_row = DB_ROW(struct credential, credential_cols);

static size_t
count_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static struct err *
check_quality(struct ctx *cx, const struct user *user, const char *plain)
{
	const char *names[PASSWORD_NAMES_MAX];
	size_t n = 0;

	if (plain == NULL || count_characters(plain) < PASSWORD_MIN
	        || count_characters(plain) > PASSWORD_MAX)
		return err_field(cx, ERR_INVALID, "/password",
		        "a password has %d to %d characters; a sentence is best", PASSWORD_MIN,
		        PASSWORD_MAX);
	if (user != NULL) {
		n = password_names(cx, user->c.id, names, n, NELEMS(names));
		n = password_names(cx, user->c.name, names, n, NELEMS(names));
		n = password_names(cx, user->email, names, n, NELEMS(names));
	}
	if (password_is_weak(plain, names, n))
		return err_field(cx, ERR_INVALID, "/password",
		        "this password is among the first that are guessed: words that many "
		        "use, your own names, runs and repetitions count little; take a "
		        "sentence");
	return NULL;
}

static struct err *
hash(struct ctx *cx, const char *plain, const char **ret)
{
	char *out = arena_alloc(&cx->mem, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str(out, plain, strlen(plain), crypto_pwhash_OPSLIMIT_INTERACTIVE,
	            crypto_pwhash_MEMLIMIT_INTERACTIVE)
	        != 0)
		return err_new(cx, ERR_UNAVAILABLE, "not enough memory for a password's hash");
	*ret = out;
	return NULL;
}

struct err *
password_hash(struct ctx *cx, const struct user *user, const char *plain, const char **ret)
{
	TRY(check_quality(cx, user, plain));
	return hash(cx, plain, ret);
}

struct err *
password_set_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct password_set *p = arg;

	if (snapshot_user(e->snapshot, p->user_id) == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no user/%s", p->user_id);
	TRY(db_exec(cx, &q_credential_set, DB_ARGS(p->user_id, p->hash, ctx_now(cx))));
	TRY(db_exec(cx, &q_sessions_end_of_user, DB_ARGS(p->user_id)));
	TRY(timeline_add(
	        cx, e, (struct happening){ .type = "auth.password", .user_id = p->user_id }));
	return access_tell(cx, e, p->user_id, "Your password was set",
	        "Everybody who was signed in as you has to sign in again.");
}

/* So that an unknown address takes as long as a wrong password. */
static void
waste_time(struct ctx *cx, const char *plain)
{
	const char *unused;

	err_ignore(hash(cx, plain, &unused), "only the time it takes matters");
}

struct err *
password_is_set(struct ctx *cx, const char *user_id, bool *ret)
{
	struct credential c;

	return db_maybe(cx, &q_credential_get, DB_ARGS(user_id), &c, ret);
}

/* What it takes may be a second on a busy machine: no transaction stays open meanwhile. */
struct err *
password_check(struct ctx *cx, const char *user_id, const char *plain)
{
	static const char wrong[] = "address or password is wrong";
	struct credential c;
	bool found = false;

	if (plain == NULL || strlen(plain) > PASSWORD_BYTES_MAX)
		return err_new(cx, ERR_DENIED, wrong);
	if (user_id != NULL)
		TRY(db_maybe(cx, &q_credential_get, DB_ARGS(user_id), &c, &found));
	if (!found) {
		db_rollback(cx);
		waste_time(cx, "not anybody's password");
		return err_new(cx, ERR_DENIED, wrong);
	}
	usec_t wait = guess_wait(c.failures, FAILURES_FREE), until = c.failed_at + wait;
	if (wait > 0 && ctx_now(cx) < until)
		return err_new(cx, ERR_DENIED,
		        "too many wrong passwords; wait %" PRId64
		        " s, or ask an administrator for a "
		        "sign-in link",
		        (until - ctx_now(cx)) / SECONDS(1) + 1);
	db_rollback(cx);
	if (crypto_pwhash_str_verify(c.password, plain, strlen(plain)) != 0)
		return err_new(cx, ERR_DENIED, wrong);
	return NULL;
}

struct err *
password_failed_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *user = arg;

	TRY(db_exec(cx, &q_credential_failed, DB_ARGS(user, ctx_now(cx))));
	return timeline_add(cx, e,
	        (struct happening){ .type = "auth.refused",
	                .user_id = user,
	                .data = event_data(cx, "why", "wrong password", NULL) });
}
