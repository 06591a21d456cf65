/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-mail over SMTP. One page is one mail; its Message-ID is made from the page, so that a page
 * sent twice shows once, and every mail of an incident refers to one root, so that they thread.
 */
#include <inttypes.h>
#include <unistd.h>

#include "channel/channel.h"
#include "channel/mail.h"
#include "channel/message.h"

static const char *
sender(const struct sending *d)
{
	char host[256] = "";

	if (d->settings->smtp_from != NULL)
		return d->settings->smtp_from;
	if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
		return "tocsin@localhost";
	return arena_printf(&d->cx->mem, "tocsin@%s", host);
}

static void
fill_thread(const struct sending *d, struct mail *m)
{
	const struct incident *inc = &d->job->incident;

	m->id = page_key(d);
	m->born = d->job->page.created_at / SECONDS(1);
	if (inc->id == 0)
		return;
	m->thread = arena_printf(&d->cx->mem, "incident-%" PRId64, inc->id);
	m->thread_born = inc->opened_at / SECONDS(1);
}

static bool
is_urgent(const struct page_job *job)
{
	return job->page.mode == MODE_STANDARD && job->notice_title == NULL
	        && (job->page.is_bundle || job->incident.urgency == URGENCY_HIGH);
}

static struct err *
prepare_mail(const struct sending *d, struct outgoing *ret)
{
	struct mail m = { .date = ctx_now(d->cx),
		.to = arena_strdup(&d->cx->mem, d->job->page.address),
		.urgent = is_urgent(d->job) };

	if (d->settings->smtp_url == NULL)
		return err_new(d->cx, ERR_INVALID, "no mail server is configured (--smtp)");
	mail_address_split(&d->cx->mem, sender(d), &m.from_name, &m.from);
	if (!mail_address_valid(m.from))
		return err_new(
		        d->cx, ERR_INVALID, "the sender's address is none that mail can have");
	if (!mail_address_valid(m.to))
		return err_new(d->cx, ERR_INVALID, "the address is none that mail can have");
	if (m.from_name == NULL)
		m.from_name = "Tocsin";
	m.subject = message_subject(d);
	m.text = message_text(d);
	m.html = message_html(d);
	fill_thread(d, &m);
	*ret = (struct outgoing){ .url = d->settings->smtp_url,
		.body = mail_render(d->cx, &m),
		.mail_from = m.from,
		.mail_to = m.to };
	return NULL;
}

/* ---- what the server said ---- */

/* No later try makes these right; the next contact should not have to wait for them. */
static bool
is_hopeless(CURLcode code)
{
	static const CURLcode hopeless[] = { CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,
		CURLE_LOGIN_DENIED, CURLE_USE_SSL_FAILED, CURLE_PEER_FAILED_VERIFICATION,
		CURLE_SSL_CACERT_BADFILE };

	for (size_t i = 0; i < NELEMS(hopeless); i++)
		if (code == hopeless[i])
			return true;
	return false;
}

/* 5xx is a final word (no such mailbox, not allowed), 4xx is not. Without either it is the
 * line. */
static enum send_result
mail_result(const struct ending *a)
{
	if (a->code == CURLE_OK)
		return SEND_OK;
	if (a->status >= 400)
		return a->status >= 500 && a->status < 600 ? SEND_FAILED : SEND_RETRY;
	return is_hopeless(a->code) ? SEND_FAILED : SEND_RETRY;
}

static void
judge_mail(struct ctx *cx, const struct ending *a, struct page_report *ret)
{
	const char *line = text_clip(&cx->mem, text_line(&cx->mem, a->line), 200);

	ret->result = mail_result(a);
	if (ret->result == SEND_OK)
		ret->receipt = line;
	else if (a->status >= 400)
		ret->error = arena_printf(&cx->mem, "the mail server said: %s", line);
	else
		ret->error =
		        arena_printf(&cx->mem, "mail server: %s", curl_easy_strerror(a->code));
}

const struct channel email_channel = {
	.name = "email", .prepare = prepare_mail, .judge = judge_mail
};
