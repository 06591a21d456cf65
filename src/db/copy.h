/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything from one database into an empty one, of whichever engine. The tables are those
 * that the migrations make: none can be forgotten. Each row is hashed on its way and read again
 * from the new place; a table is right when the sums of both agree, whatever the order of its
 * rows.
 */
#ifndef DB_COPY_H
#define DB_COPY_H

#include "db/db.h"

struct copied {
	const char *table;
	int64_t rows;
	const char *hash; /* the sum of the hashes of its rows, hex */
};

/* The tables of the schema in the order in which they were made, so that what is referred to
 * comes first; without those that tell of a process and not of the record. */
void copy_tables(struct arena *mem, const char *const **ret, size_t *ret_n);

/*
 * One transaction on each side. to is migrated first. ERR_CONFLICT when it holds anything, when
 * from is at another migration, or when what arrived differs from what was read; then nothing
 * was written, or, after a difference, what was written is not to be used.
 */
MUST_USE struct err *db_copy(
        struct ctx *cx, struct db *from, struct db *to, struct copied **ret, size_t *ret_n);

#endif
