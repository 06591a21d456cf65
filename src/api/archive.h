/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving the record of incidents that were resolved long ago out of the database: events,
 * signals, pages and how people were called go into files of JSON lines; the incident and its
 * alerts stay. What stays behind of the chain is its last hash, from which it would go on, and
 * against which the file can be checked for ever.
 */
#ifndef API_ARCHIVE_H
#define API_ARCHIVE_H

#include "api/home.h"
#include "engine/timeline.h"

struct archive_job {
	const char *folder;
	usec_t before; /* resolved earlier than this */
	bool dry_run;
	int64_t incidents, events; /* set: how many */
};

/*
 * All that are due, some hundred a file and a transaction. A file is whole and synced before
 * its rows go; a crash between leaves a file too many, never a row too few.
 */
MUST_USE struct err *archive_all(struct ctx *cx, struct home *h, struct archive_job *job);

/* Reads every file of the folder and holds it against the hashes that stayed. Needs cx->tx. */
MUST_USE struct err *archive_verify(
        struct ctx *cx, const char *folder, struct verify_result *result);

struct archived {
	int64_t incident_id;
	const char *hash, *file;
};
extern const struct db_row archived_row;

#endif
