/* SPDX-License-Identifier: Apache-2.0 */
#include "api/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/shapes.h"
#include "base/map.h"
#include "engine/incident.h"
#include "engine/rows.h"
#include "queries.h"

#define AT_ONCE 200                  /* incidents a file: the database is locked meanwhile */
#define FILE_MAX (512 * 1024 * 1024) /* bytes of one */

static const struct db_col archived_cols[] = {
	DB_COL(struct archived, incident_id),
	DB_COL(struct archived, hash),
	DB_COL(struct archived, file),
};
const struct db_row archived_row = DB_ROW(struct archived, archived_cols);

/* ---- a file ---- */

struct writing {
	struct archive_job *job;
	int64_t after; /* incidents up to here are done */
	struct buf out;
	const char *name;
	size_t n;
	struct signal_row *signals; /* of what is not written yet, by incident */
	size_t n_signals;
};

/* As the hash takes them: nothing is made nicer here. */
static void
write_event(struct jsonw *w, const struct event *ev)
{
	jsonw_object(w);
	jsonw_key(w, "event");
	jsonw_object(w);
	jsonw_member_int(w, "seq", ev->seq);
	jsonw_member_int(w, "incident", ev->incident_id);
	jsonw_member_int(w, "at", ev->at);
	jsonw_member(w, "type", ev->type);
	jsonw_member(w, "actor_kind", ev->actor_kind);
	jsonw_member_opt(w, "actor", ev->actor);
	jsonw_member_opt(w, "via", ev->via);
	jsonw_member_opt(w, "user", ev->user_id);
	jsonw_member_opt(w, "reason", ev->reason);
	jsonw_member_opt(w, "dedup_key", ev->dedup_key);
	jsonw_member(w, "data", ev->data);
	jsonw_member(w, "hash", ev->hash);
	jsonw_end_object(w);
	jsonw_end_object(w);
}

static void
write_shape(struct buf *out, const char *name, const struct shape *shape, const void *value)
{
	struct jsonw w = JSONW(out);

	jsonw_object(&w);
	jsonw_key(&w, name);
	shape_encode(&w, shape, value);
	jsonw_end_object(&w);
	buf_putc(out, '\n');
}

/* Those of incidents before it stay: they are not due. */
static struct err *
move_signals(struct ctx *cx, struct writing *w, int64_t incident)
{
	for (; w->n_signals > 0 && w->signals->incident_id <= incident; w->n_signals--) {
		const struct signal_row *s = w->signals++;
		if (s->incident_id < incident)
			continue;
		write_shape(&w->out, "signal", &signal_row_shape, s);
		TRY(db_post(cx, &q_archive_signal_forget, DB_ARGS(s->id)));
	}
	return NULL;
}

static struct err *
write_incident(struct ctx *cx, struct writing *w, int64_t id, struct event *ret_last)
{
	struct incident inc;
	struct event *events;
	struct page *pages;
	size_t n_events, n_pages;

	TRY(incident_load(cx, id, &inc));
	TRY(db_list(cx, &q_api_archive_events, DB_ARGS(id), &events, &n_events));
	TRY(db_list(cx, &q_api_pages_of_incident, DB_ARGS(id, INT64_MAX, INT64_MAX), &pages,
	        &n_pages));
	write_shape(&w->out, "incident", &incident_shape, &inc);
	for (size_t i = 0; i < n_events; i++) {
		struct jsonw json = JSONW(&w->out);
		write_event(&json, &events[i]);
		buf_putc(&w->out, '\n');
	}
	TRY(move_signals(cx, w, id));
	for (size_t i = 0; i < n_pages; i++)
		write_shape(&w->out, "page", &page_shape, &pages[i]);
	w->job->events += (int64_t)n_events;
	*ret_last = events[n_events - 1];
	return db_post(cx, &q_archived_add,
	        DB_ARGS(id, ctx_now(cx), ret_last->seq, n_events, ret_last->hash, w->name));
}

static struct err *
forget(struct ctx *cx, int64_t id)
{
	TRY(db_post(cx, &q_archive_events_forget, DB_ARGS(id)));
	TRY(db_post(cx, &q_archive_pages_forget, DB_ARGS(id)));
	TRY(db_post(cx, &q_archive_callouts_forget, DB_ARGS(id)));
	return db_post(cx, &q_archive_runs_forget, DB_ARGS(id));
}

