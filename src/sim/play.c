/* SPDX-License-Identifier: Apache-2.0 */
/* The statements that do something, and the table of all. What they expect is in expect.c. */
#include "sim/play.h"

#include <stdlib.h>
#include <strings.h>

#include "calendar/zone.h"
#include "engine/rows.h"
#include "queries.h"

/* ---- helpers ---- */

struct err *
play_fail(struct play *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *text = arena_vprintf(&p->w.cx.mem, fmt, ap);
	va_end(ap);
	return err_new(&p->w.cx, ERR_CONFLICT, "%s", text);
}

struct err *
play_syntax(struct play *p, const char *expected)
{
	return err_new(&p->w.cx, ERR_INVALID, "expected %s", expected);
}

static const struct zone *
home_zone(struct play *p)
{
	const struct snapshot *s = config_current(p->w.config);
	const struct zone *z = snapshot_zone(s, NULL, NULL);

	snapshot_unref(s);
	return z;
}

const char *
play_local(struct play *p, usec_t at)
{
	return civil_print(
	        civil_from_utc(home_zone(p), at), arena_alloc(&p->w.cx.mem, CIVIL_MAX));
}

struct err *
play_instant(struct play *p, size_t i, usec_t *ret, size_t *ret_next)
{
	const struct zone *z = home_zone(p);
	const char *text = word(p, i);
	struct civil c;

	if (strchr(word(p, i + 1), ':') != NULL)
		text = arena_printf(&p->w.cx.mem, "%s %s", text, word(p, ++i));
	if (!civil_parse(str_from(text), &c))
		return play_syntax(p, "an instant such as 2026-03-02 10:00 Europe/Berlin");
	i++;
	if (i < p->s->n && zone_get(word(p, i)) != NULL)
		z = zone_get(word(p, i++));
	*ret = civil_to_utc(z, c, CIVIL_FIRST);
	*ret_next = i;
	return NULL;
}

struct err *
play_span(struct play *p, size_t i, usec_t *ret)
{
	if (!duration_parse(str_from(word(p, i)), ret))
		return play_syntax(p, "a duration such as 90s, 5m, 1h30m or 1d");
	return NULL;
}

struct err *
play_refused(struct play *p, struct err *e)
{
	struct ctx *cx = &p->w.cx;
	size_t n = p->s->n;
	bool wanted = n >= 2 && strcmp(p->s->words[n - 2], "refused") == 0;
	struct buf text = BUF_INIT(&cx->mem, 16 * 1024);

	if (!wanted)
		return e;
	if (e == NULL)
		return play_fail(p, "it was accepted, and should have been refused with \"%s\"",
		        word(p, n - 1));
	buf_puts(&text, err_text(cx, e));
	for (size_t i = 0; e->faults != NULL && i < e->faults->n; i++)
		buf_printf(&text, "\n%s: %s", e->faults->items[i].pointer,
		        e->faults->items[i].message);
	if (strcasestr(buf_cstr(&text), word(p, n - 1)) == NULL)
		return play_fail(p, "it was refused, but not with \"%s\": %s", word(p, n - 1),
		        buf_cstr(&text));
	return NULL;
}

struct err *
play_incident(struct play *p, const char *key, struct incident *ret, bool *ret_found)
{
	struct ctx *cx = &p->w.cx;

	TRY(db_begin(cx, p->w.db, DB_READ));
	struct err *e = db_maybe(cx, &q_sim_incident, DB_ARGS(key), ret, ret_found);
	db_rollback(cx);
	return e;
}

const struct delivered *
play_unexpected(struct play *p)
{
	for (size_t i = 0; i < p->w.n_pages; i++)
		if (!p->w.pages[i].expected)
			return &p->w.pages[i];
	return NULL;
}

/* ---- configuration ---- */

