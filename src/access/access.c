/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes, tokens, and answers kept for requests made twice. */
#include "access/access.h"

#include <sodium.h>

#include "access/access_priv.h"
#include "base/random.h"
#include "engine/duty.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

const char *const scope_names[SCOPE_MAX + 1] = {
	[SCOPE_READ] = "read",
	[SCOPE_RESPOND] = "respond",
	[SCOPE_MANAGE] = "manage",
	[SCOPE_ADMIN] = "admin",
};

static const struct db_col token_cols[] = {
	DB_COL(struct token, id),
	DB_COL(struct token, user_id),
	DB_COL(struct token, name),
	DB_COL(struct token, scopes),
	DB_COL(struct token, created_at),
	DB_COL(struct token, expires_at),
	DB_COL(struct token, used_at),
};
const struct db_row token_row = DB_ROW(struct token, token_cols);

static const struct db_col idempotency_cols[] = {
	DB_COL(struct idempotency, request),
	DB_COL(struct idempotency, at),
	DB_COL(struct idempotency, status),
	DB_COL(struct idempotency, body),
};
const struct db_row idempotency_row = DB_ROW(struct idempotency, idempotency_cols);

const char *
access_hash_keyed(struct ctx *cx, const unsigned char *key, const char *text)
{
	unsigned char hash[crypto_generichash_BYTES];
	char *hex = arena_alloc(&cx->mem, 2 * sizeof hash + 1);

	crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), key,
	        key == NULL ? 0 : crypto_generichash_KEYBYTES);
	return sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

const char *
access_hash(struct ctx *cx, const char *secret)
{
	return access_hash_keyed(cx, NULL, secret);
}

/* ---- scopes ---- */

struct err *
scopes_parse(struct ctx *cx, const char *text, unsigned *ret)
{
	struct str rest = str_from(text), word;

	*ret = 0;
	if (str_trim(rest).len == 0)
		return err_field(cx, ERR_INVALID, "/scopes",
		        "no scope is said: read, respond, manage or admin");
	while ((word = str_word(&rest)).len > 0) {
		unsigned i = 0;
		while (i < SCOPE_MAX && !str_is(word, scope_names[i]))
			i++;
		if (i == SCOPE_MAX)
			return err_field(cx, ERR_INVALID, "/scopes",
			        "a scope is read, respond, manage or admin, not " STR_FMT,
			        STR_ARG(word));
		*ret |= BIT(i);
	}
	return NULL;
}

const char *
scopes_print(struct ctx *cx, unsigned scopes)
{
	struct buf out = BUF_INIT(&cx->mem, 100);

	for (unsigned i = 0; i < SCOPE_MAX; i++)
		if ((scopes & BIT(i)) != 0)
			buf_printf(&out, "%s%s", out.len == 0 ? "" : " ", scope_names[i]);
	return buf_cstr(&out);
}

struct err *
access_user(struct ctx *cx, const struct engine *e, const char *user_id)
{
	if (snapshot_user(e->snapshot, user_id) == NULL)
		return err_field(cx, ERR_NOT_FOUND, "/user", "there is no user/%s", user_id);
	return NULL;
}

struct err *
access_tell(struct ctx *cx, struct engine *e, const char *user_id, const char *title,
        const char *text)
{
	const struct notice n = { .user_id = user_id,
		.because = "security",
		.title = title,
		.text = arena_printf(&cx->mem,
		        "%s By: %s. If you know nothing of it, tell an administrator.", text,
		        cx->actor.id) };

	return cx->actor.kind == ACTOR_USER ? notice_send(cx, e, &n) : NULL;
}

/* ---- tokens ---- */

