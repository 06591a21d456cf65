/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing and evaluating conditions. */
#include "rules/condition.h"

#include <locale.h>
#include <stdlib.h>

#include "rules/pattern.h"

enum operator{
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_MATCHES,
	OP_NOT_MATCHES,
	OP_LIKE,
	OP_GREATER_EQUAL,
	OP_GREATER,
	OP_LESS_EQUAL,
	OP_LESS,
	OP_SAME_NUMBER,
	OP_ALL,
	OP_ANY,
	OP_NOT,
};

struct condition {
	enum operator op;
	struct field_ref field;
	struct str text; /* EQUAL, NOT_EQUAL, LIKE */
	struct pattern *pattern;
	double number;
	struct condition **parts; /* ALL, ANY, NOT */
	size_t n_parts;
};

/* Longer signs first: "=~" must not be read as "=". */
static const struct {
	struct str sign;
	enum operator op;
} operators[] = {
	{ { "=~", 2 }, OP_MATCHES },
	{ { "!~", 2 }, OP_NOT_MATCHES },
	{ { "!=", 2 }, OP_NOT_EQUAL },
	{ { "==", 2 }, OP_SAME_NUMBER },
	{ { ">=", 2 }, OP_GREATER_EQUAL },
	{ { "<=", 2 }, OP_LESS_EQUAL },
	{ { "=", 1 }, OP_EQUAL },
	{ { "~", 1 }, OP_LIKE },
	{ { ">", 1 }, OP_GREATER },
	{ { "<", 1 }, OP_LESS },
};

#define CONDITION_DEPTH_MAX 16
#define CONDITION_PARTS_MAX 100
#define SEEN_MAX 200 /* bytes of a value in a trace */

/* ---- parsing one matcher ---- */

/* The name ends at the first sign of an operator that stands outside quotes. */
static bool
split(struct str text, struct str *name, enum operator* op, struct str *value)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		struct str rest = { text.p + i, text.len - i };
		for (size_t k = 0; k < NELEMS(operators); k++) {
			if (!str_starts(rest, operators[k].sign))
				continue;
			*name = str_trim((struct str){ text.p, i });
			*op = operators[k].op;
			size_t skip = operators[k].sign.len;
			*value = str_trim((struct str){ rest.p + skip, rest.len - skip });
			return true;
		}
	}
	return false;
}

static bool
hex_digits(struct str s, size_t n, unsigned *ret)
{
	unsigned u = 0;

	if (s.len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *at = s.p[i] == '\0' ? NULL : strchr(digits, s.p[i]);
		if (at == NULL)
			return false;
		u = u * 16 + (unsigned)(at - digits) % 16;
	}
	*ret = u;
	return true;
}

