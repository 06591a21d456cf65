/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin signal`: what a monitor would send. */
#include "cli/client.h"
#include "cli/table.h"

static struct str
signal_body(struct call *call)
{
	struct buf *out = ARENA_NEW(&call->cx.mem, struct buf);

	*out = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(out);
	jsonw_object(&w);
	jsonw_member(&w, "dedup_key", call->args[0]);
	jsonw_member(&w, "action", opt_flag(call, "--resolve") ? "resolve" : "trigger");
	jsonw_member_opt(&w, "severity", call->n_args > 1 ? call->args[1] : NULL);
	jsonw_member_opt(&w, "summary", call->n_args > 2 ? call->args[2] : NULL);
	jsonw_member_opt(&w, "service", opt(call, "--service"));
	jsonw_end_object(&w);
	return (struct str){ buf_cstr(out), out->len };
}

struct err *
verb_signal(struct call *call)
{
	const char *key = opt(call, "--key");
	struct answer_in a;

	if (key == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "which integration? --key KEY, or TOCSIN_KEY");
	if (call->n_args < 2 && !opt_flag(call, "--resolve"))
		return err_field(&call->cx, ERR_INVALID, "usage", "how severe is it?");
	const struct request_out rq = { "POST", "/api/v1/signals", signal_body(call),
		.token = key };
	TRY(client_send(call, &rq, &a));
	if (call->json) {
		write_json(call, a.json);
		return NULL;
	}
	const struct json *results = json_get(a.json, "results"), *r = &results->array.items[0];
	const char *incident = text_of(call, r, "incident");
	buf_printf(&call->out, "%s%s%s\n", text_of(call, r, "outcome"),
	        incident[0] == '\0' ? "" : ": incident #", incident);
	return NULL;
}
