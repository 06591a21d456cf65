/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema grows by numbered migrations, each in a transaction that holds the schema's lock
 * and looks at the history again: two processes that start together share the work, and a crash
 * leaves the database at one whole number. The text of what has been done is remembered by its
 * hash, because a past that differs means that what the code believes about tables is wrong.
 */
#include "db/migrate.h"

#include <inttypes.h>
#include <sodium.h>

#include "db/driver.h"
#include "queries.h"

#define HASH_BYTES 32

struct done {
	int64_t number;
	const char *name;
	const char *hash;
	int64_t at;
};

static const struct db_col done_cols[] = {
	DB_COL(struct done, number),
	DB_COL(struct done, name),
	DB_COL(struct done, hash),
	DB_COL(struct done, at),
};
extern const struct db_row migration_row;
const struct db_row migration_row = DB_ROW(struct done, done_cols);

static const char history_table[] = "CREATE TABLE migration (\n"
                                    "	number INT64 PRIMARY KEY,\n"
                                    "	name TEXT NOT NULL,\n"
                                    "	hash TEXT NOT NULL,\n"
                                    "	at INT64 NOT NULL\n"
                                    ");\n";

static const char *
hash_of(struct ctx *cx, const struct migration *m)
{
	unsigned char hash[HASH_BYTES];
	char *hex = arena_alloc(&cx->mem, 2 * HASH_BYTES + 1);

	crypto_generichash(
	        hash, sizeof hash, (const unsigned char *)m->text, strlen(m->text), NULL, 0);
	return sodium_bin2hex(hex, 2 * HASH_BYTES + 1, hash, sizeof hash);
}

/* Everything done so far; none when the database is empty. */
static struct err *
history(struct ctx *cx, const struct done **ret, size_t *ret_n)
{
	struct db *db = cx->tx->db;
	bool begun;

	TRY(db->driver->has_table(cx, db, "migration", &begun));
	if (begun)
		return db_list(cx, &q_migration_list, DB_NO_ARGS, ret, ret_n);
	*ret_n = 0;
	return NULL;
}

static struct err *
check_past(struct ctx *cx, const struct done *done, size_t n, const struct migration *list)
{
	for (size_t i = 0; i < n; i++) {
		if (done[i].number != list[i].number)
			return err_new(cx, ERR_CONFLICT,
			        "the database's history lacks migration %" PRId64
			        "; restore a backup",
			        list[i].number);
		if (!str_null_safe_eq(done[i].hash, hash_of(cx, &list[i])))
			return err_new(cx, ERR_CONFLICT,
			        "migration %" PRId64 " (%s) of this database is not the one "
			        "that this program knows; it was made by another build: run "
			        "that one, or restore a backup",
			        done[i].number, done[i].name);
	}
	return NULL;
}

static struct err *
check_history(struct ctx *cx, const struct done *done, size_t n_done,
        const struct migration *list, size_t n)
{
	if (n_done > n)
		return err_new(cx, ERR_CONFLICT,
		        "the database is at migration %" PRId64
		        " (%s) and this program knows %zu; run the newer program, or restore a "
		        "backup from before the upgrade",
		        done[n_done - 1].number, done[n_done - 1].name, n);
	return check_past(cx, done, n_done, list);
}

static struct err *
apply(struct ctx *cx, const struct migration *m)
{
	if (m->number == 1)
		TRY(db_script(cx, history_table));
	TRY_WRAP(cx, db_script(cx, m->text), "migration %" PRId64 " (%s)", m->number, m->name);
	return db_exec(
	        cx, &q_migration_add, DB_ARGS(m->number, m->name, hash_of(cx, m), ctx_now(cx)));
}

/* The next one that is missing, inside a transaction. */
static struct err *
advance(struct ctx *cx, const struct migration *list, size_t n, bool *ret_done)
{
	struct db *db = cx->tx->db;
	const struct done *done = NULL;
	size_t n_done;

	TRY(db->driver->lock_schema(cx, db));
	TRY(history(cx, &done, &n_done));
	TRY(check_history(cx, done, n_done, list, n));
	*ret_done = n_done == n;
	return n_done == n ? NULL : apply(cx, &list[n_done]);
}

struct err *
migrate_to(struct ctx *cx, struct db *db, const struct migration *list, size_t n)
{
	bool done = false;

	while (!done) {
		TRY(db_begin(cx, db, DB_WRITE));
		struct err *e = advance(cx, list, n, &done);
		if (e != NULL) {
			db_rollback(cx);
			return e;
		}
		TRY(db_commit(cx));
	}
	return NULL;
}

struct err *
db_migrate(struct ctx *cx, struct db *db)
{
	return migrate_to(cx, db, db_migrations, n_db_migrations);
}

struct err *
db_version(struct ctx *cx, struct db *db, int64_t *ret)
{
	const struct done *done;
	size_t n;

	TRY(db_begin(cx, db, DB_READ));
	struct err *e = history(cx, &done, &n);
	db_rollback(cx);
	TRY(e);
	*ret = n == 0 ? 0 : done[n - 1].number;
	return NULL;
}
