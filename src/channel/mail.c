/* SPDX-License-Identifier: Apache-2.0 */
/* Headers are folded below 78 columns and encoded by RFC 2047 where they are not ASCII; bodies
 * are quoted-printable, which stays readable in a raw mail. */
#include "channel/mail.h"

#include <inttypes.h>
#include <sodium.h>
#include <time.h>

#include "base/buf.h"

#define MAIL_MAX (1024 * 1024)
#define COLUMNS 76
#define WORD_OVERHEAD 12 /* of =?utf-8?B??= */
#define WORD_MAX 75

/* Cannot stand in a body: quoted-printable writes no "=_". */
#define BOUNDARY "=_tocsin"

/* ---- header fields ---- */

/* "=?" would be read as an encoded word, so it is encoded itself. */
static bool
is_plain(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return strstr(text, "=?") == NULL;
}

/* Breaks only where a blank is, and the blank begins the next line. */
static void
add_folded(struct buf *out, struct str rest, size_t column)
{
	while (rest.len > 0) {
		const char *blank = memchr(rest.p + 1, ' ', rest.len - 1);
		size_t len = blank == NULL ? rest.len : (size_t)(blank - rest.p);
		if (column + len > COLUMNS && rest.p[0] == ' ') {
			buf_puts(out, "\r\n");
			column = 0;
		}
		buf_add(out, rest.p, len);
		column += len;
		rest = (struct str){ rest.p + len, rest.len - len };
	}
}

/* Each word is whole characters, as RFC 2047 wants it. */
static void
add_encoded(struct buf *out, struct str rest, size_t column)
{
	char word[WORD_MAX + 1];

	while (rest.len > 0) {
		size_t room = COLUMNS - column - WORD_OVERHEAD;
		struct str part = utf8_clip(rest, room / 4 * 3);
		if (part.len == 0)
			break;
		sodium_bin2base64(word, sizeof word, (const unsigned char *)part.p, part.len,
		        sodium_base64_VARIANT_ORIGINAL);
		rest = (struct str){ rest.p + part.len, rest.len - part.len };
		buf_printf(out, "=?utf-8?B?%s?=%s", word, rest.len == 0 ? "" : "\r\n ");
		column = 1;
	}
}

/* Words that people read. */
static void
field_text(struct buf *out, const char *name, const char *text)
{
	size_t column = strlen(name) + 2;

	buf_printf(out, "%s: ", name);
	if (is_plain(text))
		add_folded(out, str_from(text), column);
	else
		add_encoded(out, str_from(text), column);
	buf_puts(out, "\r\n");
}

/* A name in front of an address: in quotes, or encoded. */
static void
field_address(struct buf *out, const char *field, const char *name, const char *address)
{
	buf_printf(out, "%s: ", field);
	if (name != NULL && is_plain(name) && strpbrk(name, "\"\\") == NULL)
		buf_printf(out, "\"%s\"\r\n ", name);
	else if (name != NULL) {
		add_encoded(out, str_from(name), strlen(field) + 2);
		buf_puts(out, "\r\n ");
	}
	buf_printf(out, "<%s>\r\n", address);
}

static void
field_date(struct buf *out, usec_t at)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(at / SECONDS(1));
	struct tm tm;

	gmtime_r(&seconds, &tm);
	buf_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday],
	        tm.tm_mday, months[tm.tm_mon], 1900 + tm.tm_year, tm.tm_hour, tm.tm_min,
	        tm.tm_sec);
}

/* ---- bodies ---- */

static bool
needs_quoting(struct str line, size_t at)
{
	unsigned char c = (unsigned char)line.p[at];

	if (c == ' ' || c == '\t')
		return at + 1 == line.len;
	return c < '!' || c > '~' || c == '=' || (c == '.' && at == 0);
}

static void
add_quoted_line(struct buf *out, struct str line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len; i++) {
		bool quote = needs_quoting(line, i);
		size_t width = quote ? 3 : 1;
		if (column + width > COLUMNS - 1) {
			buf_puts(out, "=\r\n");
			column = 0;
		}
		if (quote)
			buf_printf(out, "=%02X", (unsigned char)line.p[i]);
		else
			buf_putc(out, line.p[i]);
		column += width;
	}
	buf_puts(out, "\r\n");
}

static void
add_part(struct buf *out, const char *type, const char *text)
{
	struct str rest = str_from(text);

	buf_printf(out,
	        "--" BOUNDARY "\r\nContent-Type: %s; charset=utf-8\r\n"
	        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	        type);
	while (rest.len > 0)
		add_quoted_line(out, str_cut(&rest, '\n'));
}

/* ---- the whole ---- */

static void
add_thread(struct buf *out, const struct mail *m, const char *domain)
{
	buf_printf(out, "Message-ID: <%s.%" PRId64 "@%s>\r\n", m->id, m->born, domain);
	if (m->thread == NULL)
		return;
	for (int i = 0; i < 2; i++)
		buf_printf(out, "%s: <%s.%" PRId64 "@%s>\r\n",
		        i == 0 ? "In-Reply-To" : "References", m->thread, m->thread_born,
		        domain);
}

struct str
mail_render(struct ctx *cx, const struct mail *m)
{
	struct buf out = BUF_INIT(&cx->mem, MAIL_MAX);
	const char *domain = strrchr(m->from, '@') + 1;

	field_date(&out, m->date);
	field_address(&out, "From", m->from_name, m->from);
	field_address(&out, "To", NULL, m->to);
	field_text(&out, "Subject", m->subject);
	add_thread(&out, m, domain);
	buf_printf(&out, "List-Id: Tocsin <tocsin.%s>\r\n", domain);
	buf_puts(&out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
	buf_printf(&out, "Tocsin-Id: %s\r\n", m->id);
	if (m->urgent)
		buf_puts(&out, "Importance: high\r\nX-Priority: 1\r\n");
	buf_puts(&out,
	        "MIME-Version: 1.0\r\n"
	        "Content-Type: multipart/alternative;\r\n boundary=\"" BOUNDARY "\"\r\n\r\n");
	add_part(&out, "text/plain", m->text);
	add_part(&out, "text/html", m->html);
	buf_puts(&out, "--" BOUNDARY "--\r\n");
	return buf_view(&out);
}

/* ---- addresses ---- */

bool
mail_address_valid(const char *address)
{
	const char *at = strchr(address, '@');

	return at != NULL && at != address && at[1] != '\0' && strchr(at + 1, '@') == NULL
	        && is_plain(address) && strlen(address) <= 254
	        && strpbrk(address, " <>,;:\"\\()[]") == NULL;
}

void
mail_address_split(
        struct arena *a, const char *text, const char **ret_name, const char **ret_address)
{
	struct str address = str_from(text);
	struct str name = str_trim(str_cut(&address, '<'));

	*ret_name = NULL;
	*ret_address = text;
	if (strchr(text, '<') == NULL)
		return;
	*ret_address = str_dup(a, str_trim(str_cut(&address, '>')));
	if (name.len > 1 && name.p[0] == '"' && name.p[name.len - 1] == '"')
		name = (struct str){ name.p + 1, name.len - 2 };
	if (name.len > 0)
		*ret_name = str_dup(a, name);
}
