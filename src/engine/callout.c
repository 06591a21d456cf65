/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calling one person: along that person's own steps as they were when the call began, each
 * contact at its time, the next at once when one has failed for good.
 */
#include "engine/callout.h"

#include "engine/page.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

struct page_standing {
	enum page_state state;
};
static const struct db_col page_standing_cols[] = {
	DB_COL_ENUM(struct page_standing, state, page_state_names),
};
extern const struct db_row page_standing_row;
const struct db_row page_standing_row = DB_ROW(struct page_standing, page_standing_cols);

/* ---- a person's steps ---- */

static void
add_steps(struct ctx *cx, struct callout_steps *plan, const struct vec *paging)
{
	const struct paging_step *steps = paging->items;

	for (size_t i = 0; i < paging->n; i++)
		ARENA_PUSH(&cx->mem, plan->items, plan->n, plan->cap) =
		        (struct callout_step){ .contact = steps[i].contact,
			        .after = steps[i].after };
}

/* A person who said nothing for this urgency is paged as for the other; one who gave contacts
 * and no steps at all, by all of them: rather too loud than forgotten. */
struct callout_steps
callout_steps_of(struct ctx *cx, const struct user *user, enum urgency urgency)
{
	enum urgency other = urgency == URGENCY_HIGH ? URGENCY_LOW : URGENCY_HIGH;
	const struct contact *contacts = user->contacts.items;
	struct callout_steps plan = { 0 };

	add_steps(cx, &plan, &user->paging[urgency]);
	if (plan.n == 0)
		add_steps(cx, &plan, &user->paging[other]);
	for (size_t i = 0; plan.n == i && i < user->contacts.n; i++)
		ARENA_PUSH(&cx->mem, plan.items, plan.n, plan.cap) =
		        (struct callout_step){ .contact = contacts[i].id };
	return plan;
}

static const char *
steps_write(struct ctx *cx, const struct callout_steps *plan)
{
	struct buf out = BUF_INIT(&cx->mem, 64 * 1024);
	struct jsonw w = JSONW(&out);

	jsonw_array(&w);
	for (size_t i = 0; i < plan->n; i++) {
		jsonw_object(&w);
		jsonw_member(&w, "contact", plan->items[i].contact);
		jsonw_member_int(&w, "after", plan->items[i].after);
		jsonw_end_object(&w);
	}
	jsonw_end_array(&w);
	return buf_cstr(&out);
}

static struct err *
steps_read(struct ctx *cx, const char *text, struct callout_steps *ret)
{
	struct json *list;

	*ret = (struct callout_steps){ 0 };
	TRY(json_parse(cx, str_from(text), JSON_LIMITS_REQUEST, &list));
	for (size_t i = 0; i < list->array.n; i++) {
		const struct json *item = &list->array.items[i];
		ARENA_PUSH(&cx->mem, ret->items, ret->n, ret->cap) = (struct callout_step){
			.contact = json_get(item, "contact")->string.p,
			.after = json_get(item, "after")->integer,
		};
	}
	return NULL;
}

/* ---- saying no ---- */

static struct err *
withheld(struct ctx *cx, struct engine *e, struct incident *inc, const char *user,
        enum reason why, const char *contact)
{
	return timeline_add(cx, e,
	        (struct happening){ .type = "page.withheld",
	                .incident = inc,
	                .user_id = user,
	                .reason = why,
	                .data = event_data(cx, "contact", contact, NULL) });
}

/* ---- walking ---- */

struct call {
	struct ctx *cx;
	struct engine *e;
	struct incident *inc;
	struct callout *c;
	const struct user *user; /* NULL: gone meanwhile */
	struct callout_steps plan;
	usec_t late_by;
	enum callout_state state_read; /* what its row says */
	int64_t step_read;
};

static struct err *
store(struct call *k)
{
	if (k->c->state == k->state_read && k->c->next_step == k->step_read)
		return NULL;
	return db_post(k->cx, &q_callout_set,
	        DB_ARGS(k->c->id, callout_state_names[k->c->state], k->c->next_step));
}

static struct err *
page_next(struct call *k, bool *ret_made)
{
	const struct callout_step *step = &k->plan.items[k->c->next_step++];
	const struct contact *contact = user_contact(k->user, step->contact);

	*ret_made = contact != NULL;
	if (contact == NULL)
		return withheld(
		        k->cx, k->e, k->inc, k->c->user_id, REASON_NO_CONTACT, step->contact);
	return page_make(k->cx, k->e,
	        &(struct page_order){ .incident = k->inc,
	                .callout_id = k->c->id,
	                .user_id = k->c->user_id,
	                .because = k->c->because,
	                .contact = contact,
	                .late_by = k->late_by });
}

