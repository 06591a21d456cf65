/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding by table: one function a type, all faults reported. A value with a fault leaves its
 * field at zero, so that decoding goes on and the next fault is found too.
 */
#include "base/shape.h"

#include "base/shape_priv.h"

#define MAP_KEY_MAX 1024
#define PATH_MAX_BYTES 4096

void
shape_reader_init(struct shape_reader *r, struct ctx *cx, struct arena *mem,
        struct faults *faults, const char *file, const char *base)
{
	*r = (struct shape_reader){ .cx = cx,
		.mem = mem != NULL ? mem : &cx->mem,
		.faults = faults,
		.file = file,
		.path = BUF_INIT(&cx->mem, PATH_MAX_BYTES) };
	buf_puts(&r->path, base);
}

static void
fault_at(struct shape_reader *r, uint32_t line, uint32_t column, const char *message)
{
	fault_add(r->cx, r->faults,
	        (struct fault){ .file = r->file,
	                .line = line,
	                .column = column,
	                .pointer = buf_cstr(&r->path),
	                .message = message });
}

void
shape_fault(struct shape_reader *r, const struct json *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *message = arena_vprintf(&r->cx->mem, fmt, ap);
	va_end(ap);
	fault_at(r, v == NULL ? 0 : v->line, v == NULL ? 0 : v->column, message);
}

void
buf_pointer(struct buf *out, struct str key)
{
	buf_putc(out, '/');
	for (size_t i = 0; i < key.len; i++) {
		if (key.p[i] == '~' || key.p[i] == '/')
			buf_puts(out, key.p[i] == '~' ? "~0" : "~1");
		else
			buf_putc(out, key.p[i]);
	}
}

size_t
shape_enter(struct shape_reader *r, struct str key)
{
	size_t mark = r->path.len;

	buf_pointer(&r->path, key);
	return mark;
}

size_t
shape_enter_index(struct shape_reader *r, size_t i)
{
	size_t mark = r->path.len;

	buf_printf(&r->path, "/%zu", i);
	return mark;
}

void
shape_leave(struct shape_reader *r, size_t mark)
{
	r->path.len = mark;
	if (r->path.p != NULL)
		r->path.p[mark] = '\0';
}

/* ---- values inside values ---- */

static shape_read_fn read_value;

static bool
items_in_bounds(struct shape_reader *r, const struct field *f, const struct json *v, size_t n)
{
	if ((int64_t)n > shape_ceiling(f))
		shape_fault(r, v, "at most %lld are taken, these are %zu",
		        (long long)shape_ceiling(f), n);
	else if ((int64_t)n < f->min)
		shape_fault(r, v, "at least %lld %s needed", (long long)f->min,
		        f->min == 1 ? "is" : "are");
	else
		return true;
	return false;
}

static void
read_list(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	struct field element = shape_element(f);
	size_t size = shape_element_size(f);
	struct vec *vec = out;

	if (v->type != JSON_ARRAY) {
		shape_wrong_type(r, v, "a list");
		return;
	}
	if (!items_in_bounds(r, f, v, v->array.n))
		return;
	vec->n = v->array.n;
	vec->items = arena_array_(r->mem, vec->n, size);
	for (size_t i = 0; i < vec->n; i++) {
		size_t mark = shape_enter_index(r, i);
		read_value(r, &element, &v->array.items[i], (char *)vec->items + i * size);
		shape_leave(r, mark);
	}
}

static void
read_entry(
        struct shape_reader *r, const struct field *f, const struct json_member *m, char *item)
{
	struct field element = shape_element(f);

	if ((f->flags & FIELD_SLUG_KEYS) && !slug_valid(m->key))
		fault_at(r, m->line, m->column, SHAPE_SLUG_EXPECTED);
	else if (m->key.len == 0 || m->key.len > MAP_KEY_MAX)
		fault_at(r, m->line, m->column,
		        arena_printf(&r->cx->mem, "a name has 1 to %d bytes", MAP_KEY_MAX));
	read_value(r, &element, &m->value, f->sub != NULL ? item : item + sizeof(const char *));
	*(const char **)item = str_dup(r->mem, m->key);
}

static void
read_map(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	size_t size = f->sub != NULL ? f->sub->size : sizeof(struct pair);
	struct vec *vec = out;

	if (v->type != JSON_OBJECT) {
		shape_wrong_type(r, v, "names with values");
		return;
	}
	if (!items_in_bounds(r, f, v, v->object.n))
		return;
	vec->n = v->object.n;
	vec->items = arena_array_(r->mem, vec->n, size);
	for (size_t i = 0; i < vec->n; i++) {
		size_t mark = shape_enter(r, v->object.members[i].key);
		read_entry(r, f, &v->object.members[i], (char *)vec->items + i * size);
		shape_leave(r, mark);
	}
}

