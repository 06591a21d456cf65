/* SPDX-License-Identifier: Apache-2.0 */
/* The whole configuration as one file that apply accepts back. */
#include "config/codecs.h"
#include "config/config.h"
#include "config/kinds.h"

static struct err *
add_document(struct ctx *cx, struct jsonw *w, const struct document *d)
{
	struct json *body;

	TRY(json_parse(cx, str_from(d->body), JSON_LIMITS_CONFIG, &body));
	if (d->kind != KIND_ORGANISATION)
		jsonw_key(w, d->id);
	jsonw_tree(w, secrets_hidden(cx, body));
	return NULL;
}

static struct err *
add_section(struct ctx *cx, struct jsonw *w, const struct snapshot *s, enum kind kind)
{
	size_t n;
	const struct document *const *list = snapshot_list(s, kind, &n);

	if (n == 0)
		return NULL;
	jsonw_key(w, kind_section(kind));
	if (kind == KIND_ORGANISATION)
		return add_document(cx, w, list[0]);
	jsonw_object(w);
	for (size_t i = 0; i < n; i++)
		TRY(add_document(cx, w, list[i]));
	jsonw_end_object(w);
	return NULL;
}

struct err *
config_export_json(struct ctx *cx, const struct snapshot *s, struct buf *out)
{
	struct jsonw w = JSONW(out);

	jsonw_object(&w);
	for (int k = 0; k < KIND_MAX; k++)
		TRY(add_section(cx, &w, s, (enum kind)k));
	jsonw_end_object(&w);
	return NULL;
}

struct err *
config_export_yaml(struct ctx *cx, const struct snapshot *s, struct buf *out)
{
	struct buf json = BUF_INIT(&cx->mem, out->max);
	struct json *tree;

	TRY(config_export_json(cx, s, &json));
	TRY(json_parse(cx, buf_view(&json), JSON_LIMITS_CONFIG, &tree));
	yaml_print(out, tree);
	return NULL;
}
