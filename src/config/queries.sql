-- Documents: as they are, and as they were at every revision.

-- name: revision_now :row config_number_row
SELECT COALESCE(MAX(number), 0) AS n FROM revision;

-- name: revision_at :row config_number_row
SELECT COALESCE(MAX(number), 0) AS n FROM revision WHERE at <= ?1;

-- name: duty_changes :row duty_change_row
SELECT r.number AS revision, r.at FROM revision r
WHERE r.at > ?1 AND r.at < ?2 AND EXISTS (SELECT 1 FROM document_history h
	WHERE h.revision = r.number AND h.kind IN
	('schedule', 'override', 'absence', 'holiday', 'user', 'team', 'organisation'))
ORDER BY r.number LIMIT ?3;

-- name: revision_add
INSERT INTO revision (number, at, author, via, source, message, changes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: revision_list :row revision_row
SELECT number, at, author, via, source, message, changes FROM revision
WHERE number < ?1 ORDER BY number DESC LIMIT ?2;

-- name: document_all :row stored_row
SELECT kind, id, revision, position, source, body FROM document ORDER BY kind, id;

-- name: document_put
INSERT INTO document (kind, id, revision, position, source, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (kind, id) DO UPDATE SET revision = ?3, position = ?4, source = ?5, body = ?6;

-- name: document_drop
DELETE FROM document WHERE kind = ?1 AND id = ?2;

-- name: document_remember
INSERT INTO document_history (kind, id, revision, position, source, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: document_all_at :row stored_row
SELECT h.kind, h.id, h.revision, h.position, h.source, h.body
FROM document_history h
JOIN (SELECT kind, id, MAX(revision) AS newest FROM document_history
	WHERE revision <= ?1 GROUP BY kind, id) m
	ON m.kind = h.kind AND m.id = h.id AND m.newest = h.revision
WHERE h.body IS NOT NULL
ORDER BY h.kind, h.id;

-- name: document_at :row stored_row
SELECT kind, id, revision, position, source, body FROM document_history
WHERE kind = ?1 AND id = ?2 AND revision <= ?3
ORDER BY revision DESC LIMIT 1;
