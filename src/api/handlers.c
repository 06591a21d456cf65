/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers share: reading, running commands (once, if the client asks for that), lists. */
#include <inttypes.h>

#include "access/access.h"
#include "api/app.h"
#include "api/worker.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 500
#define KEY_MAX 200

struct err *
app_database(struct ctx *cx, struct request *rq, struct db **ret)
{
	struct worker *w = rq->worker;

	if (w->db == NULL)
		TRY(db_open(cx, app_of(rq)->home.url, DB_READ, &w->db));
	*ret = w->db;
	return NULL;
}

struct err *
app_read(struct ctx *cx, struct request *rq)
{
	struct db *db;

	if (cx->tx != NULL)
		return NULL;
	TRY(app_database(cx, rq, &db));
	return db_begin(cx, db, DB_READ);
}

struct err *
app_run(struct ctx *cx, struct request *rq, engine_fn *fn, void *arg)
{
	db_rollback(cx);
	return writer_run(app_of(rq)->writer, cx, fn, arg);
}

const struct snapshot *
app_snapshot(const struct request *rq)
{
	return config_current(app_of(rq)->home.config);
}

/* ---- once ---- */

struct once {
	const char *key, *request;
	engine_fn *fn;
	void *arg;
	render_fn *render;
	struct response *rs;
};

static struct err *
run_once(struct ctx *cx, struct engine *e, void *arg)
{
	struct once *o = arg;
	struct idempotency answer;
	bool found;

	TRY(idempotency_find(cx, o->key, o->request, &answer, &found));
	if (found) {
		o->rs->status = (int)answer.status;
		o->rs->type = "application/json";
		buf_puts(&o->rs->body, answer.body);
		response_header(o->rs, "Idempotency-Replayed", "true");
		return NULL;
	}
	TRY(o->fn(cx, e, o->arg));
	buf_reset(&o->rs->body); /* the writer may run a command a second time */
	o->rs->n_headers = 0;
	o->render(cx, o->rs, o->arg);
	answer = (struct idempotency){
		.request = o->request, .status = o->rs->status, .body = buf_cstr(&o->rs->body)
	};
	return idempotency_keep(cx, o->key, &answer);
}

static const char *
request_hash(struct ctx *cx, const struct request *rq)
{
	return access_hash(cx,
	        arena_printf(
	                &cx->mem, "%s %s " STR_FMT, rq->method, rq->path, STR_ARG(rq->body)));
}

struct err *
app_run_once(struct ctx *cx, struct request *rq, struct response *rs, engine_fn *fn, void *arg,
        render_fn *render)
{
	struct once o = { .key = request_header(rq, "Idempotency-Key"),
		.fn = fn,
		.arg = arg,
		.render = render,
		.rs = rs };

	if (o.key == NULL) {
		TRY(app_run(cx, rq, fn, arg));
		render(cx, rs, arg);
		return NULL;
	}
	if (o.key[0] == '\0' || strlen(o.key) > KEY_MAX)
		return err_field(
		        cx, ERR_INVALID, "Idempotency-Key", "a key has 1 to %d bytes", KEY_MAX);
	o.request = request_hash(cx, rq);
	return app_run(cx, rq, run_once, &o);
}

/* ---- lists ---- */

struct err *
listing_read(struct ctx *cx, const struct request *rq, struct listing *ret)
{
	*ret = (struct listing){ .before = INT64_MAX, .limit = LIMIT_DEFAULT };
	TRY(request_query_int(cx, rq, "cursor", (int64_t[]){ 1, INT64_MAX }, &ret->before));
	return request_query_int(cx, rq, "limit", (int64_t[]){ 1, LIMIT_MAX }, &ret->limit);
}

void
items_begin(struct jsonw *w)
{
	jsonw_object(w);
	jsonw_key(w, "items");
	jsonw_array(w);
}

void
items_end(struct jsonw *w, const char *next)
{
	jsonw_end_array(w);
	jsonw_member_opt(w, "next", next);
	jsonw_end_object(w);
}

struct jsonw
items_json(struct response *rs)
{
	struct jsonw w = response_json(rs, 200);

	items_begin(&w);
	return w;
}

