// SPDX-License-Identifier: Apache-2.0
// Made by web/types.mjs from the API's description; not to be edited.

export interface Absence {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who is not there. */
	user: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
}

export interface AbsenceRequest {
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** Why. */
	description?: string;
	/** Only say which gaps it leaves. */
	dry_run?: boolean;
}

export interface Accepted {
	/** One for each signal, in their order. */
	results: {
	signal: number;
	dedup_key: string;
	outcome: string;
	alert?: number;
	incident?: number;
}[];
}

export interface Add {
	/** A remark for the timeline. */
	note?: string;
	/** Who is to help: a person, a team or a schedule. */
	target: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
}

export interface Alert {
	/** Its number. */
	id: number;
	/** Open until it recovers. */
	state: "open" | "closed";
	/** Signals with this key are about it. */
	dedup_key: string;
	/** In which the key is unique. */
	scope: string;
	/** Of the newest signal. */
	severity: "critical" | "error" | "warning" | "info";
	/** What it says. */
	summary: string;
	/** Where it came in. */
	integration?: string;
	/** What broke. */
	service?: string;
	/** What it belongs to. */
	incident?: number;
	/** Firing signals so far. */
	count: number;
	/** The first signal. */
	first_at: string;
	/** The newest signal. */
	last_at: string;
	/** When it recovered. */
	closed_at?: string;
	/** It counts as recovered then unless it is heard of. */
	expires_at?: string;
	/** The newest signal, normalised. */
	signal?: Record<string, unknown>;
}

export interface Attendant {
	/** Who. */
	user: string;
	/** How they are there. */
	state: "asked" | "joined" | "declined" | "watching";
	/** Since when. */
	since: string;
}

export interface Brief {
	/** How it is now. */
	status: string;
	/** Who feels it, and how. */
	impact: string;
	/** What we think it is. */
	theory: string;
	/** What is done next. */
	next_step: string;
	/** By when. */
	next_by?: string;
	/** Counts its changes; 0: nobody has written one. */
	revision: number;
	/** When it last changed. */
	changed_at?: string;
	/** Who: user/alice. */
	changed_by?: string;
}

export interface BriefChange {
	/** A remark for the timeline. */
	note?: string;
	/** How it is now. */
	status?: string;
	/** Who feels it, and how. */
	impact?: string;
	/** What we think it is. */
	theory?: string;
	/** What is done next; without next_by it has no instant. */
	next_step?: string;
	/** By when. */
	next_by?: string;
	/** Of the brief as you saw it: 409 if somebody was first. -1: whichever. */
	revision?: number;
}

export interface Bulk {
	/** What is done to each. */
	verb: "acknowledge" | "resolve" | "snooze" | "reassign" | "escalate" | "reroute" | "note";
	/** To which, at most 100. */
	items: BulkOne[];
	/** A remark for each timeline. */
	note?: string;
	/** snooze: when they wake. */
	until?: string;
	/** snooze: or how long. */
	for?: string;
	/** reassign: who is to take them. */
	target?: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
	/** reroute; absent: each service's policy of today. */
	policy?: string;
}

export interface BulkOne {
	/** The incident. */
	id: number;
	/** As it was seen; absent: whatever it is. */
	revision?: number;
}

export interface Channel {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who looks after it. */
	team?: string;
	/** How a message goes there. */
	type: "email" | "webhook";
	/** An e-mail address, or the URL of a webhook. */
	address: string;
	/** A value, {env: NAME}, {file: PATH}, or (kept) to keep what is there */
	secret?: unknown;
}

export interface Configuration {
	/** And beside it one object a kind, in the plural, from id to document. */
	organisation?: Organisation;
}

export interface Contact {
	/** How a message goes there. */
	type: "email" | "webhook";
	/** An e-mail address, or the URL of a webhook. */
	address: string;
	/** A value, {env: NAME}, {file: PATH}, or (kept) to keep what is there */
	secret?: unknown;
}

export interface ContactCode {
	/** The six digits that came. */
	code: string;
}

export interface ContactState {
	/** Within its user. */
	id: string;
	/** How a message goes there. */
	type: string;
	/** Where it goes. */
	address: string;
	/** When its person showed to be reached there; absent: never. */
	verified_at?: string;
	/** A code is on its way and holds until then. */
	code_expires_at?: string;
	/** For that code. */
	tries_left?: number;
	/** The newest code or test of the last day: verification or test. */
	last?: string;
	/** How far it came: queued, sending, sent, delivered, read, failed. */
	last_state?: string;
	/** When it was asked for. */
	last_at?: string;
	/** When it was sent. */
	last_sent_at?: string;
	/** Why it did not work (yet). */
	last_error?: string;
}

