-- What scenarios look at.

-- name: sim_incident :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, muted_until, exhausted_at, reopened_at, unrouted, merged_into,
	n_alerts,
	n_open_alerts, updated_at, mitigated_at, mitigated_by, commander, watched, briefed, chain
FROM incident WHERE dedup_key = ?1 ORDER BY id DESC LIMIT 1;

-- name: sim_alert :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert WHERE dedup_key = ?1 ORDER BY id DESC LIMIT 1;

-- name: sim_why :row engine_count_row
SELECT COUNT(*) AS n FROM event
WHERE reason = ?1 AND dedup_key = ?2 AND (user_id = ?3 OR ?3 IS NULL);

-- name: sim_sent :row engine_count_row
SELECT COUNT(*) AS n FROM event
WHERE type = 'page.sent' AND user_id = ?2
	AND incident_id = (SELECT MAX(id) FROM incident WHERE dedup_key = ?1);

-- name: sim_timeline :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event WHERE type <> 'config.changed' ORDER BY seq LIMIT 500;

-- ---- promises: each query finds the first row that breaks one

-- A wake-up in the database, or the reason why there is none.
-- name: sim_forgotten :row sim_broken_row
SELECT id, dedup_key AS what FROM incident
WHERE state = 'triggered' AND exhausted_at IS NULL AND NOT EXISTS (
	SELECT 1 FROM timer WHERE timer.incident_id = incident.id AND timer.kind = 'mute'
		AND timer.due_at = incident.muted_until)
	AND NOT EXISTS (
	SELECT 1 FROM run WHERE run.incident_id = incident.id AND run.state = 'waiting')
ORDER BY id LIMIT 1;

-- name: sim_exhausted_unsaid :row sim_broken_row
SELECT id, dedup_key AS what FROM incident
WHERE state = 'triggered' AND exhausted_at IS NOT NULL AND NOT EXISTS (
	SELECT 1 FROM event WHERE event.incident_id = incident.id AND type = 'policy.exhausted')
ORDER BY id LIMIT 1;

-- name: sim_run_unwoken :row sim_broken_row
SELECT run.id, incident.dedup_key AS what FROM run JOIN incident ON incident.id = run.incident_id
WHERE run.state = 'waiting' AND 1 <> (
	SELECT COUNT(*) FROM timer WHERE timer.incident_id = run.incident_id
		AND timer.kind = 'step' AND timer.ref_id = run.id)
ORDER BY run.id LIMIT 1;

-- name: sim_run_of_answered :row sim_broken_row
SELECT run.id, incident.dedup_key AS what FROM run JOIN incident ON incident.id = run.incident_id
WHERE run.state = 'waiting' AND incident.state <> 'triggered' ORDER BY run.id LIMIT 1;

-- name: sim_snooze_unwoken :row sim_broken_row
SELECT id, dedup_key AS what FROM incident
WHERE snoozed_until IS NOT NULL AND 1 <> (
	SELECT COUNT(*) FROM timer WHERE timer.incident_id = incident.id AND timer.kind = 'snooze'
		AND timer.due_at = incident.snoozed_until)
ORDER BY id LIMIT 1;

-- name: sim_callout_stuck :row sim_broken_row
SELECT id, user_id AS what FROM callout
WHERE state = 'running' AND NOT EXISTS (
	SELECT 1 FROM timer WHERE timer.incident_id = callout.incident_id
		AND timer.kind = 'contact' AND timer.ref_id = callout.id)
	AND NOT EXISTS (
	SELECT 1 FROM page WHERE page.incident_id = callout.incident_id
		AND page.callout_id = callout.id AND page.state IN ('queued', 'sending', 'bundled'))
ORDER BY id LIMIT 1;

-- name: sim_callout_of_resolved :row sim_broken_row
SELECT callout.id, callout.user_id AS what FROM callout
JOIN incident ON incident.id = callout.incident_id
WHERE callout.state = 'running' AND incident.state = 'resolved' ORDER BY callout.id LIMIT 1;

-- name: sim_page_of_resolved :row sim_broken_row
SELECT page.id, page.contact AS what FROM page JOIN incident ON incident.id = page.incident_id
WHERE page.state IN ('queued', 'bundled') AND incident.state = 'resolved'
ORDER BY page.id LIMIT 1;

