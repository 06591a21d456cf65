-- Several processes on one database: they write in turns, and know of one another.

-- One row. Its generation counts the transactions that wrote: who finds it moved since its own last
-- one reads anew what it keeps in memory.
CREATE TABLE turn (
	id INT64 PRIMARY KEY CHECK (id = 1),
	generation INT64 NOT NULL,
	node TEXT NOT NULL
);

-- Who serves this database. A boot is one life of a process.
CREATE TABLE node (
	name TEXT PRIMARY KEY,
	boot TEXT NOT NULL,
	url TEXT NOT NULL,
	version TEXT NOT NULL,
	started_at INT64 NOT NULL,
	seen_at INT64 NOT NULL
);

-- Which node has a page in hand.
ALTER TABLE page ADD COLUMN claimed_by TEXT;
