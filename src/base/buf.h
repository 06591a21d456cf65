/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one string builder. Each buffer is born with a ceiling; what goes over it is cut and the
 * mark `cut` stays set, so that a caller checks once, at the end. The memory is the arena's.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct buf {
	struct arena *mem;
	char *p;
	size_t len, cap, max;
	bool cut;
};

#define BUF_INIT(arena, max_bytes) ((struct buf){ .mem = (arena), .max = (max_bytes) })

void buf_add(struct buf *b, const void *p, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *s); /* NULL adds nothing */
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

/* s within an address: all but unreserved characters (RFC 3986, 2.3) and those of keep is
 * written %XX. */
void buf_url(struct buf *b, const char *s, const char *keep);
void buf_reset(struct buf *b); /* empty again, keeps its memory */

/* What was built, NUL-terminated, valid until the next change. Never NULL. */
const char *buf_cstr(struct buf *b);
struct str buf_view(const struct buf *b);

#endif