-- name: sim_timer_of_resolved :row sim_broken_row
SELECT timer.id, timer.kind AS what FROM timer JOIN incident ON incident.id = timer.incident_id
WHERE incident.state = 'resolved' ORDER BY timer.id LIMIT 1;

-- name: sim_page_unwoken :row sim_broken_row
SELECT id, contact AS what FROM page
WHERE state IN ('queued', 'sending') AND next_at IS NULL ORDER BY id LIMIT 1;

-- name: sim_bundle_gone :row sim_broken_row
SELECT page.id, page.contact AS what FROM page JOIN page AS bundle ON bundle.id = page.bundle_id
WHERE page.state = 'bundled' AND bundle.state NOT IN ('queued', 'sending')
ORDER BY page.id LIMIT 1;

-- name: sim_alert_twice :row sim_broken_row
SELECT MAX(id) AS id, dedup_key AS what FROM alert WHERE state = 'open'
GROUP BY scope, dedup_key HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 1;

-- name: sim_alerts_miscounted :row sim_broken_row
SELECT id, dedup_key AS what FROM incident
WHERE n_open_alerts <> (
	SELECT COUNT(*) FROM alert WHERE alert.incident_id = incident.id AND alert.state = 'open')
ORDER BY id LIMIT 1;

-- name: sim_signals_miscounted :row sim_broken_row
SELECT alert.id, alert.dedup_key AS what FROM alert
LEFT JOIN (SELECT alert_id, COUNT(*) AS n FROM signal WHERE action = 'trigger' GROUP BY alert_id)
	AS firing ON firing.alert_id = alert.id
WHERE alert.count <> COALESCE(firing.n, 0) ORDER BY alert.id LIMIT 1;

-- name: sim_page_uncaused :row sim_broken_row
SELECT id, contact AS what FROM page
WHERE id > ?1 AND NOT is_bundle AND NOT EXISTS (
	SELECT 1 FROM event WHERE event.incident_id = COALESCE(page.incident_id, 0)
		AND (event.type IN ('page.queued', 'notice.queued')
			AND event.data LIKE '%"page":"' || CAST(page.id AS TEXT) || '"%'
		OR event.type = 'page.withheld' AND event.reason = 'bundled'
			AND event.data LIKE '%"page":"' || CAST(page.bundle_id AS TEXT) || '"%'))
ORDER BY id LIMIT 1;

-- name: sim_expiry_unwoken :row sim_broken_row
SELECT id, dedup_key AS what FROM alert
WHERE state = 'open' AND expires_at IS NOT NULL AND (look_at IS NULL OR look_at > expires_at)
ORDER BY id LIMIT 1;

-- name: sim_look_at_closed :row sim_broken_row
SELECT id, dedup_key AS what FROM alert
WHERE look_at IS NOT NULL AND (state <> 'open' OR expires_at IS NULL) ORDER BY id LIMIT 1;

-- name: sim_overdue :row sim_broken_row
SELECT id, kind AS what FROM timer WHERE due_at <= ?1
UNION ALL SELECT id, dedup_key AS what FROM alert WHERE look_at <= ?1
UNION ALL SELECT id, contact AS what FROM page WHERE next_at <= ?1 ORDER BY id LIMIT 1;

-- A page in the hands of a channel though its call has ended.
-- name: sim_call_ended :row sim_broken_row
SELECT page.id, callout.state AS what FROM page JOIN callout ON callout.id = page.callout_id
WHERE page.id = ?1 AND callout.state NOT IN ('running', 'spent');

-- name: sim_page_last :row engine_count_row
SELECT COALESCE(MAX(id), 0) AS n FROM page;

-- name: sim_new_callouts :row callout_row
SELECT id, incident_id, run_id, user_id, because, state, urgency, began_at, next_step, asked, steps
FROM callout WHERE id > ?1 ORDER BY id;

-- name: sim_signal_count :row engine_count_row
SELECT COUNT(*) AS n FROM signal;

-- name: sim_signal_there :row engine_count_row
SELECT COUNT(*) AS n FROM signal WHERE id = ?1 AND dedup_key = ?2;

