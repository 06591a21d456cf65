/* SPDX-License-Identifier: Apache-2.0 */
/* What is said in a room: notes and what becomes of them, stars, the brief. */
#include "engine/room.h"

#include "engine/act.h"
#include "engine/duty.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

/* A moment that a note tells of may lie this far before the incident. */
#define HAPPENED_BEFORE_MAX DAYS(30)

/* ---- rows ---- */

static const struct db_col brief_cols[] = {
	DB_COL(struct brief, incident_id),
	DB_COL(struct brief, revision),
	DB_COL(struct brief, status),
	DB_COL(struct brief, impact),
	DB_COL(struct brief, theory),
	DB_COL(struct brief, next_step),
	DB_COL(struct brief, next_by),
	DB_COL(struct brief, changed_at),
	DB_COL(struct brief, changed_by),
};
const struct db_row brief_row = DB_ROW(struct brief, brief_cols);

static const struct db_col line_mark_cols[] = {
	DB_COL(struct line_mark, seq),
	DB_COL(struct line_mark, text),
	DB_COL(struct line_mark, starred_by),
};
const struct db_row line_mark_row = DB_ROW(struct line_mark, line_mark_cols);

/* ---- notes ---- */

static struct err *
text_check(struct deed *d, const char *what)
{
	const char *text = d->act->text;

	if (text == NULL || text[0] == '\0')
		return err_field(d->cx, ERR_INVALID, "/text", "%s needs a text", what);
	if (strlen(text) > NOTE_MAX)
		return err_field(
		        d->cx, ERR_INVALID, "/text", "a note has at most %d bytes", NOTE_MAX);
	return NULL;
}

struct err *
note_check(struct deed *d)
{
	usec_t at = d->act->happened_at;

	TRY(text_check(d, "a note"));
	if (at == 0)
		return NULL;
	if (at > ctx_now(d->cx) || at < d->inc->opened_at - HAPPENED_BEFORE_MAX)
		return err_field(d->cx, ERR_INVALID, "/at",
		        "what happened lies in the past, at most 30 days before the incident");
	return NULL;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
	        || (c >= 'A' && c <= 'Z');
}

/* "@bo" where it does not stand inside a word, as in an address. */
static struct str
next_mention(const char *start, struct str *rest)
{
	char before = rest->p > start ? rest->p[-1] : ' ';

	for (; rest->len > 0; rest->p++, rest->len--) {
		size_t n = 1;
		bool begins = rest->p[0] == '@' && !is_name_byte(before);

		before = rest->p[0];
		while (begins && n < rest->len && is_name_byte(rest->p[n]))
			n++;
		if (n == 1)
			continue;
		struct str name = { rest->p + 1, n - 1 };
		*rest = (struct str){ rest->p + n, rest->len - n };
		return name;
	}
	return (struct str){ 0 };
}

struct mentions {
	const char *users[MENTIONS_MAX];
	size_t n;
};

static void
mention(struct deed *d, struct mentions *m, const char *id)
{
	if (snapshot_user(d->e->snapshot, id) == NULL || m->n == MENTIONS_MAX
	        || str_null_safe_eq(id, acting_user(d->cx)))
		return;
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->users[i], id) == 0)
			return;
	m->users[m->n++] = id;
}

static const char *
mentions_of(struct deed *d, struct mentions *m)
{
	const char *text = d->act->text;
	struct str rest = str_from(text);
	struct buf list = BUF_INIT(&d->cx->mem, 2000);

	for (struct str name; (name = next_mention(text, &rest)).len > 0;)
		mention(d, m, str_dup(&d->cx->mem, name));
	for (size_t i = 0; i < m->n; i++)
		buf_printf(&list, "%s%s", i == 0 ? "" : " ", m->users[i]);
	return m->n == 0 ? NULL : buf_cstr(&list);
}

/* A mention tells; it never wakes: that is what asking somebody to help is for. */
static struct err *
tell_mentioned(struct deed *d, const struct mentions *m)
{
	const char *title = arena_printf(&d->cx->mem, "%s wrote to you on #%lld: %s",
	        acting_user(d->cx) == NULL ? "Somebody" : acting_user(d->cx),
	        (long long)d->inc->id, d->inc->title);

	for (size_t i = 0; i < m->n; i++)
		TRY(notice_send(d->cx, d->e,
		        &(struct notice){ .user_id = m->users[i],
		                .because = arena_printf(&d->cx->mem, "user/%s", m->users[i]),
		                .title = title,
		                .text = d->act->text }));
	return NULL;
}

