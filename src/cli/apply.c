/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration from the command line. Files are read here, so that a fault is told with file,
 * line and column, also when it is the server that finds it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/changes.h"
#include "cli/client.h"
#include "cli/files.h"
#include "cli/table.h"

#define INPUT_MAX_BYTES (64 * 1024 * 1024)

/* ---- where a pointer of the server stands in our files ---- */

static const struct change *
change_at(const struct change_set *set, const char *pointer, size_t *ret_len)
{
	for (size_t i = 0; i < set->n; i++) {
		size_t len = strlen(set->items[i].pointer);
		*ret_len = len;
		if (strncmp(pointer, set->items[i].pointer, len) == 0
		        && (pointer[len] == '/' || pointer[len] == '\0'))
			return &set->items[i];
	}
	return NULL;
}

static const struct json *
child_of(const struct json *v, struct str name)
{
	int64_t i;

	if (v->type == JSON_ARRAY)
		return str_int(name, &i) && i >= 0 && (size_t)i < v->array.n
		        ? &v->array.items[i]
		        : NULL;
	for (size_t m = 0; v->type == JSON_OBJECT && m < v->object.n; m++)
		if (str_eq(v->object.members[m].key, name))
			return &v->object.members[m].value;
	return NULL;
}

/* The deepest value that the pointer still names. */
static const struct json *
value_at(const struct json *v, const char *pointer)
{
	struct str rest = str_from(pointer);

	if (rest.len > 0)
		(void)str_cut(&rest, '/');
	while (rest.len > 0) {
		const struct json *child = child_of(v, str_cut(&rest, '/'));
		if (child == NULL)
			break;
		v = child;
	}
	return v;
}

struct err *
files_locate(struct call *call, struct err *e, const struct change_set *set)
{
	struct faults *faults = ARENA_NEW(&call->cx.mem, struct faults);
	size_t len;

	for (size_t i = 0; e != NULL && e->faults != NULL && i < e->faults->n; i++) {
		struct fault f = e->faults->items[i];
		const struct change *c = change_at(set, f.pointer, &len);
		if (c != NULL && f.file == NULL && c->body != NULL) {
			const struct json *v = value_at(c->body, f.pointer + len);
			f.file = c->file;
			f.line = v->line;
			f.column = v->column;
		}
		fault_add(&call->cx, faults, f);
	}
	return faults->n == 0 ? e : err_faults(&call->cx, faults);
}

/* ---- reading ---- */

/* "-": what another program writes. */
static struct err *
read_input(struct call *call, struct change_set *set)
{
	struct buf text = BUF_INIT(&call->cx.mem, INPUT_MAX_BYTES);
	char block[16384];
	size_t n;

	while ((n = fread(block, 1, sizeof block, stdin)) > 0)
		buf_add(&text, block, n);
	if (text.cut)
		return err_new(&call->cx, ERR_LIMIT, "standard input has more than %d bytes",
		        INPUT_MAX_BYTES);
	return change_set_parse(&call->cx, "standard input", buf_view(&text), set);
}

struct err *
files_read(struct call *call, struct change_set *set)
{
	bool some = false;

	for (size_t i = 0; i < call->n_given; i++) {
		if (strcmp(call->given[i].option->name, "--file") != 0)
			continue;
		some = true;
		if (strcmp(call->given[i].value, "-") == 0)
			TRY(read_input(call, set));
		else
			TRY(change_set_read(&call->cx, call->given[i].value, set));
	}
	if (!some)
		return err_field(&call->cx, ERR_INVALID, "usage", "say what: -f PATH");
	return NULL;
}

/* The set in the form of a file: sections of documents. */
struct str
files_sections(struct call *call, const struct change_set *set)
{
	struct buf out = BUF_INIT(&call->cx.mem, 64 * 1024 * 1024);
	struct jsonw w = JSONW(&out);

	jsonw_object(&w);
	for (int k = 0; k < KIND_MAX; k++) {
		bool open = false;
		for (size_t i = 0; i < set->n; i++) {
			if (set->items[i].kind != (enum kind)k)
				continue;
			if (!open)
				jsonw_key(&w, kind_section((enum kind)k));
			if (!open && k != KIND_ORGANISATION)
				jsonw_object(&w);
			open = true;
			if (k != KIND_ORGANISATION)
				jsonw_key(&w, set->items[i].id);
			jsonw_tree(&w, set->items[i].body);
		}
		if (open && k != KIND_ORGANISATION)
			jsonw_end_object(&w);
	}
	jsonw_end_object(&w);
	return (struct str){ buf_cstr(&out), out.len };
}

/* ---- telling ---- */

