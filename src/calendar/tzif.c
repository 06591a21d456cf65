/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads TZif (RFC 9636), version 2 or later: a first block for old readers, which is skipped,
 * then a header, the transitions with 64-bit times, the types, and a footer with the rule for
 * the time after the last transition. Every count is checked against the bytes that are there.
 */
#include "calendar/zone_priv.h"

#define HEADER_BYTES 44
#define TIMES_MAX 20000
#define TYPES_MAX 256
/* Files of older compilers begin with a transition "at the Big Bang", -2^59. */
#define AT_MAX (INT64_C(1) << 59)

struct header {
	char version;
	uint32_t n_ut, n_std, n_leap, n_time, n_type, n_char;
};

static uint32_t
be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static int64_t
be64(const char *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* Cuts len bytes off the front; false when they are not there. */
static bool
take(struct str *s, uint64_t len, struct str *ret)
{
	if (len > s->len)
		return false;
	*ret = (struct str){ s->p, (size_t)len };
	s->p += len;
	s->len -= (size_t)len;
	return true;
}

static const char *
read_header(struct str *file, struct header *ret)
{
	struct str h;

	if (!take(file, HEADER_BYTES, &h) || memcmp(h.p, "TZif", 4) != 0)
		return "not a TZif file";
	*ret = (struct header){
		.version = h.p[4],
		.n_ut = be32(h.p + 20),
		.n_std = be32(h.p + 24),
		.n_leap = be32(h.p + 28),
		.n_time = be32(h.p + 32),
		.n_type = be32(h.p + 36),
		.n_char = be32(h.p + 40),
	};
	if (ret->version < '2')
		return "version 1, which has no rule for the future";
	return ret->n_leap > 0 ? "counts leap seconds" : NULL;
}

static const char *
skip_old_block(struct str *file, const struct header *h)
{
	struct str old;
	uint64_t size = (uint64_t)h->n_time * 5 + (uint64_t)h->n_type * 6 + h->n_char
	        + (uint64_t)h->n_std + h->n_ut;

	return take(file, size, &old) ? NULL : "cut short";
}

static const char *
read_times(struct arena *mem, struct str *file, const struct header *h, struct zone *z)
{
	struct str times, indices;

	if (h->n_time > TIMES_MAX)
		return "too many transitions";
	if (!take(file, (uint64_t)h->n_time * 8, &times) || !take(file, h->n_time, &indices))
		return "cut short";

	int64_t *at = ARENA_ARRAY(mem, h->n_time, int64_t);
	for (size_t i = 0; i < h->n_time; i++) {
		at[i] = be64(times.p + 8 * i);
		if (at[i] < -AT_MAX || at[i] > AT_MAX || (i > 0 && at[i] <= at[i - 1]))
			return "transitions out of order";
		if ((unsigned char)indices.p[i] >= h->n_type)
			return "a transition to a type that is not there";
	}
	z->n = h->n_time;
	z->at = at;
	z->type = (const uint8_t *)arena_strndup(mem, indices.p, indices.len);
	return NULL;
}

static const char *
read_type(struct str rec, struct str abbrs, struct zone_type *ret)
{
	int32_t offset = (int32_t)be32(rec.p);
	size_t at = (unsigned char)rec.p[5];

	if (offset < -ZONE_OFFSET_MAX || offset > ZONE_OFFSET_MAX)
		return "an offset beyond 26 hours";
	if (at >= abbrs.len || memchr(abbrs.p + at, '\0', abbrs.len - at) == NULL)
		return "an abbreviation that is not there";
	*ret = (struct zone_type){ offset, rec.p[4] != 0, abbrs.p + at };
	return NULL;
}

static const char *
read_types(struct arena *mem, struct str *file, const struct header *h, struct zone *z)
{
	struct str records, abbrs, marks;

	if (h->n_type == 0 || h->n_type > TYPES_MAX)
		return "no types, or too many";
	if (!take(file, (uint64_t)h->n_type * 6, &records) || !take(file, h->n_char, &abbrs)
	        || !take(file, (uint64_t)h->n_std + h->n_ut, &marks))
		return "cut short";
	abbrs.p = arena_strndup(mem, abbrs.p, abbrs.len);
	z->n_types = h->n_type;
	z->types = ARENA_ARRAY(mem, h->n_type, struct zone_type);
	for (size_t i = 0; i < h->n_type; i++) {
		const char *why =
		        read_type((struct str){ records.p + 6 * i, 6 }, abbrs, &z->types[i]);
		if (why != NULL)
			return why;
	}
	return NULL;
}

/* An empty footer is allowed: the last type holds for ever. */
static const char *
read_footer(struct arena *mem, struct str file, struct zone *z)
{
	if (file.len < 2 || file.p[0] != '\n')
		return "no footer";
	file.p++;
	file.len--;

	const char *end = memchr(file.p, '\n', file.len);
	if (end == NULL)
		return "no footer";
	file.len = (size_t)(end - file.p);
	z->has_rule = file.len > 0;
	if (z->has_rule && !zone_rule_parse(mem, file, &z->rule))
		return "a footer that is no rule";
	return NULL;
}

static const char *
read_all(struct arena *mem, struct str file, struct zone *z)
{
	struct header h;
	const char *why;

	if ((why = read_header(&file, &h)) != NULL || (why = skip_old_block(&file, &h)) != NULL)
		return why;
	if ((why = read_header(&file, &h)) != NULL
	        || (why = read_times(mem, &file, &h, z)) != NULL
	        || (why = read_types(mem, &file, &h, z)) != NULL)
		return why;
	return read_footer(mem, file, z);
}

const struct zone *
zone_parse(struct arena *mem, const char *name, struct str file, const char **ret_why)
{
	struct zone *z = ARENA_NEW(mem, struct zone);
	const char *why = read_all(mem, file, z);

	if (why != NULL) {
		*ret_why = why;
		return NULL;
	}
	z->name = arena_strdup(mem, name);
	return z;
}
