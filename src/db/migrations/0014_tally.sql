-- What came, counted: by each integration, by an old key of one, and by each rule that was applied.
-- A process counts in memory and adds to these rows every few seconds, so that a signal costs no
-- row more; the record itself is exact.

CREATE TABLE tally (
	what TEXT NOT NULL CHECK (what = 'integration' OR what = 'old-key' OR what = 'rule'),
	name TEXT NOT NULL, -- "prometheus"; of a rule "set/rule"
	n INT64 NOT NULL,
	last_at INT64 NOT NULL,
	PRIMARY KEY (what, name)
);

-- The same by the hour, in hours since 1970; older than a week and a bit goes.
CREATE TABLE tally_hour (
	what TEXT NOT NULL,
	name TEXT NOT NULL,
	hour INT64 NOT NULL,
	n INT64 NOT NULL,
	PRIMARY KEY (what, name, hour)
);
CREATE INDEX tally_hour_old ON tally_hour (hour);

INSERT INTO tally (what, name, n, last_at)
	SELECT 'integration', integration, COUNT(*), MAX(at) FROM signal
	WHERE integration IS NOT NULL GROUP BY integration;
