/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer as CSV (RFC 4180), a cell at a time. What a spreadsheet would take for a formula is
 * written as text.
 */
#ifndef API_CSV_H
#define API_CSV_H

#include "api/app.h"

struct csv {
	struct buf *out;
	bool begun; /* the line has a cell */
};
/* heads end with NULL. file: as what a browser saves it. */
struct csv csv_begin(
        struct ctx *cx, struct response *rs, const char *file, const char *const *heads);
void csv_text(struct csv *c, const char *text); /* NULL: empty */
void csv_int(struct csv *c, int64_t n);
void csv_time(struct csv *c, usec_t at);      /* 0: empty */
void csv_seconds(struct csv *c, usec_t span); /* with three decimals */
void csv_end(struct csv *c);

#endif
