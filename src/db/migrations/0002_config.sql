-- Configuration: versioned documents. The current ones, and each version that there ever was.

CREATE TABLE revision (
	number INT64 PRIMARY KEY,
	at INT64 NOT NULL,
	author TEXT NOT NULL,
	via TEXT,
	source TEXT,
	message TEXT,
	changes TEXT NOT NULL
);

CREATE TABLE document (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	revision INT64 NOT NULL REFERENCES revision (number),
	position INT64 NOT NULL,
	source TEXT,
	body TEXT NOT NULL,
	PRIMARY KEY (kind, id)
);

CREATE TABLE document_history (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	revision INT64 NOT NULL REFERENCES revision (number),
	position INT64 NOT NULL,
	source TEXT,
	body TEXT,
	PRIMARY KEY (kind, id, revision)
);
