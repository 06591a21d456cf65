/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the vendors share: the export as rows that know their place, ids mapped to slugs, and
 * builders of documents. A vendor's file walks its rows and calls builders, nothing else.
 */
#ifndef IMPORTER_IMPORT_PRIV_H
#define IMPORTER_IMPORT_PRIV_H

#include "base/map.h"
#include "importer/importer.h"

/* ---- the export ---- */

/* One answer of the product's API. */
struct resource {
	const char *name;  /* "users" */
	const char *param; /* "alice" of "contact-methods.alice"; "" */
	const char *file;
	const struct json *v;
};

/* A value, the file that it stands in, and the parameter of the answer that it is part of. */
struct row {
	const struct json *v;
	const char *file;
	const char *param;
};

struct rows {
	struct row *items;
	size_t n, cap;
};

struct import {
	struct ctx *cx;
	const struct import_options *options;
	struct import_result *out;
	struct resource *resources;
	size_t n_resources, cap_resources;
	struct map slugs; /* "user ID-OF-THEIRS" -> struct named */
	struct map taken; /* "user/slug" -> itself */
	struct buf body;  /* of the document being written */
	struct jsonw w;
	enum kind kind;
	const char *slug;
};

/* Nothing read yet, what is written goes to out. options NULL: none. */
void import_begin(struct import *im, struct ctx *cx, const struct import_options *options,
        struct import_result *out);

MUST_USE struct err *source_read(struct import *im, const char *path);
MUST_USE struct err *source_files(struct import *im, const struct import_file *files, size_t n);

/* The rows of a resource of that name: of its arrays, in whatever envelope ("data", "results",
 * pages in an array), or the one object itself. param NULL: whatever it is. */
struct rows rows_of(struct import *im, const char *name, const char *param);

/* Values at a path of members, "escalation_policy.id". */
const struct json *at(struct row row, const char *path);
struct row row_at(struct row row, const char *path);
const char *text_at(struct import *im, struct row row, const char *path); /* "" when absent */
int64_t int_at(struct row row, const char *path, int64_t fallback);
bool bool_at(struct row row, const char *path, bool fallback);
/* Empty when there is none; path "": the row itself. */
struct rows list_at(struct import *im, struct row row, const char *path);
bool time_at(struct import *im, struct row row, const char *path, usec_t *ret);

/* A line of a file that is no JSON. */
struct row row_of_line(struct import *im, const char *file, uint32_t line);

/* ---- names ---- */

/* The slugs that something of theirs has become; most have one. */
struct named {
	const char **slugs;
	size_t n, cap;
};

void named_add(struct import *im, struct named *named, const char *slug); /* once */

/* A slug of that kind made of a name, unique; theirs ("" for none) is remembered for it. */
const char *import_name(
        struct import *im, enum kind kind, const char *theirs, const char *name);
/* The slug is somebody else's. */
void import_take(struct import *im, enum kind kind, const char *slug);
/* What their id has become; n 0 when nothing. */
struct named import_named(const struct import *im, enum kind kind, const char *theirs);
const char *import_slug(const struct import *im, enum kind kind, const char *theirs); /* NULL */
/* A further id of theirs for what is there. */
void import_alias(struct import *im, enum kind kind, const char *theirs, const char *slug);

/* ---- the report ---- */

/* what: "schedule/primary", or words for what has become no document. */
void note_changed(struct import *im, struct row where, const char *what, const char *fmt, ...)
        PRINTF(4, 5);
void note_left_out(struct import *im, struct row where, const char *what, const char *fmt, ...)
        PRINTF(4, 5);

/* ---- documents ---- */

/* Opens a document with its name (and description, when there is one); members go to the
 * writer. */
struct jsonw *doc_begin(struct import *im, enum kind kind, const char *slug, const char *name,
        const char *description);
void doc_end(struct import *im, struct row where);

struct import_contact {
	const char *theirs; /* their id, for the steps */
	const char *type;   /* "email", "sms", "voice", "webhook", "push"... */
	const char *address;
	const char *label;
	const char *slug; /* set when it was taken */
};

struct import_step {
	const char *contact; /* their id */
	const char *type;    /* "" or a type: an address may be both texted and called */
	usec_t after;
	enum urgency urgency;
	bool both; /* for both urgencies */
};

struct import_user {
	const char *slug, *name, *email, *zone, *role;
	struct import_contact *contacts;
	size_t n_contacts, cap_contacts;
	struct import_step *steps;
	size_t n_steps, cap_steps;
};

void user_contact_add(struct import *im, struct import_user *u, struct import_contact c);
void user_step_add(struct import *im, struct import_user *u, struct import_step s);
void user_write(struct import *im, struct row where, struct import_user *u);

