/* SPDX-License-Identifier: Apache-2.0 */
/* Who takes the turn to write says so to all who listen, in the same transaction: it is heard
 * when, and only if, the transaction commits. */
#include "db/postgres_priv.h"

/* All that was said so far counts once. */
static bool
take_notices(struct postgres *pg)
{
	bool told = false;
	PGnotify *n;

	if (!PQconsumeInput(pg->conn)) {
		pg->broken = true;
		return false;
	}
	while ((n = PQnotifies(pg->conn)) != NULL) {
		told = true;
		PQfreemem(n);
	}
	return told;
}

/* What was committed before it is not told: one has to look. */
static bool
start_listening(struct ctx *cx, struct postgres *pg)
{
	struct err *e = pg_send_text(cx, pg, "LISTEN " PG_CHANNEL);

	if (e == NULL)
		e = pg_sync(cx, pg, NULL);
	if (e != NULL)
		err_ignore(e, "the next transaction says what is wrong");
	pg->listening = e == NULL;
	return pg->listening;
}

bool
pg_wait(struct ctx *cx, struct db *db, int wake, usec_t span)
{
	struct postgres *pg = pg_of(db);

	if (!pg->broken && !pg->listening && start_listening(cx, pg))
		return true;
	if (!pg->broken && take_notices(pg))
		return true;
	db_wait_readable(pg->broken ? -1 : PQsocket(pg->conn), wake, span);
	return !pg->broken && take_notices(pg);
}
