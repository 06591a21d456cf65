-- Passwords, sessions, links, tokens: all looked up by hash.

-- name: credential_get :row credential_row
SELECT user_id, password, changed_at, failures, failed_at FROM credential WHERE user_id = ?1;

-- name: credential_set
INSERT INTO credential (user_id, password, changed_at, failures, failed_at)
VALUES (?1, ?2, ?3, 0, NULL)
ON CONFLICT (user_id) DO UPDATE SET password = ?2, changed_at = ?3, failures = 0, failed_at = NULL;

-- name: credential_failed
UPDATE credential SET failures = failures + 1, failed_at = ?2 WHERE user_id = ?1;

-- name: credential_worked
UPDATE credential SET failures = 0, failed_at = NULL WHERE user_id = ?1;

-- name: session_add
INSERT INTO session (hash, user_id, agent, address, created_at, used_at, expires_at, awaits_code,
	proved_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?5);

-- name: session_get :row session_row
SELECT hash, user_id, agent, address, created_at, used_at, expires_at, awaits_code, proved_at,
	(SELECT confirmed_at FROM second_factor f WHERE f.user_id = session.user_id) AS factor_at
FROM session WHERE hash = ?1 AND expires_at > ?2 AND used_at > ?3;

-- name: session_list :row session_row
SELECT hash, user_id, agent, address, created_at, used_at, expires_at, awaits_code, proved_at,
	(SELECT confirmed_at FROM second_factor f WHERE f.user_id = session.user_id) AS factor_at
FROM session WHERE user_id = ?1 AND expires_at > ?2 AND used_at > ?3 AND NOT awaits_code
ORDER BY created_at, hash;

-- name: session_used
UPDATE session SET used_at = ?2 WHERE hash = ?1;

-- name: session_proved
UPDATE session SET proved_at = ?2 WHERE hash = ?1;

-- name: session_end
DELETE FROM session WHERE hash = ?1;

-- name: sessions_end_of_user
DELETE FROM session WHERE user_id = ?1;

-- name: sessions_end_others
DELETE FROM session WHERE user_id = ?1 AND hash <> ?2;

-- name: sessions_forget
DELETE FROM session WHERE expires_at <= ?1 OR used_at <= ?2;

-- name: door_failures :row door_row
SELECT failures, failed_at FROM sign_in_failure WHERE address = ?1;

-- name: door_failed
INSERT INTO sign_in_failure (address, failures, failed_at) VALUES (?1, 1, ?2)
ON CONFLICT (address) DO UPDATE SET
	failures = CASE WHEN sign_in_failure.failed_at <= ?3 THEN 1 ELSE sign_in_failure.failures + 1 END,
	failed_at = ?2;

-- name: door_forget
DELETE FROM sign_in_failure WHERE failed_at <= ?1;

-- name: link_add
INSERT INTO sign_in_link (hash, user_id, expires_at, whole) VALUES (?1, ?2, ?3, ?4);

-- name: link_get :row link_row
SELECT hash, user_id, expires_at, whole FROM sign_in_link WHERE hash = ?1 AND expires_at > ?2;

-- name: link_used
DELETE FROM sign_in_link WHERE hash = ?1 OR expires_at <= ?2;

-- name: token_add
INSERT INTO token (id, hash, user_id, name, scopes, created_at, expires_at, used_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL);

-- name: token_by_hash :row token_row
SELECT id, user_id, name, scopes, created_at, expires_at, used_at FROM token WHERE hash = ?1;

-- name: token_get :row token_row
SELECT id, user_id, name, scopes, created_at, expires_at, used_at FROM token WHERE id = ?1;

-- name: token_list :row token_row
SELECT id, user_id, name, scopes, created_at, expires_at, used_at FROM token
WHERE ?1 = '' OR user_id = ?1 ORDER BY created_at, id;

-- name: token_remove
DELETE FROM token WHERE id = ?1;

-- name: token_used
UPDATE token SET used_at = ?2 WHERE id = ?1;

-- name: idempotency_get :row idempotency_row
SELECT request, at, status, body FROM idempotency WHERE actor = ?1 AND name = ?2;

