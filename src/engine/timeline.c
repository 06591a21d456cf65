/* SPDX-License-Identifier: Apache-2.0 */
/* Appending to the log, its chain of hashes, and its words. */
#include "engine/timeline.h"

#include <sodium.h>
#include <stdarg.h>

#include "engine/rows.h"
#include "queries.h"

/* {actor}, {user} and {reason} are columns; any other name in braces is a member of data. */
const struct event_type event_types[] = {
	{ "incident.opened", "Opened: {title} ({severity}, paging with {urgency} urgency)" },
	{ "incident.reopened", "Reopened: it came back within the reopen window" },
	{ "incident.rose", "Severity rose to {severity}: paging begins again" },
	{ "incident.acknowledged", "{actor} acknowledged{via}" },
	{ "incident.acknowledged-too", "{actor} acknowledged as well{via}" },
	{ "incident.resolved", "{actor} resolved it{via}" },
	{ "incident.snoozed", "{actor} snoozed it until {until}" },
	{ "incident.muted", "Nobody is paged until {until}: maintenance {name}: {why}" },
	{ "incident.unmuted", "The maintenance is over: paging begins" },
	{ "incident.woke", "The snooze is over: paging begins again" },
	{ "incident.ack-timeout", "The acknowledgement timed out: paging begins again" },
	{ "incident.reassigned", "{actor} reassigned it to {target}" },
	{ "incident.escalated", "{actor} escalated it" },
	{ "incident.rerouted", "{actor} rerouted it to policy {policy}" },
	{ "incident.noted", "{actor}: {text}" },
	{ "incident.merged", "{actor} merged it into #{into}" },
	{ "incident.absorbed", "{actor} merged #{from} into it" },
	{ "incident.recalled", "{actor}, of {happened_at}: {text}" },
	{ "incident.mitigated", "{actor} says that the harm is over: mitigated{via}" },
	{ "incident.unmitigated", "{actor} says that it is not mitigated" },
	{ "incident.unacknowledged", "{actor} gave it back: paging goes on" },
	{ "incident.unsnoozed", "{actor} ended the snooze" },
	{ "incident.reopened-by-hand", "{actor} reopened it" },
	{ "incident.unmerged", "{actor} took it out of #{from} again" },
	{ "incident.released", "{actor} took #{to} out of it again" },
	{ "incident.split", "{actor} split {alerts} off into #{into}" },
	{ "incident.split-off", "{actor} split it off #{from}" },
	{ "note.edited", "{actor} changed line {line}: {text}" },
	{ "line.starred", "{actor} starred line {line}" },
	{ "line.unstarred", "{actor} took the star from line {line}" },
	{ "brief.changed", "{actor} changed the brief, {field}: {after}" },
	{ "role.taken", "{actor} is {role}" },
	{ "role.given", "{actor} made {user} {role}" },
	{ "role.left", "{user} is no longer {role}" },
	{ "people.asked", "{actor} asked {target} to help" },
	{ "people.joined", "{actor} is on it too{via}" },
	{ "people.declined", "{actor} cannot take it" },
	{ "people.watching", "{actor} watches" },
	{ "people.unwatching", "{actor} no longer watches" },
	{ "alert.joined", "Alert {key} joined: {summary}" },
	{ "alert.repeated", "Alert {key} fired again ({count} signals so far)" },
	{ "alert.reopened", "Alert {key} fired again after it had recovered" },
	{ "alert.kept", "Kept for the record: {summary}" },
	{ "alert.closed", "Alert {key} recovered" },
	{ "alert.expired", "Alert {key} was not heard of any more and counts as recovered" },
	{ "signal.changed", "Rule {rule} set {field} to {after}" },
	{ "signal.broken", "Rule {rule} could not be applied: {why}" },
	{ "signal.unrouted", "Unrouted: {why}" },
	{ "signal.nothing", "A signal to {action} {key} found nothing open" },
	{ "step.began", "Step {step} began: {targets}, {wait} to answer" },
	{ "step.passed", "Step {step} reaches nobody and is passed" },
	{ "step.handoff", "Handoff while it rings: {user} comes on duty" },
	{ "step.round", "Round {round} begins" },
	{ "policy.exhausted", "Nobody is left to page; the catch-all is told" },
	{ "page.withheld", "Not paged: {user} ({reason})" },
	{ "page.queued", "Paging {user} by {contact} ({because})" },
	{ "page.sent", "Paged {user} by {contact}" },
	{ "page.retrying", "Paging {user} by {contact} did not work yet: {error}" },
	{ "page.failed", "Paging {user} by {contact} failed: {error}" },
	{ "page.delivered", "The page to {user} by {contact} was {state}" },
	{ "notice.queued", "A notice to {user} by {contact}: {title}" },
	{ "notice.withheld", "No notice to {user} ({reason}): {title}" },
	{ "notice.sent", "The notice to {user} by {contact} was sent" },
	{ "notice.failed", "The notice to {user} by {contact} failed: {error}" },
	{ "duty.noted", "{actor} left a note on schedule {schedule}: {text}" },
	{ "swap.offered", "{user} offers swap {swap} of schedule {schedule}: {from} to {to}" },
	{ "swap.accepted",
	        "{taken_by} takes {from} to {to} of schedule {schedule} from {user}" },
	{ "swap.declined", "{actor} declined swap {swap} of {user}" },
	{ "swap.withdrawn", "{actor} withdrew swap {swap} of {user}" },
	{ "swap.reminded", "Swap {swap} of {user} is still open: those asked are reminded" },
	{ "swap.expired", "Swap {swap} of {user} expired: nobody took it" },
	{ "record.copied", "{actor} took a copy of the database" },
	{ "record.archived", "{actor} moved the record of {incidents} incidents to {file}" },
	{ "config.changed",
	        "{actor} changed the configuration to revision {revision}: {changes}" },
	{ "integration.key-replaced",
	        "{actor} gave integration {integration} a new key; the old one ends at {until}" },
	{ "integration.old-key-ended",
	        "{actor} ended the old key of integration {integration}" },
	{ "auth.signed-in", "{actor} signed in{via}" },
	{ "auth.new-place", "{actor} signed in from a new place: {address}" },
	{ "auth.refused", "A sign-in as {user} was refused: {why}" },
	{ "auth.link", "{actor} made a sign-in link for {user}" },
	{ "auth.signed-out", "{actor} signed out" },
	{ "auth.session-ended", "{actor} ended a session of {user}" },
	{ "auth.sessions-ended", "{actor} ended the other sessions of {user}" },
	{ "auth.guessing", "Many wrong passwords come from {address}: it has to wait now" },
	{ "auth.password", "{actor} set the password of {user}" },
	{ "auth.factor-added", "{user} set up a second factor" },
	{ "auth.factor-removed", "{actor} removed the second factor of {user}" },
	{ "auth.recovery", "A recovery code of {user} was used; left: {left}" },
	{ "auth.recovery-made", "{actor} made new recovery codes for {user}" },
	{ "setup.done", "{user} set up this server and is its first owner" },
	{ "setup.refused", "A wrong setup code was refused" },
	{ "contact.code", "{actor} had a code sent to {contact} of {user}" },
	{ "contact.tested", "{actor} had a test sent to {contact} of {user}" },
	{ "contact.refused", "A wrong code for {contact} of {user} was refused" },
	{ "contact.verified", "{contact} of {user} is verified: {type}" },
	{ "token.made", "{actor} made the token {name} for {user}" },
	{ "token.revoked", "{actor} revoked the token {name} of {user}" },
};
const size_t n_event_types = NELEMS(event_types);

