/* SPDX-License-Identifier: Apache-2.0 */
/* Every type of field: what decodes encodes, and what is encoded decodes to the same. */
#include "base/shape.h"

#include "fuzz.h"

struct inner {
	const char *id;
	const char *word;
	int64_t number;
};

struct outer {
	const char *string, *text, *slug, *email, *url, *zone, *ref;
	int64_t integer;
	double real;
	bool flag;
	usec_t span, at;
	int choice;
	const struct json *any;
	struct inner object;
	struct vec words, refs, list, map, pairs;
};

static const char *const choices[] = { "red", "green", "blue", NULL };

static const struct field inner_fields[] = {
	{ "word", FIELD_STRING, FIELD_REQUIRED, offsetof(struct inner, word), .min = 1,
	        .max = 8 },
	{ "number", FIELD_INT, 0, offsetof(struct inner, number), .min = -5, .max = 500,
	        .fallback = "7" },
};
static const struct shape inner_shape =
        SHAPE("Inner", struct inner, inner_fields, "A part of the whole.");

/* An object inline is always there, so nothing in it can be required or have a default. */
static const struct field plain_fields[] = {
	{ "word", FIELD_STRING, 0, offsetof(struct inner, word), .max = 8 },
	{ "number", FIELD_INT, 0, offsetof(struct inner, number), .min = -5, .max = 500 },
};
static const struct shape plain_shape =
        SHAPE("Plain", struct inner, plain_fields, "A part of the whole.");

#define AT(member) .offset = offsetof(struct outer, member)
static const struct field outer_fields[] = {
	{ "string", FIELD_STRING, 0, AT(string) },
	{ "text", FIELD_TEXT, FIELD_NULLABLE, AT(text), .max = 200 },
	{ "slug", FIELD_SLUG, 0, AT(slug) },
	{ "email", FIELD_EMAIL, 0, AT(email) },
	{ "url", FIELD_URL, 0, AT(url) },
	{ "zone", FIELD_ZONE, 0, AT(zone) },
	{ "ref", FIELD_REF, 0, AT(ref), .ref = "user" },
	{ "integer", FIELD_INT, 0, AT(integer) },
	{ "real", FIELD_REAL, 0, AT(real) },
	{ "flag", FIELD_BOOL, 0, AT(flag), .fallback = "true" },
	{ "span", FIELD_DURATION, 0, AT(span), .fallback = "\"5m\"" },
	{ "at", FIELD_TIME, FIELD_NULLABLE, AT(at) },
	{ "choice", FIELD_ENUM, 0, AT(choice), .names = choices, .fallback = "\"green\"" },
	{ "any", FIELD_JSON, 0, AT(any) },
	{ "object", FIELD_OBJECT, 0, AT(object), .sub = &plain_shape },
	{ "words", FIELD_LIST, 0, AT(words), .of = FIELD_STRING, .max = 5 },
	{ "refs", FIELD_LIST, 0, AT(refs), .of = FIELD_REF, .ref = "team" },
	{ "list", FIELD_LIST, 0, AT(list), .sub = &inner_shape },
	{ "map", FIELD_MAP, FIELD_SLUG_KEYS, AT(map), .sub = &inner_shape },
	{ "pairs", FIELD_MAP, 0, AT(pairs), .of = FIELD_TEXT },
};
static const struct shape outer_shape =
        SHAPE("Outer", struct outer, outer_fields, "One field of each type.");

static const char *
encode(struct ctx *cx, const struct outer *value)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);
	struct jsonw w = JSONW(&out);

	shape_encode(&w, &outer_shape, value);
	return buf_cstr(&out);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	struct outer value;
	struct json *tree;

	if (json_parse(cx, in, JSON_LIMITS_REQUEST, &tree) != NULL)
		return;
	struct err *e = shape_read(cx, &outer_shape, tree, &value);
	if (e != NULL) {
		assert(e->faults != NULL && e->faults->n > 0);
		assert_located(e);
		return;
	}
	const char *text = encode(cx, &value);
	assert(json_parse(cx, str_from(text), JSON_LIMITS_REQUEST, &tree) == NULL);
	e = shape_read(cx, &outer_shape, tree, &value);
	assert(e == NULL);
	assert(strcmp(text, encode(cx, &value)) == 0);
}