static struct err *
sync_to(struct ctx *cx, const char *folder, const char *path, const struct buf *out)
{
	const char *part = arena_printf(&cx->mem, "%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	for (size_t at = 0; ok && at < out->len;) {
		ssize_t n = write(fd, out->p + at, out->len - at);
		ok = n > 0;
		at += ok ? (size_t)n : 0;
	}
	ok = ok && fsync(fd) == 0 && rename(part, path) == 0;
	int why = errno, dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	if (ok && (dir < 0 || fsync(dir) != 0)) {
		ok = false;
		why = errno;
	}
	if (dir >= 0)
		close(dir);
	errno = why;
	return ok ? NULL : err_new(cx, ERR_UNAVAILABLE, "write %s: %m", path);
}

/* ---- one transaction ---- */

static struct err *
tell(struct ctx *cx, struct engine *e, const struct writing *w)
{
	const char *data =
	        event_data(cx, "incidents", int_text(cx, (int64_t)w->n), "file", w->name, NULL);

	return timeline_add(
	        cx, e, (struct happening){ .type = "record.archived", .data = data });
}

static struct err *
archive_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct writing *w = arg;
	struct engine_count *due;
	struct event last;

	TRY(db_list(cx, &q_api_archive_due, DB_ARGS(w->job->before, w->after, AT_ONCE), &due,
	        &w->n));
	if (w->n == 0)
		return NULL;
	w->after = due[w->n - 1].n;
	w->job->incidents += (int64_t)w->n;
	TRY(db_list(cx, &q_api_archive_signals, DB_ARGS(due[0].n, w->after, w->job->before),
	        &w->signals, &w->n_signals));
	w->name = arena_printf(&cx->mem, "incidents-%" PRId64 "-%" PRId64 "-%" PRId64 ".jsonl",
	        ctx_now(cx), due[0].n, w->after);
	for (size_t i = 0; i < w->n; i++) {
		TRY(write_incident(cx, w, due[i].n, &last));
		TRY(forget(cx, due[i].n));
	}
	if (w->out.cut)
		return err_new(
		        cx, ERR_LIMIT, "%zu incidents are more than %d bytes", w->n, FILE_MAX);
	if (w->job->dry_run)
		return NULL;
	TRY(tell(cx, e, w));
	return sync_to(cx, w->job->folder,
	        arena_printf(&cx->mem, "%s/%s", w->job->folder, w->name), &w->out);
}

/* What a dry run did is rolled back. */
static struct err *
archive_dry(struct ctx *cx, struct engine *e, void *arg)
{
	TRY(archive_run(cx, e, arg));
	return err_new(cx, ERR_CONFLICT, "dry run");
}

static struct err *
archive_some(struct ctx *cx, struct home *h, struct writing *w)
{
	struct ctx piece;

	ctx_init(&piece, cx->clock);
	piece.actor = cx->actor;
	w->out = BUF_INIT(&piece.mem, FILE_MAX);
	struct err *e = engine_run(
	        &piece, &h->engine, h->db, w->job->dry_run ? archive_dry : archive_run, w);
	if (w->job->dry_run && e != NULL && e->code == ERR_CONFLICT)
		e = NULL;
	if (e != NULL)
		e = err_new(cx, e->code, "%s", err_text(cx, e));
	ctx_close(&piece);
	return e;
}

struct err *
archive_all(struct ctx *cx, struct home *h, struct archive_job *job)
{
	struct writing w = { .job = job };

	if (mkdir(job->folder, 0700) != 0 && errno != EEXIST)
		return err_new(cx, ERR_INVALID, "cannot make %s: %m", job->folder);
	do
		TRY(archive_some(cx, h, &w));
	while (w.n > 0);
	return NULL;
}

/* ---- checking files ---- */

struct reading {
	struct map heads; /* incident, as text -> the hash that its events in files end with */
	struct verify_result *result;
};

static const char *
member(struct ctx *cx, const struct json *ev, const char *key)
{
	const struct json *v = json_get(ev, key);

	return v == NULL ? NULL : json_as_text(&cx->mem, v);
}