/* Length before bytes, so that no two different events feed the same. */
static void
feed(crypto_generichash_state *h, const char *s)
{
	unsigned char length[4];
	size_t len = s == NULL ? 0xffffffff : strlen(s);

	for (int i = 0; i < 4; i++)
		length[i] = (unsigned char)(len >> (8 * i));
	crypto_generichash_update(h, length, sizeof length);
	if (s != NULL)
		crypto_generichash_update(h, (const unsigned char *)s, len);
}

static const char *
event_hash(struct ctx *cx, const char *before, const struct event *ev)
{
	const char *const texts[] = { before, int_text(cx, ev->seq),
		int_text(cx, ev->incident_id), int_text(cx, ev->at), ev->type, ev->actor_kind,
		ev->actor, ev->via, ev->user_id, ev->reason, ev->dedup_key, ev->data };
	unsigned char raw[crypto_generichash_BYTES];
	crypto_generichash_state h;
	char *hex = arena_alloc(&cx->mem, sizeof raw * 2 + 1);

	crypto_generichash_init(&h, NULL, 0, sizeof raw);
	for (size_t i = 0; i < NELEMS(texts); i++)
		feed(&h, texts[i]);
	crypto_generichash_final(&h, raw, sizeof raw);
	return sodium_bin2hex(hex, sizeof raw * 2 + 1, raw, sizeof raw);
}

