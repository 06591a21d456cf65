/* SPDX-License-Identifier: Apache-2.0 */
/* The table of channels, and what they share: the links of a page, and text made safe to
 * send. */
#include "channel/channel.h"

#include <inttypes.h>

#include "channel/answer_link.h"

static const struct channel *const channels[CONTACT_TYPE_MAX] = {
	[CONTACT_EMAIL] = &email_channel,
	[CONTACT_WEBHOOK] = &webhook_channel,
};

const struct channel *
channel_by_name(const char *name)
{
	for (size_t i = 0; i < NELEMS(channels); i++)
		if (channels[i] != NULL && strcmp(channels[i]->name, name) == 0)
			return channels[i];
	return NULL;
}

const char *
page_key(const struct sending *d)
{
	return arena_printf(&d->cx->mem, "page-%" PRId64, d->job->page.id);
}

/* A page to a channel of nobody in particular has no answer of one press: nobody would know
 * whose it was. */
void
channel_links(struct sending *d)
{
	const struct page_job *job = d->job;
	const struct channel_settings *set = d->settings;
	struct arena *mem = &d->cx->mem;

	if (job->incident.id == 0 || set->base_url == NULL)
		return;
	d->incident_url =
	        arena_printf(mem, "%s/incidents/%" PRId64, set->base_url, job->incident.id);
	if (job->page.user_id != NULL && set->link_key != NULL)
		d->answer_url = arena_printf(mem, "%s/a/%s", set->base_url,
		        answer_token_make(mem, set->link_key, job->page.id,
		                ctx_now(d->cx) + ANSWER_SPAN));
}

/* ---- text ---- */

/* Control characters, line and paragraph separators, and what turns the reading order around so
 * that a text looks like another. */
static const struct {
	uint32_t first, last;
} unfit[] = {
	{ 0x00, 0x1f },
	{ 0x7f, 0x9f },
	{ 0x2028, 0x202e },
	{ 0x2066, 0x2069 },
	{ 0xfeff, 0xfeff },
};

static bool
is_unfit(uint32_t c)
{
	for (size_t i = 0; i < NELEMS(unfit); i++)
		if (c >= unfit[i].first && c <= unfit[i].last)
			return true;
	return false;
}

/* The character at the start of s, and how many bytes it takes; 0 bytes: no UTF-8. */
static size_t
character(struct str s, uint32_t *ret)
{
	unsigned char lead = (unsigned char)s.p[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	uint32_t c = len == 1 ? lead : lead & (0x7fu >> len);

	if (len > s.len || !utf8_valid((struct str){ s.p, len }))
		return 0;
	for (size_t i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)s.p[i] & 0x3f);
	*ret = c;
	return len;
}

static const char *
clean(struct arena *a, const char *text, bool keeps_lines)
{
	struct str rest = str_from(text);
	struct buf out = BUF_INIT(a, rest.len);

	while (rest.len > 0) {
		uint32_t c = 0;
		size_t len = character(rest, &c);
		if (len == 0)
			buf_putc(&out, '?');
		else if (keeps_lines && (c == '\n' || c == '\t'))
			buf_putc(&out, (char)c);
		else if (is_unfit(c))
			buf_puts(&out, c == '\r' && keeps_lines ? "" : " ");
		else
			buf_add(&out, rest.p, len);
		len = len == 0 ? 1 : len;
		rest = (struct str){ rest.p + len, rest.len - len };
	}
	return buf_cstr(&out);
}

const char *
text_line(struct arena *a, const char *text)
{
	return text == NULL ? NULL : clean(a, text, false);
}

const char *
text_lines(struct arena *a, const char *text)
{
	return text == NULL ? NULL : clean(a, text, true);
}

const char *
text_clip(struct arena *a, const char *text, size_t max)
{
	struct str all = str_from(text);

	if (text == NULL || all.len <= max)
		return text;
	return arena_printf(a, STR_FMT "…", STR_ARG(utf8_clip(all, max)));
}
