-- The record. One text for both engines: parameters are ?1, ?2...; a NULL stands for an absent time
-- or id. Column order of inserts follows the tables.

-- name: engine_next_ids :row engine_ids_row
SELECT
	(SELECT COALESCE(MAX(id), 0) + 1 FROM signal) AS signal,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM incident) AS incident,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM alert) AS alert,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM run) AS run,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM callout) AS callout,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM page) AS page,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM timer) AS timer,
	(SELECT COALESCE(MAX(seq), 0) + 1 FROM event) AS event,
	(SELECT COALESCE(MAX(id), 0) + 1 FROM rejected) AS rejected;

-- name: turn_take :row turn_row
INSERT INTO turn (id, generation, node) VALUES (1, 1, ?1)
ON CONFLICT (id) DO UPDATE SET generation = turn.generation + 1, node = ?1
RETURNING generation, (SELECT COALESCE(MAX(number), 0) FROM revision) AS revision;

-- name: turn_now :row turn_row
SELECT generation, (SELECT COALESCE(MAX(number), 0) FROM revision) AS revision
FROM turn WHERE id = 1;

-- name: engine_commit_add
INSERT INTO commit_log (id, at) VALUES (?1, ?2);

-- name: engine_commit_known :row engine_count_row
SELECT COUNT(*) AS n FROM commit_log WHERE id = ?1;

-- name: engine_commit_forget
DELETE FROM commit_log WHERE at < ?1;

-- name: state_get :row engine_text_row
SELECT value FROM state WHERE name = ?1;

-- name: state_set
INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2;

-- What a process must know of what the others did.
-- name: engine_news :row engine_news_row
SELECT
	(SELECT COALESCE(MAX(generation), 0) FROM turn) AS generation,
	(SELECT COALESCE(MAX(seq), 0) FROM event) AS event,
	(SELECT COALESCE(MAX(number), 0) FROM revision) AS revision,
	(SELECT COALESCE(MIN(at), 0) FROM (
		SELECT MIN(due_at) AS at FROM timer
		UNION ALL SELECT MIN(look_at) FROM alert WHERE look_at IS NOT NULL) AS waits) AS timer,
	(SELECT COALESCE(MIN(next_at), 0) FROM page WHERE next_at IS NOT NULL) AS page;

