/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the simulator draws: an organisation, and what happens in it next, as statements of
 * scenario files. Everything comes from one seeded source, in an order that depends on nothing
 * but what has happened in the world so far.
 */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include "base/random.h"
#include "sim/world.h"

struct chance {
	struct rng rng;
	size_t users, teams, schedules, policies, services, integrations;
	bool faults; /* processes die, disks fill, clocks jump, channels fail */
	bool pair;   /* two processes */
	bool night;  /* long stretches in which nobody acts */
};

/* A new organisation's size and the mood of this seed. */
void chance_begin(struct chance *c, uint64_t seed);

uint64_t chance_below(struct chance *c, uint64_t n);
bool chance_one_in(struct chance *c, uint64_t n);

/* Documents of a whole organisation, as the indented block of an `apply`. */
void chance_organisation(struct chance *c, struct buf *out);

/* One document made anew: what a change of configuration brings. now: for overrides. */
void chance_document(struct chance *c, usec_t now, struct buf *out);

/* The next statement, with its block if it has one. */
void chance_statement(struct chance *c, const struct world *w, struct buf *out);

#endif
