/* SPDX-License-Identifier: Apache-2.0 */
/* The VictorOps REST endpoint. */
#include "ingest.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	ingest(cx, PROTOCOL_VICTOROPS, in);
}
