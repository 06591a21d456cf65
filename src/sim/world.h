/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world in which an engine lives without its server: a database of its own, a virtual clock,
 * and a post that carries every page at once and remembers it. Scenarios are told in it.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "db/scratch.h"
#include "engine/engine.h"
#include "engine/incident.h"
#include "engine/intake.h"

/* One page that was handed to a channel. */
struct delivered {
	const char *who; /* user id, or "channel/ops" */
	const char *contact;
	const char *dedup_key; /* of its incident; "" for a bundle */
	int64_t page_id;
	usec_t at;
	bool late, possibly_twice, bundle;
	bool expected; /* a statement has asked for it */
};

/* What a channel answers for one contact. */
struct contact_rule {
	const char *who, *contact;
	bool fails;
	bool once;
};

struct world {
	struct ctx cx;
	struct clock clock;
	const char *url;
	const char *file;       /* to delete at the end, or NULL */
	struct scratch scratch; /* or this, when it has a server */
	struct db *db;
	struct config *config;
	struct engine engine;
	struct delivered *pages;
	size_t n_pages, cap_pages;
	struct contact_rule *rules;
	size_t n_rules, cap_rules;
};

/* url NULL or of SQLite: a temporary file; else a schema of its own on that PostgreSQL server.
 * The clock stands at 0 until it is set. */
MUST_USE struct err *world_open(struct world *w, const char *url);
void world_close(struct world *w);

/* All memory is lost; a new process starts on the same database. */
MUST_USE struct err *world_restart(struct world *w);

/* Everything due happens in order, each thing at its own instant, until `to`. */
MUST_USE struct err *world_advance(struct world *w, usec_t to);

/* One change by the engine, then everything that is due now. cx.actor says who acts. */
MUST_USE struct err *world_do(struct world *w, engine_fn *fn, void *arg);

/* Applies a set of documents. */
MUST_USE struct err *world_apply(struct world *w, const struct change_set *set);

void world_contact(struct world *w, struct contact_rule rule);

#endif
