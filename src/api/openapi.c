/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#include "base/map.h"

#define SHAPES_MAX 200

/* Every shape that is named, once. */
struct shapes {
	const struct shape *items[SHAPES_MAX];
	size_t n;
};

static void
collect(struct shapes *all, const struct shape *shape)
{
	if (shape == NULL)
		return;
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i] == shape)
			return;
		assert(strcmp(all->items[i]->name, shape->name) != 0);
	}
	if (all->n < SHAPES_MAX)
		all->items[all->n++] = shape;
	for (size_t i = 0; i < shape->n_fields; i++)
		collect(all, shape->fields[i].sub);
}

/* ---- pieces ---- */

static void
write_ref(struct jsonw *w, const struct shape *shape)
{
	char ref[200];

	snprintf(ref, sizeof ref, "#/components/schemas/%s", shape->name);
	jsonw_object(w);
	jsonw_member(w, "$ref", ref);
	jsonw_end_object(w);
}

static void
write_list_schema(struct jsonw *w, const struct shape *shape, unsigned flags)
{
	jsonw_object(w);
	jsonw_member(w, "type", "object");
	jsonw_key(w, "properties");
	jsonw_object(w);
	jsonw_key(w, "items");
	jsonw_object(w);
	jsonw_member(w, "type", "array");
	jsonw_key(w, "items");
	write_ref(w, shape);
	jsonw_end_object(w);
	jsonw_member_raw(w, "next",
	        "{\"type\":\"string\",\"description\":\"The cursor of the next page; absent at the "
	        "end.\"}");
	if ((flags & ROUTE_REACH) != 0)
		jsonw_member_raw(w, "looked_back_to",
		        "{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"The page "
		        "is not full and what is older was not looked at; `next` goes on there.\"}");
	jsonw_end_object(w);
	jsonw_end_object(w);
}

static void
write_one_or_many(struct jsonw *w, const struct shape *shape)
{
	jsonw_object(w);
	jsonw_key(w, "oneOf");
	jsonw_array(w);
	write_ref(w, shape);
	jsonw_object(w);
	jsonw_member(w, "type", "array");
	jsonw_key(w, "items");
	write_ref(w, shape);
	jsonw_end_object(w);
	jsonw_end_array(w);
	jsonw_end_object(w);
}

static void
write_content(struct jsonw *w, const struct shape *shape, unsigned flags)
{
	jsonw_key(w, "content");
	jsonw_object(w);
	jsonw_key(w, "application/json");
	jsonw_object(w);
	jsonw_key(w, "schema");
	if ((flags & (ROUTE_LIST | ROUTE_ALL)) != 0)
		write_list_schema(w, shape, flags);
	else if ((flags & ROUTE_MANY) != 0)
		write_one_or_many(w, shape);
	else
		write_ref(w, shape);
	jsonw_end_object(w);
	jsonw_end_object(w);
}

static void
write_parameter(
        struct jsonw *w, struct str name, const char *in, const char *schema, const char *help)
{
	jsonw_object(w);
	jsonw_key(w, "name");
	jsonw_str(w, name);
	jsonw_member(w, "in", in);
	if (strcmp(in, "path") == 0)
		jsonw_member_bool(w, "required", true);
	jsonw_member_opt(w, "description", help);
	jsonw_member_raw(w, "schema", schema);
	jsonw_end_object(w);
}

static void
path_parameters(struct jsonw *w, const char *path)
{
	struct str rest = str_from(path);

	for (str_cut(&rest, '{'); rest.len > 0; str_cut(&rest, '{'))
		write_parameter(w, str_cut(&rest, '}'), "path", "{\"type\":\"string\"}", NULL);
}

/* "open|closed" */
static const char *
choice_schema(struct ctx *cx, struct str words)
{
	struct buf out = BUF_INIT(&cx->mem, 1000);
	struct jsonw w = { .out = &out };

	jsonw_object(&w);
	jsonw_member(&w, "type", "string");
	if (words.len > 0) {
		jsonw_key(&w, "enum");
		jsonw_array(&w);
		while (words.len > 0)
			jsonw_str(&w, str_cut(&words, '|'));
		jsonw_end_array(&w);
	}
	jsonw_end_object(&w);
	return buf_cstr(&out);
}