/* Pages every contact whose time has come; `at_least_one` brings the next even before its time.
 * Then sets the timer for the one after. */
static struct err *
advance(struct call *k, bool at_least_one)
{
	usec_t now = ctx_now(k->cx);
	bool made = false, wanted = at_least_one;

	while (k->c->next_step < (int64_t)k->plan.n) {
		usec_t due = k->c->began_at + k->plan.items[k->c->next_step].after;
		if (due > now && !wanted)
			return timer_set(k->cx, k->e,
			        (struct timer){ .kind = TIMER_CONTACT,
			                .due_at = due,
			                .incident_id = k->inc->id,
			                .ref_id = k->c->id });
		TRY(page_next(k, &made));
		wanted = wanted && !made;
	}
	return NULL;
}

static bool
is_pending(enum page_state state)
{
	return state == PAGE_QUEUED || state == PAGE_SENDING || state == PAGE_BUNDLED;
}

static bool
got_through(enum page_state state)
{
	return state == PAGE_SENT || state == PAGE_DELIVERED || state == PAGE_READ;
}

/* A call is over when no contact is left to try and none is on its way. */
static struct err *
settle(struct call *k)
{
	struct page_standing *pages;
	size_t n;
	bool through = false;

	if (k->c->next_step < (int64_t)k->plan.n)
		return store(k);
	TRY(db_list(k->cx, &q_pages_of_callout, DB_ARGS(k->inc->id, k->c->id), &pages, &n));
	for (size_t i = 0; i < n; i++) {
		if (is_pending(pages[i].state))
			return store(k);
		through |= got_through(pages[i].state);
	}
	k->c->state = through ? CALLOUT_SPENT : CALLOUT_UNREACHED;
	return store(k);
}

static struct err *
open_call(struct call *k)
{
	k->user = snapshot_user(k->e->snapshot, k->c->user_id);
	k->state_read = k->c->state;
	k->step_read = k->c->next_step;
	return steps_read(k->cx, k->c->steps, &k->plan);
}

/* ---- beginning ---- */

/* Who was asked for by hand stays so, whatever calls them next. */
static struct err *
replace_older(struct ctx *cx, struct engine *e, struct incident *inc, const char *user,
        bool *ret_asked)
{
	struct callout *older;
	size_t n;

	TRY(db_list(cx, &q_callouts_of_incident, DB_ARGS(inc->id), &older, &n));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(older[i].user_id, user) != 0 || older[i].state != CALLOUT_RUNNING)
			continue;
		*ret_asked |= older[i].asked;
		TRY(callout_stop(cx, e, inc, &older[i], CALLOUT_CANCELLED, REASON_NONE));
	}
	return NULL;
}

static struct err *
begin(struct call *k, const struct callout_begin *b, bool asked)
{
	*k->c = (struct callout){ .id = k->e->ids.callout++,
		.incident_id = k->inc->id,
		.run_id = b->run_id,
		.user_id = b->user_id,
		.because = b->because,
		.state = CALLOUT_RUNNING,
		.urgency = k->inc->urgency,
		.began_at = ctx_now(k->cx),
		.asked = asked,
		.steps = steps_write(k->cx, &k->plan) };
	TRY(advance(k, true));
	return db_post(k->cx, &q_callout_add,
	        DB_ARGS(k->c->id, k->c->incident_id, k->c->run_id, k->c->user_id, k->c->because,
	                urgency_names[k->c->urgency], k->c->began_at, k->c->next_step,
	                k->c->asked, k->c->steps));
}

struct err *
callout_start(
        struct ctx *cx, struct engine *e, const struct callout_begin *b, bool *ret_reached)
{
	struct callout c;
	struct call k = {
		.cx = cx, .e = e, .inc = b->incident, .c = &c, .late_by = b->late_by
	};

	bool asked = b->asked;

	*ret_reached = false;
	k.user = snapshot_user(e->snapshot, b->user_id);
	if (k.user == NULL)
		return withheld(cx, e, k.inc, b->user_id, REASON_USER_GONE, NULL);
	k.plan = callout_steps_of(cx, k.user, k.inc->urgency);
	if (k.plan.n == 0)
		return withheld(cx, e, k.inc, b->user_id, REASON_NO_CONTACT, NULL);
	if (k.inc->revision > 0)
		TRY(replace_older(cx, e, k.inc, b->user_id, &asked));
	*ret_reached = true;
	return begin(&k, b, asked);
}

