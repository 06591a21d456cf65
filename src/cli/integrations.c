/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin integration`: what each heard, and their keys. */
#include <stdio.h>

#include "cli/client.h"
#include "cli/table.h"

struct err *
verb_integration_list(struct call *call)
{
	static const char *const heads[] = { "ID", "LAST SIGNAL", "24 H", "7 DAYS", "REFUSED",
		"OLD KEY", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/heard"));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *h = &items->array.items[i];
		table_cell(&t, text_of(call, h, "integration"));
		table_cell(&t, text_of(call, h, "last_at"));
		table_cell(&t, text_of(call, h, "day"));
		table_cell(&t, text_of(call, h, "week"));
		table_cell(&t, text_of(call, h, "refused_reason"));
		table_cell(&t, text_of(call, h, "old_key_at"));
	}
	table_write(&t);
	return NULL;
}

/* The key alone on standard output, for scripts; what to know of it beside. */
static void
tell_key(struct call *call, const struct json *made)
{
	const char *source = text_of(call, made, "source");

	if (call->json) {
		write_json(call, made);
		return;
	}
	buf_printf(&call->out, "%s\n", text_of(call, made, "key"));
	fprintf(stderr,
	        "the old key of %s is valid until %s; `tocsin integration end-old-key %s` ends it\n",
	        call->args[0], when_text(call, text_of(call, made, "old_key_until")),
	        call->args[0]);
	if (source[0] != '\0')
		fprintf(stderr,
		        "it came by apply \"%s\": if its file says the key, change it there too\n",
		        source);
}

struct err *
verb_integration_rotate(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 256);
	struct jsonw w = JSONW(&body);
	struct answer_in a;

	jsonw_object(&w);
	jsonw_member_opt(&w, "grace", opt(call, "--grace"));
	jsonw_end_object(&w);
	const struct request_out rq = { "POST",
		arena_printf(&call->cx.mem, "/api/v1/integrations/%s/rotate",
		        url_escape(call, call->args[0])),
		{ buf_cstr(&body), body.len }, .type = NULL };
	TRY(client_send(call, &rq, &a));
	tell_key(call, a.json);
	return NULL;
}

struct err *
verb_integration_end_old_key(struct call *call)
{
	const struct request_out rq = { "DELETE",
		arena_printf(&call->cx.mem, "/api/v1/integrations/%s/old-key",
		        url_escape(call, call->args[0])),
		.type = NULL };
	struct answer_in a;

	TRY(client_send(call, &rq, &a));
	if (!call->json)
		buf_printf(&call->out, "The old key of %s has ended\n", call->args[0]);
	return NULL;
}
