/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin contact`: which addresses are known to reach a person, and showing that they do. */
#include "cli/client.h"
#include "cli/table.h"

/* --user, or who is signed in. */
static struct err *
whose(struct call *call, const char **ret)
{
	const struct json *me;

	*ret = opt(call, "--user");
	if (*ret != NULL)
		return NULL;
	TRY(client_get(call, &me, "/api/v1/me"));
	*ret = text_of(call, me, "id");
	return NULL;
}

static struct err *
post(struct call *call, const char *verb, struct str body, struct answer_in *ret)
{
	const char *user;

	TRY(whose(call, &user));
	const struct request_out rq = { "POST",
		arena_printf(&call->cx.mem, "/api/v1/users/%s/contacts/%s/%s",
		        url_escape(call, user), url_escape(call, call->args[0]), verb),
		body, .type = NULL };
	return client_send(call, &rq, ret);
}

struct err *
verb_contact_list(struct call *call)
{
	static const char *const heads[] = { "CONTACT", "TYPE", "ADDRESS", "VERIFIED",
		"LAST TEST", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;
	const char *user;

	TRY(whose(call, &user));
	TRY(client_get(call, &v, "/api/v1/users/%s/contacts", url_escape(call, user)));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *c = &items->array.items[i];
		const char *at = text_of(call, c, "verified_at");
		table_cell(&t, text_of(call, c, "id"));
		table_cell(&t, text_of(call, c, "type"));
		table_cell(&t, text_of(call, c, "address"));
		table_cell(&t, at[0] == '\0' ? paint(call, "nobody", "no") : at);
		table_cell(&t, text_of(call, c, "last_state"));
	}
	table_write(&t);
	return NULL;
}

static struct err *
tell(struct call *call, const struct answer_in *a, const char *words)
{
	if (call->json)
		write_json(call, a->json);
	else
		buf_printf(&call->out, "%s: %s\n", text_of(call, a->json, "id"), words);
	return NULL;
}

struct err *
verb_contact_code(struct call *call)
{
	struct answer_in a;

	TRY(post(call, "code", STR(""), &a));
	return tell(call, &a, "a code is on its way; it holds for 15 minutes");
}

struct err *
verb_contact_test(struct call *call)
{
	struct answer_in a;

	TRY(post(call, "test", STR(""), &a));
	return tell(call, &a, "a test is on its way");
}

struct err *
verb_contact_verify(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 1024);
	struct jsonw w = JSONW(&body);
	struct answer_in a;

	jsonw_object(&w);
	jsonw_member(&w, "code", call->args[1]);
	jsonw_end_object(&w);
	TRY(post(call, "verify", (struct str){ buf_cstr(&body), body.len }, &a));
	return tell(call, &a, "verified");
}
