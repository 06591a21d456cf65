-- Calendars to subscribe to: each has a secret address, kept as a hash only.

CREATE TABLE feed (
	id TEXT PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	user_id TEXT NOT NULL,
	subject TEXT NOT NULL,
	own BOOL NOT NULL,
	reminders TEXT NOT NULL,
	created_at INT64 NOT NULL,
	used_at INT64
);
CREATE INDEX feed_user ON feed (user_id, created_at);
