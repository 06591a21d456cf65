-- Filters of the board that people keep under a name: see src/access/view.h.
CREATE TABLE saved_view (
	user_id TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL,
	saved_at INT64 NOT NULL,
	PRIMARY KEY (user_id, name)
);
