/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration one document at a time: every kind has the same four routes. */
#include <inttypes.h>

#include "api/app.h"
#include "api/changes.h"
#include "api/described.h"
#include "config/codecs.h"
#include "config/kinds.h"

struct document_view {
	const char *kind, *id, *source;
	int64_t revision;
	const struct json *document;
};

#define DOC(member) offsetof(struct document_view, member)

static const struct field document_fields[] = {
	{ "kind", FIELD_STRING, FIELD_REQUIRED, DOC(kind), .help = "user, team..." },
	{ "id", FIELD_STRING, FIELD_REQUIRED, DOC(id), .help = "Its slug." },
	{ "revision", FIELD_INT, FIELD_REQUIRED, DOC(revision),
	        .help = "The configuration revision that last changed it; the ETag." },
	{ "source", FIELD_STRING, 0, DOC(source),
	        .help = "The --source of the apply that brought it." },
	{ "document", FIELD_JSON, FIELD_REQUIRED, DOC(document),
	        .help = "As a file would have it; secrets as (kept)." },
};
static const struct shape document_shape = SHAPE(
        "Document", struct document_view, document_fields, "A document of configuration.");

/* "/api/v1/users/{id}": the kind stands in the third segment. */
static enum kind
kind_of(const struct request *rq)
{
	struct str path = str_from(rq->route->path + strlen("/api/v1/")), section;
	enum kind kind = KIND_ORGANISATION;

	section = str_cut(&path, '/');
	(void)kind_by_section(section, &kind);
	return kind;
}

static const char *
id_of(const struct request *rq)
{
	const char *id = request_param(rq, "id");

	return id[0] == '\0' ? "organisation" : id;
}

static struct err *
view_of(struct ctx *cx, const struct document *d, struct document_view *ret)
{
	struct json *body;

	TRY(json_parse(cx, str_from(d->body), JSON_LIMITS_CONFIG, &body));
	*ret = (struct document_view){ kind_name(d->kind), d->id, d->source, d->revision,
		secrets_hidden(cx, body) };
	return NULL;
}

/* Sorted by id; documents are few enough to be listed whole, unless somebody asks for less. */
static struct err *
list(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct document_view view;
	struct slice part;
	size_t n;
	const struct document *const *documents = snapshot_list(s, kind_of(rq), &n);

	TRY(slice_of(cx, rq, documents, n, document_at, &part));
	struct jsonw w = items_json(rs);
	for (size_t i = part.first; i < part.end; i++) {
		TRY(view_of(cx, documents[i], &view));
		shape_encode(&w, &document_shape, &view);
	}
	items_end(&w, part.next);
	response_etag(cx, rs, snapshot_revision(s));
	return NULL;
}

static struct err *
write_document(
        struct ctx *cx, const struct request *rq, struct response *rs, const struct snapshot *s)
{
	const struct document *d = snapshot_document(s, kind_of(rq), id_of(rq));
	struct document_view view;

	if (d == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no %s/%s", kind_name(kind_of(rq)),
		        id_of(rq));
	TRY(view_of(cx, d, &view));
	struct jsonw w = response_json(rs, 200);
	shape_encode(&w, &document_shape, &view);
	response_etag(cx, rs, d->revision);
	return NULL;
}

/* As it would stand in a file: under its section and its id. */
static struct err *
write_yaml(
        struct ctx *cx, const struct request *rq, struct response *rs, const struct snapshot *s)
{
	const struct document *d = snapshot_document(s, kind_of(rq), id_of(rq));
	struct buf text = BUF_INIT(&cx->mem, HTTP_BODY_MAX);
	struct jsonw w = JSONW(&text);
	struct json *body, *tree;

	if (d == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no %s/%s", kind_name(kind_of(rq)),
		        id_of(rq));
	TRY(json_parse(cx, str_from(d->body), JSON_LIMITS_CONFIG, &body));
	jsonw_object(&w);
	jsonw_key(&w, kind_section(d->kind));
	if (d->kind != KIND_ORGANISATION) {
		jsonw_object(&w);
		jsonw_key(&w, d->id);
	}
	jsonw_tree(&w, secrets_hidden(cx, body));
	if (d->kind != KIND_ORGANISATION)
		jsonw_end_object(&w);
	jsonw_end_object(&w);
	TRY(json_parse(cx, buf_view(&text), JSON_LIMITS_CONFIG, &tree));
	rs->status = 200;
	rs->type = "application/yaml";
	yaml_print(&rs->body, tree);
	response_etag(cx, rs, d->revision);
	return NULL;
}

