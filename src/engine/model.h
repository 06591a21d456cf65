/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the record as C: what the engine reads, decides on and writes, and what readers
 * of it (API, scenarios, reports) get. Field for field the tables of
 * migrations/0001_schema.sql. Texts live in the unit of work's arena. Absent times and ids are
 * 0 here and NULL there.
 */
#ifndef ENGINE_MODEL_H
#define ENGINE_MODEL_H

#include "config/snapshot.h"
#include "db/db.h"

enum mode { MODE_STANDARD, MODE_DRILL, MODE_TEST, MODE_RETROSPECTIVE, MODE_MAX };

enum incident_state {
	INCIDENT_TRIGGERED,
	INCIDENT_ACKNOWLEDGED,
	INCIDENT_RESOLVED,
	INCIDENT_STATE_MAX,
};

enum alert_state { ALERT_OPEN, ALERT_CLOSED, ALERT_STATE_MAX };

/* What became of a signal. */
enum outcome {
	OUTCOME_OPENED,       /* a new alert and a new incident */
	OUTCOME_KEPT,         /* info: on the record, nobody is woken */
	OUTCOME_DUPLICATE,    /* counted on the open alert */
	OUTCOME_ROSE,         /* counted, and the urgency rose: paging began again */
	OUTCOME_REOPENED,     /* the resolved incident is open again */
	OUTCOME_ACKNOWLEDGED, /* the source says that somebody is on it */
	OUTCOME_CLOSED,       /* the alert recovered */
	OUTCOME_NOTHING,      /* an acknowledgement or a recovery of nothing that is open */
	OUTCOME_MAX,
};

enum run_state { RUN_WAITING, RUN_ENDED, RUN_STATE_MAX };

enum callout_state {
	CALLOUT_RUNNING,   /* contacts are still to come or on their way */
	CALLOUT_SPENT,     /* every contact was tried and at least one got through */
	CALLOUT_ANSWERED,  /* acknowledged by that person */
	CALLOUT_UNREACHED, /* no contact got through */
	CALLOUT_CANCELLED, /* somebody else answered, or it was resolved, reassigned... */
	CALLOUT_STATE_MAX,
};

enum page_state {
	PAGE_QUEUED,
	PAGE_SENDING,
	PAGE_SENT,
	PAGE_DELIVERED,
	PAGE_READ,
	PAGE_FAILED,
	PAGE_CANCELLED,
	PAGE_BUNDLED,
	PAGE_STATE_MAX,
};

enum timer_kind {
	TIMER_STEP,    /* ref: run; the wait of its step, or the delay before step 1, is over */
	TIMER_HANDOFF, /* ref: run; somebody else comes on duty while its step waits */
	TIMER_CONTACT, /* ref: callout; its next contact is due */
	TIMER_SNOOZE,  /* the snooze ends */
	TIMER_ACK,     /* the acknowledgement times out */
	TIMER_DUTY,    /* handoffs and summaries are looked at */
	TIMER_SWAP,    /* ref: swap; it is said again, or its offer expires */
	TIMER_EXPIRY,  /* ref: alert; it counts as recovered unless it was heard of since */
	TIMER_MUTE,    /* the maintenance window is over */
	TIMER_KIND_MAX,
};

/* Why somebody was not paged: the words of FORMATS.md section 2, and those that it left open.
 */
enum reason {
	REASON_NONE,
	REASON_DUPLICATE,
	REASON_ACKNOWLEDGED,
	REASON_RESOLVED,
	REASON_SNOOZED,
	REASON_MAINTENANCE,
	REASON_SILENCED,
	REASON_NOBODY_ON_CALL,
	REASON_NO_CONTACT,
	REASON_CONTACT_FAILED,
	REASON_USER_GONE,
	REASON_INFO,
	REASON_BUNDLED,
	REASON_THROTTLED,
	REASON_OFF_DUTY,   /* somebody else came on duty meanwhile */
	REASON_REASSIGNED, /* given to others by hand: reassign, reroute, escalate */
	REASON_MERGED,
	REASON_NO_REPAGE, /* the severity rose, the service says repage_on_rise: false */
	REASON_DECLINED,  /* the person said that it cannot be them */
	REASON_MAX,
};

extern const char *const mode_names[MODE_MAX + 1];
extern const char *const incident_state_names[INCIDENT_STATE_MAX + 1];
extern const char *const alert_state_names[ALERT_STATE_MAX + 1];
extern const char *const outcome_names[OUTCOME_MAX + 1];
extern const char *const run_state_names[RUN_STATE_MAX];
extern const char *const callout_state_names[CALLOUT_STATE_MAX];
extern const char *const page_state_names[PAGE_STATE_MAX + 1];
extern const char *const timer_kind_names[TIMER_KIND_MAX];
extern const char *const reason_names[REASON_MAX]; /* REASON_NONE is NULL */

