/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scenario files: tests of an organisation on a virtual clock (docs/scenarios.md). Each file
 * runs on a database of its own, in this process, through the same engine as the server, in
 * milliseconds.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "base/buf.h"
#include "base/ctx.h"

struct scenario_options {
	/* NULL: a temporary SQLite file. PostgreSQL: a schema of its own there. */
	const char *db_url;
	bool verbose; /* the timeline also of what passed */
	/* The path of a new SQLite file, or NULL: what was played stays there, sealed with
	 * keep_key. It is the story that is wanted, so a page that nobody expected is no
	 * failure; what is expected must hold, or nothing is kept. */
	const char *keep;
	const unsigned char *keep_key; /* 32 bytes */
};

struct scenario_result {
	bool passed;
	const char *
	        report; /* why not: file, line, expected, and the timeline; "" when it passed */
};

/* Runs one file. Errors are those of the surroundings (no such file, no database); a scenario
 * that does not hold is a result. */
MUST_USE struct err *scenario_run(struct ctx *cx, const char *path,
        const struct scenario_options *options, struct scenario_result *ret);

/* Runs files and folders of *.scn, reports to out, ends with "N passed, N failed". Returns the
 * number that failed. */
size_t scenario_run_all(struct ctx *cx, const char *const *paths, size_t n,
        const struct scenario_options *options, struct buf *out);

#endif
