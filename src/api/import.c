/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar from elsewhere as overrides of a schedule: read, reported, and given back as
 * documents to look at and to apply. Nothing is kept and nothing is fetched: the text comes in
 * the request, within its limit of bytes; events, rules and pieces have their own
 * (calendar/ical_read.h).
 */
#include "api/duty.h"
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
		jsonw_member_int(w, "line", l->line);
		jsonw_member(w, "what", l->what);
		jsonw_member(w, "why", l->why);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static struct err *
import(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *whole = request_query(rq, "whole");
	const struct schedule *schedule;
	struct import_result result;
	struct people people = { 0 };
	struct json *documents;
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
	const struct import_calendar how = { .name = "calendar",
		.schedule = schedule->c.id,
		.whole = whole != NULL && strcmp(whole, "0") != 0,
		.from = span.from,
		.to = span.to,
		.zone = schedule->calendar.zone,
		.people = people.items,
		.n_people = people.n };
	TRY(import_ical(cx, &how, rq->body, &result));
	TRY(import_sections(cx, &result, NULL, &documents));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_key(&w, "documents");
	jsonw_tree(&w, documents);
	write_lines(&w, &result);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/schedules/{id}/import", PERM_RESPOND, import,
	        "An iCalendar text as overrides to apply, and what of it was taken; ?from=&to=&whole=",
	        NULL, NULL, 0, IMPORT_BODY_MAX },
};
const struct route_table import_routes = { routes, NELEMS(routes) };
