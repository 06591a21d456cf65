/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of many reports at once, and when their answers hold no longer. */
#include "engine/hindsight.h"

#include "engine/ask.h"
#include "queries.h"

#define ABOUT(q, first, n, ret, found) QUESTION(q, struct sent, first, n, ret, found)

static bool
is_first_of_incident(void *const *kept, size_t n, int64_t incident_id)
{
	for (size_t i = 0; i < n; i++)
		if (((const struct sent *)kept[i])->page.incident_id == incident_id)
			return false;
	return true;
}

/* Bundles and notices go their own ways, and a second page of an incident must see what the
 * report of the first made of it. Returns how many stay. */
static size_t
keep_simple(void **of, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct sent *s = of[i];
		if (!s->has_page || s->page.is_bundle || s->page.incident_id == 0
		        || !is_first_of_incident(of, kept, s->page.incident_id))
			continue;
		s->of_incident = db_arg_int(s->page.incident_id);
		s->of_call = db_arg_int(s->page.callout_id);
		of[kept++] = s;
	}
	return kept;
}

struct err *
hindsight_read(struct ctx *cx, struct engine *e, struct page_report *const *reports, size_t n)
{
	n = n < HINDSIGHT_MAX ? n : HINDSIGHT_MAX;
	struct sent *sent = ARENA_ARRAY(&cx->mem, n, struct sent);
	void **of = ARENA_ARRAY(&cx->mem, n, void *);

	e->hindsight = ++e->hindsights;
	for (size_t i = 0; i < n; i++) {
		sent[i].of_page = db_arg_int(reports[i]->page_id);
		reports[i]->seen = of[i] = &sent[i];
		reports[i]->seen_at = e->hindsight;
	}
	TRY(ask_each(cx, ABOUT(&q_page_get, of_page, 1, page, has_page), of, n));
	n = keep_simple(of, n);
	TRY(ask_each(cx, ABOUT(&q_incident_get, of_incident, 1, inc, has_inc), of, n));
	TRY(ask_each(cx, ABOUT(&q_callout_get, of_call, 1, call, has_call), of, n));
	return ask_each(
	        cx, ABOUT(&q_pages_pending_beside, of_incident, 3, pending, is_counted), of, n);
}

const struct sent *
hindsight_of(const struct engine *e, const struct page_report *r)
{
	/* What another reading saw may be gone from memory: the number is asked first. */
	if (e->hindsight == 0 || r->seen_at != e->hindsight || !r->seen->is_counted)
		return NULL;
	return r->seen->has_inc ? r->seen : NULL;
}

void
hindsight_end(struct engine *e)
{
	e->hindsight = 0;
}
