/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A swap: somebody offers a time of their duty to one person or to all. It is accepted, whole
 * or in part (what is left stays on offer, as swaps of their own), declined, withdrawn, or it
 * expires. Accepted, it is an override: that is made by who accepts it, in the same
 * transaction.
 *
 * An offer to one may name a time of that person's duty which the offerer takes in return.
 *
 * While nobody has answered, those who are asked are reminded a week, two days and half a day
 * before it begins (or before it can no longer be accepted), and with the last the offerer
 * hears that it is still open. Not at night by the schedule's clock: then on the evening
 * before; and not while they have just been asked. What fell into an outage is told once,
 * afterwards.
 */
#ifndef ENGINE_SWAP_H
#define ENGINE_SWAP_H

#include "engine/engine.h"

enum swap_state {
	SWAP_OFFERED,
	SWAP_ACCEPTED,
	SWAP_DECLINED,
	SWAP_WITHDRAWN,
	SWAP_EXPIRED,
	SWAP_STATE_MAX,
};
extern const char *const swap_state_names[SWAP_STATE_MAX + 1];

struct swap {
	int64_t id;
	const char *schedule;
	const char *user_id;    /* whose duty it is */
	const char *offered_to; /* NULL: to all */
	int64_t from_at, to_at;
	int64_t return_from, return_to; /* 0: nothing in return */
	enum swap_state state;
	const char *note;
	int64_t created_at;
	int64_t expires_at;
	int64_t ended_at;
	const char *taken_by;
	int64_t parent_id;   /* what it is a rest of; 0: nothing */
	int64_t remind_at;   /* when those who are asked hear of it again; 0: no more */
	int64_t reminded_at; /* when they last did; 0: not yet */
};
extern const struct db_row swap_row;

/* Needs cx->tx. NOT_FOUND. */
MUST_USE struct err *swap_load(struct ctx *cx, int64_t id, struct swap *ret);

/* engine_fn; arg is struct swap without id, state and times of its life but expires_at. */
MUST_USE struct err *swap_offer(struct ctx *cx, struct engine *e, void *arg);

/* engine_fn; ends an offer. CONFLICT when it is none any more. from and to: the part taken. */
struct swap_end {
	int64_t id;
	enum swap_state to_state;
	const char *taken_by;
	int64_t from_at, to_at; /* 0: all of it */
	struct swap swap;       /* set: as it is then */
};
MUST_USE struct err *swap_end(struct ctx *cx, struct engine *e, void *arg);

/* The timer: a reminder, or its end. */
MUST_USE struct err *swap_due(struct ctx *cx, struct engine *e, const struct timer *t);

/* The first reminder after an instant, by the schedule's clock; USEC_NEVER when there is
 * none. */
usec_t swap_reminder_after(const struct swap *s, const struct zone *z, usec_t after);

/* Says it now and again to those who are asked. In swap_remind.c. */
MUST_USE struct err *swap_remind(struct ctx *cx, struct engine *e, const struct swap *s);

/* A notice about it. */
MUST_USE struct err *swap_tell(struct ctx *cx, struct engine *e, const struct swap *s,
        const char *user, const char *title);

/* By the clock of its schedule; UTC when that is gone. */
const struct zone *swap_zone(struct engine *e, const struct swap *s);

#endif
