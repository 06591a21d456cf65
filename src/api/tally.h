/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much came by each integration and how often each rule was applied. Counted in memory when
 * a request was committed, and written in one command every few seconds: a signal costs no row
 * more than before, and a process that is killed loses the count of its last seconds, never a
 * signal. Any thread.
 */
#ifndef API_TALLY_H
#define API_TALLY_H

#include "engine/intake.h"
#include "engine/node.h"
#include "engine/writer.h"

enum tally_of { TALLY_INTEGRATION, TALLY_OLD_KEY, TALLY_RULE, TALLY_OF_MAX };

struct tallies; /* those of a process */

struct tallies *tallies_new(struct arena *a); /* which outlives them */
/* Before anything is counted; node outlives them. */
void tallies_of_node(struct tallies *t, struct arena *a, const struct node *node);
void tallies_close(struct tallies *t);

/* What came in one request that is committed. */
void tally_intake(struct tallies *t, const struct intake *in, bool by_old_key, usec_t at);

/* Hands what waits to the writer, at most every few seconds. Returns at once. */
void tally_write_soon(struct tallies *t, struct writer *w);

/* The same, and waits: before the writer stops. */
void tally_write_last(struct tallies *t, struct writer *w);

/* ---- reading ---- */

struct tally_row {
	const char *name;
	int64_t n, last_at;
	int64_t day, week; /* in the last 24 hours, and in 7 days; by whole hours */
};

/* Sorted by name, with what is not written yet. Needs cx->tx. */
MUST_USE struct err *tally_list(struct ctx *cx, struct tallies *t, enum tally_of what,
        struct tally_row **ret, size_t *ret_n);

const struct tally_row *tally_find(const struct tally_row *rows, size_t n, const char *name);

#endif
