/* SPDX-License-Identifier: Apache-2.0 */
/* The table as JSON Schema, for the OpenAPI document. */
#include "base/shape.h"

static const struct {
	const char *type, *format, *pattern;
} schemas[FIELD_TYPE_MAX] = {
	[FIELD_STRING] = { "string", NULL, NULL },
	[FIELD_TEXT] = { "string", NULL, NULL },
	[FIELD_SLUG] = { "string", NULL, "^[a-z0-9][a-z0-9-]{0,62}$" },
	[FIELD_EMAIL] = { "string", "email", NULL },
	[FIELD_URL] = { "string", "uri", NULL },
	[FIELD_ZONE] = { "string", NULL, NULL },
	[FIELD_REF] = { "string", NULL, NULL },
	[FIELD_SECRET] = { "string", "password", NULL },
	[FIELD_INT] = { "integer", "int64", NULL },
	[FIELD_REAL] = { "number", NULL, NULL },
	[FIELD_BOOL] = { "boolean", NULL, NULL },
	[FIELD_DURATION] = { "string", NULL, "^([0-9]+(ms|w|d|h|m|s))+$" },
	[FIELD_TIME] = { "string", "date-time", NULL },
	[FIELD_ENUM] = { "string", NULL, NULL },
	[FIELD_LIST] = { "array", NULL, NULL },
	[FIELD_MAP] = { "object", NULL, NULL },
};

static void write_schema(struct jsonw *w, const struct field *f);

static void
write_enum(struct jsonw *w, const struct field *f)
{
	jsonw_key(w, "enum");
	jsonw_array(w);
	for (size_t i = 0; f->names[i] != NULL; i++)
		jsonw_cstr(w, f->names[i]);
	jsonw_end_array(w);
}

static void
write_elements(struct jsonw *w, const struct field *f)
{
	struct field element = { .type = f->sub != NULL ? FIELD_OBJECT : f->of,
		.sub = f->sub,
		.ref = f->ref,
		.names = f->names };

	jsonw_key(w, f->type == FIELD_LIST ? "items" : "additionalProperties");
	write_schema(w, &element);
}

static void
write_reference(struct jsonw *w, const struct field *f)
{
	struct arena a;

	arena_init(&a);
	jsonw_object(w);
	jsonw_member(w, "$ref", arena_printf(&a, "#/components/schemas/%s", f->sub->name));
	jsonw_end_object(w);
	arena_free(&a);
}

static void
write_bounds(struct jsonw *w, const struct field *f)
{
	static const struct {
		const char *min, *max;
	} names[FIELD_TYPE_MAX] = {
		[FIELD_STRING] = { "minLength", "maxLength" },
		[FIELD_TEXT] = { "minLength", "maxLength" },
		[FIELD_INT] = { "minimum", "maximum" },
		[FIELD_LIST] = { "minItems", "maxItems" },
		[FIELD_MAP] = { "minProperties", "maxProperties" },
	};

	if (f->min > 0 && names[f->type].min != NULL)
		jsonw_member_int(w, names[f->type].min, f->min);
	if (f->max > 0 && names[f->type].max != NULL)
		jsonw_member_int(w, names[f->type].max, f->max);
}

static void
write_plain(struct jsonw *w, const struct field *f)
{
	jsonw_object(w);
	jsonw_member_opt(w, "type", schemas[f->type].type);
	jsonw_member_opt(w, "format", schemas[f->type].format);
	jsonw_member_opt(w, "pattern", schemas[f->type].pattern);
	jsonw_member_opt(w, "description", f->help);
	write_bounds(w, f);
	if (f->type == FIELD_ENUM)
		write_enum(w, f);
	if (f->type == FIELD_LIST || f->type == FIELD_MAP)
		write_elements(w, f);
	if (f->flags & FIELD_OUTPUT)
		jsonw_member_bool(w, "readOnly", true);
	if (f->fallback != NULL)
		jsonw_member_raw(w, "default", f->fallback);
	jsonw_end_object(w);
}

/* {"type": "string"} with the description put in. */
static void
write_custom(struct jsonw *w, const struct field *f)
{
	struct buf out;
	struct arena a;

	if (f->schema == NULL || f->schema[0] != '{' || f->help == NULL
	        || strstr(f->schema, "\"description\"") != NULL) {
		jsonw_raw(w, str_from(f->schema != NULL ? f->schema : "true"));
		return;
	}
	arena_init(&a);
	out = BUF_INIT(&a, 64 * 1024);
	struct jsonw inner = { .out = &out };
	jsonw_object(&inner);
	jsonw_member(&inner, "description", f->help);
	buf_printf(&out, "%s%s", f->schema[1] == '}' ? "" : ",", f->schema + 1);
	jsonw_raw(w, (struct str){ buf_cstr(&out), out.len });
	arena_free(&a);
}

static void
write_schema(struct jsonw *w, const struct field *f)
{
	if (f->type == FIELD_OBJECT)
		write_reference(w, f);
	else if (f->type == FIELD_CUSTOM)
		write_custom(w, f);
	else
		write_plain(w, f);
}

void
shape_schema(struct jsonw *w, const struct shape *shape)
{
	jsonw_object(w);
	jsonw_member(w, "type", "object");
	jsonw_member_opt(w, "description", shape->help);
	jsonw_key(w, "properties");
	jsonw_object(w);
	for (size_t i = 0; i < shape->n_fields; i++) {
		jsonw_key(w, shape->fields[i].name);
		write_schema(w, &shape->fields[i]);
	}
	jsonw_end_object(w);
	jsonw_key(w, "required");
	jsonw_array(w);
	for (size_t i = 0; i < shape->n_fields; i++)
		if (shape->fields[i].flags & FIELD_REQUIRED)
			jsonw_cstr(w, shape->fields[i].name);
	jsonw_end_array(w);
	jsonw_end_object(w);
}
