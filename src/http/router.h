/* SPDX-License-Identifier: Apache-2.0 */
/* From method and path to a row. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/request.h"

/* Sets rq->route and its parameters (decoded). NOT_FOUND when no row has the path; NULL in
 * rq->route with no error when one has it for other methods, which are in *ret_allow. */
MUST_USE struct err *route_find(struct ctx *cx, const struct route_table *const *tables,
        size_t n, struct request *rq, const char **ret_allow);

#endif