struct incident {
	int64_t id; /* the number people say */
	enum mode mode;
	enum incident_state state;
	enum severity severity; /* the highest so far */
	enum urgency urgency;   /* never falls while it is open */
	const char *title;
	const char *dedup_key; /* of the alert that opened it */
	const char *service;
	const char *team;
	const char *policy;      /* NULL: nobody's, the catch-all was paged */
	int64_t policy_revision; /* the configuration revision whose policy it works with */
	int64_t revision;        /* counts changes: the ETag */
	int64_t opened_at;
	int64_t triggered_at; /* the last time it became triggered: for time to acknowledge */
	int64_t acked_at;
	const char *acked_by; /* "user/alice", "integration/prom" */
	int64_t resolved_at;
	const char *resolved_by;
	int64_t snoozed_until;
	int64_t muted_until;  /* a maintenance window holds paging back */
	int64_t exhausted_at; /* nobody is left to page; 0 again when paging begins anew */
	int64_t reopened_at;
	bool unrouted; /* no service was found for it */
	int64_t merged_into;
	int64_t n_alerts;
	int64_t n_open_alerts;
	int64_t updated_at;
	int64_t mitigated_at; /* the harm is over; 0 again when it is triggered */
	const char *mitigated_by;
	const char *commander; /* user id */
	bool watched;          /* somebody asked to be told */
	bool briefed;          /* there is a brief, which goes along with pages */
	const char *chain;     /* hash of its newest event */
};

struct alert {
	int64_t id;
	const char *scope; /* "integration/prom", "team/payments", "organisation" */
	const char *dedup_key;
	enum alert_state state;
	enum severity severity; /* of the newest signal */
	const char *summary;
	const char *integration;
	const char *service;
	int64_t incident_id; /* 0: info only, so far */
	int64_t count;       /* firing signals */
	int64_t first_at, last_at, closed_at, expires_at;
	int64_t look_at;  /* when to see whether it has expired: not after that */
	const char *body; /* signal_json of its newest telling signal; NULL: not asked for */
};

struct run {
	int64_t id;
	int64_t incident_id;
	int64_t parent_id; /* 0: the main run */
	const char *policy;
	int64_t policy_revision;
	int64_t step;  /* index into the policy's steps; -1 before step 1 */
	int64_t round; /* from 0 */
	enum run_state state;
	int64_t step_began_at;
	int64_t step_ends_at;
	const char *targets; /* JSON array of target texts that its present step pages */
};

struct callout {
	int64_t id;
	int64_t incident_id;
	int64_t run_id;
	const char *user_id;
	const char *because; /* the target that named the person: "schedule/payments-primary" */
	enum callout_state state;
	enum urgency urgency;
	int64_t began_at;
	int64_t next_step; /* index of the next contact */
	bool asked;        /* by hand: goes on until this person answers or it is over */
	const char *steps; /* JSON: [{"contact","after"}], as they were when it began */
};

struct page {
	int64_t id; /* also the idempotency key that providers see: "page-ID" */
	int64_t incident_id;
	int64_t callout_id; /* 0: to a channel */
	enum mode mode;
	const char *user_id;
	const char *contact;
	const char *contact_type;
	const char *address;
	const char *because;
	enum page_state state;
	int64_t created_at;
	int64_t due_at;
	int64_t next_at; /* when to try (again); 0 once it has ended */
	int64_t lease_until;
	int64_t attempts;
	int64_t sent_at;
	int64_t ended_at;
	int64_t late_by;     /* how long after its time it was made, after an outage */
	bool possibly_twice; /* a crash left open whether it had been sent */
	bool is_bundle;
	int64_t bundle_id; /* state bundled: the page that speaks for it */
	const char *receipt;
	const char *error;
};

struct timer {
	int64_t id;
	int64_t due_at;
	enum timer_kind kind;
	int64_t incident_id;
	int64_t ref_id;
};

struct event {
	int64_t seq;
	int64_t incident_id; /* 0: the organisation's chain */
	int64_t at;
	const char *type; /* "incident.acknowledged"; the list is in timeline.h */
	const char *actor_kind;
	const char *actor;
	const char *via;
	const char *user_id; /* whom it is about */
	const char *reason;
	const char *dedup_key;
	const char *data; /* JSON object, by type */
	const char *hash;
};

extern const struct db_row incident_row, alert_row, run_row, callout_row, page_row, timer_row,
        event_row;

#endif
