/* SPDX-License-Identifier: Apache-2.0 */
/* One seed's story, as it is drawn, played again and cut down. Of the simulator's own files. */
#ifndef SIM_SIMULATE_PRIV_H
#define SIM_SIMULATE_PRIV_H

#include "base/buf.h"
#include "sim/play.h"

/* A statement of the story, with its block. */
struct sentence {
	const char *text;
	bool refused;      /* it was not accepted when it was last played */
	const char *pages; /* `expect page` lines of what it brought */
};

struct story {
	struct sentence *items;
	size_t n, cap;
};

/* What a playing of it came to. Texts live in the ctx that was given. */
struct ending {
	const char *breach; /* NULL: every promise was kept */
	size_t at;          /* the sentence after which it showed */
	const char *digest; /* of the record */
	struct simulated_world {
		int64_t statements, signals, pages;
		usec_t span;
	} counts;
};

/* Draws and plays a story of n statements. */
struct ending story_draw(struct ctx *cx, uint64_t seed, size_t n, struct story *ret);

/* Plays it again, marks in it what was refused, and writes down which pages came. */
struct ending story_play(struct ctx *cx, struct story *story, bool thorough);

/* Leaves out whatever is not needed to break the same promise. */
void story_shrink(struct ctx *cx, struct story *story, const struct ending *ending);

/* As a scenario file. */
void story_write(const struct story *story, const char *head, struct buf *out);

#endif
