/* SPDX-License-Identifier: Apache-2.0 */
/* Their ids and names, our slugs. */
#include "importer/import_priv.h"

/* Letters of Latin-1 (U+00C0 to U+00FF) as they are written without marks; '-' has none. */
static const char plain_latin1[] =
        "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";

#define SLUG_MAX 63
#define SLUG_ROOM 8 /* for "-12345" behind it */

/* The slug's characters at the front of s; *ret_used is how many bytes of it they stand for. */
static char
slug_char(struct str s, size_t *ret_used)
{
	unsigned char c = (unsigned char)s.p[0];

	*ret_used = 1;
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	if (c == 0xc3 && s.len > 1) {
		*ret_used = 2;
		return plain_latin1[(unsigned char)s.p[1] & 0x3f];
	}
	return '-';
}

static const char *
slug_of(struct import *im, const char *name)
{
	struct str rest = str_from(name);
	char out[SLUG_MAX + 1];
	size_t n = 0, used;

	while (rest.len > 0 && n < SLUG_MAX - SLUG_ROOM) {
		char c = slug_char(rest, &used);
		if (c != '-' || (n > 0 && out[n - 1] != '-'))
			out[n++] = c;
		rest.p += used;
		rest.len -= used;
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	return arena_strndup(&im->cx->mem, out, n);
}

static struct str
name_key(const struct import *im, enum kind kind, const char *theirs)
{
	return str_from(arena_printf(&im->cx->mem, "%d %s", (int)kind, theirs));
}

void
named_add(struct import *im, struct named *named, const char *slug)
{
	for (size_t i = 0; i < named->n; i++)
		if (strcmp(named->slugs[i], slug) == 0)
			return;
	ARENA_PUSH(&im->cx->mem, named->slugs, named->n, named->cap) = slug;
}

void
import_alias(struct import *im, enum kind kind, const char *theirs, const char *slug)
{
	struct str key = name_key(im, kind, theirs);
	struct named *named = map_get(&im->slugs, key);

	if (theirs[0] == '\0')
		return;
	if (named == NULL) {
		named = ARENA_NEW(&im->cx->mem, struct named);
		map_put(&im->slugs, key, named);
	}
	named_add(im, named, slug);
}

void
import_take(struct import *im, enum kind kind, const char *slug)
{
	map_put(&im->taken, name_key(im, kind, slug), im);
}

const char *
import_name(struct import *im, enum kind kind, const char *theirs, const char *name)
{
	const char *base = slug_of(im, name), *slug = base;

	if (base[0] == '\0')
		slug = base = kind_name(kind);
	for (int n = 2; map_has(&im->taken, name_key(im, kind, slug)); n++)
		slug = arena_printf(&im->cx->mem, "%s-%d", base, n);
	import_take(im, kind, slug);
	import_alias(im, kind, theirs, slug);
	return slug;
}

struct named
import_named(const struct import *im, enum kind kind, const char *theirs)
{
	const struct named *named = map_get(&im->slugs, name_key(im, kind, theirs));

	return named == NULL || theirs[0] == '\0' ? (struct named){ 0 } : *named;
}

const char *
import_slug(const struct import *im, enum kind kind, const char *theirs)
{
	struct named named = import_named(im, kind, theirs);

	return named.n == 0 ? NULL : named.slugs[0];
}
