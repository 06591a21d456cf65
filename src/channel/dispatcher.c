/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/dispatcher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "channel/answer_link.h"

#define PER_HOST 16L
#define PAUSE_MS 1000 /* at most between two looks, and after the writer failed */
#define STOP_AFTER SECONDS(10)

/* What was claimed together lives together. */
struct batch_of_jobs {
	struct ctx cx;
	size_t left;
};

struct transfer {
	struct sending s;
	struct batch_of_jobs *batch;
	const struct channel *channel;
	struct page_report report;
	struct transfer *next; /* among those that ended */
};

struct dispatcher {
	const struct channel_settings *settings;
	struct writer *writer;
	CURLM *multi;
	pthread_t thread;
	bool started;
	atomic_bool stopping, woken;
	size_t under_way; /* the thread's own */
	struct transfer *ended;
	usec_t next_due;
	atomic_ullong sent, retried, failed, n_under_way;
};

/* ---- claiming ---- */

struct claim {
	struct page_claim claim;
	usec_t next_due;
};

static struct err *
claim_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct claim *c = arg;

	TRY(paging_claim(cx, e, &c->claim));
	return paging_next_due(cx, &c->next_due);
}

static void
set_common(struct transfer *t)
{
	CURL *c = t->s.easy;

	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->s.trouble);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(CHANNEL_CONNECT / USEC_PER_MS));
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(CHANNEL_TOTAL / USEC_PER_MS));
	if (t->s.settings->ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, t->s.settings->ca_file);
}

static void
set_links(struct transfer *t)
{
	const struct page_job *job = t->s.job;
	const struct channel_settings *set = t->s.settings;
	struct arena *mem = &t->s.cx->mem;

	if (job->incident.id == 0)
		return;
	t->s.incident_url = arena_printf(
	        mem, "%s/incidents/%lld", set->base_url, (long long)job->incident.id);
	if (job->page.user_id != NULL)
		t->s.answer_url = arena_printf(mem, "%s/a/%s", set->base_url,
		        answer_token_make(mem, set->link_key, job->page.id,
		                ctx_now(t->s.cx) + ANSWER_SPAN));
}

static void
end_transfer(struct dispatcher *d, struct transfer *t)
{
	t->next = d->ended;
	d->ended = t;
}

static void
begin_transfer(struct dispatcher *d, struct transfer *t)
{
	struct err *e = NULL;

	t->report.page_id = t->s.job->page.id;
	t->channel = channel_by_name(t->s.job->page.contact_type);
	d->under_way++;
	t->s.easy = curl_easy_init();
	if (t->s.easy == NULL)
		abort();
	set_common(t);
	set_links(t);
	if (t->channel == NULL)
		e = err_new(t->s.cx, ERR_INVALID, "there is no channel %s",
		        t->s.job->page.contact_type);
	else
		e = t->channel->prepare(&t->s);
	if (e == NULL && curl_multi_add_handle(d->multi, t->s.easy) == CURLM_OK)
		return;
	t->report.result = SEND_FAILED;
	t->report.error = e == NULL ? "no transfer could begin" : err_text(t->s.cx, e);
	end_transfer(d, t);
}

static void
begin_batch(struct dispatcher *d, struct batch_of_jobs *b, const struct page_claim *claim)
{
	struct transfer *list = ARENA_ARRAY(&b->cx.mem, claim->n, struct transfer);

	b->left = claim->n;
	for (size_t i = 0; i < claim->n; i++) {
		list[i].batch = b;
		list[i].s.cx = &b->cx;
		list[i].s.settings = d->settings;
		list[i].s.job = &claim->jobs[i];
		begin_transfer(d, &list[i]);
	}
}

static struct batch_of_jobs *
new_batch(void)
{
	struct batch_of_jobs *b = calloc(1, sizeof *b);

	if (b == NULL)
		abort();
	ctx_init(&b->cx, NULL);
	return b;
}

static void
free_batch(struct batch_of_jobs *b)
{
	ctx_close(&b->cx);
	free(b);
}

/* False when the writer could not. */
static bool
take_due(struct dispatcher *d)
{
	struct batch_of_jobs *b = new_batch();
	struct claim c = { .claim = { .limit = (int64_t)(DISPATCH_AT_ONCE - d->under_way),
		                   .lease = DISPATCH_LEASE } };
	struct err *e = writer_run(d->writer, &b->cx, claim_run, &c);

	if (e != NULL)
		log_err(&b->cx, LOG_WARN, "dispatch", e);
	else
		d->next_due = c.next_due;
	if (e == NULL && c.claim.n > 0)
		begin_batch(d, b, &c.claim);
	else
		free_batch(b);
	return e == NULL;
}

