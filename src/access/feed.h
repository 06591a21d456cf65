/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds: calendars that a calendar program subscribes to. Such programs cannot sign in, so the
 * address is the secret; it is random, kept as a hash, shown once, and may be changed (rotated)
 * or revoked. It opens nothing but the one calendar, for as long as its owner is a user.
 */
#ifndef ACCESS_FEED_H
#define ACCESS_FEED_H

#include "engine/engine.h"

#define FEED_REMINDERS_MAX 15
#define FEEDS_A_USER_MAX 50

struct feed {
	const char *id;
	const char *user_id;        /* whose it is */
	const char *subject;        /* "user/alice", "schedule/primary", "team/payments" */
	bool own;                   /* only the owner's shifts */
	const char *reminders;      /* spans before a shift begins: "1d 1h" */
	usec_t created_at, used_at; /* 0: never */
};
extern const struct db_row feed_row;

struct feed_make {
	struct feed feed;   /* user_id, subject, own and reminders are taken */
	const char *secret; /* set: the last part of the address, shown once */
};
/* NOT_FOUND: no such subject or user; LIMIT: the user has too many. */
MUST_USE struct err *feed_make_run(struct ctx *cx, struct engine *e, void *arg);

/* feed.id is taken; the old address opens nothing any more. NOT_FOUND. */
MUST_USE struct err *feed_rotate_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the id. NOT_FOUND. */
MUST_USE struct err *feed_revoke_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const char *, the id. No event. */
MUST_USE struct err *feed_used_run(struct ctx *cx, struct engine *e, void *arg);

MUST_USE struct err *feed_find(
        struct ctx *cx, const char *secret, struct feed *ret, bool *found);

/* user_id NULL: everybody's. */
MUST_USE struct err *feed_all(
        struct ctx *cx, const char *user_id, struct feed **ret, size_t *ret_n);

#endif
