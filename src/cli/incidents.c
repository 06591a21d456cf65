/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at incidents and acting on them. */
#include "cli/incidents.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cache.h"
#include "cli/table.h"

#define ASK_FROM 10 /* acting on more than this many wants a word first */

const char *
incident_number(const char *id)
{
	return id[0] == '#' ? id + 1 : id;
}

struct err *
verb_incidents(struct call *call)
{
	static const char *const heads[] = { "ID", "STATE", "SEVERITY", "AGE", "SERVICE",
		"TITLE", "TAKEN BY", NULL };
	const char *state = opt(call, "--state"), *service = opt(call, "--service"),
	           *team = opt(call, "--team");
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(client_get_kept(call, &v, "/api/v1/incidents?state=%s&service=%s&team=%s&limit=%s",
	        strcmp(state, "all") == 0 ? "" : url_escape(call, state),
	        service == NULL ? "" : url_escape(call, service),
	        team == NULL ? "" : url_escape(call, team),
	        url_escape(call, opt(call, "--limit"))));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *inc = &items->array.items[i];
		const char *st = text_of(call, inc, "state"),
		           *sev = text_of(call, inc, "severity");
		table_cell(&t, text_of(call, inc, "id"));
		table_cell(&t, paint(call, st, st));
		table_cell(&t, paint(call, sev, sev));
		table_cell(&t, age_text(call, text_of(call, inc, "opened_at")));
		table_cell(&t, text_of(call, inc, "service"));
		table_cell(&t, text_of(call, inc, "title"));
		table_cell(&t, text_of(call, inc, "acked_by"));
	}
	if (items->array.n > 0)
		table_write(&t);
	else if (call->tty)
		buf_puts(&call->out, "No incidents.\n");
	return NULL;
}

/* ---- one ---- */

static void
fact(struct call *call, const struct json *inc, const char *name, const char *key)
{
	const char *text = text_of(call, inc, key);
	usec_t at;

	if (rfc3339_parse(str_from(text), &at))
		text = clock_text(&call->cx.mem, terminal_zone(call), at);
	if (text[0] != '\0')
		buf_printf(&call->out, "  %-16s %s\n", name, text);
}

static void
write_timeline(struct call *call, const struct json *events)
{
	char day[DAY_MAX] = "";

	for (size_t i = events->array.n; i-- > 0;) {
		const struct json *ev = &events->array.items[i];
		buf_printf(&call->out, "%s  %s\n",
		        moment_text(call, text_of(call, ev, "at"), day),
		        text_of(call, ev, "sentence"));
	}
}

struct err *
verb_show(struct call *call)
{
	const char *id = url_escape(call, incident_number(call->args[0]));
	const struct json *inc, *timeline;

	TRY(client_get(call, &inc, "/api/v1/incidents/%s", id));
	if (call->json) {
		write_json(call, inc);
		return NULL;
	}
	TRY(client_get(call, &timeline, "/api/v1/incidents/%s/timeline?limit=500", id));
	const char *state = text_of(call, inc, "state"),
	           *severity = text_of(call, inc, "severity");
	buf_printf(&call->out, "#%s %s\n%s  %s\n\n", text_of(call, inc, "id"),
	        paint(call, "strong", text_of(call, inc, "title")), paint(call, state, state),
	        paint(call, severity, severity));
	fact(call, inc, "service", "service");
	fact(call, inc, "team", "team");
	fact(call, inc, "policy", "policy");
	fact(call, inc, "urgency", "urgency");
	fact(call, inc, "opened", "opened_at");
	fact(call, inc, "taken by", "acked_by");
	fact(call, inc, "commander", "commander");
	fact(call, inc, "mitigated", "mitigated_at");
	fact(call, inc, "muted until", "muted_until");
	fact(call, inc, "snoozed until", "snoozed_until");
	fact(call, inc, "nobody left since", "exhausted_at");
	fact(call, inc, "resolved by", "resolved_by");
	fact(call, inc, "open alerts", "open_alerts");
	buf_puts(&call->out, "\n");
	write_timeline(call, json_get(timeline, "items"));
	return NULL;
}

/* ---- verbs ---- */

static const struct {
	const char *verb, *path, *argument; /* the member that the second argument fills */
} paths[] = {
	{ "ack", "acknowledge", NULL },
	{ "resolve", "resolve", NULL },
	{ "escalate", "escalate", NULL },
	{ "snooze", "snooze", "for" },
	{ "reassign", "reassign", "target" },
	{ "reroute", "reroute", "policy" },
	{ "merge", "merge", "into" },
	{ "note", "note", "note" },
	{ "add", "add", "target" },
	{ "join", "join", NULL },
	{ "decline", "decline", NULL },
	{ "mitigate", "mitigate", NULL },
	{ "watch", "watch", NULL },
	{ "unwatch", "unwatch", NULL },
};

static struct err *
body_for(struct call *call, size_t at, struct buf *out)
{
	struct jsonw w = JSONW(out);
	const char *name = paths[at].argument;
	int64_t number;

	jsonw_object(&w);
	jsonw_member_opt(&w, "note",
	        strcmp(paths[at].verb, "note") == 0 ? NULL : opt(call, "--message"));
	if (name != NULL && call->n_args > 1 && strcmp(name, "into") == 0) {
		if (!str_int(str_from(incident_number(call->args[1])), &number))
			return err_field(
			        &call->cx, ERR_INVALID, "usage", "an incident is a number");
		jsonw_member_int(&w, name, number);
	} else if (name != NULL && call->n_args > 1) {
		jsonw_member(&w, name, call->args[1]);
	}
	jsonw_end_object(&w);
	return NULL;
}

