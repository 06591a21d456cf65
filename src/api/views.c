/* SPDX-License-Identifier: Apache-2.0 */
/* The views of the board that one keeps: everybody their own, and nobody anybody else's. */
#include "access/view.h"
#include "api/app.h"

#define VIEW(member) offsetof(struct view, member)

static const struct field view_fields[] = {
	{ "name", FIELD_STRING, FIELD_REQUIRED, VIEW(name), .help = "What you call it." },
	{ "q", FIELD_STRING, FIELD_REQUIRED, VIEW(query),
	        .help = "The filter: sev:critical team:shop." },
	{ "saved_at", FIELD_TIME, FIELD_REQUIRED, VIEW(saved_at),
	        .help = "When it was saved last." },
};
static const struct shape view_shape =
        SHAPE("View", struct view, view_fields, "A filter of the board under a name.");

static const struct field view_body_fields[] = {
	{ "q", FIELD_STRING, FIELD_REQUIRED, VIEW(query), .min = 1, .max = VIEW_QUERY_MAX,
	        .help = "The filter: sev:critical team:shop." },
};
static const struct shape view_body_shape =
        SHAPE("ViewSave", struct view, view_body_fields, "A filter to be kept.");

static const char *
view_name(const void *items, size_t i)
{
	return ((const struct view *)items)[i].name;
}

static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct view *items;
	size_t n;

	TRY(app_read(cx, rq));
	TRY(view_all(cx, cx->actor.id, &items, &n));
	return slice_answer(cx, rq, rs, &(struct whole){ &view_shape, items, n, view_name });
}

static struct err *
save(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct view v;

	TRY(request_read(cx, rq, &v));
	v.user_id = cx->actor.id;
	v.name = request_param(rq, "name");
	if (strlen(v.name) > VIEW_NAME_MAX)
		return err_new(cx, ERR_INVALID, "the name of a view has at most %d bytes",
		        VIEW_NAME_MAX);
	TRY(app_run(cx, rq, view_save_run, &v));
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &view_shape, &v);
	return NULL;
}

static struct err *
forget(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct view v = { .user_id = cx->actor.id, .name = request_param(rq, "name") };

	TRY(app_run(cx, rq, view_remove_run, &v));
	rs->status = 204;
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/me/views", PERM_READ, list, "The views of the board that you keep",
	        NULL, &view_shape, ROUTE_LIST, 0 },
	{ "PUT", "/api/v1/me/views/{name}", PERM_READ, save, "Keeps a view, or changes it",
	        &view_body_shape, &view_shape, 0, 0 },
	{ "DELETE", "/api/v1/me/views/{name}", PERM_READ, forget, "Removes a view", NULL, NULL,
	        0, 0 },
};
const struct route_table view_routes = { routes, NELEMS(routes) };
