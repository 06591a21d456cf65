/* SPDX-License-Identifier: Apache-2.0 */
/* SQLSTATEs and lost connections in the words that our callers can act on. */
#include "db/postgres_priv.h"

#define READ_ONLY "25006"

/* The first row whose beginning fits counts. */
static const struct {
	const char *state; /* or its first digits */
	enum err_code code;
	bool lost;        /* this connection is of no more use */
	const char *hint; /* or NULL */
} meanings[] = {
	{ "40001", ERR_CONFLICT, false },   /* serialisation: run it again */
	{ "40P01", ERR_CONFLICT, false },   /* deadlock: run it again */
	{ "23", ERR_CONFLICT, false },      /* a constraint */
	{ "08P01", ERR_BUG, false },        /* a wrong number of arguments */
	{ "08", ERR_UNAVAILABLE, true },    /* connection */
	{ "57P05", ERR_UNAVAILABLE, true }, /* idle too long */
	{ "57P0", ERR_UNAVAILABLE, true },  /* shutdown, crash, not yet up */
	{ "57014", ERR_UNAVAILABLE, false,
	        "it took too long or was cancelled; pg_stat_activity shows what the server does" },
	{ "25P03", ERR_UNAVAILABLE, true },   /* idle too long within a transaction */
	{ READ_ONLY, ERR_UNAVAILABLE, true }, /* this server has become a standby */
	{ "53", ERR_UNAVAILABLE, false },     /* disk full, memory, connections */
	{ "55P03", ERR_UNAVAILABLE, false,
	        "another session holds its lock; pg_locks and pg_stat_activity show which" },
	{ "58", ERR_UNAVAILABLE, false }, /* the server's disk */
	{ "54", ERR_LIMIT, false },
	{ "22021", ERR_INVALID, false }, /* a text that is no UTF-8 */
	{ "", ERR_BUG, false },
};

static const char *
first_line(struct ctx *cx, const char *text)
{
	return arena_strndup(&cx->mem, text, strcspn(text, "\n"));
}

struct err *
pg_lost(struct ctx *cx, struct postgres *pg, const char *what)
{
	pg->broken = true;
	pg->n_queue = 0;
	return err_new(cx, ERR_UNAVAILABLE, "%s: the connection to the database is lost: %s",
	        what, first_line(cx, PQerrorMessage(pg->conn)));
}

struct err *
pg_err(struct ctx *cx, struct postgres *pg, const PGresult *result, const char *what)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	size_t i = 0;

	if (state == NULL || text == NULL) /* libpq's own words: mostly about the connection */
		return PQstatus(pg->conn) == CONNECTION_BAD
		        ? pg_lost(cx, pg, what)
		        : err_new(cx, ERR_BUG, "%s: %s", what,
		                first_line(cx, PQresultErrorMessage(result)));
	if (pg->db.in_tx && pg->db.tx.access == DB_READ && strcmp(state, READ_ONLY) == 0)
		return err_new(cx, ERR_BUG, "query %s writes in a read transaction", what);
	while (!str_starts(str_from(state), str_from(meanings[i].state)))
		i++;
	if (meanings[i].lost || PQstatus(pg->conn) == CONNECTION_BAD)
		pg->broken = true;
	const char *hint = meanings[i].hint;
	return err_new(cx, meanings[i].code, "%s: %s (SQLSTATE %s)%s%s", what, text, state,
	        hint == NULL ? "" : ": ", hint == NULL ? "" : hint);
}
