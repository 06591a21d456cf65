/* SPDX-License-Identifier: Apache-2.0 */
/* The streaming writer: it knows how deep it is and whether a comma is due, nothing else. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

static void
new_line(struct jsonw *w)
{
	if (!w->pretty)
		return;
	buf_putc(w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		buf_puts(w->out, "  ");
}

/* What must stand before a value: nothing after a key, a comma after a sibling. */
static void
before_value(struct jsonw *w)
{
	uint64_t bit = UINT64_C(1) << w->depth;

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->filled & bit)
		buf_putc(w->out, ',');
	w->filled |= bit;
	if (w->depth > 0)
		new_line(w);
}

static void
open_container(struct jsonw *w, char c)
{
	before_value(w);
	buf_putc(w->out, c);
	w->depth++;
	assert(w->depth < 64);
	w->filled &= ~(UINT64_C(1) << w->depth);
}

static void
close_container(struct jsonw *w, char c)
{
	bool filled = w->filled & UINT64_C(1) << w->depth;

	w->depth--;
	if (filled)
		new_line(w);
	buf_putc(w->out, c);
}

void
jsonw_object(struct jsonw *w)
{
	open_container(w, '{');
}

void
jsonw_array(struct jsonw *w)
{
	open_container(w, '[');
}

void
jsonw_end_object(struct jsonw *w)
{
	close_container(w, '}');
}

void
jsonw_end_array(struct jsonw *w)
{
	close_container(w, ']');
}

static void
put_escaped(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_puts(out, "\\\"");
		break;
	case '\\':
		buf_puts(out, "\\\\");
		break;
	case '\n':
		buf_puts(out, "\\n");
		break;
	case '\r':
		buf_puts(out, "\\r");
		break;
	case '\t':
		buf_puts(out, "\\t");
		break;
	default:
		buf_printf(out, "\\u%04x", c);
	}
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* The highest bit of the lowest byte that is below b, or equal to b, is among those set. */
static uint64_t
below(uint64_t eight, uint64_t b)
{
	return (eight - EACH_BYTE(b)) & ~eight & EACH_BYTE(0x80);
}

static uint64_t
equal(uint64_t eight, uint64_t b)
{
	return below(eight ^ EACH_BYTE(b), 1);
}

/* is_plain of eight bytes at once: it is asked for each byte that is written. */
static bool
are_plain(const char *p)
{
	uint64_t eight;

	memcpy(&eight, p, sizeof eight);
	return (below(eight, 0x20) | equal(eight, '"') | equal(eight, '\\')
	               | equal(eight, 0x7f))
	        == 0;
}

/* Runs of plain bytes go out in one piece. */
static void
put_valid(struct buf *out, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		while (s.len - i >= sizeof(uint64_t) && are_plain(s.p + i))
			i += sizeof(uint64_t);
		if (i == s.len)
			break;
		if (is_plain((unsigned char)s.p[i]))
			continue;
		buf_add(out, s.p + from, i - from);
		put_escaped(out, (unsigned char)s.p[i]);
		from = i + 1;
	}
	buf_add(out, s.p + from, s.len - from);
}

/* Byte by byte, for texts that came from outside JSON: what is no character becomes U+FFFD. */
static void
put_repaired(struct buf *out, struct str s)
{
	while (s.len > 0) {
		size_t n = 1;
		while (n <= s.len && n <= 4 && !utf8_valid((struct str){ s.p, n }))
			n++;
		bool good = n <= s.len && n <= 4;
		if (good)
			put_valid(out, (struct str){ s.p, n });
		else
			buf_puts(out, "\xef\xbf\xbd");
		n = good ? n : 1;
		s.p += n;
		s.len -= n;
	}
}

static void
put_text(struct buf *out, struct str s)
{
	buf_putc(out, '"');
	if (utf8_valid(s))
		put_valid(out, s);
	else
		put_repaired(out, s);
	buf_putc(out, '"');
}

void
jsonw_key_str(struct jsonw *w, struct str key)
{
	before_value(w);
	put_text(w->out, key);
	buf_puts(w->out, w->pretty ? ": " : ":");
	w->after_key = true;
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	jsonw_key_str(w, str_from(key));
}

