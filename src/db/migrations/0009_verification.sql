-- Proof that an address reaches its person.

-- The newest code for a contact, and when one was answered. It holds for the address that it was
-- sent to: a contact whose address has changed since is unverified again.
CREATE TABLE verification (
	user_id TEXT NOT NULL,
	contact TEXT NOT NULL,
	type TEXT NOT NULL,
	address TEXT NOT NULL,
	code TEXT,
	page_id INT64,
	tries INT64 NOT NULL,
	expires_at INT64,
	verified_at INT64,
	PRIMARY KEY (user_id, contact)
);