/* ---- going on ---- */

/* The person was removed from the configuration while being called. */
static struct err *
gone(struct call *k)
{
	k->c->state = CALLOUT_UNREACHED;
	TRY(db_post(k->cx, &q_pages_cancel_of_callout,
	        DB_ARGS(k->inc->id, k->c->id, ctx_now(k->cx))));
	TRY(withheld(k->cx, k->e, k->inc, k->c->user_id, REASON_USER_GONE, NULL));
	return store(k);
}

static struct err *
go_on(struct call *k, bool at_least_one)
{
	TRY(open_call(k));
	if (k->user == NULL) {
		TRY(gone(k));
	} else {
		TRY(advance(k, at_least_one));
		TRY(settle(k));
	}
	if (k->c->state != CALLOUT_UNREACHED)
		return NULL;
	return escalation_unreached(k->cx, k->e, k->inc, k->c->run_id);
}

struct err *
callout_due(struct ctx *cx, struct engine *e, const struct timer *t)
{
	struct incident inc;
	struct callout c;
	struct call k = { .cx = cx, .e = e, .inc = &inc, .c = &c, .late_by = e->late_by };
	bool found;

	TRY(db_maybe(cx, &q_callout_get, DB_ARGS(t->ref_id), &c, &found));
	if (!found || c.state != CALLOUT_RUNNING)
		return NULL;
	TRY(incident_load(cx, c.incident_id, &inc));
	usec_t exhausted = inc.exhausted_at;
	TRY(go_on(&k, false));
	return incident_store_paging(cx, &inc, exhausted);
}

struct err *
callout_page_ended(
        struct ctx *cx, struct engine *e, struct incident *inc, int64_t callout_id, bool failed)
{
	struct callout c;
	struct call k = { .cx = cx, .e = e, .inc = inc, .c = &c };
	bool found;

	TRY(db_maybe(cx, &q_callout_get, DB_ARGS(callout_id), &c, &found));
	if (!found || c.state != CALLOUT_RUNNING)
		return NULL;
	if (failed) {
		TRY(withheld(cx, e, inc, c.user_id, REASON_CONTACT_FAILED, NULL));
		TRY(timer_cancel(cx, TIMER_CONTACT, inc->id, c.id));
		return go_on(&k, true);
	}
	TRY(open_call(&k));
	return settle(&k);
}

struct err *
callout_page_sent(struct ctx *cx, struct engine *e, struct incident *inc,
        const struct callout *of, int64_t n_pending)
{
	struct callout c = *of;
	struct call k = { .cx = cx, .e = e, .inc = inc, .c = &c };

	if (c.state != CALLOUT_RUNNING)
		return NULL;
	TRY(open_call(&k));
	if (c.next_step >= (int64_t)k.plan.n && n_pending == 0)
		c.state = CALLOUT_SPENT;
	return store(&k);
}

/* ---- the end ---- */

static struct err *
had_more_to_come(struct ctx *cx, const struct callout *c, bool *ret)
{
	struct callout_steps plan;
	struct page_standing *pages;
	size_t n;

	TRY(steps_read(cx, c->steps, &plan));
	TRY(db_list(cx, &q_pages_of_callout, DB_ARGS(c->incident_id, c->id), &pages, &n));
	*ret = c->next_step < (int64_t)plan.n;
	for (size_t i = 0; i < n; i++)
		*ret |= is_pending(pages[i].state);
	return NULL;
}

struct err *
callout_stop(struct ctx *cx, struct engine *e, struct incident *inc, struct callout *c,
        enum callout_state to, enum reason why)
{
	bool more = false;

	if (c->state != CALLOUT_RUNNING && to != CALLOUT_ANSWERED)
		return NULL;
	if (why != REASON_NONE && c->state == CALLOUT_RUNNING)
		TRY(had_more_to_come(cx, c, &more));
	if (more)
		TRY(withheld(cx, e, inc, c->user_id, why, NULL));
	c->state = to;
	TRY(timer_cancel(cx, TIMER_CONTACT, inc->id, c->id));
	TRY(db_post(
	        cx, &q_pages_cancel_of_callout, DB_ARGS(c->incident_id, c->id, ctx_now(cx))));
	return db_post(
	        cx, &q_callout_set, DB_ARGS(c->id, callout_state_names[to], c->next_step));
}