-- name: node_seen
INSERT INTO node (name, boot, url, version, started_at, seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (name) DO UPDATE SET boot = ?2, url = ?3, version = ?4, started_at = ?5, seen_at = ?6;

-- name: node_gone
DELETE FROM node WHERE name = ?1 AND boot = ?2;

-- name: node_list :row node_row
SELECT name, boot, url, version, started_at, seen_at FROM node ORDER BY name;

-- name: node_forget
DELETE FROM node WHERE seen_at < ?1;

-- ---- timeline

-- name: event_add
INSERT INTO event (seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key,
	data, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- An anchor stands for the events of its incident that are in a file; it sorts after them.
-- name: event_walk :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event
UNION ALL
SELECT last_seq AS seq, incident_id, at, 'anchor' AS type, '' AS actor_kind, NULL AS actor,
	NULL AS via, NULL AS user_id, NULL AS reason, NULL AS dedup_key, '' AS data, hash
FROM archived
ORDER BY incident_id, seq;

-- name: archived_add
INSERT INTO archived (incident_id, at, last_seq, events, hash, file)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (incident_id) DO UPDATE SET at = ?2, last_seq = ?3, events = archived.events + ?4,
	hash = ?5, file = ?6;

-- What is newest of its kind stays, so that no id is ever given twice.
-- name: archive_events_forget
DELETE FROM event WHERE incident_id = ?1;

-- name: archive_signal_forget
DELETE FROM signal WHERE id = ?1 AND id < (SELECT MAX(id) FROM signal)
	AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.id = signal.alert_id
		AND alert.signal_id = signal.id);

-- name: archive_pages_forget
DELETE FROM page WHERE incident_id = ?1 AND id < (SELECT MAX(id) FROM page);

-- name: archive_callouts_forget
DELETE FROM callout WHERE incident_id = ?1 AND id < (SELECT MAX(id) FROM callout);

-- name: archive_runs_forget
DELETE FROM run WHERE incident_id = ?1 AND id < (SELECT MAX(id) FROM run);

-- name: chains_cut :row engine_count_row
SELECT MIN(id) AS n FROM incident WHERE chain <> COALESCE(
	(SELECT hash FROM event WHERE event.incident_id = incident.id ORDER BY seq DESC LIMIT 1),
	(SELECT hash FROM archived WHERE archived.incident_id = incident.id), '');

-- name: org_chain_last :row engine_text_row
SELECT hash AS value FROM event WHERE incident_id = 0 ORDER BY seq DESC LIMIT 1;

-- ---- signals and alerts

-- name: signal_add
INSERT INTO signal (id, at, integration, action, severity, scope, dedup_key, outcome, alert_id,
	incident_id, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- The newest of a key is the open one, or else the last that was closed: both engines end at the
-- first row that they find.
-- name: alert_newest :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at, NULL AS body
FROM alert WHERE scope = ?1 AND dedup_key = ?2 AND state = 'open'
UNION ALL
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at, body
FROM (
	SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id,
		count, first_at, last_at, closed_at, expires_at, look_at, NULL AS body
	FROM alert WHERE scope = ?1 AND dedup_key = ?2 AND state = 'closed'
	ORDER BY id DESC LIMIT 1) AS closed
LIMIT 1;

-- name: alert_get :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert WHERE id = ?1;

-- name: alert_body_newest :row engine_text_row
SELECT (SELECT body FROM signal WHERE signal.id = alert.signal_id) AS value
FROM alert WHERE incident_id = ?1 ORDER BY last_at DESC, id DESC LIMIT 1;

-- name: alert_body_of_incident :row engine_text_row
SELECT (SELECT body FROM signal WHERE signal.id = alert.signal_id) AS value
FROM alert WHERE incident_id = ?1 LIMIT 1;

-- name: alert_add
INSERT INTO alert (id, scope, dedup_key, state, severity, summary, integration, service,
	incident_id, count, first_at, last_at, closed_at, expires_at, look_at, signal_id)
VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?7, ?8, 1, ?9, ?9, NULL, ?10, ?10, ?11);

-- name: alert_count
UPDATE alert SET count = count + 1, last_at = ?2, expires_at = ?3 WHERE id = ?1;

-- name: alert_heard
UPDATE alert SET count = count + 1, last_at = ?2, expires_at = ?3, look_at = ?4, state = 'open',
	closed_at = NULL, severity = ?5, summary = ?6, incident_id = ?7, signal_id = ?8
WHERE id = ?1;

-- name: alert_close
UPDATE alert SET state = 'closed', closed_at = ?2, look_at = NULL WHERE id = ?1 AND state = 'open';

-- name: alerts_close_of_incident
UPDATE alert SET state = 'closed', closed_at = ?2, look_at = NULL
WHERE incident_id = ?1 AND state = 'open';

-- When to look next whether it has expired; NULL while the look is under way.
-- name: alert_look
UPDATE alert SET look_at = ?2 WHERE id = ?1;

-- name: alert_looked
UPDATE alert SET look_at = NULL WHERE id = ?1;

-- name: alerts_move
UPDATE alert SET incident_id = ?2 WHERE incident_id = ?1;

-- name: rejected_add
INSERT INTO rejected (id, at, integration, status, reason, sample) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: rejected_trim
DELETE FROM rejected WHERE integration = ?1 AND id <= (
	SELECT id FROM rejected WHERE integration = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2);

-- ---- incidents

-- name: incident_get :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, muted_until, exhausted_at, reopened_at, unrouted, merged_into,
	n_alerts,
	n_open_alerts, updated_at, mitigated_at, mitigated_by, commander, watched, briefed, chain
FROM incident WHERE id = ?1;

-- name: incident_add
INSERT INTO incident (id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, exhausted_at, unrouted, n_alerts,
	n_open_alerts, updated_at, chain, acked_at, acked_by, muted_until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
	?21, ?22, ?23);

-- name: incident_integration :row engine_text_row
SELECT integration AS value FROM alert WHERE incident_id = ?1 ORDER BY id DESC LIMIT 1;

-- name: timers_due_now
UPDATE timer SET due_at = ?2 WHERE kind = ?1 AND due_at > ?2;

-- The short way after paging: all else stays, and the index on the state with it.
-- name: incident_set_chain
UPDATE incident SET updated_at = ?2, chain = ?3 WHERE id = ?1;

-- name: incident_set
UPDATE incident SET state = ?2, severity = ?3, urgency = ?4, service = ?5, team = ?6, policy = ?7,
	policy_revision = ?8, revision = ?9, triggered_at = ?10, acked_at = ?11, acked_by = ?12,
	resolved_at = ?13, resolved_by = ?14, snoozed_until = ?15, exhausted_at = ?16,
	reopened_at = ?17, unrouted = ?18, merged_into = ?19, n_alerts = ?20, n_open_alerts = ?21,
	updated_at = ?22, chain = ?23, mitigated_at = ?24, mitigated_by = ?25, commander = ?26,
	watched = ?27, briefed = ?28, muted_until = ?29
WHERE id = ?1;

-- ---- escalation

-- name: run_add
INSERT INTO run (id, incident_id, parent_id, policy, policy_revision, step, round, state,
	step_began_at, step_ends_at, targets)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: run_get :row run_row
SELECT id, incident_id, parent_id, policy, policy_revision, step, round, state, step_began_at,
	step_ends_at, targets
FROM run WHERE id = ?1;

-- name: run_main :row run_row
SELECT id, incident_id, parent_id, policy, policy_revision, step, round, state, step_began_at,
	step_ends_at, targets
FROM run WHERE incident_id = ?1 AND parent_id IS NULL ORDER BY id DESC LIMIT 1;

-- name: run_set
UPDATE run SET step = ?2, round = ?3, state = ?4, step_began_at = ?5, step_ends_at = ?6,
	targets = ?7, policy_revision = ?8
WHERE id = ?1;

-- name: runs_end
UPDATE run SET state = 'ended' WHERE incident_id = ?1 AND state = 'waiting';

-- name: runs_waiting :row run_row
SELECT id, incident_id, parent_id, policy, policy_revision, step, round, state, step_began_at,
	step_ends_at, targets
FROM run WHERE state = 'waiting' AND targets LIKE '%schedule/%' ORDER BY id;

-- name: runs_waiting_count :row engine_count_row
SELECT COUNT(*) AS n FROM run WHERE incident_id = ?1 AND state = 'waiting' AND id <> ?2;

-- Whether the present step of a run may still be answered: people who were or may yet be reached,
-- pages to channels, policies begun below it.
-- name: run_hopes :row engine_count_row
SELECT
	(SELECT COUNT(*) FROM callout WHERE incident_id = ?3 AND run_id = ?1 AND began_at >= ?2
		AND state IN ('running', 'spent', 'answered'))
	+ (SELECT COUNT(*) FROM page WHERE incident_id = ?3 AND callout_id IS NULL
		AND created_at >= ?2 AND state NOT IN ('failed', 'cancelled'))
	+ (SELECT COUNT(*) FROM run WHERE incident_id = ?3 AND parent_id = ?1 AND state = 'waiting') AS n;

-- ---- paging

-- name: callout_add
INSERT INTO callout (id, incident_id, run_id, user_id, because, state, urgency, began_at,
	next_step, asked, steps)
VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7, ?8, ?9, ?10);

