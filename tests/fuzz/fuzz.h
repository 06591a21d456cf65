/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What targets share: each defines fuzz(), which gets its bytes and a unit of work whose memory
 * goes afterwards and whose clock stands still. What does not hold is an assert.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <assert.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/json.h"

#define FUZZ_NOW SECONDS(1772445600) /* 2026-03-02T10:00:00Z */
#define FUZZ_OUT_MAX (8 * 1024 * 1024)

static void fuzz(struct ctx *cx, struct str in);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clock clock;
	struct ctx cx;

	clock_virtual(&clock, FUZZ_NOW);
	ctx_init(&cx, &clock);
	fuzz(&cx, (struct str){ size == 0 ? NULL : (const char *)data, size });
	ctx_close(&cx);
	return 0;
}

/* An error about an input says where: every fault has a line, when there is a file, and
 * words. */
static inline void
assert_located(const struct err *e)
{
	assert(e->msg != NULL && e->msg[0] != '\0');
	for (size_t i = 0; e->faults != NULL && i < e->faults->n; i++) {
		const struct fault *f = &e->faults->items[i];
		assert(f->message != NULL && f->message[0] != '\0' && f->pointer != NULL);
		assert(f->file == NULL || (f->line > 0 && f->column > 0));
		assert(f->pointer[0] == '\0' || f->pointer[0] == '/');
	}
}

#endif
