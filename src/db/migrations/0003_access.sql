-- Who may come in. Secrets are kept as hashes only; people themselves are documents.

CREATE TABLE credential (
	user_id TEXT PRIMARY KEY,
	password TEXT NOT NULL,
	changed_at INT64 NOT NULL,
	failures INT64 NOT NULL,
	failed_at INT64
);

CREATE TABLE session (
	hash TEXT PRIMARY KEY,
	user_id TEXT NOT NULL,
	agent TEXT NOT NULL,
	created_at INT64 NOT NULL,
	expires_at INT64 NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);

-- A link that signs somebody in once.
CREATE TABLE sign_in_link (
	hash TEXT PRIMARY KEY,
	user_id TEXT NOT NULL,
	expires_at INT64 NOT NULL
);

CREATE TABLE token (
	id TEXT PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	user_id TEXT NOT NULL,
	name TEXT NOT NULL,
	scopes TEXT NOT NULL,
	created_at INT64 NOT NULL,
	expires_at INT64,
	used_at INT64
);
CREATE INDEX token_user ON token (user_id, created_at);

-- The answer to a request that bore an Idempotency-Key: the same request again gets it again.
CREATE TABLE idempotency (
	actor TEXT NOT NULL,
	name TEXT NOT NULL,
	request TEXT NOT NULL,
	at INT64 NOT NULL,
	status INT64 NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (actor, name)
);
CREATE INDEX idempotency_at ON idempotency (at);
