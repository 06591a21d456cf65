/* SPDX-License-Identifier: Apache-2.0 */
/* Playing files: finding each statement's row, keeping the rule of pages, telling what went
 * wrong. */
#include "sim/scenario.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "calendar/civil.h"
#include "engine/timeline.h"
#include "queries.h"
#include "sim/play.h"

#define FOLDERS_MAX 8 /* inside each other */

#define REPORT_MAX (256 * 1024)

/* ---- understanding ---- */

static bool
fits(const struct statement_kind *kind, const struct statement *s)
{
	if (kind->first != NULL && strcmp(kind->first, s->words[0]) != 0)
		return false;
	return kind->second == NULL || (s->n > 1 && strcmp(kind->second, s->words[1]) == 0);
}

const struct statement_kind *
statement_kind_of(const struct statement *s)
{
	for (size_t i = 0; i < n_statement_kinds; i++)
		if (fits(&statement_kinds[i], s))
			return &statement_kinds[i];
	return NULL;
}

static struct err *
not_understood(struct ctx *cx, const struct statement *s)
{
	const char *words[64];
	size_t n = 0, at = s->n > 1 ? 1 : 0;

	for (size_t i = 0; i < n_statement_kinds && n < NELEMS(words); i++)
		words[n++] =
		        statement_kinds[i].first != NULL && statement_kinds[i].second == NULL
		        ? statement_kinds[i].first
		        : statement_kinds[i].second;
	const char *near = str_nearest(str_from(s->words[0]), words, n);
	if (near == NULL)
		near = str_nearest(str_from(s->words[at]), words, n);
	if (near == NULL)
		return err_new(cx, ERR_INVALID, "this is no statement");
	return err_new(cx, ERR_INVALID, "this is no statement (did you mean \"%s\"?)", near);
}

struct err *
play_check(struct ctx *cx, const struct script *script, const struct statement **ret_at)
{
	for (size_t i = 0; i < script->n; i++) {
		const struct statement_kind *kind = statement_kind_of(&script->items[i]);
		*ret_at = &script->items[i];
		if (kind == NULL)
			return not_understood(cx, &script->items[i]);
		if (script->items[i].n < kind->min_words)
			return err_new(cx, ERR_INVALID, "expected: %s", kind->form);
	}
	return NULL;
}

/* ---- playing ---- */

static struct err *
no_surprise(struct play *p)
{
	const struct delivered *page = play_unexpected(p);

	if (page == NULL || p->any_page)
		return NULL;
	return play_fail(p, "an unexpected page before this: %s by %s for %s at %s", page->who,
	        page->contact, page->bundle ? "a bundle" : page->dedup_key,
	        play_local(p, page->at));
}

struct err *
play_all(struct play *p, const struct script *script)
{
	for (size_t i = 0; i < script->n; i++) {
		const struct statement_kind *kind = statement_kind_of(&script->items[i]);
		p->s = &script->items[i];
		if (kind->moves)
			TRY(no_surprise(p));
		TRY(kind->run(p));
		TRY(world_check(&p->w, i + 1 == script->n));
	}
	return no_surprise(p);
}

/* ---- telling ---- */

static void
tell_faults(struct buf *out, const struct err *e)
{
	for (size_t i = 0; e->faults != NULL && i < e->faults->n; i++) {
		const struct fault *f = &e->faults->items[i];
		buf_printf(out, "    %s:%u:%u: %s: %s\n", f->file == NULL ? "-" : f->file,
		        f->line, f->column, f->pointer, f->message);
	}
}

static struct err *
tell_event(struct ctx *cx, void *arg, void *row)
{
	const struct event *ev = row;
	struct play *p = ((void **)arg)[0];
	struct buf *out = ((void **)arg)[1];
	char where[32] = "";

	if (ev->incident_id != 0)
		snprintf(where, sizeof where, "#%lld ", (long long)ev->incident_id);
	buf_printf(out, "    %s  %s%s\n", play_local(p, ev->at), where, event_sentence(cx, ev));
	return NULL;
}

