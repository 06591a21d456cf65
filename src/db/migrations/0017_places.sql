-- Where somebody has signed in from: see src/access/place.h.
CREATE TABLE known_place (
	user_id TEXT NOT NULL,
	place TEXT NOT NULL,
	seen_at INT64 NOT NULL,
	PRIMARY KEY (user_id, place)
);
