/* SPDX-License-Identifier: Apache-2.0 */
/* The migrations packed into the binary by tools/migrations; run by db_migrate. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;

struct migration {
	int64_t number; /* from 1, without gaps */
	const char *name;
	const char *text; /* INT64, BOOL and TEXT stand for the engine's own types */
};

extern const struct migration db_migrations[];
extern const size_t n_db_migrations;

/* As db_migrate, with a list of the caller's: for tests. */
MUST_USE struct err *migrate_to(
        struct ctx *cx, struct db *db, const struct migration *list, size_t n);

#endif
