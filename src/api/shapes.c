/* SPDX-License-Identifier: Apache-2.0 */
#include "api/shapes.h"

#include "engine/timeline.h"

void
raw_json_encode(struct jsonw *w, const void *value)
{
	const char *text = *(const char *const *)value;

	if (text != NULL && text[0] != '\0')
		jsonw_raw(w, str_from(text));
}

#define JSON_OBJECT_SCHEMA "{\"type\":\"object\"}"

/* ---- incidents ---- */

#define INC(member) offsetof(struct incident, member)

static const struct field incident_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, INC(id), .help = "The number that people say." },
	{ "state", FIELD_ENUM, FIELD_REQUIRED, INC(state), .names = incident_state_names,
	        .help = "Where the work stands." },
	{ "title", FIELD_STRING, FIELD_REQUIRED, INC(title),
	        .help = "What happened, in a line." },
	{ "severity", FIELD_ENUM, FIELD_REQUIRED, INC(severity), .names = severity_names,
	        .help = "The highest so far." },
	{ "urgency", FIELD_ENUM, FIELD_REQUIRED, INC(urgency), .names = urgency_names,
	        .help = "How people are paged; never falls while it is open." },
	{ "mode", FIELD_ENUM, FIELD_REQUIRED, INC(mode), .names = mode_names,
	        .help = "Drills and tests stay out of every figure." },
	{ "dedup_key", FIELD_STRING, FIELD_REQUIRED, INC(dedup_key),
	        .help = "Of the alert that opened it." },
	{ "service", FIELD_REF, 0, INC(service), .ref = "service", .help = "What broke." },
	{ "team", FIELD_REF, 0, INC(team), .ref = "team", .help = "Whose it is." },
	{ "policy", FIELD_REF, 0, INC(policy), .ref = "policy",
	        .help = "By which people are paged; absent: only the catch-all was." },
	{ "policy_revision", FIELD_INT, FIELD_REQUIRED, INC(policy_revision),
	        .help = "The configuration revision of that policy." },
	{ "opened_at", FIELD_TIME, FIELD_REQUIRED, INC(opened_at), .help = "When it began." },
	{ "triggered_at", FIELD_TIME, FIELD_REQUIRED, INC(triggered_at),
	        .help = "When it last became triggered." },
	{ "acked_at", FIELD_TIME, 0, INC(acked_at), .help = "When somebody took it." },
	{ "acked_by", FIELD_STRING, 0, INC(acked_by), .help = "Who: user/alice." },
	{ "resolved_at", FIELD_TIME, 0, INC(resolved_at), .help = "When it ended." },
	{ "resolved_by", FIELD_STRING, 0, INC(resolved_by), .help = "Who ended it." },
	{ "muted_until", FIELD_TIME, 0, INC(muted_until),
	        .help = "Nobody is paged until then: maintenance." },
	{ "snoozed_until", FIELD_TIME, 0, INC(snoozed_until), .help = "When it wakes." },
	{ "mitigated_at", FIELD_TIME, 0, INC(mitigated_at),
	        .help = "When the harm was over; the work goes on." },
	{ "mitigated_by", FIELD_STRING, 0, INC(mitigated_by), .help = "Who said so." },
	{ "commander", FIELD_REF, 0, INC(commander), .ref = "user",
	        .help = "Who leads the work." },
	{ "exhausted_at", FIELD_TIME, 0, INC(exhausted_at),
	        .help = "When nobody was left to page." },
	{ "reopened_at", FIELD_TIME, 0, INC(reopened_at), .help = "When it last came back." },
	{ "unrouted", FIELD_BOOL, 0, INC(unrouted), .help = "No service was found for it." },
	{ "merged_into", FIELD_INT, 0, INC(merged_into), .help = "The incident that goes on." },
	{ "alerts", FIELD_INT, FIELD_REQUIRED, INC(n_alerts),
	        .help = "How many belong to it." },
	{ "open_alerts", FIELD_INT, FIELD_REQUIRED, INC(n_open_alerts),
	        .help = "How many have not recovered." },
	{ "updated_at", FIELD_TIME, FIELD_REQUIRED, INC(updated_at),
	        .help = "The last change." },
	{ "revision", FIELD_INT, FIELD_REQUIRED, INC(revision),
	        .help = "Counts changes; the ETag." },
};
const struct shape incident_shape =
        SHAPE("Incident", struct incident, incident_fields, "Work with an owner.");

/* ---- alerts ---- */

#define ALERT(member) offsetof(struct alert, member)

