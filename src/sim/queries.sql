-- What scenarios look at.

-- name: sim_incident :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, exhausted_at, reopened_at, unrouted, merged_into, n_alerts,
	n_open_alerts, updated_at, chain
FROM incident WHERE dedup_key = ?1 ORDER BY id DESC LIMIT 1;

-- name: sim_alert :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert WHERE dedup_key = ?1 ORDER BY id DESC LIMIT 1;

-- name: sim_why :row engine_count_row
SELECT COUNT(*) AS n FROM event
WHERE reason = ?1 AND dedup_key = ?2 AND (user_id = ?3 OR ?3 IS NULL);

-- name: sim_timeline :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE type <> 'config.changed' ORDER BY seq LIMIT 500;
