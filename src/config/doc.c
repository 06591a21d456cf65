/* SPDX-License-Identifier: Apache-2.0 */
/* From a tree to a compiled document: decode by the kind's table, settle, write the canonical
 * form. */
#include "config/doc.h"

#include <stdlib.h>

#define BODY_MAX (4 * 1024 * 1024)

struct doc *
doc_ref(struct doc *d)
{
	atomic_fetch_add(&d->refs, 1);
	return d;
}

void
doc_unref(struct doc *d)
{
	struct arena mem;

	if (d == NULL || atomic_fetch_sub(&d->refs, 1) > 1)
		return;
	if (d->pub.value != NULL && kinds[d->pub.kind].release != NULL)
		kinds[d->pub.kind].release(d->pub.value);
	mem = d->mem; /* the document lives inside its own arena */
	arena_free(&mem);
}

static struct doc *
make(const struct doc_source *from)
{
	struct arena mem;

	arena_init(&mem);
	struct doc *d = ARENA_NEW(&mem, struct doc);
	d->pub.kind = from->kind;
	d->pub.id = arena_strdup(&mem, from->id);
	d->pub.source = arena_strdup(&mem, from->source);
	d->pub.revision = from->revision;
	d->pub.value = arena_alloc(&mem, kinds[from->kind].shape->size);
	d->position = from->position;
	atomic_init(&d->refs, 1);
	d->mem = mem;
	return d;
}

/* The id is part of the struct; a document without a name goes by its id. */
static void
name_it(struct doc *d)
{
	struct common *c = d->pub.value;

	c->id = d->pub.id;
	if (c->name == NULL)
		c->name = d->pub.id;
}

static void
settle(struct doc *d, const struct doc_source *from, struct shape_reader *r)
{
	struct draft draft = { .r = r,
		.tree = from->body,
		.value = d->pub.value,
		.before = from->before == NULL ? NULL : from->before->pub.value,
		.key = from->key };

	if (kinds[from->kind].settle != NULL)
		kinds[from->kind].settle(&draft);
	d->new_key = draft.new_key;
}

/* Written before the name falls back to the id, so that an absent name stays absent. */
static void
write_body(struct doc *d)
{
	struct buf out = BUF_INIT(&d->mem, BODY_MAX);
	struct jsonw w = JSONW(&out);

	shape_encode(&w, kinds[d->pub.kind].shape, d->pub.value);
	d->pub.body = buf_cstr(&out);
}

struct doc *
doc_new(struct ctx *cx, const struct doc_source *from, struct faults *faults)
{
	size_t before = faults->n + faults->dropped;
	struct doc *d = make(from);
	struct common *c = d->pub.value;
	struct shape_reader r;

	shape_reader_init(&r, cx, &d->mem, faults, from->file, from->pointer);
	shape_decode(&r, kinds[from->kind].shape, from->body, d->pub.value);
	c->id = d->pub.id;
	settle(d, from, &r);
	if (faults->n + faults->dropped != before) {
		doc_unref(d);
		return NULL;
	}
	write_body(d);
	name_it(d);
	return d;
}