static struct err *
use(struct play *p)
{
	struct ctx *cx = &p->w.cx;
	struct change_set set = { 0 };
	const char *slash = strrchr(p->script->path, '/');
	const char *path = word(p, 1);

	if (p->present != NULL)
		return strcmp(path, "present") == 0
		        ? world_apply(&p->w, p->present)
		        : play_fail(p,
		                "here is no file: write `use present` for the configuration "
		                "in force, or `apply` with documents below it");
	if (path[0] != '/' && slash != NULL)
		path = arena_printf(&cx->mem, "%.*s/%s", (int)(slash - p->script->path),
		        p->script->path, path);
	TRY(change_set_read(cx, path, &set));
	return world_apply(&p->w, &set);
}

static struct err *
apply(struct play *p)
{
	struct change_set set = { 0 };
	struct err *e = change_set_parse(&p->w.cx, p->script->path, p->s->block, &set);

	if (e == NULL)
		e = world_apply(&p->w, &set);
	return play_refused(p, e);
}

static struct err *
remove_document(struct play *p)
{
	struct change_set set = { 0 };
	struct str id = str_from(word(p, 1)), kind = str_cut(&id, '/');
	struct change c = {
		.id = id.p, .pointer = word(p, 1), .file = p->script->path, .line = p->s->line
	};

	if (!kind_by_name(kind, &c.kind))
		return play_syntax(p, "a document such as user/alice");
	set.items = &c;
	set.n = set.cap = 1;
	return play_refused(p, world_apply(&p->w, &set));
}

/* ---- time ---- */

static struct err *
at(struct play *p)
{
	usec_t to;
	size_t next;

	TRY(play_instant(p, 1, &to, &next));
	if (!p->clock_set) {
		p->clock_set = true;
		p->w.clock.at = p->w.began = to;
		return NULL;
	}
	if (to < p->w.clock.at)
		return play_fail(
		        p, "the clock cannot go back: it is %s", play_local(p, p->w.clock.at));
	return world_advance(&p->w, to);
}

static struct err *
advance(struct play *p)
{
	usec_t span;

	TRY(play_span(p, 1, &span));
	return world_advance(&p->w, p->w.clock.at + span);
}

static struct err *
quiet(struct play *p)
{
	const struct delivered *page;

	TRY(advance(p));
	page = play_unexpected(p);
	if (page == NULL)
		return NULL;
	return play_fail(p, "nobody was to be paged, but %s was, by %s, at %s", page->who,
	        page->contact, play_local(p, page->at));
}

/* ---- signals ---- */

struct parts {
	struct signal s;
	struct pair *labels;
	size_t n_labels, cap_labels;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->id, ((const struct pair *)b)->id);
}

static struct err *
expires(struct play *p, struct str after, struct signal *s)
{
	usec_t span;

	if (!duration_parse(after, &span))
		return play_syntax(p, "a duration after expires=, such as 5m");
	s->expires_at = p->w.clock.at + span;
	return NULL;
}

static struct err *
add_field(struct play *p, struct parts *parts, const char *text)
{
	struct str value = str_from(text), name = str_cut(&value, '=');
	const struct {
		const char *name;
		const char **place;
	} places[] = {
		{ "routing_key", &parts->s.routing_key },
		{ "service", &parts->s.service },
		{ "details", &parts->s.details },
		{ "source", &parts->s.source },
		{ "author", &parts->s.author },
		{ "summary", &parts->s.summary },
	};

	if (str_starts(name, STR("labels."))) {
		struct str label = { name.p + 7, name.len - 7 };
		ARENA_PUSH(&p->w.cx.mem, parts->labels, parts->n_labels, parts->cap_labels) =
		        (struct pair){ .id = str_dup(&p->w.cx.mem, label), .value = value.p };
		return NULL;
	}
	if (str_is(name, "expires"))
		return expires(p, value, &parts->s);
	for (size_t i = 0; i < NELEMS(places); i++) {
		if (!str_is(name, places[i].name))
			continue;
		*places[i].place = value.p;
		return NULL;
	}
	return play_syntax(p, "fields such as service=web, routing_key=db or labels.env=dev");
}

