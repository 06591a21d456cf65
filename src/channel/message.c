/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/message.h"

#include <ctype.h>
#include <inttypes.h>

#define MESSAGE_MAX (256 * 1024)

/* "CRITICAL": the first thing that the eye meets. */
static const char *
loud(const struct sending *s, const char *word)
{
	char *text = arena_strdup(&s->cx->mem, word);

	for (char *p = text; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return text;
}

static const char *
one_line(const struct sending *s, const char *text)
{
	char *line = arena_strdup(&s->cx->mem, text);

	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return line;
}

static const char *
mode_mark(const struct sending *s)
{
	return s->job->page.mode == MODE_STANDARD
	        ? ""
	        : arena_printf(&s->cx->mem, "[%s] ", loud(s, mode_names[s->job->page.mode]));
}

const char *
message_subject(const struct sending *s)
{
	const struct page_job *job = s->job;

	if (job->page.is_bundle)
		return arena_printf(&s->cx->mem, "%s%" PRId64 " more incidents", mode_mark(s),
		        job->n_bundled);
	return one_line(s,
	        arena_printf(&s->cx->mem, "%s#%" PRId64 " %s: %s", mode_mark(s),
	                job->incident.id, loud(s, severity_names[job->incident.severity]),
	                job->incident.title));
}

/* ---- the facts, once for both forms ---- */

struct fact {
	const char *name, *value;
};

#define FACTS_MAX 6

static size_t
facts_of(const struct sending *s, struct fact out[FACTS_MAX])
{
	const struct page_job *job = s->job;
	char *at = arena_alloc(&s->cx->mem, RFC3339_MAX);
	const struct fact all[] = {
		{ "Service", job->service_name },
		{ "Team", job->team_name },
		{ "Severity",
		        job->page.is_bundle ? NULL : severity_names[job->incident.severity] },
		{ "Since",
		        job->page.is_bundle ? NULL
		                            : rfc3339_print(job->incident.opened_at, at) },
	};
	size_t n = 0;

	for (size_t i = 0; i < NELEMS(all); i++)
		if (all[i].value != NULL)
			out[n++] = all[i];
	return n;
}

static const char *
late_note(const struct sending *s)
{
	char span[DURATION_MAX];

	if (s->job->page.possibly_twice)
		return "This message may have been sent before: a crash left that open.";
	if (s->job->page.late_by == 0)
		return NULL;
	return arena_printf(&s->cx->mem, "This message is late by %s, after an outage.",
	        duration_print(s->job->page.late_by / SECONDS(1) * SECONDS(1), span));
}

/* ---- plain text ---- */

static void
text_paragraph(struct buf *out, const char *text)
{
	if (text != NULL && text[0] != '\0')
		buf_printf(out, "%s\n\n", text);
}

const char *
message_text(const struct sending *s)
{
	struct buf out = BUF_INIT(&s->cx->mem, MESSAGE_MAX);
	const struct page_job *job = s->job;
	struct fact facts[FACTS_MAX];
	size_t n = facts_of(s, facts);

	text_paragraph(&out, message_subject(s));
	if (s->answer_url != NULL)
		buf_printf(&out, "Acknowledge: %s\n", s->answer_url);
	if (s->incident_url != NULL)
		buf_printf(&out, "Incident:    %s\n", s->incident_url);
	buf_puts(&out, "\n");
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%-9s %s\n", facts[i].name, facts[i].value);
	buf_puts(&out, "\n");
	text_paragraph(&out, job->bundled);
	text_paragraph(&out, job->details);
	for (size_t i = 0; i < job->n_links; i++)
		buf_printf(&out, "%s: %s\n", job->links[i].id, job->links[i].value);
	if (job->n_links > 0)
		buf_puts(&out, "\n");
	text_paragraph(&out, late_note(s));
	text_paragraph(&out, job->why);
	text_paragraph(&out, job->next);
	buf_printf(&out, "-- \n%s · Tocsin\n", job->organisation);
	return buf_cstr(&out);
}

/* ---- HTML ---- */

static void
escape(struct buf *out, const char *text)
{
	static const char *const entities[128] = { ['<'] = "&lt;",
		['>'] = "&gt;",
		['&'] = "&amp;",
		['"'] = "&quot;",
		['\''] = "&#39;" };

	for (; text != NULL && *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 128 && entities[c] != NULL)
			buf_puts(out, entities[c]);
		else
			buf_putc(out, *text);
	}
}

static void
element(struct buf *out, const char *open, const char *text, const char *close)
{
	if (text == NULL || text[0] == '\0')
		return;
	buf_puts(out, open);
	escape(out, text);
	buf_puts(out, close);
}

static void
link_to(struct buf *out, const char *style, const char *url, const char *text)
{
	/* A link that a sender made may only be one for a browser. */
	if (url == NULL
	        || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
		return;
	buf_printf(out, "<a style=\"%s\" href=\"", style);
	escape(out, url);
	buf_puts(out, "\">");
	escape(out, text);
	buf_puts(out, "</a>");
}

#define BUTTON                                                                                     \
	"display:inline-block;background:#2450d8;color:#ffffff;font-weight:600;padding:14px 28px;" \
	"border-radius:8px;text-decoration:none"
#define SMALL "<p style=\"margin:12px 0;color:#4d5766\">"

static void
html_facts(const struct sending *s, struct buf *out)
{
	struct fact facts[FACTS_MAX];
	size_t n = facts_of(s, facts);

	buf_puts(out, "<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:16px 0\">");
	for (size_t i = 0; i < n; i++) {
		element(out, "<tr><td style=\"color:#4d5766;padding:2px 16px 2px 0\">",
		        facts[i].name, "</td>");
		element(out, "<td>", facts[i].value, "</td></tr>");
	}
	buf_puts(out, "</table>");
}

static void
html_links(const struct sending *s, struct buf *out)
{
	for (size_t i = 0; i < s->job->n_links; i++) {
		buf_puts(out, "<p style=\"margin:4px 0\">");
		link_to(out, "color:#2450d8", s->job->links[i].value, s->job->links[i].id);
		buf_puts(out, "</p>");
	}
}

const char *
message_html(const struct sending *s)
{
	static const char pre[] =
	        "<pre style=\"white-space:pre-wrap;background:#eef0f4;padding:"
	        "12px;border-radius:8px;font-size:14px\">";
	struct buf out = BUF_INIT(&s->cx->mem, MESSAGE_MAX);
	const struct page_job *job = s->job;

	buf_puts(&out,
	        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
	        "content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light "
	        "dark\"></head><body style=\"margin:0;padding:16px;font:16px/1.5 "
	        "system-ui,sans-serif\"><div style=\"max-width:560px\">");
	element(&out, "<h1 style=\"font-size:20px;line-height:1.3;margin:0 0 16px\">",
	        message_subject(s), "</h1>");
	link_to(&out, BUTTON, s->answer_url, "Acknowledge");
	html_facts(s, &out);
	element(&out, pre, job->bundled, "</pre>");
	element(&out, pre, job->details, "</pre>");
	html_links(s, &out);
	element(&out, SMALL, late_note(s), "</p>");
	element(&out, SMALL, job->why, "</p>");
	element(&out, SMALL, job->next, "</p>");
	buf_puts(&out, "<p style=\"margin:16px 0\">");
	link_to(&out, "color:#2450d8", s->incident_url, "Open the incident");
	buf_puts(&out, "</p>");
	element(&out, SMALL, job->organisation, " · Tocsin</p>");
	buf_puts(&out, "</div></body></html>\n");
	return buf_cstr(&out);
}
