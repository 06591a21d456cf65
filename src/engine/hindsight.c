/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of many reports at once, and when their answers hold no longer. */
#include "engine/hindsight.h"

#include "queries.h"

struct look {
	struct sent *sent;
	struct db_arg args[3]; /* incident, callout, page */
};

struct question {
	const struct db_query *q;
	size_t first_arg, n_args; /* of struct look's */
	size_t ret_at, found_at;  /* in struct sent */
};

#define QUESTION(q, first, n, ret, found)                                                      \
	((struct question){                                                                    \
	        (q), (first), (n), offsetof(struct sent, ret), offsetof(struct sent, found) })

static struct err *
ask_all(struct ctx *cx, struct question q, struct look *looks, size_t n)
{
	struct db_ask *asks = ARENA_ARRAY(&cx->mem, n, struct db_ask);

	for (size_t i = 0; i < n; i++)
		asks[i] = (struct db_ask){ .args = { &looks[i].args[q.first_arg], q.n_args },
			.ret = (char *)looks[i].sent + q.ret_at };
	TRY(db_maybe_all(cx, q.q, asks, n));
	for (size_t i = 0; i < n; i++)
		*(bool *)((char *)looks[i].sent + q.found_at) = asks[i].found;
	return NULL;
}

static bool
is_first_of_incident(const struct look *looks, size_t n, int64_t incident_id)
{
	for (size_t i = 0; i < n; i++)
		if (looks[i].sent->page.incident_id == incident_id)
			return false;
	return true;
}

/* Bundles and notices go their own ways, and a second page of an incident must see what the
 * report of the first made of it. Returns how many stay. */
static size_t
keep_simple(struct look *looks, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct page *p = &looks[i].sent->page;
		if (!looks[i].sent->has_page || p->is_bundle || p->incident_id == 0
		        || !is_first_of_incident(looks, kept, p->incident_id))
			continue;
		looks[kept] = looks[i];
		looks[kept].args[0] = db_arg_int(p->incident_id);
		looks[kept].args[1] = db_arg_int(p->callout_id);
		kept++;
	}
	return kept;
}

struct err *
hindsight_read(struct ctx *cx, struct engine *e, struct page_report *const *reports, size_t n)
{
	n = n < HINDSIGHT_MAX ? n : HINDSIGHT_MAX;
	struct look *looks = ARENA_ARRAY(&cx->mem, n, struct look);
	struct sent *sent = ARENA_ARRAY(&cx->mem, n, struct sent);

	e->hindsight = ++e->hindsights;
	for (size_t i = 0; i < n; i++) {
		looks[i].sent = &sent[i];
		looks[i].args[2] = db_arg_int(reports[i]->page_id);
		reports[i]->seen = &sent[i];
		reports[i]->seen_at = e->hindsight;
	}
	TRY(ask_all(cx, QUESTION(&q_page_get, 2, 1, page, has_page), looks, n));
	n = keep_simple(looks, n);
	TRY(ask_all(cx, QUESTION(&q_incident_get, 0, 1, inc, has_inc), looks, n));
	TRY(ask_all(cx, QUESTION(&q_callout_get, 1, 1, call, has_call), looks, n));
	return ask_all(
	        cx, QUESTION(&q_pages_pending_beside, 0, 3, pending, is_counted), looks, n);
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
