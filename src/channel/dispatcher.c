/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each claimed page takes a slot and walks through its states; a turn of the loop moves every
 * slot as far as it goes without waiting. Commands to the writer are submitted and answered by
 * a flag and a wake-up. A page in hand that finds its host busy waits here and not in libcurl,
 * whose time limits would run meanwhile.
 */
#include "channel/dispatcher.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "channel/transfer.h"

#define PER_HOST_DEFAULT 16
#define LOOK_AGAIN SECONDS(1) /* clocks jump; and after the writer failed */
#define STOP_AFTER SECONDS(10)

/* The wait for a busy host and the transfer together stay below the lease. */
#define HOST_WAIT_MAX SECONDS(30)

/* The lease runs from the claim. When the database took this long to commit it, too little of
 * it is left. */
#define CLAIM_LATE SECONDS(5)

enum slot_state {
	SLOT_FREE,
	SLOT_WAITING,   /* its host has as many transfers as it may */
	SLOT_SENDING,   /* libcurl has it */
	SLOT_ENDED,     /* the report is to be submitted */
	SLOT_REPORTING, /* the writer has it */
};

struct slot {
	enum slot_state state;
	struct dispatcher *d;
	struct ctx cx; /* all memory of this page, until it was reported */
	int64_t page_id, attempt;
	const struct channel *channel;
	const char *host;
	struct outgoing out;
	struct transfer transfer;
	usec_t since; /* in this state; monotonic */
	struct page_report report;
	struct command cmd;
	atomic_bool answered; /* by the writer's thread */
};

struct claim {
	struct ctx cx;
	struct page_claim pages;
	usec_t next_due;
	struct command cmd;
	atomic_size_t room; /* slots that are free; only this claim makes them fewer */
	bool under_way;     /* the writer has it, or it stands by */
	bool stands_by;     /* as far as this thread knows */
	atomic_bool answered;
};

struct dispatcher {
	struct arena mem; /* holds this struct itself */
	const struct channel_settings *settings;
	const struct clock *clock;
	struct writer *writer;
	CURLM *multi;
	pthread_t thread;
	bool started;
	atomic_bool stopping, woken;
	atomic_ullong sent, retried, failed;
	atomic_size_t n_in_hand;
	atomic_llong last_turn; /* monotonic */
	/* The thread's own. */
	struct slot slots[DISPATCH_AT_ONCE];
	struct claim claim;
	usec_t next_due;
	usec_t writer_rests_until; /* monotonic: it was full or failed */
};

#define EACH_SLOT(d, s)                                                                        \
	for (struct slot *s = (d)->slots; s < (d)->slots + DISPATCH_AT_ONCE; s++)

static void
slot_becomes(struct slot *s, enum slot_state state)
{
	s->state = state;
	s->since = clock_mono();
}

static size_t
in_state(struct dispatcher *d, enum slot_state state)
{
	size_t n = 0;

	EACH_SLOT(d, s)
	n += s->state == state;
	return n;
}

static bool
writer_rests(const struct dispatcher *d)
{
	return clock_mono() < d->writer_rests_until;
}

static void
rest_writer(struct dispatcher *d, struct ctx *cx, const struct err *e)
{
	d->writer_rests_until = clock_mono() + LOOK_AGAIN;
	if (e != NULL)
		log_err(cx, LOG_WARN, "dispatch", e);
}

/* ---- a claimed page takes a slot ---- */

static void
end_unsent(struct slot *s, enum send_result result, const char *error)
{
	s->report.result = result;
	s->report.error = error;
	slot_becomes(s, SLOT_ENDED);
}

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
static void
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

static bool
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

static void
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

/* ---- sending ---- */

static size_t
sending_to(struct dispatcher *d, const char *host)
{
	size_t n = 0;

	EACH_SLOT(d, s)
	n += s->state == SLOT_SENDING && strcmp(s->host, host) == 0;
	return n;
}

static void
send_slot(struct slot *s)
{
	transfer_open(&s->transfer, s->d->settings, &s->out, s);
	if (curl_multi_add_handle(s->d->multi, s->transfer.easy) == CURLM_OK) {
		slot_becomes(s, SLOT_SENDING);
		return;
	}
	transfer_close(&s->transfer);
	end_unsent(s, SEND_RETRY, "no transfer could begin");
}

