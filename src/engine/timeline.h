/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of everything. An event is appended in the transaction of what it tells; events of
 * one incident form a chain: hash = BLAKE2b-256(previous hash, and every field of this event),
 * so that a changed or missing line shows. Incident 0 is the organisation's own chain.
 */
#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H

#include "engine/engine.h"

/* Every type an event can have, with the sentence that people read; {x} is a member of data. */
struct event_type {
	const char *name;
	const char *sentence;
};

extern const struct event_type event_types[];
extern const size_t n_event_types;

/* What a caller says; the rest (number, instant, actor) is filled in. */
struct happening {
	const char *type;
	struct incident *incident; /* NULL: the organisation's chain */
	const char *user_id;
	enum reason reason;
	const char *dedup_key;
	const char *data; /* JSON object or NULL */
};

/* Appends; sets the incident's chain, which the caller stores with the incident. */
MUST_USE struct err *timeline_add(struct ctx *cx, struct engine *e, struct happening h);

/* Builds data: pairs of key and text, ended by NULL; NULL values are left out. */
const char *event_data(struct ctx *cx, const char *key, ...) __attribute__((sentinel));

/* The event as a sentence for people: "alice acknowledged by e-mail". */
const char *event_sentence(struct ctx *cx, const struct event *ev);

struct verify_result {
	int64_t events, incidents;
	int64_t archived;        /* incidents whose beginning is in files */
	int64_t archived_events; /* checked in files */
	int64_t newest;          /* number of the newest event */
	char head[65];           /* the last hash of the organisation's own chain */
	/* The first fault; why is NULL when there is none. */
	const char *why;
	int64_t broken_at; /* number of the event; 0: one that is not there any more */
	int64_t broken_in; /* its incident; 0: the organisation's chain */
};

/* Whether an event is the one that its hash was made of, after the hash before it. */
bool timeline_fits(struct ctx *cx, const char *before, const struct event *ev);

/* Keeps the first fault only. */
void verify_broken(struct verify_result *r, const struct event *ev, const char *why);

/* Walks every chain. Needs cx->tx. */
MUST_USE struct err *timeline_verify(struct ctx *cx, struct verify_result *ret);

#endif