export interface Diff {
	/** The older revision. */
	from: number;
	/** The newer one. */
	to: number;
	/** What changed between them. */
	changes: ({
	kind: string;
	id: string;
	verb: "add" | "change" | "remove";
	before?: Record<string, unknown>;
	after?: Record<string, unknown>;
	new_key?: string;
})[];
}

export interface Document {
	/** user, team... */
	kind: string;
	/** Its slug. */
	id: string;
	/** The configuration revision that last changed it; the ETag. */
	revision: number;
	/** The --source of the apply that brought it. */
	source?: string;
	/** As a file would have it; secrets as (kept). */
	document: unknown;
}

export interface DocumentRollback {
	/** What to go back to; it goes if it was not there then. */
	revision: number;
	/** Only say what would change. */
	dry_run?: boolean;
}

export interface Duty {
	/** Its id. */
	schedule: string;
	/** Its name. */
	name: string;
	/** Whose it is. */
	team?: string;
	/** The instant that was asked for. */
	at: string;
	/** When that changes; absent: never. */
	until?: string;
	/** Who is on call; none: nobody. */
	users: {
	id: string;
	name?: string;
}[];
}

export interface DutyNote {
	/** Its number. */
	id: number;
	/** When. */
	at: string;
	/** Of which schedule. */
	schedule: string;
	/** Who. */
	author: string;
	/** What the next should know. */
	text: string;
}

export interface DutyNoteText {
	/** What the next should know. */
	text: string;
}

export interface Edit {
	/** The number of the note's event. */
	line: number;
	/** What it is to say. What it said first stays in the record. */
	text: string;
}

export interface Event {
	/** Its number; they only grow. */
	seq: number;
	/** Absent: of the organisation. */
	incident?: number;
	/** When it happened. */
	at: string;
	/** What happened. */
	type: string;
	/** The same for people. */
	sentence: string;
	/** user, integration or system. */
	actor_kind: string;
	/** Who did it. */
	actor?: string;
	/** By what means. */
	via?: string;
	/** Whom it is about. */
	user?: string;
	/** Why somebody was not paged. */
	reason?: string;
	/** Of the alert it is about. */
	dedup_key?: string;
	/** What else belongs to its type. */
	data?: Record<string, unknown>;
	/** Over the one before it and every field of this. */
	hash: string;
}

export interface FactorCode {
	/** The six digits that the app shows now. */
	code: string;
}

export interface FactorMade {
	/** To be typed into an authenticator app, base32. */
	secret: string;
	/** The same as otpauth://. */
	uri: string;
	/** The uri as a QR code; empty when it is too long for one. */
	svg: string;
}

export interface Feed {
	/** To rotate or revoke it by. */
	id: string;
	/** Whose it is. */
	user: string;
	/** user/ID, schedule/ID or team/ID. */
	subject: string;
	/** Whether it has only the owner's shifts. */
	own: boolean;
	/** Before a shift of the owner begins. */
	reminders: string[];
	/** When it was made. */
	created_at: string;
	/** Its last use, to the hour. */
	used_at?: string;
}

export interface FeedMade {
	/** The address to subscribe to: shown once. */
	url: string;
	/** What is kept of it. */
	feed: Feed;
}

export interface FeedMake {
	/** user/ID, schedule/ID or team/ID. */
	subject: string;
	/** Only the owner's shifts. */
	own?: boolean;
	/** Spans before a shift begins: 1h, 1d. */
	reminders?: string[];
	/** For whom; somebody else takes an administrator. */
	user?: string;
}

export interface Finding {
	/** The document. */
	about: string;
	/** What is wrong with it. */
	finding: string;
}

export interface Heard {
	/** Which. */
	integration: string;
	/** How many ever came. */
	signals: number;
	/** In the last 24 hours, by whole hours. */
	day: number;
	/** In the last 7 days, by whole hours. */
	week: number;
	/** When the newest came. */
	last_at?: string;
	/** When the newest came, if that was a day ago or longer. */
	silent_since?: string;
	/** When a sender last used a key that was replaced. */
	old_key_at?: string;
	/** When something was last refused. */
	refused_at?: string;
	/** What was answered. */
	refused_status?: number;
	/** Why. */
	refused_reason?: string;
}

