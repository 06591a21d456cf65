/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin report`: response times, noise and load, as the API computes them. */
#include "cli/client.h"
#include "cli/table.h"

static const char *
query(struct call *call)
{
	static const char *const names[] = { "--from", "--to", "--team", "--zone" };
	struct buf out = BUF_INIT(&call->cx.mem, 8192);

	buf_puts(&out, opt_flag(call, "--csv") ? "format=csv" : "format=json");
	for (size_t i = 0; i < NELEMS(names); i++)
		if (opt(call, names[i]) != NULL)
			buf_printf(&out, "&%s=%s", names[i] + 2,
			        url_escape(call, opt(call, names[i])));
	return buf_cstr(&out);
}

/* *ret is NULL when everything is written already: CSV as it comes, or JSON. */
static struct err *
ask(struct call *call, const struct json **ret)
{
	const struct request_out rq = { "GET",
		arena_printf(
		        &call->cx.mem, "/api/v1/reports/%s?%s", call->verb->sub, query(call)),
		.type = NULL };
	struct answer_in a;

	TRY(client_send(call, &rq, &a));
	*ret = NULL;
	if (opt_flag(call, "--csv"))
		buf_str(&call->out, a.body);
	else if (call->json)
		write_json(call, a.json);
	else
		*ret = a.json;
	return NULL;
}

static double
number(const struct json *o, const char *key)
{
	const struct json *v = json_get(o, key);

	if (v == NULL)
		return -1;
	return v->type == JSON_INT ? (double)v->integer : v->real;
}

/* For people "4.2 min"; seconds in a pipe; nothing where nothing was measured. */
static const char *
seconds_text(struct call *call, const struct json *o, const char *key)
{
	static const struct {
		double under, unit;
		const char *name;
	} units[] = { { 100, 1, "s" }, { 6000, 60, "min" }, { 360000, 3600, "h" },
		{ 1e18, 86400, "d" } };
	double seconds = number(o, key);
	size_t u = 0;

	if (seconds < 0)
		return call->tty ? "-" : "";
	if (!call->tty)
		return arena_printf(&call->cx.mem, "%.3f", seconds);
	while (seconds >= units[u].under)
		u++;
	return arena_printf(&call->cx.mem, "%.1f %s", seconds / units[u].unit, units[u].name);
}

/* ---- response ---- */

static void
response_row(struct table *t, const char *name, const struct json *group)
{
	static const char *const measures[] = { "ack", "resolve" };

	table_cell(t, name);
	table_cell(t, text_of(t->call, group, "incidents"));
	for (size_t m = 0; m < NELEMS(measures); m++) {
		const struct json *d = json_get(group, measures[m]);
		table_cell(t, text_of(t->call, d, "n"));
		table_cell(t, seconds_text(t->call, d, "p50"));
		table_cell(t, seconds_text(t->call, d, "p90"));
	}
	table_cell(t, text_of(t->call, group, "exhausted"));
}

static void
response_groups(struct table *t, const struct json *v, const char *by)
{
	const struct json *groups = json_get(v, arena_printf(&t->call->cx.mem, "by_%s", by));

	for (size_t i = 0; groups != NULL && i < groups->array.n; i++) {
		const struct json *group = &groups->array.items[i];
		const char *key = text_of(t->call, group, "key");
		response_row(t,
		        arena_printf(
		                &t->call->cx.mem, "%s %s", by, key[0] == '\0' ? "none" : key),
		        group);
	}
}

static void
tell_left_out(struct call *call, const struct json *v)
{
	const struct json *out = json_get(v, "left_out");

	if (call->tty)
		buf_printf(&call->out,
		        "Left out: %s drills and tests, %s merged. %s were acknowledged by "
		        "machines only.\n",
		        text_of(call, out, "drills"), text_of(call, out, "merged"),
		        text_of(call, out, "acknowledged_by_machine"));
}

struct err *
verb_report_response(struct call *call)
{
	static const char *const heads[] = { "OF", "INCIDENTS", "ANSWERED", "P50", "P90",
		"RESOLVED", "P50", "P90", "NOBODY LEFT", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(ask(call, &v));
	if (v == NULL)
		return NULL;
	response_row(&t, "all", v);
	response_row(&t, "the time before", json_get(v, "before"));
	response_groups(&t, v, "severity");
	response_groups(&t, v, "team");
	response_groups(&t, v, "hour");
	table_write(&t);
	tell_left_out(call, v);
	return NULL;
}

/* ---- noise ---- */

struct err *
verb_report_noise(struct call *call)
{
	static const char *const heads[] = { "SIGNATURE", "SERVICE", "INCIDENTS", "PAGES",
		"ACTED ON", "SELF-CLEARED", "ASLEEP", "NEWEST", "WHAT TO DO", NULL };
	static const char *const members[] = { "signature", "service", "incidents", "pages",
		"acted", "self_cleared", "asleep", "newest", "advice" };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(ask(call, &v));
	if (v == NULL)
		return NULL;
	const struct json *items = json_get(v, "items");
	for (size_t i = 0; i < items->array.n; i++)
		for (size_t m = 0; m < NELEMS(members); m++)
			table_cell(&t, text_of(call, &items->array.items[i], members[m]));
	table_write(&t);
	return NULL;
}

/* ---- load ---- */

static const char *
one_decimal(struct call *call, const struct json *o, const char *key)
{
	return arena_printf(&call->cx.mem, "%.1f", number(o, key));
}

static void
load_row(struct table *t, const char *who, const struct json *o)
{
	table_cell(t, who);
	table_cell(t, one_decimal(t->call, o, "hours"));
	table_cell(t, json_get(o, "share") == NULL ? "" : one_decimal(t->call, o, "share"));
	table_cell(t, text_of(t->call, o, "pages"));
	table_cell(t, text_of(t->call, o, "night_pages"));
	table_cell(t, text_of(t->call, o, "woke"));
}

struct err *
verb_report_load(struct call *call)
{
	static const char *const heads[] = { "WHO", "HOURS", "SHARE %", "PAGES", "AT NIGHT",
		"NIGHTS", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(ask(call, &v));
	if (v == NULL)
		return NULL;
	const struct json *people = json_get(v, "people"), *teams = json_get(v, "teams");
	for (size_t i = 0; i < people->array.n; i++)
		load_row(&t, text_of(call, &people->array.items[i], "user"),
		        &people->array.items[i]);
	for (size_t i = 0; i < teams->array.n; i++)
		load_row(&t,
		        arena_printf(&call->cx.mem, "team/%s",
		                text_of(call, &teams->array.items[i], "team")),
		        &teams->array.items[i]);
	table_write(&t);
	return NULL;
}