static void
put_character(struct buf *out, unsigned u)
{
	if (u < 0x80) {
		buf_putc(out, (char)u);
	} else if (u < 0x800) {
		buf_putc(out, (char)(0xc0 | u >> 6));
		buf_putc(out, (char)(0x80 | (u & 0x3f)));
	} else if (u < 0x10000) {
		buf_putc(out, (char)(0xe0 | u >> 12));
		buf_putc(out, (char)(0x80 | (u >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (u & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | (u >> 18 & 7)));
		buf_putc(out, (char)(0x80 | (u >> 12 & 0x3f)));
		buf_putc(out, (char)(0x80 | (u >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (u & 0x3f)));
	}
}

/* One Go escape after the backslash; what is no escape stays as it was written, so that
 * patterns may say \d. */
static void
unescape(struct buf *out, struct str *s)
{
	static const char from[] = "nt\"\\", to[] = "\n\t\"\\";
	static const struct {
		char letter;
		size_t digits;
	} codes[] = { { 'x', 2 }, { 'u', 4 }, { 'U', 8 } };
	char c = s->p[0];
	const char *known = strchr(from, c);
	unsigned u;

	for (size_t i = 0; i < NELEMS(codes); i++) {
		struct str digits = { s->p + 1, s->len - 1 };
		if (c != codes[i].letter || !hex_digits(digits, codes[i].digits, &u)
		        || u > 0x10ffff || u == 0)
			continue;
		if (c == 'x') /* a byte, not a character: \xf0\x9f\x99\x82 is one */
			buf_putc(out, (char)u);
		else
			put_character(out, u);
		s->p += codes[i].digits + 1;
		s->len -= codes[i].digits + 1;
		return;
	}
	if (known != NULL && c != '\0') {
		buf_putc(out, to[known - from]);
	} else {
		buf_putc(out, '\\');
		buf_putc(out, c);
	}
	s->p++;
	s->len--;
}

/* Quoted with Go's escapes, or bare. False for a quote that is not closed or closed too early,
 * and for escapes that make no UTF-8. */
static bool
read_value(struct arena *mem, struct str s, struct str *ret)
{
	struct buf out = BUF_INIT(mem, 4096);

	if (s.len == 0 || s.p[0] != '"') {
		*ret = s;
		return s.len > 0 && memchr(s.p, '"', s.len) == NULL;
	}
	s.p++, s.len--;
	while (s.len > 0 && s.p[0] != '"') {
		if (s.p[0] == '\\' && s.len > 1) {
			s.p++, s.len--;
			unescape(&out, &s);
		} else {
			buf_putc(&out, s.p[0]);
			s.p++, s.len--;
		}
	}
	*ret = buf_view(&out);
	return s.len == 1 && utf8_valid(*ret);
}

static bool
to_number(struct str s, double *ret)
{
	char text[64], *end;

	if (s.len == 0 || s.len >= sizeof text)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (strchr("+-.0123456789eE", s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	*ret = strtod_l(text, &end, c);
	freelocale(c);
	return *end == '\0';
}

static bool is_comparison(enum operator op)
{
	return op >= OP_GREATER_EQUAL && op <= OP_SAME_NUMBER;
}

static bool
read_operand(struct shape_reader *r, struct arena *mem, const struct json *v, struct str value,
        struct condition *c)
{
	char error[PATTERN_ERROR_MAX];
	struct str text;

	if (!read_value(mem, value, &text)) {
		shape_fault(r, v, "the value is not quoted properly: %s", v->string.p);
		return false;
	}
	c->text = (struct str){ str_dup(mem, text), text.len };
	if (is_comparison(c->op) && !to_number(text, &c->number)) {
		shape_fault(
		        r, v, "a number was expected after the comparison: %s", v->string.p);
		return false;
	}
	if (c->op != OP_MATCHES && c->op != OP_NOT_MATCHES)
		return true;
	c->pattern = pattern_new(text.p, text.len, error);
	if (c->pattern == NULL)
		shape_fault(r, v, "the pattern cannot be used: %s", error);
	return c->pattern != NULL;
}

static struct condition *
parse_matcher(struct shape_reader *r, struct arena *mem, const struct json *v)
{
	struct condition *c = ARENA_NEW(mem, struct condition);
	struct str name, value;

	if (!split(v->string, &name, &c->op, &value)) {
		shape_fault(r, v,
		        "expected a condition such as severity=\"critical\" or labels.env!=\"dev\"");
		return NULL;
	}
	if (!field_parse(mem, name, &c->field)) {
		const char *near = field_nearest(name);
		if (near == NULL)
			shape_fault(
			        r, v, "a signal has no field \"" STR_FMT "\"", STR_ARG(name));
		else
			shape_fault(r, v,
			        "a signal has no field \"" STR_FMT "\" (did you mean \"%s\"?)",
			        STR_ARG(name), near);
		return NULL;
	}
	return read_operand(r, mem, v, value, c) ? c : NULL;
}

/* ---- parsing trees ---- */

static struct condition *parse(
        struct shape_reader *r, struct arena *mem, const struct json *v, int depth);

static struct condition *
parse_list(struct shape_reader *r, struct arena *mem, const struct json *list, enum operator op,
        int depth)
{
	struct condition *c = ARENA_NEW(mem, struct condition);
	bool good = true;

	if (list->array.n > CONDITION_PARTS_MAX) {
		shape_fault(r, list, "at most %d conditions", CONDITION_PARTS_MAX);
		return NULL;
	}
	c->op = op;
	c->parts = ARENA_ARRAY(mem, list->array.n, struct condition *);
	for (size_t i = 0; i < list->array.n; i++) {
		size_t mark = shape_enter_index(r, i);
		c->parts[c->n_parts] = parse(r, mem, &list->array.items[i], depth - 1);
		good = good && c->parts[c->n_parts] != NULL;
		c->n_parts += c->parts[c->n_parts] != NULL;
		shape_leave(r, mark);
	}
	if (good)
		return c;
	condition_free(c);
	return NULL;
}

static struct condition *
parse_not(struct shape_reader *r, struct arena *mem, const struct json *v, int depth)
{
	struct condition *inner = parse(r, mem, v, depth - 1);
	struct condition *c;

	if (inner == NULL)
		return NULL;
	c = ARENA_NEW(mem, struct condition);
	c->op = OP_NOT;
	c->parts = ARENA_NEW(mem, struct condition *);
	c->parts[0] = inner;
	c->n_parts = 1;
	return c;
}

static struct condition *
parse_object(struct shape_reader *r, struct arena *mem, const struct json *v, int depth)
{
	const struct json_member *m = v->object.n == 1 ? &v->object.members[0] : NULL;
	bool list = m != NULL && m->value.type == JSON_ARRAY;
	struct condition *c = NULL;

	if (m == NULL
	        || !(str_is(m->key, "not")
	                || (list && (str_is(m->key, "any") || str_is(m->key, "all"))))) {
		shape_fault(r, v, "expected {any: [...]}, {all: [...]} or {not: ...}");
		return NULL;
	}
	size_t mark = shape_enter(r, m->key);
	if (str_is(m->key, "not"))
		c = parse_not(r, mem, &m->value, depth);
	else
		c = parse_list(
		        r, mem, &m->value, str_is(m->key, "any") ? OP_ANY : OP_ALL, depth);
	shape_leave(r, mark);
	return c;
}

static struct condition *
parse(struct shape_reader *r, struct arena *mem, const struct json *v, int depth)
{
	if (depth == 0) {
		shape_fault(r, v, "conditions inside conditions, too deep");
		return NULL;
	}
	if (v->type == JSON_STRING)
		return parse_matcher(r, mem, v);
	if (v->type == JSON_ARRAY)
		return parse_list(r, mem, v, OP_ALL, depth);
	if (v->type == JSON_OBJECT)
		return parse_object(r, mem, v, depth);
	shape_fault(r, v, "expected a condition such as severity=\"critical\"");
	return NULL;
}

struct condition *
condition_parse(struct shape_reader *r, struct arena *mem, const struct json *v)
{
	return parse(r, mem, v, CONDITION_DEPTH_MAX);
}

void
condition_free(struct condition *c)
{
	if (c == NULL)
		return;
	pattern_free(c->pattern);
	for (size_t i = 0; i < c->n_parts; i++)
		condition_free(c->parts[i]);
}

/* ---- evaluating ---- */

/* * stands for any run of characters, ? for one byte; the last star is where to go back to. */
static bool
is_like(struct str text, struct str glob)
{
	size_t t = 0, g = 0, star = SIZE_MAX, mark = 0;

	while (t < text.len) {
		if (g < glob.len && glob.p[g] == '*') {
			star = g++;
			mark = t;
		} else if (g < glob.len && (glob.p[g] == '?' || glob.p[g] == text.p[t])) {
			g++;
			t++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.p[g] == '*')
		g++;
	return g == glob.len;
}

static bool
compare(enum operator op, struct str text, double limit)
{
	double n;

	if (!to_number(str_trim(text), &n))
		return false;
	switch (op) {
	case OP_GREATER_EQUAL:
		return n >= limit;
	case OP_GREATER:
		return n > limit;
	case OP_LESS_EQUAL:
		return n <= limit;
	case OP_LESS:
		return n < limit;
	case OP_SAME_NUMBER:
		return n == limit;
	case OP_EQUAL:
	case OP_NOT_EQUAL:
	case OP_MATCHES:
	case OP_NOT_MATCHES:
	case OP_LIKE:
	case OP_ALL:
	case OP_ANY:
	case OP_NOT:
		break;
	}
	return false;
}

static bool
matcher_holds(const struct condition *c, struct str text)
{
	switch (c->op) {
	case OP_EQUAL:
		return str_eq(text, c->text);
	case OP_NOT_EQUAL:
		return !str_eq(text, c->text);
	case OP_MATCHES:
		return pattern_match(c->pattern, text.len == 0 ? "" : text.p, text.len);
	case OP_NOT_MATCHES:
		return !pattern_match(c->pattern, text.len == 0 ? "" : text.p, text.len);
	case OP_LIKE:
		return is_like(text, c->text);
	case OP_GREATER_EQUAL:
	case OP_GREATER:
	case OP_LESS_EQUAL:
	case OP_LESS:
	case OP_SAME_NUMBER:
		return compare(c->op, text, c->number);
	case OP_ALL:
	case OP_ANY:
	case OP_NOT:
		break;
	}
	return false;
}

bool
condition_holds(struct arena *mem, const struct condition *c, const struct signal *s,
        const char *urgency)
{
	if (c->op == OP_NOT)
		return !condition_holds(mem, c->parts[0], s, urgency);
	if (c->op != OP_ALL && c->op != OP_ANY)
		return matcher_holds(c, field_get(mem, s, urgency, &c->field));
	for (size_t i = 0; i < c->n_parts; i++)
		if (condition_holds(mem, c->parts[i], s, urgency) == (c->op == OP_ANY))
			return c->op == OP_ANY;
	return c->op == OP_ALL;
}

/* ---- the reasons ---- */

static const char *sign_of(enum operator op)
{
	static const char *const trees[] = {
		[OP_ALL] = "all", [OP_ANY] = "any", [OP_NOT] = "not"
	};

	for (size_t i = 0; i < NELEMS(operators); i++)
		if (operators[i].op == op)
			return operators[i].sign.p;
	return trees[op];
}

void
condition_trace(struct arena *mem, const struct condition *c, const struct signal *s,
        const char *urgency, struct jsonw *w)
{
	bool tree = c->op == OP_NOT || c->op == OP_ALL || c->op == OP_ANY;

	jsonw_object(w);
	jsonw_member_bool(w, "holds", condition_holds(mem, c, s, urgency));
	jsonw_member(w, "op", sign_of(c->op));
	if (tree) {
		jsonw_key(w, "parts");
		jsonw_array(w);
		for (size_t i = 0; i < c->n_parts; i++)
			condition_trace(mem, c->parts[i], s, urgency, w);
		jsonw_end_array(w);
	} else {
		jsonw_member(w, "field", field_print(mem, &c->field));
		jsonw_key(w, "value");
		jsonw_str(w, c->text);
		jsonw_key(w, "seen");
		jsonw_str(w, utf8_clip(field_get(mem, s, urgency, &c->field), SEEN_MAX));
	}
	jsonw_end_object(w);
}
