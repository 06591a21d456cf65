/* SPDX-License-Identifier: Apache-2.0 */
/* Statements about swaps: a time of duty offered to others, and what becomes of it. */
#include <stdlib.h>

#include "engine/swap.h"
#include "sim/play.h"

/* WHO offers SCHEDULE FROM TO [WHOM], by the clock of the organisation. */
struct err *
offers(struct play *p)
{
	struct swap s = { .user_id = word(p, 0), .schedule = word(p, 2) };
	size_t next;

	TRY(play_instant(p, 3, &s.from_at, &next));
	TRY(play_instant(p, next, &s.to_at, &next));
	s.offered_to = next < p->s->n ? word(p, next) : NULL;
	s.expires_at = s.from_at > p->w.clock.at ? s.from_at : s.to_at;
	p->w.cx.actor = (struct actor){ .kind = ACTOR_USER, .id = word(p, 0) };
	return world_do(&p->w, swap_offer, &s);
}

/* The number of a swap: they are counted from 1. */
static int64_t
number(const struct play *p, size_t i)
{
	return strtoll(word(p, i), NULL, 10);
}

struct err *
withdraws(struct play *p)
{
	struct swap_end end = { .id = number(p, 2), .to_state = SWAP_WITHDRAWN };

	p->w.cx.actor = (struct actor){ .kind = ACTOR_USER, .id = word(p, 0) };
	return play_refused(p, world_do(&p->w, swap_end, &end));
}
