/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people bring from elsewhere: a calendar or written shifts as overrides of a schedule,
 * the export of another product as a configuration. Read, reported, and given back as documents
 * to look at and to apply. Nothing is kept and nothing is fetched: the text comes in the
 * request, within its limit of bytes; events, rules and pieces have their own
 * (calendar/ical_read.h).
 */
#include "api/duty.h"
#include "calendar/zone.h"
#include "importer/importer.h"

#define IMPORT_BODY_MAX (1024 * 1024)
#define IMPORT_SPAN DAYS(90)

struct people {
	struct import_person *items;
	size_t n, cap;
};

/* Somebody may be meant by the address to sign in with, or by that of a contact. */
static void
add_user(struct ctx *cx, struct people *people, const struct user *u)
{
	const struct contact *contacts = u->contacts.items;
	struct import_person p = { .id = u->c.id, .name = u->c.name, .email = u->email };

	ARENA_PUSH(&cx->mem, people->items, people->n, people->cap) = p;
	for (size_t i = 0; i < u->contacts.n; i++) {
		if (contacts[i].type != CONTACT_EMAIL)
			continue;
		p.email = contacts[i].address;
		ARENA_PUSH(&cx->mem, people->items, people->n, people->cap) = p;
	}
}

static void
write_lines(struct jsonw *w, const struct import_result *result)
{
	jsonw_key(w, "report");
	jsonw_array(w);
	for (size_t i = 0; i < result->n_lines; i++) {
		const struct import_line *l = &result->lines[i];
		jsonw_object(w);
		jsonw_member(w, "fate", import_fate_names[l->fate]);
		jsonw_member_opt(w, "file", l->file);
		jsonw_member_int(w, "line", l->line);
		jsonw_member_int(w, "column", l->column);
		jsonw_member(w, "what", l->what);
		jsonw_member(w, "why", l->why);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/* Overrides whose ids are not to be used again: what is written down is added. */
static const char *const *
there(struct ctx *cx, const struct snapshot *s, size_t *ret_n)
{
	const struct document *const *list = snapshot_list(s, KIND_OVERRIDE, ret_n);
	const char **ids = ARENA_ARRAY(&cx->mem, *ret_n, const char *);

	for (size_t i = 0; i < *ret_n; i++)
		ids[i] = list[i]->id;
	return ids;
}

static struct err *
answer(struct ctx *cx, struct response *rs, const struct import_result *result)
{
	struct json *documents;

	TRY(import_sections(cx, result, NULL, &documents));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_key(&w, "documents");
	jsonw_tree(&w, documents);
	write_lines(&w, result);
	jsonw_end_object(&w);
	return NULL;
}

/* What both kinds of text need to know. */
static struct err *
reading(struct ctx *cx, struct request *rq, const struct snapshot *s,
        struct import_calendar *ret)
{
	const struct schedule *schedule;
	struct people people = { 0 };
	struct duty_span span;
	size_t n;

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_may_take_part(cx, s, schedule));
	TRY(duty_span(cx, rq, &span));
	if (request_query(rq, "to") == NULL)
		span.to = span.from + IMPORT_SPAN;
	const struct document *const *users = snapshot_list(s, KIND_USER, &n);
	for (size_t i = 0; i < n; i++)
		add_user(cx, &people, users[i]->value);
	*ret = (struct import_calendar){ .name = "calendar",
		.schedule = schedule->c.id,
		.from = span.from,
		.to = span.to,
		.zone = schedule->calendar.zone,
		.people = people.items,
		.n_people = people.n };
	return NULL;
}

static struct err *
import(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct import_result result;
	struct import_calendar how;

	TRY(reading(cx, rq, s, &how));
	how.whole = query_flag(rq, "whole");
	TRY(import_ical(cx, &how, rq->body, &result));
	return answer(cx, rs, &result);
}

/* ?zone= is of the clocks in the text. */
static struct err *
import_written(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *zone = request_query(rq, "zone");
	struct import_result result;
	struct import_calendar how;

	TRY(reading(cx, rq, s, &how));
	how.name = "shifts";
	how.there = there(cx, s, &how.n_there);
	if (zone != NULL && (how.zone = zone_get(zone)) == NULL)
		return err_field(cx, ERR_INVALID, "zone", "there is no time zone \"%s\"", zone);
	TRY(import_shifts(cx, &how, rq->body, &result));
	return answer(cx, rs, &result);
}

/* ---- exports of other products ---- */

#define EXPORT_MAX (16 * 1024 * 1024)
#define EXPORT_FILES_MAX 2000

static struct err *
one_file(struct ctx *cx, const struct json *v, struct import_file *ret)
{
	const struct json *name = json_get(v, "name"), *text = json_get(v, "text");

	if (name == NULL || name->type != JSON_STRING || text == NULL
	        || text->type != JSON_STRING || name->string.len == 0)
		return err_field(
		        cx, ERR_INVALID, "/files", "a file is {\"name\": ..., \"text\": ...}");
	*ret = (struct import_file){ str_dup(&cx->mem, name->string), text->string };
	return NULL;
}

static struct err *
files_of(struct ctx *cx, const struct request *rq, struct import_file **ret, size_t *ret_n)
{
	const struct json *files;
	struct json *body;

	TRY(json_parse(cx, rq->body, JSON_LIMITS_CONFIG, &body));
	files = json_get(body, "files");
	if (files == NULL || files->type != JSON_ARRAY || files->array.n == 0)
		return err_field(cx, ERR_INVALID, "/files", "it needs the files of the export");
	if (files->array.n > EXPORT_FILES_MAX)
		return err_field(
		        cx, ERR_LIMIT, "/files", "more than %d files", EXPORT_FILES_MAX);
	*ret_n = files->array.n;
	*ret = ARENA_ARRAY(&cx->mem, *ret_n, struct import_file);
	for (size_t i = 0; i < *ret_n; i++)
		TRY(one_file(cx, &files->array.items[i], &(*ret)[i]));
	return NULL;
}

static struct err *
import_export(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *keys = request_query(rq, "keys");
	const struct import_options options = { .keys = keys != NULL && strcmp(keys, "0") != 0,
		.zone = request_query(rq, "zone") };
	struct import_result result;
	struct import_file *files = NULL;
	size_t n = 0;

	TRY(files_of(cx, rq, &files, &n));
	TRY(import_files(cx, request_param(rq, "vendor"), files, n, &options, &result));
	return answer(cx, rs, &result);
}

static const struct route routes[] = {
	{ "POST", "/api/v1/schedules/{id}/import", PERM_RESPOND, import,
	        "An iCalendar text as overrides to apply, and what of it was taken; ?from=&to=&whole=",
	        NULL, NULL, 0, IMPORT_BODY_MAX },
	{ "POST", "/api/v1/schedules/{id}/import-shifts", PERM_RESPOND, import_written,
	        "Shifts, one a line, as overrides to apply, and what of it was taken; ?zone=",
	        NULL, NULL, 0, IMPORT_BODY_MAX },
	{ "POST", "/api/v1/import/{vendor}", PERM_ADMIN, import_export,
	        "The files of another product's export as documents to apply, and what of it was "
	        "taken; ?keys=&zone=",
	        NULL, NULL, 0, EXPORT_MAX },
};
const struct route_table import_routes = { routes, NELEMS(routes) };