static struct err *
get(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);

	if (strcmp(filter(rq, "format"), "yaml") == 0)
		return write_yaml(cx, rq, rs, s);
	return write_document(cx, rq, rs, s);
}

/* If-Match speaks of the document, If-None-Match: * of there being none. */
static struct err *
check_match(struct ctx *cx, const struct request *rq, const struct snapshot *s)
{
	const struct document *d = snapshot_document(s, kind_of(rq), id_of(rq));
	const char *none = request_header(rq, "If-None-Match");
	int64_t wanted;

	TRY(if_match(cx, rq, &wanted));
	if (none != NULL && strcmp(none, "*") == 0 && d != NULL)
		return err_field(cx, ERR_CONFLICT, "revision", "%s/%s is there already",
		        kind_name(kind_of(rq)), id_of(rq));
	if (wanted != 0 && (d == NULL || d->revision != wanted))
		return err_field(cx, ERR_CONFLICT, "revision",
		        "%s/%s has changed meanwhile: it is at revision %" PRId64,
		        kind_name(kind_of(rq)), id_of(rq), d == NULL ? 0 : d->revision);
	return NULL;
}

/* A body of YAML is a file that holds this one document; its faults are told by line. */
static struct err *
read_yaml(struct ctx *cx, const struct request *rq, struct change *ret)
{
	struct change_set set = { 0 };

	TRY(change_set_parse(cx, id_of(rq), rq->body, &set));
	if (set.n != 1 || set.items[0].kind != kind_of(rq)
	        || strcmp(set.items[0].id, id_of(rq)) != 0)
		return err_new(cx, ERR_INVALID, "the text must hold %s/%s and nothing else",
		        kind_name(kind_of(rq)), id_of(rq));
	*ret = set.items[0];
	return NULL;
}

static struct err *
change(struct ctx *cx, struct request *rq, const struct json *body, struct plan *plan)
{
	enum kind kind = kind_of(rq);
	const char *id = id_of(rq);
	const char *type = request_header(rq, "Content-Type");
	struct change one = { .kind = kind,
		.id = id,
		.body = body,
		.pointer = body != NULL ? "" /* of the request's own body */
		        : kind == KIND_ORGANISATION
		        ? "/organisation"
		        : arena_printf(&cx->mem, "/%s/%s", kind_section(kind), id) };
	struct change_set set = { &one, 1, 1 };
	struct changing c = { .set = &set,
		.check = check_match,
		.options = { .message = request_query(rq, "message") },
		.dry_run = request_query(rq, "dry_run") != NULL };

	if (!slug_valid(str_from(id)))
		return err_field(cx, ERR_INVALID, "/id",
		        "an id has small letters, digits and dashes, at most 63");
	if (rq->body.len > 0 && type != NULL && strstr(type, "yaml") != NULL)
		TRY(read_yaml(cx, rq, &one));
	return change_configuration(cx, rq, &c, plan);
}

static struct err *
put(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *type = request_header(rq, "Content-Type");
	struct json *body = NULL;
	struct plan plan;

	if (type == NULL || strstr(type, "yaml") == NULL)
		TRY(request_json(cx, rq, &body));
	TRY(change(cx, rq, body, &plan));
	bool made = plan.n == 1 && plan.items[0].verb == VERB_ADD;
	const char *key = plan.n == 1 ? plan.items[0].new_key : NULL;
	struct err *e = write_document(cx, rq, rs, plan.candidate);
	if (made)
		rs->status = 201;
	if (key != NULL)
		response_header(rs, "Tocsin-Key", key);
	plan_free(&plan);
	return e;
}

static struct err *delete (struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct plan plan;

	TRY(write_document(cx, rq, rs, s));
	buf_reset(&rs->body);
	TRY(change(cx, rq, NULL, &plan));
	plan_free(&plan);
	rs->status = 204;
	rs->n_headers = 0;
	return NULL;
}

/* ---- back to how it was ---- */

struct back_body {
	int64_t revision;
	bool dry_run;
};

