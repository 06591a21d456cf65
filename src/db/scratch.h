/* SPDX-License-Identifier: Apache-2.0 */
/* An empty place on a PostgreSQL server that is thrown away afterwards: for scenarios. */
#ifndef DB_SCRATCH_H
#define DB_SCRATCH_H

#include "db/db.h"

struct scratch {
	const char *server; /* the url that was given */
	const char *schema;
	const char *url; /* of the place: the same with a schema of its own */
};

MUST_USE struct err *scratch_make(struct ctx *cx, const char *server, struct scratch *ret);
MUST_USE struct err *scratch_drop(struct ctx *cx, const struct scratch *s);

#endif