/* ---- reporting ---- */

static void
count(struct dispatcher *d, enum send_result result)
{
	atomic_fetch_add(result == SEND_OK     ? &d->sent
	                : result == SEND_RETRY ? &d->retried
	                                       : &d->failed,
	        1);
}

/* Moves what libcurl has finished to the ended. */
static void
gather(struct dispatcher *d)
{
	struct transfer *t;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(d->multi, &left)) != NULL) {
		long status = 0;
		if (m->msg != CURLMSG_DONE)
			continue;
		CURL *easy = m->easy_handle;
		CURLcode code = m->data.result;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		t->channel->judge(&t->s, code, status, &t->report);
		curl_multi_remove_handle(d->multi, easy);
		end_transfer(d, t);
	}
}

static struct err *
report_run(struct ctx *cx, struct engine *e, void *arg)
{
	for (struct transfer *t = arg; t != NULL; t = t->next)
		TRY(paging_report(cx, e, &t->report));
	return NULL;
}

static void
free_transfer(struct dispatcher *d, struct transfer *t)
{
	struct batch_of_jobs *b = t->batch;

	curl_easy_cleanup(t->s.easy);
	curl_mime_free(t->s.mime);
	curl_slist_free_all(t->s.headers);
	curl_slist_free_all(t->s.recipients);
	d->under_way--;
	if (--b->left == 0)
		free_batch(b);
}

static bool
report(struct dispatcher *d)
{
	struct transfer *t = d->ended;
	struct ctx cx;

	if (t == NULL)
		return true;
	ctx_init(&cx, NULL);
	struct err *e = writer_run(d->writer, &cx, report_run, t);
	if (e != NULL)
		log_err(&cx, LOG_WARN, "dispatch", e);
	ctx_close(&cx);
	if (e != NULL)
		return false; /* kept, and told again */
	d->ended = NULL;
	d->next_due = 0; /* a retry or a next contact may have come of it */
	for (struct transfer *next; t != NULL; t = next) {
		next = t->next;
		count(d, t->report.result);
		free_transfer(d, t);
	}
	return true;
}

/* ---- the thread ---- */

static int
pause_ms(const struct dispatcher *d)
{
	usec_t wait =
	        d->next_due == USEC_NEVER ? USEC_NEVER : d->next_due - clock_now(&clock_real);

	if (d->under_way >= DISPATCH_AT_ONCE || wait > PAUSE_MS * USEC_PER_MS)
		return PAUSE_MS;
	return wait <= 0 ? 0 : (int)(wait / USEC_PER_MS) + 1;
}

static bool
something_due(struct dispatcher *d)
{
	if (atomic_exchange(&d->woken, false))
		d->next_due = 0;
	return d->under_way < DISPATCH_AT_ONCE && d->next_due <= clock_now(&clock_real);
}

static void
turn(struct dispatcher *d)
{
	int running;
	bool ok = true;

	if (!atomic_load(&d->stopping) && something_due(d))
		ok = take_due(d);
	curl_multi_perform(d->multi, &running);
	gather(d);
	ok = report(d) && ok;
	atomic_store(&d->n_under_way, d->under_way);
	curl_multi_poll(d->multi, NULL, 0, ok ? pause_ms(d) : PAUSE_MS, NULL);
}

static void *
run(void *arg)
{
	struct dispatcher *d = arg;
	usec_t give_up = 0;

	while (!atomic_load(&d->stopping))
		turn(d);
	give_up = clock_mono() + STOP_AFTER;
	d->next_due = USEC_NEVER;
	while (d->under_way > 0 && clock_mono() < give_up)
		turn(d);
	return NULL;
}

/* ---- start and end ---- */

struct err *
dispatcher_new(struct ctx *cx, const struct channel_settings *settings, struct dispatcher **ret)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_new(cx, ERR_UNAVAILABLE, "libcurl does not start");
	struct dispatcher *d = calloc(1, sizeof *d);
	if (d == NULL)
		abort();
	d->settings = settings;
	d->multi = curl_multi_init();
	curl_multi_setopt(d->multi, CURLMOPT_MAX_HOST_CONNECTIONS, PER_HOST);
	curl_multi_setopt(d->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)DISPATCH_AT_ONCE);
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
	curl_multi_cleanup(d->multi);
	curl_global_cleanup();
	free(d);
}

void
dispatcher_stats(struct dispatcher *d, struct dispatcher_stats *ret)
{
	*ret = (struct dispatcher_stats){ .sent = atomic_load(&d->sent),
		.retried = atomic_load(&d->retried),
		.failed = atomic_load(&d->failed),
		.under_way = atomic_load(&d->n_under_way) };
}