static const struct field alert_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, ALERT(id), .help = "Its number." },
	{ "state", FIELD_ENUM, FIELD_REQUIRED, ALERT(state), .names = alert_state_names,
	        .help = "Open until it recovers." },
	{ "dedup_key", FIELD_STRING, FIELD_REQUIRED, ALERT(dedup_key),
	        .help = "Signals with this key are about it." },
	{ "scope", FIELD_STRING, FIELD_REQUIRED, ALERT(scope),
	        .help = "In which the key is unique." },
	{ "severity", FIELD_ENUM, FIELD_REQUIRED, ALERT(severity), .names = severity_names,
	        .help = "Of the newest signal." },
	{ "summary", FIELD_STRING, FIELD_REQUIRED, ALERT(summary), .help = "What it says." },
	{ "integration", FIELD_REF, 0, ALERT(integration), .ref = "integration",
	        .help = "Where it came in." },
	{ "service", FIELD_REF, 0, ALERT(service), .ref = "service", .help = "What broke." },
	{ "incident", FIELD_INT, 0, ALERT(incident_id), .help = "What it belongs to." },
	{ "count", FIELD_INT, FIELD_REQUIRED, ALERT(count), .help = "Firing signals so far." },
	{ "first_at", FIELD_TIME, FIELD_REQUIRED, ALERT(first_at),
	        .help = "The first signal." },
	{ "last_at", FIELD_TIME, FIELD_REQUIRED, ALERT(last_at), .help = "The newest signal." },
	{ "closed_at", FIELD_TIME, 0, ALERT(closed_at), .help = "When it recovered." },
	{ "expires_at", FIELD_TIME, 0, ALERT(expires_at),
	        .help = "It counts as recovered then unless it is heard of." },
	{ "signal", FIELD_CUSTOM, 0, ALERT(body), .encode = raw_json_encode,
	        .schema = JSON_OBJECT_SCHEMA, .help = "The newest signal, normalised." },
};
const struct shape alert_shape =
        SHAPE("Alert", struct alert, alert_fields, "One condition, open under one dedup key.");

/* ---- pages ---- */

#define PAGE(member) offsetof(struct page, member)

static const struct field page_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, PAGE(id),
	        .help = "Providers see it as the idempotency key page-ID." },
	{ "incident", FIELD_INT, 0, PAGE(incident_id), .help = "What it asks an answer for." },
	{ "user", FIELD_REF, 0, PAGE(user_id), .ref = "user", .help = "Who is asked." },
	{ "contact", FIELD_STRING, FIELD_REQUIRED, PAGE(contact), .help = "By which contact." },
	{ "type", FIELD_STRING, FIELD_REQUIRED, PAGE(contact_type),
	        .help = "email or webhook." },
	{ "because", FIELD_STRING, FIELD_REQUIRED, PAGE(because),
	        .help = "The target that named the person." },
	{ "state", FIELD_ENUM, FIELD_REQUIRED, PAGE(state), .names = page_state_names,
	        .help = "How far it came." },
	{ "mode", FIELD_ENUM, FIELD_REQUIRED, PAGE(mode), .names = mode_names,
	        .help = "That of its incident." },
	{ "created_at", FIELD_TIME, FIELD_REQUIRED, PAGE(created_at),
	        .help = "When it was made." },
	{ "sent_at", FIELD_TIME, 0, PAGE(sent_at), .help = "When the provider took it." },
	{ "ended_at", FIELD_TIME, 0, PAGE(ended_at),
	        .help = "When nothing more was to be done." },
	{ "next_at", FIELD_TIME, 0, PAGE(next_at), .help = "The next attempt." },
	{ "attempts", FIELD_INT, FIELD_REQUIRED, PAGE(attempts), .help = "Attempts so far." },
	{ "late_by", FIELD_DURATION, 0, PAGE(late_by),
	        .help = "After its time, by an outage." },
	{ "possibly_twice", FIELD_BOOL, 0, PAGE(possibly_twice),
	        .help = "A crash left open whether it had been sent." },
	{ "bundle", FIELD_BOOL, 0, PAGE(is_bundle), .help = "It speaks for several." },
	{ "bundled_in", FIELD_INT, 0, PAGE(bundle_id), .help = "The page that speaks for it." },
	{ "receipt", FIELD_STRING, 0, PAGE(receipt), .help = "The provider's word." },
	{ "error", FIELD_STRING, 0, PAGE(error), .help = "Why it did not work." },
};
const struct shape page_shape =
        SHAPE("Page", struct page, page_fields, "One message to one contact method.");

/* ---- signals ---- */

#define SIGNAL(member) offsetof(struct signal_row, member)

