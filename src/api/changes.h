/* SPDX-License-Identifier: Apache-2.0 */
/* Every change of configuration through the API goes this one way: plan, ask whether it is
 * allowed, commit. */
#ifndef API_CHANGES_H
#define API_CHANGES_H

#include "api/app.h"

struct changing {
	const struct change_set *set;
	struct plan_options options;
	bool dry_run;
	bool authorised;  /* the handler has asked by itself who may */
	int64_t based_on; /* the revision that the set was made from; 0: any will do */
	engine_fn *also;  /* in the same transaction, after the change; or NULL */
	void *also_arg;
	/* What must hold of the configuration that the change is planned against, or NULL. */
	struct err *(*check)(
	        struct ctx *cx, const struct request *rq, const struct snapshot *s);
};

/* The plan is the caller's to free; it has been committed unless it was a dry run. ERR_DENIED
 * when the actor may not change one of its documents. */
MUST_USE struct err *change_configuration(
        struct ctx *cx, struct request *rq, const struct changing *c, struct plan *ret);

/* The body, JSON or YAML, in the sections' form. */
MUST_USE struct err *change_set_from_body(
        struct ctx *cx, const struct request *rq, struct change_set *set);

/* As engine_fn; arg is const struct plan. */
MUST_USE struct err *plan_apply_run(struct ctx *cx, struct engine *e, void *arg);

/* ERR_NOT_FOUND for a revision that has not been yet. */
MUST_USE struct err *change_revision_known(
        struct ctx *cx, const struct request *rq, int64_t revision);

/* The plan as {"revision", "changes": [...]}. */
void plan_write(struct jsonw *w, const struct plan *plan, bool dry_run);

/*
 * Who may change what: admins everything, but only owners make owners; a manager of a team what
 * belongs to that team; everybody their own name, zone, contacts and paging, and the overrides
 * of a schedule whose work they share.
 */
MUST_USE struct err *may_change(struct ctx *cx, const struct plan *plan);

/* In the command that applies a plan, before it does: see contacts_told.c. */
MUST_USE struct err *contacts_told(struct ctx *cx, struct engine *e, const struct plan *plan);

#endif
