/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Written for somebody who was woken: what is broken and the one thing to press come first, why
 * it is them and what happens next come after. Everything that a sender wrote is cleaned,
 * bounded and, in HTML, escaped.
 */
#include "channel/message.h"

#include <ctype.h>
#include <inttypes.h>

#define MESSAGE_MAX (256 * 1024)
#define TITLE_MAX 180
#define DETAILS_MAX (8 * 1024) /* the rest is on the incident's page */
#define LINKS_MAX 20
#define BRIEF_MAX_BYTES 2400

/* "CRITICAL": the first thing that the eye meets. */
static const char *
loud(struct arena *mem, const char *word)
{
	char *text = arena_strdup(mem, word);

	for (char *p = text; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return text;
}

static const char *
title(const struct sending *d)
{
	struct arena *mem = &d->cx->mem;

	return text_clip(mem, text_line(mem, d->job->incident.title), TITLE_MAX);
}

/* "DRILL " where it is not for real. */
static const char *
mode_mark(const struct sending *d)
{
	enum mode mode = d->job->page.mode;

	return mode == MODE_STANDARD
	        ? ""
	        : arena_printf(&d->cx->mem, "%s ", loud(&d->cx->mem, mode_names[mode]));
}

const char *
message_subject(const struct sending *d)
{
	const struct page_job *job = d->job;
	struct arena *mem = &d->cx->mem;

	if (job->notice_title != NULL)
		return arena_printf(mem, "[Tocsin] %s",
		        text_clip(mem, text_line(mem, job->notice_title), TITLE_MAX));
	if (job->page.is_bundle)
		return arena_printf(mem, "[%s%" PRId64 " incidents] Many pages in a minute",
		        mode_mark(d), job->n_bundled);
	return arena_printf(mem, "[%s#%" PRId64 " %s] %s", mode_mark(d), job->incident.id,
	        loud(mem, severity_names[job->incident.severity]), title(d));
}

static const char *
headline(const struct sending *d)
{
	if (d->job->notice_title != NULL)
		return text_line(&d->cx->mem, d->job->notice_title);
	return d->job->page.is_bundle ? message_subject(d) : title(d);
}

/* ---- the facts, once for both forms ---- */

struct fact {
	const char *name, *value;
};

#define FACTS_MAX 4

static size_t
facts_of(const struct sending *d, struct fact out[FACTS_MAX])
{
	const struct page_job *job = d->job;
	struct arena *mem = &d->cx->mem;
	bool one = !job->page.is_bundle && job->notice_title == NULL;
	const struct fact all[FACTS_MAX] = {
		{ "Severity", one ? severity_names[job->incident.severity] : NULL },
		{ "Service", text_line(mem, job->service_name) },
		{ "Team", text_line(mem, job->team_name) },
		{ "Since", one ? job->since : NULL },
	};
	size_t n = 0;

	for (size_t i = 0; i < FACTS_MAX; i++)
		if (all[i].value != NULL)
			out[n++] = all[i];
	return n;
}

static const char *
details(const struct sending *d)
{
	struct arena *mem = &d->cx->mem;
	const char *text = d->job->notice_title != NULL ? d->job->notice_text
	        : d->job->page.is_bundle                ? d->job->bundled
	                                                : d->job->details;

	return text_clip(mem, text_lines(mem, text), DETAILS_MAX);
}

/* What people know so far. */
static const char *
brief(const struct sending *d)
{
	struct arena *mem = &d->cx->mem;

	return text_clip(mem, text_lines(mem, d->job->brief), BRIEF_MAX_BYTES);
}

static const char *
mode_note(const struct sending *d)
{
	switch (d->job->page.mode) {
	case MODE_DRILL:
		return "This is a drill: answer as if it were real.";
	case MODE_TEST:
		return "This is a test: nothing is broken.";
	case MODE_STANDARD:
	case MODE_RETROSPECTIVE:
	case MODE_MAX:
		break;
	}
	return NULL;
}

static const char *
late_note(const struct sending *d)
{
	char span[DURATION_MAX];

	if (d->job->page.late_by == 0)
		return NULL;
	return arena_printf(&d->cx->mem, "This message is %s late, after an outage of Tocsin.",
	        duration_print(d->job->page.late_by / SECONDS(1) * SECONDS(1), span));
}

static const char *
twice_note(const struct sending *d)
{
	return d->job->page.possibly_twice
	        ? "You may have had this message before: Tocsin was interrupted while it "
	          "was sending it."
	        : NULL;
}

#define NOTES_MAX 5

/* Sentences, each on its own; NULL where there is nothing to say. */
static void
notes_of(const struct sending *d, const char *out[NOTES_MAX])
{
	struct arena *mem = &d->cx->mem;

	out[0] = mode_note(d);
	out[1] = text_line(mem, d->job->why);
	out[2] = text_line(mem, d->job->next);
	out[3] = late_note(d);
	out[4] = twice_note(d);
}

static size_t
n_links(const struct sending *d)
{
	return d->job->n_links < LINKS_MAX ? d->job->n_links : LINKS_MAX;
}

/* ---- plain text ---- */

static void
text_paragraph(struct buf *out, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	buf_puts(out, text);
	buf_puts(out, text[strlen(text) - 1] == '\n' ? "\n" : "\n\n");
}

static void
text_links(const struct sending *d, struct buf *out)
{
	const struct pair *links = d->job->links;

	for (size_t i = 0; i < n_links(d); i++)
		buf_printf(out, "%s: %s\n", text_line(&d->cx->mem, links[i].id),
		        text_line(&d->cx->mem, links[i].value));
	if (n_links(d) > 0)
		buf_putc(out, '\n');
}

const char *
message_text(const struct sending *d)
{
	struct buf out = BUF_INIT(&d->cx->mem, MESSAGE_MAX);
	struct fact facts[FACTS_MAX];
	const char *notes[NOTES_MAX];
	size_t n = facts_of(d, facts);

	text_paragraph(&out, message_subject(d));
	if (d->answer_url != NULL)
		buf_printf(&out, "Acknowledge: %s\n", d->answer_url);
	if (d->incident_url != NULL)
		buf_printf(&out, "Incident:    %s\n\n", d->incident_url);
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%-9s %s\n", facts[i].name, facts[i].value);
	if (n > 0)
		buf_putc(&out, '\n');
	text_paragraph(&out, brief(d));
	text_paragraph(&out, details(d));
	text_links(d, &out);
	notes_of(d, notes);
	for (size_t i = 0; i < NOTES_MAX; i++)
		text_paragraph(&out, notes[i]);
	buf_printf(&out, "-- \nTocsin of %s\n", text_line(&d->cx->mem, d->job->organisation));
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

	for (; *text != '\0'; text++) {
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

/* What people or senders wrote may only be a link for a browser. */
static void
link_to(struct buf *out, const char *style, const char *url, const char *text)
{
	struct str u = str_from(url);

	if (!str_starts(u, STR("https://")) && !str_starts(u, STR("http://")))
		return;
	buf_printf(out, "<a style=\"%s\" href=\"", style);
	escape(out, url);
	buf_puts(out, "\">");
	escape(out, text);
	buf_puts(out, "</a>");
}

/* Light and dark are settled here, for a phone that turns colours around by itself makes one of
 * text and ground vanish. */
#define HEAD                                                                                   \
	"<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "          \
	"content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" "          \
	"content=\"light\"></head><body style=\"margin:0;padding:16px;background:#ffffff;"     \
	"color:#14181f;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">"  \
	"<div style=\"max-width:560px;margin:0 auto\">"
#define BUTTON                                                                                 \
	"display:block;max-width:320px;background:#2450d8;color:#ffffff;font-weight:600;"      \
	"text-align:center;padding:14px 28px;border-radius:8px;text-decoration:none"
#define PLAIN_LINK "color:#2450d8"
#define PRE                                                                                    \
	"<pre style=\"white-space:pre-wrap;overflow-wrap:anywhere;background:#eef0f4;"         \
	"color:#14181f;padding:12px;border-radius:8px;font-size:14px;margin:16px 0\">"
#define SMALL "<p style=\"margin:12px 0;color:#4d5766\">"

/* The colour only repeats what the word says. */
static const char *const severity_colours[SEVERITY_MAX] = {
	[SEVERITY_INFO] = "#4d5766",
	[SEVERITY_WARNING] = "#8a5a00",
	[SEVERITY_ERROR] = "#b3400a",
	[SEVERITY_CRITICAL] = "#b3121d",
};

static void
html_headline(const struct sending *d, struct buf *out)
{
	const struct incident *inc = &d->job->incident;

	if (!d->job->page.is_bundle && d->job->notice_title == NULL) {
		buf_printf(out,
		        "<p style=\"margin:0;font-size:14px;font-weight:700;color:%s\">",
		        severity_colours[inc->severity]);
		escape(out,
		        arena_printf(&d->cx->mem, "%s%s · #%" PRId64, mode_mark(d),
		                loud(&d->cx->mem, severity_names[inc->severity]), inc->id));
		buf_puts(out, "</p>");
	}
	element(out,
	        "<h1 style=\"font-size:21px;line-height:1.3;margin:4px 0 16px;"
	        "overflow-wrap:anywhere\">",
	        headline(d), "</h1>");
}

static void
html_facts(const struct sending *d, struct buf *out)
{
	struct fact facts[FACTS_MAX];
	size_t n = facts_of(d, facts);

	if (n == 0)
		return;
	buf_puts(out,
	        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
	        "style=\"margin:16px 0\">");
	for (size_t i = 0; i < n; i++) {
		element(out,
		        "<tr><td style=\"color:#4d5766;padding:2px 16px 2px 0;vertical-align:top\">",
		        facts[i].name, "</td>");
		element(out, "<td>", facts[i].value, "</td></tr>");
	}
	buf_puts(out, "</table>");
}

static void
html_links(const struct sending *d, struct buf *out)
{
	const struct pair *links = d->job->links;

	for (size_t i = 0; i < n_links(d); i++) {
		buf_puts(out, "<p style=\"margin:8px 0\">");
		link_to(out, PLAIN_LINK, text_line(&d->cx->mem, links[i].value),
		        text_line(&d->cx->mem, links[i].id));
		buf_puts(out, "</p>");
	}
}

const char *
message_html(const struct sending *d)
{
	struct buf out = BUF_INIT(&d->cx->mem, MESSAGE_MAX);
	const char *notes[NOTES_MAX];

	buf_puts(&out, HEAD);
	html_headline(d, &out);
	if (d->answer_url != NULL)
		link_to(&out, BUTTON, d->answer_url, "Acknowledge");
	html_facts(d, &out);
	element(&out, PRE, brief(d), "</pre>");
	element(&out, PRE, details(d), "</pre>");
	if (d->incident_url != NULL) {
		buf_puts(&out, "<p style=\"margin:16px 0\">");
		link_to(&out, PLAIN_LINK, d->incident_url, "Open the incident");
		buf_puts(&out, "</p>");
	}
	html_links(d, &out);
	notes_of(d, notes);
	for (size_t i = 0; i < NOTES_MAX; i++)
		element(&out, SMALL, notes[i], "</p>");
	element(&out, SMALL "Tocsin of ", text_line(&d->cx->mem, d->job->organisation), "</p>");
	buf_puts(&out, "</div></body></html>\n");
	return buf_cstr(&out);
}
