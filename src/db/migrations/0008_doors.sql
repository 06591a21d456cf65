-- When a session was used last and from where, so that it ends for idleness and people know theirs.
ALTER TABLE session ADD COLUMN used_at INT64 NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE session SET used_at = created_at;

-- Wrong passwords by the address that they came from: see src/access/door.c.
CREATE TABLE sign_in_failure (
	address TEXT PRIMARY KEY,
	failures INT64 NOT NULL,
	failed_at INT64 NOT NULL
);