struct err *
incident_post(struct call *call, const struct incident_call *c)
{
	struct arena *mem = &call->cx.mem;
	struct answer_in a;
	const struct request_out rq = { "POST",
		arena_printf(mem, "/api/v1/incidents/%s/%s",
		        url_escape(call, incident_number(c->id)), c->verb),
		c->body,
		.if_match = c->if_revision == 0
		        ? NULL
		        : arena_printf(mem, "\"%lld\"", (long long)c->if_revision) };

	TRY(client_send(call, &rq, &a));
	if (call->json) {
		write_json(call, a.json);
		return NULL;
	}
	const char *state = text_of(call, a.json, "state");
	buf_printf(&call->out, "#%s %s: %s%s\n", text_of(call, a.json, "id"),
	        paint(call, state, state), text_of(call, a.json, "title"),
	        str_null_safe_eq(a.changed, "false") ? " (it was so already)" : "");
	return NULL;
}

static struct err *
act_on(struct call *call, size_t at, const char *id)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);

	TRY(body_for(call, at, &body));
	return incident_post(
	        call, &(struct incident_call){ id, paths[at].path, buf_view(&body), 0 });
}

/* "-": ids from standard input, one a line. */
static struct err *
ids_from_input(struct call *call)
{
	char line[64];

	call->n_args = 0;
	while (fgets(line, sizeof line, stdin) != NULL) {
		struct str word = str_trim(str_from(line));
		if (word.len > 0 && call->n_args == CALL_ARGS_MAX)
			return err_field(&call->cx, ERR_INVALID, "usage",
			        "at most %d incidents at a time", CALL_ARGS_MAX);
		if (word.len > 0)
			call->args[call->n_args++] = str_dup(&call->cx.mem, word);
	}
	if (call->n_args == 0)
		return err_new(&call->cx, ERR_NOT_FOUND, "no incidents came in");
	return NULL;
}

/* A filter that matched too much is noticed before it has acted. */
static struct err *
ask_for_many(struct call *call)
{
	char line[16] = "";
	FILE *tty;

	if (call->n_args <= ASK_FROM || opt_flag(call, "--yes"))
		return NULL;
	tty = call->tty ? fopen("/dev/tty", "r+e") : NULL;
	if (tty == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "%s for %zu incidents: say --yes if that is meant", call->verb->name,
		        call->n_args);
	fprintf(tty, "%s %zu incidents? [y/N] ", call->verb->name, call->n_args);
	fflush(tty);
	bool yes = fgets(line, sizeof line, tty) != NULL && (line[0] == 'y' || line[0] == 'Y');
	fclose(tty);
	return yes ? NULL : err_field(&call->cx, ERR_INVALID, "usage", "nothing was done");
}

struct err *
verb_act(struct call *call)
{
	struct err *first = NULL;
	size_t at = 0;

	while (strcmp(paths[at].verb, call->verb->name) != 0)
		at++;
	if (paths[at].argument != NULL)
		return act_on(call, at, call->args[0]);
	if (strcmp(call->args[0], "-") == 0)
		TRY(ids_from_input(call));
	TRY(ask_for_many(call));
	for (size_t i = 0; i < call->n_args; i++) {
		struct err *e = act_on(call, at, call->args[i]);
		if (e != NULL && first != NULL)
			fprintf(stderr, "tocsin: %s\n", err_text(&call->cx, first));
		if (e != NULL)
			first = e;
	}
	return first;
}

/* ---- paging by hand ---- */

static void
tell_preview_page(struct call *call, const struct json *p)
{
	const char *user = text_of(call, p, "user"), *reason = text_of(call, p, "reason");
	const char *step = text_of(call, p, "step");

	buf_printf(&call->out, "  %s  %-9s  %s %s (%s)%s%s\n",
	        when_text(call, text_of(call, p, "at")),
	        step[0] == '\0' ? "catch-all" : arena_printf(&call->cx.mem, "step %s", step),
	        user[0] == '\0' ? paint(call, "nobody", "nobody") : user,
	        text_of(call, p, "contact"), text_of(call, p, "because"),
	        reason[0] == '\0' ? "" : ": ", reason);
}

static struct err *
tell_preview(struct call *call, const char *service)
{
	const struct json *v;

	TRY(client_get(
	        call, &v, "/api/v1/services/%s/preview?by=hand", url_escape(call, service)));
	if (call->json) {
		write_json(call, v);
		return NULL;
	}
	const struct json *pages = json_get(v, "pages");
	buf_puts(&call->out, "If nobody answers:\n");
	for (size_t i = 0; i < pages->array.n; i++)
		tell_preview_page(call, &pages->array.items[i]);
	return NULL;
}

struct err *
verb_page(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);
	bool target = strchr(call->args[0], '/') != NULL;
	struct answer_in a;

	if (opt_flag(call, "--dry-run") && target)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--dry-run takes a service: a target has no policy to walk");
	if (opt_flag(call, "--dry-run"))
		return tell_preview(call, call->args[0]);
	jsonw_object(&w);
	jsonw_member(&w, "title", call->args[1]);
	jsonw_member(&w, target ? "target" : "service", call->args[0]);
	jsonw_member(&w, "severity", opt(call, "--severity"));
	jsonw_member_opt(&w, "details", opt(call, "--details"));
	jsonw_member(&w, "mode", opt_flag(call, "--drill") ? "drill" : "standard");
	jsonw_end_object(&w);
	const struct request_out rq = { "POST", "/api/v1/incidents",
		{ buf_cstr(&body), body.len }, .type = NULL };
	TRY(client_send(call, &rq, &a));
	if (call->json)
		write_json(call, a.json);
	else
		buf_printf(&call->out, "#%s is open and pages\n", text_of(call, a.json, "id"));
	return NULL;
}
