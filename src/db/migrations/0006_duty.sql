-- Duty: notices (messages that ask for no answer), what was said about handoffs, notes from one
-- shift to the next, and shifts offered to others.

-- The text of a page that belongs to no incident.
CREATE TABLE notice (
	page_id INT64 PRIMARY KEY,
	title TEXT NOT NULL,
	text TEXT NOT NULL
);

-- What has been announced, so that a crash or a new look announces nothing twice.
CREATE TABLE duty_said (
	schedule TEXT NOT NULL,
	about TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('on', 'off', 'summary')),
	at INT64 NOT NULL,
	PRIMARY KEY (schedule, about, what, at)
);

CREATE TABLE duty_note (
	id INT64 PRIMARY KEY,
	at INT64 NOT NULL,
	schedule TEXT NOT NULL,
	author TEXT NOT NULL,
	text TEXT NOT NULL
);
CREATE INDEX duty_note_schedule ON duty_note (schedule, id);

CREATE TABLE swap (
	id INT64 PRIMARY KEY,
	schedule TEXT NOT NULL,
	user_id TEXT NOT NULL,
	offered_to TEXT,
	from_at INT64 NOT NULL,
	to_at INT64 NOT NULL,
	return_from INT64,
	return_to INT64,
	state TEXT NOT NULL CHECK (state IN
		('offered', 'accepted', 'declined', 'withdrawn', 'expired')),
	note TEXT,
	created_at INT64 NOT NULL,
	expires_at INT64 NOT NULL,
	ended_at INT64,
	taken_by TEXT,
	parent_id INT64,
	CHECK ((state = 'offered') = (ended_at IS NULL))
);
CREATE INDEX swap_schedule ON swap (schedule, id);