void
listing_write(struct response *rs, const struct listing *l, const struct shape *shape,
        const void *items, size_t n)
{
	struct jsonw w = items_json(rs);
	bool more = n > (size_t)l->limit;
	const char *item = items;
	int64_t last = l->from;
	char next[24];

	for (size_t i = 0; i < (more ? (size_t)l->limit : n); i++)
		shape_encode(&w, shape, item + i * shape->size);
	if (more)
		memcpy(&last, item + (size_t)(l->limit - 1) * shape->size, sizeof last);
	snprintf(next, sizeof next, "%" PRId64, last);
	jsonw_end_array(&w);
	jsonw_member_opt(&w, "next", last == 0 ? NULL : next);
	jsonw_member_time_opt(&w, "looked_back_to", more ? 0 : l->from_at);
	jsonw_end_object(&w);
}

struct err *
slice_of(struct ctx *cx, const struct request *rq, const void *items, size_t n, id_at_fn *id_at,
        struct slice *ret)
{
	const char *cursor = request_query(rq, "cursor");
	int64_t limit = INT64_MAX;
	size_t first = 0;

	TRY(request_query_int(cx, rq, "limit", (int64_t[]){ 1, LIMIT_MAX }, &limit));
	while (cursor != NULL && first < n && strcmp(id_at(items, first), cursor) != 0)
		first++;
	if (cursor != NULL && first == n)
		return err_field(cx, ERR_INVALID, "cursor",
		        "what the cursor names is gone: begin the list anew");
	ret->first = cursor == NULL ? 0 : first + 1;
	ret->end = n - ret->first > (size_t)limit ? ret->first + (size_t)limit : n;
	ret->next = ret->end < n ? id_at(items, ret->end - 1) : NULL;
	return NULL;
}

struct err *
slice_answer(
        struct ctx *cx, const struct request *rq, struct response *rs, const struct whole *all)
{
	const char *item = all->items;
	struct slice part;

	TRY(slice_of(cx, rq, all->items, all->n, all->id_at, &part));
	struct jsonw w = items_json(rs);
	for (size_t i = part.first; i < part.end; i++)
		shape_encode(&w, all->shape, item + i * all->shape->size);
	items_end(&w, part.next);
	return NULL;
}

const char *
document_at(const void *list, size_t i)
{
	return ((const struct document *const *)list)[i]->id;
}

const char *
filter(const struct request *rq, const char *name)
{
	const char *value = request_query(rq, name);

	return value == NULL ? "" : value;
}

bool
query_flag(const struct request *rq, const char *name)
{
	const char *value = request_query(rq, name);

	return value != NULL && strcmp(value, "false") != 0 && strcmp(value, "0") != 0;
}

struct err *
user_param(struct ctx *cx, const struct request *rq, const struct snapshot *s,
        const struct user **ret)
{
	const char *id = request_param(rq, "id");
	const struct user *u = snapshot_user(s, id);

	if (u == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no user/%s", id);
	*ret = u;
	return NULL;
}

struct err *
id_param(struct ctx *cx, const struct request *rq, const char *name, int64_t *ret)
{
	const char *text = request_param(rq, name);

	if (text[0] == '#')
		text++;
	if (!str_int(str_from(text), ret) || *ret <= 0)
		return err_new(
		        cx, ERR_NOT_FOUND, "there is no \"%s\" here: ids are numbers", text);
	return NULL;
}

struct err *
at_query(struct ctx *cx, const struct request *rq, const char *name, usec_t *ret)
{
	const char *text = request_query(rq, name);

	if (text == NULL) {
		*ret = ctx_now(cx);
		return NULL;
	}
	if (!rfc3339_parse(str_from(text), ret))
		return err_field(cx, ERR_INVALID, name,
		        "%s must be an instant such as 2026-03-02T10:00:00Z", name);
	return NULL;
}

/* ---- revisions ---- */

void
response_etag(struct ctx *cx, struct response *rs, int64_t revision)
{
	response_header(rs, "ETag", arena_printf(&cx->mem, "\"%" PRId64 "\"", revision));
}

struct err *
if_match(struct ctx *cx, const struct request *rq, int64_t *ret)
{
	if (etag_parse(request_header(rq, "If-Match"), ret))
		return NULL;
	return err_field(cx, ERR_INVALID, "If-Match", "If-Match takes an ETag of this thing");
}

struct err *
app_own_or_admin(struct ctx *cx, const struct request *rq, const char *user)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, user);

	if (str_null_safe_eq(cx->actor.id, user))
		return NULL;
	if (cx->actor.role < ROLE_ADMIN)
		return err_new(cx, ERR_DENIED, "this is %s's; it takes an administrator", user);
	if (u != NULL && u->role > cx->actor.role)
		return err_new(cx, ERR_DENIED, "only an owner may do this for an owner");
	return NULL;
}
