/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator: from a seed an organisation, weeks of virtual time in it, people, signals and
 * faults; after every statement all promises (promises.c) are looked at, at the end the record
 * is replayed. A seed that breaks one is cut down to a scenario file that `tocsin scenario`
 * plays. docs/simulation.md.
 */
#ifndef SIM_SIMULATE_H
#define SIM_SIMULATE_H

#include "base/buf.h"
#include "base/ctx.h"

struct simulation {
	uint64_t first;     /* seed */
	int64_t seeds;      /* how many, from first on */
	int64_t statements; /* a seed; 0: the default */
	usec_t budget;      /* begin no further seed after that long; 0: none */
	const char *folder; /* for scenario files of failed seeds; NULL: none are written */
	/* Called after each seed that failed, so that a long run can be watched; or NULL. */
	void (*on_failure)(void *arg, const char *text);
	void *arg;
};

struct simulated {
	int64_t passed, failed;
	int64_t statements, signals, pages;
	usec_t virtual_time;
};

/* Ends its report with "N passed, N failed". */
void simulate(const struct simulation *s, struct buf *out, struct simulated *ret);

#endif
