/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of documents as their tables describe them, for forms; and documents from one way
 * of writing into the other, so that a form and a text can be two views of one draft. */
#include "config/kinds.h"
#include "api/app.h"
#include "api/described.h"

static void
write_kind(struct jsonw *w, const struct kind_info *kind)
{
	jsonw_object(w);
	jsonw_member(w, "kind", kind->name);
	jsonw_member(w, "section", kind->section);
	jsonw_member_opt(w, "help", kind->shape->help);
	shape_describe(w, kind->shape);
	jsonw_end_object(w);
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct jsonw w = items_json(rs);

	(void)cx;
	(void)rq;
	for (int i = 0; i < KIND_MAX; i++)
		write_kind(&w, &kinds[i]);
	items_end(&w, NULL);
	return NULL;
}

/* YAML becomes JSON and JSON YAML. Nothing is checked but that it can be read. */
static struct err *
convert(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *type = request_header(rq, "Content-Type");
	struct json *tree;

	if (type != NULL && strstr(type, "yaml") != NULL) {
		TRY(yaml_parse(cx, "body.yaml", rq->body, JSON_LIMITS_DRAFT, &tree));
		struct jsonw w = response_json(rs, 200);
		jsonw_tree(&w, tree);
		return NULL;
	}
	TRY(json_parse(cx, rq->body, JSON_LIMITS_DRAFT, &tree));
	rs->status = 200;
	rs->type = "application/yaml";
	yaml_print(&rs->body, tree);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/kinds", PERM_READ, list,
	        "The kinds of documents and their fields, in the order to ask for them", NULL,
	        &kind_described, ROUTE_ALL, 0 },
	{ "POST", "/api/v1/config/convert", PERM_READ, convert,
	        "YAML as JSON, or JSON as YAML; only read, neither checked nor kept", NULL,
	        NULL, 0, 0 },
};
const struct route_table kind_routes = { routes, NELEMS(routes) };