struct err *
note_write(struct deed *d)
{
	struct mentions m = { .n = 0 };
	const char *who = mentions_of(d, &m);
	usec_t at = d->act->happened_at;

	TRY(deed_say(d, at == 0 ? "incident.noted" : "incident.recalled",
	        event_data(d->cx, "text", d->act->text, "happened_at",
	                at == 0 ? NULL : time_text(d->cx, at), "mentions", who, NULL)));
	return tell_mentioned(d, &m);
}

/* ---- lines: edited and starred ---- */

static struct err *
line_load(struct deed *d, struct event *ret)
{
	bool found;

	TRY(db_maybe(
	        d->cx, &q_event_of_incident, DB_ARGS(d->act->line, d->inc->id), ret, &found));
	if (!found)
		return err_field(d->cx, ERR_INVALID, "/line",
		        "incident %lld has no line %lld on its timeline", (long long)d->inc->id,
		        (long long)d->act->line);
	return NULL;
}

struct err *
line_check(struct deed *d)
{
	struct event ev;

	return line_load(d, &ev);
}

static bool
is_note(const struct event *ev)
{
	return strcmp(ev->type, "incident.noted") == 0
	        || strcmp(ev->type, "incident.recalled") == 0;
}

struct err *
edit_check(struct deed *d)
{
	struct event ev;

	TRY(text_check(d, "an edit"));
	TRY(line_load(d, &ev));
	if (!is_note(&ev))
		return err_field(d->cx, ERR_INVALID, "/line",
		        "line %lld is no note: what happened is not rewritten",
		        (long long)ev.seq);
	if (!str_null_safe_eq(ev.actor, acting_user(d->cx)))
		return err_new(d->cx, ERR_DENIED, "line %lld is %s's: only they edit it",
		        (long long)ev.seq, ev.actor == NULL ? "nobody" : ev.actor);
	return NULL;
}

/* The words before stand in the event, the first ones in the note itself. */
static struct err *
words_now(struct deed *d, const char **ret)
{
	struct line_mark mark = { 0 };
	struct json *data;
	struct event ev;
	bool found;

	TRY(db_maybe(d->cx, &q_line_mark_get, DB_ARGS(d->act->line), &mark, &found));
	*ret = mark.text;
	if (found && mark.text != NULL)
		return NULL;
	TRY(line_load(d, &ev));
	TRY(json_parse(d->cx, str_from(ev.data), JSON_LIMITS_REQUEST, &data));
	*ret = json_as_text(&d->cx->mem, json_get(data, "text"));
	return NULL;
}

struct err *
edit(struct deed *d)
{
	const char *text = d->act->text, *before;

	TRY(words_now(d, &before));
	d->act->changed = strcmp(before, text) != 0;
	if (!d->act->changed)
		return NULL;
	TRY(deed_say(d, "note.edited",
	        event_data(d->cx, "line", int_text(d->cx, d->act->line), "before", before,
	                "text", text, NULL)));
	return db_post(d->cx, &q_line_text_set, DB_ARGS(d->act->line, d->inc->id, text));
}

static struct err *
mark_star(struct deed *d, const char *type, const char *who)
{
	struct line_mark mark = { 0 };
	bool found;

	TRY(db_maybe(d->cx, &q_line_mark_get, DB_ARGS(d->act->line), &mark, &found));
	d->act->changed = (mark.starred_by == NULL) != (who == NULL);
	if (!d->act->changed)
		return NULL;
	TRY(deed_say(d, type, event_data(d->cx, "line", int_text(d->cx, d->act->line), NULL)));
	return db_post(d->cx, &q_line_star_set, DB_ARGS(d->act->line, d->inc->id, who));
}

struct err *
star(struct deed *d)
{
	return mark_star(d, "line.starred", actor_text(d->cx));
}

struct err *
unstar(struct deed *d)
{
	return mark_star(d, "line.unstarred", NULL);
}

/* ---- the brief ---- */

