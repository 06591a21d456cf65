/* SPDX-License-Identifier: Apache-2.0 */
/* The way back through the revisions: their list, what lies between two, and what brings one
 * back. */
#include "config/codecs.h"
#include "config/store.h"
#include "queries.h"

struct err *
config_log(struct ctx *cx, int64_t before, int64_t limit, struct revision **ret, size_t *ret_n)
{
	return db_list(cx, &q_revision_list, DB_ARGS(before == 0 ? INT64_MAX : before, limit),
	        ret, ret_n);
}

struct err *
config_revision_at(struct ctx *cx, usec_t at, int64_t *ret)
{
	struct config_number found;

	TRY(db_one(cx, &q_revision_at, DB_ARGS(at), &found));
	*ret = found.n;
	return NULL;
}

static void
index_rows(struct ctx *cx, struct map *m, struct stored *rows, size_t n)
{
	map_init(m, &cx->mem);
	for (size_t i = 0; i < n; i++)
		map_put(m, str_from(arena_printf(&cx->mem, "%s/%s", rows[i].kind, rows[i].id)),
		        &rows[i]);
}

struct diffing {
	struct ctx *cx;
	struct planned *items;
	size_t n, cap;
};

static void
differ(struct diffing *d, const struct stored *before, const struct stored *after)
{
	const struct stored *any = after != NULL ? after : before;
	enum kind kind;

	if (before != NULL && after != NULL && strcmp(before->body, after->body) == 0)
		return;
	if (!kind_by_name(str_from(any->kind), &kind))
		return;
	ARENA_PUSH(&d->cx->mem, d->items, d->n, d->cap) = (struct planned){
		.kind = kind,
		.id = any->id,
		.verb = before == NULL  ? VERB_ADD
		        : after == NULL ? VERB_REMOVE
		                        : VERB_CHANGE,
		.before = before == NULL ? NULL : body_shown(d->cx, before->body),
		.after = after == NULL ? NULL : body_shown(d->cx, after->body),
	};
}

struct err *
config_diff(struct ctx *cx, int64_t from, int64_t to, struct planned **ret, size_t *ret_n)
{
	struct diffing d = { .cx = cx };
	struct stored *old, *new;
	struct map was, is;
	size_t n_old, n_new;

	TRY(db_list(cx, &q_document_all_at, DB_ARGS(from), &old, &n_old));
	TRY(db_list(cx, &q_document_all_at, DB_ARGS(to), &new, &n_new));
	index_rows(cx, &was, old, n_old);
	index_rows(cx, &is, new, n_new);
	MAP_EACH (&was, e)
		differ(&d, e->value, map_get(&is, e->key));
	MAP_EACH (&is, e)
		if (!map_has(&was, e->key))
			differ(&d, NULL, e->value);
	*ret = d.items;
	*ret_n = d.n;
	return NULL;
}

static struct err *
add_to_set(struct ctx *cx, struct change_set *set, const struct stored *row, bool remove)
{
	struct json *body = NULL;
	enum kind kind;

	if (!kind_by_name(str_from(row->kind), &kind))
		return NULL;
	if (!remove)
		TRY(json_parse(cx, str_from(row->body), JSON_LIMITS_CONFIG, &body));
	ARENA_PUSH(&cx->mem, set->items, set->n, set->cap) = (struct change){ .kind = kind,
		.id = row->id,
		.body = body,
		.pointer = arena_printf(&cx->mem, "/%s/%s", kind_section(kind), row->id) };
	return NULL;
}

struct err *
config_rollback_set(struct ctx *cx, int64_t revision, struct change_set *ret)
{
	struct stored *old, *now;
	struct map was;
	size_t n_old, n_now;

	TRY(db_list(cx, &q_document_all_at, DB_ARGS(revision), &old, &n_old));
	TRY(db_list(cx, &q_document_all, DB_NO_ARGS, &now, &n_now));
	index_rows(cx, &was, old, n_old);
	for (size_t i = 0; i < n_old; i++)
		TRY(add_to_set(cx, ret, &old[i], false));
	for (size_t i = 0; i < n_now; i++)
		if (!map_has(&was,
		            str_from(arena_printf(&cx->mem, "%s/%s", now[i].kind, now[i].id))))
			TRY(add_to_set(cx, ret, &now[i], true));
	return NULL;
}
