/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin policy check`: who would be paged, and what is wrong. */
#include "cli/client.h"
#include "cli/table.h"

static void
write_pages(struct call *call, const struct json *pages)
{
	static const char *const heads[] = { "AT", "STEP", "WHO", "CONTACT", "BECAUSE",
		"WHY NOT", NULL };
	struct table t = table_new(call, heads);

	for (size_t i = 0; pages != NULL && i < pages->array.n; i++) {
		const struct json *p = &pages->array.items[i];
		const char *step = text_of(call, p, "step");
		table_cell(&t, when_text(call, text_of(call, p, "at")));
		table_cell(&t, step[0] == '\0' ? "catch-all" : step);
		table_cell(&t, text_of(call, p, "user"));
		table_cell(&t, text_of(call, p, "contact"));
		table_cell(&t, text_of(call, p, "because"));
		table_cell(&t, text_of(call, p, "reason"));
	}
	table_write(&t);
}

static void
write_findings(struct call *call, const struct json *findings)
{
	for (size_t i = 0; findings != NULL && i < findings->array.n; i++) {
		const struct json *f = &findings->array.items[i];
		call->exit = EXIT_CHECK_SAYS_NO;
		if (!call->json)
			buf_printf(&call->out, "%s%s: %s\n", i == 0 ? "\n" : "",
			        text_of(call, f, "pointer"), text_of(call, f, "finding"));
	}
}

struct err *
verb_policy_check(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 1000);
	struct jsonw w = JSONW(&body);
	struct answer_in in;

	jsonw_object(&w);
	jsonw_member_opt(&w, "at", opt(call, "--at"));
	jsonw_member(&w, "urgency", opt(call, "--urgency"));
	jsonw_end_object(&w);
	TRY(client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = arena_printf(&call->cx.mem, "/api/v1/policies/%s/check",
	                        url_escape(call, call->args[0])),
	                .body = buf_view(&body) },
	        &in));
	if (call->json)
		write_json(call, in.json);
	else
		write_pages(call, json_get(in.json, "pages"));
	write_findings(call, json_get(in.json, "findings"));
	return NULL;
}
