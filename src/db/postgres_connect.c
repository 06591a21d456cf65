/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the server, and agreeing with it on how this session behaves. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/postgres_priv.h"

/*
 * Waits are bounded: a lock, and with it the turn to write, as long as SQLite's busy timeout; a
 * transaction whose owner has stopped (a paused machine) loses its locks well before the others
 * give up waiting for them; a statement, whatever holds it up, well before the watchdog takes
 * the writer for dead. A server may have been told not to wait for its disk: we promise that it
 * has.
 */
#define LOCK_WAIT "10s"
#define IDLE_MAX "5s"
#define STATEMENT_MAX "30s" /* walks and migrations have none: NO_STATEMENT_MAX */
static const char session[] = "SET lock_timeout = '" LOCK_WAIT "';"
                              "SET idle_in_transaction_session_timeout = '" IDLE_MAX "';"
                              "SET statement_timeout = '" STATEMENT_MAX "';"
                              "SET jit = off;"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'";

/*
 * A statement for many rows joins a list with a table. Its plan is made once, often while the
 * table is all but empty, and kept while it grows: so it takes each row by its index from the
 * beginning. Who writes has no other joins that would miss the rest.
 */
static const char by_index[] = "SET enable_hashjoin = off; SET enable_mergejoin = off;"
                               "SET enable_seqscan = off";

/* A server that is replayed onto another begins a new timeline there. */
static const char history_sql[] =
        "SELECT system_identifier, ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))"
        "::bit(32)::bigint FROM pg_control_system()";

#define OLD_PRIMARY "old-primary"

static void
ignore_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

static struct err *
refused(struct ctx *cx, struct postgres *pg)
{
	const char *text = PQerrorMessage(pg->conn);

	return err_new(cx, ERR_UNAVAILABLE, "%s: %s", pg->db.shown_url,
	        arena_strndup(&cx->mem, text, strcspn(text, "\n")));
}

static struct err *
set_session(struct ctx *cx, struct postgres *pg)
{
	PGresult *result = PQexec(pg->conn, session);
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	if (ok && pg->db.access == DB_WRITE) {
		result = PQexec(pg->conn, by_index);
		ok = PQresultStatus(result) == PGRES_COMMAND_OK;
		PQclear(result);
	}
	if (!ok)
		return refused(cx, pg);
	const char *encoding = PQparameterStatus(pg->conn, "server_encoding");
	if (!str_null_safe_eq(encoding, "UTF8"))
		return err_new(cx, ERR_INVALID,
		        "%s: the database's encoding is %s; make it with ENCODING 'UTF8'",
		        pg->db.shown_url, encoding != NULL ? encoding : "unknown");
	return NULL;
}

/* An old primary that came back would take our writes and lose them later. Services that hide
 * their log give no answer; then there is nothing to compare. */
static struct err *
check_history(struct ctx *cx, struct postgres *pg)
{
	PGresult *result = PQexec(pg->conn, history_sql);

	pg->history = (struct pg_history){ 0 };
	if (PQntuples(result) == 1) {
		snprintf(pg->history.system, sizeof pg->history.system, "%s",
		        PQgetvalue(result, 0, 0));
		str_int(str_from(PQgetvalue(result, 0, 1)), &pg->history.timeline);
	}
	PQclear(result);
	if (pg_history_passed(&pg->history))
		return err_field(cx, ERR_UNAVAILABLE, OLD_PRIMARY,
		        "%s: an old primary at port %s (timeline %" PRId64
		        "; a later one was seen)",
		        pg->db.shown_url, PQport(pg->conn), pg->history.timeline);
	return NULL;
}

static struct err *
settle(struct ctx *cx, struct postgres *pg)
{
	if (PQstatus(pg->conn) != CONNECTION_OK)
		return refused(cx, pg);
	PQsetNoticeReceiver(pg->conn, ignore_notice, NULL);
	TRY(set_session(cx, pg));
	TRY(check_history(cx, pg));
	if (!PQenterPipelineMode(pg->conn))
		return refused(cx, pg);
	return NULL;
}

static void
disconnect(struct postgres *pg)
{
	for (size_t i = 0; i < pg->db.n_stmts; i++)
		if (pg->db.stmts[i] != NULL)
			pg->db.stmts[i]->ready = false;
	pg_many_unprepared(pg);
	pg_rows_drop(pg);
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->n_queue = 0;
	pg->broken = true;
	pg->listening = false;
}

/* What stands before dbname is overridden by the url, what stands behind it is not. A dead peer
 * is noticed within ten seconds. Who only reads wants the primary too: a standby would not show
 * yet what was just written. hosts: NULL, or those of the url in another order. */
