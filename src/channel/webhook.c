/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A webhook: the page as JSON, signed.
 *
 *     Tocsin-Id: page-12            the same at every try, so that a repetition is known
 *     Tocsin-Timestamp: 1767225600  seconds, of this try
 *     Tocsin-Signature: v1=HEX      HMAC-SHA256(secret, timestamp "." body); no secret, no line
 *
 *     { "id": "page-12", "type": "page", "mode": "standard", "sent_at": "...",
 *       "organisation": "Acme",
 *       "incident": { "id", "state", "title", "severity", "urgency", "dedup_key", "service",
 *                     "service_name", "team", "team_name", "opened_at", "details", "url",
 *                     "links": { title: url } },
 *       "page": { "id", "attempt", "user", "contact", "because", "created_at", "late",
 *                 "possibly_twice" },
 *       "why": "...", "next": "...", "acknowledge_url": "..." }
 *
 * What is not known is left out. A bundle has "type": "bundle", "incidents": how many and
 * "text": a line for each, in the place of "incident"; a notice, which asks for no answer, has
 * "type": "notice", "title" and "text". Only 2xx means that it arrived.
 */
#include "channel/webhook.h"

#include <inttypes.h>
#include <sodium.h>

#define BODY_MAX (1024 * 1024)
#define DETAILS_MAX (64 * 1024)
#define RETRY_AFTER_MAX MINUTES(15) /* more is too late for a page; our own tries go on */

/* ---- the body ---- */

static void
write_links(const struct sending *d, struct jsonw *w)
{
	jsonw_key(w, "links");
	jsonw_object(w);
	for (size_t i = 0; i < d->job->n_links; i++)
		jsonw_member(w, d->job->links[i].id, d->job->links[i].value);
	jsonw_end_object(w);
}

static void
write_incident(const struct sending *d, struct jsonw *w)
{
	const struct incident *inc = &d->job->incident;

	jsonw_key(w, "incident");
	jsonw_object(w);
	jsonw_member_int(w, "id", inc->id);
	jsonw_member(w, "state", incident_state_names[inc->state]);
	jsonw_member(w, "title", inc->title);
	jsonw_member(w, "severity", severity_names[inc->severity]);
	jsonw_member(w, "urgency", urgency_names[inc->urgency]);
	jsonw_member_opt(w, "dedup_key", inc->dedup_key);
	jsonw_member_opt(w, "service", inc->service);
	jsonw_member_opt(w, "service_name", d->job->service_name);
	jsonw_member_opt(w, "team", inc->team);
	jsonw_member_opt(w, "team_name", d->job->team_name);
	jsonw_member_time(w, "opened_at", inc->opened_at);
	jsonw_member_opt(w, "brief", d->job->brief);
	jsonw_member_opt(w, "details", text_clip(&d->cx->mem, d->job->details, DETAILS_MAX));
	jsonw_member_opt(w, "url", d->incident_url);
	write_links(d, w);
	jsonw_end_object(w);
}

static void
write_page(const struct page *page, struct jsonw *w)
{
	jsonw_key(w, "page");
	jsonw_object(w);
	jsonw_member_int(w, "id", page->id);
	jsonw_member_int(w, "attempt", page->attempts);
	jsonw_member_opt(w, "user", page->user_id);
	jsonw_member(w, "contact", page->contact);
	jsonw_member(w, "because", page->because);
	jsonw_member_time(w, "created_at", page->created_at);
	jsonw_member_bool(w, "late", page->late_by > 0);
	jsonw_member_bool(w, "possibly_twice", page->possibly_twice);
	jsonw_end_object(w);
}

static void
write_subject(const struct sending *d, struct jsonw *w)
{
	if (d->job->notice_title != NULL) {
		jsonw_member(w, "title", d->job->notice_title);
		jsonw_member(w, "text", d->job->notice_text);
		return;
	}
	if (!d->job->page.is_bundle) {
		write_incident(d, w);
		return;
	}
	jsonw_member_int(w, "incidents", d->job->n_bundled);
	jsonw_member(w, "text", d->job->bundled);
}

