/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin feed`: calendars to subscribe to. */
#include "cli/client.h"
#include "cli/table.h"

static void
tell_made(struct call *call, const struct json *made)
{
	if (call->json)
		write_json(call, made);
	else
		buf_printf(&call->out, "%s\n", text_of(call, made, "url"));
}

struct err *
verb_feed_create(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 8192);
	struct jsonw w = JSONW(&body);
	struct answer_in a;

	jsonw_object(&w);
	jsonw_member(&w, "subject", call->args[0]);
	jsonw_member_bool(&w, "own", opt_flag(call, "--own"));
	jsonw_member_opt(&w, "user", opt(call, "--user"));
	jsonw_key(&w, "reminders");
	jsonw_array(&w);
	for (size_t i = 0; i < call->n_given; i++)
		if (strcmp(call->given[i].option->name, "--remind") == 0)
			jsonw_cstr(&w, call->given[i].value);
	jsonw_end_array(&w);
	jsonw_end_object(&w);
	const struct request_out rq = { "POST", "/api/v1/feeds", { buf_cstr(&body), body.len },
		.type = NULL };
	TRY(client_send(call, &rq, &a));
	tell_made(call, a.json);
	return NULL;
}

static const char *
spans(struct call *call, const struct json *list)
{
	struct buf out = BUF_INIT(&call->cx.mem, 1024);

	for (size_t i = 0; list != NULL && i < list->array.n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : " ",
		        json_as_text(&call->cx.mem, &list->array.items[i]));
	return buf_cstr(&out);
}

struct err *
verb_feed_list(struct call *call)
{
	static const char *const heads[] = { "ID", "USER", "SUBJECT", "OWN", "REMINDERS",
		"LAST USE", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/feeds?limit=500"));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *f = &items->array.items[i];
		table_cell(&t, text_of(call, f, "id"));
		table_cell(&t, text_of(call, f, "user"));
		table_cell(&t, text_of(call, f, "subject"));
		table_cell(&t, text_of(call, f, "own"));
		table_cell(&t, spans(call, json_get(f, "reminders")));
		table_cell(&t, text_of(call, f, "used_at"));
	}
	table_write(&t);
	return NULL;
}

struct err *
verb_feed_rotate(struct call *call)
{
	const struct request_out rq = { "POST",
		arena_printf(&call->cx.mem, "/api/v1/feeds/%s/rotate",
		        url_escape(call, call->args[0])),
		.type = NULL };
	struct answer_in a;

	TRY(client_send(call, &rq, &a));
	tell_made(call, a.json);
	return NULL;
}

struct err *
verb_feed_revoke(struct call *call)
{
	const struct request_out rq = { "DELETE",
		arena_printf(
		        &call->cx.mem, "/api/v1/feeds/%s", url_escape(call, call->args[0])),
		.type = NULL };
	struct answer_in a;

	TRY(client_send(call, &rq, &a));
	if (!call->json)
		buf_printf(&call->out, "Calendar %s is revoked\n", call->args[0]);
	return NULL;
}
