/* SPDX-License-Identifier: Apache-2.0 */
/* The three functions of each protocol, for the table in ingest.c. */
#ifndef INGEST_PROTOCOLS_H
#define INGEST_PROTOCOLS_H

#include "ingest/ingest.h"

MUST_USE struct err *native_read(struct ctx *cx, struct delivery *d);
void native_accepted(struct ctx *cx, const struct delivery *d, struct answer *a);
void native_refused(struct ctx *cx, const struct err *e, struct answer *a);

MUST_USE struct err *victorops_read(struct ctx *cx, struct delivery *d);
void victorops_accepted(struct ctx *cx, const struct delivery *d, struct answer *a);
void victorops_refused(struct ctx *cx, const struct err *e, struct answer *a);

MUST_USE struct err *alertmanager_v2_read(struct ctx *cx, struct delivery *d);
void alertmanager_v2_accepted(struct ctx *cx, const struct delivery *d, struct answer *a);
MUST_USE struct err *alertmanager_webhook_read(struct ctx *cx, struct delivery *d);
void alertmanager_webhook_accepted(struct ctx *cx, const struct delivery *d, struct answer *a);
void alertmanager_refused(struct ctx *cx, const struct err *e, struct answer *a);

#endif
