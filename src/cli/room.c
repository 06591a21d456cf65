/* SPDX-License-Identifier: Apache-2.0 */
/* The room of an incident: what is known, who does what, splitting, taking back. */
#include "cli/incidents.h"
#include "cli/table.h"

/* "10m" ago or ahead, or an instant as the server reads it. */
static const char *
instant_of(struct call *call, const char *text, int sign)
{
	usec_t span;

	if (text == NULL || !duration_parse(str_from(text), &span))
		return text;
	return rfc3339_print(
	        ctx_now(&call->cx) + sign * span, arena_alloc(&call->cx.mem, RFC3339_MAX));
}

/* ---- what is said ---- */

struct err *
verb_say(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);

	jsonw_object(&w);
	jsonw_member(&w, "note", call->args[1]);
	jsonw_member_opt(&w, "at", instant_of(call, opt(call, "--at"), -1));
	jsonw_end_object(&w);
	return incident_post(
	        call, &(struct incident_call){ call->args[0], "note", buf_view(&body), 0 });
}

static void
brief_line(struct call *call, const struct json *brief, const char *key, const char *name)
{
	const char *text = text_of(call, brief, key);

	if (text[0] != '\0')
		buf_printf(&call->out, "%-9s %s\n", name,
		        strcmp(key, "next_by") == 0 ? when_text(call, text) : text);
}

static struct err *
show_room(struct call *call)
{
	const struct json *room;

	TRY(client_get(call, &room, "/api/v1/incidents/%s/room",
	        url_escape(call, incident_number(call->args[0]))));
	if (call->json) {
		write_json(call, room);
		return NULL;
	}
	const struct json *brief = json_get(room, "brief"), *roles = json_get(room, "roles"),
	                  *people = json_get(room, "people");
	brief_line(call, brief, "status", "now");
	brief_line(call, brief, "impact", "impact");
	brief_line(call, brief, "theory", "we think");
	brief_line(call, brief, "next_step", "next");
	brief_line(call, brief, "next_by", "by");
	for (size_t i = 0; i < roles->array.n; i++)
		buf_printf(&call->out, "%s: %s\n",
		        text_of(call, &roles->array.items[i], "role"),
		        text_of(call, &roles->array.items[i], "user"));
	for (size_t i = 0; i < people->array.n; i++)
		buf_printf(&call->out, "%s %s\n",
		        text_of(call, &people->array.items[i], "user"),
		        text_of(call, &people->array.items[i], "state"));
	if (call->out.len == 0 && call->tty)
		buf_puts(&call->out, "Nothing is written down yet.\n");
	return NULL;
}

static const char *const brief_options[][2] = {
	{ "--status", "status" },
	{ "--impact", "impact" },
	{ "--theory", "theory" },
	{ "--next", "next_step" },
};

struct err *
verb_brief(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);
	const char *by = instant_of(call, opt(call, "--by"), 1);
	bool any = by != NULL;

	jsonw_object(&w);
	for (size_t i = 0; i < NELEMS(brief_options); i++) {
		const char *text = opt(call, brief_options[i][0]);
		jsonw_member_opt(&w, brief_options[i][1], text);
		any |= text != NULL;
	}
	jsonw_member_opt(&w, "next_by", by);
	jsonw_end_object(&w);
	if (!any)
		return show_room(call);
	return incident_post(
	        call, &(struct incident_call){ call->args[0], "brief", buf_view(&body), 0 });
}

/* ---- who does what ---- */

struct err *
verb_role(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);
	const char *user = call->n_args > 2 ? call->args[2] : NULL;
	bool nobody = str_null_safe_eq(user, "nobody");

	jsonw_object(&w);
	jsonw_member(&w, "role", call->args[1]);
	jsonw_member_opt(&w, "user", nobody ? NULL : user);
	if (nobody)
		jsonw_member_bool(&w, "nobody", true);
	jsonw_end_object(&w);
	return incident_post(
	        call, &(struct incident_call){ call->args[0], "role", buf_view(&body), 0 });
}

/* ---- splitting ---- */

struct err *
verb_split(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);
	int64_t id;

	jsonw_object(&w);
	jsonw_key(&w, "alerts");
	jsonw_array(&w);
	for (size_t i = 1; i < call->n_args; i++) {
		if (!str_int(str_from(call->args[i]), &id))
			return err_field(
			        &call->cx, ERR_INVALID, "usage", "an alert is a number");
		jsonw_int(&w, id);
	}
	jsonw_end_array(&w);
	jsonw_member_opt(&w, "title", opt(call, "--title"));
	if (opt_flag(call, "--take"))
		jsonw_member_bool(&w, "take", true);
	jsonw_end_object(&w);
	return incident_post(
	        call, &(struct incident_call){ call->args[0], "split", buf_view(&body), 0 });
}

/* ---- taking back ---- */

/* What its state shows last is taken back first. */
static const struct {
	const char *member, *verb;
} back[] = {
	{ "merged_into", "unmerge" },
	{ "resolved_at", "reopen" },
	{ "snoozed_until", "unsnooze" },
	{ "mitigated_at", "unmitigate" },
	{ "acked_at", "unacknowledge" },
};

struct err *
verb_undo(struct call *call)
{
	const struct json *inc;
	size_t i = 0;
	int64_t revision;

	TRY(client_get(call, &inc, "/api/v1/incidents/%s",
	        url_escape(call, incident_number(call->args[0]))));
	while (i < NELEMS(back) && text_of(call, inc, back[i].member)[0] == '\0')
		i++;
	if (i == NELEMS(back))
		return err_new(&call->cx, ERR_CONFLICT,
		        "incident %s is as it came: there is nothing to take back",
		        call->args[0]);
	if (!str_int(str_from(text_of(call, inc, "revision")), &revision))
		revision = 0;
	return incident_post(call,
	        &(struct incident_call){ call->args[0], back[i].verb, STR("{}"), revision });
}