static struct err *
connect_once(struct ctx *cx, struct postgres *pg, const char *hosts, const char *ports)
{
	const char *const keywords[] = { "connect_timeout", "fallback_application_name",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", "target_session_attrs", "dbname", "client_encoding",
		hosts == NULL ? NULL : "host", "port", NULL };
	const char *const values[] = { "3", "tocsin", "4", "2", "3", "10000", "read-write",
		pg->url, "UTF8", hosts, ports, NULL };

	disconnect(pg);
	pg->conn = PQconnectdbParams(keywords, values, 1);
	struct err *e = settle(cx, pg);
	if (e != NULL) {
		disconnect(pg);
		return e;
	}
	pg->broken = false;
	return NULL;
}

/* "a,b,c" turned by one is "b,c,a"; a single one stays. */
static const char *
turned(struct ctx *cx, const char *list, size_t by)
{
	struct str rest = str_from(list), first;

	for (; by > 0 && strchr(rest.p, ',') != NULL; by--) {
		first = str_cut(&rest, ',');
		rest = str_from(arena_printf(
		        &cx->mem, STR_FMT "," STR_FMT, STR_ARG(rest), STR_ARG(first)));
	}
	return arena_printf(&cx->mem, STR_FMT, STR_ARG(rest));
}

static bool
is_old_primary(const struct err *e)
{
	return e != NULL && str_null_safe_eq(e->field, OLD_PRIMARY);
}

/* libpq takes the first host that lets itself be written to. Should that be an old primary, the
 * others are asked before it. */
struct err *
pg_connect(struct ctx *cx, struct postgres *pg)
{
	struct err *e = connect_once(cx, pg, NULL, NULL);

	for (size_t i = 1; is_old_primary(e) && i < pg->n_hosts; i++)
		e = connect_once(cx, pg, turned(cx, pg->hosts, i), turned(cx, pg->ports, i));
	return e;
}

/* A process that has just begun may meet an old primary first and know no better: it looks at
 * every host, so that the latest timeline among those it can reach is known before it writes.
 * Who does not answer is passed over. */
static void
look_at_all(struct ctx *cx, struct postgres *pg)
{
	for (size_t i = 0; i < pg->n_hosts; i++) {
		struct str hosts = str_from(turned(cx, pg->hosts, i));
		struct str ports = str_from(turned(cx, pg->ports, i));
		const char *host = str_dup(&cx->mem, str_cut(&hosts, ','));
		const char *port = str_dup(&cx->mem, str_cut(&ports, ','));

		err_ignore(connect_once(cx, pg, host, port), "another may be there");
	}
}

/* ---- the address ---- */

static const char *
option(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

static const char *
shown(struct arena *mem, const PQconninfoOption *options)
{
	const char *user = option(options, "user"), *host = option(options, "host");
	const char *port = option(options, "port"), *name = option(options, "dbname");

	return arena_printf(mem, "postgres://%s%s%s%s%s/%s", user != NULL ? user : "",
	        user != NULL ? "@" : "", host != NULL ? host : "", port != NULL ? ":" : "",
	        port != NULL ? port : "", name != NULL ? name : "");
}

static void
keep_hosts(struct postgres *pg)
{
	PQconninfoOption *options = PQconninfoParse(pg->url, NULL);
	const char *hosts = option(options, "host"), *ports = option(options, "port");

	if (hosts != NULL && ports != NULL) {
		pg->hosts = arena_strdup(&pg->db.mem, hosts);
		pg->ports = arena_strdup(&pg->db.mem, ports);
		pg->n_hosts = 1;
		for (const char *p = hosts; (p = strchr(p, ',')) != NULL; p++)
			pg->n_hosts++;
	}
	PQconninfoFree(options);
}

/* libpq's own message could show the password. */
struct err *
pg_address(struct ctx *cx, struct arena *mem, const char *url, const char **ret_shown)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	if (options == NULL)
		return err_field(cx, ERR_INVALID, "db",
		        "not a PostgreSQL address; "
		        "postgres://USER:PASSWORD@HOST:PORT/NAME?option=value");
	*ret_shown = shown(mem, options);
	PQconninfoFree(options);
	return NULL;
}

struct err *
pg_open(struct ctx *cx, const char *url, enum db_access access, struct db **ret)
{
	struct postgres *pg = calloc(1, sizeof *pg);

	if (pg == NULL)
		abort();
	pg->db.driver = &db_postgres;
	pg->db.access = access;
	pg->url = arena_strdup(&pg->db.mem, url);
	struct err *e = pg_address(cx, &pg->db.mem, url, &pg->db.shown_url);
	if (e == NULL) {
		keep_hosts(pg);
		if (pg->n_hosts > 1 && pg_history_is_first())
			look_at_all(cx, pg);
		e = pg_connect(cx, pg);
	}
	if (e != NULL) {
		db_close(&pg->db);
		return e;
	}
	*ret = &pg->db;
	return NULL;
}

void
pg_close(struct db *db)
{
	disconnect(pg_of(db));
	free(db);
}
