/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml's events into the same tree as JSON, so that every check above is written once. What
 * would make a file mean more than it shows is refused: aliases, anchors, tags, merge keys, a
 * second document. Depth is bounded before libyaml's cost for deep flow nesting shows.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/json.h"
#include "base/map.h"

struct yaml_reader {
	struct ctx *cx;
	const char *file;
	yaml_parser_t parser;
	yaml_event_t event; /* the one being looked at */
	bool has_event;
	struct json_limits limits;
	size_t depth, nodes;
	struct err *failed;
};

static bool
fail_mark(struct yaml_reader *r, size_t line, size_t column, const char *message)
{
	struct faults *faults = ARENA_NEW(&r->cx->mem, struct faults);

	if (r->failed != NULL)
		return false;
	fault_add(r->cx, faults,
	        (struct fault){ .file = r->file,
	                .line = (uint32_t)line + 1,
	                .column = (uint32_t)column + 1,
	                .pointer = "",
	                .message = message });
	r->failed = err_faults(r->cx, faults);
	r->failed->msg = arena_printf(&r->cx->mem, "%s:%zu:%zu: %s",
	        r->file == NULL ? "-" : r->file, line + 1, column + 1, message);
	return false;
}

static bool
fail(struct yaml_reader *r, const char *message)
{
	return fail_mark(r, r->event.start_mark.line, r->event.start_mark.column, message);
}

static bool
next(struct yaml_reader *r)
{
	if (r->has_event)
		yaml_event_delete(&r->event);
	r->has_event = yaml_parser_parse(&r->parser, &r->event);
	if (r->has_event)
		return true;
	r->event = (yaml_event_t){ 0 };
	return fail_mark(r, r->parser.problem_mark.line, r->parser.problem_mark.column,
	        r->parser.problem == NULL ? "not YAML" : r->parser.problem);
}

/* ---- scalars ---- */

static bool
is_one_of(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

static bool
digits_only(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len > 0;
}

/* [-+]? digits? . digits? ([eE][-+]?digits)? with a digit somewhere before the exponent. */
static bool
looks_real(struct str s)
{
	struct str mantissa, fraction;

	if (s.len > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s.p++, s.len--;
	size_t e = 0;
	while (e < s.len && s.p[e] != 'e' && s.p[e] != 'E')
		e++;
	fraction = (struct str){ s.p, e };
	if (e < s.len) {
		struct str power = { s.p + e + 1, s.len - e - 1 };
		if (power.len > 0 && (power.p[0] == '-' || power.p[0] == '+'))
			power.p++, power.len--;
		if (!digits_only(power))
			return false;
	} else if (memchr(s.p, '.', s.len) == NULL) {
		return false;
	}
	mantissa = str_cut(&fraction, '.');
	return (digits_only(mantissa) && (fraction.len == 0 || digits_only(fraction)))
	        || (mantissa.len == 0 && digits_only(fraction));
}

/* The core schema, less octal and hexadecimal: a routing key of 0x1f is a text to its owner. */
static void
plain_scalar(struct yaml_reader *r, struct str s, struct json *ret)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	static const char *const trues[] = { "true", "True", "TRUE" };
	static const char *const falses[] = { "false", "False", "FALSE" };
	struct str number = s;

	if (number.len > 1 && number.p[0] == '+')
		number.p++, number.len--;
	ret->type = JSON_STRING;
	if (is_one_of(s, nulls, NELEMS(nulls))) {
		ret->type = JSON_NULL;
	} else if (is_one_of(s, trues, NELEMS(trues)) || is_one_of(s, falses, NELEMS(falses))) {
		ret->type = JSON_BOOL;
		ret->boolean = s.p[0] == 't' || s.p[0] == 'T';
	} else if (str_int(number, &ret->integer)) {
		ret->type = JSON_INT;
	} else if (looks_real(s)) {
		locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
		ret->real = strtod_l(str_dup(&r->cx->mem, s), NULL, c);
		freelocale(c);
		if (isfinite(ret->real)) /* 5e6000 is a text, as a number would be infinite */
			ret->type = JSON_REAL;
	}
	if (ret->type == JSON_STRING)
		ret->string = (struct str){ str_dup(&r->cx->mem, s), s.len };
}

static bool
read_scalar(struct yaml_reader *r, struct json *ret)
{
	struct str s = { (const char *)r->event.data.scalar.value,
		r->event.data.scalar.length };

	if (r->event.data.scalar.anchor != NULL)
		return fail(r, "anchors are not accepted");
	if (r->event.data.scalar.tag != NULL)
		return fail(r, "tags are not accepted");
	if (s.len > 0 && memchr(s.p, '\0', s.len) != NULL)
		return fail(r, "a NUL inside a text");
	if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		plain_scalar(r, s, ret);
		return true;
	}
	ret->type = JSON_STRING;
	ret->string = (struct str){ str_dup(&r->cx->mem, s), s.len };
	return true;
}