struct err *
timeline_add(struct ctx *cx, struct engine *e, struct happening h)
{
	struct event ev = {
		.seq = e->ids.event++,
		.incident_id = h.incident == NULL ? 0 : h.incident->id,
		.at = ctx_now(cx),
		.type = h.type,
		.actor_kind = actor_kind_names[cx->actor.kind],
		.actor = cx->actor.id,
		.via = cx->actor.via,
		.user_id = h.user_id,
		.reason = reason_names[h.reason],
		.dedup_key = h.dedup_key != NULL || h.incident == NULL ? h.dedup_key
		                                                       : h.incident->dedup_key,
		.data = h.data == NULL ? "{}" : h.data,
	};

	ev.hash = event_hash(cx, h.incident == NULL ? e->org_chain : h.incident->chain, &ev);
	if (h.incident != NULL) {
		h.incident->chain = ev.hash;
	} else {
		snprintf(e->org_chain, sizeof e->org_chain, "%s", ev.hash);
		e->org_chain_changed = true;
	}
	return db_post(cx, &q_event_add,
	        DB_ARGS(ev.seq, ev.incident_id, ev.at, ev.type, ev.actor_kind, ev.actor, ev.via,
	                ev.user_id, ev.reason, ev.dedup_key, ev.data, ev.hash));
}

/* Far more than the longest texts that are taken, each byte escaped: nothing is ever cut. */
#define EVENT_DATA_MAX (1024 * 1024)

const char *
event_data(struct ctx *cx, const char *key, ...)
{
	struct buf out = BUF_INIT(&cx->mem, EVENT_DATA_MAX);
	struct jsonw w = JSONW(&out);
	va_list ap;

	jsonw_object(&w);
	va_start(ap, key);
	for (; key != NULL; key = va_arg(ap, const char *))
		jsonw_member_opt(&w, key, va_arg(ap, const char *));
	va_end(ap);
	jsonw_end_object(&w);
	return buf_cstr(&out);
}

/* ---- words ---- */

static const char *
who(struct ctx *cx, const struct event *ev)
{
	if (ev->actor == NULL)
		return "Tocsin";
	if (strcmp(ev->actor_kind, actor_kind_names[ACTOR_USER]) == 0)
		return ev->actor;
	return arena_printf(&cx->mem, "%s %s", ev->actor_kind, ev->actor);
}

