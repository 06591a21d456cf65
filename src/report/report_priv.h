/* SPDX-License-Identifier: Apache-2.0 */
/* For the reports' own files. */
#ifndef REPORT_REPORT_PRIV_H
#define REPORT_REPORT_PRIV_H

#include "report/report.h"

MUST_USE struct err *report_floor(
        struct ctx *cx, const struct db_query *q, usec_t from, int64_t *ret);
MUST_USE struct err *report_too_much(struct ctx *cx, const char *what, int64_t most);

#endif
