/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/trial.h"

#include "engine/timeline.h"
#include "queries.h"
#include "sim/play.h"

#define NAME "scenario"

static void
write_fault(struct jsonw *w, int64_t line, const char *text, const char *message)
{
	jsonw_object(w);
	jsonw_member_int(w, "line", line);
	jsonw_member_opt(w, "text", text);
	jsonw_member(w, "message", message);
	jsonw_end_object(w);
}

/* The statement that does not hold, and each fault of the documents below it. */
static void
write_faults(struct jsonw *w, struct ctx *cx, const struct statement *s, const struct err *e)
{
	jsonw_key(w, "faults");
	jsonw_array(w);
	if (e != NULL)
		write_fault(w, s == NULL ? 1 : s->line, s == NULL ? NULL : s->text,
		        err_text(cx, e));
	for (size_t i = 0; e != NULL && e->faults != NULL && i < e->faults->n; i++) {
		const struct fault *f = &e->faults->items[i];
		write_fault(w, f->line, NULL,
		        arena_printf(&cx->mem, "%s: %s", f->pointer, f->message));
	}
	jsonw_end_array(w);
}

static void
write_pages(struct jsonw *w, const struct world *world)
{
	jsonw_key(w, "pages");
	jsonw_array(w);
	for (size_t i = 0; i < world->n_pages; i++) {
		const struct delivered *d = &world->pages[i];
		jsonw_object(w);
		jsonw_member_time(w, "at", d->at);
		jsonw_member(w, "who", d->who);
		jsonw_member(w, "contact", d->contact);
		jsonw_member(w, "dedup_key", d->dedup_key);
		jsonw_member_bool(w, "expected", d->expected);
		jsonw_member_bool(w, "late", d->late);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static struct err *
write_event(struct ctx *cx, void *arg, void *row)
{
	struct jsonw *w = arg;
	const struct event *ev = row;

	jsonw_object(w);
	jsonw_member_time(w, "at", ev->at);
	if (ev->incident_id != 0)
		jsonw_member_int(w, "incident", ev->incident_id);
	jsonw_member(w, "type", ev->type);
	jsonw_member_opt(w, "user", ev->user_id);
	jsonw_member_opt(w, "actor", ev->actor);
	jsonw_member_opt(w, "dedup_key", ev->dedup_key);
	jsonw_member(w, "sentence", event_sentence(cx, ev));
	jsonw_end_object(w);
	return NULL;
}

static void
write_events(struct jsonw *w, struct play *p)
{
	struct ctx *cx = &p->w.cx;

	jsonw_key(w, "events");
	jsonw_array(w);
	if (p->w.db != NULL && db_begin(cx, p->w.db, DB_READ) == NULL) {
		err_ignore(db_each(cx, &q_sim_timeline, DB_NO_ARGS, write_event, w),
		        "without its timeline the answer still names the line");
		db_rollback(cx);
	}
	jsonw_end_array(w);
}

/* Statements that try Tocsin itself and tell nothing of an organisation. */
static struct err *
check_kinds(struct ctx *cx, const struct script *script, const struct statement **ret_at)
{
	static const char *const not_here[] = { "fault", "disk", "clock", "node" };

	for (size_t i = 0; i < script->n; i++)
		for (size_t k = 0; k < NELEMS(not_here); k++) {
			if (strcmp(script->items[i].words[0], not_here[k]) != 0)
				continue;
			*ret_at = &script->items[i];
			return err_new(cx, ERR_INVALID,
			        "`%s` is for `tocsin scenario` on the command line",
			        not_here[k]);
		}
	return NULL;
}

static struct err *
read_script(struct ctx *cx, struct str text, struct script *ret)
{
	if (text.len > TRIAL_TEXT_MAX)
		return err_new(
		        cx, ERR_LIMIT, "a scenario has at most %d bytes here", TRIAL_TEXT_MAX);
	TRY(script_parse(cx, NAME, text, ret));
	if (ret->n > TRIAL_STATEMENTS_MAX)
		return err_new(cx, ERR_LIMIT, "a scenario has at most %d statements here",
		        TRIAL_STATEMENTS_MAX);
	return NULL;
}

static void
tell(struct jsonw *w, struct play *p, const struct err *e)
{
	jsonw_object(w);
	jsonw_member_bool(w, "passed", e == NULL);
	write_faults(w, &p->w.cx, p->s, e);
	write_pages(w, &p->w);
	write_events(w, p);
	jsonw_end_object(w);
}

struct err *
trial_run(struct ctx *cx, struct str text, const struct change_set *present, struct jsonw *w)
{
	struct script script = { 0 };
	struct play p = { .script = &script, .present = present };

	TRY(read_script(cx, text, &script));
	struct err *e = world_open(&p.w, "sqlite::memory:");
	if (e != NULL) {
		e = err_new(cx, e->code, "%s", err_text(&p.w.cx, e));
		world_close(&p.w);
		return e;
	}
	p.w.span_max = TRIAL_SPAN_MAX;
	p.w.looks_max = TRIAL_LOOKS_MAX;
	e = play_check(&p.w.cx, &script, &p.s);
	if (e == NULL)
		e = check_kinds(&p.w.cx, &script, &p.s);
	if (e == NULL)
		e = play_all(&p, &script);
	tell(w, &p, e);
	world_close(&p.w);
	return NULL;
}