static void
tell(struct call *call, const struct json *plan)
{
	const struct json *changes = json_get(plan, "changes"),
	                  *dry = json_get(plan, "dry_run");
	static const struct {
		const char *verb, *mark;
	} marks[] = { { "add", "+" }, { "change", "~" }, { "remove", "-" } };
	size_t n = changes == NULL ? 0 : changes->array.n;

	for (size_t i = 0; i < n; i++) {
		const struct json *c = &changes->array.items[i];
		const char *verb = text_of(call, c, "verb"), *key = text_of(call, c, "new_key");
		const char *mark = "?";
		for (size_t m = 0; m < NELEMS(marks); m++)
			if (strcmp(marks[m].verb, verb) == 0)
				mark = marks[m].mark;
		buf_printf(&call->out, "%s %s/%s%s%s\n", mark, text_of(call, c, "kind"),
		        text_of(call, c, "id"),
		        key[0] == '\0' ? "" : "   its key, shown once: ", key);
	}
	bool only_said = dry != NULL && dry->type == JSON_BOOL && dry->boolean;
	buf_printf(&call->out, "%s%zu change%s%s\n",
	        n == 0              ? "Nothing to do: "
	                : only_said ? "Would make "
	                            : "Applied ",
	        n, n == 1 ? "" : "s",
	        n == 0 || only_said ? ""
	                            : arena_printf(&call->cx.mem, ", now at revision %s",
	                                    text_of(call, plan, "revision")));
}

static struct err *
tell_plan(struct call *call, const struct plan *plan, bool dry_run)
{
	struct buf out = BUF_INIT(&call->cx.mem, 64 * 1024 * 1024);
	struct jsonw w = JSONW(&out);
	struct json *v;

	plan_write(&w, plan, dry_run);
	TRY(json_parse(
	        &call->cx, (struct str){ buf_cstr(&out), out.len }, JSON_LIMITS_CONFIG, &v));
	if (call->json)
		write_json(call, v);
	else
		tell(call, v);
	return NULL;
}

/* ---- apply ---- */

static struct err *
apply_here(struct call *call, struct home *h, const struct change_set *set)
{
	const struct snapshot *base CLEANUP(snapshot_unrefp) = config_current(h->config);
	const struct plan_options options = { .source = opt(call, "--source"),
		.prune = opt_flag(call, "--prune"),
		.message = opt(call, "--message") };
	bool dry_run = opt_flag(call, "--dry-run");
	struct plan plan;

	TRY(config_plan(&call->cx, h->config, base, set, &options, &plan));
	struct err *e = NULL;
	if (!dry_run && plan.n > 0)
		e = engine_run(&call->cx, &h->engine, h->db, plan_apply_run, &plan);
	if (e == NULL)
		e = tell_plan(call, &plan, dry_run);
	plan_free(&plan);
	return e;
}

static void
add_query(struct call *call, struct buf *path, const char *name, const char *value)
{
	if (value != NULL)
		buf_printf(path, "&%s=%s", name, url_escape(call, value));
}

static struct err *
apply_there(struct call *call, const struct change_set *set)
{
	struct buf path = BUF_INIT(&call->cx.mem, 16 * 1024);
	struct answer_in a;

	buf_printf(&path, "/api/v1/config?dry_run=%d&prune=%d", opt_flag(call, "--dry-run"),
	        opt_flag(call, "--prune"));
	add_query(call, &path, "source", opt(call, "--source"));
	add_query(call, &path, "message", opt(call, "--message"));
	const struct request_out rq = { "POST", buf_cstr(&path), files_sections(call, set),
		.type = NULL };
	struct err *e = client_send(call, &rq, &a);
	if (e != NULL)
		return files_locate(call, e, set);
	if (call->json)
		write_json(call, a.json);
	else
		tell(call, a.json);
	return NULL;
}

struct err *
verb_apply(struct call *call)
{
	struct change_set set = { 0 };
	struct home h;

	TRY(files_read(call, &set));
	if (opt_flag(call, "--prune") && opt(call, "--source") == NULL)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--prune removes what the same source brought earlier: name it by --source");
	if (!works_offline(call))
		return apply_there(call, &set);
	TRY(call_home(call, &h));
	struct err *e = apply_here(call, &h, &set);
	home_close(&h);
	return e;
}

/* ---- export ---- */

static struct err *
export_here(struct call *call)
{
	struct home h;

	TRY(call_home(call, &h));
	const struct snapshot *s = config_current(h.config);
	struct err *e = call->json ? config_export_json(&call->cx, s, &call->out)
	                           : config_export_yaml(&call->cx, s, &call->out);
	if (call->json)
		buf_putc(&call->out, '\n');
	snapshot_unref(s);
	home_close(&h);
	return e;
}

struct err *
verb_export(struct call *call)
{
	struct request_out rq = { "GET",
		call->json ? "/api/v1/config?format=json" : "/api/v1/config?format=yaml" };
	struct answer_in a;

	if (works_offline(call))
		return export_here(call);
	TRY(client_send(call, &rq, &a));
	buf_str(&call->out, a.body);
	if (call->json)
		buf_putc(&call->out, '\n');
	return NULL;
}

