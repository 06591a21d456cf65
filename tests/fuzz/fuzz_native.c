/* SPDX-License-Identifier: Apache-2.0 */
/* Tocsin's own form of signals. */
#include "ingest.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	ingest(cx, PROTOCOL_NATIVE, in);
}
