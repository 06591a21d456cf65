/* SPDX-License-Identifier: Apache-2.0 */
/* The Alertmanager's webhook. */
#include "ingest.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	ingest(cx, PROTOCOL_ALERTMANAGER_WEBHOOK, in);
}
