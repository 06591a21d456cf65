/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher's side of paging: claims with a lease, and reports of what became of them. */
#include "base/random.h"
#include "engine/ask.h"
#include "engine/hindsight.h"
#include "engine/page.h"
#include "engine/paging.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

/* ---- claiming ---- */

/* A bundle speaks for what is still held for it; when all of that was answered it is not
 * sent. */
static struct err *
fill_bundle(struct ctx *cx, struct page_job *job)
{
	struct buf lines = BUF_INIT(&cx->mem, 8 * 1024);
	struct page *held;
	struct incident inc;
	size_t n;

	TRY(db_list(cx, &q_pages_in_bundle, DB_ARGS(job->page.id), &held, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(incident_load(cx, held[i].incident_id, &inc));
		buf_printf(&lines, "#%lld %s\n", (long long)inc.id, inc.title);
	}
	job->n_bundled = (int64_t)n;
	job->bundled = buf_cstr(&lines);
	return NULL;
}

static struct err *
end_page(struct ctx *cx, struct page *p, enum page_state state)
{
	p->state = state;
	p->ended_at = ctx_now(cx);
	return db_post(cx, &q_page_set,
	        DB_ARGS(p->id, page_state_names[state], DB_NULL_IF(true, 0),
	                OPTIONAL(p->sent_at), p->ended_at, p->receipt, p->error));
}

/* A page that was under way when its call ended is not sent another time. */
static struct err *
is_wanted(struct ctx *cx, const struct page *p, bool *ret)
{
	struct engine_count calls;

	*ret = true;
	if (p->is_bundle || p->attempts == 0)
		return NULL;
	TRY(db_one(cx, &q_page_wanted, DB_ARGS(p->callout_id, p->incident_id), &calls));
	*ret = calls.n > 0;
	return NULL;
}

/* A page that is due, and what was read for it. */
struct due {
	struct page *page;
	struct db_arg incident_id;
	struct incident inc;
	struct run run; /* its main one */
	struct engine_text signal;
	bool has_incident, has_run, has_signal;
};

#define ABOUT(q, ret, found) QUESTION(q, struct due, incident_id, 1, ret, found)

/* Most incidents have one alert, and then nothing need be sorted. */
static struct err *
read_signals(struct ctx *cx, void *const *of, size_t n)
{
	void **one = ARENA_ARRAY(&cx->mem, n, void *),
	     **more = ARENA_ARRAY(&cx->mem, n, void *);
	size_t n_one = 0, n_more = 0;

	for (size_t i = 0; i < n; i++)
		if (((struct due *)of[i])->inc.n_alerts == 1)
			one[n_one++] = of[i];
		else
			more[n_more++] = of[i];
	TRY(ask_each(cx, ABOUT(&q_alert_body_of_incident, signal, has_signal), one, n_one));
	return ask_each(cx, ABOUT(&q_alert_body_newest, signal, has_signal), more, n_more);
}

/* A claim changes nothing of this, so it is read for all pages before the first is claimed. */
static struct err *
read_due(struct ctx *cx, struct due *due, size_t n)
{
	void **of = ARENA_ARRAY(&cx->mem, n, void *);
	size_t n_of = 0;

	for (size_t i = 0; i < n; i++) {
		if (due[i].page->is_bundle || due[i].page->incident_id == 0)
			continue;
		due[i].incident_id = db_arg_int(due[i].page->incident_id);
		of[n_of++] = &due[i];
	}
	TRY(ask_each(cx, ABOUT(&q_incident_get, inc, has_incident), of, n_of));
	TRY(ask_each(cx, ABOUT(&q_run_main, run, has_run), of, n_of));
	return read_signals(cx, of, n_of);
}

static struct err *
claim_one(struct ctx *cx, struct engine *e, struct due *d, struct page_claim *claim)
{
	struct page *p = d->page;
	struct page_job job = { .page = *p };
	bool wanted;

	TRY(is_wanted(cx, p, &wanted));
	if (!wanted)
		return end_page(cx, p, PAGE_CANCELLED);
	if (p->is_bundle) {
		TRY(fill_bundle(cx, &job));
		if (job.n_bundled == 0)
			return end_page(cx, p, PAGE_CANCELLED);
	} else if (p->incident_id == 0) {
		TRY(notice_fill(cx, &job));
	} else if (d->has_incident) {
		job.incident = d->inc;
		job.signal = d->has_signal ? d->signal.value : NULL;
	} else {
		return err_new(cx, ERR_NOT_FOUND, "there is no incident %lld",
		        (long long)p->incident_id);
	}
	job.page.possibly_twice |= p->state == PAGE_SENDING;
	job.page.state = PAGE_SENDING;
	job.page.attempts++;
	job.page.lease_until = ctx_now(cx) + claim->lease;
	TRY(db_post(cx, &q_page_claim,
	        DB_ARGS(p->id, job.page.attempts, job.page.lease_until, job.page.possibly_twice,
	                e->node)));
	TRY(page_context(cx, e, &job, d->has_run ? &d->run : NULL));
	claim->jobs[claim->n++] = job;
	return NULL;
}

struct err *
paging_claim(struct ctx *cx, struct engine *e, void *arg)
{
	struct page_claim *claim = arg;
	struct page *pages;
	size_t n;

	TRY(db_list(cx, &q_pages_due, DB_ARGS(ctx_now(cx), claim->limit), &pages, &n));
	struct due *due = ARENA_ARRAY(&cx->mem, n, struct due);
	for (size_t i = 0; i < n; i++)
		due[i].page = &pages[i];
	TRY(read_due(cx, due, n));
	claim->jobs = ARENA_ARRAY(&cx->mem, n, struct page_job);
	claim->n = 0;
	for (size_t i = 0; i < n; i++)
		TRY(claim_one(cx, e, &due[i], claim));
	return NULL;
}

struct err *
paging_recover(struct ctx *cx, struct engine *e, void *arg)
{
	(void)arg;
	return db_exec(cx, &q_pages_release, DB_ARGS(ctx_now(cx), e->node));
}

struct err *
paging_next_due(struct ctx *cx, usec_t *ret)
{
	struct engine_count first;

	TRY(db_one(cx, &q_page_next_due, DB_NO_ARGS, &first));
	*ret = first.n == 0 ? USEC_NEVER : first.n;
	return NULL;
}

/* ---- reports ---- */

usec_t
paging_backoff(int64_t page_id, int64_t attempts)
{
	static const usec_t waits[] = { SECONDS(5), SECONDS(15), SECONDS(45), MINUTES(2),
		MINUTES(5) };
	size_t i = attempts < 1 ? 0 : (size_t)attempts - 1;
	struct rng r;

	if (i >= NELEMS(waits))
		i = NELEMS(waits) - 1;
	rng_seed(&r, (uint64_t)page_id * PAGE_ATTEMPTS_MAX + (uint64_t)attempts);
	return waits[i] + (usec_t)rng_below(&r, (uint64_t)waits[i] / 5);
}

struct report {
	struct ctx *cx;
	struct engine *e;
	const struct page_report *r;
	struct page *p;
	struct incident *inc;
	const struct sent *seen; /* page and incident are from there; NULL: read now */
};

static struct err *
say(struct report *d, const char *type, const char *error)
{
	return timeline_add(d->cx, d->e,
	        (struct happening){ .type = type,
	                .incident = d->inc,
	                .user_id = d->p->user_id,
	                .data = event_data(d->cx, "contact", d->p->contact, "page",
	                        int_text(d->cx, d->p->id), "error", error, "possibly_twice",
	                        d->p->possibly_twice ? "true" : NULL, NULL) });
}

static struct err *
try_again(struct report *d)
{
	usec_t wait = paging_backoff(d->p->id, d->p->attempts);
	bool wanted;

	TRY(is_wanted(d->cx, d->p, &wanted));
	if (!wanted)
		return end_page(d->cx, d->p, PAGE_CANCELLED);
	if (d->r->retry_after > wait)
		wait = d->r->retry_after;
	TRY(say(d, "page.retrying", d->r->error));
	return db_post(d->cx, &q_page_set,
	        DB_ARGS(d->p->id, page_state_names[PAGE_QUEUED], ctx_now(d->cx) + wait,
	                DB_NULL_IF(true, 0), DB_NULL_IF(true, 0), d->p->receipt, d->r->error));
}

/* Everybody who listens to the end of this page: its person's call, or its incident's step. */
static struct err *
tell_caller(struct report *d, bool failed)
{
	struct run run;
	bool found;

	if (d->p->callout_id != 0 && d->seen != NULL)
		return d->seen->has_call ? callout_page_sent(
		               d->cx, d->e, d->inc, &d->seen->call, d->seen->pending.n)
		                         : NULL;
	if (d->p->callout_id != 0)
		return callout_page_ended(d->cx, d->e, d->inc, d->p->callout_id, failed);
	if (!failed)
		return NULL;
	TRY(db_maybe(d->cx, &q_run_main, DB_ARGS(d->inc->id), &run, &found));
	return found ? escalation_unreached(d->cx, d->e, d->inc, run.id) : NULL;
}

static struct err *
ended(struct report *d)
{
	bool failed = d->r->result != SEND_OK;

	d->p->receipt = d->r->receipt;
	d->p->error = d->r->error;
	if (!failed)
		d->p->sent_at = ctx_now(d->cx);
	TRY(end_page(d->cx, d->p, failed ? PAGE_FAILED : PAGE_SENT));
	TRY(say(d, failed ? "page.failed" : "page.sent", d->r->error));
	return tell_caller(d, failed);
}

/* Once the policy is exhausted nobody comes after this person: giving up would leave the
 * incident to nobody, also when the provider works again. */
static bool
is_last(const struct incident *inc)
{
	return inc->exhausted_at != 0;
}

static bool
goes_on(const struct report *d, bool last)
{
	return d->r->result == SEND_RETRY && (last || d->p->attempts < PAGE_ATTEMPTS_MAX);
}

static struct err *
report_one(struct report *d)
{
	if (goes_on(d, is_last(d->inc)))
		return try_again(d);
	return ended(d);
}

static struct err *
holds_last(struct report *d, const struct page *held, size_t n, bool *ret)
{
	struct incident inc;

	*ret = false;
	for (size_t i = 0; i < n && !*ret; i++) {
		TRY(incident_load(d->cx, held[i].incident_id, &inc));
		*ret = is_last(&inc) && inc.state == INCIDENT_TRIGGERED;
	}
	return NULL;
}

/* What happened to the bundle happened to each page that it spoke for. */
static struct err *
report_bundle(struct report *d)
{
	struct page *held = NULL;
	struct incident inc;
	size_t n = 0;
	bool failed = d->r->result != SEND_OK, again = goes_on(d, false);

	hindsight_end(d->e); /* it writes rows of many incidents */
	if (!again)
		TRY(db_list(d->cx, &q_pages_in_bundle, DB_ARGS(d->p->id), &held, &n));
	if (!again && d->r->result == SEND_RETRY)
		TRY(holds_last(d, held, n, &again));
	if (again) {
		d->inc = NULL;
		return try_again(d);
	}
	TRY(end_page(d->cx, d->p, failed ? PAGE_FAILED : PAGE_SENT));
	for (size_t i = 0; i < n; i++) {
		struct report one = *d;
		one.p = &held[i];
		one.inc = &inc;
		TRY(incident_load(d->cx, held[i].incident_id, &inc));
		usec_t exhausted = inc.exhausted_at;
		TRY(ended(&one));
		TRY(incident_store_paging(d->cx, &inc, exhausted));
	}
	return NULL;
}

/* Nobody waits for a notice: it has no next contact. */
static struct err *
report_notice(struct report *d)
{
	bool failed = d->r->result != SEND_OK;

	d->inc = NULL;
	if (goes_on(d, false))
		return try_again(d);
	d->p->receipt = d->r->receipt;
	d->p->error = d->r->error;
	if (!failed)
		d->p->sent_at = ctx_now(d->cx);
	TRY(end_page(d->cx, d->p, failed ? PAGE_FAILED : PAGE_SENT));
	return say(d, failed ? "notice.failed" : "notice.sent", d->r->error);
}

/* The lease was over and another attempt is under way, maybe at another node: that this one
 * came to nothing does not end it. That the page was sent does. */
static struct err *
is_outdated(struct report *d, bool *ret)
{
	struct engine_text by;

	*ret = false;
	if (d->r->attempt == 0 || d->r->result == SEND_OK)
		return NULL;
	TRY(db_one(d->cx, &q_page_claimed_by, DB_ARGS(d->p->id), &by));
	*ret = d->r->attempt != d->p->attempts || by.value == NULL
	        || strcmp(by.value, d->e->node) != 0;
	return NULL;
}

static struct err *
read_page(struct report *d)
{
	bool found = true;

	if (d->seen != NULL)
		*d->p = d->seen->page;
	else
		TRY(db_maybe(d->cx, &q_page_get, DB_ARGS(d->r->page_id), d->p, &found));
	if (!found)
		return err_new(d->cx, ERR_NOT_FOUND, "there is no page %lld",
		        (long long)d->r->page_id);
	return NULL;
}

struct err *
paging_report(struct ctx *cx, struct engine *e, void *arg)
{
	struct incident inc;
	struct page p;
	struct report d = { .cx = cx, .e = e, .r = arg, .p = &p, .inc = &inc };
	bool outdated;

	d.seen = hindsight_of(e, d.r);
	TRY(read_page(&d));
	if (p.state != PAGE_SENDING)
		return NULL;
	TRY(is_outdated(&d, &outdated));
	if (outdated)
		return NULL;
	if (p.is_bundle)
		return report_bundle(&d);
	if (p.incident_id == 0)
		return report_notice(&d);
	if (d.seen != NULL)
		inc = d.seen->inc;
	else
		TRY(incident_load(cx, p.incident_id, &inc));
	usec_t exhausted = inc.exhausted_at;
	TRY(report_one(&d));
	return incident_store_paging(cx, &inc, exhausted);
}

struct err *
paging_receipt(struct ctx *cx, struct engine *e, void *arg)
{
	const struct page_receipt *r = arg;
	struct incident inc;
	struct page p;
	bool found;

	TRY(db_maybe(cx, &q_page_get, DB_ARGS(r->page_id), &p, &found));
	if (!found || p.incident_id == 0)
		return err_new(
		        cx, ERR_NOT_FOUND, "there is no page %lld", (long long)r->page_id);
	if (p.state != PAGE_SENT && p.state != PAGE_DELIVERED)
		return NULL;
	TRY(end_page(cx, &p, r->state));
	TRY(incident_load(cx, p.incident_id, &inc));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "page.delivered",
	                .incident = &inc,
	                .user_id = p.user_id,
	                .data = event_data(cx, "contact", p.contact, "state",
	                        page_state_names[r->state], NULL) }));
	return incident_store_paging(cx, &inc, inc.exhausted_at);
}
