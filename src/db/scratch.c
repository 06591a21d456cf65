/* SPDX-License-Identifier: Apache-2.0 */
#include "db/scratch.h"

#include "base/random.h"
#include "db/driver.h"

static struct err *
on_server(struct ctx *cx, const char *server, const char *sql)
{
	struct db *db;

	TRY(db_open(cx, server, DB_WRITE, &db));
	struct err *e = db_begin(cx, db, DB_WRITE);
	if (e == NULL)
		e = db_script(cx, sql);
	if (e == NULL)
		e = db_commit(cx);
	db_rollback(cx);
	db_close(db);
	return e;
}

struct err *
scratch_make(struct ctx *cx, const char *server, struct scratch *ret)
{
	struct arena *mem = &cx->mem;

	*ret = (struct scratch){ .server = server,
		.schema = arena_printf(mem, "scratch_%s", random_token(mem, 8)) };
	ret->url = arena_printf(mem, "%s%coptions=-csearch_path%%3D%s", server,
	        strchr(server, '?') == NULL ? '?' : '&', ret->schema);
	return on_server(cx, server, arena_printf(mem, "CREATE SCHEMA %s", ret->schema));
}

struct err *
scratch_drop(struct ctx *cx, const struct scratch *s)
{
	return on_server(cx, s->server,
	        arena_printf(&cx->mem,
	                "SET LOCAL client_min_messages = warning; DROP SCHEMA %s CASCADE",
	                s->schema));
}
