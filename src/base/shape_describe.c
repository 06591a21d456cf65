/* SPDX-License-Identifier: Apache-2.0 */
/* The table as it is, as JSON: what a form needs to know to ask for each field. A schema says
 * what is valid; this says in which order to ask, and of which kind a reference is. */
#include "base/shape.h"

static const char *const type_names[FIELD_TYPE_MAX] = {
	[FIELD_STRING] = "string",
	[FIELD_TEXT] = "text",
	[FIELD_SLUG] = "slug",
	[FIELD_EMAIL] = "email",
	[FIELD_URL] = "url",
	[FIELD_ZONE] = "zone",
	[FIELD_REF] = "ref",
	[FIELD_SECRET] = "secret",
	[FIELD_INT] = "int",
	[FIELD_REAL] = "real",
	[FIELD_BOOL] = "bool",
	[FIELD_DURATION] = "duration",
	[FIELD_TIME] = "time",
	[FIELD_ENUM] = "enum",
	[FIELD_JSON] = "json",
	[FIELD_OBJECT] = "object",
	[FIELD_LIST] = "list",
	[FIELD_MAP] = "map",
	[FIELD_CUSTOM] = "custom",
};

static void
write_values(struct jsonw *w, const char *const *names)
{
	if (names == NULL)
		return;
	jsonw_key(w, "values");
	jsonw_array(w);
	for (size_t i = 0; names[i] != NULL; i++)
		jsonw_cstr(w, names[i]);
	jsonw_end_array(w);
}

static void
write_flags(struct jsonw *w, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} words[] = { { FIELD_REQUIRED, "required" }, { FIELD_NULLABLE, "nullable" },
		{ FIELD_OUTPUT, "output" }, { FIELD_SLUG_KEYS, "slug_keys" } };

	for (size_t i = 0; i < NELEMS(words); i++)
		if ((flags & words[i].flag) != 0)
			jsonw_member_bool(w, words[i].name, true);
}

static void
write_bounds(struct jsonw *w, const struct field *f)
{
	char text[DURATION_MAX];

	if (f->type == FIELD_DURATION) {
		if (f->max > 0)
			jsonw_member(w, "max", duration_print(f->max, text));
		return;
	}
	if (f->min != 0)
		jsonw_member_int(w, "min", f->min);
	if (f->max != 0)
		jsonw_member_int(w, "max", f->max);
}

static void
write_field(struct jsonw *w, const struct field *f)
{
	bool holds = f->type == FIELD_LIST || f->type == FIELD_MAP;

	jsonw_object(w);
	jsonw_member(w, "name", f->name);
	jsonw_member(w, "type", type_names[f->type]);
	jsonw_member_opt(w, "help", f->help);
	write_flags(w, f->flags);
	write_bounds(w, f);
	write_values(w, f->names);
	jsonw_member_opt(w, "ref", f->ref);
	if (holds && f->sub == NULL)
		jsonw_member(w, "of", type_names[f->of]);
	if (f->fallback != NULL)
		jsonw_member_raw(w, "default", f->fallback);
	if (f->schema != NULL)
		jsonw_member_raw(w, "schema", f->schema);
	if (f->sub != NULL) {
		jsonw_member_opt(w, "about", f->sub->help);
		shape_describe(w, f->sub);
	}
	jsonw_end_object(w);
}

void
shape_describe(struct jsonw *w, const struct shape *shape)
{
	jsonw_key(w, "fields");
	jsonw_array(w);
	for (size_t i = 0; i < shape->n_fields; i++)
		write_field(w, &shape->fields[i]);
	jsonw_end_array(w);
}
