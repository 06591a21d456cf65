/* SPDX-License-Identifier: Apache-2.0 */
/* Slices: comparing, cutting, checking. */
#include "base/str.h"

#include "base/arena.h"

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
str_is(struct str a, const char *b)
{
	return str_eq(a, str_from(b));
}

bool
str_null_safe_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq((struct str){ s.p, prefix.len }, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len
	        && str_eq((struct str){ s.p + s.len - suffix.len, suffix.len }, suffix);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.p[0]))
		s.p++, s.len--;
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct str
str_cut(struct str *s, char sep)
{
	const char *at = s->len == 0 ? NULL : memchr(s->p, sep, s->len);

	if (at == NULL) {
		struct str all = *s;
		*s = (struct str){ s->p + s->len, 0 };
		return all;
	}
	struct str before = { s->p, (size_t)(at - s->p) };
	s->len -= before.len + 1;
	s->p = at + 1;
	return before;
}

struct str
str_word(struct str *s)
{
	struct str word;

	while (s->len > 0 && is_blank(s->p[0]))
		s->p++, s->len--;
	word = (struct str){ s->p, 0 };
	while (s->len > 0 && !is_blank(s->p[0]))
		s->p++, s->len--, word.len++;
	return word;
}

const char *
str_dup(struct arena *a, struct str s)
{
	return arena_strndup(a, s.p, s.len);
}

bool
str_int(struct str s, int64_t *ret)
{
	bool negative = s.len > 0 && s.p[0] == '-';
	int64_t n = 0;

	if (negative)
		s.p++, s.len--;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int digit = s.p[i] - '0';
		if (__builtin_mul_overflow(n, 10, &n)
		        || __builtin_add_overflow(n, negative ? -digit : digit, &n))
			return false;
	}
	*ret = n;
	return true;
}

/* Length of the character at p, 0 when it is not well-formed UTF-8 (RFC 3629, table in 4). */
static size_t
utf8_char(const unsigned char *p, size_t left)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max;
		size_t len;
	} rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (p[0] < rows[i].first_min || p[0] > rows[i].first_max)
			continue;
		if (left < rows[i].len || p[1] < rows[i].second_min
		        || p[1] > rows[i].second_max)
			return 0;
		for (size_t k = 2; k < rows[i].len; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].len;
	}
	return 0;
}

bool
utf8_valid(struct str s)
{
	for (size_t i = 0; i < s.len;) {
		uint64_t eight;
		if (s.len - i >= sizeof eight) { /* most text is ASCII */
			memcpy(&eight, s.p + i, sizeof eight);
			if ((eight & UINT64_C(0x8080808080808080)) == 0) {
				i += sizeof eight;
				continue;
			}
		}
		size_t n = utf8_char((const unsigned char *)s.p + i, s.len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

struct str
utf8_clip(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct str){ s.p, max };
}

static bool
is_slug_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
slug_valid(struct str s)
{
	if (s.len == 0 || s.len > 63 || !is_slug_char(s.p[0]))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!is_slug_char(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

#define NEAREST_MAX 64

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Letters put in, left out, mistaken or swapped with their neighbour. Both texts are at most
 * NEAREST_MAX long; rows[i % 3] is the row of a's first i letters. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i - 1) % 3],
		       *over = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];
			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2]
			        && a.p[i - 2] == b.p[j - 1] && over[j - 2] + 1 < row[j])
				row[j] = over[j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

const char *
str_nearest(struct str s, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	size_t best_distance = s.len / 3 + 1;

	if (s.len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct str c = str_from(candidates[i]);
		if (c.len > NEAREST_MAX)
			continue;
		size_t d = distance(s, c);
		if (d < best_distance) {
			best_distance = d;
			best = candidates[i];
		}
	}
	return best;
}

uint64_t
fnv1a(uint64_t h, const void *p, size_t len)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * UINT64_C(1099511628211);
	return h;
}