struct err *
brief_load(struct ctx *cx, int64_t incident_id, struct brief *ret)
{
	bool found;

	TRY(db_maybe(cx, &q_brief_get, DB_ARGS(incident_id), ret, &found));
	if (!found)
		*ret = (struct brief){ .incident_id = incident_id,
			.status = "",
			.impact = "",
			.theory = "",
			.next_step = "" };
	return NULL;
}

struct brief_part {
	const char *name;
	const char **place;
	const char *wanted;
};

#define BRIEF_PARTS 4

static void
parts_of(struct brief *b, const struct brief_change *c, struct brief_part out[BRIEF_PARTS])
{
	out[0] = (struct brief_part){ "status", &b->status, c->status };
	out[1] = (struct brief_part){ "impact", &b->impact, c->impact };
	out[2] = (struct brief_part){ "theory", &b->theory, c->theory };
	out[3] = (struct brief_part){ "next_step", &b->next_step, c->next_step };
}

struct err *
brief_check(struct deed *d)
{
	const struct brief_change *c = d->act->brief;
	struct brief_part parts[BRIEF_PARTS];
	struct brief b;

	TRY(brief_load(d->cx, d->inc->id, &b));
	if (c->if_revision >= 0 && c->if_revision != b.revision)
		return err_field(d->cx, ERR_CONFLICT, "/revision",
		        "%s was first: the brief of incident %lld is at revision %lld",
		        b.changed_by == NULL ? "nobody" : b.changed_by, (long long)d->inc->id,
		        (long long)b.revision);
	parts_of(&b, c, parts);
	for (size_t i = 0; i < BRIEF_PARTS; i++)
		if (parts[i].wanted != NULL && strlen(parts[i].wanted) > BRIEF_MAX)
			return err_field(d->cx, ERR_INVALID,
			        arena_printf(&d->cx->mem, "/%s", parts[i].name),
			        "a field of the brief has at most %d bytes", BRIEF_MAX);
	return NULL;
}

static struct err *
say_changed(struct deed *d, const char *field, const char *before, const char *after)
{
	d->act->changed = true;
	return deed_say(d, "brief.changed",
	        event_data(d->cx, "field", field, "before", before, "after", after, NULL));
}

static const char *
instant_or_none(struct ctx *cx, usec_t at)
{
	return at == 0 ? "" : time_text(cx, at);
}

static struct err *
change_instant(struct deed *d, struct brief *b)
{
	const struct brief_change *c = d->act->brief;
	bool step = c->next_step != NULL && strcmp(c->next_step, b->next_step) != 0;
	usec_t next_by = c->next_by != 0 || step ? c->next_by : b->next_by;

	if (next_by == b->next_by)
		return NULL;
	TRY(say_changed(d, "next_by", instant_or_none(d->cx, b->next_by),
	        instant_or_none(d->cx, next_by)));
	b->next_by = next_by;
	return NULL;
}

static struct err *
change_parts(struct deed *d, struct brief *b)
{
	struct brief_part parts[BRIEF_PARTS];

	TRY(change_instant(d, b));
	parts_of(b, d->act->brief, parts);
	for (size_t i = 0; i < BRIEF_PARTS; i++) {
		if (parts[i].wanted == NULL || strcmp(parts[i].wanted, *parts[i].place) == 0)
			continue;
		TRY(say_changed(d, parts[i].name, *parts[i].place, parts[i].wanted));
		*parts[i].place = parts[i].wanted;
	}
	return NULL;
}

struct err *
brief_write(struct deed *d)
{
	struct brief b;

	TRY(brief_load(d->cx, d->inc->id, &b));
	const char *status = b.status;
	d->act->changed = false;
	TRY(change_parts(d, &b));
	if (!d->act->changed)
		return NULL;
	d->inc->briefed = true;
	TRY(db_post(d->cx, &q_brief_set,
	        DB_ARGS(d->inc->id, b.revision + 1, b.status, b.impact, b.theory, b.next_step,
	                OPTIONAL(b.next_by), ctx_now(d->cx), actor_text(d->cx))));
	return strcmp(status, b.status) == 0
	        ? NULL
	        : watchers_tell(d->cx, d->e, d->inc, "has news", b.status);
}