export interface Histogram {
	/** Whose. */
	incident: number;
	/** When the first of those that are counted fired. */
	from: string;
	/** Now, or when the incident was resolved. */
	to: string;
	/** How many are counted: the newest 500 of more. */
	alerts: number;
	/** How many of them first fired in each twelfth of that time. */
	counts: number[];
}

export interface Holiday {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Dates: "2026-12-25", or {date, name}. */
	dates: unknown[];
}

export interface Incident {
	/** The number that people say. */
	id: number;
	/** Where the work stands. */
	state: "triggered" | "acknowledged" | "resolved";
	/** What happened, in a line. */
	title: string;
	/** The highest so far. */
	severity: "critical" | "error" | "warning" | "info";
	/** How people are paged; never falls while it is open. */
	urgency: "high" | "low";
	/** Drills and tests stay out of every figure. */
	mode: "standard" | "drill" | "test" | "retrospective";
	/** Of the alert that opened it. */
	dedup_key: string;
	/** What broke. */
	service?: string;
	/** Whose it is. */
	team?: string;
	/** By which people are paged; absent: only the catch-all was. */
	policy?: string;
	/** The configuration revision of that policy. */
	policy_revision: number;
	/** When it began. */
	opened_at: string;
	/** When it last became triggered. */
	triggered_at: string;
	/** When somebody took it. */
	acked_at?: string;
	/** Who: user/alice. */
	acked_by?: string;
	/** When it ended. */
	resolved_at?: string;
	/** Who ended it. */
	resolved_by?: string;
	/** Nobody is paged until then: maintenance. */
	muted_until?: string;
	/** When it wakes. */
	snoozed_until?: string;
	/** When the harm was over; the work goes on. */
	mitigated_at?: string;
	/** Who said so. */
	mitigated_by?: string;
	/** Who leads the work. */
	commander?: string;
	/** When nobody was left to page. */
	exhausted_at?: string;
	/** When it last came back. */
	reopened_at?: string;
	/** No service was found for it. */
	unrouted?: boolean;
	/** The incident that goes on. */
	merged_into?: number;
	/** How many belong to it. */
	alerts: number;
	/** How many have not recovered. */
	open_alerts: number;
	/** The last change. */
	updated_at: string;
	/** Counts changes; the ETag. */
	revision: number;
}

export interface IncidentOpen {
	/** What happened. */
	title: string;
	/** What is known. */
	details?: string;
	/** How bad it is. */
	severity?: "critical" | "error" | "warning" | "info";
	/** Drills and tests say so on every page. */
	mode?: "standard" | "drill" | "test" | "retrospective";
	/** What broke; its policy pages. */
	service?: string;
	/** Or by this policy. */
	policy?: string;
	/** Or page this one first. */
	target?: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
}

export interface Integration {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** What its sender speaks. */
	type?: "native" | "alertmanager" | "victorops";
	/** Who looks after it. */
	team?: string;
	/** For signals that name no other. */
	service?: string;
	/** What a dedup key is unique in. */
	dedup_scope?: "integration" | "team" | "organisation";
	/** Its key is refused. */
	disabled?: boolean;
	/** A value, {env: NAME}, {file: PATH}, or (kept) to keep what is there */
	key?: unknown;
	/** A value, {env: NAME}, {file: PATH}, or (kept) to keep what is there */
	old_key?: unknown;
	/** When the old key ends; absent: when somebody ends it. */
	old_key_until?: string;
}

export interface KeyMade {
	/** The new key: shown once. */
	key: string;
	/** When the old one ends. */
	old_key_until: string;
	/** Of the configuration, after it. */
	revision: number;
	/** The --source of the apply that brought the integration. */
	source?: string;
}

export interface KeyRotate {
	/** How long the old key stays valid beside the new one. */
	grace?: string;
}

export interface Kind {
	/** As references have it: user. */
	kind: string;
	/** As files and addresses have it: users. */
	section: string;
	/** What it is. */
	help?: string;
	/** In their order; a field with fields of its own holds objects. */
	fields: {
	name: string;
	type: string;
	help?: string;
	required?: boolean;
	values?: string[];
	ref?: string;
	of?: string;
	fields?: Record<string, unknown>[];
	schema?: Record<string, unknown>;
}[];
}

