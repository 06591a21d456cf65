/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may come in: passwords (argon2id), sessions, one-time links and API tokens. Secrets are
 * random and kept as hashes; what is shown once cannot be shown again. Who a person is and
 * which role they have stands in the configuration.
 *
 * Functions ending in _run are commands (engine_fn) and leave an event on the organisation's
 * log; the others need a read transaction.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "engine/engine.h"

#define PASSWORD_MIN 12 /* characters */
#define PASSWORD_MAX 128
#define PASSWORD_BYTES_MAX (4 * PASSWORD_MAX)
#define SESSION_SPAN DAYS(14) /* unless the server is told otherwise */
#define SESSION_IDLE DAYS(7)
#define LINK_SPAN HOURS(1)
#define TOKEN_PREFIX "toc_"
#define TOKEN_NAME_MAX 200

/* What a token may do; a set of bits, in words "read respond manage admin". */
enum scope { SCOPE_READ, SCOPE_RESPOND, SCOPE_MANAGE, SCOPE_ADMIN, SCOPE_MAX };
#define SCOPES_ALL ((1u << SCOPE_MAX) - 1)
extern const char *const scope_names[SCOPE_MAX + 1]; /* ends with NULL */
MUST_USE struct err *scopes_parse(struct ctx *cx, const char *text, unsigned *ret);
const char *scopes_print(struct ctx *cx, unsigned scopes);

/* ---- tokens ---- */

struct token {
	const char *id;
	const char *user_id;
	const char *name;
	const char *scopes;
	usec_t created_at, expires_at, used_at; /* 0: never */
};
extern const struct db_row token_row;

struct token_make {
	const char *user_id;
	const char *name;
	unsigned scopes;   /* 0: all */
	usec_t expires_at; /* 0: never */
	struct token result;
	const char *secret; /* set: shown once */
};
MUST_USE struct err *token_make_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the token's id. NOT_FOUND. */
MUST_USE struct err *token_revoke_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the id; when it was used last. No event. */
MUST_USE struct err *token_used_run(struct ctx *cx, struct engine *e, void *arg);

/* False when it is unknown, revoked or expired. */
MUST_USE struct err *token_find(
        struct ctx *cx, const char *secret, struct token *ret, bool *found);

/* user_id NULL: everybody's. */
MUST_USE struct err *token_all(
        struct ctx *cx, const char *user_id, struct token **ret, size_t *ret_n);

/* ---- passwords ---- */

/* Slow on purpose: never on the writer's thread. ERR_INVALID when too short, too long, or among
 * what guessers try first; the user's own names count for that, user may be NULL. */
MUST_USE struct err *password_hash(
        struct ctx *cx, const struct user *user, const char *plain, const char **ret);

struct password_set {
	const char *user_id;
	const char *hash;
};
MUST_USE struct err *password_set_run(struct ctx *cx, struct engine *e, void *arg);

MUST_USE struct err *password_is_set(struct ctx *cx, const char *user_id, bool *ret);

/* Right or wrong, it takes as long as it takes. ERR_DENIED when wrong, or when there were so
 * many failures that one has to wait. user_id may be NULL (an unknown address). Needs cx->tx,
 * and ends it before it hashes. */
MUST_USE struct err *password_check(struct ctx *cx, const char *user_id, const char *plain);

/* arg: const char *, the user or address whose password was wrong. */
MUST_USE struct err *password_failed_run(struct ctx *cx, struct engine *e, void *arg);

/* ---- sessions ---- */

struct session {
	const char *hash;
	const char *user_id;
	const char *agent, *address; /* of the browser that it began in */
	usec_t created_at, used_at, expires_at;
	bool awaits_code; /* the password was right, the second factor is still to come */
	usec_t proved_at; /* when the person last showed who they are */
	usec_t factor_at; /* since when they have a second factor; 0: they have none */
};
extern const struct db_row session_row;

/* How long one lives as a whole, and without being used. */
struct session_limits {
	usec_t span, idle;
};
#define SESSION_LIMITS ((struct session_limits){ SESSION_SPAN, SESSION_IDLE })

/*
 * Whoever has a second factor needs its code too (but with a link that stands for it). Without
 * code the session is one that awaits it: for CODE_WITHIN, and worth nothing but to send it.
 */
struct factor_try;
struct session_open {
	const char *user_id;     /* or link */
	const char *link;        /* the secret of a one-time link, spent by this */
	const char *pending;     /* the hash of the session that awaits the code: it ends */
	struct factor_try *code; /* NULL: not known yet; its outcome is set */
	const char *agent, *address;
	const char *network; /* of the address: where somebody is, about (place.h); NULL: it */
	struct session_limits limits;
	struct session result;
	const char *secret; /* set: the cookie's value; NULL when the code was refused */
};
#define CODE_WITHIN MINUTES(10)
MUST_USE struct err *session_open_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the hash. */
MUST_USE struct err *session_end_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const struct session *, somebody's; it says so in the log, unlike signing out. */
MUST_USE struct err *session_end_one_run(struct ctx *cx, struct engine *e, void *arg);

/* All of a user's but the one that asks. */
struct session_end_others {
	const char *user_id;
	const char *but; /* a hash, or NULL */
	int64_t ended;   /* set */
};
MUST_USE struct err *session_end_others_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the hash; it was used now. No event. */
MUST_USE struct err *session_used_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the hash; its person showed again who they are. */
MUST_USE struct err *session_proved_run(struct ctx *cx, struct engine *e, void *arg);

/* False when it is unknown, ended or too old. */
MUST_USE struct err *session_find(struct ctx *cx, const char *secret,
        struct session_limits limits, struct session *ret, bool *found);

/* A user's that live, oldest first. */
MUST_USE struct err *session_all(struct ctx *cx, const char *user_id,
        struct session_limits limits, struct session **ret, size_t *ret_n);

/* Made on the server's own machine, by whoever could change the database too, it stands for
 * the password and the second factor; made through the server for the password alone. */
struct link_make {
	const char *user_id;
	const char *secret; /* set */
};
MUST_USE struct err *link_make_run(struct ctx *cx, struct engine *e, void *arg);

/* ---- the door: guessing from one address ---- */

/* ERR_DENIED while so many passwords from there were wrong that one has to wait. */
MUST_USE struct err *door_check(struct ctx *cx, const char *address);

/* arg: const char *, the address that a wrong password came from. */
MUST_USE struct err *door_failed_run(struct ctx *cx, struct engine *e, void *arg);

/* ---- requests made twice ---- */

struct idempotency {
	const char *request; /* hash of method, path and body */
	usec_t at;
	int64_t status;
	const char *body;
};
extern const struct db_row idempotency_row;
#define IDEMPOTENCY_KEPT DAYS(1)

/* The answer that the same key got. ERR_CONFLICT when it came with another request. */
MUST_USE struct err *idempotency_find(struct ctx *cx, const char *name, const char *request,
        struct idempotency *ret, bool *found);
MUST_USE struct err *idempotency_keep(
        struct ctx *cx, const char *name, const struct idempotency *answer);

/* Hash of a secret as it is kept. */
const char *access_hash(struct ctx *cx, const char *secret);

#endif