static bool
severity_of(const char *text, enum severity *ret)
{
	for (int i = 0; i < SEVERITY_MAX; i++) {
		if (strcmp(severity_names[i], text) != 0)
			continue;
		*ret = (enum severity)i;
		return true;
	}
	return false;
}

static struct err *
send(struct play *p, struct signal *s)
{
	struct intake_result result;
	struct intake in = {
		.integration = word(p, 1), .signals = s, .n = 1, .results = &result
	};
	const struct snapshot *snap = config_current(p->w.config);
	bool known = snapshot_integration(snap, in.integration) != NULL;

	snapshot_unref(snap);
	if (!known)
		return play_fail(p, "there is no integration/%s", in.integration);
	p->w.cx.actor = (struct actor){ .kind = ACTOR_INTEGRATION, .id = in.integration };
	return play_refused(p, world_signal(&p->w, &in));
}

/* The words without `refused "words"` at the end. */
static size_t
said(const struct play *p)
{
	size_t n = p->s->n;

	return n >= 2 && strcmp(p->s->words[n - 2], "refused") == 0 ? n - 2 : n;
}

static struct err *
send_signal(struct play *p)
{
	struct parts parts = { .s = { .action = SIGNAL_TRIGGER, .dedup_key = word(p, 2) } };

	if (!severity_of(word(p, 3), &parts.s.severity))
		return play_syntax(p, "a severity: critical, error, warning or info");
	for (size_t i = 4; i < said(p); i++) {
		if (p->s->quoted[i])
			parts.s.summary = word(p, i);
		else
			TRY(add_field(p, &parts, word(p, i)));
	}
	if (parts.s.summary == NULL)
		parts.s.summary = parts.s.dedup_key;
	if (parts.n_labels > 0)
		qsort(parts.labels, parts.n_labels, sizeof *parts.labels, by_name);
	parts.s.labels = parts.labels;
	parts.s.n_labels = parts.n_labels;
	return send(p, &parts.s);
}

static struct err *
recover(struct play *p)
{
	struct signal s = { .action = SIGNAL_RESOLVE,
		.severity = SEVERITY_INFO,
		.dedup_key = word(p, 2),
		.summary = word(p, 2) };

	return send(p, &s);
}

static struct err *
upstream_ack(struct play *p)
{
	struct signal s = { .action = SIGNAL_ACKNOWLEDGE,
		.severity = SEVERITY_INFO,
		.dedup_key = word(p, 2),
		.summary = word(p, 2) };

	return send(p, &s);
}

/* ---- the table ---- */