/* The part of the summary after "; ?". */
static void
query_parameters(struct ctx *cx, struct jsonw *w, const char *summary)
{
	const char *query = strstr(summary, "; ?");
	struct str rest = query == NULL ? STR("") : str_from(query + 3);

	while (rest.len > 0) {
		struct str value = str_cut(&rest, '&');
		bool is_flag = memchr(value.p, '=', value.len) == NULL;
		struct str name = str_cut(&value, '=');
		write_parameter(w, name, "query",
		        is_flag ? "{\"type\":\"boolean\"}" : choice_schema(cx, value), NULL);
	}
}

static void
common_parameters(struct jsonw *w, unsigned flags)
{
	if ((flags & ROUTE_LIST) != 0) {
		write_parameter(w, STR("limit"), "query",
		        "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500}",
		        "At most so many items.");
		write_parameter(w, STR("cursor"), "query", "{\"type\":\"string\"}",
		        "`next` of the page before.");
	}
	if ((flags & ROUTE_ONCE) != 0)
		write_parameter(w, STR("Idempotency-Key"), "header",
		        "{\"type\":\"string\",\"maxLength\":200}",
		        "The same request with the same key within a day is done once.");
	if ((flags & ROUTE_MATCH) != 0)
		write_parameter(w, STR("If-Match"), "header", "{\"type\":\"string\"}",
		        "An ETag: 412 when the thing has changed since.");
}

static void
write_parameters(struct ctx *cx, struct jsonw *w, const struct route *r)
{
	jsonw_key(w, "parameters");
	jsonw_array(w);
	path_parameters(w, r->path);
	query_parameters(cx, w, r->summary);
	common_parameters(w, r->flags);
	jsonw_end_array(w);
}

static void
write_responses(struct jsonw *w, const struct route *r)
{
	jsonw_key(w, "responses");
	jsonw_object(w);
	jsonw_key(w, "2XX");
	jsonw_object(w);
	jsonw_member(w, "description", "Done.");
	if (r->response != NULL)
		write_content(
		        w, r->response, r->flags & (ROUTE_LIST | ROUTE_ALL | ROUTE_REACH));
	jsonw_end_object(w);
	jsonw_member_raw(w, "default", "{\"$ref\":\"#/components/responses/Problem\"}");
	jsonw_end_object(w);
}

/* "get_incidents_id_timeline" */
static const char *
operation_id(struct ctx *cx, const struct route *r)
{
	struct buf out = BUF_INIT(&cx->mem, 200);
	const char *path = strncmp(r->path, "/api/v1", 7) == 0 ? r->path + 7 : r->path;

	for (const char *p = r->method; *p != '\0'; p++)
		buf_putc(&out, (char)tolower((unsigned char)*p));
	for (const char *p = path; *p != '\0'; p++)
		if (isalnum((unsigned char)*p))
			buf_putc(&out, *p);
		else if (out.len > 0 && out.p[out.len - 1] != '_' && p[1] != '\0')
			buf_putc(&out, '_');
	return buf_cstr(&out);
}

static struct str
summary_of(const struct route *r)
{
	const char *query = strstr(r->summary, "; ?");

	return query == NULL ? str_from(r->summary)
	                     : (struct str){ r->summary, (size_t)(query - r->summary) };
}

