/* SPDX-License-Identifier: Apache-2.0 */
/* A template is a list of parts, each a text or a field with its default. */
#include "rules/template.h"

struct part {
	bool is_field;
	struct field_ref field;
	struct str text; /* the literal, or the field's default */
};

struct template
{
	struct part *parts;
	size_t n, cap;
};

static void
add_text(struct arena *mem, struct template *t, struct str text)
{
	if (text.len > 0)
		ARENA_PUSH(mem, t->parts, t->n, t->cap) =
		        (struct part){ .text = { str_dup(mem, text), text.len } };
}

/* At "name}" or "name:-default}". */
static bool
add_field(struct arena *mem, struct template *t, struct str *rest, const char **ret_why)
{
	const char *end = memchr(rest->p, '}', rest->len);
	struct part part = { .is_field = true };
	struct str name;

	if (end == NULL) {
		*ret_why = "\"${\" without its \"}\"";
		return false;
	}
	name = (struct str){ rest->p, (size_t)(end - rest->p) };
	for (size_t i = 0; i + 1 < name.len; i++) {
		if (name.p[i] != ':' || name.p[i + 1] != '-')
			continue;
		struct str fallback = { name.p + i + 2, name.len - i - 2 };
		part.text = (struct str){ str_dup(mem, fallback), fallback.len };
		name.len = i;
	}
	rest->len -= (size_t)(end + 1 - rest->p);
	rest->p = end + 1;
	if (!field_parse(mem, str_trim(name), &part.field)) {
		*ret_why = arena_printf(
		        mem, "a signal has no field \"" STR_FMT "\"", STR_ARG(name));
		return false;
	}
	ARENA_PUSH(mem, t->parts, t->n, t->cap) = part;
	return true;
}

struct template *
template_parse(struct arena *mem, struct str text, const char **ret_why)
{
	struct template *t = ARENA_NEW(mem, struct template);

	while (text.len > 0) {
		const char *dollar = memchr(text.p, '$', text.len);
		size_t before = dollar == NULL ? text.len : (size_t)(dollar - text.p);

		add_text(mem, t, (struct str){ text.p, before });
		text.p += before;
		text.len -= before;
		if (text.len == 0)
			break;
		if (text.len > 1 && text.p[1] == '{') {
			text.p += 2, text.len -= 2;
			if (!add_field(mem, t, &text, ret_why))
				return NULL;
			continue;
		}
		size_t skip = text.len > 1 && text.p[1] == '$' ? 2 : 1;
		add_text(mem, t, STR("$"));
		text.p += skip, text.len -= skip;
	}
	return t;
}

bool
template_is_literal(const struct template *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->parts[i].is_field)
			return false;
	return true;
}

void
template_expand(const struct template *t, struct arena *mem, const struct signal *s,
        const char *urgency, struct buf *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct part *p = &t->parts[i];
		struct str value = p->text;
		if (p->is_field) {
			struct str found = field_get(mem, s, urgency, &p->field);
			value = found.len > 0 ? found : p->text;
		}
		buf_str(out, value);
	}
}
