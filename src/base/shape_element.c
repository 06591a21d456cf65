/* SPDX-License-Identifier: Apache-2.0 */
/* What lists and maps hold, as reading and writing both see it. */
#include "base/shape_priv.h"

bool
vec_names(const struct vec *texts, const char *text)
{
	const char *const *items = texts->items;

	for (size_t i = 0; text != NULL && i < texts->n; i++)
		if (strcmp(items[i], text) == 0)
			return true;
	return false;
}

size_t
shape_element_size(const struct field *f)
{
	if (f->sub != NULL)
		return f->sub->size;
	switch (f->of) {
	case FIELD_INT:
	case FIELD_DURATION:
	case FIELD_TIME:
		return sizeof(int64_t);
	case FIELD_REAL:
		return sizeof(double);
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_ENUM:
		return sizeof(int);
	case FIELD_STRING:
	case FIELD_TEXT:
	case FIELD_SLUG:
	case FIELD_EMAIL:
	case FIELD_URL:
	case FIELD_ZONE:
	case FIELD_REF:
	case FIELD_SECRET:
	case FIELD_JSON:
	case FIELD_OBJECT:
	case FIELD_LIST:
	case FIELD_MAP:
	case FIELD_CUSTOM:
	case FIELD_TYPE_MAX:
		break;
	}
	return sizeof(const char *);
}

struct field
shape_element(const struct field *f)
{
	return (struct field){ .name = f->name,
		.type = f->sub != NULL ? FIELD_OBJECT : f->of,
		.sub = f->sub,
		.ref = f->ref,
		.names = f->names };
}
