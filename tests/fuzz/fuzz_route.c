/* SPDX-License-Identifier: Apache-2.0 */
/* "METHOD /path" against all routes of the API: one that fits, what the address takes, or
 * nothing. */
#include "http/router.h"

#include "api/app.h"
#include "fuzz.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	struct str path = in, method = str_cut(&path, ' ');
	struct request rq = { .method = str_dup(&cx->mem, method),
		.path = str_dup(&cx->mem, path) };
	const char *allow = NULL;

	if (rq.path[0] != '/') /* refused before */
		return;
	struct err *e = route_find(cx, all_routes, n_all_routes, &rq, &allow);
	assert(e == NULL || (e->code == ERR_NOT_FOUND && rq.route == NULL));
	assert(e != NULL || rq.route != NULL || allow[0] != '\0');
	for (size_t i = 0; rq.route != NULL && i < rq.n_params; i++)
		assert(utf8_valid(str_from(rq.params[i].value)));
}