-- name: idempotency_add
INSERT INTO idempotency (actor, name, request, at, status, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: idempotency_forget
DELETE FROM idempotency WHERE at <= ?1;

-- name: feed_add
INSERT INTO feed (id, hash, user_id, subject, own, reminders, created_at, used_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL);

-- name: feed_by_hash :row feed_row
SELECT id, user_id, subject, own, reminders, created_at, used_at FROM feed WHERE hash = ?1;

-- name: feed_get :row feed_row
SELECT id, user_id, subject, own, reminders, created_at, used_at FROM feed WHERE id = ?1;

-- name: feed_list :row feed_row
SELECT id, user_id, subject, own, reminders, created_at, used_at FROM feed
WHERE ?1 = '' OR user_id = ?1 ORDER BY created_at, id;

-- name: feed_rotate
UPDATE feed SET hash = ?2 WHERE id = ?1;

-- name: feed_remove
DELETE FROM feed WHERE id = ?1;

-- name: feed_used
UPDATE feed SET used_at = ?2 WHERE id = ?1;

-- name: verification_get :row verification_row
SELECT user_id, contact, type, address, code, page_id, tries, expires_at, verified_at FROM verification
WHERE user_id = ?1 AND contact = ?2;

-- name: verifications_of_user :row verification_row
SELECT user_id, contact, type, address, code, page_id, tries, expires_at, verified_at FROM verification
WHERE user_id = ?1 ORDER BY contact;

-- name: verifications_known :row verification_row
SELECT user_id, contact, type, address, code, page_id, tries, expires_at, verified_at FROM verification
WHERE verified_at IS NOT NULL;

-- What was proved of another address is nothing.
-- name: verification_code
INSERT INTO verification (user_id, contact, type, address, code, page_id, tries, expires_at, verified_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, NULL)
ON CONFLICT (user_id, contact) DO UPDATE SET code = ?5, page_id = ?6, tries = 0, expires_at = ?7,
	verified_at = CASE WHEN verification.type = ?3 AND verification.address = ?4
		THEN verification.verified_at END,
	type = ?3, address = ?4;

-- name: verification_tried
UPDATE verification SET tries = tries + 1 WHERE user_id = ?1 AND contact = ?2;

-- name: verification_done
INSERT INTO verification (user_id, contact, type, address, code, page_id, tries, expires_at, verified_at)
VALUES (?1, ?2, ?3, ?4, NULL, NULL, 0, NULL, ?5)
ON CONFLICT (user_id, contact) DO UPDATE SET type = ?3, address = ?4, code = NULL, page_id = NULL,
	tries = 0, expires_at = NULL, verified_at = ?5;

-- A code that was answered is in no row any more, nor in the text that carried it.
-- name: verification_text_forget
DELETE FROM notice WHERE page_id = ?1;

-- name: contact_messages :row contact_messages_row
SELECT COUNT(*) AS n, COALESCE(MAX(created_at), 0) AS newest FROM page
WHERE user_id = ?1 AND contact = ?2 AND created_at > ?3 AND because = ?4;

-- The newest code or test that was sent there: how far it came.
-- name: contact_last :row contact_last_row
SELECT because, state, created_at, sent_at, ended_at, attempts, error FROM page
WHERE user_id = ?1 AND contact = ?2 AND created_at > ?3 AND because IN ('verification', 'test')
ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: factor_get :row factor_row
SELECT user_id, secret, salt, confirmed_at, failures, failed_at FROM second_factor
WHERE user_id = ?1;

-- Wrong codes are still counted: making a new secret is no way around the wait.
-- name: factor_begin
INSERT INTO second_factor (user_id, secret, salt, made_at, confirmed_at, step, failures, failed_at)
VALUES (?1, ?2, ?3, ?4, NULL, -1, 0, NULL)
ON CONFLICT (user_id) DO UPDATE SET secret = ?2, salt = ?3, made_at = ?4, step = -1
WHERE second_factor.confirmed_at IS NULL;

-- name: factor_spend
UPDATE second_factor SET step = ?2 WHERE user_id = ?1 AND step < ?2;

-- name: factor_failed
UPDATE second_factor SET failures = failures + 1, failed_at = ?2 WHERE user_id = ?1;

-- name: factor_worked
UPDATE second_factor SET failures = 0, failed_at = NULL WHERE user_id = ?1;

-- name: factor_confirm
UPDATE second_factor SET confirmed_at = ?2 WHERE user_id = ?1;

-- name: factor_remove
DELETE FROM second_factor WHERE user_id = ?1;

-- name: recovery_add
INSERT INTO recovery_code (user_id, hash) VALUES (?1, ?2);

-- name: recovery_left :row engine_count_row
SELECT COUNT(*) AS n FROM recovery_code WHERE user_id = ?1;

-- name: recovery_use
DELETE FROM recovery_code WHERE user_id = ?1 AND hash = ?2;

-- name: recovery_forget
DELETE FROM recovery_code WHERE user_id = ?1;

-- name: view_list :row view_row
SELECT user_id, name, query, saved_at FROM saved_view WHERE user_id = ?1 ORDER BY name;

-- name: view_save
INSERT INTO saved_view (user_id, name, query, saved_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id, name) DO UPDATE SET query = ?3, saved_at = ?4;

-- name: view_remove
DELETE FROM saved_view WHERE user_id = ?1 AND name = ?2;

-- name: place_known :row known_row
SELECT COUNT(CASE WHEN place = ?2 THEN 1 END) AS here, COUNT(*) AS ever
FROM known_place WHERE user_id = ?1;

-- name: place_seen
INSERT INTO known_place (user_id, place, seen_at) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id, place) DO UPDATE SET seen_at = ?3;

-- name: place_forget
DELETE FROM known_place WHERE seen_at <= ?1;
