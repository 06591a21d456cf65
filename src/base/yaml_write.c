/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree as YAML that people like to read: block style, short lists of scalars on one line,
 * quotes only where a plain text would read back as something else.
 */
#include "base/json.h"

#define FLOW_MAX 80 /* bytes of a list that still stands on one line */

static bool
reads_as_text(struct str s)
{
	struct ctx cx;
	struct json *v = NULL;

	ctx_init(&cx, NULL);
	struct err *e = yaml_parse(&cx, NULL, s, JSON_LIMITS_REQUEST, &v);
	bool same = e == NULL && v->type == JSON_STRING && str_eq(v->string, s);
	ctx_close(&cx);
	return same;
}

/* A plain text must survive as key, as value and inside brackets: only calm characters may. */
static bool
is_calm(struct str s)
{
	static const char calm[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	        "-_./@+ ()$%~=<>:;";

	if (s.len == 0 || s.p[0] == ' ' || s.p[s.len - 1] == ' ' || s.p[s.len - 1] == ':'
	        || strchr("-?:%@=<>~.+;", s.p[0]) != NULL)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] < 0x80 && strchr(calm, s.p[i]) == NULL)
			return false;
		if ((s.p[i] == ':' && s.p[i + 1] == ' ') || (unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* What YAML does not take as it is: its breaks of lines beyond ASCII, which would be folded to
 * a blank, and what it calls not printable. Bytes of UTF-8 that make one such, or 0. */
static size_t
unquotable(struct str s, unsigned *ret)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (p[0] == 0x7f) {
		*ret = p[0];
		return 1;
	}
	if (s.len >= 2 && p[0] == 0xc2 && p[1] <= 0x9f) {
		*ret = p[1];
		return 2;
	}
	if (s.len < 3 || (p[0] & 0xf0) != 0xe0)
		return 0;
	*ret = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	return *ret == 0x2028 || *ret == 0x2029 || *ret == 0xfeff || *ret >= 0xfffe ? 3 : 0;
}

static void
put_quoted(struct buf *out, struct str s)
{
	struct buf json = BUF_INIT(out->mem, 6 * s.len + 2);
	struct jsonw w = JSONW(&json);

	jsonw_str(&w, s);
	struct str rest = buf_view(&json);
	while (rest.len > 0) {
		unsigned point;
		size_t n = unquotable(rest, &point);
		if (n == 0)
			buf_putc(out, rest.p[0]);
		else
			buf_printf(out, "\\u%04x", point);
		n += n == 0;
		rest = (struct str){ rest.p + n, rest.len - n };
	}
}

static void
put_text(struct buf *out, struct str s)
{
	if (is_calm(s) && reads_as_text(s))
		buf_str(out, s);
	else
		put_quoted(out, s);
}

static void
put_scalar(struct buf *out, const struct json *v)
{
	struct jsonw w = JSONW(out);

	if (v->type == JSON_STRING)
		put_text(out, v->string);
	else
		jsonw_tree(&w, v);
}

static bool
is_scalar(const struct json *v)
{
	return (v->type != JSON_ARRAY || v->array.n == 0)
	        && (v->type != JSON_OBJECT || v->object.n == 0);
}

static void put_flow(struct buf *out, const struct json *v);

static void
put_flow_members(struct buf *out, const struct json *v)
{
	buf_putc(out, '{');
	for (size_t i = 0; i < v->object.n; i++) {
		buf_puts(out, i == 0 ? "" : ", ");
		put_text(out, v->object.members[i].key);
		buf_puts(out, ": ");
		put_flow(out, &v->object.members[i].value);
	}
	buf_putc(out, '}');
}

static void
put_flow(struct buf *out, const struct json *v)
{
	if (is_scalar(v)) {
		put_scalar(out, v);
	} else if (v->type == JSON_OBJECT) {
		put_flow_members(out, v);
	} else {
		buf_putc(out, '[');
		for (size_t i = 0; i < v->array.n; i++) {
			buf_puts(out, i == 0 ? "" : ", ");
			put_flow(out, &v->array.items[i]);
		}
		buf_putc(out, ']');
	}
}

/* Lists and small maps without deeper maps of their own fit on a line. */
static bool
try_flow(struct buf *out, const struct json *v)
{
	struct buf line = BUF_INIT(out->mem, FLOW_MAX);

	put_flow(&line, v);
	if (line.cut)
		return false;
	buf_str(out, buf_view(&line));
	return true;
}

static void
indent(struct buf *out, int depth)
{
	for (int i = 0; i < depth; i++)
		buf_puts(out, "  ");
}

static void put_block(struct buf *out, const struct json *v, int depth, bool inline_first);

static bool
wants_flow(const struct json *v, int depth)
{
	if (is_scalar(v))
		return true;
	if (depth < 3)
		return false;
	return true;
}

static void
put_member_value(struct buf *out, const struct json *v, int depth)
{
	if (wants_flow(v, depth)) {
		size_t before = out->len;
		buf_putc(out, ' ');
		if (is_scalar(v)) {
			put_scalar(out, v);
			buf_putc(out, '\n');
			return;
		}
		if (try_flow(out, v)) {
			buf_putc(out, '\n');
			return;
		}
		out->len = before;
	}
	buf_putc(out, '\n');
	put_block(out, v, depth, false);
}

static void
put_mapping(struct buf *out, const struct json *v, int depth, bool inline_first)
{
	for (size_t i = 0; i < v->object.n; i++) {
		if (i > 0 || !inline_first)
			indent(out, depth);
		put_text(out, v->object.members[i].key);
		buf_putc(out, ':');
		put_member_value(out, &v->object.members[i].value, depth + 1);
	}
}

static void
put_sequence(struct buf *out, const struct json *v, int depth)
{
	for (size_t i = 0; i < v->array.n; i++) {
		const struct json *item = &v->array.items[i];
		indent(out, depth);
		buf_puts(out, "- ");
		if (is_scalar(item)) {
			put_scalar(out, item);
			buf_putc(out, '\n');
		} else if (try_flow(out, item)) {
			buf_putc(out, '\n');
		} else if (item->type == JSON_OBJECT) {
			put_mapping(out, item, depth + 1, true);
		} else {
			put_flow(out, item);
			buf_putc(out, '\n');
		}
	}
}

static void
put_block(struct buf *out, const struct json *v, int depth, bool inline_first)
{
	if (v->type == JSON_OBJECT)
		put_mapping(out, v, depth, inline_first);
	else
		put_sequence(out, v, depth);
}

void
yaml_print(struct buf *out, const struct json *v)
{
	if (is_scalar(v)) {
		put_scalar(out, v);
		buf_putc(out, '\n');
	} else {
		put_block(out, v, 0, false);
	}
}