-- name: callout_get :row callout_row
SELECT id, incident_id, run_id, user_id, because, state, urgency, began_at, next_step, asked, steps
FROM callout WHERE id = ?1;

-- name: callouts_of_incident :row callout_row
SELECT id, incident_id, run_id, user_id, because, state, urgency, began_at, next_step, asked, steps
FROM callout WHERE incident_id = ?1 AND state IN ('running', 'spent') ORDER BY id;

-- name: callouts_of_step :row callout_row
SELECT id, incident_id, run_id, user_id, because, state, urgency, began_at, next_step, asked, steps
FROM callout WHERE incident_id = ?1 AND run_id = ?2 AND began_at >= ?3 ORDER BY id;

-- name: callout_set
UPDATE callout SET state = ?2, next_step = ?3 WHERE id = ?1;

-- name: people_who_acknowledged :row engine_count_row
SELECT COUNT(DISTINCT actor) AS n FROM event
WHERE incident_id = ?1 AND at >= ?2 AND actor_kind = 'user'
	AND type IN ('incident.acknowledged', 'incident.acknowledged-too', 'people.joined');

-- name: page_add
INSERT INTO page (id, incident_id, callout_id, mode, user_id, contact, contact_type, address,
	because, state, created_at, due_at, next_at, lease_until, attempts, late_by,
	possibly_twice, is_bundle, bundle_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL, 0, ?14, ?15, ?16, ?17);

