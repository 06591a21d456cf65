/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration as a whole: export, apply, history, diff, rollback. */
#include "api/changes.h"

#include <inttypes.h>
#include <strings.h>

#include "api/described.h"

#define RACES_MAX 8 /* times that somebody else may be first */
#define APPLY_MAX (32 * 1024 * 1024)

struct err *
plan_apply_run(struct ctx *cx, struct engine *e, void *arg)
{
	TRY(contacts_told(cx, e, arg));
	return engine_apply(cx, e, arg);
}

struct applying {
	const struct changing *c;
	struct plan *plan;
};

static struct err *
apply_and_more(struct ctx *cx, struct engine *e, void *arg)
{
	struct applying *a = arg;

	if (a->c->also == NULL)
		return plan_apply_run(cx, e, a->plan);
	if (snapshot_revision(e->snapshot) != snapshot_revision(a->plan->base))
		return err_new(cx, ERR_CONFLICT, "the configuration has changed meanwhile");
	/* It may refuse, and has written nothing then. What comes after it must not refuse:
	 * any other error takes all of it back. */
	TRY(a->c->also(cx, e, a->c->also_arg));
	struct err *failed = engine_apply(cx, e, a->plan);
	if (failed != NULL && failed->code == ERR_CONFLICT)
		failed->code = ERR_UNAVAILABLE;
	return failed;
}

/* ERR_CONFLICT with the plan freed: the base is no longer current. */
static struct err *
try_change(struct ctx *cx, struct request *rq, const struct changing *c, struct plan *ret)
{
	const struct snapshot *base CLEANUP(snapshot_unrefp) = app_snapshot(rq);

	if (c->based_on != 0 && c->based_on != snapshot_revision(base))
		return err_field(cx, ERR_CONFLICT, "revision",
		        "the configuration has changed meanwhile: look again, then try again");
	if (c->check != NULL)
		TRY(c->check(cx, rq, base));
	TRY(config_plan(cx, app_of(rq)->home.config, base, c->set, &c->options, ret));
	struct err *e = c->authorised ? NULL : may_change(cx, ret);
	if (e == NULL && !c->dry_run && ret->n > 0)
		e = app_run(cx, rq, apply_and_more, &(struct applying){ c, ret });
	if (e != NULL)
		plan_free(ret);
	return e;
}

struct err *
change_configuration(
        struct ctx *cx, struct request *rq, const struct changing *c, struct plan *ret)
{
	struct err *e = NULL;

	for (int i = 0; i < RACES_MAX; i++) {
		e = try_change(cx, rq, c, ret);
		if (e == NULL || e->code != ERR_CONFLICT || e->field != NULL)
			return e;
	}
	return e;
}

/* ---- how a plan looks ---- */

static void
write_planned(struct jsonw *w, const struct planned *p)
{
	jsonw_object(w);
	jsonw_member(w, "kind", kind_name(p->kind));
	jsonw_member(w, "id", p->id);
	jsonw_member(w, "verb", verb_names[p->verb]);
	if (p->before != NULL)
		jsonw_member_raw(w, "before", p->before);
	if (p->after != NULL)
		jsonw_member_raw(w, "after", p->after);
	jsonw_member_opt(w, "new_key", p->new_key);
	jsonw_end_object(w);
}

static void
write_list(struct jsonw *w, const struct planned *items, size_t n)
{
	jsonw_key(w, "changes");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		write_planned(w, &items[i]);
	jsonw_end_array(w);
}

void
plan_write(struct jsonw *w, const struct plan *plan, bool dry_run)
{
	jsonw_object(w);
	jsonw_member_int(w, "revision",
	        snapshot_revision(plan->n > 0 && !dry_run ? plan->candidate : plan->base));
	jsonw_member_bool(w, "dry_run", dry_run);
	write_list(w, plan->items, plan->n);
	jsonw_end_object(w);
}

/* ---- export and apply ---- */

static struct err *export(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *format = filter(rq, "format");

	rs->status = 200;
	response_etag(cx, rs, snapshot_revision(s));
	if (strcmp(format, "yaml") == 0) {
		rs->type = "application/yaml";
		return config_export_yaml(cx, s, &rs->body);
	}
	rs->type = "application/json";
	return config_export_json(cx, s, &rs->body);
}

static bool
is_yaml(const struct request *rq)
{
	const char *type = request_header(rq, "Content-Type");

	return type != NULL && strstr(type, "yaml") != NULL;
}

struct err *
change_set_from_body(struct ctx *cx, const struct request *rq, struct change_set *set)
{
	const char *name = filter(rq, "name");
	struct json *sections;

	if (is_yaml(rq))
		return change_set_parse(
		        cx, name[0] == '\0' ? "body.yaml" : name, rq->body, set);
	TRY(json_parse(cx, rq->body, JSON_LIMITS_CONFIG, &sections));
	return change_set_from_json(cx, sections, set);
}

static struct err *
answer_change(struct ctx *cx, struct request *rq, struct response *rs, const struct changing *c)
{
	struct plan plan;

	TRY(change_configuration(cx, rq, c, &plan));
	struct jsonw w = response_json(rs, 200);
	plan_write(&w, &plan, c->dry_run);
	plan_free(&plan);
	return NULL;
}

