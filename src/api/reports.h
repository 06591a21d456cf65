/* SPDX-License-Identifier: Apache-2.0 */
/* What the routes of the reports have in common. */
#ifndef API_REPORTS_H
#define API_REPORTS_H

#include "api/app.h"
#include "api/csv.h"
#include "report/report.h"

/* ?from=&to=&team=&zone=: the 30 days up to now, all teams, the organisation's zone. */
MUST_USE struct err *report_range(struct ctx *cx, const struct request *rq,
        const struct snapshot *s, struct report_range *ret);

/* ?format=csv instead of json. */
MUST_USE struct err *report_wants_csv(struct ctx *cx, const struct request *rq, bool *ret);

/* "from", "to", "zone", "team". */
void report_write_range(struct jsonw *w, const struct report_range *range);

#endif
