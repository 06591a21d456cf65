/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-mail over SMTP. One page is one mail; its Message-ID is made from the page, so that a page
 * sent twice shows once, and every mail of an incident refers to the incident, so that they
 * thread.
 */
#include <inttypes.h>
#include <sodium.h>
#include <time.h>
#include <unistd.h>

#include "channel/channel.h"
#include "channel/message.h"

#define WORD_BYTES 45 /* of UTF-8 in one encoded word: 60 base64 characters of 75 */

static const char *
sender(const struct sending *s)
{
	char host[256] = "localhost";

	if (s->settings->smtp_from != NULL)
		return s->settings->smtp_from;
	(void)gethostname(host, sizeof host - 1);
	return arena_printf(&s->cx->mem, "tocsin@%s", host);
}

static const char *
domain(const struct sending *s)
{
	const char *at = strrchr(sender(s), '@');

	return at == NULL ? "localhost" : at + 1;
}

/* ---- headers ---- */

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* RFC 2047; folded between words, which are cut between characters. */
static const char *
encoded(const struct sending *s, const char *text)
{
	struct buf out = BUF_INIT(&s->cx->mem, 16 * 1024);
	struct str rest = str_from(text);
	char word[4 * WORD_BYTES];

	if (is_plain(text) && rest.len < 900)
		return text;
	while (rest.len > 0) {
		struct str part = utf8_clip(rest, WORD_BYTES);
		if (part.len == 0)
			break;
		sodium_bin2base64(word, sizeof word, (const unsigned char *)part.p, part.len,
		        sodium_base64_VARIANT_ORIGINAL);
		buf_printf(&out, "%s=?utf-8?B?%s?=", out.len == 0 ? "" : "\r\n ", word);
		rest = (struct str){ rest.p + part.len, rest.len - part.len };
	}
	return buf_cstr(&out);
}

static void
header(struct sending *s, const char *name, const char *value)
{
	s->headers =
	        curl_slist_append(s->headers, arena_printf(&s->cx->mem, "%s: %s", name, value));
}

static const char *
mail_date(const struct sending *s)
{
	time_t at = (time_t)(ctx_now(s->cx) / SECONDS(1));
	char *text = arena_alloc(&s->cx->mem, 64);
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(text, 64, "%a, %d %b %Y %H:%M:%S +0000", &tm); /* the program's locale is C */
	return text;
}

/* An address in a header or an envelope must not bring a line of its own. */
static struct err *
check_address(const struct sending *s, const char *address)
{
	if (strchr(address, '@') == NULL || !is_plain(address)
	        || strpbrk(address, " <>,;:\"\\()") != NULL)
		return err_new(s->cx, ERR_INVALID, "\"%s\" is no address of e-mail", address);
	return NULL;
}

static void
add_headers(struct sending *s)
{
	const struct page_job *job = s->job;
	const char *root = arena_printf(
	        &s->cx->mem, "<incident-%" PRId64 "@%s>", job->incident.id, domain(s));

	header(s, "Date", mail_date(s));
	header(s, "From", arena_printf(&s->cx->mem, "Tocsin <%s>", sender(s)));
	header(s, "To", arena_printf(&s->cx->mem, "<%s>", job->page.address));
	header(s, "Subject", encoded(s, message_subject(s)));
	header(s, "Message-ID", arena_printf(&s->cx->mem, "<%s@%s>", page_key(s), domain(s)));
	if (job->incident.id != 0) {
		header(s, "In-Reply-To", root);
		header(s, "References", root);
	}
	header(s, "Auto-Submitted", "auto-generated");
	header(s, "X-Tocsin-Page", page_key(s));
	if (job->page.mode == MODE_STANDARD && job->incident.urgency == URGENCY_HIGH) {
		header(s, "X-Priority", "1");
		header(s, "Importance", "high");
	}
}

/* ---- the transfer ---- */

/* Lines of a mail end with CRLF; the encoder takes any other newline for data. */
static const char *
mail_lines(const struct sending *s, const char *text)
{
	struct buf out = BUF_INIT(&s->cx->mem, 1024 * 1024);

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buf_putc(&out, '\r');
		if (*text != '\r')
			buf_putc(&out, *text);
	}
	return buf_cstr(&out);
}

static void
add_part(struct sending *s, const char *text, const char *type)
{
	curl_mimepart *part = curl_mime_addpart(s->mime);

	curl_mime_data(part, mail_lines(s, text), CURL_ZERO_TERMINATED);
	curl_mime_type(part, type);
	curl_mime_encoder(part, "quoted-printable");
}

static void
add_body(struct sending *s)
{
	header(s, "Content-Type", "multipart/alternative");
	s->mime = curl_mime_init(s->easy);
	add_part(s, message_text(s), "text/plain; charset=utf-8");
	add_part(s, message_html(s), "text/html; charset=utf-8");
	curl_easy_setopt(s->easy, CURLOPT_MIMEPOST, s->mime);
}

static size_t
on_reply(char *line, size_t size, size_t n, void *arg)
{
	struct sending *s = arg;
	size_t len = size * n, keep = len < sizeof s->reply ? len : sizeof s->reply - 1;

	if (len >= 3 && memcmp(line, "221", 3) == 0)
		return len; /* the goodbye says nothing of the mail */
	memcpy(s->reply, line, keep);
	s->reply[keep] = '\0';
	s->reply[strcspn(s->reply, "\r\n")] = '\0';
	return len;
}

static struct err *
prepare(struct sending *s)
{
	const struct channel_settings *set = s->settings;

	if (set->smtp_url == NULL)
		return err_new(s->cx, ERR_INVALID, "no mail server is configured (--smtp)");
	TRY(check_address(s, s->job->page.address));
	TRY(check_address(s, sender(s)));
	add_headers(s);
	add_body(s);
	s->recipients = curl_slist_append(
	        NULL, arena_printf(&s->cx->mem, "<%s>", s->job->page.address));
	curl_easy_setopt(s->easy, CURLOPT_URL, set->smtp_url);
	curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(
	        s->easy, CURLOPT_MAIL_FROM, arena_printf(&s->cx->mem, "<%s>", sender(s)));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, s->recipients);
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, on_reply);
	curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s);
	/* A password never goes over the line in the clear. */
	curl_easy_setopt(s->easy, CURLOPT_USE_SSL,
	        (long)(set->smtp_user != NULL ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (set->smtp_user != NULL) {
		curl_easy_setopt(s->easy, CURLOPT_USERNAME, set->smtp_user);
		curl_easy_setopt(s->easy, CURLOPT_PASSWORD,
		        set->smtp_password == NULL ? "" : set->smtp_password);
	}
	return NULL;
}

/* 5xx is a final word (no such mailbox, not allowed); all else may pass. */
static void
judge(struct sending *s, CURLcode code, long status, struct page_report *report)
{
	if (code == CURLE_OK) {
		report->result = SEND_OK;
		report->receipt = arena_strdup(&s->cx->mem, s->reply);
		return;
	}
	report->result = status >= 500 && status < 600 ? SEND_FAILED : SEND_RETRY;
	report->error = status >= 400
	        ? arena_printf(&s->cx->mem, "the mail server said: %s", s->reply)
	        : arena_printf(&s->cx->mem, "mail server: %s",
	                s->trouble[0] != '\0' ? s->trouble : curl_easy_strerror(code));
}

const struct channel email_channel = { .name = "email", .prepare = prepare, .judge = judge };
