/* SPDX-License-Identifier: Apache-2.0 */
/* Filters of the board that somebody keeps under a name, wherever they sign in. */
#ifndef ACCESS_VIEW_H
#define ACCESS_VIEW_H

#include "engine/engine.h"

#define VIEWS_A_USER_MAX 50
#define VIEW_NAME_MAX 60
#define VIEW_QUERY_MAX 500

struct view {
	const char *user_id; /* whose it is */
	const char *name;    /* theirs alone: two people may use the same */
	const char *query;   /* as in the filter: "sev:critical team:shop" */
	usec_t saved_at;
};
extern const struct db_row view_row;

/* arg: struct view, of which saved_at is set. Replaces what has the name. LIMIT: the user has
 * too many. No event: it concerns nobody else. */
MUST_USE struct err *view_save_run(struct ctx *cx, struct engine *e, void *arg);

/* arg: struct view, user and name. NOT_FOUND. */
MUST_USE struct err *view_remove_run(struct ctx *cx, struct engine *e, void *arg);

/* By their names. */
MUST_USE struct err *view_all(
        struct ctx *cx, const char *user_id, struct view **ret, size_t *ret_n);

#endif
