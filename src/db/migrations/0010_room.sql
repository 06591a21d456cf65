-- The room of an incident: what is known, who does what, who is there, and what people made of the
-- lines of its timeline. As everywhere the log says how it became so; these rows are the present.

CREATE TABLE brief (
	incident_id INT64 PRIMARY KEY,
	revision INT64 NOT NULL,
	status TEXT NOT NULL,
	impact TEXT NOT NULL,
	theory TEXT NOT NULL,
	next_step TEXT NOT NULL,
	next_by INT64,
	changed_at INT64 NOT NULL,
	changed_by TEXT NOT NULL
);

CREATE TABLE incident_role (
	incident_id INT64 NOT NULL,
	role TEXT NOT NULL,
	user_id TEXT NOT NULL,
	since INT64 NOT NULL,
	PRIMARY KEY (incident_id, role)
);

CREATE TABLE attendance (
	incident_id INT64 NOT NULL,
	user_id TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state = 'asked' OR state = 'joined' OR state = 'declined'
		OR state = 'watching'),
	since INT64 NOT NULL,
	PRIMARY KEY (incident_id, user_id)
);

-- The words that a note has now, and its star; the note itself stays in the log as it was written.
CREATE TABLE line_mark (
	seq INT64 PRIMARY KEY,
	incident_id INT64 NOT NULL,
	text TEXT,
	starred_by TEXT
);
CREATE INDEX line_mark_incident ON line_mark (incident_id);

-- Which alerts a merge or a split took along, so that it can be taken back.
CREATE TABLE alert_moved (
	alert_id INT64 NOT NULL,
	from_id INT64 NOT NULL,
	to_id INT64 NOT NULL,
	PRIMARY KEY (from_id, to_id, alert_id)
);

ALTER TABLE incident ADD COLUMN mitigated_at INT64;
ALTER TABLE incident ADD COLUMN mitigated_by TEXT;
ALTER TABLE incident ADD COLUMN commander TEXT;
-- Somebody watches, so that a look into attendance is worth it.
ALTER TABLE incident ADD COLUMN watched BOOL NOT NULL DEFAULT FALSE;
-- There is a brief, so that pages look for it.
ALTER TABLE incident ADD COLUMN briefed BOOL NOT NULL DEFAULT FALSE;

-- Somebody asked for this person by hand: an acknowledgement by others does not end the call.
ALTER TABLE callout ADD COLUMN asked BOOL NOT NULL DEFAULT FALSE;
