/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher's claims: pages that are due come into the slots that are free. */
#include "channel/dispatcher_priv.h"

/* The lease runs from the claim. When the database took this long to commit it, too little of
 * it is left. */
#define CLAIM_LATE SECONDS(5)

/* ---- a claimed page takes a slot ---- */

static struct err *
prepare_slot(struct slot *s, struct page_job *job)
{
	struct sending *sending = ARENA_NEW(&s->cx.mem, struct sending);

	page_job_read_signal(&s->cx, job);
	*sending = (struct sending){ .cx = &s->cx, .settings = s->d->settings, .job = job };
	if (s->channel == NULL)
		return err_new(&s->cx, ERR_INVALID,
		        "there is no channel for contacts of type %s", job->page.contact_type);
	channel_links(sending);
	TRY(s->channel->prepare(sending, &s->out));
	return transfer_host(&s->cx, s->out.url, &s->host);
}

static void
fill_slot(struct slot *s, struct page_job *job)
{
	s->page_id = job->page.id;
	s->attempt = job->page.attempts;
	s->channel = channel_by_name(job->page.contact_type);
	s->report = (struct page_report){ .page_id = s->page_id, .attempt = s->attempt };
	struct err *e = prepare_slot(s, job);
	if (e != NULL)
		end_unsent(s, SEND_FAILED, err_text(&s->cx, e));
	else if (job->page.lease_until - clock_now(s->d->clock) < DISPATCH_LEASE - CLAIM_LATE)
		end_unsent(s, SEND_RETRY, "the claim came too late to be used");
	else if (atomic_load(&s->d->stopping))
		end_unsent(s, SEND_RETRY, "Tocsin was stopped before it was sent");
	else
		slot_becomes(s, SLOT_WAITING);
}

static struct slot *
slot_of_page(struct dispatcher *d, int64_t page_id)
{
	EACH_SLOT(d, s)
	if (s->state != SLOT_FREE && s->page_id == page_id)
		return s;
	return NULL;
}

static struct slot *
free_slot(struct dispatcher *d)
{
	EACH_SLOT(d, s)
	if (s->state == SLOT_FREE)
		return s;
	return NULL;
}

/* Whether the database has the claim is not known. If so, its pages are put back as soon as the
 * database answers, and need not wait for their lease; if not, the report finds nothing. */
static void
put_back_claimed(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	for (size_t i = 0; i < c->pages.n; i++) {
		const struct page *p = &c->pages.jobs[i].page;
		if (slot_of_page(d, p->id) != NULL)
			continue;
		struct slot *s = free_slot(d);
		s->page_id = p->id;
		s->attempt = p->attempts;
		s->report = (struct page_report){ .page_id = p->id, .attempt = p->attempts };
		end_unsent(s, SEND_RETRY, "the database did not answer");
	}
}

/* A page that is in hand already outlived its lease while its report waits: that report says
 * what became of it. */
void
take_claimed(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	if (!c->under_way || !atomic_load(&c->answered))
		return;
	c->under_way = c->stands_by = false;
	if (c->cmd.result != NULL) {
		if (c->cmd.result->code == ERR_UNAVAILABLE)
			put_back_claimed(d);
		rest_writer(d, &c->cx, c->cmd.result);
	} else {
		for (size_t i = 0; i < c->pages.n; i++)
			if (slot_of_page(d, c->pages.jobs[i].page.id) == NULL)
				fill_slot(free_slot(d), &c->pages.jobs[i]);
		d->next_due = c->next_due;
	}
	ctx_reset(&c->cx);
}

/* ---- claiming ---- */

static struct err *
claim_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct claim *c = arg;

	c->pages = (struct page_claim){ .limit = (int64_t)atomic_load(&c->room),
		.lease = DISPATCH_LEASE };
	TRY(paging_claim(cx, e, &c->pages));
	TRY(paging_next_due(cx, &c->next_due));
	e->pages_queued = false; /* next_due says what is left: nobody need be woken for it */
	return NULL;
}

static void
on_claimed(struct command *cmd)
{
	struct dispatcher *d = cmd->owner;

	atomic_store(&d->claim.answered, true);
	curl_multi_wakeup(d->multi);
}

bool
may_claim(struct dispatcher *d)
{
	return !atomic_load(&d->stopping) && (!d->claim.under_way || d->claim.stands_by)
	        && !writer_rests(d) && in_state(d, SLOT_FREE) > 0;
}

/* False when the writer has just taken the claim that stood by. */
static bool
claim_is_ours(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	if (!c->under_way)
		return true;
	if (!c->stands_by)
		return false;
	c->stands_by = false;
	c->under_way = !writer_take_back(d->writer, &c->cmd);
	return !c->under_way;
}

static void
make_claim(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	c->pages.n = 0;
	c->cmd = (struct command){
		.cx = &c->cx, .run = claim_run, .arg = c, .done = on_claimed, .owner = d
	};
	atomic_store(&c->answered, false);
}

static void
submit_claim(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	make_claim(d);
	c->under_way = writer_submit(d->writer, &c->cmd);
	if (!c->under_way)
		rest_writer(d, NULL, NULL);
}

/* Pages that are made from now on are claimed in the transaction that makes them. */
static void
stand_by(struct dispatcher *d)
{
	struct claim *c = &d->claim;

	if (c->under_way)
		return;
	make_claim(d);
	c->under_way = c->stands_by = true;
	writer_stand_by(d->writer, &c->cmd);
}

void
ask_for_pages(struct dispatcher *d)
{
	atomic_store(&d->claim.room, in_state(d, SLOT_FREE));
	if (atomic_load(&d->stopping))
		claim_is_ours(d);
	if (!may_claim(d))
		return;
	bool woken = atomic_load(&d->woken);
	if (!woken && d->next_due > clock_now(d->clock)) {
		stand_by(d);
		return;
	}
	if (!claim_is_ours(d))
		return;
	atomic_store(&d->woken, false);
	submit_claim(d);
}
