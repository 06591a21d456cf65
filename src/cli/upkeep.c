/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios, backups, checks: what needs no server. */
#include <inttypes.h>
#include <unistd.h>

#include "api/app.h"
#include "api/archive.h"
#include "api/doctor.h"
#include "api/openapi.h"
#include "cli/client.h"
#include "cli/table.h"
#include "db/copy.h"
#include "engine/timeline.h"
#include "sim/scenario.h"

/* One story becomes an installation of its own: its key lies beside it. */
static struct err *
keep_story(struct call *call, unsigned char key[KEY_BYTES], struct scenario_options *options)
{
	struct ctx *cx = &call->cx;

	options->keep = opt(call, "--keep");
	if (options->keep == NULL)
		return NULL;
	if (call->n_args != 1 || options->db_url != NULL)
		return err_field(cx, ERR_INVALID, "usage",
		        "--keep takes one FILE, and no --db beside it");
	if (access(options->keep, F_OK) == 0)
		return err_new(cx, ERR_CONFLICT, "%s is there already", options->keep);
	const char *url = arena_printf(&cx->mem, "sqlite:%s", options->keep);
	options->keep_key = key;
	return home_key(cx, &(struct home_where){ .url = url }, key);
}

struct err *
verb_scenario(struct call *call)
{
	unsigned char key[KEY_BYTES];
	struct scenario_options options = { .db_url = opt(call, "--db"),
		.verbose = opt_flag(call, "--verbose") };

	TRY(keep_story(call, key, &options));
	if (scenario_run_all(&call->cx, call->args, call->n_args, &options, &call->out) > 0)
		call->exit = EXIT_FAILED;
	return NULL;
}

static struct err *
backup_here(struct call *call)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_backup(&call->cx, h.db, call->args[0]);
	home_close(&h);
	return e;
}

struct err *
verb_backup(struct call *call)
{
	static const struct request_out ask = { .method = "POST", .path = "/api/v1/backup" };

	TRY(works_offline(call) ? backup_here(call)
	                        : client_download(call, &ask, call->args[0]));
	buf_printf(&call->out,
	        "%s holds a copy. The key file is not in it: keep that in another place.\n",
	        call->args[0]);
	return NULL;
}

static void
tell_copied(struct call *call, const struct copied *tables, size_t n)
{
	int64_t rows = 0;

	for (size_t i = 0; i < n; i++) {
		rows += tables[i].rows;
		if (tables[i].rows > 0)
			buf_printf(&call->out, "%12" PRId64 "  %-18s %.16s\n", tables[i].rows,
			        tables[i].table, tables[i].hash);
	}
	buf_printf(&call->out,
	        "%" PRId64
	        " rows are there, and each table's hash is that of its original. The "
	        "key file is not in a database: start servers with the same --key-file.\n",
	        rows);
}

static struct err *
copy_between(struct call *call, struct db *from, struct db *to)
{
	struct copied *tables;
	size_t n;

	TRY(db_copy(&call->cx, from, to, &tables, &n));
	tell_copied(call, tables, n);
	return NULL;
}

struct err *
verb_db_copy(struct call *call)
{
	const char *from_url = opt(call, "--from"), *to_url = opt(call, "--to");
	struct db *from = NULL, *to = NULL;

	if (from_url == NULL || to_url == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "db copy needs --from URL and --to URL");
	struct err *e = db_open(&call->cx, from_url, DB_READ, &from);
	if (e == NULL)
		e = db_open(&call->cx, to_url, DB_WRITE, &to);
	if (e == NULL)
		e = copy_between(call, from, to);
	db_close(from);
	db_close(to);
	return e;
}

/* ---- the record ---- */

static struct err *
verify_all(struct call *call, const char *folder, struct verify_result *ret)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = db_begin(&call->cx, h.db, DB_READ);
	if (e == NULL)
		e = timeline_verify(&call->cx, ret);
	if (e == NULL && folder != NULL && ret->why == NULL)
		e = archive_verify(&call->cx, folder, ret);
	db_rollback(&call->cx);
	home_close(&h);
	return e;
}

/* "event 12 of incident #3", "the organisation's chain" */
static const char *
place_of_fault(struct call *call, const struct verify_result *r)
{
	struct arena *mem = &call->cx.mem;
	const char *chain = r->broken_in == 0
	        ? "the organisation's chain"
	        : arena_printf(mem, "incident #%" PRId64, r->broken_in);

	if (r->broken_at == 0)
		return chain;
	return arena_printf(mem, "event %" PRId64 " of %s", r->broken_at, chain);
}

static void
tell_verified(struct call *call, const struct verify_result *r)
{
	if (r->why != NULL) {
		call->exit = EXIT_CHECK_SAYS_NO;
		buf_printf(&call->out, "The record was changed: %s: %s\n",
		        place_of_fault(call, r), r->why);
		return;
	}
	buf_printf(&call->out,
	        "%" PRId64 " events of %" PRId64 " incidents: every hash fits.\n", r->events,
	        r->incidents);
	if (r->archived > 0)
		buf_printf(&call->out,
		        "%" PRId64 " incidents are archived; %" PRId64
		        " of their events in files were checked.\n",
		        r->archived, r->archived_events);
}

static int64_t
count_of(const struct json *v, const char *key)
{
	const struct json *n = json_get(v, key);

	return n == NULL || n->type != JSON_INT ? 0 : n->integer;
}

