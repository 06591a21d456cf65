/* SPDX-License-Identifier: Apache-2.0 */
/* The way back: a struct as JSON by the same table, and a walk over its references. */
#include "base/shape.h"

#include "base/shape_priv.h"

static void write_value(struct jsonw *w, const struct field *f, const void *value);

static void
write_list(struct jsonw *w, const struct field *f, const struct vec *vec)
{
	struct field element = shape_element(f);

	jsonw_array(w);
	for (size_t i = 0; i < vec->n; i++)
		write_value(w, &element, (const char *)vec->items + i * shape_element_size(f));
	jsonw_end_array(w);
}

static void
write_map(struct jsonw *w, const struct field *f, const struct vec *vec)
{
	struct field element = shape_element(f);
	size_t size = f->sub != NULL ? f->sub->size : sizeof(struct pair);

	jsonw_object(w);
	for (size_t i = 0; i < vec->n; i++) {
		const char *item = (const char *)vec->items + i * size;
		jsonw_key(w, *(const char *const *)item);
		write_value(w, &element, f->sub != NULL ? item : item + sizeof(const char *));
	}
	jsonw_end_object(w);
}

static void
write_value(struct jsonw *w, const struct field *f, const void *value)
{
	char span[DURATION_MAX];

	switch (f->type) {
	case FIELD_STRING:
	case FIELD_TEXT:
	case FIELD_SLUG:
	case FIELD_EMAIL:
	case FIELD_URL:
	case FIELD_ZONE:
	case FIELD_REF:
		jsonw_cstr(w, *(const char *const *)value);
		break;
	case FIELD_SECRET:
		jsonw_cstr(w, "(kept)");
		break;
	case FIELD_INT:
		jsonw_int(w, *(const int64_t *)value);
		break;
	case FIELD_REAL:
		jsonw_real(w, *(const double *)value);
		break;
	case FIELD_BOOL:
		jsonw_bool(w, *(const bool *)value);
		break;
	case FIELD_DURATION:
		jsonw_cstr(w, duration_print(*(const usec_t *)value, span));
		break;
	case FIELD_TIME:
		jsonw_time(w, *(const usec_t *)value);
		break;
	case FIELD_ENUM:
		jsonw_cstr(w, f->names[*(const int *)value]);
		break;
	case FIELD_JSON:
		jsonw_tree(w, *(const struct json *const *)value);
		break;
	case FIELD_OBJECT:
		shape_encode(w, f->sub, value);
		break;
	case FIELD_LIST:
		write_list(w, f, value);
		break;
	case FIELD_MAP:
		write_map(w, f, value);
		break;
	case FIELD_CUSTOM:
		f->encode(w, value);
		break;
	case FIELD_TYPE_MAX:
		break;
	}
}

/* Whether there is nothing to say: NULL, an empty list, or zero where zero is the default. */
static bool
is_absent(const struct field *f, const void *value)
{
	switch (f->type) {
	case FIELD_LIST:
	case FIELD_MAP:
		return ((const struct vec *)value)->n == 0;
	case FIELD_INT:
	case FIELD_DURATION:
	case FIELD_TIME:
		return f->fallback == NULL && *(const int64_t *)value == 0;
	case FIELD_BOOL:
		return f->fallback == NULL && !*(const bool *)value;
	case FIELD_REAL:
		return f->fallback == NULL && *(const double *)value == 0;
	case FIELD_STRING:
	case FIELD_TEXT:
	case FIELD_SLUG:
	case FIELD_EMAIL:
	case FIELD_URL:
	case FIELD_ZONE:
	case FIELD_REF:
	case FIELD_SECRET:
	case FIELD_JSON:
		return *(const void *const *)value == NULL;
	case FIELD_ENUM:
	case FIELD_OBJECT:
	case FIELD_CUSTOM:
	case FIELD_TYPE_MAX:
		break;
	}
	return false;
}

/* Equal to what stands for it when it is absent. */
static bool
is_default(const struct field *f, const void *value)
{
	struct arena a;
	bool same;

	if (f->fallback == NULL)
		return false;
	arena_init(&a);
	struct buf out = BUF_INIT(&a, 4096);
	struct jsonw w = JSONW(&out);
	write_value(&w, f, value);
	same = str_is(buf_view(&out), f->fallback);
	arena_free(&a);
	return same;
}

/* A custom encoder that writes nothing has nothing to say; it is tried on the side. */
static bool
custom_is_silent(const struct field *f, const void *value)
{
	struct arena a;
	bool silent;

	arena_init(&a);
	struct buf out = BUF_INIT(&a, 1024 * 1024);
	struct jsonw w = JSONW(&out);
	f->encode(&w, value);
	silent = out.len == 0;
	arena_free(&a);
	return silent;
}

void
shape_encode(struct jsonw *w, const struct shape *shape, const void *value)
{
	jsonw_object(w);
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		const char *at = (const char *)value + f->offset;
		bool always = (f->flags & FIELD_REQUIRED) != 0 && f->type != FIELD_CUSTOM;
		if (!always && (is_absent(f, at) || is_default(f, at)))
			continue;
		if (f->type == FIELD_CUSTOM && custom_is_silent(f, at))
			continue;
		jsonw_key(w, f->name);
		write_value(w, f, at);
	}
	jsonw_end_object(w);
}

/* ---- references ---- */

struct ref_walk {
	struct shape_reader path; /* only its pointer is used */
	shape_ref_fn *fn;
	void *arg;
};

static void walk_value(struct ref_walk *walk, const struct field *f, const void *value);

static void
walk_items(struct ref_walk *walk, const struct field *f, const struct vec *vec)
{
	struct field element = shape_element(f);
	bool map = f->type == FIELD_MAP;
	size_t size = map && f->sub == NULL ? sizeof(struct pair) : shape_element_size(f);

	for (size_t i = 0; i < vec->n; i++) {
		const char *item = (const char *)vec->items + i * size;
		size_t mark = map
		        ? shape_enter(&walk->path, str_from(*(const char *const *)item))
		        : shape_enter_index(&walk->path, i);
		walk_value(walk, &element,
		        map && f->sub == NULL ? item + sizeof(const char *) : item);
		shape_leave(&walk->path, mark);
	}
}

static void
walk_object(struct ref_walk *walk, const struct shape *shape, const void *value)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		size_t mark = shape_enter(&walk->path, str_from(f->name));
		walk_value(walk, f, (const char *)value + f->offset);
		shape_leave(&walk->path, mark);
	}
}

static void
walk_value(struct ref_walk *walk, const struct field *f, const void *value)
{
	const char *ref;

	if (f->type == FIELD_LIST || f->type == FIELD_MAP) {
		walk_items(walk, f, value);
	} else if (f->type == FIELD_OBJECT) {
		walk_object(walk, f->sub, value);
	} else if (f->type == FIELD_REF) {
		ref = *(const char *const *)value;
		if (ref != NULL)
			walk->fn(walk->arg, buf_cstr(&walk->path.path), f, ref);
	}
}

void
shape_refs(struct ctx *cx, const struct shape *shape, const void *value, shape_ref_fn *fn,
        void *arg)
{
	struct ref_walk walk = { .fn = fn, .arg = arg };

	shape_reader_init(&walk.path, cx, NULL, NULL, NULL, "");
	walk_object(&walk, shape, value);
}