static int64_t
number(const struct json *ev, const char *key)
{
	const struct json *v = json_get(ev, key);

	return v == NULL || v->type != JSON_INT ? 0 : v->integer;
}

static void
check_event(struct ctx *cx, struct reading *r, const struct json *v)
{
	const struct event ev = { .seq = number(v, "seq"),
		.incident_id = number(v, "incident"),
		.at = number(v, "at"),
		.type = member(cx, v, "type"),
		.actor_kind = member(cx, v, "actor_kind"),
		.actor = member(cx, v, "actor"),
		.via = member(cx, v, "via"),
		.user_id = member(cx, v, "user"),
		.reason = member(cx, v, "reason"),
		.dedup_key = member(cx, v, "dedup_key"),
		.data = member(cx, v, "data"),
		.hash = member(cx, v, "hash") };
	struct arena *mem = r->heads.mem;
	struct str key = str_from(arena_strdup(mem, int_text(cx, ev.incident_id)));
	const char *before = map_get(&r->heads, key);

	r->result->archived_events++;
	if (ev.hash == NULL || !timeline_fits(cx, before == NULL ? "" : before, &ev))
		verify_broken(r->result, &ev, "the event in the archive does not fit its hash");
	map_put(&r->heads, key, arena_strdup(mem, ev.hash));
}

static struct err *
read_whole(struct ctx *cx, const char *path, struct str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = { 0 };
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size <= FILE_MAX) {
		char *text = arena_alloc(&cx->mem, (size_t)st.st_size + 1);
		n = read(fd, text, (size_t)st.st_size);
		*ret = (struct str){ text, n < 0 ? 0 : (size_t)n };
	}
	if (fd >= 0)
		close(fd);
	return n >= 0 && n == st.st_size ? NULL
	                                 : err_new(cx, ERR_INVALID, "cannot read %s: %m", path);
}

static struct err *
check_lines(struct ctx *cx, struct reading *r, const char *path)
{
	struct str rest;
	struct json *v;

	TRY(read_whole(cx, path, &rest));
	while (rest.len > 0) {
		TRY(json_parse(cx, str_cut(&rest, '\n'), JSON_LIMITS_CONFIG, &v));
		if (json_get(v, "event") != NULL)
			check_event(cx, r, json_get(v, "event"));
	}
	return NULL;
}

/* A file's memory goes with it. */
static struct err *
check_file(struct ctx *cx, struct reading *r, const char *path)
{
	struct ctx one;

	ctx_init(&one, cx->clock);
	struct err *e = check_lines(&one, r, path);
	if (e != NULL)
		e = err_new(cx, e->code, "%s: %s", path, err_text(&one, e));
	ctx_close(&one);
	return e;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct err *
check_folder(struct ctx *cx, struct reading *r, const char *folder)
{
	const char **names = NULL;
	size_t n = 0, cap = 0;
	DIR *dir = opendir(folder);

	if (dir == NULL)
		return err_new(cx, ERR_NOT_FOUND, "cannot read %s: %m", folder);
	for (struct dirent *d; (d = readdir(dir)) != NULL;)
		if (str_ends(str_from(d->d_name), STR(".jsonl")))
			ARENA_PUSH(&cx->mem, names, n, cap) =
			        arena_printf(&cx->mem, "%s/%s", folder, d->d_name);
	closedir(dir);
	if (n > 0)
		qsort(names, n, sizeof *names, by_name); /* by time: it begins the names */
	for (size_t i = 0; i < n; i++)
		TRY(check_file(cx, r, names[i]));
	return NULL;
}

struct err *
archive_verify(struct ctx *cx, const char *folder, struct verify_result *result)
{
	struct reading r = { .result = result };
	struct archived *all;
	size_t n;

	map_init(&r.heads, &cx->mem);
	TRY(check_folder(cx, &r, folder));
	TRY(db_list(cx, &q_api_archived, DB_NO_ARGS, &all, &n));
	for (size_t i = 0; i < n; i++) {
		const char *head =
		        map_get(&r.heads, str_from(int_text(cx, all[i].incident_id)));
		if (!str_null_safe_eq(head, all[i].hash))
			verify_broken(result,
			        &(struct event){ .incident_id = all[i].incident_id },
			        head == NULL ? "an archived incident is in no file"
			                     : "an archive ends before its incident did");
	}
	return NULL;
}