const struct statement_kind statement_kinds[] = {
	{ "use", NULL, 2, false, use, "use PATH" },
	{ "remove", NULL, 2, true, remove_document, "remove KIND/ID [refused \"words\"]" },
	{ "apply", NULL, 1, true, apply, "apply [refused \"words\"] + an indented block" },
	{ "at", NULL, 2, true, at, "at 2026-03-02 10:00 [ZONE]" },
	{ "signal", NULL, 4, true, send_signal,
	        "signal INTEGRATION KEY SEVERITY [field=value ...] [\"summary\"]" },
	{ "recover", NULL, 3, true, recover, "recover INTEGRATION KEY" },
	{ "acknowledge", NULL, 3, true, upstream_ack, "acknowledge INTEGRATION KEY" },
	{ "advance", NULL, 2, true, advance, "advance 5m" },
	{ "quiet", NULL, 2, true, quiet, "quiet 5m" },
	{ "expect", "page", 4, false, expect_page, "expect page WHO CONTACT [KEY]" },
	{ "expect", "late", 5, false, expect_late, "expect late page WHO CONTACT [KEY]" },
	{ "expect", "notice", 3, false, expect_notice,
	        "expect notice WHO \"words\", or expect notice nobody" },
	{ "expect", "incident", 4, false, expect_incident, "expect incident KEY STATE" },
	{ "expect", "no", 4, false, expect_no, "expect no incident KEY" },
	{ "expect", "count", 4, false, expect_count, "expect count KEY N" },
	{ "expect", "why", 5, false, expect_why, "expect why WHO KEY REASON" },
	{ "expect", "sent", 4, false, expect_sent, "expect sent WHO KEY" },
	{ "expect", "room", 5, false, expect_room,
	        "expect room KEY WHO asked, joined, declined or watching" },
	{ "expect", "role", 5, false, expect_role, "expect role KEY ROLE WHO" },
	{ "expect", "oncall", 4, false, expect_oncall,
	        "expect oncall SCHEDULE WHO[,WHO] [at WHEN]" },
	{ "contact", NULL, 4, true, trouble_contact,
	        "contact WHO CONTACT fails [once], busy, takes 2m, or works" },
	{ "crash", NULL, 1, false, trouble_crash,
	        "crash [for 20m | at commit | after commit]" },
	{ "fault", NULL, 3, false, trouble_fault,
	        "fault commit lost, fault commit unheard, or fault write N" },
	{ "disk", NULL, 3, false, trouble_disk, "disk full 10m" },
	{ "clock", NULL, 3, true, trouble_clock, "clock forward 3h, or clock back 10m" },
	{ "node", NULL, 2, true, trouble_node, "node 1, or node 2" },
	{ NULL, "acks", 3, true, acks, "WHO acks KEY" },
	{ NULL, "resolves", 3, true, resolves, "WHO resolves KEY" },
	{ NULL, "snoozes", 4, true, snoozes, "WHO snoozes KEY 30m" },
	{ NULL, "escalates", 3, true, escalates, "WHO escalates KEY" },
	{ NULL, "reassigns", 4, true, reassigns, "WHO reassigns KEY TARGET" },
	{ NULL, "reroutes", 4, true, reroutes, "WHO reroutes KEY POLICY" },
	{ NULL, "notes", 4, true, notes, "WHO notes KEY \"text\"" },
	{ NULL, "merges", 4, true, merges, "WHO merges KEY INTO-KEY" },
	{ NULL, "unmerges", 3, true, unmerges, "WHO unmerges KEY" },
	{ NULL, "splits", 4, true, splits, "WHO splits KEY ALERT-KEY [and takes it]" },
	{ NULL, "unacks", 3, true, unacks, "WHO unacks KEY" },
	{ NULL, "unsnoozes", 3, true, unsnoozes, "WHO unsnoozes KEY" },
	{ NULL, "reopens", 3, true, reopens, "WHO reopens KEY" },
	{ NULL, "mitigates", 3, true, mitigates, "WHO mitigates KEY" },
	{ NULL, "unmitigates", 3, true, unmitigates, "WHO unmitigates KEY" },
	{ NULL, "adds", 4, true, adds, "WHO adds KEY TARGET" },
	{ NULL, "joins", 3, true, joins, "WHO joins KEY" },
	{ NULL, "declines", 3, true, declines, "WHO declines KEY" },
	{ NULL, "watches", 3, true, watches, "WHO watches KEY" },
	{ NULL, "offers", 5, true, offers, "WHO offers SCHEDULE FROM TO [WHOM]" },
	{ NULL, "withdraws", 3, true, withdraws, "WHO withdraws NUMBER [refused \"words\"]" },
	{ NULL, "takes", 4, true, takes_role, "WHO takes KEY ROLE" },
	{ NULL, "gives", 5, true, gives_role, "WHO gives KEY ROLE WHOM" },
	{ NULL, "drops", 4, true, drops_role, "WHO drops KEY ROLE" },
	{ NULL, "briefs", 5, true, briefs, "WHO briefs KEY FIELD \"text\"" },
	{ NULL, "recalls", 5, true, recalls, "WHO recalls KEY 10m \"text\"" },
	{ NULL, "edits", 4, true, edits, "WHO edits KEY \"text\"" },
	{ NULL, "stars", 3, true, stars, "WHO stars KEY" },
};
const size_t n_statement_kinds = NELEMS(statement_kinds);
