/* SPDX-License-Identifier: Apache-2.0 */
/* Names to places in a signal. */
#include "rules/field.h"

static const char *const names[SIGNAL_FIELD_COUNT] = {
	[FIELD_OF_SEVERITY] = "severity",
	[FIELD_OF_SUMMARY] = "summary",
	[FIELD_OF_DETAILS] = "details",
	[FIELD_OF_SERVICE] = "service",
	[FIELD_OF_ROUTING_KEY] = "routing_key",
	[FIELD_OF_SOURCE] = "source",
	[FIELD_OF_DEDUP_KEY] = "dedup_key",
	[FIELD_OF_ACTION] = "action",
	[FIELD_OF_AUTHOR] = "author",
	[FIELD_OF_URGENCY] = "urgency",
	[FIELD_OF_LABEL] = "labels.",
	[FIELD_OF_RAW] = "raw.",
};

static struct str
unquoted(struct str s)
{
	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		return (struct str){ s.p + 1, s.len - 2 };
	return s;
}

bool
field_parse(struct arena *mem, struct str name, struct field_ref *ret)
{
	for (int i = 0; i < SIGNAL_FIELD_COUNT; i++) {
		struct str known = str_from(names[i]);
		bool dotted = known.p[known.len - 1] == '.';
		if (!dotted && str_eq(name, known)) {
			*ret = (struct field_ref){ .field = (enum signal_field)i };
			return true;
		}
		if (dotted && name.len > known.len && str_starts(name, known)) {
			struct str path = unquoted(
			        (struct str){ name.p + known.len, name.len - known.len });
			*ret = (struct field_ref){ .field = (enum signal_field)i,
				.path = str_dup(mem, path) };
			return path.len > 0;
		}
	}
	return false;
}

const char *
field_print(struct arena *mem, const struct field_ref *f)
{
	return f->path == NULL ? names[f->field]
	                       : arena_printf(mem, "%s%s", names[f->field], f->path);
}

const char *
field_nearest(struct str name)
{
	return str_nearest(name, names, SIGNAL_FIELD_COUNT);
}

/* A member whose own name has dots is found before a path is cut at them. */
static const struct json *
raw_at(const struct json *v, struct str path)
{
	while (v != NULL && path.len > 0) {
		const struct json *whole = v->type == JSON_OBJECT ? json_get(v, path.p) : NULL;
		int64_t index;
		char name[256];

		if (whole != NULL)
			return whole;
		struct str part = str_cut(&path, '.');
		if (part.len >= sizeof name)
			return NULL;
		memcpy(name, part.p, part.len);
		name[part.len] = '\0';
		if (v->type == JSON_ARRAY)
			v = str_int(part, &index) && index >= 0 && (size_t)index < v->array.n
			        ? &v->array.items[index]
			        : NULL;
		else
			v = json_get(v, name);
	}
	return v;
}

struct str
field_get(struct arena *mem, const struct signal *s, const char *urgency,
        const struct field_ref *f)
{
	switch (f->field) {
	case FIELD_OF_SEVERITY:
		return str_from(severity_names[s->severity]);
	case FIELD_OF_SUMMARY:
		return str_from(s->summary);
	case FIELD_OF_DETAILS:
		return str_from(s->details);
	case FIELD_OF_SERVICE:
		return str_from(s->service);
	case FIELD_OF_ROUTING_KEY:
		return str_from(s->routing_key);
	case FIELD_OF_SOURCE:
		return str_from(s->source);
	case FIELD_OF_DEDUP_KEY:
		return str_from(s->dedup_key);
	case FIELD_OF_ACTION:
		return str_from(signal_action_names[s->action]);
	case FIELD_OF_AUTHOR:
		return str_from(s->author);
	case FIELD_OF_URGENCY:
		return str_from(urgency);
	case FIELD_OF_LABEL:
		return str_from(signal_label(s, f->path));
	case FIELD_OF_RAW:
		return str_from(json_as_text(mem, raw_at(s->raw, str_from(f->path))));
	case SIGNAL_FIELD_COUNT:
		break;
	}
	return (struct str){ 0 };
}
