/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding by table: one function a type, all faults reported. A value with a fault leaves its
 * field at zero, so that decoding goes on and the next fault is found too.
 */
#include "base/shape.h"

#include <stdio.h>

#include "base/shape_priv.h"

#define STRING_MAX 1024
#define TEXT_MAX 65536
#define LIST_MAX 1000
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

/* ---- texts ---- */

static bool
is_email(struct str s)
{
	struct str domain = s, local = str_cut(&domain, '@');

	if (local.len == 0 || domain.len == 0 || memchr(domain.p, '@', domain.len) != NULL)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || strchr("<>()[],;\"\\", s.p[i]) != NULL)
			return false;
	return true;
}

static bool
is_url(struct str s)
{
	struct str rest = s;
	struct str scheme = str_cut(&rest, ':');

	if (!str_is(scheme, "http") && !str_is(scheme, "https"))
		return false;
	if (rest.len < 3 || rest.p[0] != '/' || rest.p[1] != '/' || rest.p[2] == '/')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return true;
}

static bool
is_zone_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z')
		            || (s.p[i] >= '0' && s.p[i] <= '9')
		            || strchr("_+-/", s.p[i]) != NULL))
			return false;
	return s.len > 0 && s.p[0] != '/';
}

static bool
is_one_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return true;
}

static bool
any_text(struct str s)
{
	(void)s;
	return true;
}

static const struct {
	bool (*valid)(struct str s);
	const char *expected;
} text_rules[FIELD_TYPE_MAX] = {
	[FIELD_STRING] = { is_one_line, "a text on one line was expected" },
	[FIELD_TEXT] = { any_text, "" },
	[FIELD_SLUG] = { slug_valid,
	        "expected an id of lower-case letters, digits and dashes, at most 63" },
	[FIELD_EMAIL] = { is_email, "expected an e-mail address" },
	[FIELD_URL] = { is_url, "expected an address that begins with http:// or https://" },
	[FIELD_ZONE] = { is_zone_name, "expected a time zone such as Europe/Berlin" },
	[FIELD_SECRET] = { is_one_line, "a text on one line was expected" },
};

static int64_t
ceiling(const struct field *f)
{
	if (f->max != 0)
		return f->max;
	if (f->type == FIELD_LIST || f->type == FIELD_MAP)
		return LIST_MAX;
	return f->type == FIELD_TEXT ? TEXT_MAX : STRING_MAX;
}

static void
wrong_type(struct shape_reader *r, const struct json *v, const char *expected)
{
	shape_fault(r, v, "expected %s, found %s", expected, json_type_names[v->type]);
}

static void
read_string(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	if (v->type != JSON_STRING) {
		wrong_type(r, v, "a text");
	} else if ((int64_t)v->string.len > ceiling(f)) {
		shape_fault(r, v, "at most %lld bytes are taken, these are %zu",
		        (long long)ceiling(f), v->string.len);
	} else if ((int64_t)v->string.len < f->min) {
		shape_fault(r, v, "at least %lld bytes are needed", (long long)f->min);
	} else if (!text_rules[f->type].valid(v->string)) {
		shape_fault(r, v, "%s", text_rules[f->type].expected);
	} else {
		*(const char **)out = str_dup(r->mem, v->string);
	}
}

/* "alice", or "user/alice" where the field's kind is user. */
static void
read_ref(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	struct str id;

	if (v->type != JSON_STRING) {
		wrong_type(r, v, arena_printf(&r->cx->mem, "the id of a %s", f->ref));
		return;
	}
	id = v->string;
	if (memchr(id.p, '/', id.len) != NULL) {
		struct str kind = str_cut(&id, '/');
		if (!str_is(kind, f->ref)) {
			shape_fault(r, v, "expected a %s, found \"%s\"", f->ref, v->string.p);
			return;
		}
	}
	if (!slug_valid(id))
		shape_fault(r, v, "%s", text_rules[FIELD_SLUG].expected);
	else
		*(const char **)out = str_dup(r->mem, id);
}

/* ---- numbers, instants, words ---- */

static bool
in_bounds(struct shape_reader *r, const struct field *f, const struct json *v, int64_t n)
{
	if (n >= f->min && (f->max == 0 || n <= f->max))
		return true;
	if (f->max == 0)
		shape_fault(r, v, "at least %lld was expected", (long long)f->min);
	else
		shape_fault(r, v, "a number from %lld to %lld was expected", (long long)f->min,
		        (long long)f->max);
	return false;
}

static void
read_int(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	if (v->type != JSON_INT)
		wrong_type(r, v, "a whole number");
	else if (in_bounds(r, f, v, v->integer))
		*(int64_t *)out = v->integer;
}

