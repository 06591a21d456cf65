/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection that fails on command: for scenarios and the simulator. What a disk, a network
 * or a kill -9 would do to it happens at a statement or a commit that somebody has chosen.
 */
#ifndef DB_FAULTS_H
#define DB_FAULTS_H

#include "db/db.h"

struct db_driver;

enum commit_fault {
	COMMIT_WELL,
	COMMIT_LOST,     /* refused: nothing of it is there */
	COMMIT_UNHEARD,  /* made, but its maker only sees the connection go */
	COMMIT_DIES,     /* the process dies just before */
	COMMIT_THEN_DIES /* or just after */
};

struct db_faults {
	enum commit_fault next_commit; /* takes effect once */
	int64_t write_fails_in; /* from 1: that many writes from now, one fails; 0: none */
	bool full;              /* every write fails: the disk is full */
	bool dead;              /* nothing works any more */
	/* Who listens; all may be NULL. A commit counts that was really made, heard of or
	 * not. */
	void (*on_begin)(void *arg);
	void (*on_write)(void *arg, const struct db_query *q);
	void (*on_commit)(void *arg);
	void *arg;
	const struct db_driver *real;
};

/* From now on everything on this connection passes through faults, which outlive it. */
void db_faults_put(struct db *db, struct db_faults *faults);

#endif