export interface Layer {
	/** What people call it. */
	name?: string;
	/** Taken in turn: a user, a list of users (on call together), null (nobody), or {who, from, until} for one who comes or goes. */
	members: unknown[];
	/** A wall clock: 2026-01-05 09:00 */
	start: string;
	/** A wall clock: 2026-01-05 09:00 */
	end?: string;
	/** The length of a turn: 12h, 1d, 1w, 2w, 1mo. */
	every: string;
	/** Limits the layer to windows of the week: "mon-fri 09:00-17:00". */
	only?: unknown[];
	/** An IANA time zone: Europe/Berlin */
	zone?: string;
	/** Weekdays that count as turns, where every is in days: "mon-fri". */
	count?: string;
	/** {user, at}: whose turn it is from a wall clock on; the rotation goes on behind. */
	set?: Record<string, unknown>;
	/** Holidays on which it has nobody. */
	except?: string[];
	/** Holidays on which alone it has somebody. */
	during?: string[];
}

export interface Line {
	/** The number of its event. */
	line: number;
}

export interface LineMark {
	/** The number of its event. */
	line: number;
	/** What the note says now, if it was edited. */
	text?: string;
	/** Who starred it. */
	starred_by?: string;
}

export interface Me {
	/** Your user. */
	id: string;
	/** As people call you. */
	name?: string;
	/** With which you sign in. */
	email?: string;
	/** What you may do. */
	role: string;
	/** What this sign-in may do. */
	scopes: string;
	/** Its name. */
	organisation?: string;
}

export interface Merge {
	/** A remark for the timeline. */
	note?: string;
	/** The incident that goes on. */
	into: number;
}

export interface Note {
	/** What others should know; @NAME sends that person a notice. */
	note: string;
	/** When it happened, if not now. */
	at?: string;
}

export interface Organisation {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** An IANA time zone: Europe/Berlin */
	zone?: string;
	/** Who is paged when nobody else is left. */
	catch_all?: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
	/** For services that do not say. */
	reopen_within?: string;
	/** For services that do not say. */
	repage_on_rise?: boolean;
	/** For services that do not say. */
	auto_resolve?: boolean;
	/** Pages to one contact in a minute before more are bundled; 0: never. */
	bundle_after?: number;
	/** How long the record of a resolved incident stays before `tocsin archive` moves it to a file; 0s: for ever. */
	keep?: string;
	/** Who has to have a second factor to sign in: nobody, admins (and owners) or everybody. Who has none is led to set it up and can do nothing else. */
	second_factor?: "nobody" | "admins" | "everybody";
}

export interface Override {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** The schedule that it changes. */
	schedule: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** Whose duty is taken; absent: everybody's. */
	replace?: string;
	/** Who takes it; null: nobody. */
	with?: string;
	/** Instead of with: who is on call too. */
	add?: string;
	/** Instead of with: a temporary schedule, all that there is meanwhile. */
	shifts?: OverrideShift[];
}

export interface OverrideRequest {
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from?: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** Whose duty is taken; absent: everybody's. */
	replace?: string;
	/** Who takes it; who asks, when there is neither add nor nobody. */
	with?: string;
	/** Instead: who is on call too. */
	add?: string;
	/** Instead: nobody takes it. */
	nobody?: boolean;
	/** Why. */
	description?: string;
	/** Only say what would be different. */
	dry_run?: boolean;
}

export interface OverrideShift {
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** A user, or a list of users. */
	with: unknown;
}

export interface Page {
	/** Providers see it as the idempotency key page-ID. */
	id: number;
	/** What it asks an answer for. */
	incident?: number;
	/** Who is asked. */
	user?: string;
	/** By which contact. */
	contact: string;
	/** email or webhook. */
	type: string;
	/** The target that named the person. */
	because: string;
	/** How far it came. */
	state: "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "cancelled" | "bundled";
	/** That of its incident. */
	mode: "standard" | "drill" | "test" | "retrospective";
	/** When it was made. */
	created_at: string;
	/** When the provider took it. */
	sent_at?: string;
	/** When nothing more was to be done. */
	ended_at?: string;
	/** The next attempt. */
	next_at?: string;
	/** Attempts so far. */
	attempts: number;
	/** After its time, by an outage. */
	late_by?: string;
	/** A crash left open whether it had been sent. */
	possibly_twice?: boolean;
	/** It speaks for several. */
	bundle?: boolean;
	/** The page that speaks for it. */
	bundled_in?: number;
	/** The provider's word. */
	receipt?: string;
	/** Why it did not work. */
	error?: string;
}

export interface PagingPolicy {
	/** For urgent pages. */
	high?: PagingStep[];
	/** For pages that can wait. */
	low?: PagingStep[];
}