static struct err *
write_body(const struct sending *d, struct str *ret)
{
	struct buf out = BUF_INIT(&d->cx->mem, BODY_MAX);
	struct jsonw w = JSONW(&out);
	const struct page_job *job = d->job;

	jsonw_object(&w);
	jsonw_member(&w, "id", page_key(d));
	jsonw_member(&w, "type",
	        job->notice_title != NULL     ? "notice"
	                : job->page.is_bundle ? "bundle"
	                                      : "page");
	jsonw_member(&w, "mode", mode_names[job->page.mode]);
	jsonw_member_time(&w, "sent_at", ctx_now(d->cx));
	jsonw_member(&w, "organisation", job->organisation);
	write_subject(d, &w);
	write_page(&job->page, &w);
	jsonw_member_opt(&w, "why", job->why);
	jsonw_member_opt(&w, "next", job->next);
	jsonw_member_opt(&w, "acknowledge_url", d->answer_url);
	jsonw_end_object(&w);
	if (out.cut)
		return err_new(d->cx, ERR_LIMIT, "the message is too large for a webhook");
	*ret = buf_view(&out);
	return NULL;
}

/* ---- the request ---- */

const char *
webhook_signature(struct arena *a, const char *secret, const char *timestamp, struct str body)
{
	crypto_auth_hmacsha256_state h;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hex[2 * sizeof mac + 1];

	crypto_auth_hmacsha256_init(&h, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)timestamp, strlen(timestamp));
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)body.p, body.len);
	crypto_auth_hmacsha256_final(&h, mac);
	return arena_printf(a, "v1=%s", sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

static void
add_header(const struct sending *d, struct outgoing *o, const char *name, const char *value)
{
	o->headers[o->n_headers++] = arena_printf(&d->cx->mem, "%s: %s", name, value);
}

static struct err *
prepare_webhook(const struct sending *d, struct outgoing *ret)
{
	struct outgoing o = { .url = arena_strdup(&d->cx->mem, d->job->page.address),
		.guarded = !d->settings->allow_private };
	const char *timestamp =
	        arena_printf(&d->cx->mem, "%" PRId64, ctx_now(d->cx) / SECONDS(1));
	const char *secret = d->job->contact_secret;

	TRY(write_body(d, &o.body));
	add_header(d, &o, "Content-Type", "application/json");
	add_header(d, &o, "User-Agent", "tocsin/" TOCSIN_VERSION);
	add_header(d, &o, "Tocsin-Id", page_key(d));
	add_header(d, &o, "Tocsin-Timestamp", timestamp);
	if (secret != NULL)
		add_header(d, &o, "Tocsin-Signature",
		        webhook_signature(&d->cx->mem, secret, timestamp, o.body));
	*ret = o;
	return NULL;
}

/* ---- the answer ---- */

/* Too many, too early, or the server's own trouble: that may pass. A redirect, which is not
 * followed, or another 4xx will not. */
static bool
may_pass(long status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

static bool
is_hopeless(CURLcode code)
{
	return code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL
	        || code == CURLE_PEER_FAILED_VERIFICATION;
}

static enum send_result
webhook_result(const struct ending *a)
{
	if (a->status >= 200 && a->status < 300)
		return SEND_OK;
	if (a->status >= 300)
		return may_pass(a->status) ? SEND_RETRY : SEND_FAILED;
	return a->refused || is_hopeless(a->code) ? SEND_FAILED : SEND_RETRY;
}

static const char *
webhook_error(struct ctx *cx, const struct ending *a)
{
	if (a->refused)
		return "the address is private; --allow-private permits that";
	if (a->status >= 300 && a->status < 400)
		return arena_printf(&cx->mem,
		        "it answered HTTP %ld; redirects are not followed", a->status);
	if (a->status >= 300)
		return arena_printf(&cx->mem, "it answered HTTP %ld", a->status);
	return curl_easy_strerror(a->code);
}

static void
judge_webhook(struct ctx *cx, const struct ending *a, struct page_report *ret)
{
	ret->result = webhook_result(a);
	if (ret->result == SEND_OK) {
		ret->receipt = arena_printf(&cx->mem, "HTTP %ld", a->status);
		return;
	}
	ret->error = webhook_error(cx, a);
	ret->retry_after = a->retry_after < RETRY_AFTER_MAX ? a->retry_after : RETRY_AFTER_MAX;
}

const struct channel webhook_channel = {
	.name = "webhook", .prepare = prepare_webhook, .judge = judge_webhook
};
