/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI 3.1 description, from the tables of routes and shapes. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "http/route.h"

void openapi_write(
        struct ctx *cx, struct jsonw *w, const struct route_table *const *tables, size_t n);

#endif
