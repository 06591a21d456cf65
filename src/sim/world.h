/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world in which the engine lives without its server: a database, a virtual clock, one or two
 * processes that write in batches as the server's writer does, and a post that carries pages
 * and remembers them. Things can go wrong in it at a chosen instant. Scenarios are told in it
 * and the simulator plays in it.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "db/faults.h"
#include "db/scratch.h"
#include "engine/batch.h"
#include "engine/incident.h"
#include "engine/intake.h"
#include "engine/paging.h"

/* One page that was handed to a channel. */
struct delivered {
	const char *who; /* user id, or "channel/ops" */
	const char *contact;
	const char *dedup_key; /* of its incident; "" for a bundle */
	int64_t page_id;
	usec_t at;
	bool late, possibly_twice, bundle;
	bool retried;  /* the channel said "try again": the next attempt is no second page */
	bool expected; /* a statement has asked for it */
};

enum contact_mood { CONTACT_WORKS, CONTACT_FAILS, CONTACT_FAILS_ONCE, CONTACT_BUSY };

/* One notice, which asks for no answer. */
struct told {
	const char *who, *title, *text;
	int64_t page_id;
	bool expected;
};

/* What a channel answers for one contact, and how long it takes for it. */
struct contact_rule {
	const char *who, *contact;
	enum contact_mood mood; /* busy: try again later */
	usec_t takes;
};

/* A page with a channel that has not answered yet. */
struct in_hand {
	struct page_report report;
	usec_t answer_at;
};

/* A process: what is lost when it is killed. */
#define PROCESSES_MAX 2
struct process {
	bool runs;
	struct config *config;
	struct batch batch;
	struct in_hand *hand;
	size_t n_hand, cap_hand;
};

struct tape;

struct world {
	struct ctx cx;
	struct clock clock;
	const char *url;
	const char *file; /* to delete at the end, or NULL */
	const unsigned char *key;
	struct scratch scratch; /* or this, when it has a server */
	struct db *db;
	struct db_faults faults;
	usec_t full_until; /* nothing can be written before */
	bool ails;         /* the last attempt to do what is due failed */
	struct process processes[PROCESSES_MAX];
	struct process *at;    /* the one that does all work now */
	struct config *config; /* its */
	struct delivered *pages;
	size_t n_pages, cap_pages;
	struct told *notices;
	size_t n_notices, cap_notices;
	struct contact_rule *rules;
	size_t n_rules, cap_rules;
	/* What a world of a stranger may take; 0: anything. */
	usec_t span_max;           /* of virtual time, from where the clock was set */
	size_t looks_max, n_looks; /* how often it is looked for what is due */
	usec_t began;
	const char *breach; /* the first promise seen broken while working, or NULL */
	struct tape *tape;  /* records what is committed, or NULL */
	struct checked {
		int64_t page, callout, accepted; /* up to which id it was looked at */
	} checked;
	struct accepted {
		int64_t signal_id;
		const char *dedup_key;
	} * accepted; /* signals that were answered */
	size_t n_accepted, cap_accepted, n_sent;
};

/* url NULL or of SQLite: a temporary file, or memory if it says so; else a schema of its own on
 * that PostgreSQL server. The clock stands at 0 until it is set. */
MUST_USE struct err *world_open(struct world *w, const char *url);

/* In a new file at that path, sealed with that key; ERR_CONFLICT: there is one already. Unless
 * it is kept, it goes when the world is closed. */
MUST_USE struct err *world_found(struct world *w, const char *path, const unsigned char *key);
void world_keep(struct world *w);

void world_close(struct world *w);

/* All memory of the process at work is lost; a new one starts on the same database. */
MUST_USE struct err *world_restart(struct world *w);

/* From now on the other process does all work; it starts if it never did. n from 1. */
MUST_USE struct err *world_switch(struct world *w, size_t n);

/* Everything due happens in order, each thing at its own instant, until `to`. What cannot be
 * done because the database fails is tried again; w->ails when it still fails at the end. */
MUST_USE struct err *world_advance(struct world *w, usec_t to);

/* One change by the engine, then everything that is due now. cx.actor says who acts. */
MUST_USE struct err *world_do(struct world *w, engine_fn *fn, void *arg);

/* Applies a set of documents. */
MUST_USE struct err *world_apply(struct world *w, const struct change_set *set);

/* Sends signals; what is answered is remembered. */
MUST_USE struct err *world_signal(struct world *w, struct intake *in);

void world_contact(struct world *w, struct contact_rule rule);

/* The first thing that must never be and is; ERR_CONFLICT says which. thorough: also what takes
 * long to look at, hash chains first of all. Needs no transaction. */
MUST_USE struct err *world_check(struct world *w, bool thorough);

/* Whether the call that a page belongs to has ended, and how. Needs cx->tx. */
MUST_USE struct err *page_call_ended(
        struct ctx *cx, int64_t page_id, bool *ret, const char **ret_state);

/* While working: the first breach is kept for world_check. */
void world_breach(struct world *w, const char *fmt, ...) PRINTF(2, 3);

#endif