static struct err *
apply(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct change_set set = { 0 };
	struct changing c = { .set = &set,
		.options = { .source = request_query(rq, "source"),
		        .prune = query_flag(rq, "prune"),
		        .message = request_query(rq, "message") },
		.dry_run = query_flag(rq, "dry_run") };

	TRY(change_set_from_body(cx, rq, &set));
	if (c.options.prune && c.options.source == NULL)
		return err_field(cx, ERR_INVALID, "source",
		        "prune removes what the same source brought earlier: name the source");
	return answer_change(cx, rq, rs, &c);
}

/* ---- history ---- */

#define REV(member) offsetof(struct revision, member)

static void
changes_encode(struct jsonw *w, const void *value)
{
	jsonw_raw(w, str_from(*(const char *const *)value));
}

static const struct field revision_fields[] = {
	{ "number", FIELD_INT, FIELD_REQUIRED, REV(number), .help = "Counts every change." },
	{ "at", FIELD_TIME, FIELD_REQUIRED, REV(at), .help = "When." },
	{ "author", FIELD_STRING, FIELD_REQUIRED, REV(author), .help = "Who: user/alice." },
	{ "via", FIELD_STRING, 0, REV(via), .help = "By what means." },
	{ "source", FIELD_STRING, 0, REV(source), .help = "The --source of an apply." },
	{ "message", FIELD_STRING, 0, REV(message), .help = "Why." },
	{ "changes", FIELD_CUSTOM, 0, REV(changes), .encode = changes_encode,
	        .schema = "{\"type\":\"array\"}", .help = "What: kind, id and verb of each." },
};
static const struct shape revision_shape =
        SHAPE("Revision", struct revision, revision_fields, "The configuration at one time.");

static struct err *
history(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct revision *items;
	struct listing l;
	size_t n;

	TRY(listing_read(cx, rq, &l));
	TRY(app_read(cx, rq));
	TRY(config_log(cx, l.before, l.limit + 1, &items, &n));
	listing_write(rs, &l, &revision_shape, items, n);
	return NULL;
}

static struct err *
diff(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	int64_t bounds[] = { 0, snapshot_revision(s) };
	int64_t to = bounds[1], from = to > 0 ? to - 1 : 0;
	struct planned *items;
	size_t n;

	TRY(request_query_int(cx, rq, "to", bounds, &to));
	TRY(request_query_int(cx, rq, "from", bounds, &from));
	TRY(app_read(cx, rq));
	TRY(config_diff(cx, from, to, &items, &n));
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "from", from);
	jsonw_member_int(&w, "to", to);
	write_list(&w, items, n);
	jsonw_end_object(&w);
	return NULL;
}

struct rollback_body {
	int64_t revision;
	bool dry_run;
};

static const struct field rollback_fields[] = {
	{ "revision", FIELD_INT, FIELD_REQUIRED, offsetof(struct rollback_body, revision),
	        .min = 0, .max = INT64_MAX, .help = "What to go back to." },
	{ "dry_run", FIELD_BOOL, 0, offsetof(struct rollback_body, dry_run),
	        .help = "Only say what would change." },
};
static const struct shape rollback_shape = SHAPE("Rollback", struct rollback_body,
        rollback_fields, "Back to how it was, as a new revision.");

struct err *
change_revision_known(struct ctx *cx, const struct request *rq, int64_t revision)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);

	if (revision <= snapshot_revision(s))
		return NULL;
	return err_new(cx, ERR_NOT_FOUND,
	        "there is no revision %" PRId64 "; the newest is %" PRId64, revision,
	        snapshot_revision(s));
}

static struct err *
rollback(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct rollback_body b;
	struct change_set set = { 0 };

	TRY(request_read(cx, rq, &b));
	TRY(app_read(cx, rq));
	TRY(change_revision_known(cx, rq, b.revision));
	TRY(config_rollback_set(cx, b.revision, &set));
	struct changing c = { .set = &set,
		.options = { .message = arena_printf(
		                     &cx->mem, "back to revision %" PRId64, b.revision) },
		.dry_run = b.dry_run };
	return answer_change(cx, rq, rs, &c);
}

static const struct route routes[] = {
	{ "GET", "/api/v1/config", PERM_READ, export,
	        "The whole configuration, as apply takes it; ?format=yaml|json", NULL,
	        &organisation_described, 0, 0 },
	{ "POST", "/api/v1/config", PERM_MANAGE, apply,
	        "Applies a set of documents, whole or not at all"
	        "; ?dry_run&prune&source=&message=",
	        NULL, &plan_described, 0, APPLY_MAX },
	{ "GET", "/api/v1/config/revisions", PERM_READ, history,
	        "Who changed what, newest first", NULL, &revision_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/config/diff", PERM_READ, diff, "What changed; ?from=&to=", NULL,
	        &diff_described, 0, 0 },
	{ "POST", "/api/v1/config/rollback", PERM_ADMIN, rollback,
	        "Back to an earlier revision, as a new one", &rollback_shape, &plan_described,
	        0, 0 },
};
const struct route_table change_routes = { routes, NELEMS(routes) };