static void
read_real(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	if (v->type == JSON_INT)
		*(double *)out = (double)v->integer;
	else if (v->type == JSON_REAL)
		*(double *)out = v->real;
	else
		wrong_type(r, v, "a number");
}

static void
read_bool(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	if (v->type != JSON_BOOL)
		wrong_type(r, v, "true or false");
	else
		*(bool *)out = v->boolean;
}

static bool
span_in_bounds(struct shape_reader *r, const struct field *f, const struct json *v, usec_t span)
{
	char least[DURATION_MAX], most[DURATION_MAX];

	if (span >= f->min && (f->max == 0 || span <= f->max))
		return true;
	shape_fault(r, v, "a duration from %s to %s was expected",
	        duration_print(f->min, least),
	        f->max == 0 ? "any" : duration_print(f->max, most));
	return false;
}

static void
read_duration(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	usec_t span;

	if (v->type != JSON_STRING || !duration_parse(v->string, &span))
		shape_fault(r, v, "expected a duration such as 90s, 5m, 1h30m, 2d or 1w");
	else if (span_in_bounds(r, f, v, span))
		*(usec_t *)out = span;
}

static void
read_time(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	usec_t at;

	(void)f;
	if (v->type != JSON_STRING || !rfc3339_parse(v->string, &at))
		shape_fault(r, v, "expected an instant such as 2026-03-02T10:00:00Z");
	else
		*(usec_t *)out = at;
}

static size_t
n_names(const struct field *f)
{
	size_t n = 0;

	while (f->names[n] != NULL)
		n++;
	return n;
}

static void
read_enum(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	size_t n = n_names(f);
	struct buf list = BUF_INIT(&r->cx->mem, 1000);

	for (size_t i = 0; v->type == JSON_STRING && i < n; i++) {
		if (str_is(v->string, f->names[i])) {
			*(int *)out = (int)i;
			return;
		}
	}
	for (size_t i = 0; i < n; i++)
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ", f->names[i]);
	const char *near = v->type == JSON_STRING ? str_nearest(v->string, f->names, n) : NULL;
	if (near != NULL)
		shape_fault(r, v, "expected one of %s (did you mean \"%s\"?)", buf_cstr(&list),
		        near);
	else
		shape_fault(r, v, "expected one of %s", buf_cstr(&list));
}

/* ---- values inside values ---- */

static void read_value(
        struct shape_reader *r, const struct field *f, const struct json *v, void *out);

static bool
items_in_bounds(struct shape_reader *r, const struct field *f, const struct json *v, size_t n)
{
	if ((int64_t)n > ceiling(f))
		shape_fault(r, v, "at most %lld are taken, these are %zu",
		        (long long)ceiling(f), n);
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
		wrong_type(r, v, "a list");
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
		fault_at(r, m->line, m->column, text_rules[FIELD_SLUG].expected);
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
		wrong_type(r, v, "names with values");
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

static const struct json *
copy_tree(struct arena *mem, const struct json *v)
{
	struct json *copy = ARENA_NEW(mem, struct json);

	*copy = *v;
	if (v->type == JSON_STRING)
		copy->string.p = str_dup(mem, v->string);
	if (v->type == JSON_ARRAY) {
		copy->array.items = ARENA_ARRAY(mem, v->array.n, struct json);
		for (size_t i = 0; i < v->array.n; i++)
			copy->array.items[i] = *copy_tree(mem, &v->array.items[i]);
	}
	if (v->type == JSON_OBJECT) {
		copy->object.members = ARENA_ARRAY(mem, v->object.n, struct json_member);
		for (size_t i = 0; i < v->object.n; i++) {
			copy->object.members[i] = v->object.members[i];
			copy->object.members[i].key.p = str_dup(mem, v->object.members[i].key);
			copy->object.members[i].value =
			        *copy_tree(mem, &v->object.members[i].value);
		}
	}
	return copy;
}

static void
read_json(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	*(const struct json **)out = r->mem == &r->cx->mem ? v : copy_tree(r->mem, v);
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

typedef void read_fn(
        struct shape_reader *r, const struct field *f, const struct json *v, void *out);

static read_fn *const readers[FIELD_TYPE_MAX] = {
	[FIELD_STRING] = read_string,
	[FIELD_TEXT] = read_string,
	[FIELD_SLUG] = read_string,
	[FIELD_EMAIL] = read_string,
	[FIELD_URL] = read_string,
	[FIELD_ZONE] = read_string,
	[FIELD_SECRET] = read_string,
	[FIELD_REF] = read_ref,
	[FIELD_INT] = read_int,
	[FIELD_REAL] = read_real,
	[FIELD_BOOL] = read_bool,
	[FIELD_DURATION] = read_duration,
	[FIELD_TIME] = read_time,
	[FIELD_ENUM] = read_enum,
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
		wrong_type(r, v, "fields with values");
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
