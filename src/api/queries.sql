-- Lists for readers: newest first, below a cursor; an empty filter takes all.

-- name: api_incidents :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, muted_until, exhausted_at, reopened_at, unrouted, merged_into,
	n_alerts,
	n_open_alerts, updated_at, mitigated_at, mitigated_by, commander, watched, briefed, chain
FROM incident
WHERE id < ?1 AND (?2 = '' OR state = ?2 OR (?2 = 'open' AND state <> 'resolved'))
	AND (?3 = '' OR service = ?3) AND (?4 = '' OR team = ?4) AND (?5 = '' OR dedup_key = ?5)
ORDER BY id DESC LIMIT ?6;

-- name: api_alerts :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert
WHERE id < ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR dedup_key = ?3)
	AND (?4 = '' OR integration = ?4)
ORDER BY id DESC LIMIT ?5;

-- name: api_alerts_of_incident :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert WHERE incident_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- name: api_pages :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page
WHERE id < ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR user_id = ?3)
ORDER BY id DESC LIMIT ?4;

-- name: api_pages_of_incident :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page WHERE incident_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- Not those before ?5.
-- name: api_signals :row signal_row
SELECT id, at, integration, action, severity, dedup_key, outcome, alert_id, incident_id, body
FROM signal
WHERE id < ?1 AND id >= ?5 AND (?2 = '' OR integration = ?2) AND (?3 = '' OR dedup_key = ?3)
ORDER BY id DESC LIMIT ?4;

-- Where the newest ?2 signals below ?1 begin; 0: none is older.
-- name: api_signals_reach :row signal_reach_row
SELECT CASE WHEN id > (SELECT MIN(id) FROM signal) THEN id ELSE 0 END AS start, at
FROM signal WHERE id > (SELECT MAX(id) FROM signal WHERE id < ?1) - ?2 ORDER BY id LIMIT 1;

-- name: api_timeline :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE incident_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3;

-- name: api_events :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event
WHERE seq < ?1 AND (?2 = '' OR type = ?2) AND (?3 = '' OR user_id = ?3)
ORDER BY seq DESC LIMIT ?4;

-- name: api_events_after :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3;

-- name: api_event_last :row engine_count_row
SELECT COALESCE(MAX(seq), 0) AS n FROM event;

-- ---- the archive

-- Resolved before an instant, with nothing under way; those that are in a file already come again
-- only when something was added since.
-- name: api_archive_due :row engine_count_row
SELECT id AS n FROM incident
WHERE state = 'resolved' AND resolved_at < ?1 AND n_open_alerts = 0 AND id > ?2
	AND EXISTS (SELECT 1 FROM event WHERE event.incident_id = incident.id)
	AND NOT EXISTS (SELECT 1 FROM page WHERE page.incident_id = incident.id
		AND next_at IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM timer WHERE timer.incident_id = incident.id)
ORDER BY id LIMIT ?3;

-- name: api_archive_events :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE incident_id = ?1 ORDER BY seq;

-- Of all incidents of a file at once: no index leads from an incident to its signals.
-- name: api_archive_signals :row signal_row
SELECT id, at, integration, action, severity, dedup_key, outcome, alert_id, incident_id, body
FROM signal WHERE incident_id >= ?1 AND incident_id <= ?2
	AND EXISTS (SELECT 1 FROM incident WHERE incident.id = signal.incident_id
		AND incident.state = 'resolved' AND incident.resolved_at < ?3)
ORDER BY incident_id, id;

-- name: api_archived :row archived_row
SELECT incident_id, hash, file FROM archived ORDER BY incident_id;

-- name: api_rejected :row rejected_row
SELECT id, at, integration, status, reason, sample FROM rejected
WHERE integration = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;

-- name: api_rejected_all :row rejected_row
SELECT id, at, integration, status, reason, sample FROM rejected
WHERE id < ?1 ORDER BY id DESC LIMIT ?2;

