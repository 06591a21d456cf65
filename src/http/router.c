/* SPDX-License-Identifier: Apache-2.0 */
/* Segments against segments, row by row: the tables are short and the busy rows stand first. */
#include "http/router.h"

const char *const permission_names[PERM_MAX] = {
	[PERM_PUBLIC] = "public",
	[PERM_READ] = "read",
	[PERM_RESPOND] = "respond",
	[PERM_MANAGE] = "manage",
	[PERM_ADMIN] = "admin",
};

static bool
take_param(struct ctx *cx, struct request *rq, struct str name, struct str value)
{
	const char *text;

	if (rq->n_params == HTTP_PARAMS_MAX || value.len == 0 || !url_decode(cx, value, &text))
		return false;
	rq->params[rq->n_params++] =
	        (struct pair){ .id = str_dup(&cx->mem, name), .value = text };
	return true;
}

static bool
matches(struct ctx *cx, const char *pattern, const char *path, struct request *rq)
{
	struct str want = str_from(pattern + 1), have = str_from(path + 1);

	rq->n_params = 0;
	for (;;) {
		struct str all = have;
		bool last_want = memchr(want.p, '/', want.len) == NULL;
		bool last_have = memchr(have.p, '/', have.len) == NULL;
		struct str w = str_cut(&want, '/'), h = str_cut(&have, '/');

		if (w.len > 2 && w.p[0] == '{') {
			struct str name = { w.p + 1, w.len - 2 };
			if (str_ends(name, STR("...")))
				return take_param(
				        cx, rq, (struct str){ name.p, name.len - 3 }, all);
			if (!take_param(cx, rq, name, h))
				return false;
		} else if (!str_eq(w, h)) {
			return false;
		}
		if (last_want || last_have)
			return last_want && last_have;
	}
}

static bool
method_fits(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0
	        || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

struct err *
route_find(struct ctx *cx, const struct route_table *const *tables, size_t n,
        struct request *rq, const char **ret_allow)
{
	struct buf allow = BUF_INIT(&cx->mem, 200);

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct route *route = &tables[t]->items[i];
			if (!matches(cx, route->path, rq->path, rq))
				continue;
			if (method_fits(route, rq->method)) {
				rq->route = route;
				return NULL;
			}
			buf_printf(&allow, "%s%s", allow.len == 0 ? "" : ", ", route->method);
		}
	*ret_allow = buf_cstr(&allow);
	if (allow.len == 0)
		return err_new(cx, ERR_NOT_FOUND, "there is nothing at this address");
	return NULL;
}
