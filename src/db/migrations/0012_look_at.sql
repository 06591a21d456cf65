-- An alert that may expire says itself when to look at it, in the place of a row among the timers.
-- Repeats move the instant when it expires and leave this one: the look moves it on.
ALTER TABLE alert ADD COLUMN look_at INT64; -- of an open alert, not after expires_at
UPDATE alert SET look_at = expires_at WHERE state = 'open' AND expires_at IS NOT NULL;
CREATE INDEX alert_look ON alert (look_at) WHERE look_at IS NOT NULL;
DELETE FROM timer WHERE kind = 'expiry';