-- name: page_get :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page WHERE id = ?1;

-- name: pages_due :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page WHERE next_at <= ?1 ORDER BY next_at, id LIMIT ?2;

-- name: page_next_due :row engine_count_row
SELECT MIN(next_at) AS n FROM page WHERE next_at IS NOT NULL;

-- Whether it is still to go out: its call goes on; a channel's, until somebody has answered.
-- name: page_wanted :row engine_count_row
SELECT
	(SELECT COUNT(*) FROM callout WHERE id = ?1 AND state IN ('running', 'spent'))
	+ (SELECT COUNT(*) FROM incident WHERE ?1 = 0 AND id = ?2 AND state = 'triggered') AS n;

-- name: page_claim
UPDATE page SET state = 'sending', attempts = ?2, lease_until = ?3, next_at = ?3,
	possibly_twice = ?4, claimed_by = ?5
WHERE id = ?1;

-- name: page_claimed_by :row engine_text_row
SELECT claimed_by AS value FROM page WHERE id = ?1;

-- name: page_set
UPDATE page SET state = ?2, next_at = ?3, sent_at = ?4, ended_at = ?5, receipt = ?6, error = ?7,
	lease_until = NULL
WHERE id = ?1;

-- name: pages_release
UPDATE page SET next_at = ?1 WHERE state = 'sending' AND next_at > ?1 AND claimed_by = ?2;

-- name: pages_of_callout :row page_standing_row
SELECT state FROM page WHERE incident_id = ?1 AND callout_id = ?2 ORDER BY id;

-- name: pages_pending_beside :row engine_count_row
SELECT COUNT(*) AS n FROM page
WHERE incident_id = ?1 AND callout_id = ?2 AND id <> ?3 AND state IN ('queued', 'sending', 'bundled');

-- name: pages_cancel_of_callout
UPDATE page SET state = 'cancelled', next_at = NULL, ended_at = ?3
WHERE incident_id = ?1 AND callout_id = ?2 AND state IN ('queued', 'bundled');

-- name: pages_cancel_of_channels
UPDATE page SET state = 'cancelled', next_at = NULL, ended_at = ?2
WHERE incident_id = ?1 AND callout_id IS NULL AND state = 'queued';

-- The oldest few are enough to know whether there were too many, and until when. Notices, which are of no
-- incident, hold up no page.
-- name: pages_recent :row page_recent_row
SELECT COUNT(*) AS n, COALESCE(MIN(created_at), 0) AS oldest FROM (
	SELECT created_at FROM page
	WHERE user_id = ?1 AND contact = ?2 AND created_at > ?3 AND state <> 'cancelled'
		AND is_bundle = ?4 AND incident_id IS NOT NULL
	ORDER BY created_at LIMIT ?5) AS recent;

-- name: page_open_bundle :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page WHERE user_id = ?1 AND contact = ?2 AND is_bundle = ?3 AND state = 'queued'
ORDER BY id DESC LIMIT 1;

-- name: pages_in_bundle :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page WHERE bundle_id = ?1 AND state = 'bundled' ORDER BY id;

-- ---- timers

-- name: timer_add
INSERT INTO timer (id, due_at, kind, incident_id, ref_id) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: timer_forget
DELETE FROM timer WHERE id = ?1;

-- name: timer_cancel_ref
DELETE FROM timer WHERE incident_id = ?1 AND kind = ?2 AND ref_id = ?3;

-- name: timer_cancel_kind
DELETE FROM timer WHERE incident_id = ?1 AND kind = ?2;

