/* SPDX-License-Identifier: Apache-2.0 */
/* A slice of bytes that somebody else owns; used while parsing. Not NUL-terminated. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
	const char *p;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).p

static inline struct str
str_from(const char *s)
{
	return (struct str){ s, s == NULL ? 0 : strlen(s) };
}

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s); /* blanks, tabs, CR, LF at both ends */

/* Cuts s at the first sep: returns what stands before, leaves in s what stands after. */
struct str str_cut(struct str *s, char sep);

/* The next word between blanks and tabs; empty at the end. */
struct str str_word(struct str *s);

const char *str_dup(struct arena *a, struct str s);

/* Decimal, optional minus, no blanks; false on overflow. */
bool str_int(struct str s, int64_t *ret);

bool str_null_safe_eq(const char *a, const char *b); /* NULL equals NULL only */
bool utf8_valid(struct str s);

/* The largest prefix of at most max bytes that ends between characters. */
struct str utf8_clip(struct str s, size_t max);

/* Slugs name documents: [a-z0-9][a-z0-9-]{0,62}. */
bool slug_valid(struct str s);

/* The candidate with the smallest edit distance, if that is at most a third of the length; else
 * NULL. For "did you mean". */
const char *str_nearest(struct str s, const char *const *candidates, size_t n);

/* FNV-1a 64; also what the Alertmanager's fingerprints are made of. */
#define FNV1A_INIT UINT64_C(14695981039346656037)
uint64_t fnv1a(uint64_t h, const void *p, size_t len);

#endif
