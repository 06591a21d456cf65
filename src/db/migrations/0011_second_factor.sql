-- A second factor beside the password: see src/access/factor.h.

CREATE TABLE second_factor (
	user_id TEXT PRIMARY KEY,
	secret TEXT NOT NULL, -- sealed with the installation's key
	salt TEXT NOT NULL, -- of the recovery codes
	made_at INT64 NOT NULL,
	confirmed_at INT64, -- until then it counts for nothing
	step INT64 NOT NULL, -- of the newest code that was taken: no other of then or before is
	failures INT64 NOT NULL,
	failed_at INT64
);

-- Those that are left.
CREATE TABLE recovery_code (
	user_id TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (user_id, hash)
);

-- The password was right, the code is still to come; and when somebody last showed who they are.
ALTER TABLE session ADD COLUMN awaits_code BOOL NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN proved_at INT64 NOT NULL DEFAULT 0;
UPDATE session SET proved_at = created_at;

-- Made on the server's own machine: it stands for the second factor too.
ALTER TABLE sign_in_link ADD COLUMN whole BOOL NOT NULL DEFAULT FALSE;
