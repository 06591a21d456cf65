/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena owns memory by lifetime: everything taken from it goes in one call. Objects are
 * zeroed and allocation never fails (out of memory aborts; the database survives that and the
 * supervisor restarts us). Not thread-safe: an arena belongs to one unit of work or to one
 * immutable object.
 *
 * Under AddressSanitizer each object is a block of its own, so overruns are seen.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
	struct arena_block *head;
	char *next; /* first free byte of the head block */
	char *end;
	size_t used; /* bytes handed out, for limits and for /metrics */
};

void arena_init(struct arena *a);

/* Gives everything back; the arena may be used again. */
void arena_free(struct arena *a);

/* Aligned to 16, zeroed. A size of zero gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* n objects of a type, zeroed; aborts on overflow of n * sizeof. */
void *arena_array_(struct arena *a, size_t n, size_t size);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array_((a), (n), sizeof(type)))

/* Copies with a terminating NUL. arena_strdup(NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
        __attribute__((format(printf, 2, 0)));

/*
 * Grows a list that lives in an arena: doubles its capacity when n has reached it. The old
 * block stays in the arena until the end, so a list costs at most twice its size. ARENA_PUSH(a,
 * list, n, cap) = item;
 */
void *arena_grow_(struct arena *a, void *items, size_t n, size_t *cap, size_t size);
#define ARENA_PUSH(a, items, n, cap)                                                           \
	(*((items) = arena_grow_((a), (items), (n), &(cap), sizeof *(items)), &(items)[(n)++]))

#endif
