/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled document: immutable, with memory of its own, shared by the snapshots that hold
 * it. */
#ifndef CONFIG_DOC_H
#define CONFIG_DOC_H

#include <stdatomic.h>

#include "config/kinds.h"

struct doc {
	struct document pub;
	int64_t position; /* in the set that brought it: the order of overrides */
	const char *new_key;
	struct arena mem;
	atomic_int refs;
};

/* Everything that a document is made from. */
struct doc_source {
	enum kind kind;
	const char *id;
	const struct json *body;
	const char *file;    /* for faults */
	const char *pointer; /* "/users/alice" */
	const unsigned char *key;
	const struct doc *before; /* what it replaces, or NULL */
	const char *source;
	int64_t revision, position;
};

/* NULL when there were faults, which are added. The caller owns the one reference. */
struct doc *doc_new(struct ctx *cx, const struct doc_source *from, struct faults *faults);

struct doc *doc_ref(struct doc *d);
void doc_unref(struct doc *d);

#endif
