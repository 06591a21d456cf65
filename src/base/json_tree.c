/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a tree: members, texts, equality. */
#include "base/json.h"

const struct json *
json_get(const struct json *o, const char *key)
{
	if (o == NULL || o->type != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < o->object.n; i++)
		if (str_is(o->object.members[i].key, key))
			return &o->object.members[i].value;
	return NULL;
}

const char *
json_print(struct arena *a, const struct json *v)
{
	struct buf out = BUF_INIT(a, SIZE_MAX / 4);
	struct jsonw w = JSONW(&out);

	jsonw_tree(&w, v);
	return buf_cstr(&out);
}

const char *
json_as_text(struct arena *a, const struct json *v)
{
	if (v == NULL || v->type == JSON_NULL)
		return "";
	if (v->type == JSON_STRING)
		return v->string.p;
	return json_print(a, v);
}

static bool
arrays_equal(const struct json *a, const struct json *b)
{
	if (a->array.n != b->array.n)
		return false;
	for (size_t i = 0; i < a->array.n; i++)
		if (!json_equal(&a->array.items[i], &b->array.items[i]))
			return false;
	return true;
}

static bool
objects_equal(const struct json *a, const struct json *b)
{
	if (a->object.n != b->object.n)
		return false;
	for (size_t i = 0; i < a->object.n; i++) {
		const struct json *other = json_get(b, a->object.members[i].key.p);
		if (other == NULL || !json_equal(&a->object.members[i].value, other))
			return false;
	}
	return true;
}

bool
json_equal(const struct json *a, const struct json *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return a->boolean == b->boolean;
	case JSON_INT:
		return a->integer == b->integer;
	case JSON_REAL:
		return a->real == b->real;
	case JSON_STRING:
		return str_eq(a->string, b->string);
	case JSON_ARRAY:
		return arrays_equal(a, b);
	case JSON_OBJECT:
		return objects_equal(a, b);
	case JSON_TYPE_MAX:
		break;
	}
	return false;
}

const struct json *
json_copy(struct arena *mem, const struct json *v)
{
	struct json *copy = ARENA_NEW(mem, struct json);

	*copy = *v;
	if (v->type == JSON_STRING)
		copy->string.p = str_dup(mem, v->string);
	if (v->type == JSON_ARRAY) {
		copy->array.items = ARENA_ARRAY(mem, v->array.n, struct json);
		for (size_t i = 0; i < v->array.n; i++)
			copy->array.items[i] = *json_copy(mem, &v->array.items[i]);
	}
	if (v->type == JSON_OBJECT) {
		copy->object.members = ARENA_ARRAY(mem, v->object.n, struct json_member);
		for (size_t i = 0; i < v->object.n; i++) {
			copy->object.members[i] = v->object.members[i];
			copy->object.members[i].key.p = str_dup(mem, v->object.members[i].key);
			copy->object.members[i].value =
			        *json_copy(mem, &v->object.members[i].value);
		}
	}
	return copy;
}