static struct err *
check_token(struct ctx *cx, const struct engine *e, const struct token_make *m)
{
	if (m->name == NULL || m->name[0] == '\0' || strlen(m->name) > TOKEN_NAME_MAX)
		return err_field(cx, ERR_INVALID, "/name",
		        "a token needs a name of 1 to %d bytes, to be known by later",
		        TOKEN_NAME_MAX);
	if (m->expires_at != 0 && m->expires_at <= ctx_now(cx))
		return err_field(cx, ERR_INVALID, "/expires_at", "that instant is past");
	return access_user(cx, e, m->user_id);
}

struct err *
token_make_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct token_make *m = arg;

	TRY(check_token(cx, e, m));
	m->secret = arena_printf(
	        &cx->mem, "%s%s", TOKEN_PREFIX, random_token(&cx->mem, SECRET_BYTES));
	m->result = (struct token){
		.id = random_token(&cx->mem, 6),
		.user_id = m->user_id,
		.name = m->name,
		.scopes = scopes_print(cx, m->scopes == 0 ? SCOPES_ALL : m->scopes),
		.created_at = ctx_now(cx),
		.expires_at = m->expires_at,
	};
	TRY(db_exec(cx, &q_token_add,
	        DB_ARGS(m->result.id, access_hash(cx, m->secret), m->user_id, m->name,
	                m->result.scopes, m->result.created_at, OPTIONAL(m->expires_at))));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "token.made",
	                .user_id = m->user_id,
	                .data = event_data(cx, "name", m->name, "token", m->result.id, "scopes",
	                        m->result.scopes, NULL) }));
	return access_tell(cx, e, m->user_id, "A token that acts as you was made",
	        arena_printf(&cx->mem, "It is called \"%s\" and may %s.", m->name,
	                m->result.scopes));
}

struct err *
token_revoke_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *id = arg;
	struct token t;
	bool found;

	TRY(db_maybe(cx, &q_token_get, DB_ARGS(id), &t, &found));
	if (!found)
		return err_new(cx, ERR_NOT_FOUND, "there is no token %s", id);
	TRY(db_exec(cx, &q_token_remove, DB_ARGS(id)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "token.revoked",
	                .user_id = t.user_id,
	                .data = event_data(cx, "name", t.name, "token", id, NULL) });
}

struct err *
token_used_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *id = arg;

	(void)e;
	return db_post(cx, &q_token_used, DB_ARGS(id, ctx_now(cx)));
}

struct err *
token_find(struct ctx *cx, const char *secret, struct token *ret, bool *found)
{
	TRY(db_maybe(cx, &q_token_by_hash, DB_ARGS(access_hash(cx, secret)), ret, found));
	if (*found && ret->expires_at != 0 && ret->expires_at <= ctx_now(cx))
		*found = false;
	return NULL;
}

struct err *
token_all(struct ctx *cx, const char *user_id, struct token **ret, size_t *ret_n)
{
	return db_list(cx, &q_token_list, DB_ARGS(user_id == NULL ? "" : user_id), ret, ret_n);
}

/* ---- requests made twice ---- */

static const char *
whose(struct ctx *cx)
{
	return arena_printf(&cx->mem, "%s/%s", actor_kind_names[cx->actor.kind],
	        cx->actor.id == NULL ? "" : cx->actor.id);
}

struct err *
idempotency_find(struct ctx *cx, const char *name, const char *request, struct idempotency *ret,
        bool *found)
{
	TRY(db_maybe(cx, &q_idempotency_get, DB_ARGS(whose(cx), name), ret, found));
	if (*found && strcmp(ret->request, request) != 0)
		return err_new(cx, ERR_CONFLICT,
		        "this Idempotency-Key came with another request before; use a new one");
	return NULL;
}

struct err *
idempotency_keep(struct ctx *cx, const char *name, const struct idempotency *a)
{
	TRY(db_post(cx, &q_idempotency_forget, DB_ARGS(ctx_now(cx) - IDEMPOTENCY_KEPT)));
	return db_post(cx, &q_idempotency_add,
	        DB_ARGS(whose(cx), name, a->request, ctx_now(cx), a->status, a->body));
}
