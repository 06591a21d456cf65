/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from text keys to pointers, open addressing, in an arena. Keys are not copied: they
 * must live as long as the map. Iterates in insertion order. Entries are never removed; a map
 * that must lose some is built anew. Hashing is keyed per process, so hostile keys cannot
 * collide.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_entry {
	struct str key;
	uint64_t hash;
	void *value;
};

struct map {
	struct arena *mem;
	struct map_entry *entries; /* in insertion order */
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries; 0 empty */
	size_t n_slots;  /* a power of two, or 0 */
};

void map_init(struct map *m, struct arena *mem);
void *map_get(const struct map *m, struct str key); /* NULL when absent */
bool map_has(const struct map *m, struct str key);

/* Sets or replaces; returns the value that was there before, else NULL. */
void *map_put(struct map *m, struct str key, void *value);

#define map_gets(m, cstr) map_get((m), str_from(cstr))
#define MAP_EACH(m, e) for (struct map_entry *e = (m)->entries; e < (m)->entries + (m)->n; e++)

#endif
