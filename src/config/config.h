/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration: documents in, snapshots out. A change is read (read.h), planned against a
 * snapshot, committed with the transaction of the one writer, and then published. Whatever
 * fails on the way changes nothing.
 *
 *   config_load    at start: the database's current documents become the first snapshot
 *   config_plan    any thread, no database: documents + base -> a candidate, or all faults
 *   config_commit  writer, inside its transaction: rows of revision, documents, history
 *   config_publish writer, after the commit: the candidate becomes the current snapshot,
 *                  unless somebody's newer one has become it meanwhile
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "config/snapshot.h"

struct config; /* the holder of the current snapshot; one per process; thread-safe */

/* key: 32 bytes that encrypt secrets at rest; NULL: secrets cannot be read or written. */
MUST_USE struct err *config_new(struct ctx *cx, const unsigned char *key, struct config **ret);
void config_free(struct config *c);

/* Needs cx->tx. Replaces the current snapshot with what the database holds: at start, and when
 * another node has committed a revision. */
MUST_USE struct err *config_load(struct ctx *cx, struct config *c);

/* The same beside the writer, from any thread: only forward, and only when the database has
 * come as far as that revision and the current snapshot has not. */
MUST_USE struct err *config_catch_up(struct ctx *cx, struct config *c, int64_t revision);

/* The current snapshot, with a reference that the caller gives back. */
const struct snapshot *config_current(struct config *c);

/* ---- a set of changes ---- */

struct change {
	enum kind kind;
	const char *id;
	const struct json *body; /* NULL: remove it */
	const char *file;        /* for faults; NULL: a request */
	const char *pointer;     /* where the document stands, "/users/alice" */
	uint32_t line;
};

struct change_set {
	struct change *items;
	size_t n, cap;
};

/* One YAML or JSON file, or every *.yaml, *.yml, *.json in a folder (and below), as one set.
 * All faults of all files are reported; the same id twice names both places, also where the
 * other was in the set before. */
MUST_USE struct err *change_set_read(struct ctx *cx, const char *path, struct change_set *set);

/* The same from text: name stands for the file in faults. */
MUST_USE struct err *change_set_parse(
        struct ctx *cx, const char *name, struct str text, struct change_set *set);

/* From a JSON tree in the sections' form (a request body). */
MUST_USE struct err *change_set_from_json(
        struct ctx *cx, const struct json *sections, struct change_set *set);

struct plan_options {
	const char *source; /* of apply, or NULL */
	bool prune; /* remove what an earlier apply of source brought and the set lacks */
	const char *message;
};

/* What a plan does to one document. */
enum plan_verb { VERB_ADD, VERB_CHANGE, VERB_REMOVE, VERB_MAX };
extern const char *const verb_names[VERB_MAX];

struct planned {
	enum kind kind;
	const char *id;
	enum plan_verb verb;
	const char *before;  /* canonical JSON with secrets as "(kept)"; NULL when added */
	const char *after;   /* NULL when removed */
	const char *new_key; /* of an integration whose key was made: shown once */
};

struct plan {
	struct planned *items; /* only what really changes */
	size_t n;
	struct change_set set; /* for planning anew when somebody else was first */
	struct plan_options options;
	const struct snapshot *base;      /* with a reference of the plan */
	const struct snapshot *candidate; /* with a reference; its revision is base + 1 */
};

/*
 * Compiles the set over base. ERR_INVALID with every fault (file, line, column, pointer,
 * expected, nearest valid name). n == 0: nothing to do. The plan lives in cx; plan_free gives
 * back its references.
 */
MUST_USE struct err *config_plan(struct ctx *cx, struct config *c, const struct snapshot *base,
        const struct change_set *set, const struct plan_options *options, struct plan *ret);
void plan_free(struct plan *p);

/* Needs a write transaction. ERR_CONFLICT when base is no longer the current revision: plan
 * anew. */
MUST_USE struct err *config_commit(struct ctx *cx, struct config *c, const struct plan *p);
void config_publish(struct config *c, const struct plan *p);

/* ---- history; all need cx->tx ---- */

struct revision {
	int64_t number;
	usec_t at;
	const char *author; /* "user/alice", "system" */
	const char *via;
	const char *source;
	const char *message;
	const char *changes; /* JSON: [{"kind","id","verb"}] */
};

MUST_USE struct err *config_log(
        struct ctx *cx, int64_t before, int64_t limit, struct revision **ret, size_t *ret_n);

/* The number of the revision in force at an instant; 0 before the first. */
MUST_USE struct err *config_revision_at(struct ctx *cx, usec_t at, int64_t *ret);

/* The revisions in force through [from, to) that changed who is on call: the one that held at
 * `from` first, at most limit. */
struct duty_change {
	int64_t revision;
	int64_t at;
};
MUST_USE struct err *config_duty_changes(struct ctx *cx, usec_t from, usec_t to, int64_t limit,
        struct duty_change **ret, size_t *ret_n);

/* The whole configuration as it was. The caller unrefs. */
MUST_USE struct err *config_snapshot_at(
        struct ctx *cx, struct config *c, int64_t revision, const struct snapshot **ret);

/* Planned items between two revisions (from < to), for diff. */
MUST_USE struct err *config_diff(
        struct ctx *cx, int64_t from, int64_t to, struct planned **ret, size_t *ret_n);

/* The set that takes the current configuration back to a revision. */
MUST_USE struct err *config_rollback_set(
        struct ctx *cx, int64_t revision, struct change_set *ret);

/*
 * The policy as it was at a configuration revision: an incident works with the one with which
 * it began. Answers from now when that has not changed since, else from history, kept in a
 * small cache. The caller holds now, and is the writer. NULL in *ret: there was none. */
MUST_USE struct err *config_policy_at(struct ctx *cx, struct config *c,
        const struct snapshot *now, const char *id, int64_t revision,
        const struct policy **ret);

/* The same for readers beside the writer, who may make room in that cache at any instant: held
 * until it is released. */
struct doc;
struct held_policy {
	const struct policy *policy; /* NULL: there was none */
	struct doc *doc;             /* of history; NULL when it belongs to now */
	bool read;                   /* from the database, not from the cache */
};
MUST_USE struct err *config_policy_hold(struct ctx *cx, struct config *c,
        const struct snapshot *now, const char *id, int64_t revision, struct held_policy *ret);
void config_policy_release(struct held_policy *held); /* for CLEANUP() */

/* ---- export ---- */

/* Every document in the form of FORMATS.md, secrets as "(kept)": what apply accepts back. */
MUST_USE struct err *config_export_yaml(
        struct ctx *cx, const struct snapshot *s, struct buf *out);
MUST_USE struct err *config_export_json(
        struct ctx *cx, const struct snapshot *s, struct buf *out);

#endif