void
jsonw_null(struct jsonw *w)
{
	before_value(w);
	buf_puts(w->out, "null");
}

void
jsonw_bool(struct jsonw *w, bool b)
{
	before_value(w);
	buf_puts(w->out, b ? "true" : "false");
}

void
jsonw_int(struct jsonw *w, int64_t n)
{
	before_value(w);
	buf_int(w->out, n);
}

/* The shortest of the two forms that reads back as the same number, always with a mark of a
 * real. */
void
jsonw_real(struct jsonw *w, double n)
{
	char text[40];

	before_value(w);
	snprintf(text, sizeof text, "%.15g", n);
	if (strtod(text, NULL) != n)
		snprintf(text, sizeof text, "%.17g", n);
	for (char *p = text; *p != '\0'; p++)
		if (*p == ',')
			*p = '.';
	buf_puts(w->out, text);
	if (strpbrk(text, ".eEn") == NULL)
		buf_puts(w->out, ".0");
}

void
jsonw_str(struct jsonw *w, struct str s)
{
	before_value(w);
	put_text(w->out, s);
}

void
jsonw_cstr(struct jsonw *w, const char *s)
{
	if (s == NULL)
		jsonw_null(w);
	else
		jsonw_str(w, str_from(s));
}

void
jsonw_time(struct jsonw *w, usec_t at)
{
	char text[RFC3339_MAX];

	jsonw_cstr(w, rfc3339_print(at, text));
}

void
jsonw_raw(struct jsonw *w, struct str json)
{
	before_value(w);
	buf_str(w->out, json);
}

static void
write_object(struct jsonw *w, const struct json *v)
{
	jsonw_object(w);
	for (size_t i = 0; i < v->object.n; i++) {
		jsonw_key_str(w, v->object.members[i].key);
		jsonw_tree(w, &v->object.members[i].value);
	}
	jsonw_end_object(w);
}

static void
write_array(struct jsonw *w, const struct json *v)
{
	jsonw_array(w);
	for (size_t i = 0; i < v->array.n; i++)
		jsonw_tree(w, &v->array.items[i]);
	jsonw_end_array(w);
}

void
jsonw_tree(struct jsonw *w, const struct json *v)
{
	switch (v->type) {
	case JSON_BOOL:
		jsonw_bool(w, v->boolean);
		break;
	case JSON_INT:
		jsonw_int(w, v->integer);
		break;
	case JSON_REAL:
		jsonw_real(w, v->real);
		break;
	case JSON_STRING:
		jsonw_str(w, v->string);
		break;
	case JSON_ARRAY:
		write_array(w, v);
		break;
	case JSON_OBJECT:
		write_object(w, v);
		break;
	case JSON_NULL:
	case JSON_TYPE_MAX:
		jsonw_null(w);
		break;
	}
}

/* ---- key and value in one ---- */

void
jsonw_member(struct jsonw *w, const char *key, const char *value)
{
	jsonw_key(w, key);
	jsonw_cstr(w, value);
}

void
jsonw_member_opt(struct jsonw *w, const char *key, const char *value)
{
	if (value != NULL)
		jsonw_member(w, key, value);
}

void
jsonw_member_int(struct jsonw *w, const char *key, int64_t n)
{
	jsonw_key(w, key);
	jsonw_int(w, n);
}

void
jsonw_member_bool(struct jsonw *w, const char *key, bool b)
{
	jsonw_key(w, key);
	jsonw_bool(w, b);
}

void
jsonw_member_time(struct jsonw *w, const char *key, usec_t at)
{
	jsonw_key(w, key);
	jsonw_time(w, at);
}

void
jsonw_member_time_opt(struct jsonw *w, const char *key, usec_t at)
{
	if (at != 0)
		jsonw_member_time(w, key, at);
}

void
jsonw_member_raw(struct jsonw *w, const char *key, const char *json)
{
	jsonw_key(w, key);
	if (json == NULL)
		jsonw_null(w);
	else
		jsonw_raw(w, str_from(json));
}
