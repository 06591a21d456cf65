/* SPDX-License-Identifier: Apache-2.0 */
/* A notice is a page of no incident: it goes the same way, with the same retries, and ends
 * there.
 */
#include "engine/duty.h"
#include "engine/page.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

static const struct db_col notice_cols[] = {
	DB_COL(struct notice_text, title),
	DB_COL(struct notice_text, text),
};
const struct db_row notice_row = DB_ROW(struct notice_text, notice_cols);

/* The one that the user named for it, else the first of low urgency, else the first. */
static const struct contact *
contact_for(const struct user *u)
{
	const struct paging_step *low = u->paging[URGENCY_LOW].items;

	if (u->handoff.contact != NULL && user_contact(u, u->handoff.contact) != NULL)
		return user_contact(u, u->handoff.contact);
	if (u->paging[URGENCY_LOW].n > 0)
		return user_contact(u, low[0].contact);
	return u->contacts.n == 0 ? NULL : u->contacts.items;
}

static const struct contact *
contact_of(struct ctx *cx, const struct snapshot *s, const struct notice *n)
{
	const struct user *u = snapshot_user(s, n->user_id);
	const struct channel_doc *channel = snapshot_channel(s, n->channel);

	if (n->user_id != NULL)
		return u == NULL ? NULL : contact_for(u);
	if (channel == NULL)
		return NULL;
	struct contact *contact = ARENA_NEW(&cx->mem, struct contact);
	*contact = channel->contact;
	contact->id = channel->c.id;
	return contact;
}

struct err *
notice_to_contact(struct ctx *cx, struct engine *e, const struct notice *n,
        const struct contact *contact, int64_t *ret_page)
{
	TRY(page_of_notice(cx, e, n, contact, ret_page));
	TRY(db_post(cx, &q_notice_add, DB_ARGS(*ret_page, n->title, n->text)));
	return timeline_add(cx, e,
	        (struct happening){ .type = "notice.queued",
	                .user_id = n->user_id,
	                .data = event_data(cx, "title", n->title, "contact", contact->id,
	                        "because", n->because, "page", int_text(cx, *ret_page),
	                        NULL) });
}

struct err *
notice_send(struct ctx *cx, struct engine *e, const struct notice *n)
{
	const struct contact *contact = contact_of(cx, e->snapshot, n);
	int64_t id;

	if (contact != NULL)
		return notice_to_contact(cx, e, n, contact, &id);
	if (snapshot_user(e->snapshot, n->user_id) == NULL)
		return NULL;
	return timeline_add(cx, e,
	        (struct happening){ .type = "notice.withheld",
	                .user_id = n->user_id,
	                .reason = REASON_NO_CONTACT,
	                .data = event_data(
	                        cx, "title", n->title, "because", n->because, NULL) });
}

struct err *
notice_fill(struct ctx *cx, struct page_job *job)
{
	struct notice_text text;
	bool found;

	TRY(db_maybe(cx, &q_notice_get, DB_ARGS(job->page.id), &text, &found));
	job->notice_title = found ? text.title : "A notice";
	job->notice_text = found ? text.text : "";
	return NULL;
}
