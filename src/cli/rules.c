/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin rules test`: what drafted rules would make of signals. */
#include "cli/client.h"
#include "cli/files.h"
#include "cli/table.h"

#define BODY_MAX (32 * 1024 * 1024)

static const char *
service_text(struct call *call, const struct json *judged)
{
	const char *service = text_of(call, judged, "service");

	return service[0] == '\0' ? paint(call, "nobody", "unrouted") : service;
}

static void
write_changes(struct call *call, const struct json *items)
{
	static const char *const heads[] = { "SIGNAL", "SUMMARY", "SERVICE", "THEN", "URGENCY",
		"THEN", NULL };
	struct table t = table_new(call, heads);

	for (size_t i = 0; items != NULL && i < items->array.n; i++) {
		const struct json *one = &items->array.items[i], *differs;
		const struct json *before = json_get(one, "before"),
		                  *after = json_get(one, "after");
		differs = json_get(one, "differs");
		if (differs == NULL || !differs->boolean)
			continue;
		table_cell(&t, text_of(call, one, "signal"));
		table_cell(&t, text_of(call, one, "summary"));
		table_cell(&t, service_text(call, before));
		table_cell(&t, service_text(call, after));
		table_cell(&t, text_of(call, before, "urgency"));
		table_cell(&t, text_of(call, after, "urgency"));
	}
	table_write(&t);
}

static void
write_hits(struct call *call, const struct json *rules)
{
	static const char *const heads[] = { "SET", "RULE", "NOW", "THEN", NULL };
	struct table t = table_new(call, heads);

	for (size_t i = 0; rules != NULL && i < rules->array.n; i++) {
		const struct json *one = &rules->array.items[i];
		table_cell(&t, text_of(call, one, "set"));
		table_cell(&t, text_of(call, one, "rule"));
		table_cell(&t, text_of(call, one, "before"));
		table_cell(&t, text_of(call, one, "after"));
	}
	table_write(&t);
}

static void
write_failed(struct call *call, const struct json *one)
{
	const struct json *faults = json_get(one, "faults");

	buf_printf(&call->out, "%s: %s: does not hold\n", text_of(call, one, "set"),
	        text_of(call, one, "name"));
	if (json_get(one, "error") != NULL)
		buf_printf(&call->out, "  %s\n", text_of(call, one, "error"));
	for (size_t i = 0; faults != NULL && i < faults->array.n; i++) {
		const struct json *f = &faults->array.items[i];
		buf_printf(&call->out, "  %s: expected \"%s\", but it is \"%s\"\n",
		        text_of(call, f, "field"), text_of(call, f, "expected"),
		        text_of(call, f, "seen"));
	}
}

static void
write_cases(struct call *call, const struct json *cases)
{
	size_t failed = 0, n = cases == NULL ? 0 : cases->array.n;

	for (size_t i = 0; i < n; i++) {
		const struct json *one = &cases->array.items[i], *passed;
		passed = json_get(one, "passed");
		if (passed != NULL && passed->boolean)
			continue;
		failed++;
		if (!call->json)
			write_failed(call, one);
	}
	if (failed > 0)
		call->exit = EXIT_CHECK_SAYS_NO;
	if (!call->json)
		buf_printf(&call->out, "%zu passed, %zu failed\n", n - failed, failed);
}

static struct err *
make_body(struct call *call, struct change_set *set, struct buf *out)
{
	int64_t last;
	struct jsonw w = JSONW(out);

	if (!str_int(str_from(opt(call, "--last")), &last) || last < 0)
		return err_field(&call->cx, ERR_INVALID, "usage", "--last is a number");
	jsonw_object(&w);
	jsonw_member_int(&w, "last", last);
	if (opt(call, "--file") != NULL) {
		TRY(files_read(call, set));
		jsonw_key(&w, "documents");
		jsonw_raw(&w, files_sections(call, set));
	}
	jsonw_end_object(&w);
	return NULL;
}

struct err *
verb_rules_test(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, BODY_MAX);
	struct change_set set = { 0 };
	struct answer_in in;

	TRY(make_body(call, &set, &body));
	struct err *e = client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = "/api/v1/rules/test",
	                .body = buf_view(&body) },
	        &in);
	TRY(files_locate(call, e, &set));
	if (call->json)
		write_json(call, in.json);
	else if (json_get(in.json, "items")->array.n > 0) {
		buf_printf(&call->out, "%s of %s signals change.\n",
		        text_of(call, in.json, "changed"), text_of(call, in.json, "signals"));
		write_changes(call, json_get(in.json, "items"));
		buf_puts(&call->out, "\n");
		write_hits(call, json_get(in.json, "rules"));
	}
	write_cases(call, json_get(in.json, "cases"));
	return NULL;
}