static void
read_json(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	*(const struct json **)out = r->mem == &r->cx->mem ? v : json_copy(r->mem, v);
}

static void
read_object(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	shape_decode(r, f->sub, v, out);
}

static void
read_custom(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	f->decode(r, v, out);
}

static shape_read_fn *const readers[FIELD_TYPE_MAX] = {
	[FIELD_STRING] = shape_read_string,
	[FIELD_TEXT] = shape_read_string,
	[FIELD_SLUG] = shape_read_string,
	[FIELD_EMAIL] = shape_read_string,
	[FIELD_URL] = shape_read_string,
	[FIELD_ZONE] = shape_read_string,
	[FIELD_SECRET] = shape_read_string,
	[FIELD_REF] = shape_read_ref,
	[FIELD_INT] = shape_read_int,
	[FIELD_REAL] = shape_read_real,
	[FIELD_BOOL] = shape_read_bool,
	[FIELD_DURATION] = shape_read_duration,
	[FIELD_TIME] = shape_read_time,
	[FIELD_ENUM] = shape_read_enum,
	[FIELD_JSON] = read_json,
	[FIELD_OBJECT] = read_object,
	[FIELD_LIST] = read_list,
	[FIELD_MAP] = read_map,
	[FIELD_CUSTOM] = read_custom,
};

static void
read_value(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	if (v->type == JSON_NULL && (f->flags & FIELD_NULLABLE) && f->type != FIELD_CUSTOM)
		return;
	readers[f->type](r, f, v, out);
}

/* ---- the object ---- */

static const struct field *
field_named(const struct shape *shape, struct str name)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		if (str_is(name, shape->fields[i].name))
			return &shape->fields[i];
	return NULL;
}

static void
unknown_member(struct shape_reader *r, const struct shape *shape, const struct json_member *m)
{
	const char **names = ARENA_ARRAY(&r->cx->mem, shape->n_fields, const char *);

	for (size_t i = 0; i < shape->n_fields; i++)
		names[i] = shape->fields[i].name;
	const char *near = str_nearest(m->key, names, shape->n_fields);
	fault_at(r, m->line, m->column,
	        near == NULL
	                ? arena_printf(&r->cx->mem, "unknown field \"%s\"", m->key.p)
	                : arena_printf(&r->cx->mem,
	                        "unknown field \"%s\" (did you mean \"%s\"?)", m->key.p, near));
}

static void
read_member(struct shape_reader *r, const struct shape *shape, const struct json_member *m,
        char *out)
{
	const struct field *f = field_named(shape, m->key);
	size_t mark = shape_enter(r, m->key);

	if (f == NULL)
		unknown_member(r, shape, m);
	else if (f->flags & FIELD_OUTPUT)
		fault_at(r, m->line, m->column,
		        "this field is made by Tocsin and cannot be set");
	else
		read_value(r, f, &m->value, out + f->offset);
	shape_leave(r, mark);
}

static void
read_fallback(struct shape_reader *r, const struct field *f, char *out)
{
	struct json *v;
	struct err *e = json_parse(r->cx, str_from(f->fallback), JSON_LIMITS_REQUEST, &v);

	if (e != NULL)
		shape_fault(r, NULL, "the default of %s is broken: %s", f->name, e->msg);
	else
		read_value(r, f, v, out + f->offset);
}

static void
absent_members(
        struct shape_reader *r, const struct shape *shape, const struct json *v, char *out)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		const struct json *there = json_get(v, f->name);
		if (there != NULL && !(there->type == JSON_NULL && (f->flags & FIELD_NULLABLE)))
			continue;
		if (f->flags & FIELD_REQUIRED)
			shape_fault(r, v, "the field \"%s\" is missing", f->name);
		else if (f->fallback != NULL)
			read_fallback(r, f, out);
	}
}

bool
shape_decode(struct shape_reader *r, const struct shape *shape, const struct json *v, void *out)
{
	size_t before = r->faults->n + r->faults->dropped;

	memset(out, 0, shape->size);
	if (v->type != JSON_OBJECT) {
		shape_wrong_type(r, v, "fields with values");
		return false;
	}
	for (size_t i = 0; i < v->object.n; i++)
		read_member(r, shape, &v->object.members[i], out);
	absent_members(r, shape, v, out);
	return r->faults->n + r->faults->dropped == before;
}

struct err *
shape_read(struct ctx *cx, const struct shape *shape, const struct json *v, void *out)
{
	struct faults *faults = ARENA_NEW(&cx->mem, struct faults);
	struct shape_reader r;

	shape_reader_init(&r, cx, NULL, faults, NULL, "");
	if (!shape_decode(&r, shape, v, out))
		return err_faults(cx, faults);
	return NULL;
}