static void
start_waiting(struct dispatcher *d)
{
	size_t most = d->settings->limits.per_host;

	most = most == 0 ? PER_HOST_DEFAULT : most;
	EACH_SLOT(d, s)
	{
		if (s->state != SLOT_WAITING)
			continue;
		if (atomic_load(&d->stopping))
			end_unsent(s, SEND_RETRY, "Tocsin was stopped before it was sent");
		else if (sending_to(d, s->host) < most)
			send_slot(s);
		else if (clock_mono() - s->since > HOST_WAIT_MAX)
			end_unsent(s, SEND_RETRY, "too much is on its way to that host");
	}
}

static const char *const result_words[] = {
	[SEND_OK] = "sent", [SEND_RETRY] = "retry", [SEND_FAILED] = "failed"
};

/* Neither the address nor what the other side said: both may hold what is nobody's business. */
static void
log_sent(const struct slot *s, const struct ending *a)
{
	log_line(NULL, s->report.result == SEND_OK ? LOG_INFO : LOG_WARN, "dispatch",
	        "page=%lld channel=%s attempt=%lld result=%s status=%ld curl=%d ms=%lld",
	        (long long)s->page_id, s->channel->name, (long long)s->attempt,
	        result_words[s->report.result], a->status, (int)a->code,
	        (long long)((clock_mono() - s->since) / USEC_PER_MS));
}

static void
end_transfer(struct slot *s, CURLcode code)
{
	struct ending a = transfer_ending(&s->transfer, code);

	s->channel->judge(&s->cx, &a, &s->report);
	log_sent(s, &a);
	curl_multi_remove_handle(s->d->multi, s->transfer.easy);
	transfer_close(&s->transfer);
	slot_becomes(s, SLOT_ENDED);
}

static void
gather_ended(struct dispatcher *d)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(d->multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			end_transfer(transfer_of(m->easy_handle), m->data.result);
}

/* ---- reporting ---- */

static void
on_reported(struct command *cmd)
{
	struct slot *s = cmd->owner;
	CURLM *multi = s->d->multi;

	atomic_store(&s->answered, true);
	curl_multi_wakeup(multi);
}

static void
submit_reports(struct dispatcher *d)
{
	EACH_SLOT(d, s)
	{
		if (s->state != SLOT_ENDED || writer_rests(d))
			continue;
		s->cmd = (struct command){ .cx = &s->cx,
			.run = paging_report,
			.arg = &s->report,
			.done = on_reported,
			.owner = s };
		atomic_store(&s->answered, false);
		if (writer_submit(d->writer, &s->cmd))
			slot_becomes(s, SLOT_REPORTING);
		else
			rest_writer(d, NULL, NULL);
	}
}

static void
count_result(struct dispatcher *d, enum send_result result)
{
	switch (result) {
	case SEND_OK:
		atomic_fetch_add(&d->sent, 1);
		break;
	case SEND_RETRY:
		atomic_fetch_add(&d->retried, 1);
		d->next_due = 0; /* when that is, the next claim says */
		break;
	case SEND_FAILED:
		atomic_fetch_add(&d->failed, 1);
		break;
	}
}

/* An error that another try cannot mend leaves the page to its lease. */
static void
end_report(struct slot *s)
{
	const struct err *e = s->cmd.result;

	if (e != NULL && (e->code == ERR_UNAVAILABLE || e->code == ERR_CONFLICT)) {
		rest_writer(s->d, &s->cx, e);
		slot_becomes(s, SLOT_ENDED);
		return;
	}
	if (e != NULL)
		log_err(&s->cx, LOG_ERROR, "dispatch", e);
	else
		count_result(s->d, s->report.result);
	ctx_reset(&s->cx);
	slot_becomes(s, SLOT_FREE);
}

static void
free_reported(struct dispatcher *d)
{
	EACH_SLOT(d, s)
	if (s->state == SLOT_REPORTING && atomic_load(&s->answered))
		end_report(s);
}

/* ---- the thread ---- */