export interface PagingStep {
	/** The id of one of the user's contacts. */
	contact: string;
	/** From the start of the page. */
	after?: string;
}

export interface Password {
	/** The new one. */
	password: string;
	/** Your present one, when it is your own and you have one. */
	current?: string;
}

export interface Plan {
	/** Of the configuration, after it. */
	revision: number;
	/** Whether nothing was changed. */
	dry_run: boolean;
	/** What changes; a new integration's key once. */
	changes: ({
	kind: string;
	id: string;
	verb: "add" | "change" | "remove";
	before?: Record<string, unknown>;
	after?: Record<string, unknown>;
	new_key?: string;
})[];
}

export interface Policy {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who looks after it. */
	team?: string;
	/** Before step 1. */
	delay?: string;
	/** Taken one after another until somebody answers. */
	steps?: PolicyStep[];
	/** Further rounds. */
	repeat?: number;
	/** How long an acknowledgement holds; 0s: for ever. */
	ack_timeout?: string;
}

export interface PolicyCheckAsk {
	/** The draft; absent: the policy as it is. */
	document?: unknown;
	/** When an incident would open; absent: now. */
	at?: string;
	/** Its urgency. */
	urgency?: "high" | "low";
}

export interface PolicyChecked {
	/** Its id. */
	policy: string;
	/** high or low. */
	urgency: string;
	/** When the incident would open. */
	at: string;
	/** In order; one with a reason is not sent. */
	pages: {
	at: string;
	catch_all: boolean;
	step?: number;
	round?: number;
	user?: string;
	contact?: string;
	because: string;
	reason?: string;
}[];
	/** When nobody would be left. */
	exhausted_at?: string;
	/** What compiles and still would leave an alarm unheard; where it stands. */
	findings: {
	pointer: string;
	finding: string;
}[];
}

export interface PolicyStep {
	/** Whom this step pages, all at once. */
	page: (string | {
	to?: string;
	who?: "current" | "next" | "all";
})[];
	/** The time it has to answer. */
	wait?: string;
	/** How many people must answer before the others are left alone. */
	acks?: number;
	/** Of the targets one is taken, in turn from incident to incident. */
	round_robin?: boolean;
}

export interface Preview {
	/** Its id. */
	service: string;
	/** By which people are paged; absent: only the catch-all is. */
	policy?: string;
	/** high or low. */
	urgency: string;
	/** When the incident would open. */
	at: string;
	/** The maintenance window that holds paging back; absent: none. */
	muted?: {
	window: string;
	name?: string;
	why: string;
	until: string;
};
	/** In order; one with a reason is not sent. */
	pages: {
	at: string;
	catch_all: boolean;
	step?: number;
	round?: number;
	user?: string;
	contact?: string;
	because: string;
	reason?: string;
}[];
	/** When nobody would be left. */
	exhausted_at?: string;
}

export interface Problem {
	type: string;
	title: string;
	status: number;
	detail?: string;
	field?: string;
	id?: string;
	errors?: {
	pointer?: string;
	detail?: string;
	line?: number;
	column?: number;
}[];
}

export interface Proof {
	/** Your own, when you have one. */
	password?: string;
	/** Of your second factor, when you have one. */
	code?: string;
}

export interface QualityLimits {
	/** The longest time on call without a break. */
	stretch?: string;
	/** Gaps up to this long are left unsaid. */
	gap?: string;
	/** The least fairness of hours, nights and weekends, in percent. */
	fairness?: number;
	/** The most of all hours that one person may have, in percent; 0: any. */
	share?: number;
}

export interface Reassign {
	/** A remark for the timeline. */
	note?: string;
	/** Who is to take it. */
	target: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
}

export interface RecoveryCodes {
	/** Each signs in once in the place of a code; shown only now. */
	codes: string[];
}

export interface Rejected {
	/** Its number. */
	id: number;
	/** When it came. */
	at: string;
	/** Who sent it. */
	integration: string;
	/** What was answered. */
	status: number;
	/** Why. */
	reason: string;
	/** How it began. */
	sample: string;
}

export interface Remark {
	/** A remark for the timeline. */
	note?: string;
}

export interface Reroute {
	/** A remark for the timeline. */
	note?: string;
	/** Absent: the service's policy of today. */
	policy?: string;
}

