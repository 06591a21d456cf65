/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts as Prometheus sends them. */
#include "ingest.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	ingest(cx, PROTOCOL_ALERTMANAGER_V2, in);
}