-- The organisation's own chain; the type may be the beginning of one.
-- name: api_audit :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event
WHERE incident_id = 0 AND seq < ?1 AND (?2 = '' OR actor = ?2)
	AND (?3 = '' OR SUBSTR(type, 1, LENGTH(?3)) = ?3)
ORDER BY seq DESC LIMIT ?4;

-- name: api_alerts_open_of_integration :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert WHERE integration = ?1 AND state = 'open' ORDER BY id LIMIT ?2;

-- When the oldest of what waits was due; 0: nothing waits.
-- name: api_overdue :row overdue_row
SELECT
	(SELECT COALESCE(MIN(next_at), 0) FROM page WHERE next_at IS NOT NULL) AS page,
	(SELECT COALESCE(MIN(at), 0) FROM (
		SELECT MIN(due_at) AS at FROM timer
		UNION ALL SELECT MIN(look_at) FROM alert WHERE look_at IS NOT NULL) AS waits) AS timer;

-- Pages that were tried in vain and are tried again, by channel.
-- name: api_pages_struggling :row struggling_row
SELECT contact_type AS channel, COUNT(*) AS n, MIN(created_at) AS since, MAX(error) AS error
FROM page WHERE next_at IS NOT NULL AND error IS NOT NULL
GROUP BY contact_type ORDER BY contact_type;

-- name: api_pages_failed_lately :row struggling_row
SELECT contact_type AS channel, COUNT(*) AS n, MIN(created_at) AS since, MAX(error) AS error
FROM page WHERE state = 'failed' AND ended_at > ?1 AND error IS NOT NULL
GROUP BY contact_type ORDER BY contact_type;

-- name: api_gauges :row gauges_row
SELECT
	(SELECT COUNT(*) FROM incident WHERE state = 'triggered') AS triggered,
	(SELECT COUNT(*) FROM incident WHERE state = 'acknowledged') AS acknowledged,
	(SELECT COUNT(*) FROM page WHERE next_at IS NOT NULL) AS pages_waiting,
	(SELECT COALESCE(MIN(due_at), 0) FROM page WHERE next_at IS NOT NULL) AS oldest_page,
	(SELECT COUNT(*) FROM timer)
		+ (SELECT COUNT(*) FROM alert WHERE look_at IS NOT NULL) AS timers,
	(SELECT COALESCE(MIN(at), 0) FROM (
		SELECT MIN(due_at) AS at FROM timer
		UNION ALL SELECT MIN(look_at) FROM alert WHERE look_at IS NOT NULL) AS waits) AS next_timer;

-- What the live board reads: open incidents from an id down or touched by a stretch of the log, and
-- what each of them waits for. A step that waits, the end of a snooze, an acknowledgement that must be
-- renewed: the soonest of an incident comes first.
-- name: api_waits :row wait_row
SELECT incident.id AS incident_id, 'step' AS why, run.policy, run.policy_revision, run.step, run.round,
	incident.urgency, run.step_ends_at AS ends_at, run.targets
FROM incident JOIN run ON run.incident_id = incident.id
WHERE incident.state = 'triggered' AND incident.id >= ?1 AND incident.id < ?2 AND run.state = 'waiting'
UNION ALL
SELECT incident.id, timer.kind, incident.policy, incident.policy_revision, -1, 0, incident.urgency,
	timer.due_at, '[]'
FROM incident JOIN timer ON timer.incident_id = incident.id
WHERE incident.state = 'acknowledged' AND incident.id >= ?1 AND incident.id < ?2
	AND (timer.kind = 'snooze' OR timer.kind = 'ack')
ORDER BY 1, 8;

-- name: api_touched :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, muted_until, exhausted_at, reopened_at, unrouted, merged_into,
	n_alerts,
	n_open_alerts, updated_at, mitigated_at, mitigated_by, commander, watched, briefed, chain
FROM incident
WHERE id IN (SELECT incident_id FROM event WHERE seq > ?1 AND seq <= ?2)
ORDER BY id;

