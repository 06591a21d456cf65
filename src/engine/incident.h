/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work with an owner: an incident is triggered, acknowledged or resolved; snoozed, exhausted,
 * unrouted, reopened and merged are facts about it, not states. People and integrations act on
 * it through the verbs below. Acting on a resolved incident is ERR_CONFLICT and changes
 * nothing.
 */
#ifndef ENGINE_INCIDENT_H
#define ENGINE_INCIDENT_H

#include "engine/engine.h"

enum incident_verb {
	INCIDENT_ACKNOWLEDGE,
	INCIDENT_RESOLVE,
	INCIDENT_SNOOZE,   /* until */
	INCIDENT_REASSIGN, /* target */
	INCIDENT_ESCALATE,
	INCIDENT_REROUTE, /* policy */
	INCIDENT_NOTE,    /* text; also on a resolved one */
	INCIDENT_MERGE,   /* into */
	/* The room: people, what is known, what was said. */
	INCIDENT_ADD,     /* target: paged in addition */
	INCIDENT_JOIN,    /* somebody else has it: I help, my pages stop */
	INCIDENT_DECLINE, /* I cannot: my pages stop, and who comes next is paged */
	INCIDENT_WATCH,
	INCIDENT_UNWATCH,
	INCIDENT_ROLE,  /* role, user or nobody, seen */
	INCIDENT_BRIEF, /* brief */
	INCIDENT_EDIT,  /* line, text */
	INCIDENT_STAR,  /* line */
	INCIDENT_UNSTAR,
	INCIDENT_SPLIT, /* alerts, take, title */
	INCIDENT_MITIGATE,
	/* Taking back. */
	INCIDENT_UNMITIGATE,
	INCIDENT_UNACKNOWLEDGE,
	INCIDENT_UNSNOOZE,
	INCIDENT_REOPEN,
	INCIDENT_UNMERGE,
	INCIDENT_VERB_MAX,
};
const char *incident_verb_name(enum incident_verb verb);

/* False when no verb is called so. */
bool incident_verb_named(const char *name, enum incident_verb *ret);

/* What somebody does beside acknowledging it; at most one person each. */
enum incident_role {
	INCIDENT_COMMANDER,
	INCIDENT_OPS_LEAD,
	INCIDENT_SCRIBE,
	INCIDENT_CUSTOMER_LIAISON,
	INCIDENT_INTERNAL_LIAISON,
	INCIDENT_ROLE_MAX,
};
extern const char *const incident_role_names[INCIDENT_ROLE_MAX + 1];

/* A field that is NULL stays; "" empties it. Step and instant go together: who says what is
 * next without saying by when takes the old instant away. */
struct brief_change {
	const char *status, *impact, *theory, *next_step;
	usec_t next_by;
	int64_t if_revision; /* of the brief, else ERR_CONFLICT; -1: whichever */
};

struct incident_act {
	int64_t incident_id;
	enum incident_verb verb;
	int64_t if_revision;  /* 0, or ERR_CONFLICT unless the incident has this revision */
	usec_t until;         /* snooze */
	struct target target; /* reassign */
	const char *policy;   /* reroute; NULL: the service's policy of today */
	const char *text;     /* note, and a remark with any other verb; or NULL */
	int64_t into;         /* merge */
	usec_t happened_at;   /* note: it tells of a moment in the past; 0: of now */
	enum incident_role role;
	const char *user; /* role: who gets it; NULL: nobody */
	const char *seen; /* role: who had it, "" nobody, else CONFLICT; NULL: whoever */
	struct brief_change *brief;
	int64_t line;            /* edit, star: number of the event */
	struct vec alerts;       /* split: int64_t ids */
	const char *title;       /* split; NULL: the first alert's summary */
	bool take;               /* split: the new one is acknowledged by who splits */
	struct incident *result; /* set: the incident afterwards, in the arena */
	bool changed; /* set: false when it was so already (a second acknowledgement) */
};

/* The actor is cx->actor. NOT_FOUND for an unknown incident, INVALID for a target, policy or
 * time that cannot be, CONFLICT as above. */
MUST_USE struct err *incident_do(struct ctx *cx, struct engine *e, struct incident_act *act);
MUST_USE struct err *incident_do_run(struct ctx *cx, struct engine *e, void *arg);

/* Opened by a person instead of a signal ("tocsin page"). */
struct incident_open {
	enum mode mode;
	const char *title; /* required */
	const char *details;
	enum severity severity;
	const char *service; /* one of the three, in this order */
	const char *policy;
	struct target target;
	bool has_target;
	struct incident *result;
};
MUST_USE struct err *incident_open_run(struct ctx *cx, struct engine *e, void *arg);

/* ---- for the engine's own files ---- */

/* How people are paged for it, as its service says. service: NULL for none. */
enum urgency incident_urgency(const struct service *service, enum severity severity);

MUST_USE struct err *incident_load(struct ctx *cx, int64_t id, struct incident *ret);

/* Writes every changed field, counts the revision up, sets updated_at. */
MUST_USE struct err *incident_store(struct ctx *cx, struct incident *inc);

/* The row without a count of the revision: what changed is nothing that people decide upon. */
MUST_USE struct err *incident_store_quietly(struct ctx *cx, struct incident *inc);

/* After something that only paging did: the record has grown, but nothing has changed that
 * people decide upon, so that whoever acts on what they saw is not refused because a mail went
 * out meanwhile. The revision counts up only where the incident became exhausted by it. */
MUST_USE struct err *incident_store_paging(
        struct ctx *cx, struct incident *inc, usec_t exhausted_before);

/* A new one, once all that its opening brings has happened: one row written instead of one
 * written and changed. Its revision is 0 until then. */
MUST_USE struct err *incident_insert(struct ctx *cx, struct incident *inc);

/* Moves to a state if the table of moves allows it; ERR_BUG otherwise: callers have checked. */
MUST_USE struct err *incident_move(
        struct ctx *cx, struct incident *inc, enum incident_state to);

/* The end: by is "user/x", "integration/x" or "system"; open alerts are closed with it. */
MUST_USE struct err *incident_resolve(
        struct ctx *cx, struct engine *e, struct incident *inc, enum reason why_silent);

/* Somebody is on it. Nothing when it is resolved. */
MUST_USE struct err *incident_acknowledge(
        struct ctx *cx, struct engine *e, struct incident *inc, bool *ret_changed);

/* Triggered (again) from step 1: reopened, rose, woke from snooze, acknowledgement timed out.
 */
MUST_USE struct err *incident_retrigger(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *event_type);

/* A policy may want the acknowledgement renewed: the wait for that begins (again). */
MUST_USE struct err *incident_begin_ack_timeout(
        struct ctx *cx, struct engine *e, struct incident *inc);

/* Timers. */
MUST_USE struct err *incident_snooze_over(
        struct ctx *cx, struct engine *e, const struct timer *t);
MUST_USE struct err *incident_ack_over(struct ctx *cx, struct engine *e, const struct timer *t);

/* The id of the acting user; NULL when no user acts. */
const char *acting_user(const struct ctx *cx);

/* "user/alice": the acting party as text. */
const char *actor_text(struct ctx *cx);

#endif
