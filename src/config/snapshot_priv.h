/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a snapshot, for the files that build and store it. */
#ifndef CONFIG_SNAPSHOT_PRIV_H
#define CONFIG_SNAPSHOT_PRIV_H

#include "config/doc.h"

struct snapshot {
	atomic_int refs;
	struct arena mem;
	int64_t revision;
	struct map docs[KIND_MAX];               /* id -> struct doc, referenced */
	const struct document **lists[KIND_MAX]; /* sorted by id */
	struct organisation organisation;        /* the document's, or the default */
	/* What depends on other documents than its own, made anew for each snapshot: */
	struct map services;  /* id -> struct service with the organisation's defaults */
	struct map schedules; /* id -> struct schedule with its zone and overrides */
	struct map routes;    /* routing key in lower case, and ids -> struct service */
	struct map keys;      /* ingest key -> struct integration */
	struct map old_keys;  /* the same, of those that were replaced */
	struct map emails;    /* in lower case -> struct user */
	const struct ruleset **rules;
	const char **ruleset_ids;
	size_t n_rules;
	struct muting *mutings;
	size_t n_mutings;
};

struct snapshot *snapshot_new(int64_t revision);

/* Takes over the caller's reference. Replaces a document of the same id. */
void snapshot_put(struct snapshot *s, struct doc *d);

/* After the last put: the indexes. */
void snapshot_index(struct snapshot *s);

/* A part of it: what schedules are when all documents are known. */
void snapshot_compile_schedules(struct snapshot *s);

/* And when windows are. */
void snapshot_compile_windows(struct snapshot *s);

struct doc *snapshot_doc(const struct snapshot *s, enum kind kind, const char *id);

#endif
