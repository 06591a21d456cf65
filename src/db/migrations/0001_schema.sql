-- The record: signals, alerts, incidents, who was paged for them, what waits, and the log of it all.
-- INT64, BOOL and TEXT stand for each engine's own types; times are microseconds UTC; ids of rows
-- are made by the engine, ids of configuration documents are their slugs.
--
-- Every signal pays for each index, so there are only those that a query asks for, and where few
-- rows are asked for they hold only these. For the same reason no key of these tables refers to
-- another: the engine alone writes them, parents before children, in one transaction. SQLite makes
-- a table anew for each row to check a list with IN: sets of words are written with OR.

-- One row a commit: a commit whose outcome is unknown is looked up here and run again if absent.
CREATE TABLE commit_log (
	id TEXT PRIMARY KEY,
	at INT64 NOT NULL
);

-- Every accepted message, as normalised and as sent. Never changed.
CREATE TABLE signal (
	id INT64 PRIMARY KEY,
	at INT64 NOT NULL,
	integration TEXT,
	action TEXT NOT NULL,
	severity TEXT NOT NULL,
	scope TEXT NOT NULL,
	dedup_key TEXT NOT NULL,
	outcome TEXT NOT NULL,
	alert_id INT64,
	incident_id INT64,
	body TEXT NOT NULL
);

CREATE TABLE incident (
	id INT64 PRIMARY KEY,
	mode TEXT NOT NULL
		CHECK (mode = 'standard' OR mode = 'drill' OR mode = 'test' OR mode = 'retrospective'),
	state TEXT NOT NULL
		CHECK (state = 'triggered' OR state = 'acknowledged' OR state = 'resolved'),
	severity TEXT NOT NULL,
	urgency TEXT NOT NULL CHECK (urgency = 'high' OR urgency = 'low'),
	title TEXT NOT NULL,
	dedup_key TEXT NOT NULL,
	service TEXT,
	team TEXT,
	policy TEXT,
	policy_revision INT64 NOT NULL,
	revision INT64 NOT NULL,
	opened_at INT64 NOT NULL,
	triggered_at INT64 NOT NULL,
	acked_at INT64,
	acked_by TEXT,
	resolved_at INT64,
	resolved_by TEXT,
	snoozed_until INT64,
	exhausted_at INT64,
	reopened_at INT64,
	unrouted BOOL NOT NULL,
	merged_into INT64,
	n_alerts INT64 NOT NULL,
	n_open_alerts INT64 NOT NULL,
	updated_at INT64 NOT NULL,
	chain TEXT NOT NULL,
	CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
	CHECK (snoozed_until IS NULL OR state = 'acknowledged')
);
CREATE INDEX incident_state ON incident (state, id);

CREATE TABLE alert (
	id INT64 PRIMARY KEY,
	scope TEXT NOT NULL,
	dedup_key TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state = 'open' OR state = 'closed'),
	severity TEXT NOT NULL,
	summary TEXT NOT NULL,
	integration TEXT,
	service TEXT,
	incident_id INT64,
	count INT64 NOT NULL,
	first_at INT64 NOT NULL,
	last_at INT64 NOT NULL,
	closed_at INT64,
	expires_at INT64,
	signal_id INT64 NOT NULL, -- what it says is what this signal said
	CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
-- At most one open alert per scope and key: the database decides races. The key first: it tells
-- them apart sooner than the scope.
CREATE UNIQUE INDEX alert_open ON alert (dedup_key, scope) WHERE state = 'open';
CREATE INDEX alert_closed ON alert (dedup_key, scope, id) WHERE state = 'closed';
CREATE INDEX alert_incident ON alert (incident_id) WHERE incident_id IS NOT NULL;

-- An incident walking through a policy. The main run has no parent; a step that names another
-- policy begins a run of its own below it.
CREATE TABLE run (
	id INT64 PRIMARY KEY,
	incident_id INT64 NOT NULL,
	parent_id INT64,
	policy TEXT,
	policy_revision INT64 NOT NULL,
	step INT64 NOT NULL,
	round INT64 NOT NULL,
	state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'ended'),
	step_began_at INT64,
	step_ends_at INT64,
	targets TEXT NOT NULL
);
CREATE INDEX run_incident ON run (incident_id);
-- A new configuration asks which of all the runs there ever were still wait.
CREATE INDEX run_waiting ON run (id) WHERE state = 'waiting';

-- One person being called for one incident, along that person's own paging steps.
CREATE TABLE callout (
	id INT64 PRIMARY KEY,
	incident_id INT64 NOT NULL,
	run_id INT64 NOT NULL,
	user_id TEXT NOT NULL,
	because TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state = 'running' OR state = 'spent' OR state = 'answered'
		OR state = 'unreached' OR state = 'cancelled'),
	urgency TEXT NOT NULL,
	began_at INT64 NOT NULL,
	next_step INT64 NOT NULL,
	steps TEXT NOT NULL
);
CREATE INDEX callout_incident ON callout (incident_id);

-- One message to one contact method, or to a channel that belongs to no person.
CREATE TABLE page (
	id INT64 PRIMARY KEY,
	incident_id INT64,
	callout_id INT64,
	mode TEXT NOT NULL,
	user_id TEXT,
	contact TEXT NOT NULL,
	contact_type TEXT NOT NULL,
	address TEXT NOT NULL,
	because TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'sent'
		OR state = 'delivered' OR state = 'read' OR state = 'failed' OR state = 'cancelled'
		OR state = 'bundled'),
	created_at INT64 NOT NULL,
	due_at INT64 NOT NULL,
	next_at INT64,
	lease_until INT64,
	attempts INT64 NOT NULL,
	sent_at INT64,
	ended_at INT64,
	late_by INT64 NOT NULL,
	possibly_twice BOOL NOT NULL,
	is_bundle BOOL NOT NULL,
	bundle_id INT64,
	receipt TEXT,
	error TEXT
);
CREATE INDEX page_next ON page (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX page_bundle ON page (bundle_id) WHERE bundle_id IS NOT NULL;
CREATE INDEX page_incident ON page (incident_id);
CREATE INDEX page_user ON page (user_id, contact, created_at);

-- Everything that waits. Nothing waits in memory only.
CREATE TABLE timer (
	id INT64 PRIMARY KEY,
	due_at INT64 NOT NULL,
	kind TEXT NOT NULL,
	incident_id INT64,
	ref_id INT64
);
CREATE INDEX timer_due ON timer (due_at, id);
CREATE INDEX timer_incident ON timer (incident_id) WHERE incident_id IS NOT NULL;

-- The log: append-only, numbered, hash-chained per incident (incident 0 is the organisation).
CREATE TABLE event (
	seq INT64 PRIMARY KEY,
	incident_id INT64 NOT NULL,
	at INT64 NOT NULL,
	type TEXT NOT NULL,
	actor_kind TEXT NOT NULL,
	actor TEXT,
	via TEXT,
	user_id TEXT,
	reason TEXT,
	dedup_key TEXT,
	data TEXT NOT NULL,
	hash TEXT NOT NULL
);
CREATE INDEX event_incident ON event (incident_id, seq);

-- The newest hash of the organisation's own chain, round-robin turns, and the like.
CREATE TABLE state (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- What an integration sent and was refused, newest last; a bounded number is kept for each.
CREATE TABLE rejected (
	id INT64 PRIMARY KEY,
	at INT64 NOT NULL,
	integration TEXT NOT NULL,
	status INT64 NOT NULL,
	reason TEXT NOT NULL,
	sample TEXT NOT NULL
);
CREATE INDEX rejected_integration ON rejected (integration, id);
