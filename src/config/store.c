/* SPDX-License-Identifier: Apache-2.0 */
/* The holder of the current snapshot, loading and committing, and policies as they were. */
#include "config/store.h"

#include <pthread.h>
#include <stdlib.h>

#include "config/holder.h"
#include "config/snapshot_priv.h"
#include "queries.h"

#define KEY_BYTES 32
#define CACHE_MAX 256

static const struct db_col stored_cols[] = {
	DB_COL(struct stored, kind),
	DB_COL(struct stored, id),
	DB_COL(struct stored, revision),
	DB_COL(struct stored, position),
	DB_COL(struct stored, source),
	DB_COL(struct stored, body),
};
const struct db_row stored_row = DB_ROW(struct stored, stored_cols);

static const struct db_col revision_cols[] = {
	DB_COL(struct revision, number),
	DB_COL(struct revision, at),
	DB_COL(struct revision, author),
	DB_COL(struct revision, via),
	DB_COL(struct revision, source),
	DB_COL(struct revision, message),
	DB_COL(struct revision, changes),
};
const struct db_row revision_row = DB_ROW(struct revision, revision_cols);

static const struct db_col config_number_cols[] = { DB_COL(struct config_number, n) };
const struct db_row config_number_row = DB_ROW(struct config_number, config_number_cols);

/* ---- the holder ---- */

struct config {
	pthread_mutex_t lock; /* guards current and the cache */
	const struct snapshot *current;
	struct doc *cache[CACHE_MAX]; /* past versions of policies */
	size_t n_cache;
	unsigned char key[KEY_BYTES];
	bool has_key;
};

struct err *
config_new(struct ctx *cx, const unsigned char *key, struct config **ret)
{
	struct config *c = calloc(1, sizeof *c);
	struct snapshot *empty = snapshot_new(0);

	(void)cx;
	if (c == NULL)
		abort();
	pthread_mutex_init(&c->lock, NULL);
	snapshot_index(empty);
	c->current = empty;
	c->has_key = key != NULL;
	if (key != NULL)
		memcpy(c->key, key, KEY_BYTES);
	*ret = c;
	return NULL;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	snapshot_unref(c->current);
	for (size_t i = 0; i < c->n_cache; i++)
		doc_unref(c->cache[i]);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const unsigned char *
config_key(const struct config *c)
{
	return c->has_key ? c->key : NULL;
}

const struct snapshot *
config_current(struct config *c)
{
	pthread_mutex_lock(&c->lock);
	const struct snapshot *s = snapshot_ref(c->current);
	pthread_mutex_unlock(&c->lock);
	return s;
}

enum swap { SWAP_ALWAYS, SWAP_FORWARD };

static void
swap(struct config *c, const struct snapshot *s, enum swap when)
{
	const struct snapshot *before = NULL;

	pthread_mutex_lock(&c->lock);
	if (when == SWAP_ALWAYS || snapshot_revision(s) > snapshot_revision(c->current)) {
		before = c->current;
		c->current = snapshot_ref(s);
	}
	pthread_mutex_unlock(&c->lock);
	snapshot_unref(before);
}

void
config_publish(struct config *c, const struct plan *p)
{
	swap(c, p->candidate, SWAP_FORWARD);
}

/* ---- loading ---- */

static struct err *
load_one(struct ctx *cx, const struct config *c, const struct stored *row, struct doc **ret)
{
	struct faults faults = { 0 };
	struct json *body;
	enum kind kind;

	if (!kind_by_name(str_from(row->kind), &kind))
		return err_new(cx, ERR_CONFLICT,
		        "the database holds a %s, which this version of "
		        "Tocsin does not know",
		        row->kind);
	TRY_WRAP(cx, json_parse(cx, str_from(row->body), JSON_LIMITS_CONFIG, &body),
	        "the stored %s/%s", row->kind, row->id);
	const struct doc_source from = { .kind = kind,
		.id = row->id,
		.body = body,
		.pointer = "",
		.key = config_key(c),
		.source = row->source,
		.revision = row->revision,
		.position = row->position };
	*ret = doc_new(cx, &from, &faults);
	if (*ret == NULL)
		return err_wrap(
		        cx, err_faults(cx, &faults), "the stored %s/%s", row->kind, row->id);
	return NULL;
}

static struct err *
build(struct ctx *cx, const struct config *c, int64_t revision, const struct stored *rows,
        size_t n, struct snapshot **ret)
{
	struct snapshot *s = snapshot_new(revision);

	for (size_t i = 0; i < n; i++) {
		struct doc *d;
		struct err *e = load_one(cx, c, &rows[i], &d);
		if (e != NULL) {
			snapshot_unref(s);
			return e;
		}
		snapshot_put(s, d);
	}
	snapshot_index(s);
	*ret = s;
	return NULL;
}

static struct err *
load(struct ctx *cx, struct config *c, enum swap when)
{
	struct config_number now;
	struct stored *rows;
	struct snapshot *s;
	size_t n;

	TRY(db_one(cx, &q_revision_now, DB_NO_ARGS, &now));
	TRY(db_list(cx, &q_document_all, DB_NO_ARGS, &rows, &n));
	TRY(build(cx, c, now.n, rows, n, &s));
	swap(c, s, when);
	snapshot_unref(s);
	return NULL;
}

struct err *
config_load(struct ctx *cx, struct config *c)
{
	return load(cx, c, SWAP_ALWAYS);
}

struct err *
config_catch_up(struct ctx *cx, struct config *c, int64_t revision)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(c);

	return revision <= snapshot_revision(s) ? NULL : load(cx, c, SWAP_FORWARD);
}