export interface Revision {
	/** Counts every change. */
	number: number;
	/** When. */
	at: string;
	/** Who: user/alice. */
	author: string;
	/** By what means. */
	via?: string;
	/** The --source of an apply. */
	source?: string;
	/** Why. */
	message?: string;
	/** What: kind, id and verb of each. */
	changes?: unknown[];
}

export interface Role {
	/** A remark for the timeline. */
	note?: string;
	/** Which. */
	role: "commander" | "ops-lead" | "scribe" | "customer-liaison" | "internal-liaison";
	/** Who gets it; absent: whoever asks. */
	user?: string;
	/** Instead: it is given up. */
	nobody?: boolean;
	/** Who had it when you looked, empty for nobody: 409 if that is no longer so. */
	seen?: string;
}

export interface RoleHolder {
	/** Which. */
	role: "commander" | "ops-lead" | "scribe" | "customer-liaison" | "internal-liaison";
	/** Who has it. */
	user: string;
	/** Since when. */
	since: string;
}

export interface Rollback {
	/** What to go back to. */
	revision: number;
	/** Only say what would change. */
	dry_run?: boolean;
}

export interface Room {
	brief: Brief;
	/** Roles that somebody has. */
	roles: RoleHolder[];
	/** Who is there, earliest first. */
	people: Attendant[];
	/** Lines that were edited or starred. */
	lines: LineMark[];
}

export interface RuleHits {
	/** The rule set. */
	set: string;
	/** The rule in it. */
	rule: string;
	/** How many it ever took. */
	signals: number;
	/** In the last 24 hours, by whole hours. */
	day: number;
	/** In the last 7 days, by whole hours. */
	week: number;
	/** When it took the newest. */
	last_at?: string;
}

export interface RuleTest {
	/** The draft, as sections of documents; absent: the rules as they are. */
	documents?: unknown;
	/** Try it on so many of the newest stored signals. */
	last?: number;
	/** Or on this stored signal. */
	signal?: number;
	/** Or on these, in the native form: one or a list. */
	signals?: unknown;
	/** By which the given signals would have come. */
	integration?: string;
	/** Say of every condition what it saw; for at most 20 signals. */
	trace?: boolean;
}

export interface RulesTested {
	/** On how many it was tried. */
	signals: number;
	/** To how many something else would happen. */
	changed: number;
	/** Each signal as it came, and what becomes of it now and by the draft. */
	items: {
	signal?: number;
	at?: string;
	integration?: string;
	dedup_key: string;
	summary: string;
	differs: boolean;
	before: {
	rules: string[];
	service?: string;
	policy?: string;
	unrouted?: string;
	severity: string;
	urgency: string;
	dedup_key: string;
	summary: string;
	broken?: string;
	trace?: Record<string, unknown>[];
};
	after: {
	rules: string[];
	service?: string;
	policy?: string;
	unrouted?: string;
	severity: string;
	urgency: string;
	dedup_key: string;
	summary: string;
	broken?: string;
	trace?: Record<string, unknown>[];
};
}[];
	/** How many of the signals each rule took, now and by the draft. */
	rules: {
	set: string;
	rule: string;
	before: number;
	after: number;
}[];
	/** The cases that rule sets keep. */
	cases: {
	set: string;
	name: string;
	passed: boolean;
	error?: string;
	faults?: {
	field?: string;
	expected?: string;
	seen?: string;
}[];
}[];
}

export interface Ruleset {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who looks after it. */
	team?: string;
	/** Rule sets are taken from the lowest to the highest. */
	order?: number;
	/** Taken in their order, each once. */
	rules?: unknown[];
	/** Tests: a signal, and what must become of it; see `tocsin rules test`. */
	cases?: unknown[];
}

export interface ScenarioRun {
	/** The scenario. `use present` is the configuration in force; files it may not name. */
	text: string;
}

export interface Schedule {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who looks after it. */
	team?: string;
	/** An IANA time zone: Europe/Berlin */
	zone?: string;
	/** The last listed that has somebody counts. */
	layers?: Layer[];
	handoff?: ScheduleHandoff;
	quality?: QualityLimits;
}

export interface ScheduleHandoff {
	/** Tell who comes on, ahead by their own lead, and who goes off. */
	notice?: boolean;
	/** Who gets the week and the gaps of two weeks, Mondays at 9. */
	summary?: string | {
	to?: string;
	who?: "current" | "next" | "all";
};
	/** Stands in every notice. */
	note?: string;
}

export interface SecondFactor {
	/** Whether signing in takes its code. */
	on: boolean;
	/** Whether the organisation asks it of this person. */
	required: boolean;
	/** Since when it counts. */
	since?: string;
	/** How many recovery codes are left. */
	recovery_left: number;
}

