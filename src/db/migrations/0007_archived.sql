-- Incidents whose record was moved to a file: the hash that it ended with, from which it goes on.

CREATE TABLE archived (
	incident_id INT64 PRIMARY KEY REFERENCES incident (id),
	at INT64 NOT NULL,
	last_seq INT64 NOT NULL,
	events INT64 NOT NULL,
	hash TEXT NOT NULL,
	file TEXT NOT NULL
);