struct err *
config_snapshot_at(
        struct ctx *cx, struct config *c, int64_t revision, const struct snapshot **ret)
{
	struct stored *rows;
	struct snapshot *s;
	size_t n;

	TRY(db_list(cx, &q_document_all_at, DB_ARGS(revision), &rows, &n));
	TRY(build(cx, c, revision, rows, n, &s));
	*ret = s;
	return NULL;
}

static const struct db_col duty_change_cols[] = {
	DB_COL(struct duty_change, revision),
	DB_COL(struct duty_change, at),
};
const struct db_row duty_change_row = DB_ROW(struct duty_change, duty_change_cols);

struct err *
config_duty_changes(struct ctx *cx, usec_t from, usec_t to, int64_t limit,
        struct duty_change **ret, size_t *ret_n)
{
	struct duty_change first = { .at = from }, *later;
	size_t n;

	TRY(config_revision_at(cx, from, &first.revision));
	TRY(db_list(cx, &q_duty_changes, DB_ARGS(from, to, limit - 1), &later, &n));
	*ret = ARENA_ARRAY(&cx->mem, n + 1, struct duty_change);
	(*ret)[0] = first;
	if (n > 0)
		memcpy(*ret + 1, later, n * sizeof *later);
	*ret_n = n + 1;
	return NULL;
}

/* ---- committing ---- */

static const char *
changes_json(struct ctx *cx, const struct plan *p)
{
	struct buf out = BUF_INIT(&cx->mem, 16 * 1024 * 1024);
	struct jsonw w = JSONW(&out);

	jsonw_array(&w);
	for (size_t i = 0; i < p->n; i++) {
		jsonw_object(&w);
		jsonw_member(&w, "kind", kind_name(p->items[i].kind));
		jsonw_member(&w, "id", p->items[i].id);
		jsonw_member(&w, "verb", verb_names[p->items[i].verb]);
		jsonw_end_object(&w);
	}
	jsonw_end_array(&w);
	return buf_cstr(&out);
}

static struct err *
write_document(struct ctx *cx, const struct plan *p, const struct planned *item)
{
	int64_t revision = snapshot_revision(p->candidate);
	const char *kind = kind_name(item->kind);
	const struct doc *d = snapshot_doc(p->candidate, item->kind, item->id);

	if (item->verb == VERB_REMOVE) {
		TRY(db_post(cx, &q_document_drop, DB_ARGS(kind, item->id)));
		return db_post(cx, &q_document_remember,
		        DB_ARGS(kind, item->id, revision, (int64_t)0, (const char *)NULL,
		                (const char *)NULL));
	}
	TRY(db_post(cx, &q_document_put,
	        DB_ARGS(kind, item->id, revision, d->position, d->pub.source, d->pub.body)));
	return db_post(cx, &q_document_remember,
	        DB_ARGS(kind, item->id, revision, d->position, d->pub.source, d->pub.body));
}