static const struct field signal_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, SIGNAL(id), .help = "Its number." },
	{ "at", FIELD_TIME, FIELD_REQUIRED, SIGNAL(at), .help = "When it was taken." },
	{ "integration", FIELD_REF, 0, SIGNAL(integration), .ref = "integration",
	        .help = "Where it came in." },
	{ "action", FIELD_STRING, FIELD_REQUIRED, SIGNAL(action),
	        .help = "trigger, acknowledge or resolve." },
	{ "severity", FIELD_STRING, FIELD_REQUIRED, SIGNAL(severity), .help = "As it said." },
	{ "dedup_key", FIELD_STRING, FIELD_REQUIRED, SIGNAL(dedup_key),
	        .help = "What it is about." },
	{ "outcome", FIELD_STRING, FIELD_REQUIRED, SIGNAL(outcome),
	        .help = "What became of it." },
	{ "alert", FIELD_INT, 0, SIGNAL(alert_id), .help = "The alert it counts on." },
	{ "incident", FIELD_INT, 0, SIGNAL(incident_id), .help = "Its incident." },
	{ "signal", FIELD_CUSTOM, 0, SIGNAL(body), .encode = raw_json_encode,
	        .schema = JSON_OBJECT_SCHEMA, .help = "Normalised, as it was taken." },
};
const struct shape signal_row_shape =
        SHAPE("SignalRow", struct signal_row, signal_fields, "One message from a source.");

static const struct db_col signal_cols[] = {
	DB_COL(struct signal_row, id),
	DB_COL(struct signal_row, at),
	DB_COL(struct signal_row, integration),
	DB_COL(struct signal_row, action),
	DB_COL(struct signal_row, severity),
	DB_COL(struct signal_row, dedup_key),
	DB_COL(struct signal_row, outcome),
	DB_COL(struct signal_row, alert_id),
	DB_COL(struct signal_row, incident_id),
	DB_COL(struct signal_row, body),
};
const struct db_row signal_row = DB_ROW(struct signal_row, signal_cols);

/* ---- events ---- */

#define EVENT(member) offsetof(struct event_view, ev.member)

static const struct field event_fields[] = {
	{ "seq", FIELD_INT, FIELD_REQUIRED, EVENT(seq), .help = "Its number; they only grow." },
	{ "incident", FIELD_INT, 0, EVENT(incident_id),
	        .help = "Absent: of the organisation." },
	{ "at", FIELD_TIME, FIELD_REQUIRED, EVENT(at), .help = "When it happened." },
	{ "type", FIELD_STRING, FIELD_REQUIRED, EVENT(type), .help = "What happened." },
	{ "sentence", FIELD_STRING, FIELD_REQUIRED, offsetof(struct event_view, sentence),
	        .help = "The same for people." },
	{ "actor_kind", FIELD_STRING, FIELD_REQUIRED, EVENT(actor_kind),
	        .help = "user, integration or system." },
	{ "actor", FIELD_STRING, 0, EVENT(actor), .help = "Who did it." },
	{ "via", FIELD_STRING, 0, EVENT(via), .help = "By what means." },
	{ "user", FIELD_REF, 0, EVENT(user_id), .ref = "user", .help = "Whom it is about." },
	{ "reason", FIELD_STRING, 0, EVENT(reason), .help = "Why somebody was not paged." },
	{ "dedup_key", FIELD_STRING, 0, EVENT(dedup_key), .help = "Of the alert it is about." },
	{ "data", FIELD_CUSTOM, 0, EVENT(data), .encode = raw_json_encode,
	        .schema = JSON_OBJECT_SCHEMA, .help = "What else belongs to its type." },
	{ "hash", FIELD_STRING, FIELD_REQUIRED, EVENT(hash),
	        .help = "Over the one before it and every field of this." },
};
const struct shape event_shape = SHAPE(
        "Event", struct event_view, event_fields, "One line of the record; never changed.");

struct event_view *
event_views(struct ctx *cx, const struct event *events, size_t n)
{
	struct event_view *views = ARENA_ARRAY(&cx->mem, n, struct event_view);

	for (size_t i = 0; i < n; i++)
		views[i] = (struct event_view){ events[i], event_sentence(cx, &events[i]) };
	return views;
}

/* ---- what was refused ---- */

#define REJECTED(member) offsetof(struct rejected_row, member)

static const struct field rejected_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, REJECTED(id), .help = "Its number." },
	{ "at", FIELD_TIME, FIELD_REQUIRED, REJECTED(at), .help = "When it came." },
	{ "integration", FIELD_STRING, FIELD_REQUIRED, REJECTED(integration),
	        .help = "Who sent it." },
	{ "status", FIELD_INT, FIELD_REQUIRED, REJECTED(status), .help = "What was answered." },
	{ "reason", FIELD_STRING, FIELD_REQUIRED, REJECTED(reason), .help = "Why." },
	{ "sample", FIELD_TEXT, FIELD_REQUIRED, REJECTED(sample), .help = "How it began." },
};
const struct shape rejected_shape = SHAPE("Rejected", struct rejected_row, rejected_fields,
        "What an integration sent and was refused.");

static const struct db_col rejected_cols[] = {
	DB_COL(struct rejected_row, id),
	DB_COL(struct rejected_row, at),
	DB_COL(struct rejected_row, status),
	DB_COL(struct rejected_row, integration),
	DB_COL(struct rejected_row, reason),
	DB_COL(struct rejected_row, sample),
};
const struct db_row rejected_row = DB_ROW(struct rejected_row, rejected_cols);
