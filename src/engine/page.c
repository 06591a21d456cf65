/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The making of a page. When more than the organisation's number go to one contact within a
 * minute, the further ones are held for a bundle: one message at the end of that minute which
 * speaks for all that are still open then.
 */
#include "engine/page.h"

#include "engine/duty.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

#define BUNDLE_WINDOW MINUTES(1)

struct page_recent {
	int64_t n;
	int64_t oldest;
};
static const struct db_col page_recent_cols[] = {
	DB_COL(struct page_recent, n),
	DB_COL(struct page_recent, oldest),
};
extern const struct db_row page_recent_row;
const struct db_row page_recent_row = DB_ROW(struct page_recent, page_recent_cols);

static struct err *
insert(struct ctx *cx, const struct page *p)
{
	return db_post(cx, &q_page_add,
	        DB_ARGS(p->id, OPTIONAL(p->incident_id), OPTIONAL(p->callout_id),
	                mode_names[p->mode], p->user_id, p->contact, p->contact_type,
	                p->address, p->because, page_state_names[p->state], p->created_at,
	                p->due_at, OPTIONAL(p->next_at), p->late_by, p->possibly_twice,
	                p->is_bundle, OPTIONAL(p->bundle_id)));
}

static struct page
new_page(struct ctx *cx, struct engine *e, const struct page_order *o)
{
	return (struct page){
		.id = e->ids.page++,
		.incident_id = o->incident->id,
		.callout_id = o->callout_id,
		.mode = o->incident->mode,
		.user_id = o->user_id,
		.contact = o->contact->id,
		.contact_type = contact_type_names[o->contact->type],
		.address = o->contact->address,
		.because = o->because,
		.state = PAGE_QUEUED,
		.created_at = ctx_now(cx),
		.due_at = ctx_now(cx),
		.next_at = ctx_now(cx),
		.late_by = o->late_by < LATE_FROM ? 0 : o->late_by,
	};
}

/* ---- bundles ---- */

static struct err *
too_many(struct ctx *cx, struct engine *e, const struct page_order *o, bool *ret,
        usec_t *ret_until)
{
	int64_t most = snapshot_organisation(e->snapshot)->bundle_after;
	struct page_recent recent;

	*ret = false;
	if (o->user_id == NULL || most == 0)
		return NULL;
	TRY(db_one(cx, &q_pages_recent,
	        DB_ARGS(o->user_id, o->contact->id, ctx_now(cx) - BUNDLE_WINDOW, false, most),
	        &recent));
	*ret = recent.n >= most;
	*ret_until = recent.oldest + BUNDLE_WINDOW;
	return NULL;
}

/* The bundle that is still open for this contact, or a new one. */
static struct err *
open_bundle(struct ctx *cx, struct engine *e, const struct page_order *o, usec_t until,
        int64_t *ret_id)
{
	struct page bundle;
	bool found;

	TRY(db_maybe(cx, &q_page_open_bundle, DB_ARGS(o->user_id, o->contact->id, true),
	        &bundle, &found));
	if (!found) {
		bundle = new_page(cx, e, o);
		bundle.incident_id = bundle.callout_id = 0;
		bundle.is_bundle = true;
		bundle.due_at = bundle.next_at = until;
		TRY(insert(cx, &bundle));
	}
	*ret_id = bundle.id;
	return NULL;
}

static struct err *
make_bundled(struct ctx *cx, struct engine *e, const struct page_order *o, usec_t until)
{
	int64_t bundle_id;

	TRY(open_bundle(cx, e, o, until, &bundle_id));
	struct page p = new_page(cx, e, o);
	p.state = PAGE_BUNDLED;
	p.bundle_id = bundle_id;
	p.next_at = 0;
	TRY(insert(cx, &p));
	return timeline_add(cx, e,
	        (struct happening){ .type = "page.withheld",
	                .incident = o->incident,
	                .user_id = o->user_id,
	                .reason = REASON_BUNDLED,
	                .data = event_data(cx, "contact", o->contact->id, "page",
	                        int_text(cx, bundle_id), NULL) });
}

struct err *
page_make(struct ctx *cx, struct engine *e, const struct page_order *o)
{
	bool many;
	usec_t until = 0;

	e->pages_queued = true;
	TRY(too_many(cx, e, o, &many, &until));
	if (many)
		return make_bundled(cx, e, o, until);

	struct page p = new_page(cx, e, o);
	TRY(insert(cx, &p));
	return timeline_add(cx, e,
	        (struct happening){ .type = "page.queued",
	                .incident = o->incident,
	                .user_id = o->user_id,
	                .data = event_data(cx, "contact", p.contact, "because", p.because,
	                        "page", int_text(cx, p.id), "late",
	                        p.late_by == 0 ? NULL : span_text(cx, p.late_by), NULL) });
}

struct err *
page_of_notice(struct ctx *cx, struct engine *e, const struct notice *n,
        const struct contact *contact, int64_t *ret_id)
{
	const struct page p = { .id = e->ids.page++,
		.mode = MODE_STANDARD,
		.user_id = n->user_id,
		.contact = contact->id,
		.contact_type = contact_type_names[contact->type],
		.address = contact->address,
		.because = n->because,
		.state = PAGE_QUEUED,
		.created_at = ctx_now(cx),
		.due_at = ctx_now(cx),
		.next_at = ctx_now(cx) };

	e->pages_queued = true;
	*ret_id = p.id;
	return insert(cx, &p);
}

struct err *
paging_channel(struct ctx *cx, struct engine *e, struct incident *inc, const char *channel,
        usec_t late_by, bool *ret_reached)
{
	const struct channel_doc *doc = snapshot_channel(e->snapshot, channel);
	const char *target = arena_printf(&cx->mem, "channel/%s", channel);

	*ret_reached = doc != NULL;
	if (doc == NULL)
		return timeline_add(cx, e,
		        (struct happening){ .type = "page.withheld",
		                .incident = inc,
		                .reason = REASON_NO_CONTACT,
		                .data = event_data(cx, "target", target, NULL) });

	struct contact contact = doc->contact;
	contact.id = doc->c.id;
	return page_make(cx, e,
	        &(struct page_order){ .incident = inc,
	                .because = target,
	                .contact = &contact,
	                .late_by = late_by });
}
