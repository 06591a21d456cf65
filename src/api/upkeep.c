/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator asks of a running server: a copy of its database, and whether the record is
 * as it was written. Both read for long beside the writer, which waits for neither. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/app.h"
#include "api/described.h"
#include "engine/timeline.h"

/* One at a time: each holds a worker and reads all that there is. */
static struct err *
enter(struct ctx *cx, struct app *app)
{
	if (atomic_exchange(&app->reads_all, true))
		return err_new(cx, ERR_CONFLICT,
		        "a backup or a verification is under way; one goes at a time");
	return NULL;
}

static void
leave(struct app *app)
{
	atomic_store(&app->reads_all, false);
}

/* ---- a copy ---- */

/* Who takes a copy takes all there is with it, so that is on record: in the copy too. */
static struct err *
tell_copied(struct ctx *cx, struct engine *e, void *arg)
{
	(void)arg;
	return timeline_add(cx, e, (struct happening){ .type = "record.copied" });
}

/* The copy has no name as soon as it is open: it goes when the answer is sent, however that
 * ends. One that a crash left behind is replaced by the next. */
static struct err *
open_nameless(struct ctx *cx, const char *path, struct response *rs)
{
	struct stat st = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && unlink(path) == 0;

	if (!ok) {
		if (fd >= 0)
			close(fd);
		return err_new(cx, ERR_UNAVAILABLE, "the copy %s: %m", path);
	}
	response_send_file(cx, rs, fd, (uint64_t)st.st_size);
	return NULL;
}

static struct err *
copy_beside(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *path =
	        arena_printf(&cx->mem, "%s.download", app_of(rq)->home.url + strlen("sqlite:"));
	struct db *db;

	TRY(app_database(cx, rq, &db));
	if (unlink(path) != 0 && errno != ENOENT)
		return err_new(cx, ERR_UNAVAILABLE, "remove %s: %m", path);
	TRY(db_backup(cx, db, path));
	return open_nameless(cx, path, rs);
}

static void
name_copy(struct ctx *cx, struct response *rs)
{
	char at[RFC3339_MAX];

	rfc3339_print(ctx_now(cx), at);
	at[strcspn(at, ".Z")] = '\0';
	rs->status = 200;
	rs->type = "application/vnd.sqlite3";
	response_header(rs, "Content-Disposition",
	        arena_printf(&cx->mem, "attachment; filename=\"tocsin-%sZ.db\"", at));
}

static struct err *
backup(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct app *app = app_of(rq);

	if (db_engine_of(app->home.db) != DB_SQLITE)
		return err_new(cx, ERR_CONFLICT,
		        "the database is PostgreSQL, which is backed up with its own tools: "
		        "pg_dump -Fc -f tocsin.dump URL, then `tocsin verify --db` on what "
		        "pg_restore made of it");
	TRY(app_run(cx, rq, tell_copied, NULL));
	TRY(enter(cx, app));
	struct err *e = copy_beside(cx, rq, rs);
	leave(app);
	TRY(e);
	name_copy(cx, rs);
	return NULL;
}

/* ---- the record ---- */

static void
write_fault(struct jsonw *w, const struct verify_result *r)
{
	jsonw_key(w, "fault");
	jsonw_object(w);
	jsonw_member(w, "detail", r->why);
	if (r->broken_at != 0)
		jsonw_member_int(w, "event", r->broken_at);
	if (r->broken_in != 0)
		jsonw_member_int(w, "incident", r->broken_in);
	jsonw_end_object(w);
}

static struct err *
walk(struct ctx *cx, struct request *rq, struct verify_result *ret)
{
	TRY(app_read(cx, rq));
	struct err *e = timeline_verify(cx, ret);
	db_rollback(cx);
	return e;
}

static struct err *
verify(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct verify_result r;

	TRY(enter(cx, app_of(rq)));
	struct err *e = walk(cx, rq, &r);
	leave(app_of(rq));
	TRY(e);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_bool(&w, "whole", r.why == NULL);
	jsonw_member_int(&w, "events", r.events);
	jsonw_member_int(&w, "incidents", r.incidents);
	jsonw_member_int(&w, "archived", r.archived);
	jsonw_member_int(&w, "newest", r.newest);
	jsonw_member(&w, "head", r.head);
	if (r.why != NULL)
		write_fault(&w, &r);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/backup", PERM_ADMIN, backup,
	        "A copy of the SQLite database as of now, as a file", NULL, NULL, 0, 0 },
	{ "GET", "/api/v1/verify", PERM_ADMIN, verify,
	        "Whether every event is as it was written", NULL, &verified_described, 0, 0 },
};
const struct route_table upkeep_routes = { routes, NELEMS(routes) };