/* The server's archive is a folder of its machine, which its own command reads. */
static struct err *
verify_there(struct call *call, struct verify_result *ret)
{
	const struct request_out ask = {
		.method = "GET", .path = "/api/v1/verify", .patient = true
	};
	struct answer_in a;

	if (opt(call, "--archive") != NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--archive reads files here: it needs --db");
	TRY(client_send(call, &ask, &a));
	const struct json *fault = json_get(a.json, "fault");
	*ret = (struct verify_result){ .events = count_of(a.json, "events"),
		.incidents = count_of(a.json, "incidents"),
		.archived = count_of(a.json, "archived"),
		.why = fault == NULL ? NULL : text_of(call, fault, "detail"),
		.broken_at = count_of(fault, "event"),
		.broken_in = count_of(fault, "incident") };
	return NULL;
}

struct err *
verb_verify(struct call *call)
{
	struct verify_result r = { 0 };

	TRY(works_offline(call) ? verify_all(call, opt(call, "--archive"), &r)
	                        : verify_there(call, &r));
	tell_verified(call, &r);
	return NULL;
}

/* Into a new file only: what is there could be the better one. */
static struct err *
copy_back(struct call *call, const char *from, const char *url)
{
	const char *to = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : NULL;
	struct arena *mem = &call->cx.mem;
	struct db *db;

	if (to == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "a backup becomes a SQLite database; PostgreSQL has pg_restore");
	if (access(from, R_OK) != 0)
		return err_new(&call->cx, ERR_NOT_FOUND, "cannot read %s: %m", from);
	if (access(arena_printf(mem, "%s-wal", to), F_OK) == 0)
		return err_new(&call->cx, ERR_CONFLICT,
		        "%s-wal is there: another database was here; move it away", to);
	TRY(db_open(&call->cx, arena_printf(mem, "sqlite:%s", from), DB_READ, &db));
	struct err *e = db_backup(&call->cx, db, to);
	db_close(db);
	return e;
}

struct err *
verb_restore(struct call *call)
{
	struct verify_result r = { 0 };

	if (opt(call, "--db") == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "say where: --db sqlite:PATH, or TOCSIN_DB");
	TRY(copy_back(call, call->args[0], opt(call, "--db")));
	TRY(verify_all(call, NULL, &r));
	tell_verified(call, &r);
	return NULL;
}

/* *ret 0: nothing is to go. */
static struct err *
archive_before(struct call *call, const struct home *h, usec_t *ret)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(h->config);
	const char *text = opt(call, "--older-than");
	usec_t span = snapshot_organisation(s)->keep;

	if (text != NULL && !duration_parse(str_from(text), &span))
		return err_field(
		        &call->cx, ERR_INVALID, "usage", "--older-than takes a span: 90d");
	*ret = text == NULL && span == 0 ? 0 : ctx_now(&call->cx) - span;
	return NULL;
}

static struct err *
archive_here(struct call *call, struct home *h)
{
	struct archive_job job = { .folder = call->args[0],
		.dry_run = opt_flag(call, "--dry-run") };

	TRY(archive_before(call, h, &job.before));
	if (job.before != 0)
		TRY(archive_all(&call->cx, h, &job));
	buf_printf(&call->out, "%" PRId64 " incidents with %" PRId64 " events %s %s.\n",
	        job.incidents, job.events, job.dry_run ? "would go to" : "went to", job.folder);
	return NULL;
}

struct err *
verb_archive(struct call *call)
{
	struct home h;

	TRY(call_home(call, &h));
	struct err *e = archive_here(call, &h);
	home_close(&h);
	return e;
}

/* What the server answers at /api/v1/openapi.json, and the documents that apply takes. */
struct err *
verb_openapi(struct call *call)
{
	struct jsonw w = { .out = &call->out, .pretty = call->tty };

	openapi_write(&call->cx, &w, all_routes, n_all_routes);
	buf_putc(&call->out, '\n');
	return NULL;
}

struct err *
verb_version(struct call *call)
{
	if (call->json)
		buf_puts(&call->out, "{\"version\":\"" TOCSIN_VERSION "\"}\n");
	else
		buf_puts(&call->out, "tocsin " TOCSIN_VERSION "\n");
	return NULL;
}

/* ---- doctor ---- */

static void
tell_findings(struct call *call, const struct json *items)
{
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *f = &items->array.items[i];
		buf_printf(&call->out, "%s %s: %s\n", paint(call, "nobody", "!"),
		        text_of(call, f, "about"), text_of(call, f, "finding"));
	}
	if (items->array.n == 0)
		buf_puts(
		        &call->out, "Nothing found that would keep people from being paged.\n");
	else
		call->exit = EXIT_CHECK_SAYS_NO;
}

static struct err *
doctor_here(struct call *call, struct json **ret)
{
	struct buf out = BUF_INIT(&call->cx.mem, 16 * 1024 * 1024);
	struct jsonw w = JSONW(&out);
	struct home h;

	TRY(call_home(call, &h));
	const struct snapshot *s = config_current(h.config);
	doctor_write(&call->cx, s, &w);
	snapshot_unref(s);
	home_close(&h);
	return json_parse(
	        &call->cx, (struct str){ buf_cstr(&out), out.len }, JSON_LIMITS_CONFIG, ret);
}

struct err *
verb_doctor(struct call *call)
{
	const struct json *v;
	struct json *here;

	if (works_offline(call)) {
		TRY(doctor_here(call, &here));
		v = here;
	} else {
		TRY(client_get(call, &v, "/api/v1/doctor"));
	}
	const struct json *items = json_get(v, "items");
	if (call->json)
		write_json(call, items);
	else
		tell_findings(call, items);
	return NULL;
}