export interface Service {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Who owns it. */
	team?: string;
	/** How its incidents escalate; without one the catch-all is paged. */
	policy?: string;
	/** How to page for it. */
	urgency?: "by-severity" | "high" | "low";
	/** What must work for it to work. */
	depends_on?: string[];
	/** Routing keys of signals that are for it; case does not matter. */
	routing_keys?: string[];
	/** Titles and addresses that a page shows. */
	links?: Record<string, string>;
	/** How long after its end an incident is reopened instead of a new one opened; 0s: never. */
	reopen_within?: string;
	/** Whether a rise from low to high urgency pages again. */
	repage_on_rise?: boolean;
	/** Whether the incident resolves when its last alert recovers. */
	auto_resolve?: boolean;
}

export interface Session {
	/** To end it by. */
	id: string;
	/** Who is signed in. */
	user: string;
	/** What the browser calls itself. */
	agent: string;
	/** Where it was begun from. */
	address: string;
	/** When it was begun. */
	created_at: string;
	/** Its last use, to the minute. */
	used_at: string;
	/** When it ends at the latest. */
	expires_at: string;
	/** Whether it is the one that asks. */
	current: boolean;
}

export interface SetRequest {
	/** Whose turn it is. */
	user: string;
	/** The layer's name; the first that has the user when absent. */
	layer?: string;
	/** Only say what would be different. */
	dry_run?: boolean;
}

export interface Shift {
	/** Its first instant. */
	from: string;
	/** The first instant after it. */
	to: string;
	/** Who is on call; none: a gap. */
	users: {
	id: string;
	name?: string;
}[];
}

export interface SignIn {
	/** The user's address. */
	email: string;
	/** The password. */
	password: string;
	/** Of the second factor, for who has one: without it the answer is 401 and its field /code. */
	code?: string;
}

export interface SignInLink {
	/** To give to the person. */
	url: string;
	/** When it ends. */
	expires_at: string;
}

export interface Signal {
	/** What the source says: trigger, acknowledge or resolve. */
	action?: "trigger" | "acknowledge" | "resolve";
	/** What tells this condition from others; made from source and summary when absent. */
	dedup_key?: string;
	/** How bad it is. */
	severity?: "critical" | "error" | "warning" | "info";
	/** One line for people; needed to trigger. */
	summary?: string;
	/** More for people, several lines. */
	details?: string;
	/** Id of the service that breaks. */
	service?: string;
	/** A routing key that a service lists. */
	routing_key?: string;
	/** The monitor, or the host it speaks of. */
	source?: string;
	/** Names and values for rules and filters. */
	labels?: Record<string, string>;
	/** Titles and addresses. */
	links?: Record<string, string>;
	/** Titles and addresses of pictures. */
	images?: Record<string, string>;
	/** When the source saw it. */
	time?: string;
	/** When it counts as recovered unless it comes again. */
	expires_at?: string;
	/** The source's own message, for rules over raw.x. */
	raw?: unknown;
}

export interface SignalRow {
	/** Its number. */
	id: number;
	/** When it was taken. */
	at: string;
	/** Where it came in. */
	integration?: string;
	/** trigger, acknowledge or resolve. */
	action: string;
	/** As it said. */
	severity: string;
	/** What it is about. */
	dedup_key: string;
	/** What became of it. */
	outcome: string;
	/** The alert it counts on. */
	alert?: number;
	/** Its incident. */
	incident?: number;
	/** Normalised, as it was taken. */
	signal?: Record<string, unknown>;
}

export interface Snooze {
	/** A remark for the timeline. */
	note?: string;
	/** When it wakes. */
	until?: string;
	/** Or how long it sleeps. */
	for?: string;
}

export interface Split {
	/** A remark for the timeline. */
	note?: string;
	/** Which alerts leave. */
	alerts: number[];
	/** Of the new incident; absent: what its first alert says. */
	title?: string;
	/** You take it: it is acknowledged and nobody is paged for it. */
	take?: boolean;
}

