/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of PostgreSQL: what is shown of one never holds its password, nor does an error.
 * Where the rest has a mark or an @ of its own, the password is not where we put it. */
#include <stdlib.h>

#include "db/postgres_priv.h"
#include "fuzz.h"

#define MARK "s3cr3t-mark"

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *shown, *rest = str_dup(&cx->mem, in);
	const char *url = arena_printf(&cx->mem, "postgres://me:" MARK "@%s", rest);
	struct err *e = pg_address(cx, &cx->mem, rest, &shown);

	assert(e == NULL || e->code == ERR_INVALID);
	e = pg_address(cx, &cx->mem, url, &shown);
	if (e != NULL)
		assert(strstr(e->msg, MARK) == NULL);
	else if (strpbrk(rest, "@%") == NULL && strstr(rest, MARK) == NULL)
		assert(strstr(shown, MARK) == NULL);
}