struct err *
config_commit(struct ctx *cx, struct config *c, const struct plan *p)
{
	struct config_number now;
	const char *author = cx->actor.id == NULL
	        ? actor_kind_names[cx->actor.kind]
	        : arena_printf(
	                &cx->mem, "%s/%s", actor_kind_names[cx->actor.kind], cx->actor.id);

	(void)c;
	TRY(db_one(cx, &q_revision_now, DB_NO_ARGS, &now));
	if (now.n != snapshot_revision(p->base))
		return err_new(cx, ERR_CONFLICT,
		        "the configuration has changed meanwhile: it is at revision %lld",
		        (long long)now.n);
	TRY(db_post(cx, &q_revision_add,
	        DB_ARGS(snapshot_revision(p->candidate), ctx_now(cx), author, cx->actor.via,
	                p->options.source, p->options.message, changes_json(cx, p))));
	for (size_t i = 0; i < p->n; i++)
		TRY(write_document(cx, p, &p->items[i]));
	return NULL;
}

/* ---- policies of then ---- */

/* With a reference of its own. */
static struct doc *
cached(struct config *c, const char *id, int64_t revision)
{
	struct doc *found = NULL;

	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->n_cache && found == NULL; i++)
		if (c->cache[i]->pub.revision == revision
		        && strcmp(c->cache[i]->pub.id, id) == 0)
			found = doc_ref(c->cache[i]);
	pthread_mutex_unlock(&c->lock);
	return found;
}

/* Full, it forgets half: incidents old enough to need a past policy are few. By the writer
 * alone, who is answered without a reference: what it got stays until it asks for another. */
static void
remember(struct config *c, struct doc *d)
{
	pthread_mutex_lock(&c->lock);
	while (c->n_cache == CACHE_MAX)
		for (size_t i = 0; i < CACHE_MAX / 2; i++)
			doc_unref(c->cache[--c->n_cache]);
	c->cache[c->n_cache++] = doc_ref(d);
	pthread_mutex_unlock(&c->lock);
}

static struct err *
hold_past(struct ctx *cx, struct config *c, const struct stored *row, struct held_policy *ret)
{
	ret->doc = cached(c, row->id, row->revision);
	ret->read = ret->doc == NULL;
	if (ret->read)
		TRY(load_one(cx, c, row, &ret->doc));
	ret->policy = ret->doc->pub.value;
	return NULL;
}

struct err *
config_policy_hold(struct ctx *cx, struct config *c, const struct snapshot *now, const char *id,
        int64_t revision, struct held_policy *ret)
{
	const struct document *current;
	struct stored row;
	bool found;

	*ret = (struct held_policy){ 0 };
	if (id == NULL)
		return NULL;
	current = snapshot_document(now, KIND_POLICY, id);
	if (current != NULL && current->revision <= revision) {
		ret->policy = current->value;
		return NULL;
	}
	TRY(db_maybe(cx, &q_document_at, DB_ARGS("policy", id, revision), &row, &found));
	if (!found || row.body == NULL)
		return NULL;
	return hold_past(cx, c, &row, ret);
}

void
config_policy_release(struct held_policy *held)
{
	doc_unref(held->doc);
	*held = (struct held_policy){ 0 };
}

struct err *
config_policy_at(struct ctx *cx, struct config *c, const struct snapshot *now, const char *id,
        int64_t revision, const struct policy **ret)
{
	struct held_policy held CLEANUP(config_policy_release) = { 0 };

	TRY(config_policy_hold(cx, c, now, id, revision, &held));
	if (held.read)
		remember(c, held.doc);
	*ret = held.policy;
	return NULL;
}
