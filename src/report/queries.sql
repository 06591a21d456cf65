-- What the reports read. Numbers grow with time, so a report begins at the newest one before its
-- time instead of reading everything that ever was.

-- name: report_incident_floor :row engine_count_row
SELECT id AS n FROM incident WHERE opened_at < ?1 ORDER BY id DESC LIMIT 1;

-- name: report_page_floor :row engine_count_row
SELECT id AS n FROM page WHERE created_at < ?1 ORDER BY id DESC LIMIT 1;

-- The first answer is asked of the log: the incident itself knows its last one only. What an archive
-- has taken out of the log is told by the incident.
-- name: report_incidents :row report_incident_row
SELECT id, mode, severity, title, dedup_key, service, team, opened_at, acked_at, acked_by,
	resolved_at, resolved_by, exhausted_at, merged_into,
	(SELECT MIN(at) FROM event WHERE event.incident_id = incident.id AND actor_kind = 'user'
		AND type IN ('incident.acknowledged', 'incident.snoozed')) AS person_at,
	(SELECT MIN(at) FROM event WHERE event.incident_id = incident.id
		AND actor_kind <> 'user' AND type = 'incident.acknowledged') AS machine_at,
	(SELECT COUNT(*) FROM event WHERE event.incident_id = incident.id AND actor_kind = 'user'
		AND type LIKE 'incident.%' AND type <> 'incident.opened') AS acts
FROM incident
WHERE id > ?1 AND opened_at >= ?2 AND opened_at < ?3 AND (?4 = '' OR team = ?4)
ORDER BY id LIMIT ?5;

-- Those that went out for such an incident.
-- name: report_pages_of_incidents :row report_page_row
SELECT id, incident_id, user_id, sent_at FROM page
WHERE sent_at IS NOT NULL AND incident_id IN (SELECT id FROM incident
	WHERE id > ?1 AND opened_at >= ?2 AND opened_at < ?3 AND (?4 = '' OR team = ?4)
		AND mode = 'standard')
ORDER BY incident_id, id LIMIT ?5;

-- Those that reached for a person in that time: no drills or tests, and no notices of handoffs.
-- name: report_pages :row report_page_row
SELECT id, incident_id, user_id, sent_at FROM page
WHERE id > ?1 AND sent_at >= ?2 AND sent_at < ?3 AND mode = 'standard' AND user_id IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.page_id = page.id)
ORDER BY user_id, sent_at, id LIMIT ?4;