static const struct field back_fields[] = {
	{ "revision", FIELD_INT, FIELD_REQUIRED, offsetof(struct back_body, revision), .min = 0,
	        .max = INT64_MAX,
	        .help = "What to go back to; it goes if it was not there then." },
	{ "dry_run", FIELD_BOOL, 0, offsetof(struct back_body, dry_run),
	        .help = "Only say what would change." },
};
static const struct shape back_shape = SHAPE("DocumentRollback", struct back_body, back_fields,
        "One document back to how it was, as a new revision.");

/* Of the set that takes everything back, this one document. */
static void
keep_one(struct change_set *set, enum kind kind, const char *id)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].kind == kind && strcmp(set->items[i].id, id) == 0)
			set->items[kept++] = set->items[i];
	set->n = kept;
}

static struct err *
back(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct change_set set = { 0 };
	struct back_body b;
	struct plan plan;

	TRY(request_read(cx, rq, &b));
	TRY(app_read(cx, rq));
	TRY(change_revision_known(cx, rq, b.revision));
	TRY(config_rollback_set(cx, b.revision, &set));
	keep_one(&set, kind_of(rq), id_of(rq));
	if (set.n == 0)
		return err_new(cx, ERR_NOT_FOUND, "there is no %s/%s, now or then",
		        kind_name(kind_of(rq)), id_of(rq));
	struct changing c = { .set = &set,
		.check = check_match,
		.options = { .message =
		                     arena_printf(&cx->mem, "%s/%s back to revision %" PRId64,
		                             kind_name(kind_of(rq)), id_of(rq), b.revision) },
		.dry_run = b.dry_run };
	TRY(change_configuration(cx, rq, &c, &plan));
	struct jsonw w = response_json(rs, 200);
	plan_write(&w, &plan, b.dry_run);
	plan_free(&plan);
	return NULL;
}

/* Whether somebody may change a document depends on the document: change_configuration asks. */
#define KIND_ROUTES(section, shape, what)                                                      \
	{ "GET", "/api/v1/" section, PERM_READ, list, "All " what, NULL, &document_shape,      \
		ROUTE_LIST, 0 },                                                               \
	        { "GET", "/api/v1/" section "/{id}", PERM_READ, get,                           \
		        "One of the " what "; ?format=yaml", NULL, &document_shape, 0, 0 },    \
	        { "PUT", "/api/v1/" section "/{id}", PERM_MANAGE, put,                         \
		        "Makes or replaces one of the " what "; ?dry_run&message=", &(shape),  \
		        &document_shape, ROUTE_MATCH, 0 },                                     \
	        { "POST", "/api/v1/" section "/{id}/rollback", PERM_MANAGE, back,              \
		        "Takes one of the " what " back to how it was", &back_shape,           \
		        &plan_described, ROUTE_MATCH, 0 },                                     \
	{                                                                                      \
		"DELETE", "/api/v1/" section "/{id}", PERM_MANAGE, delete,                     \
		        "Removes one of the " what "; ?dry_run&message=", NULL, NULL,          \
		        ROUTE_MATCH, 0                                                         \
	}

static const struct route routes[] = {
	{ "GET", "/api/v1/organisation", PERM_READ, get, "The organisation", NULL,
	        &document_shape, 0, 0 },
	{ "PUT", "/api/v1/organisation", PERM_ADMIN, put,
	        "Changes the organisation; ?dry_run&message=", &organisation_shape,
	        &document_shape, ROUTE_MATCH, 0 },
	{ "POST", "/api/v1/organisation/rollback", PERM_ADMIN, back,
	        "Takes the organisation back to how it was", &back_shape, &plan_described,
	        ROUTE_MATCH, 0 },
	KIND_ROUTES("users", user_shape, "users"),
	KIND_ROUTES("teams", team_shape, "teams"),
	KIND_ROUTES("services", service_shape, "services"),
	KIND_ROUTES("schedules", schedule_shape, "schedules"),
	KIND_ROUTES("overrides", override_shape, "overrides"),
	KIND_ROUTES("policies", policy_shape, "escalation policies"),
	KIND_ROUTES("integrations", integration_shape, "integrations"),
	KIND_ROUTES("rulesets", ruleset_shape, "rule sets"),
	KIND_ROUTES("channels", channel_shape, "channels"),
	KIND_ROUTES("holidays", holiday_shape, "holidays"),
	KIND_ROUTES("absences", absence_shape, "absences"),
	KIND_ROUTES("windows", window_shape, "maintenance windows"),
};
const struct route_table document_routes = { routes, NELEMS(routes) };
