/* SPDX-License-Identifier: Apache-2.0 */
/* A driver around a driver. What it does not spoil it passes on. */
#include "db/faults.h"

#include "db/driver.h"

static struct err *
refused(struct ctx *cx, const char *why)
{
	return err_new(cx, ERR_UNAVAILABLE, "%s (a fault of the simulation)", why);
}

static struct err *
dead(struct ctx *cx)
{
	return refused(cx, "the process is dead");
}

static struct err *
begin(struct ctx *cx, struct db *db, enum db_access access)
{
	struct db_faults *f = db->faults;

	if (f->dead)
		return dead(cx);
	if (f->on_begin != NULL && access == DB_WRITE)
		f->on_begin(f->arg);
	return f->real->begin(cx, db, access);
}

static struct err *
commit_for_real(struct ctx *cx, struct db *db)
{
	struct db_faults *f = db->faults;

	TRY(f->real->commit(cx, db));
	if (f->on_commit != NULL && db->tx.access == DB_WRITE)
		f->on_commit(f->arg);
	return NULL;
}

static struct err *
commit(struct ctx *cx, struct db *db)
{
	struct db_faults *f = db->faults;
	enum commit_fault fault = db->tx.access == DB_WRITE ? f->next_commit : COMMIT_WELL;

	if (fault != COMMIT_WELL)
		f->next_commit = COMMIT_WELL;
	if (fault == COMMIT_UNHEARD || fault == COMMIT_THEN_DIES || fault == COMMIT_WELL)
		TRY(commit_for_real(cx, db));
	else
		f->real->rollback(db);
	if (fault == COMMIT_WELL)
		return NULL;
	f->dead = fault == COMMIT_DIES || fault == COMMIT_THEN_DIES;
	return refused(cx, "the connection is gone");
}

static struct err *
may_write(struct ctx *cx, struct db *db, const struct db_query *q)
{
	struct db_faults *f = db->faults;

	if (f->dead)
		return dead(cx);
	if (f->full || (f->write_fails_in > 0 && --f->write_fails_in == 0))
		return refused(cx, "the disk is full");
	if (f->on_write != NULL)
		f->on_write(f->arg, q);
	return NULL;
}

static struct err *
run(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args, enum db_fetch fetch)
{
	if (db->tx.access == DB_WRITE && st->query->row == NULL)
		TRY(may_write(cx, db, st->query));
	if (db->faults->dead)
		return dead(cx);
	return db->faults->real->run(cx, db, st, args, fetch);
}

static struct err *
post(struct ctx *cx, struct db *db, struct db_stmt *st, struct db_args args)
{
	TRY(may_write(cx, db, st->query));
	return db->faults->real->post(cx, db, st, args);
}

void
db_faults_put(struct db *db, struct db_faults *faults)
{
	struct db_driver *spoiled = ARENA_NEW(&db->mem, struct db_driver);

	faults->real = db->driver;
	*spoiled = *db->driver;
	spoiled->begin = begin;
	spoiled->commit = commit;
	spoiled->commit_early = NULL;
	spoiled->run = run;
	spoiled->post = post;
	db->driver = spoiled;
	db->faults = faults;
}