export interface Swap {
	/** Its number. */
	id: number;
	/** Of which schedule. */
	schedule: string;
	/** Whose duty it is. */
	user: string;
	/** Absent: to all. */
	offered_to?: string;
	/** When it begins. */
	from: string;
	/** When it ends. */
	to: string;
	/** What the offerer takes in return begins then. */
	return_from?: string;
	/** And ends then. */
	return_to?: string;
	/** offered, accepted, declined, withdrawn or expired. */
	state: "offered" | "accepted" | "declined" | "withdrawn" | "expired";
	/** Why. */
	note?: string;
	/** When. */
	created_at: string;
	/** Until when it can be accepted. */
	expires_at: string;
	/** When it was accepted or ended. */
	ended_at?: string;
	/** Who took it. */
	taken_by?: string;
	/** When those who are asked hear of it again. */
	remind_at?: string;
	/** When they last did. */
	reminded_at?: string;
	/** The swap that it is a rest of. */
	rest_of?: number;
}

export interface SwapAccept {
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from?: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to?: string;
}

export interface SwapOffer {
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** Whose duty; yours when absent. */
	user?: string;
	/** Absent: to all. */
	offered_to?: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	return_from?: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	return_to?: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	expires?: string;
	/** Why. */
	note?: string;
}

export interface Team {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Users, each manager or responder. */
	members?: Record<string, "responder" | "manager">;
	/** An IANA time zone: Europe/Berlin */
	zone?: string;
}

export interface Token {
	/** To revoke it by. */
	id: string;
	/** Who acts with it. */
	user: string;
	/** What it is for. */
	name: string;
	/** Of read, respond, manage, admin; never more than the user's role. */
	scopes: string;
	/** When it was made. */
	created_at: string;
	/** When it ends. */
	expires_at?: string;
	/** Its last use, to the minute. */
	used_at?: string;
}

export interface TokenMade {
	/** The token itself: shown once. */
	secret: string;
	/** What is kept of it. */
	token: Token;
}

export interface TokenMake {
	/** What it is for. */
	name: string;
	/** Words of read, respond, manage, admin; absent: all. */
	scopes?: string;
	/** When it ends; absent: never. */
	expires_at?: string;
	/** For whom; somebody else takes an administrator. */
	user?: string;
}

export interface Trial {
	/** Whether all of it holds. */
	passed: boolean;
	/** The first line that does not hold, and why. */
	faults: {
	line: number;
	text?: string;
	message: string;
}[];
	/** Every page, and whether a line had expected it. */
	pages: {
	at: string;
	who: string;
	contact: string;
	dedup_key: string;
	expected: boolean;
	late: boolean;
}[];
	/** What happened, at most 500. */
	events: {
	at: string;
	incident?: number;
	type: string;
	user?: string;
	actor?: string;
	dedup_key?: string;
	sentence: string;
}[];
}

export interface User {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** To sign in with; not a contact by itself. */
	email?: string;
	/** What the user may do; member when absent. */
	role?: "owner" | "admin" | "member" | "stakeholder";
	/** An IANA time zone: Europe/Berlin */
	zone?: string;
	/** Ways to reach the user. */
	contacts?: Record<string, Contact>;
	paging?: PagingPolicy;
	handoff?: UserHandoff;
}

export interface UserHandoff {
	/** One of the contacts; absent: the first of low urgency. */
	contact?: string;
	/** How long before going on call. */
	lead?: string;
}

export interface Verified {
	/** Whether every hash fits. */
	whole: boolean;
	/** How many were looked at. */
	events: number;
	/** Whose chains they form, beside the organisation's. */
	incidents: number;
	/** Incidents whose record is in files. */
	archived: number;
	/** The number of the newest event. */
	newest: number;
	/** The last hash of the organisation's own chain. */
	head: string;
	/** The first that does not fit: its event, and its incident unless it is the organisation's chain. */
	fault?: {
	detail: string;
	event?: number;
	incident?: number;
};
}

export interface Version {
	/** Of the program that answers. */
	version: string;
}

export interface View {
	/** What you call it. */
	name: string;
	/** The filter: sev:critical team:shop. */
	q: string;
	/** When it was saved last. */
	saved_at: string;
}

export interface ViewSave {
	/** The filter: sev:critical team:shop. */
	q: string;
}

export interface Window {
	/** What people call it. */
	name?: string;
	/** More about it, for people. */
	description?: string;
	/** Names and values for filters and rules. */
	labels?: Record<string, string>;
	/** Nobody is paged for these. */
	services?: string[];
	/** Nobody is paged for what comes by these. */
	integrations?: string[];
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	from: string;
	/** A wall clock: 2026-01-05 09:00; or an instant: 2026-01-05T09:00:00+01:00 */
	to: string;
	/** Why, for whoever asks why they were not paged. */
	reason: string;
}
