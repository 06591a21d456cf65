/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl must be told so that one bad receiver costs one transfer and nothing else. */
#include "channel/transfer.h"

#include <ctype.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "channel/address.h"

#define CONNECT_DEFAULT SECONDS(5)
#define TOTAL_DEFAULT SECONDS(15)

/* libcurl waits for the answer to QUIT on the calling thread: not for its two minutes. */
#define QUIT_SECONDS 2L

/* ---- callbacks ---- */

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct transfer *t = arg;

	(void)purpose;
	t->n_tried++;
	if (t->out->guarded && address_is_private(&at->addr)) {
		t->n_refused++;
		return CURL_SOCKET_BAD;
	}
	return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static size_t
give_body(char *to, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t left = t->out->body.len - t->n_sent;
	size_t len = size * n < left ? size * n : left;

	memcpy(to, t->out->body.p + t->n_sent, len);
	t->n_sent += len;
	return len;
}

static bool
within_bounds(struct transfer *t, size_t len)
{
	t->n_received += len;
	return t->n_received <= TRANSFER_REPLY_MAX;
}

/* Ends the transfer past the bound; by then the status is known. */
static size_t
drop_body(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	return within_bounds(arg, size * n) ? size * n : 0;
}

static size_t
take_line(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n, keep = len < sizeof t->line ? len : sizeof t->line - 1;

	/* The answer to QUIT comes after the one that counts. */
	if (str_starts((struct str){ data, len }, STR("221 ")))
		return len;
	memcpy(t->line, data, keep);
	t->line[keep] = '\0';
	t->line[strcspn(t->line, "\r\n")] = '\0';
	return within_bounds(t, len) ? len : 0;
}

/* ---- options ---- */

static long
milliseconds(usec_t span, usec_t fallback)
{
	return (long)((span == 0 ? fallback : span) / USEC_PER_MS);
}

static void
set_common(CURL *c, const struct channel_settings *set, struct transfer *t)
{
	curl_easy_setopt(c, CURLOPT_URL, t->out->url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	        milliseconds(set->limits.connect, CONNECT_DEFAULT));
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, milliseconds(set->limits.total, TOTAL_DEFAULT));
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, QUIT_SECONDS);
	/* A resolver that hangs is left behind instead of waited for by all the others. */
	curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
	/* A proxy would resolve names where the guard cannot see. */
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	if (set->ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, set->ca_file);
}

static void
set_http(CURL *c, struct transfer *t)
{
	for (size_t i = 0; i < t->out->n_headers; i++)
		t->headers = curl_slist_append(t->headers, t->out->headers[i]);
	t->headers = curl_slist_append(t->headers, "Expect:");
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->out->body.len);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, t->out->body.p);
}

static void
set_tls(CURL *c, const struct channel_settings *set)
{
	bool implicit = str_starts(str_from(set->smtp_url), STR("smtps://"));
	bool required = set->smtp_tls == SMTP_TLS_REQUIRED
	        || (set->smtp_tls == SMTP_TLS_AUTO && set->smtp_user != NULL);

	curl_easy_setopt(
	        c, CURLOPT_USE_SSL, (long)(required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (required || implicit)
		return;
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void
set_smtp(CURL *c, const struct channel_settings *set, struct transfer *t)
{
	t->recipients = curl_slist_append(NULL, t->out->mail_to);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, t->out->mail_from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, t->recipients);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(c, CURLOPT_READDATA, t);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->out->body.len);
	set_tls(c, set);
	if (set->smtp_user == NULL)
		return;
	curl_easy_setopt(c, CURLOPT_USERNAME, set->smtp_user);
	curl_easy_setopt(
	        c, CURLOPT_PASSWORD, set->smtp_password == NULL ? "" : set->smtp_password);
}

/* ---- its life ---- */

void
transfer_open(struct transfer *t, const struct channel_settings *settings,
        const struct outgoing *out, void *arg)
{
	CURL *easy = t->easy == NULL ? curl_easy_init() : t->easy;

	if (easy == NULL)
		abort();
	if (t->easy != NULL)
		curl_easy_reset(easy);
	*t = (struct transfer){ .easy = easy, .out = out };
	set_common(easy, settings, t);
	if (out->mail_to != NULL)
		set_smtp(easy, settings, t);
	else
		set_http(easy, t);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, arg);
}

void *
transfer_of(CURL *easy)
{
	char *arg = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &arg);
	return arg;
}

struct ending
transfer_ending(const struct transfer *t, CURLcode code)
{
	struct ending a = { .code = code, .line = t->line };
	curl_off_t after = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &a.status);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after);
	a.refused = t->n_refused > 0 && t->n_refused == t->n_tried;
	if (after > 0)
		a.retry_after = SECONDS(after < 86400 ? after : 86400);
	return a;
}

void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->recipients);
	t->easy = NULL;
	t->recipients = NULL;
}

void
transfer_close(struct transfer *t)
{
	if (t->out == NULL)
		return;
	curl_slist_free_all(t->headers);
	if (t->out->mail_to != NULL)
		transfer_free(t);
	t->headers = NULL;
	t->out = NULL;
}

static const char *
host_of(struct ctx *cx, const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL;

	if (parts == NULL)
		abort();
	curl_url_set(parts, CURLUPART_URL, url, 0);
	curl_url_get(parts, CURLUPART_HOST, &host, 0);
	char *copy = arena_strdup(&cx->mem, host);
	curl_free(host);
	curl_url_cleanup(parts);
	for (char *p = copy; p != NULL && *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

struct err *
transfer_host(struct ctx *cx, const char *url, const char **ret)
{
	const char *host = host_of(cx, url);

	if (host == NULL)
		return err_new(cx, ERR_INVALID, "the address is no URL");
	*ret = host;
	return NULL;
}
