/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each claimed page takes a slot and walks through its states; a turn of the loop moves every
 * slot as far as it goes without waiting. Commands to the writer are submitted and answered by
 * a flag and a wake-up. A page in hand that finds its host busy waits here and not in libcurl,
 * whose time limits would run meanwhile.
 */
#include "channel/dispatcher.h"

#include "base/log.h"
#include "channel/dispatcher_priv.h"

#define PER_HOST_DEFAULT 16
#define LOOK_AGAIN SECONDS(1) /* clocks jump; and after the writer failed */
#define STOP_AFTER SECONDS(10)

/* The wait for a busy host and the transfer together stay below the lease. */
#define HOST_WAIT_MAX SECONDS(30)

void
slot_becomes(struct slot *s, enum slot_state state)
{
	s->state = state;
	s->since = clock_mono();
}

size_t
in_state(struct dispatcher *d, enum slot_state state)
{
	size_t n = 0;

	EACH_SLOT(d, s)
	n += s->state == state;
	return n;
}

bool
writer_rests(const struct dispatcher *d)
{
	return clock_mono() < d->writer_rests_until;
}

void
rest_writer(struct dispatcher *d, struct ctx *cx, const struct err *e)
{
	d->writer_rests_until = clock_mono() + LOOK_AGAIN;
	if (e != NULL)
		log_err(cx, LOG_WARN, "dispatch", e);
}

void
end_unsent(struct slot *s, enum send_result result, const char *error)
{
	s->report.result = result;
	s->report.error = error;
	slot_becomes(s, SLOT_ENDED);
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
		transfer_free(&s->transfer);
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
