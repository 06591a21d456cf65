/* SPDX-License-Identifier: Apache-2.0 */
/* Values that hold no others: what each type takes, what is said of one that does not fit. */
#include "base/shape_priv.h"

#define STRING_MAX 1024
#define TEXT_MAX 65536
#define LIST_MAX 1000

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
	[FIELD_SLUG] = { slug_valid, SHAPE_SLUG_EXPECTED },
	[FIELD_EMAIL] = { is_email, "expected an e-mail address" },
	[FIELD_URL] = { is_url, "expected an address that begins with http:// or https://" },
	[FIELD_ZONE] = { is_zone_name, "expected a time zone such as Europe/Berlin" },
	[FIELD_SECRET] = { is_one_line, "a text on one line was expected" },
};

int64_t
shape_ceiling(const struct field *f)
{
	if (f->max != 0)
		return f->max;
	if (f->type == FIELD_LIST || f->type == FIELD_MAP)
		return LIST_MAX;
	return f->type == FIELD_TEXT ? TEXT_MAX : STRING_MAX;
}

void
shape_wrong_type(struct shape_reader *r, const struct json *v, const char *expected)
{
	shape_fault(r, v, "expected %s, found %s", expected, json_type_names[v->type]);
}

void
shape_read_string(
        struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	if (v->type != JSON_STRING) {
		shape_wrong_type(r, v, "a text");
	} else if ((int64_t)v->string.len > shape_ceiling(f)) {
		shape_fault(r, v, "at most %lld bytes are taken, these are %zu",
		        (long long)shape_ceiling(f), v->string.len);
	} else if ((int64_t)v->string.len < f->min) {
		shape_fault(r, v, "at least %lld bytes are needed", (long long)f->min);
	} else if (!text_rules[f->type].valid(v->string)) {
		shape_fault(r, v, "%s", text_rules[f->type].expected);
	} else {
		*(const char **)out = str_dup(r->mem, v->string);
	}
}

/* "alice", or "user/alice" where the field's kind is user. */
void
shape_read_ref(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	struct str id;

	if (v->type != JSON_STRING) {
		shape_wrong_type(r, v, arena_printf(&r->cx->mem, "the id of a %s", f->ref));
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
		shape_fault(r, v, "%s", SHAPE_SLUG_EXPECTED);
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

void
shape_read_int(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	if (v->type != JSON_INT)
		shape_wrong_type(r, v, "a whole number");
	else if (in_bounds(r, f, v, v->integer))
		*(int64_t *)out = v->integer;
}

void
shape_read_real(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	if (v->type == JSON_INT)
		*(double *)out = (double)v->integer;
	else if (v->type == JSON_REAL)
		*(double *)out = v->real;
	else
		shape_wrong_type(r, v, "a number");
}

void
shape_read_bool(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	(void)f;
	if (v->type != JSON_BOOL)
		shape_wrong_type(r, v, "true or false");
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

void
shape_read_duration(
        struct shape_reader *r, const struct field *f, const struct json *v, void *out)
{
	usec_t span;

	if (v->type != JSON_STRING || !duration_parse(v->string, &span))
		shape_fault(r, v, "expected a duration such as 90s, 5m, 1h30m, 2d or 1w");
	else if (span_in_bounds(r, f, v, span))
		*(usec_t *)out = span;
}

void
shape_read_time(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
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

void
shape_read_enum(struct shape_reader *r, const struct field *f, const struct json *v, void *out)
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
