/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fresh database of either engine for a test: SQLite in a folder of its own, PostgreSQL in a
 * database of its own on the server that TOCSIN_TEST_PG names (see tools/pgtest). Without that
 * variable the PostgreSQL half is skipped.
 */
#ifndef TESTS_DB_FRESH_H
#define TESTS_DB_FRESH_H

#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#include "db/db.h"

struct fresh {
	enum db_engine engine;
	char url[512];
	char folder[64]; /* SQLite's */
	char name[64];   /* PostgreSQL's */
};

static inline const char *
fresh_server(void)
{
	const char *url = getenv("TOCSIN_TEST_PG");

	return url != NULL && *url != '\0' ? url : NULL;
}

static inline void
fresh_admin(const char *sql)
{
	PGconn *conn = PQconnectdb(fresh_server());

	if (PQstatus(conn) != CONNECTION_OK)
		fail_msg("TOCSIN_TEST_PG: %s", PQerrorMessage(conn));
	PGresult *result = PQexec(conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
	PQfinish(conn);
}

/* The server's url with the name of another database. */
static inline void
fresh_url(struct fresh *f)
{
	const char *server = fresh_server();
	const char *host = strstr(server, "://") + 3;
	size_t to_path = (size_t)(host - server) + strcspn(host, "/?");
	const char *options = strchr(server, '?');

	snprintf(f->url, sizeof f->url, "%.*s/%s%s", (int)to_path, server, f->name,
	        options != NULL ? options : "");
}

static inline void
fresh_make(struct fresh *f, enum db_engine engine)
{
	static int count;
	char sql[128];

	*f = (struct fresh){ .engine = engine };
	if (engine == DB_SQLITE) {
		snprintf(f->folder, sizeof f->folder, "/tmp/tocsin-test-XXXXXX");
		assert_non_null(mkdtemp(f->folder));
		snprintf(f->url, sizeof f->url, "sqlite:%s/test.db", f->folder);
		return;
	}
	snprintf(f->name, sizeof f->name, "tocsin_test_%d_%d", (int)getpid(), ++count);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s", f->name);
	fresh_admin(sql);
	fresh_url(f);
}

static inline int
fresh_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
fresh_drop(struct fresh *f)
{
	char sql[128];

	if (f->engine == DB_SQLITE) {
		nftw(f->folder, fresh_unlink, 8, FTW_DEPTH | FTW_PHYS);
		return;
	}
	snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", f->name);
	fresh_admin(sql);
}

#endif
