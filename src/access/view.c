/* SPDX-License-Identifier: Apache-2.0 */
#include "access/view.h"

#include "queries.h"

static const struct db_col view_cols[] = {
	DB_COL(struct view, user_id),
	DB_COL(struct view, name),
	DB_COL(struct view, query),
	DB_COL(struct view, saved_at),
};
const struct db_row view_row = DB_ROW(struct view, view_cols);

struct err *
view_all(struct ctx *cx, const char *user_id, struct view **ret, size_t *ret_n)
{
	return db_list(cx, &q_view_list, DB_ARGS(user_id), ret, ret_n);
}

/* What has the name already is replaced, which takes no room. */
static struct err *
check_room(struct ctx *cx, const struct view *v)
{
	struct view *theirs;
	size_t n, i = 0;

	TRY(view_all(cx, v->user_id, &theirs, &n));
	while (i < n && strcmp(theirs[i].name, v->name) != 0)
		i++;
	if (i == n && n >= VIEWS_A_USER_MAX)
		return err_new(cx, ERR_LIMIT, "you have %d views already: remove one",
		        VIEWS_A_USER_MAX);
	return NULL;
}

struct err *
view_save_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct view *v = arg;

	(void)e;
	TRY(check_room(cx, v));
	v->saved_at = ctx_now(cx);
	return db_exec(cx, &q_view_save, DB_ARGS(v->user_id, v->name, v->query, v->saved_at));
}

struct err *
view_remove_run(struct ctx *cx, struct engine *e, void *arg)
{
	const struct view *v = arg;

	(void)e;
	TRY(db_exec(cx, &q_view_remove, DB_ARGS(v->user_id, v->name)));
	if (cx->tx->changes == 0)
		return err_new(cx, ERR_NOT_FOUND, "you have no view called %s", v->name);
	return NULL;
}