static void
write_operation(struct ctx *cx, struct jsonw *w, const struct route *r)
{
	char method[16] = "";

	for (size_t i = 0; i < sizeof method - 1 && r->method[i] != '\0'; i++)
		method[i] = (char)tolower((unsigned char)r->method[i]);
	jsonw_key(w, method);
	jsonw_object(w);
	jsonw_member(w, "operationId", operation_id(cx, r));
	jsonw_key(w, "summary");
	jsonw_str(w, summary_of(r));
	jsonw_member(w, "x-permission", permission_names[r->permission]);
	if (r->permission == PERM_PUBLIC)
		jsonw_member_raw(w, "security", "[]");
	write_parameters(cx, w, r);
	if (r->request != NULL) {
		jsonw_key(w, "requestBody");
		jsonw_object(w);
		write_content(w, r->request, r->flags & ROUTE_MANY);
		jsonw_end_object(w);
	}
	write_responses(w, r);
	jsonw_end_object(w);
}

/* ---- the document ---- */

static bool
described(const struct route *r)
{
	return (r->flags & (ROUTE_PAGE | ROUTE_HIDDEN)) == 0;
}

/* Routes of one path stand beside each other in the description, wherever they are in the
 * tables. */
static void
write_path(struct ctx *cx, struct jsonw *w, const struct route_table *const *tables, size_t n,
        const char *path)
{
	jsonw_key(w, path);
	jsonw_object(w);
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			if (described(&tables[t]->items[i])
			        && strcmp(tables[t]->items[i].path, path) == 0)
				write_operation(cx, w, &tables[t]->items[i]);
	jsonw_end_object(w);
}

static void
write_paths(struct ctx *cx, struct jsonw *w, const struct route_table *const *tables, size_t n)
{
	struct map seen;

	map_init(&seen, &cx->mem);
	jsonw_key(w, "paths");
	jsonw_object(w);
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct route *r = &tables[t]->items[i];
			if (!described(r) || map_get(&seen, str_from(r->path)) != NULL)
				continue;
			map_put(&seen, str_from(r->path), (void *)r);
			write_path(cx, w, tables, n, r->path);
		}
	jsonw_end_object(w);
}

static const char problem[] =
        "{\"description\":\"What went wrong (RFC 9457).\",\"content\":{\"application/problem+json\":"
        "{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}";

static const char problem_schema[] =
        "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
        "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
        "\"field\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},"
        "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
        "\"line\":{\"type\":\"integer\"},\"column\":{\"type\":\"integer\"}}}}}}";

static void
write_components(struct jsonw *w, const struct route_table *const *tables, size_t n)
{
	struct shapes all = { .n = 0 };

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			collect(&all, tables[t]->items[i].request);
			collect(&all, tables[t]->items[i].response);
		}
	jsonw_key(w, "components");
	jsonw_object(w);
	jsonw_key(w, "schemas");
	jsonw_object(w);
	jsonw_member_raw(w, "Problem", problem_schema);
	for (size_t i = 0; i < all.n; i++) {
		jsonw_key(w, all.items[i]->name);
		shape_schema(w, all.items[i]);
	}
	jsonw_end_object(w);
	jsonw_key(w, "responses");
	jsonw_object(w);
	jsonw_member_raw(w, "Problem", problem);
	jsonw_end_object(w);
	jsonw_member_raw(w, "securitySchemes",
	        "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"session\":{\"type\":"
	        "\"apiKey\",\"in\":\"cookie\",\"name\":\"tocsin_session\"}}");
	jsonw_end_object(w);
}

void
openapi_write(
        struct ctx *cx, struct jsonw *w, const struct route_table *const *tables, size_t n)
{
	jsonw_object(w);
	jsonw_member(w, "openapi", "3.1.0");
	jsonw_key(w, "info");
	jsonw_object(w);
	jsonw_member(w, "title", "Tocsin");
	jsonw_member(w, "version", TOCSIN_VERSION);
	jsonw_member(w, "description",
	        "Incidents from signal to review. The record is listed newest first, at most `limit` "
	        "(50) at a time; documents by id, all of them unless there is a `limit`; `next` is "
	        "the `cursor` of the rest. Errors are RFC 9457 problems.");
	jsonw_end_object(w);
	jsonw_member_raw(w, "security", "[{\"token\":[]},{\"session\":[]}]");
	write_paths(cx, w, tables, n);
	write_components(w, tables, n);
	jsonw_end_object(w);
}