-- What is due first, and of alerts when to look at them: these come without an id.
-- name: timers_due :row timer_row
SELECT id, due_at, kind, incident_id, ref_id FROM (
	SELECT id, due_at, kind, incident_id, ref_id FROM timer
	WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2) AS waits
UNION ALL
SELECT 0 AS id, look_at AS due_at, 'expiry' AS kind, NULL AS incident_id, id AS ref_id FROM (
	SELECT look_at, id FROM alert
	WHERE look_at <= ?1 ORDER BY look_at, id LIMIT ?2) AS looks
ORDER BY due_at, id, ref_id LIMIT ?2;

-- name: timer_next_due :row engine_count_row
SELECT MIN(at) AS n FROM (
	SELECT MIN(due_at) AS at FROM timer
	UNION ALL SELECT MIN(look_at) FROM alert WHERE look_at IS NOT NULL) AS waits;

-- name: timer_put_off
UPDATE timer SET due_at = ?2 WHERE id = ?1;

-- ---- duty

-- name: timer_drop_kind
DELETE FROM timer WHERE kind = ?1;

-- name: notice_add
INSERT INTO notice (page_id, title, text) VALUES (?1, ?2, ?3);

-- name: notice_get :row notice_row
SELECT title, text FROM notice WHERE page_id = ?1;

