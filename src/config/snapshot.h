/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A snapshot is the whole configuration at one revision: immutable, indexed, in memory. The
 * engine and every handler hold a reference while they work with one; a new revision is swapped
 * in whole. Documents that did not change are shared between snapshots (reference counted), so
 * one changed document costs a copy of the tables, not of the documents.
 *
 * References between documents are ids, resolved by look-up: a compiled snapshot has no
 * dangling ones, so a look-up of a referenced id inside the same snapshot never fails. An id
 * that comes from a row (an incident's service) may be gone: check for NULL.
 *
 * Any thread may read; snapshot_ref and _unref are atomic.
 */
#ifndef CONFIG_SNAPSHOT_H
#define CONFIG_SNAPSHOT_H

#include "base/actor.h"
#include "base/map.h"
#include "calendar/schedule.h"
#include "rules/ruleset.h"
#include "rules/signal.h"

enum kind {
	KIND_ORGANISATION,
	KIND_USER,
	KIND_TEAM,
	KIND_SERVICE,
	KIND_SCHEDULE,
	KIND_OVERRIDE,
	KIND_POLICY,
	KIND_INTEGRATION,
	KIND_RULESET,
	KIND_CHANNEL,
	KIND_HOLIDAY,
	KIND_ABSENCE,
	KIND_WINDOW,
	KIND_MAX,
};

/* ---- targets ---- */

/* "user", "users": as in references and as sections of files. */
const char *kind_name(enum kind kind);
const char *kind_section(enum kind kind);
bool kind_by_name(struct str name, enum kind *ret);
bool kind_by_section(struct str section, enum kind *ret);

enum target_kind { TARGET_USER, TARGET_TEAM, TARGET_SCHEDULE, TARGET_POLICY, TARGET_CHANNEL };

/* Of a schedule: who is on call, who comes on next, or everybody in its layers. */
enum target_who { WHO_CURRENT, WHO_NEXT, WHO_ALL };

struct target {
	enum target_kind kind;
	enum target_who who;
	const char *id;
};

/* "user/alice"; "schedule/x (next)" when who is not the current. For events and messages. */
const char *target_print(struct arena *a, const struct target *t);

/* "user/alice" and the like; false when it is none. Does not check that it exists. */
bool target_parse(struct arena *a, struct str text, struct target *ret);

/* ---- documents ---- */

/* What every document has. The compiled forms below begin with it. */
struct common {
	const char *id;
	const char *name; /* the id when none was given */
	const char *description;
	struct vec labels; /* struct pair */
};

/* Who may not go without a second factor. */
enum second_factor {
	SECOND_FACTOR_NOBODY,
	SECOND_FACTOR_ADMINS, /* and owners */
	SECOND_FACTOR_EVERYBODY,
	SECOND_FACTOR_MAX,
};

struct organisation {
	struct common c;
	const char *zone; /* default "UTC" */
	struct target catch_all;
	bool has_catch_all; /* else every owner is paged, as a team would be */
	/* What services inherit when they do not say. */
	usec_t reopen_within;
	bool repage_on_rise;
	bool auto_resolve;
	usec_t keep;          /* of the record of resolved incidents; 0: for ever */
	int64_t bundle_after; /* pages to one contact in a minute before they are bundled; 0:
	                         never */
	enum second_factor second_factor;
};

/* Something that is never shown. stored is the JSON that the database keeps: {"sealed": ...},
 * {"env": NAME} or {"file": PATH}. Both NULL when absent. */
struct secret {
	const char *plain; /* in memory only; NULL when its variable or file is not there */
	const char *stored;
};

enum contact_type { CONTACT_EMAIL, CONTACT_WEBHOOK, CONTACT_TYPE_MAX };
extern const char *const contact_type_names[CONTACT_TYPE_MAX + 1];

struct contact {
	const char *id; /* first: it is a map entry */
	enum contact_type type;
	const char *address;
	struct secret secret; /* webhook: signs the body */
};

struct paging_step {
	const char *contact;
	usec_t after; /* from the start of the page to that person; the steps are sorted by it
	               */
};

/* How a user hears of their own handoffs. */
struct user_handoff {
	const char *contact; /* NULL: the first of low urgency */
	usec_t lead;         /* how long before */
};

struct user {
	struct common c;
	struct user_handoff handoff;
	const char *email;
	enum role role;
	const char *zone;               /* NULL: the organisation's */
	struct vec contacts;            /* struct contact */
	struct vec paging[URGENCY_MAX]; /* struct paging_step */
};

enum membership { MEMBER_RESPONDER, MEMBER_MANAGER, MEMBERSHIP_MAX };

struct member {
	const char *id; /* of the user; first: it is a map entry */
	enum membership as;
};

struct team {
	struct common c;
	struct vec members; /* struct member */
	const char *zone;   /* NULL: the organisation's */
};

enum service_urgency { SERVICE_BY_SEVERITY, SERVICE_HIGH, SERVICE_LOW, SERVICE_URGENCY_MAX };

enum own_bool { OWN_UNSAID, OWN_FALSE, OWN_TRUE };

struct own_span {
	bool said;
	usec_t span;
};

struct service {
	struct common c;
	const char *team;
	const char *policy; /* NULL: the catch-all is paged */
	enum service_urgency urgency;
	struct vec depends_on;   /* const char *: service ids */
	struct vec routing_keys; /* const char * */
	struct vec links;        /* struct pair: title, URL */
	struct {
		struct own_span reopen_within;
		enum own_bool repage_on_rise, auto_resolve;
	} own; /* as written */
	/* Already with what the organisation gives: */
	usec_t reopen_within;
	bool repage_on_rise;
	bool auto_resolve; /* the incident resolves when its last alert closes; default true */
};

/* A layer as written. Its eras and dates are made anew for each snapshot. */
struct layer {
	struct cal_layer cal; /* first: its fields are decoded into it */
	struct vec except;    /* const char *: holidays on which it has nobody */
	struct vec during;    /* const char *: holidays on which alone it has somebody */
};

/* Beyond these, the quality report of a schedule says so. */
struct quality_limits {
	usec_t stretch;   /* the longest time on call without a break */
	usec_t gap;       /* gaps up to this long are left unsaid */
	int64_t fairness; /* percent, of hours, nights and weekends; see calendar/load.h */
	int64_t share;    /* percent of all hours that one person may have; 0: any */
};

/* What is told about handoffs. */
struct schedule_handoff {
	bool notice;           /* to who comes on and who goes off */
	struct target summary; /* every Monday at 9; id NULL: none */
	const char *note;      /* stands in every notice */
};

struct schedule {
	struct common c;
	struct schedule_handoff handoff;
	struct quality_limits quality;
	const char *team;
	const char *zone;  /* NULL: the team's, else the organisation's */
	struct vec layers; /* struct layer */
	struct cal_schedule
	        calendar; /* compiled, overrides included, in the order they were made */
};

/* Where a time begins or ends: a wall clock without a zone, or an instant. */
struct edge {
	struct civil wall; /* year 0: it is an instant */
	usec_t at;
};

usec_t edge_instant(const struct edge *e, const struct zone *z);

struct override_shift {
	struct edge from, to;
	struct cal_turn with;
};

/* Says `with`, `add` or `shifts`. */
struct override {
	struct common c;
	const char *schedule;
	struct edge from, to; /* in the schedule's zone */
	const char *replace;  /* NULL: everybody */
	const char *with;     /* NULL: nobody */
	const char *add;      /* who is on call too; NULL: none */
	struct vec shifts;    /* struct override_shift: all that there is meanwhile */
};

/* The dates of a calendar: what layers leave out, or what they are for. */
struct holiday_date {
	int64_t day; /* since 1970-01-01 */
	const char *name;
};

struct holiday {
	struct common c;
	struct vec dates; /* struct holiday_date, sorted */
};

/* A user takes no turn meanwhile. */
struct absence {
	struct common c;
	const char *user;
	struct edge from, to; /* in the user's zone, else the organisation's */
};

/* Maintenance: signals are taken, and nobody is paged for them meanwhile. */
struct window {
	struct common c;
	struct vec services, integrations; /* const char * */
	struct edge from, to;              /* in the organisation's zone */
	const char *reason;
};

/* A window with its instants. */
struct muting {
	const struct window *window;
	usec_t from, to;
};

struct policy_step {
	struct vec page; /* struct target */
	usec_t wait;     /* default 5m */
	int64_t acks; /* people that must answer before the others are left alone; default 1 */
	bool round_robin; /* of the targets one is taken, in turn from incident to incident */
};

struct policy {
	struct common c;
	const char *team;
	usec_t delay;       /* before step 1 */
	int64_t repeat;     /* further rounds */
	usec_t ack_timeout; /* 0: none; else triggered again that long after an acknowledgement
	                     */
	struct vec steps;   /* struct policy_step */
};

enum integration_type {
	INTEGRATION_NATIVE,
	INTEGRATION_ALERTMANAGER, /* API v2 and webhook v4 */
	INTEGRATION_VICTOROPS,
	INTEGRATION_TYPE_MAX,
};
extern const char *const integration_type_names[INTEGRATION_TYPE_MAX + 1];

/* What a dedup key is unique in. */
enum dedup_scope { SCOPE_INTEGRATION, SCOPE_TEAM, SCOPE_ORGANISATION, DEDUP_SCOPE_MAX };

struct integration {
	struct common c;
	enum integration_type type;
	const char *team;
	const char *service; /* default for its signals, or NULL */
	enum dedup_scope dedup_scope;
	bool disabled; /* its key is refused: how a key is revoked without losing the document
	                  */
	struct secret key;
	struct secret old_key; /* valid beside it, while senders are changed */
	usec_t old_key_until;  /* 0: until somebody ends it */
};

struct ruleset_doc {
	struct common c;
	const char *team;
	int64_t order;
	const struct ruleset *rules;
	const char *rules_body; /* as JSON, for the canonical form */
	const char *cases;      /* as JSON: [{name, signal, expect}]; NULL: none */
};

/* Where messages go that belong to no person: a list, a chat room, a machine. */
struct channel_doc {
	struct common c;
	const char *team;
	struct contact contact;
};

/* ---- the snapshot ---- */

/* One document as it is stored: for export, API and the UI. */
struct document {
	enum kind kind;
	const char *id;
	int64_t revision; /* the configuration revision that last changed it */
	const char *
	        source; /* the --source of the apply that brought it; NULL: made in UI or API */
	const char *body; /* canonical compact JSON, secrets as stored (never shown) */
	void *value;      /* struct user and so on, by kind; a schedule's has no overrides
	                     yet: ask snapshot_schedule */
};

struct snapshot; /* incomplete: use the functions */

const struct snapshot *snapshot_ref(const struct snapshot *s);
void snapshot_unref(const struct snapshot *s);         /* NULL is nothing */
void snapshot_unrefp(const struct snapshot *const *s); /* for CLEANUP */

int64_t snapshot_revision(const struct snapshot *s); /* 0: nothing was ever applied */

const struct document *snapshot_document(
        const struct snapshot *s, enum kind kind, const char *id);
/* Documents of a kind, sorted by id. */
const struct document *const *snapshot_list(
        const struct snapshot *s, enum kind kind, size_t *ret_n);

/* NULL when there is none of that id (id NULL too). The organisation is always there, by
 * default "Tocsin" in UTC. */
const struct organisation *snapshot_organisation(const struct snapshot *s);
const struct user *snapshot_user(const struct snapshot *s, const char *id);
const struct team *snapshot_team(const struct snapshot *s, const char *id);
const struct service *snapshot_service(const struct snapshot *s, const char *id);
const struct schedule *snapshot_schedule(const struct snapshot *s, const char *id);
const struct policy *snapshot_policy(const struct snapshot *s, const char *id);
const struct integration *snapshot_integration(const struct snapshot *s, const char *id);
const struct holiday *snapshot_holiday(const struct snapshot *s, const char *id);
const struct channel_doc *snapshot_channel(const struct snapshot *s, const char *id);

/* By the key that a sender showed; constant-time in the key's bytes. Disabled ones are not
 * found, nor by an old key whose time is over. ret_old: whether it was the old key. */
const struct integration *snapshot_integration_by_key(
        const struct snapshot *s, struct str key, usec_t now, bool *ret_old);
const struct integration *snapshot_integration_by_old_key(
        const struct snapshot *s, struct str key, usec_t now);

/* Whether its old key counts still. */
bool integration_old_key_valid(const struct integration *in, usec_t now);

/* The service that lists the routing key, or bears it as id; case-insensitive. */
const struct service *snapshot_route(const struct snapshot *s, const char *routing_key);

/* The maintenance window that covers what comes for this service or by this integration; NULL:
 * none. Either may be NULL. */
const struct muting *snapshot_muting(
        const struct snapshot *s, const char *service, const char *integration, usec_t now);
bool snapshot_mutes(const struct snapshot *s); /* whether there is any window */

/* Rule sets in their order. */
const struct ruleset *const *snapshot_rules(const struct snapshot *s, size_t *ret_n);

/* The id of the one at this place of them. */
const char *snapshot_ruleset_id(const struct snapshot *s, size_t place);

/* By e-mail address, for sign-in. */
const struct user *snapshot_user_by_email(const struct snapshot *s, const char *email);

const struct contact *user_contact(const struct user *u, const char *contact_id);

/* The zone to show times in: the document's, its team's, the organisation's. Never NULL. */
const struct zone *snapshot_zone(const struct snapshot *s, const char *zone, const char *team);

/* As what somebody is in a team; NULL: not at all, or there is no such team. */
const struct member *snapshot_member(
        const struct snapshot *s, const char *user, const char *team_id);

/* Whether somebody is a member of its team or in its layers. */
bool snapshot_shares(
        const struct snapshot *s, const struct schedule *schedule, const char *user);

/* Whether an absence of theirs meets that time, whatever schedules they are in. */
bool snapshot_away(const struct snapshot *s, const char *user, usec_t from, usec_t to);

#endif