/* Until a socket, the writer, a wake-up, or the time of the next page. */
static void
pause_until_something(struct dispatcher *d)
{
	usec_t wait = LOOK_AGAIN;

	if (may_claim(d) && d->next_due < clock_now(d->clock) + wait)
		wait = d->next_due - clock_now(d->clock);
	curl_multi_poll(d->multi, NULL, 0, wait <= 0 ? 0 : (int)(wait / USEC_PER_MS) + 1, NULL);
}

/* Reports go before claims, so that a page whose lease is over is not claimed again when it
 * only waits to be reported. */
static void
turn(struct dispatcher *d)
{
	int running;

	atomic_store(&d->last_turn, clock_mono());
	free_reported(d);
	submit_reports(d);
	take_claimed(d);
	ask_for_pages(d);
	start_waiting(d);
	curl_multi_perform(d->multi, &running);
	gather_ended(d);
	submit_reports(d);
	start_waiting(d);
	atomic_store(&d->n_in_hand, DISPATCH_AT_ONCE - in_state(d, SLOT_FREE));
}

/* What the writer has, it has memory of: that is waited for, however long. */
static bool
something_left(struct dispatcher *d, usec_t give_up)
{
	if (d->claim.under_way || in_state(d, SLOT_REPORTING) > 0)
		return true;
	return in_state(d, SLOT_FREE) < DISPATCH_AT_ONCE && clock_mono() < give_up;
}

static void *
run(void *arg)
{
	struct dispatcher *d = arg;

	while (!atomic_load(&d->stopping)) {
		turn(d);
		pause_until_something(d);
	}
	usec_t give_up = clock_mono() + STOP_AFTER;
	for (turn(d); something_left(d, give_up); turn(d))
		pause_until_something(d);
	return NULL;
}

/* ---- start and end ---- */

struct err *
dispatcher_new(struct ctx *cx, const struct channel_settings *settings, struct dispatcher **ret)
{
	struct arena mem;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_new(cx, ERR_UNAVAILABLE, "libcurl does not start");
	arena_init(&mem);
	struct dispatcher *d = ARENA_NEW(&mem, struct dispatcher);
	d->mem = mem;
	d->settings = settings;
	d->clock = cx->clock;
	d->last_turn = clock_mono();
	d->multi = curl_multi_init();
	ctx_init(&d->claim.cx, d->clock);
	EACH_SLOT(d, s)
	{
		s->d = d;
		ctx_init(&s->cx, d->clock);
	}
	*ret = d;
	return NULL;
}

struct err *
dispatcher_start(struct ctx *cx, struct dispatcher *d, struct writer *writer)
{
	d->writer = writer;
	if (pthread_create(&d->thread, NULL, run, d) != 0)
		return err_new(cx, ERR_UNAVAILABLE, "no thread for sending pages");
	d->started = true;
	return NULL;
}

void
dispatcher_wake(struct dispatcher *d)
{
	atomic_store(&d->woken, true);
	curl_multi_wakeup(d->multi);
}

void
dispatcher_finish(struct dispatcher *d)
{
	if (d == NULL || !d->started)
		return;
	atomic_store(&d->stopping, true);
	curl_multi_wakeup(d->multi);
	pthread_join(d->thread, NULL);
	d->started = false;
}

void
dispatcher_free(struct dispatcher *d)
{
	if (d == NULL)
		return;
	EACH_SLOT(d, s)
	{
		if (s->transfer.easy != NULL)
			curl_multi_remove_handle(d->multi, s->transfer.easy);
		transfer_close(&s->transfer);
		ctx_close(&s->cx);
	}
	ctx_close(&d->claim.cx);
	curl_multi_cleanup(d->multi);
	curl_global_cleanup();
	struct arena mem = d->mem;
	arena_free(&mem);
}

void
dispatcher_stats(struct dispatcher *d, struct dispatcher_stats *ret)
{
	*ret = (struct dispatcher_stats){ .sent = atomic_load(&d->sent),
		.retried = atomic_load(&d->retried),
		.failed = atomic_load(&d->failed),
		.under_way = atomic_load(&d->n_in_hand),
		.last_turn = atomic_load(&d->last_turn) };
}
