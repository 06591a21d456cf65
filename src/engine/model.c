/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the record's enums, and how its rows land in structs. */
#include "engine/model.h"

#include <assert.h>

const char *const mode_names[MODE_MAX + 1] = {
	[MODE_STANDARD] = "standard",
	[MODE_DRILL] = "drill",
	[MODE_TEST] = "test",
	[MODE_RETROSPECTIVE] = "retrospective",
};

const char *const incident_state_names[INCIDENT_STATE_MAX + 1] = {
	[INCIDENT_TRIGGERED] = "triggered",
	[INCIDENT_ACKNOWLEDGED] = "acknowledged",
	[INCIDENT_RESOLVED] = "resolved",
};

const char *const alert_state_names[ALERT_STATE_MAX + 1] = {
	[ALERT_OPEN] = "open",
	[ALERT_CLOSED] = "closed",
};

const char *const outcome_names[OUTCOME_MAX + 1] = {
	[OUTCOME_OPENED] = "opened",
	[OUTCOME_KEPT] = "kept",
	[OUTCOME_DUPLICATE] = "duplicate",
	[OUTCOME_ROSE] = "rose",
	[OUTCOME_REOPENED] = "reopened",
	[OUTCOME_ACKNOWLEDGED] = "acknowledged",
	[OUTCOME_CLOSED] = "closed",
	[OUTCOME_NOTHING] = "nothing",
};

const char *const run_state_names[RUN_STATE_MAX] = {
	[RUN_WAITING] = "waiting",
	[RUN_ENDED] = "ended",
};

const char *const callout_state_names[CALLOUT_STATE_MAX] = {
	[CALLOUT_RUNNING] = "running",
	[CALLOUT_SPENT] = "spent",
	[CALLOUT_ANSWERED] = "answered",
	[CALLOUT_UNREACHED] = "unreached",
	[CALLOUT_CANCELLED] = "cancelled",
};

const char *const page_state_names[PAGE_STATE_MAX + 1] = {
	[PAGE_QUEUED] = "queued",
	[PAGE_SENDING] = "sending",
	[PAGE_SENT] = "sent",
	[PAGE_DELIVERED] = "delivered",
	[PAGE_READ] = "read",
	[PAGE_FAILED] = "failed",
	[PAGE_CANCELLED] = "cancelled",
	[PAGE_BUNDLED] = "bundled",
};

const char *const timer_kind_names[TIMER_KIND_MAX] = {
	[TIMER_STEP] = "step",
	[TIMER_HANDOFF] = "handoff",
	[TIMER_CONTACT] = "contact",
	[TIMER_SNOOZE] = "snooze",
	[TIMER_ACK] = "ack",
	[TIMER_DUTY] = "duty",
	[TIMER_SWAP] = "swap",
	[TIMER_EXPIRY] = "expiry",
	[TIMER_MUTE] = "mute",
};

const char *const reason_names[REASON_MAX] = {
	[REASON_NONE] = NULL,
	[REASON_DUPLICATE] = "duplicate",
	[REASON_ACKNOWLEDGED] = "acknowledged",
	[REASON_RESOLVED] = "resolved",
	[REASON_SNOOZED] = "snoozed",
	[REASON_MAINTENANCE] = "maintenance",
	[REASON_SILENCED] = "silenced",
	[REASON_NOBODY_ON_CALL] = "nobody-on-call",
	[REASON_NO_CONTACT] = "no-contact",
	[REASON_CONTACT_FAILED] = "contact-failed",
	[REASON_USER_GONE] = "user-gone",
	[REASON_INFO] = "info",
	[REASON_BUNDLED] = "bundled",
	[REASON_THROTTLED] = "throttled",
	[REASON_OFF_DUTY] = "off-duty",
	[REASON_REASSIGNED] = "reassigned",
	[REASON_MERGED] = "merged",
	[REASON_NO_REPAGE] = "no-repage",
	[REASON_DECLINED] = "declined",
};

static_assert(NELEMS(incident_state_names) == INCIDENT_STATE_MAX + 1, "a name for each state");
static_assert(NELEMS(reason_names) == REASON_MAX, "a name for each reason");

/* severity_names and urgency_names end with a NULL that is no value. */
#define SEVERITIES .names = severity_names, .n_names = SEVERITY_MAX
#define URGENCIES .names = urgency_names, .n_names = URGENCY_MAX

