/* SPDX-License-Identifier: Apache-2.0 */
/* What the routes of the reports have in common. */
#ifndef API_REPORTS_H
#define API_REPORTS_H

#include "api/app.h"
#include "report/report.h"

/* ?from=&to=&team=&zone=: the 30 days up to now, all teams, the organisation's zone. */
MUST_USE struct err *report_range(struct ctx *cx, const struct request *rq,
        const struct snapshot *s, struct report_range *ret);

/* ?format=csv instead of json. */
MUST_USE struct err *report_wants_csv(struct ctx *cx, const struct request *rq, bool *ret);

/* "from", "to", "zone", "team". */
void report_write_range(struct jsonw *w, const struct report_range *range);

/* ---- CSV: RFC 4180 ---- */

struct csv {
	struct buf *out;
	bool begun; /* the line has a cell */
};
/* heads end with NULL. file: as what a browser saves it. */
struct csv csv_begin(
        struct ctx *cx, struct response *rs, const char *file, const char *const *heads);
void csv_text(struct csv *c, const char *text); /* NULL: empty */
void csv_int(struct csv *c, int64_t n);
void csv_time(struct csv *c, usec_t at); /* 0: empty */
void csv_end(struct csv *c);

#endif