static const char *
member_text(struct ctx *cx, const struct event *ev, const struct json *data, struct str name)
{
	if (str_is(name, "actor"))
		return who(cx, ev);
	if (str_is(name, "user"))
		return ev->user_id == NULL ? "nobody in particular" : ev->user_id;
	if (str_is(name, "reason"))
		return ev->reason;
	if (str_is(name, "via"))
		return ev->via == NULL ? "" : arena_printf(&cx->mem, " by %s", ev->via);
	if (str_is(name, "key"))
		return ev->dedup_key;
	return json_as_text(&cx->mem, json_get(data, str_dup(&cx->mem, name)));
}

static const char *
sentence_of(const char *type)
{
	for (size_t i = 0; i < n_event_types; i++)
		if (strcmp(event_types[i].name, type) == 0)
			return event_types[i].sentence;
	return type;
}

const char *
event_sentence(struct ctx *cx, const struct event *ev)
{
	struct buf out = BUF_INIT(&cx->mem, 4096);
	struct str rest = str_from(sentence_of(ev->type));
	struct json *data = NULL;

	err_ignore(json_parse(cx, str_from(ev->data), JSON_LIMITS_REQUEST, &data),
	        "a sentence without its details is better than none");
	while (rest.len > 0) {
		buf_str(&out, str_cut(&rest, '{'));
		struct str name = str_cut(&rest, '}');
		if (name.len > 0)
			buf_puts(&out, member_text(cx, ev, data, name));
	}
	return buf_cstr(&out);
}

/* ---- the check ---- */

#define ANCHOR "anchor" /* the type that the query gives to an archived beginning */

bool
timeline_fits(struct ctx *cx, const char *before, const struct event *ev)
{
	return strcmp(event_hash(cx, before, ev), ev->hash) == 0;
}

void
verify_broken(struct verify_result *r, const struct event *ev, const char *why)
{
	if (r->why != NULL)
		return;
	r->why = why;
	r->broken_at = ev->seq;
	r->broken_in = ev->incident_id;
}

struct walk {
	struct verify_result *result;
	int64_t incident_id;
	char before[65];
};

static struct err *
walk_event(struct ctx *cx, void *arg, void *row)
{
	struct walk *w = arg;
	const struct event *ev = row;

	if (ev->incident_id != w->incident_id) {
		w->result->incidents += ev->incident_id != 0;
		w->incident_id = ev->incident_id;
		w->before[0] = '\0';
	}
	if (strcmp(ev->type, ANCHOR) == 0) {
		w->result->archived++;
		snprintf(w->before, sizeof w->before, "%s", ev->hash);
		return NULL;
	}
	w->result->events++;
	if (ev->seq > w->result->newest)
		w->result->newest = ev->seq;
	if (!timeline_fits(cx, w->before, ev))
		verify_broken(w->result, ev,
		        "the event does not fit its hash: it or one before it was changed");
	snprintf(w->before, sizeof w->before, "%s", ev->hash);
	return NULL;
}

/* The heads are kept apart from the events: a chain whose last events were cut off shows
 * too. */
static struct err *
check_heads(struct ctx *cx, struct verify_result *ret)
{
	struct engine_text head = { "" }, last = { "" };
	struct engine_count cut;
	bool found;

	TRY(db_maybe(cx, &q_state_get, DB_ARGS(ORG_CHAIN), &head, &found));
	TRY(db_maybe(cx, &q_org_chain_last, DB_NO_ARGS, &last, &found));
	TRY(db_one(cx, &q_chains_cut, DB_NO_ARGS, &cut));
	snprintf(ret->head, sizeof ret->head, "%s", head.value);
	if (cut.n != 0 || strcmp(head.value, last.value) != 0)
		verify_broken(ret, &(struct event){ .incident_id = cut.n },
		        "the last events of the chain are missing");
	return NULL;
}

struct err *
timeline_verify(struct ctx *cx, struct verify_result *ret)
{
	struct walk w = { .result = ret, .incident_id = -1 };

	*ret = (struct verify_result){ 0 };
	TRY(db_each(cx, &q_event_walk, DB_NO_ARGS, walk_event, &w));
	return check_heads(cx, ret);
}