-- ---- everything, for the digest

-- name: sim_signals :row signal_kept_row
SELECT id, at, integration, action, severity, scope, dedup_key, outcome, alert_id, incident_id, body
FROM signal ORDER BY id;

-- name: sim_alerts :row alert_row
SELECT id, scope, dedup_key, state, severity, summary, integration, service, incident_id, count,
	first_at, last_at, closed_at, expires_at, look_at,
	(SELECT body FROM signal WHERE signal.id = alert.signal_id) AS body
FROM alert ORDER BY id;

-- name: sim_incidents :row incident_row
SELECT id, mode, state, severity, urgency, title, dedup_key, service, team, policy,
	policy_revision, revision, opened_at, triggered_at, acked_at, acked_by, resolved_at,
	resolved_by, snoozed_until, muted_until, exhausted_at, reopened_at, unrouted, merged_into,
	n_alerts,
	n_open_alerts, updated_at, mitigated_at, mitigated_by, commander, watched, briefed, chain
FROM incident ORDER BY id;

-- name: sim_runs :row run_row
SELECT id, incident_id, parent_id, policy, policy_revision, step, round, state, step_began_at,
	step_ends_at, targets
FROM run ORDER BY id;

-- name: sim_callouts :row callout_row
SELECT id, incident_id, run_id, user_id, because, state, urgency, began_at, next_step, asked, steps
FROM callout ORDER BY id;

-- name: sim_pages :row page_row
SELECT id, incident_id, callout_id, mode, user_id, contact, contact_type, address, because, state,
	created_at, due_at, next_at, lease_until, attempts, sent_at, ended_at, late_by,
	possibly_twice, is_bundle, bundle_id, receipt, error
FROM page ORDER BY id;

-- name: sim_timers :row timer_row
SELECT id, due_at, kind, incident_id, ref_id FROM timer ORDER BY id;

-- name: sim_events :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event ORDER BY seq;

-- name: sim_briefs :row brief_row
SELECT incident_id, revision, status, impact, theory, next_step, next_by, changed_at, changed_by
FROM brief ORDER BY incident_id;

-- name: sim_roles :row role_row_row
SELECT role, user_id, since FROM incident_role ORDER BY incident_id, role;

-- name: sim_attendants :row attendant_row
SELECT user_id, state, since FROM attendance ORDER BY incident_id, user_id;

-- name: sim_line_marks :row line_mark_row
SELECT seq, text, starred_by FROM line_mark ORDER BY seq;

-- name: sim_note_newest :row event_row
SELECT seq, incident_id, at, type, actor_kind, actor, via, user_id, reason, dedup_key, data, hash
FROM event
WHERE incident_id = ?1 AND type IN ('incident.noted', 'incident.recalled')
ORDER BY seq DESC LIMIT 1;

-- name: sim_attendant :row engine_count_row
SELECT COUNT(*) AS n FROM attendance WHERE incident_id = ?1 AND user_id = ?2 AND state = ?3;

-- name: sim_role_holder :row engine_count_row
SELECT COUNT(*) AS n FROM incident_role WHERE incident_id = ?1 AND role = ?2 AND user_id = ?3;

-- An acknowledged incident that has no end in sight and rings for somebody whom nobody asked for.
-- name: sim_call_unasked :row sim_broken_row
SELECT callout.id, callout.user_id AS what FROM callout
JOIN incident ON incident.id = callout.incident_id
WHERE callout.state = 'running' AND NOT callout.asked AND incident.state = 'acknowledged'
	AND incident.snoozed_until IS NOT NULL
ORDER BY callout.id LIMIT 1;

-- name: sim_commander_elsewhere :row sim_broken_row
SELECT incident.id, incident.dedup_key AS what FROM incident
WHERE COALESCE(commander, '') <> COALESCE((
	SELECT user_id FROM incident_role
	WHERE incident_role.incident_id = incident.id AND incident_role.role = 'commander'), '')
ORDER BY incident.id LIMIT 1;

-- name: sim_mitigated_unowned :row sim_broken_row
SELECT id, dedup_key AS what FROM incident
WHERE mitigated_at IS NOT NULL AND state = 'triggered' ORDER BY id LIMIT 1;