/* ---- history ---- */

static const char *
changes_text(struct call *call, const struct json *changes)
{
	struct buf out = BUF_INIT(&call->cx.mem, 4096);
	size_t n = changes == NULL || changes->type != JSON_ARRAY ? 0 : changes->array.n;

	for (size_t i = 0; i < n && i < 3; i++)
		buf_printf(&out, "%s%s %s/%s", i == 0 ? "" : ", ",
		        text_of(call, &changes->array.items[i], "verb"),
		        text_of(call, &changes->array.items[i], "kind"),
		        text_of(call, &changes->array.items[i], "id"));
	if (n > 3)
		buf_printf(&out, " and %zu more", n - 3);
	return buf_cstr(&out);
}

struct err *
verb_config_log(struct call *call)
{
	static const char *const heads[] = { "REVISION", "AT", "AUTHOR", "SOURCE", "CHANGES",
		"MESSAGE", NULL };
	struct table t = table_new(call, heads);
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/config/revisions?limit=%s",
	        url_escape(call, opt(call, "--limit"))));
	const struct json *items = json_get(v, "items");
	if (call->json) {
		write_json(call, items);
		return NULL;
	}
	for (size_t i = 0; i < items->array.n; i++) {
		const struct json *r = &items->array.items[i];
		table_cell(&t, text_of(call, r, "number"));
		table_cell(&t, text_of(call, r, "at"));
		table_cell(&t, text_of(call, r, "author"));
		table_cell(&t, text_of(call, r, "source"));
		table_cell(&t, changes_text(call, json_get(r, "changes")));
		table_cell(&t, text_of(call, r, "message"));
	}
	table_write(&t);
	return NULL;
}

static void
tell_side(struct call *call, const char *mark, const struct json *v)
{
	struct buf out = BUF_INIT(&call->cx.mem, 1024 * 1024);
	struct str rest;

	if (v == NULL)
		return;
	yaml_print(&out, v);
	rest = (struct str){ buf_cstr(&out), out.len };
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		buf_printf(&call->out, "  %s " STR_FMT "\n", mark, STR_ARG(line));
	}
}

struct err *
verb_config_diff(struct call *call)
{
	const char *from = call->n_args > 0 ? call->args[0] : "";
	const char *to = call->n_args > 1 ? call->args[1] : "";
	const struct json *v;

	TRY(client_get(call, &v, "/api/v1/config/diff?%s%s%s%s", from[0] == '\0' ? "" : "from=",
	        url_escape(call, from), to[0] == '\0' ? "" : "&to=", url_escape(call, to)));
	if (call->json) {
		write_json(call, v);
		return NULL;
	}
	const struct json *changes = json_get(v, "changes");
	for (size_t i = 0; i < changes->array.n; i++) {
		const struct json *c = &changes->array.items[i];
		buf_printf(&call->out, "%s %s/%s\n", text_of(call, c, "verb"),
		        text_of(call, c, "kind"), text_of(call, c, "id"));
		tell_side(call, "-", json_get(c, "before"));
		tell_side(call, "+", json_get(c, "after"));
	}
	return NULL;
}

/* All of the configuration, or one document of it. */
static struct err *
rollback_path(struct call *call, const char **ret)
{
	struct str id, kind_word;
	enum kind kind;

	*ret = "/api/v1/config/rollback";
	if (call->n_args < 2)
		return NULL;
	id = str_from(call->args[1]);
	kind_word = str_cut(&id, '/');
	if (!kind_by_name(kind_word, &kind))
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "expected a document such as policy/payments");
	*ret = kind == KIND_ORGANISATION ? "/api/v1/organisation/rollback"
	                                 : arena_printf(&call->cx.mem, "/api/v1/%s/%s/rollback",
	                                         kind_section(kind), id.p);
	return NULL;
}

struct err *
verb_config_rollback(struct call *call)
{
	struct buf body = BUF_INIT(&call->cx.mem, 200);
	struct jsonw w = JSONW(&body);
	const char *path;
	struct answer_in a;
	int64_t revision;

	if (!str_int(str_from(call->args[0]), &revision) || revision < 0)
		return err_field(&call->cx, ERR_INVALID, "usage", "a revision is a number");
	jsonw_object(&w);
	jsonw_member_int(&w, "revision", revision);
	jsonw_member_bool(&w, "dry_run", opt_flag(call, "--dry-run"));
	jsonw_end_object(&w);
	TRY(rollback_path(call, &path));
	const struct request_out rq = { "POST", path, { buf_cstr(&body), body.len },
		.type = NULL };
	TRY(client_send(call, &rq, &a));
	if (call->json)
		write_json(call, a.json);
	else
		tell(call, a.json);
	return NULL;
}