static void
tell_timeline(struct play *p, struct buf *out)
{
	struct ctx *cx = &p->w.cx;
	void *arg[] = { p, out };

	if (p->w.db == NULL || db_begin(cx, p->w.db, DB_READ) != NULL)
		return;
	buf_puts(out, "  what happened:\n");
	err_ignore(db_each(cx, &q_sim_timeline, DB_NO_ARGS, tell_event, arg),
	        "a report without its timeline still names the line");
	db_rollback(cx);
}

static void
tell(struct play *p, const struct script *script, const struct err *e, struct buf *out)
{
	const struct statement *s = p->s;

	buf_printf(out, "%s:%u: %s\n", script->path, s == NULL ? 0 : s->line,
	        s == NULL ? "" : s->text);
	buf_printf(out, "  %s\n", err_text(&p->w.cx, e));
	tell_faults(out, e);
	if (e->code != ERR_INVALID)
		tell_timeline(p, out);
}

struct err *
scenario_run(struct ctx *cx, const char *path, const struct scenario_options *options,
        struct scenario_result *ret)
{
	struct script script;
	struct play p = { .script = &script, .any_page = options->keep != NULL };
	struct buf out = BUF_INIT(&cx->mem, REPORT_MAX);

	TRY(script_read(cx, path, &script));
	struct err *e = options->keep != NULL
	        ? world_found(&p.w, options->keep, options->keep_key)
	        : world_open(&p.w, options->db_url);
	if (e != NULL) {
		e = err_new(cx, e->code, "%s", err_text(&p.w.cx, e));
		world_close(&p.w);
		return e;
	}
	e = play_check(&p.w.cx, &script, &p.s);
	if (e == NULL)
		e = play_all(&p, &script);
	if (e != NULL)
		tell(&p, &script, e, &out);
	else if (options->verbose)
		tell_timeline(&p, &out);
	ret->passed = e == NULL;
	ret->report = buf_cstr(&out);
	if (ret->passed && options->keep != NULL)
		world_keep(&p.w);
	world_close(&p.w);
	return NULL;
}

/* ---- many ---- */

struct tally {
	struct ctx *cx;
	const struct scenario_options *options;
	struct buf *out;
	size_t passed, failed;
};

static void
run_file(struct tally *t, const char *path)
{
	struct scenario_result result = { .report = "" };
	struct err *e = scenario_run(t->cx, path, t->options, &result);

	if (e != NULL)
		buf_printf(t->out, "%s: %s\n", path, err_text(t->cx, e));
	else
		buf_puts(t->out, result.report);
	if (e == NULL && result.passed)
		t->passed++;
	else
		t->failed++;
}

static int
is_scenario(const struct dirent *d)
{
	return str_ends(str_from(d->d_name), STR(".scn"))
	        || (d->d_type == DT_DIR && d->d_name[0] != '.');
}

/* Also what is in the folders below. */
static void
run_path(struct tally *t, const char *path, int depth)
{
	struct dirent **entries;
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode) || depth == FOLDERS_MAX) {
		run_file(t, path);
		return;
	}
	int n = scandir(path, &entries, is_scenario, alphasort);
	for (int i = 0; i < n; i++) {
		run_path(t, arena_printf(&t->cx->mem, "%s/%s", path, entries[i]->d_name),
		        depth + 1);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

size_t
scenario_run_all(struct ctx *cx, const char *const *paths, size_t n,
        const struct scenario_options *options, struct buf *out)
{
	struct tally t = { .cx = cx, .options = options, .out = out };

	for (size_t i = 0; i < n; i++)
		run_path(&t, paths[i], 0);
	buf_printf(out, "%zu passed, %zu failed\n", t.passed, t.failed);
	return t.failed;
}
