/* SPDX-License-Identifier: Apache-2.0 */
/* Grows by doubling inside the arena; the last byte is kept for the NUL. */
#include "base/buf.h"

#include <stdio.h>

static void
make_room(struct buf *b, size_t len)
{
	if (b->len + len + 1 <= b->cap)
		return;

	size_t cap = b->cap > 0 ? b->cap : b->max < 128 ? b->max + 1 : 128;
	while (cap < b->len + len + 1)
		cap *= 2;
	char *p = arena_alloc(b->mem, cap);
	if (b->len > 0)
		memcpy(p, b->p, b->len);
	b->p = p;
	b->cap = cap;
}

void
buf_add(struct buf *b, const void *p, size_t len)
{
	if (len > b->max - b->len) {
		len = b->max - b->len;
		b->cut = true;
	}
	if (len == 0)
		return;
	make_room(b, len);
	memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.len);
}

void
buf_puts(struct buf *b, const char *s)
{
	if (s != NULL)
		buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	if (b->len == b->max || b->len + 1 >= b->cap) {
		buf_add(b, &c, 1);
		return;
	}
	b->p[b->len++] = c;
	b->p[b->len] = '\0';
}

void
buf_int(struct buf *b, int64_t n)
{
	char digits[24];
	char *p = digits + sizeof digits;
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (n < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	char small[256];
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(small, sizeof small, fmt, ap);
	if (len >= 0 && (size_t)len < sizeof small)
		buf_add(b, small, (size_t)len);
	else
		buf_puts(b, arena_vprintf(b->mem, fmt, again));
	va_end(again);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

/* By hand: whether isalnum() takes a byte depends on the locale. */
static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	        || strchr("-_.~", c) != NULL;
}

void
buf_url(struct buf *b, const char *s, const char *keep)
{
	for (; *s != '\0'; s++)
		if (is_unreserved(*s) || strchr(keep, *s) != NULL)
			buf_putc(b, *s);
		else
			buf_printf(b, "%%%02X", (unsigned char)*s);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->cut = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

const char *
buf_cstr(struct buf *b)
{
	return b->p == NULL ? "" : b->p;
}

struct str
buf_view(const struct buf *b)
{
	return (struct str){ b->p == NULL ? "" : b->p, b->len };
}