/* ---- containers ---- */

static bool read_node(struct yaml_reader *r, struct json *ret);

static bool
enter(struct yaml_reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		return fail(r, "anchors are not accepted");
	if (tag != NULL)
		return fail(r, "tags are not accepted");
	if (++r->depth > r->limits.depth)
		return fail(r, "nested too deeply");
	return true;
}

static bool
read_sequence(struct yaml_reader *r, struct json *ret)
{
	struct json *items = NULL;
	size_t n = 0, cap = 0;

	if (!enter(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag))
		return false;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct json item = { 0 };
		if (!read_node(r, &item))
			return false;
		ARENA_PUSH(&r->cx->mem, items, n, cap) = item;
	}
	r->depth--;
	ret->type = JSON_ARRAY;
	ret->array.items = items;
	ret->array.n = n;
	return true;
}

static bool
read_key(struct yaml_reader *r, struct json_member *m)
{
	if (r->event.type != YAML_SCALAR_EVENT)
		return fail(r, "a key must be a plain text");
	if (r->event.data.scalar.tag != NULL || r->event.data.scalar.anchor != NULL)
		return fail(r, "anchors and tags are not accepted");
	struct str key = { (const char *)r->event.data.scalar.value,
		r->event.data.scalar.length };
	if (str_is(key, "<<"))
		return fail(r, "merge keys are not accepted");
	if (key.len > 0 && memchr(key.p, '\0', key.len) != NULL)
		return fail(r, "a NUL inside a key");
	m->key = (struct str){ str_dup(&r->cx->mem, key), key.len };
	m->line = (uint32_t)r->event.start_mark.line + 1;
	m->column = (uint32_t)r->event.start_mark.column + 1;
	return true;
}

static bool
read_member(struct yaml_reader *r, struct json_member *m, struct map *seen)
{
	if (!read_key(r, m))
		return false;
	if (map_put(seen, m->key, r) != NULL)
		return fail(r,
		        arena_printf(&r->cx->mem, "the key \"%s\" is there twice", m->key.p));
	return next(r) && read_node(r, &m->value);
}

static bool
read_mapping(struct yaml_reader *r, struct json *ret)
{
	struct json_member *members = NULL;
	size_t n = 0, cap = 0;
	struct map seen;

	map_init(&seen, &r->cx->mem);
	if (!enter(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag))
		return false;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			break;
		struct json_member m = { 0 };
		if (!read_member(r, &m, &seen))
			return false;
		ARENA_PUSH(&r->cx->mem, members, n, cap) = m;
	}
	r->depth--;
	ret->type = JSON_OBJECT;
	ret->object.members = members;
	ret->object.n = n;
	return true;
}

static bool
read_node(struct yaml_reader *r, struct json *ret)
{
	if (++r->nodes > r->limits.max_nodes)
		return fail(r, "too many values");
	ret->line = (uint32_t)r->event.start_mark.line + 1;
	ret->column = (uint32_t)r->event.start_mark.column + 1;
	if (r->event.type == YAML_SCALAR_EVENT)
		return read_scalar(r, ret);
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		return read_sequence(r, ret);
	if (r->event.type == YAML_MAPPING_START_EVENT)
		return read_mapping(r, ret);
	return fail(r, "aliases are not accepted");
}

/* ---- the document ---- */

static bool
read_document(struct yaml_reader *r, struct json *root)
{
	*root = (struct json){ .type = JSON_OBJECT, .line = 1, .column = 1 };
	if (!next(r) || !next(r)) /* the stream's start, then the document's */
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return true;
	if (!next(r) || !read_node(r, root) || !next(r) || !next(r))
		return false;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return fail(r, "a second document is not accepted");
	if (root->type == JSON_NULL)
		*root = (struct json){ .type = JSON_OBJECT, .line = 1, .column = 1 };
	return true;
}

struct err *
yaml_parse(struct ctx *cx, const char *file, struct str text, struct json_limits limits,
        struct json **ret)
{
	struct yaml_reader r = { .cx = cx, .file = file, .limits = limits };
	struct json *root = ARENA_NEW(&cx->mem, struct json);

	if (!yaml_parser_initialize(&r.parser))
		abort();
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	        &r.parser, (const unsigned char *)(text.len == 0 ? "" : text.p), text.len);
	bool ok = read_document(&r, root);
	if (r.has_event)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (!ok)
		return r.failed;
	*ret = root;
	return NULL;
}
