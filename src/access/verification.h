/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an address reaches its person. A code of six digits is sent to a contact by the
 * contact's own channel; who types it in has shown that what is sent there is read. To answer a
 * page by its link shows the same. A proof holds for the address it was made with: a contact
 * that is changed is unverified again.
 *
 * This is a fact for people and for warnings, and decides nothing about paging: a contact that
 * nobody has verified is paged like any other, for it may well work.
 *
 * Functions ending in _run are commands (engine_fn); the others need a read transaction.
 */
#ifndef ACCESS_VERIFICATION_H
#define ACCESS_VERIFICATION_H

#include "engine/engine.h"

#define CODE_DIGITS 6
#define CODE_SPAN MINUTES(15)
#define CODE_TRIES 5
#define MESSAGE_GAP SECONDS(30) /* between two codes, or two tests, to one contact */
#define MESSAGES_AN_HOUR 6

struct verification {
	const char *user_id, *contact;
	const char *type, *address; /* of then */
	const char *code;           /* a hash; NULL: none was sent, or it was answered */
	int64_t page_id;            /* that carried it */
	int64_t tries;
	usec_t expires_at, verified_at; /* 0: never */
};
extern const struct db_row verification_row;

/* One message of ours to a contact, without an incident. */
struct contact_message {
	const char *user_id, *contact;
	bool with_code;    /* else a test */
	usec_t expires_at; /* set: of the code */
};
/* NOT_FOUND: no such contact; CONFLICT: too soon, or too many. */
MUST_USE struct err *contact_message_run(struct ctx *cx, struct engine *e, void *arg);

enum code_outcome {
	CODE_RIGHT,
	CODE_WRONG,
	CODE_SPENT, /* too many tries: a new one is needed */
	CODE_NONE,  /* none is open, or it is too old, or of another address */
	CODE_OUTCOME_MAX,
};
struct contact_answer {
	const char *user_id, *contact;
	const char *code;
	enum code_outcome outcome; /* set: a wrong code is kept count of, and so no error */
	int64_t tries_left;
};
/* NOT_FOUND: no such contact. */
MUST_USE struct err *contact_answer_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: const struct page: it was answered by its link. Nothing when its contact has another
 * address by now, or is verified already. */
MUST_USE struct err *contact_seen_run(struct ctx *cx, struct engine *e, void *arg);

/* How far the newest of our messages to a contact has come. */
struct contact_last {
	const char *because; /* "verification", "test" */
	const char *state;   /* of a page */
	usec_t created_at, sent_at, ended_at;
	int64_t attempts;
	const char *error;
};
extern const struct db_row contact_last_row, contact_messages_row;
MUST_USE struct err *contact_last_get(struct ctx *cx, const char *user_id, const char *contact,
        struct contact_last *ret, bool *found);

/* Those of all contacts of a user, of addresses that are gone too. */
MUST_USE struct err *verification_all(
        struct ctx *cx, const char *user_id, struct verification **ret, size_t *ret_n);

/* The one that speaks of this contact as it is now, or NULL. */
const struct verification *verification_of(
        const struct verification *all, size_t n, const struct contact *contact);

/* All that is verified, of everybody; and whether a contact of this user, as it is now, is. */
struct verified {
	struct verification *items;
	size_t n;
};
MUST_USE struct err *verified_load(struct ctx *cx, struct verified *ret);
bool verified_user(const struct verified *all, const struct user *u);

#endif
