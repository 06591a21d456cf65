/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail from texts that come from outside: subject, then name, then body, divided by bytes
 * of value 1. No text can begin a header or end the mail, lines are short and ASCII, and the
 * subject reads back as what it was.
 */
#include "channel/mail.h"

#include <sodium.h>

#include "channel/channel.h"
#include "fuzz.h"

#define LINE_MAX_BYTES 998 /* RFC 5322 */
#define WORD_MAX 75        /* RFC 2047 */
#define TITLE_MAX 180      /* as messages clip what they put into a subject */

/* Every line ends with CRLF, and neither stands elsewhere. */
static void
assert_lines(struct str mail)
{
	size_t column = 0;

	assert(str_ends(mail, STR("\r\n")));
	for (size_t i = 0; i < mail.len; i++) {
		unsigned char c = (unsigned char)mail.p[i];
		if (c == '\r') {
			assert(i + 1 < mail.len && mail.p[i + 1] == '\n');
			assert(column <= LINE_MAX_BYTES);
		} else if (c == '\n') {
			assert(i > 0 && mail.p[i - 1] == '\r');
			column = 0;
		} else {
			assert((c >= ' ' && c <= '~') || c == '\t');
			column++;
		}
	}
}

/* The header with its folds undone, lines ended by \n. */
static const char *
unfolded(struct ctx *cx, struct str mail)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);

	for (;;) {
		struct str line = str_cut(&mail, '\n');
		line.len--;
		if (line.len == 0)
			return buf_cstr(&out);
		if (line.p[0] != ' ' && out.len > 0)
			buf_putc(&out, '\n');
		buf_str(&out, line);
	}
}

static void
assert_fields(struct ctx *cx, struct str head)
{
	struct buf names = BUF_INIT(&cx->mem, 4096);

	while (head.len > 0) {
		struct str line = str_cut(&head, '\n');
		buf_str(&names, str_cut(&line, ':'));
		buf_putc(&names, ' ');
	}
	assert(strcmp(buf_cstr(&names),
	               "Date From To Subject Message-ID In-Reply-To References List-Id "
	               "Auto-Submitted X-Auto-Response-Suppress Tocsin-Id MIME-Version "
	               "Content-Type ")
	        == 0);
}

/* RFC 2047: blanks between encoded words go. */
static const char *
decoded(struct ctx *cx, struct str value)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);
	unsigned char raw[WORD_MAX];
	size_t len;

	if (!str_starts(value, STR("=?utf-8?B?")))
		return str_dup(&cx->mem, value);
	while (value.len > 0) {
		struct str word = str_word(&value);
		assert(str_starts(word, STR("=?utf-8?B?")) && str_ends(word, STR("?=")));
		assert(word.len <= WORD_MAX);
		assert(sodium_base642bin(raw, sizeof raw, word.p + 10, word.len - 12, NULL,
		               &len, NULL, sodium_base64_VARIANT_ORIGINAL)
		        == 0);
		assert(utf8_valid((struct str){ (const char *)raw, len }));
		buf_add(&out, raw, len);
	}
	return buf_cstr(&out);
}

static const char *
subject_of(struct ctx *cx, const char *head)
{
	struct str value = str_from(strstr(head, "\nSubject: ") + strlen("\nSubject: "));

	return decoded(cx, str_cut(&value, '\n'));
}

static const char *
part(struct ctx *cx, struct str *in)
{
	struct str s = str_cut(in, '\x01');

	return str_dup(&cx->mem, s);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *subject =
	        text_clip(&cx->mem, text_line(&cx->mem, part(cx, &in)), TITLE_MAX);
	const char *name = text_clip(&cx->mem, text_line(&cx->mem, part(cx, &in)), TITLE_MAX);
	const char *text = text_lines(&cx->mem, part(cx, &in));
	struct mail m = { .date = FUZZ_NOW,
		.from_name = name[0] == '\0' ? NULL : name,
		.from = "tocsin@example.org",
		.to = "alice@example.org",
		.subject = subject,
		.id = "page-1",
		.thread = "incident-1",
		.text = text,
		.html = text };
	struct str mail = mail_render(cx, &m);

	assert_lines(mail);
	const char *head = unfolded(cx, mail);
	assert_fields(cx, str_from(head));
	assert(strcmp(subject_of(cx, head), subject) == 0);
}