-- name: duty_said_add
INSERT INTO duty_said (schedule, about, what, at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (schedule, about, what, at) DO NOTHING;

-- name: duty_said_forget
DELETE FROM duty_said WHERE at < ?1;

-- name: duty_note_next_id :row engine_count_row
SELECT COALESCE(MAX(id), 0) + 1 AS n FROM duty_note;

-- name: duty_note_add
INSERT INTO duty_note (id, at, schedule, author, text) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: duty_notes_since :row duty_note_row
SELECT id, at, schedule, author, text FROM duty_note
WHERE schedule = ?1 AND at >= ?2 ORDER BY id DESC LIMIT ?3;

-- name: swap_next_id :row engine_count_row
SELECT COALESCE(MAX(id), 0) + 1 AS n FROM swap;

-- name: swap_add
INSERT INTO swap (id, schedule, user_id, offered_to, from_at, to_at, return_from, return_to, state,
	note, created_at, expires_at, ended_at, taken_by, parent_id, remind_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'offered', ?9, ?10, ?11, NULL, NULL, ?12, ?13);

-- name: swap_reminded
UPDATE swap SET remind_at = ?2, reminded_at = ?3 WHERE id = ?1 AND state = 'offered';

-- name: swap_get :row swap_row
SELECT id, schedule, user_id, offered_to, from_at, to_at, return_from, return_to, state,
	note, created_at, expires_at, ended_at, taken_by, parent_id, remind_at, reminded_at
FROM swap WHERE id = ?1;

-- name: swaps_of_schedule :row swap_row
SELECT id, schedule, user_id, offered_to, from_at, to_at, return_from, return_to, state,
	note, created_at, expires_at, ended_at, taken_by, parent_id, remind_at, reminded_at
FROM swap WHERE schedule = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- name: swaps_open :row swap_row
SELECT id, schedule, user_id, offered_to, from_at, to_at, return_from, return_to, state,
	note, created_at, expires_at, ended_at, taken_by, parent_id, remind_at, reminded_at
FROM swap WHERE state = 'offered' AND id < ?1 ORDER BY id DESC LIMIT ?2;

-- name: swap_end
UPDATE swap SET state = ?2, ended_at = ?3, taken_by = ?4, from_at = ?5, to_at = ?6,
	remind_at = NULL
WHERE id = ?1 AND state = 'offered';

-- ---- the room

-- name: brief_get :row brief_row
SELECT incident_id, revision, status, impact, theory, next_step, next_by, changed_at, changed_by
FROM brief WHERE incident_id = ?1;

-- name: brief_set
INSERT INTO brief (incident_id, revision, status, impact, theory, next_step, next_by, changed_at,
	changed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (incident_id) DO UPDATE SET revision = ?2, status = ?3, impact = ?4, theory = ?5,
	next_step = ?6, next_by = ?7, changed_at = ?8, changed_by = ?9;

-- name: roles_of_incident :row role_row_row
SELECT role, user_id, since FROM incident_role WHERE incident_id = ?1 ORDER BY role;

-- name: role_get :row role_row_row
SELECT role, user_id, since FROM incident_role WHERE incident_id = ?1 AND role = ?2;

-- name: role_set
INSERT INTO incident_role (incident_id, role, user_id, since) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (incident_id, role) DO UPDATE SET user_id = ?3, since = ?4;

-- name: role_clear
DELETE FROM incident_role WHERE incident_id = ?1 AND role = ?2;

-- name: attendants_of_incident :row attendant_row
SELECT user_id, state, since FROM attendance WHERE incident_id = ?1 ORDER BY since, user_id;

-- name: attendant_get :row attendant_row
SELECT user_id, state, since FROM attendance WHERE incident_id = ?1 AND user_id = ?2;

-- name: watchers_of_incident :row attendant_row
SELECT user_id, state, since FROM attendance WHERE incident_id = ?1 AND state = 'watching'
ORDER BY since, user_id LIMIT ?2;

-- Who has joined already keeps the instant of that.
-- name: attendance_set
INSERT INTO attendance (incident_id, user_id, state, since) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (incident_id, user_id) DO UPDATE SET state = ?3, since = ?4
WHERE attendance.state <> ?3;

-- name: attendance_clear
DELETE FROM attendance WHERE incident_id = ?1 AND user_id = ?2 AND state = 'watching';

-- name: line_marks_of_incident :row line_mark_row
SELECT seq, text, starred_by FROM line_mark WHERE incident_id = ?1 ORDER BY seq;

-- name: line_mark_get :row line_mark_row
SELECT seq, text, starred_by FROM line_mark WHERE seq = ?1;

-- name: line_text_set
INSERT INTO line_mark (seq, incident_id, text) VALUES (?1, ?2, ?3)
ON CONFLICT (seq) DO UPDATE SET text = ?3;

-- name: line_star_set
INSERT INTO line_mark (seq, incident_id, starred_by) VALUES (?1, ?2, ?3)
ON CONFLICT (seq) DO UPDATE SET starred_by = ?3;

-- name: event_of_incident :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE seq = ?1 AND incident_id = ?2;

-- name: event_newest_of_type :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE incident_id = ?1 AND type = ?2 ORDER BY seq DESC LIMIT 1;

-- name: callout_ask
UPDATE callout SET asked = ?2 WHERE id = ?1;

-- name: alerts_moved_all
INSERT INTO alert_moved (alert_id, from_id, to_id)
SELECT id, ?1, ?2 FROM alert WHERE incident_id = ?1
ON CONFLICT (from_id, to_id, alert_id) DO NOTHING;

-- name: alert_moved
INSERT INTO alert_moved (alert_id, from_id, to_id) VALUES (?1, ?2, ?3)
ON CONFLICT (from_id, to_id, alert_id) DO NOTHING;

-- name: alert_move
UPDATE alert SET incident_id = ?2 WHERE id = ?1;

-- name: alerts_moved_count :row engine_count_row
SELECT COUNT(*) AS n FROM alert
WHERE incident_id = ?2 AND id IN (
	SELECT alert_id FROM alert_moved WHERE from_id = ?1 AND to_id = ?2);

-- name: alerts_move_back
UPDATE alert SET incident_id = ?1 WHERE incident_id = ?2 AND id IN (
	SELECT alert_id FROM alert_moved WHERE from_id = ?1 AND to_id = ?2);

-- name: alerts_moved_forget
DELETE FROM alert_moved WHERE from_id = ?1 AND to_id = ?2;

-- name: alerts_open_count :row engine_count_row
SELECT COUNT(*) AS n FROM alert WHERE incident_id = ?1 AND state = 'open';

-- What an end closed is open again, unless the key has lived on elsewhere since.
-- name: alerts_reopen
UPDATE alert SET state = 'open', closed_at = NULL, look_at = expires_at
WHERE incident_id = ?1 AND state = 'closed' AND closed_at = ?2 AND id = (
	SELECT MAX(newest.id) FROM alert AS newest
	WHERE newest.scope = alert.scope AND newest.dedup_key = alert.dedup_key);