struct import_member {
	const char *user; /* slug */
	const char *as;   /* "manager" or "responder"; of doubles the first counts */
};

struct import_team {
	const char *slug, *name, *description;
	struct import_member *members;
	size_t n, cap;
};

void member_add(struct import *im, struct import_team *t, struct row where, const char *user,
        const char *as);
void team_write(struct import *im, struct row where, const struct import_team *t);

/* ---- time ---- */

struct import_layer {
	struct cal_layer l; /* zone NULL: the schedule's */
	int level;          /* the higher counts; of equals everybody */
	struct row where;
	size_t cap_turns, cap_only;
};

struct import_schedule {
	const char *theirs, *name, *description;
	const char *team; /* slug or NULL */
	const struct zone *zone;
	struct import_layer *layers;
	size_t n, cap;
};

/* A zone by name; the organisation's default and a note when there is none of that name. */
const struct zone *zone_of(
        struct import *im, struct row where, const char *name, const char *what);

struct import_layer *layer_add(
        struct import *im, struct import_schedule *s, struct row where, const char *name);
/* A turn of these users (slugs). */
void turn_add(struct import *im, struct import_layer *l, const char *const *users, size_t n);
void turn_add_user(
        struct import *im, struct import_layer *l, const char *user); /* NULL: none */
/* minutes from `from` on each of the weekdays (bit 0 Monday): split where it passes
 * midnight. */
void window_add(struct import *im, struct import_layer *l, unsigned weekdays, int from,
        int64_t minutes);
/* A span of seconds as a length of turns; false (and rounded up to a minute) when inexact. */
bool every_of_seconds(int64_t seconds, struct cal_every *ret);
/* Moves the start to the last handoff at or before the instant; the turn then on comes first.
 */
void layer_start_near(
        struct import *im, struct import_layer *l, const struct zone *z, usec_t instant);
/* The turn of that number is on at the instant: it comes first, from its handoff on. */
void layer_begin_with(struct import *im, struct import_layer *l, const struct zone *z,
        size_t turn, usec_t instant);
/* "08:30" or "08:30:00" in minutes of the day. */
bool clock_parse(const char *text, int *ret);
/* Writes the schedule, or as many as it takes for everybody of a level to be on call. */
void schedule_write(struct import *im, struct row where, struct import_schedule *s);

struct import_shift {
	usec_t from, to;
	const char *const *users; /* slugs */
	size_t n;
};

/* Of every schedule that theirs has become. */
struct import_override {
	struct named schedules;
	usec_t from, to;
	const char *replace;               /* slug; NULL: everybody */
	const char *with;                  /* slug; NULL: nobody */
	const char *add;                   /* slug: instead of with, who is on too */
	const struct import_shift *shifts; /* instead of with: all that there is meanwhile */
	size_t n_shifts;
};
void override_write(struct import *im, struct row where, const struct import_override *o);
/* One schedule, nobody, one person or several at once. */
void shift_write(struct import *im, struct row where, const char *schedule,
        const struct import_shift *s);

/* ---- policies ---- */

struct import_target {
	const char *kind; /* "user", "schedule", "team", "policy", "channel" */
	const char *slug;
	bool next; /* of a schedule: who comes next */
};

struct policy_part {
	struct import_target *targets;
	size_t n, cap;
	usec_t wait;
	bool round_robin;
};

struct import_policy {
	const char *slug, *name, *description, *team;
	usec_t delay;
	struct policy_part *steps;
	size_t n, cap;
	int64_t repeat;
};

struct policy_part *part_add(struct import *im, struct import_policy *p);
void target_add(struct import *im, struct policy_part *part, struct import_target t);
/* Every slug that their id has become; false when there is none. */
bool targets_add(struct import *im, struct policy_part *part, enum kind kind,
        const char *theirs, bool next);
/* An e-mail address as a target: a channel of its own. */
void target_email(
        struct import *im, struct policy_part *part, struct row where, const char *address);
void policy_write(struct import *im, struct row where, struct import_policy *p);

struct import_service {
	const char *slug, *name, *description, *team, *policy, *urgency;
	const char *const *routing_keys;
	size_t n_keys;
};
void service_write(struct import *im, struct row where, const struct import_service *s);

/* type "": native. Left out, with the reason, when this program has no such type. */
struct import_integration {
	const char *name, *type, *team, *service, *key;
};
void integration_write(
        struct import *im, struct row where, const struct import_integration *in);

/* ---- vendors ---- */

/* Calls fn for every row of a resource. */
void import_each(
        struct import *im, const char *name, void (*fn)(struct import *im, struct row row));

typedef void vendor_fn(struct import *im);
vendor_fn import_victorops, import_pagerduty, import_opsgenie, import_grafana_oncall,
        import_goalert;

#endif
