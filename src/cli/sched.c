/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin sched`: looking at schedules, and changing who is on. */
#include "cli/client.h"
#include "cli/files.h"
#include "cli/table.h"

static const char *
names(struct call *call, const struct json *users)
{
	struct buf out = BUF_INIT(&call->cx.mem, 8192);

	for (size_t i = 0; users != NULL && i < users->array.n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : ", ",
		        text_of(call, &users->array.items[i], "id"));
	return out.len == 0 ? paint(call, "nobody", "nobody") : buf_cstr(&out);
}

/* "from=...&to=..." of what was given. */
static const char *
span(struct call *call)
{
	const char *from = opt(call, "--from"), *to = opt(call, "--to");

	return arena_printf(&call->cx.mem, "%s%s&%s%s",
	        from == NULL ? "" : "from=", from == NULL ? "" : url_escape(call, from),
	        to == NULL ? "" : "to=", to == NULL ? "" : url_escape(call, to));
}

static struct err *
ask(struct call *call, const char *what, const struct json **ret)
{
	return client_get(call, ret, "/api/v1/schedules/%s/%s?%s",
	        url_escape(call, call->args[0]), what, span(call));
}

static void
write_shifts(struct call *call, const struct json *items)
{
	static const char *const heads[] = { "FROM", "TO", "ON CALL", NULL };
	struct table t = table_new(call, heads);

	for (size_t i = 0; items != NULL && i < items->array.n; i++) {
		const struct json *shift = &items->array.items[i];
		table_cell(&t, text_of(call, shift, "from"));
		table_cell(&t, text_of(call, shift, "to"));
		table_cell(&t, names(call, json_get(shift, "users")));
	}
	table_write(&t);
}

struct err *
verb_sched_show(struct call *call)
{
	const struct json *v;

	TRY(ask(call, "shifts", &v));
	if (call->json)
		write_json(call, v);
	else
		write_shifts(call, json_get(v, "items"));
	return NULL;
}

struct err *
verb_sched_gaps(struct call *call)
{
	const struct json *v;

	TRY(ask(call, "gaps", &v));
	const struct json *items = json_get(v, "items");
	if (items->array.n > 0)
		call->exit = EXIT_CHECK_SAYS_NO;
	if (call->json)
		write_json(call, v);
	else if (items->array.n > 0)
		write_shifts(call, items);
	else
		buf_printf(&call->out, "No gap until %s.\n", text_of(call, v, "to"));
	return NULL;
}

/* ---- quality ---- */

static const char *
rounded(struct call *call, const struct json *o, const char *key)
{
	const struct json *v = json_get(o, key);
	double n = v == NULL ? 0 : v->type == JSON_INT ? (double)v->integer : v->real;

	return arena_printf(&call->cx.mem, "%.1f", n);
}

static void
write_load(struct call *call, const struct json *v)
{
	static const char *const heads[] = { "USER", "HOURS", "NIGHT", "WEEKEND", "SHARE %",
		"STRETCHES", "LONGEST", NULL };
	static const char *const cells[] = { "hours", "night_hours", "weekend_hours", "share",
		NULL, "longest_hours" };
	const struct json *load = json_get(v, "load");
	struct table t = table_new(call, heads);

	for (size_t i = 0; i < load->array.n; i++) {
		const struct json *one = &load->array.items[i];
		table_cell(&t, text_of(call, one, "user"));
		for (size_t c = 0; c < NELEMS(cells); c++)
			table_cell(&t,
			        cells[c] == NULL ? text_of(call, one, "stretches")
			                         : rounded(call, one, cells[c]));
	}
	table_write(&t);
}

static void
write_unverified(struct call *call, const struct json *users)
{
	if (users == NULL || users->array.n == 0)
		return;
	buf_puts(&call->out, "None of their contacts is verified:");
	for (size_t i = 0; i < users->array.n; i++)
		buf_printf(&call->out, " " STR_FMT, STR_ARG(users->array.items[i].string));
	buf_putc(&call->out, '\n');
}

struct err *
verb_sched_load(struct call *call)
{
	const struct json *v;

	TRY(ask(call, "quality", &v));
	const struct json *findings = json_get(v, "findings"),
	                  *fairness = json_get(v, "fairness");
	if (findings->array.n > 0)
		call->exit = EXIT_CHECK_SAYS_NO;
	if (call->json) {
		write_json(call, v);
		return NULL;
	}
	write_load(call, v);
	buf_printf(&call->out,
	        "\nCovered %s %%. Fairness: hours %s %%, nights %s %%, weekends %s %%.\n",
	        rounded(call, v, "covered"), text_of(call, fairness, "hours"),
	        text_of(call, fairness, "nights"), text_of(call, fairness, "weekends"));
	for (size_t i = 0; i < findings->array.n; i++)
		buf_printf(&call->out, "- " STR_FMT "\n",
		        STR_ARG(findings->array.items[i].string));
	write_unverified(call, json_get(v, "unverified"));
	return NULL;
}

/* ---- changes ---- */

static void
write_differences(struct call *call, const struct json *v)
{
	static const char *const heads[] = { "FROM", "TO", "BEFORE", "AFTER", NULL };
	const struct json *items = json_get(v, "differences");
	struct table t = table_new(call, heads);

	for (size_t i = 0; items != NULL && i < items->array.n; i++) {
		const struct json *d = &items->array.items[i];
		table_cell(&t, text_of(call, d, "from"));
		table_cell(&t, text_of(call, d, "to"));
		table_cell(&t, names(call, json_get(d, "before")));
		table_cell(&t, names(call, json_get(d, "after")));
	}
	if (items != NULL && items->array.n > 0)
		table_write(&t);
	else if (items != NULL)
		buf_puts(&call->out, "Nobody's time is different.\n");
}

static void
write_gaps_left(struct call *call, const struct json *v)
{
	const struct json *gaps = json_get(v, "gaps_left");

	for (size_t i = 0; gaps != NULL && i < gaps->array.n; i++) {
		const struct json *gap = &gaps->array.items[i];
		buf_printf(&call->out, "Attention: schedule/%s has nobody from %s to %s.\n",
		        text_of(call, gap, "schedule"), text_of(call, gap, "from"),
		        text_of(call, gap, "to"));
	}
}

static struct err *
post(struct call *call, const char *path, const struct buf *body)
{
	struct answer_in in;

	TRY(client_send(call,
	        &(struct request_out){ .method = "POST", .path = path, .body = buf_view(body) },
	        &in));
	if (call->json) {
		write_json(call, in.json);
		return NULL;
	}
	buf_printf(&call->out, "%s %s/%s\n",
	        opt_flag(call, "--dry-run") ? "Would make" : "Made",
	        text_of(call, in.json, "kind"), text_of(call, in.json, "id"));
	write_differences(call, in.json);
	write_gaps_left(call, in.json);
	return NULL;
}

/* "2h" from now, or an edge as the server reads it. */
static const char *
edge(struct call *call, const char *text)
{
	usec_t ahead;

	if (!duration_parse(str_from(text), &ahead))
		return text;
	return rfc3339_print(
	        ctx_now(&call->cx) + ahead, arena_alloc(&call->cx.mem, RFC3339_MAX));
}

static struct err *
send_override(struct call *call, const char *from, const char *to)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);

	jsonw_object(&w);
	jsonw_member_opt(&w, "from", from);
	jsonw_member(&w, "to", to);
	jsonw_member_opt(&w, "replace", opt(call, "--replace"));
	jsonw_member_opt(&w, "with", opt(call, "--with"));
	jsonw_member_opt(&w, "add", opt(call, "--add"));
	jsonw_member_opt(&w, "description", opt(call, "--message"));
	if (opt_flag(call, "--nobody"))
		jsonw_member_bool(&w, "nobody", true);
	if (opt_flag(call, "--dry-run"))
		jsonw_member_bool(&w, "dry_run", true);
	jsonw_end_object(&w);
	return post(call,
	        arena_printf(&call->cx.mem, "/api/v1/schedules/%s/overrides",
	                url_escape(call, call->args[0])),
	        &body);
}

struct err *
verb_sched_override(struct call *call)
{
	return send_override(call, edge(call, call->args[1]), edge(call, call->args[2]));
}

struct err *
verb_sched_take(struct call *call)
{
	return send_override(call, NULL, edge(call, call->args[1]));
}

static struct err *
post_to(struct call *call, const char *path, const char *const pairs[][2], size_t n)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);

	jsonw_object(&w);
	for (size_t i = 0; i < n; i++)
		jsonw_member_opt(&w, pairs[i][0], pairs[i][1]);
	if (opt_flag(call, "--dry-run"))
		jsonw_member_bool(&w, "dry_run", true);
	jsonw_end_object(&w);
	return post(call, path, &body);
}

struct err *
verb_sched_set(struct call *call)
{
	const char *const pairs[][2] = { { "user", call->args[1] },
		{ "layer", opt(call, "--layer") } };

	return post_to(call,
	        arena_printf(&call->cx.mem, "/api/v1/schedules/%s/set",
	                url_escape(call, call->args[0])),
	        pairs, NELEMS(pairs));
}

struct err *
verb_sched_away(struct call *call)
{
	const char *const pairs[][2] = { { "from", edge(call, call->args[1]) },
		{ "to", edge(call, call->args[2]) },
		{ "description", opt(call, "--message") } };

	return post_to(call,
	        arena_printf(&call->cx.mem, "/api/v1/users/%s/absences",
	                url_escape(call, call->args[0])),
	        pairs, NELEMS(pairs));
}

struct err *
verb_sched_preview(struct call *call)
{
	struct change_set set = { 0 };
	struct answer_in in;

	TRY(files_read(call, &set));
	struct err *e = client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = arena_printf(&call->cx.mem, "/api/v1/schedules/%s/preview?%s",
	                        url_escape(call, call->args[0]), span(call)),
	                .body = files_sections(call, &set) },
	        &in);
	TRY(files_locate(call, e, &set));
	if (call->json) {
		write_json(call, in.json);
		return NULL;
	}
	write_shifts(call, json_get(in.json, "shifts"));
	buf_puts(&call->out, "\n");
	write_differences(call, in.json);
	return NULL;
}

/* ---- swaps and notes ---- */

static void
write_swap(struct table *t, const struct json *s)
{
	static const char *const cells[] = { "id", "state", "user", "offered_to", "from", "to",
		"taken_by", "reminded_at", "remind_at" };

	for (size_t i = 0; i < NELEMS(cells); i++)
		table_cell(t, text_of(t->call, s, cells[i]));
}

static const char *const swap_heads[] = { "SWAP", "STATE", "FROM USER", "OFFERED TO", "FROM",
	"TO", "TAKEN BY", "REMINDED", "NEXT REMINDER", NULL };

/* accept, decline, withdraw: the path's last word. */
static struct err *
act_on_swap(struct call *call, const char *verb, const char *id)
{
	struct buf body = BUF_INIT(&call->cx.mem, 4096);
	struct jsonw w = JSONW(&body);
	struct table t = table_new(call, swap_heads);
	struct answer_in in;

	jsonw_object(&w);
	jsonw_member_opt(&w, "from", opt(call, "--from"));
	jsonw_member_opt(&w, "to", opt(call, "--to"));
	jsonw_end_object(&w);
	TRY(client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = arena_printf(&call->cx.mem, "/api/v1/swaps/%s/%s",
	                        url_escape(call, id), verb),
	                .body = buf_view(&body) },
	        &in));
	if (call->json) {
		write_json(call, in.json);
		return NULL;
	}
	write_swap(&t, in.json);
	table_write(&t);
	return NULL;
}

static struct err *
offer_swap(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 16 * 1024);
	struct jsonw w = JSONW(&body);
	struct table t = table_new(call, swap_heads);
	struct answer_in in;

	jsonw_object(&w);
	jsonw_member(&w, "from", edge(call, call->args[2]));
	jsonw_member(&w, "to", edge(call, call->args[3]));
	jsonw_member_opt(&w, "user", opt(call, "--user"));
	jsonw_member_opt(&w, "offered_to", opt(call, "--with"));
	jsonw_member_opt(&w, "note", opt(call, "--message"));
	jsonw_end_object(&w);
	TRY(client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = arena_printf(&call->cx.mem, "/api/v1/schedules/%s/swaps",
	                        url_escape(call, call->args[1])),
	                .body = buf_view(&body) },
	        &in));
	if (call->json) {
		write_json(call, in.json);
		return NULL;
	}
	write_swap(&t, in.json);
	table_write(&t);
	return NULL;
}

struct err *
verb_sched_swap(struct call *call)
{
	static const char *const ends[] = { "accept", "decline", "withdraw" };
	const char *what = call->args[0];

	for (size_t i = 0; i < NELEMS(ends); i++)
		if (strcmp(what, ends[i]) == 0 && call->n_args == 2)
			return act_on_swap(call, ends[i], call->args[1]);
	if (strcmp(what, "offer") == 0 && call->n_args == 4)
		return offer_swap(call);
	return err_field(&call->cx, ERR_INVALID, "usage",
	        "say offer SCHEDULE FROM TO, or accept, decline or withdraw and the swap's number");
}

struct err *
verb_sched_swaps(struct call *call)
{
	struct table t = table_new(call, swap_heads);
	const struct json *v;

	TRY(client_get(
	        call, &v, "/api/v1/schedules/%s/swaps", url_escape(call, call->args[0])));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++)
		write_swap(&t, &items->array.items[i]);
	table_write(&t);
	return NULL;
}

struct err *
verb_sched_note(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 64 * 1024);
	struct jsonw w = JSONW(&body);
	struct answer_in in;

	jsonw_object(&w);
	jsonw_member(&w, "text", call->args[1]);
	jsonw_end_object(&w);
	TRY(client_send(call,
	        &(struct request_out){ .method = "POST",
	                .path = arena_printf(&call->cx.mem, "/api/v1/schedules/%s/notes",
	                        url_escape(call, call->args[0])),
	                .body = buf_view(&body) },
	        &in));
	if (call->json)
		write_json(call, in.json);
	return NULL;
}
