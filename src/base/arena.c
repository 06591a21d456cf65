/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks double from 4 KiB to 1 MiB, so a request costs one or two and a snapshot of ten
 * thousand documents a few dozen. A larger object gets a block of its own behind the head
 * block.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BLOCK_EACH true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BLOCK_EACH true
#endif
#endif
#ifndef ONE_BLOCK_EACH
#define ONE_BLOCK_EACH false
#endif

#define ALIGNMENT 16
#define BLOCK_MIN 4096
#define BLOCK_MAX (1024 * 1024)

struct arena_block {
	struct arena_block *older;
	size_t size; /* of data */
	_Alignas(ALIGNMENT) char data[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

void
arena_free(struct arena *a)
{
	struct arena_block *older;

	for (struct arena_block *b = a->head; b != NULL; b = older) {
		older = b->older;
		free(b);
	}
	arena_init(a);
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b = malloc(sizeof *b + size);

	if (b == NULL) {
		fprintf(stderr, "tocsin: out of memory for %zu bytes\n", size);
		abort();
	}
	b->older = NULL;
	b->size = size;
	return b;
}

/* A block for one object, kept behind the head so that the head's free space stays usable. */
static void *
own_block(struct arena *a, size_t size)
{
	struct arena_block *b = block_new(size);

	if (a->head == NULL) {
		a->head = b;
		a->next = a->end = b->data + size;
	} else {
		b->older = a->head->older;
		a->head->older = b;
	}
	return memset(b->data, 0, size);
}

static void
new_head(struct arena *a)
{
	size_t size = a->head == NULL ? BLOCK_MIN : a->head->size * 2;

	if (size < BLOCK_MIN)
		size = BLOCK_MIN;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;

	struct arena_block *b = block_new(size);
	b->older = a->head;
	a->head = b;
	a->next = b->data;
	a->end = b->data + size;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	assert(size <= SIZE_MAX / 2);
	size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

	a->used += rounded;
	if (ONE_BLOCK_EACH)
		return own_block(a, size);
	if (rounded > BLOCK_MAX / 4)
		return own_block(a, rounded);
	while ((size_t)(a->end - a->next) < rounded)
		new_head(a);

	/* Only what is handed out is cleared: most of a block never is. */
	void *p = a->next;
	a->next += rounded;
	return memset(p, 0, rounded);
}

void *
arena_array_(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		abort();
	return arena_alloc(a, bytes);
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char small[256];
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(small, sizeof small, fmt, again);
	va_end(again);
	assert(len >= 0);
	if ((size_t)len < sizeof small)
		return arena_strndup(a, small, (size_t)len);

	char *s = arena_alloc(a, (size_t)len + 1);
	vsnprintf(s, (size_t)len + 1, fmt, ap);
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *
arena_grow_(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;

	size_t wider = *cap == 0 ? 8 : *cap * 2;
	void *copy = arena_array_(a, wider, size);
	if (n > 0)
		memcpy(copy, items, n * size);
	*cap = wider;
	return copy;
}