static const struct db_col incident_cols[] = {
	DB_COL(struct incident, id),
	DB_COL_ENUM(struct incident, mode, mode_names),
	DB_COL_ENUM(struct incident, state, incident_state_names),
	{ .name = "severity",
	        .type = DB_ENUM,
	        .offset = offsetof(struct incident, severity),
	        SEVERITIES },
	{ .name = "urgency",
	        .type = DB_ENUM,
	        .offset = offsetof(struct incident, urgency),
	        URGENCIES },
	DB_COL(struct incident, title),
	DB_COL(struct incident, dedup_key),
	DB_COL(struct incident, service),
	DB_COL(struct incident, team),
	DB_COL(struct incident, policy),
	DB_COL(struct incident, policy_revision),
	DB_COL(struct incident, revision),
	DB_COL(struct incident, opened_at),
	DB_COL(struct incident, triggered_at),
	DB_COL(struct incident, acked_at),
	DB_COL(struct incident, acked_by),
	DB_COL(struct incident, resolved_at),
	DB_COL(struct incident, resolved_by),
	DB_COL(struct incident, snoozed_until),
	DB_COL(struct incident, muted_until),
	DB_COL(struct incident, exhausted_at),
	DB_COL(struct incident, reopened_at),
	DB_COL(struct incident, unrouted),
	DB_COL(struct incident, merged_into),
	DB_COL(struct incident, n_alerts),
	DB_COL(struct incident, n_open_alerts),
	DB_COL(struct incident, updated_at),
	DB_COL(struct incident, mitigated_at),
	DB_COL(struct incident, mitigated_by),
	DB_COL(struct incident, commander),
	DB_COL(struct incident, watched),
	DB_COL(struct incident, briefed),
	DB_COL(struct incident, chain),
};
const struct db_row incident_row = DB_ROW(struct incident, incident_cols);

static const struct db_col alert_cols[] = {
	DB_COL(struct alert, id),
	DB_COL(struct alert, scope),
	DB_COL(struct alert, dedup_key),
	DB_COL_ENUM(struct alert, state, alert_state_names),
	{ .name = "severity",
	        .type = DB_ENUM,
	        .offset = offsetof(struct alert, severity),
	        SEVERITIES },
	DB_COL(struct alert, summary),
	DB_COL(struct alert, integration),
	DB_COL(struct alert, service),
	DB_COL(struct alert, incident_id),
	DB_COL(struct alert, count),
	DB_COL(struct alert, first_at),
	DB_COL(struct alert, last_at),
	DB_COL(struct alert, closed_at),
	DB_COL(struct alert, expires_at),
	DB_COL(struct alert, look_at),
	DB_COL(struct alert, body),
};
const struct db_row alert_row = DB_ROW(struct alert, alert_cols);

static const struct db_col run_cols[] = {
	DB_COL(struct run, id),
	DB_COL(struct run, incident_id),
	DB_COL(struct run, parent_id),
	DB_COL(struct run, policy),
	DB_COL(struct run, policy_revision),
	DB_COL(struct run, step),
	DB_COL(struct run, round),
	DB_COL_ENUM(struct run, state, run_state_names),
	DB_COL(struct run, step_began_at),
	DB_COL(struct run, step_ends_at),
	DB_COL(struct run, targets),
};
const struct db_row run_row = DB_ROW(struct run, run_cols);

static const struct db_col callout_cols[] = {
	DB_COL(struct callout, id),
	DB_COL(struct callout, incident_id),
	DB_COL(struct callout, run_id),
	DB_COL(struct callout, user_id),
	DB_COL(struct callout, because),
	DB_COL_ENUM(struct callout, state, callout_state_names),
	{ .name = "urgency",
	        .type = DB_ENUM,
	        .offset = offsetof(struct callout, urgency),
	        URGENCIES },
	DB_COL(struct callout, began_at),
	DB_COL(struct callout, next_step),
	DB_COL(struct callout, asked),
	DB_COL(struct callout, steps),
};
const struct db_row callout_row = DB_ROW(struct callout, callout_cols);

static const struct db_col page_cols[] = {
	DB_COL(struct page, id),
	DB_COL(struct page, incident_id),
	DB_COL(struct page, callout_id),
	DB_COL_ENUM(struct page, mode, mode_names),
	DB_COL(struct page, user_id),
	DB_COL(struct page, contact),
	DB_COL(struct page, contact_type),
	DB_COL(struct page, address),
	DB_COL(struct page, because),
	DB_COL_ENUM(struct page, state, page_state_names),
	DB_COL(struct page, created_at),
	DB_COL(struct page, due_at),
	DB_COL(struct page, next_at),
	DB_COL(struct page, lease_until),
	DB_COL(struct page, attempts),
	DB_COL(struct page, sent_at),
	DB_COL(struct page, ended_at),
	DB_COL(struct page, late_by),
	DB_COL(struct page, possibly_twice),
	DB_COL(struct page, is_bundle),
	DB_COL(struct page, bundle_id),
	DB_COL(struct page, receipt),
	DB_COL(struct page, error),
};
const struct db_row page_row = DB_ROW(struct page, page_cols);

static const struct db_col timer_cols[] = {
	DB_COL(struct timer, id),
	DB_COL(struct timer, due_at),
	DB_COL_ENUM(struct timer, kind, timer_kind_names),
	DB_COL(struct timer, incident_id),
	DB_COL(struct timer, ref_id),
};
const struct db_row timer_row = DB_ROW(struct timer, timer_cols);

static const struct db_col event_cols[] = {
	DB_COL(struct event, seq),
	DB_COL(struct event, incident_id),
	DB_COL(struct event, at),
	DB_COL(struct event, type),
	DB_COL(struct event, actor_kind),
	DB_COL(struct event, actor),
	DB_COL(struct event, via),
	DB_COL(struct event, user_id),
	DB_COL(struct event, reason),
	DB_COL(struct event, dedup_key),
	DB_COL(struct event, data),
	DB_COL(struct event, hash),
};
const struct db_row event_row = DB_ROW(struct event, event_cols);
