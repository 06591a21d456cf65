/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of pages that were reported as sent, read together before the first report
 * acts: over a network four questions for each would cost more than all the rest of a page. Of
 * the engine's own files only.
 *
 * What was read holds while nothing but such reports runs: each writes rows of its own page,
 * call and incident, and only the first report of an incident is foreseen. Anything else ends
 * it.
 */
#ifndef ENGINE_HINDSIGHT_H
#define ENGINE_HINDSIGHT_H

#include "engine/callout.h"
#include "engine/paging.h"
#include "engine/rows.h"

struct sent {
	struct db_arg of_incident, of_call, of_page; /* in this order: one question takes all */
	struct page page;
	struct incident inc;
	struct callout call;         /* if the page is of one: callout_id is not 0 */
	struct engine_count pending; /* other pages of that call under way */
	bool has_page, has_inc, has_call, is_counted;
};

#define HINDSIGHT_MAX 256 /* reports at a time; those beyond read for themselves */

/* For reports that follow each other, all SEND_OK. What is read lives in cx. */
MUST_USE struct err *hindsight_read(
        struct ctx *cx, struct engine *e, struct page_report *const *reports, size_t n);

/* NULL: not read, or it holds no longer. */
const struct sent *hindsight_of(const struct engine *e, const struct page_report *r);

void hindsight_end(struct engine *e);

#endif
