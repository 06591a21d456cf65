/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin oncall`: who is it, until when. */
#include "cli/cache.h"
#include "cli/table.h"

static const char *
names(struct call *call, const struct json *users)
{
	struct buf out = BUF_INIT(&call->cx.mem, 8192);

	for (size_t i = 0; i < users->array.n; i++) {
		const char *name = text_of(call, &users->array.items[i], "name");
		buf_printf(&out, "%s%s", i == 0 ? "" : ", ",
		        name[0] != '\0' ? name : text_of(call, &users->array.items[i], "id"));
	}
	return out.len == 0 ? paint(call, "nobody", "nobody") : buf_cstr(&out);
}

static void
add_row(struct table *t, const struct json *duty)
{
	const struct json *users = json_get(duty, "users");
	const char *until = text_of(t->call, duty, "until");

	table_cell(t, text_of(t->call, duty, "schedule"));
	table_cell(t, text_of(t->call, duty, "team"));
	table_cell(t, names(t->call, users));
	table_cell(t, until[0] == '\0' ? "-" : when_text(t->call, until));
	if (users->array.n == 0 && t->call->exit == EXIT_DONE)
		t->call->exit = EXIT_CHECK_SAYS_NO;
}

struct err *
verb_oncall(struct call *call)
{
	static const char *const heads[] = { "SCHEDULE", "TEAM", "ON CALL", "UNTIL", NULL };
	const char *at = opt(call, "--at"), *team = opt(call, "--team");
	struct table t = table_new(call, heads);
	const struct json *v;

	at = at == NULL ? "" : arena_printf(&call->cx.mem, "at=%s", url_escape(call, at));
	if (call->n_args == 1)
		TRY(client_get_kept(call, &v, "/api/v1/schedules/%s/oncall?%s",
		        url_escape(call, call->args[0]), at));
	else
		TRY(client_get_kept(call, &v, "/api/v1/oncall?%s&team=%s", at,
		        team == NULL ? "" : url_escape(call, team)));
	const struct json *items = json_get(v, "items");
	for (size_t i = 0; items != NULL && i < items->array.n; i++)
		add_row(&t, &items->array.items[i]);
	if (items == NULL)
		add_row(&t, v);
	if (call->json)
		write_json(call, items == NULL ? v : items);
	else
		table_write(&t);
	return NULL;
}
