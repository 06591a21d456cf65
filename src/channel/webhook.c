/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A webhook: the page as JSON, signed. Receivers check
 *
 *     Tocsin-Signature: v1=HEX(HMAC-SHA256(secret, timestamp "." body))
 *
 * with Tocsin-Timestamp, and know a repetition by Tocsin-Id. Only 2xx means that it arrived.
 * Redirects are not followed; addresses are checked after the name was resolved.
 */
#include <inttypes.h>
#include <sodium.h>
#include <unistd.h>

#include "channel/address.h"
#include "channel/channel.h"

#define BODY_MAX (512 * 1024)

/* ---- the body ---- */

static void
write_incident(const struct sending *s, struct jsonw *w)
{
	const struct incident *inc = &s->job->incident;

	jsonw_key(w, "incident");
	jsonw_object(w);
	jsonw_member_int(w, "id", inc->id);
	jsonw_member(w, "state", incident_state_names[inc->state]);
	jsonw_member(w, "title", inc->title);
	jsonw_member(w, "severity", severity_names[inc->severity]);
	jsonw_member(w, "urgency", urgency_names[inc->urgency]);
	jsonw_member(w, "dedup_key", inc->dedup_key);
	jsonw_member_opt(w, "service", inc->service);
	jsonw_member_opt(w, "team", inc->team);
	jsonw_member_time(w, "opened_at", inc->opened_at);
	jsonw_member_opt(w, "details", s->job->details);
	jsonw_member_opt(w, "url", s->incident_url);
	jsonw_key(w, "links");
	jsonw_object(w);
	for (size_t i = 0; i < s->job->n_links; i++)
		jsonw_member(w, s->job->links[i].id, s->job->links[i].value);
	jsonw_end_object(w);
	jsonw_end_object(w);
}

static void
write_page(const struct sending *s, struct jsonw *w)
{
	const struct page *page = &s->job->page;

	jsonw_key(w, "page");
	jsonw_object(w);
	jsonw_member_int(w, "id", page->id);
	jsonw_member_opt(w, "user", page->user_id);
	jsonw_member(w, "contact", page->contact);
	jsonw_member(w, "because", page->because);
	jsonw_member_time(w, "created_at", page->created_at);
	jsonw_member_bool(w, "late", page->late_by > 0);
	jsonw_member_bool(w, "possibly_twice", page->possibly_twice);
	jsonw_end_object(w);
}

static const char *
body_of(const struct sending *s)
{
	struct buf out = BUF_INIT(&s->cx->mem, BODY_MAX);
	struct jsonw w = JSONW(&out);
	const struct page_job *job = s->job;

	jsonw_object(&w);
	jsonw_member(&w, "id", page_key(s));
	jsonw_member(&w, "type", job->page.is_bundle ? "bundle" : "page");
	jsonw_member(&w, "mode", mode_names[job->page.mode]);
	jsonw_member(&w, "organisation", job->organisation);
	if (job->page.is_bundle) {
		jsonw_member_int(&w, "incidents", job->n_bundled);
		jsonw_member(&w, "text", job->bundled);
	} else {
		write_incident(s, &w);
	}
	write_page(s, &w);
	jsonw_member_opt(&w, "why", job->why);
	jsonw_member_opt(&w, "next", job->next);
	jsonw_member_opt(&w, "acknowledge_url", s->answer_url);
	jsonw_end_object(&w);
	return buf_cstr(&out);
}

/* ---- the signature ---- */

static const char *
signature(const struct sending *s, const char *timestamp)
{
	crypto_auth_hmacsha256_state h;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hex[2 * sizeof mac + 1];
	const char *secret = s->job->contact_secret;

	crypto_auth_hmacsha256_init(&h, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)timestamp, strlen(timestamp));
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)s->body, strlen(s->body));
	crypto_auth_hmacsha256_final(&h, mac);
	return arena_printf(
	        &s->cx->mem, "v1=%s", sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

static void
header(struct sending *s, const char *name, const char *value)
{
	s->headers =
	        curl_slist_append(s->headers, arena_printf(&s->cx->mem, "%s: %s", name, value));
}

static void
add_headers(struct sending *s)
{
	const char *timestamp =
	        arena_printf(&s->cx->mem, "%" PRId64, ctx_now(s->cx) / SECONDS(1));

	header(s, "Content-Type", "application/json");
	header(s, "User-Agent", "tocsin/" TOCSIN_VERSION);
	header(s, "Expect", "");
	header(s, "Tocsin-Id", page_key(s));
	header(s, "Tocsin-Timestamp", timestamp);
	if (s->job->contact_secret != NULL)
		header(s, "Tocsin-Signature", signature(s, timestamp));
}

/* ---- the transfer ---- */

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct sending *s = arg;

	(void)purpose;
	if (!s->settings->allow_private && address_is_private(&at->addr)) {
		s->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static size_t
drop(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

static struct err *
prepare(struct sending *s)
{
	CURL *c = s->easy;

	s->body = body_of(s);
	add_headers(s);
	curl_easy_setopt(c, CURLOPT_URL, s->job->page.address);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)strlen(s->body));
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, s->body);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE, 1024L * 1024);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, s);
	return NULL;
}

/* Too many, too early, or the server's own trouble: that may pass. A redirect or another 4xx
 * will not. */
static bool
may_pass(long status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

static void
judge(struct sending *s, CURLcode code, long status, struct page_report *report)
{
	curl_off_t after = 0;

	if (s->refused) {
		report->result = SEND_FAILED;
		report->error = "the address is private; --allow-private permits that";
	} else if (code != CURLE_OK && status == 0) {
		report->result =
		        code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL
		        ? SEND_FAILED
		        : SEND_RETRY;
		report->error = arena_strdup(&s->cx->mem,
		        s->trouble[0] != '\0' ? s->trouble : curl_easy_strerror(code));
	} else if (status >= 200 && status < 300) {
		report->result = SEND_OK;
		report->receipt = arena_printf(&s->cx->mem, "HTTP %ld", status);
	} else {
		report->result = may_pass(status) ? SEND_RETRY : SEND_FAILED;
		report->error = arena_printf(&s->cx->mem, "it answered HTTP %ld", status);
		curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &after);
		report->retry_after = SECONDS(after > 3600 ? 3600 : after);
	}
}

const struct channel webhook_channel = {
	.name = "webhook", .prepare = prepare, .judge = judge
};
