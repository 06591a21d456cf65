/* SPDX-License-Identifier: Apache-2.0 */
/* Making pages and hearing of their end: between callouts and the dispatcher's side. Of the
 * engine's own files only. */
#ifndef ENGINE_PAGE_H
#define ENGINE_PAGE_H

#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/paging.h"

struct page_order {
	struct incident *incident;
	int64_t callout_id;            /* 0: to a channel of no person */
	const char *user_id;           /* NULL: to a channel */
	const char *because;           /* target text */
	const struct contact *contact; /* its id is what the record shows */
	usec_t late_by;
};

/* Queues one page, or joins it to a bundle when too many go to that contact in a minute. */
MUST_USE struct err *page_make(struct ctx *cx, struct engine *e, const struct page_order *o);

/* In callout.c: a page of `of` got through; so many others of its pages are under way. */
MUST_USE struct err *callout_page_sent(struct ctx *cx, struct engine *e, struct incident *inc,
        const struct callout *of, int64_t n_pending);

/* In callout.c: a page of this callout got through or failed for good. */
MUST_USE struct err *callout_page_ended(struct ctx *cx, struct engine *e, struct incident *inc,
        int64_t callout_id, bool failed);

/* A queued page that says a notice. */
struct notice;
MUST_USE struct err *page_of_notice(struct ctx *cx, struct engine *e, const struct notice *n,
        const struct contact *contact, int64_t *ret_id);

/* In notice.c: the words of such a page. */
struct notice_text {
	const char *title, *text;
};
extern const struct db_row notice_row;
MUST_USE struct err *notice_fill(struct ctx *cx, struct page_job *job);

/* In context.c: fills what a page tells beside its own row. run: the main one of its incident,
 * or NULL. */
MUST_USE struct err *page_context(
        struct ctx *cx, struct engine *e, struct page_job *job, const struct run *run);

#endif
