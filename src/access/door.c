/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guessing from one address at many accounts: the wait of each account never begins then, so
 * the address has one of its own. More is free than for an account, for a whole office may come
 * from one address; an hour without a wrong password and all is forgotten.
 */
#include "access/access_priv.h"
#include "engine/timeline.h"
#include "queries.h"

#define FAILURES_FREE 20
#define FORGET_AFTER HOURS(1)

struct door {
	int64_t failures;
	usec_t failed_at;
};
static const struct db_col door_cols[] = {
	DB_COL(struct door, failures),
	DB_COL(struct door, failed_at),
};
extern const struct db_row door_row;
const struct db_row door_row = DB_ROW(struct door, door_cols);

#define WAIT_MAX MINUTES(15)
#define DOUBLINGS_MAX 10 /* beyond them it is more than WAIT_MAX anyhow */

usec_t
guess_wait(int64_t failures, int64_t free)
{
	int64_t over = failures - free;

	if (over < 0)
		return 0;
	return over > DOUBLINGS_MAX || SECONDS(1) << over > WAIT_MAX ? WAIT_MAX
	                                                             : SECONDS(1) << over;
}

struct err *
door_check(struct ctx *cx, const char *address)
{
	struct door d;
	bool found;

	TRY(db_maybe(cx, &q_door_failures, DB_ARGS(address), &d, &found));
	if (!found || d.failed_at <= ctx_now(cx) - FORGET_AFTER)
		return NULL;
	usec_t wait = guess_wait(d.failures, FAILURES_FREE), until = d.failed_at + wait;
	if (wait == 0 || ctx_now(cx) >= until)
		return NULL;
	return err_new(cx, ERR_DENIED,
	        "too many wrong passwords from your address; wait %lld s",
	        (long long)((until - ctx_now(cx)) / SECONDS(1) + 1));
}

struct err *
door_failed_run(struct ctx *cx, struct engine *e, void *arg)
{
	const char *address = arg;
	struct door d;
	bool found;

	TRY(db_exec(cx, &q_door_forget, DB_ARGS(ctx_now(cx) - FORGET_AFTER)));
	TRY(db_exec(
	        cx, &q_door_failed, DB_ARGS(address, ctx_now(cx), ctx_now(cx) - FORGET_AFTER)));
	TRY(db_maybe(cx, &q_door_failures, DB_ARGS(address), &d, &found));
	if (!found || d.failures != FAILURES_FREE)
		return NULL;
	return timeline_add(cx, e,
	        (struct happening){ .type = "auth.guessing",
	                .data = event_data(cx, "address", address, NULL) });
}
