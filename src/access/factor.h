/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor: who signs in with a password shows besides a code of an authenticator app
 * (totp.h), or one of ten recovery codes. It is set up in two steps: a secret is made, and
 * counts for nothing until a first code shows that it arrived.
 *
 * The secret is sealed with the installation's key, as secrets of documents are. A code works
 * once: none of its step or an earlier one is taken again. Recovery codes are kept as keyed,
 * salted hashes and go when they are used.
 *
 * Functions ending in _run are commands (engine_fn); the others need a read transaction.
 */
#ifndef ACCESS_FACTOR_H
#define ACCESS_FACTOR_H

#include "access/access.h"

#define RECOVERY_CODES 10

struct factor {
	const char *user_id;
	const char *secret; /* as it is stored */
	const char *salt;
	usec_t confirmed_at; /* 0: it counts for nothing yet */
	int64_t failures;
	usec_t failed_at;
};
extern const struct db_row factor_row;

/* Whether somebody has one that counts. */
MUST_USE struct err *factor_is_on(struct ctx *cx, const char *user_id, bool *ret);

/* The row, confirmed or not. */
MUST_USE struct err *factor_get(
        struct ctx *cx, const char *user_id, struct factor *ret, bool *found);

/* How many recovery codes are left. */
MUST_USE struct err *recovery_left(struct ctx *cx, const char *user_id, int64_t *ret);

/* Whether the organisation asks it of this person. */
bool factor_is_required(const struct snapshot *s, const struct user *u);

/* The secret as text, of one that is not confirmed yet. CONFLICT: it is, so nobody sees it any
 * more; NOT_FOUND: there is none. */
MUST_USE struct err *factor_secret(
        struct ctx *cx, const unsigned char *key, const char *user_id, const char **ret);

/* arg: const char *, the user. A new secret, over one that was not confirmed. CONFLICT when one
 * counts already. */
MUST_USE struct err *factor_begin_run(struct ctx *cx, struct engine *e, void *arg);

enum factor_outcome {
	FACTOR_RIGHT,
	FACTOR_WRONG,
	FACTOR_AGAIN, /* a code that was used before */
	FACTOR_WAITS, /* so many were wrong that one has to wait */
	FACTOR_NONE,  /* there is no second factor, or none to be confirmed */
	FACTOR_OUTCOME_MAX,
};

/* A wrong code is kept count of, and so is no error of the command. */
struct factor_try {
	const char *user_id;
	const char *code;
	const char *session;               /* the one that asks: others end */
	enum factor_outcome outcome;       /* set */
	usec_t wait;                       /* set, when it waits */
	const char *codes[RECOVERY_CODES]; /* set by the two that make them: shown once */
};

/* The first code: from now on it counts. */
MUST_USE struct err *factor_confirm_run(struct ctx *cx, struct engine *e, void *arg);

/* A code, spent by this: inside another command, or as one. */
MUST_USE struct err *factor_try_run(struct ctx *cx, struct engine *e, void *arg);

/* Ten new recovery codes in the place of what is left; no code is asked for here. NOT_FOUND
 * without a second factor. */
MUST_USE struct err *recovery_make_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the user. NOT_FOUND when there is none that counts. */
MUST_USE struct err *factor_remove_run(struct ctx *cx, struct engine *e, void *arg);

/* What to tell who sent the code. NULL when it was right. */
MUST_USE struct err *factor_refusal(struct ctx *cx, const struct factor_try *t);

#endif