-- name: api_touched_waits :row wait_row
SELECT incident.id AS incident_id, 'step' AS why, run.policy, run.policy_revision, run.step, run.round,
	incident.urgency, run.step_ends_at AS ends_at, run.targets
FROM incident JOIN run ON run.incident_id = incident.id
WHERE incident.id IN (SELECT incident_id FROM event WHERE seq > ?1 AND seq <= ?2)
	AND incident.state = 'triggered' AND run.state = 'waiting'
UNION ALL
SELECT incident.id, timer.kind, incident.policy, incident.policy_revision, -1, 0, incident.urgency,
	timer.due_at, '[]'
FROM incident JOIN timer ON timer.incident_id = incident.id
WHERE incident.id IN (SELECT incident_id FROM event WHERE seq > ?1 AND seq <= ?2)
	AND incident.state = 'acknowledged' AND (timer.kind = 'snooze' OR timer.kind = 'ack')
ORDER BY 1, 8;

-- When the newest alerts of an incident first fired, in twelfths of the time from the first of them until
-- now, or until its end. Without any there is one row of nothing.
-- name: api_histogram :row histogram_row
WITH newest AS (SELECT first_at FROM alert WHERE incident_id = ?1 ORDER BY id DESC LIMIT ?3),
span AS (SELECT (SELECT MIN(first_at) FROM newest) AS since,
	COALESCE((SELECT resolved_at FROM incident WHERE id = ?1), ?2) AS ends),
slots AS (SELECT since, ends,
	(first_at - since) * 12 / (CASE WHEN ends > since THEN ends - since ELSE 1 END) AS slot
	FROM newest, span)
SELECT MIN(since) AS since, MIN(ends) AS ends, COUNT(*) AS alerts,
	COUNT(CASE WHEN slot = 0 THEN 1 END) AS n0,
	COUNT(CASE WHEN slot = 1 THEN 1 END) AS n1,
	COUNT(CASE WHEN slot = 2 THEN 1 END) AS n2,
	COUNT(CASE WHEN slot = 3 THEN 1 END) AS n3,
	COUNT(CASE WHEN slot = 4 THEN 1 END) AS n4,
	COUNT(CASE WHEN slot = 5 THEN 1 END) AS n5,
	COUNT(CASE WHEN slot = 6 THEN 1 END) AS n6,
	COUNT(CASE WHEN slot = 7 THEN 1 END) AS n7,
	COUNT(CASE WHEN slot = 8 THEN 1 END) AS n8,
	COUNT(CASE WHEN slot = 9 THEN 1 END) AS n9,
	COUNT(CASE WHEN slot = 10 THEN 1 END) AS n10,
	COUNT(CASE WHEN slot >= 11 THEN 1 END) AS n11
FROM slots;

-- ---- how much came

-- name: tally_add
INSERT INTO tally (what, name, n, last_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (what, name) DO UPDATE SET n = tally.n + ?3,
	last_at = CASE WHEN tally.last_at > ?4 THEN tally.last_at ELSE ?4 END;

-- name: tally_hour_add
INSERT INTO tally_hour (what, name, hour, n) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (what, name, hour) DO UPDATE SET n = tally_hour.n + ?4;

-- name: tally_forget
DELETE FROM tally_hour WHERE hour < ?1;

-- name: tally_list :row tally_row
SELECT name, n, last_at,
	(SELECT CAST(COALESCE(SUM(h.n), 0) AS BIGINT) FROM tally_hour h
		WHERE h.what = tally.what AND h.name = tally.name AND h.hour > ?2) AS day,
	(SELECT CAST(COALESCE(SUM(h.n), 0) AS BIGINT) FROM tally_hour h
		WHERE h.what = tally.what AND h.name = tally.name AND h.hour > ?3) AS week
FROM tally WHERE what = ?1;

-- The newest that was refused, of each.
-- name: api_rejected_newest :row rejected_row
SELECT id, at, integration, status, reason, '' AS sample FROM rejected
WHERE id IN (SELECT MAX(id) FROM rejected GROUP BY integration);
