/* SPDX-License-Identifier: Apache-2.0 */
/* Entries in one growing list, and a power-of-two table of indexes into it, at most half full.
 */
#include "base/map.h"

#include <pthread.h>

#include "base/random.h"

static uint64_t hash_key;

static void
draw_key(void)
{
	hash_key = random_u64();
}

static uint64_t
hash_of(struct str key)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, draw_key);
	uint64_t h = fnv1a(FNV1A_INIT ^ hash_key, key.p, key.len);
	return h ^ (h >> 29);
}

void
map_init(struct map *m, struct arena *mem)
{
	*m = (struct map){ .mem = mem };
}

static struct map_entry *
find(const struct map *m, struct str key, uint64_t hash)
{
	if (m->n_slots == 0)
		return NULL;
	for (size_t i = hash & (m->n_slots - 1);; i = (i + 1) & (m->n_slots - 1)) {
		if (m->slots[i] == 0)
			return NULL;
		struct map_entry *e = &m->entries[m->slots[i] - 1];
		if (e->hash == hash && str_eq(e->key, key))
			return e;
	}
}

static void
place(struct map *m, uint64_t hash, size_t index)
{
	size_t i = hash & (m->n_slots - 1);

	while (m->slots[i] != 0)
		i = (i + 1) & (m->n_slots - 1);
	m->slots[i] = (uint32_t)index + 1;
}

static void
widen(struct map *m)
{
	if (m->n * 2 < m->n_slots)
		return;
	m->n_slots = m->n_slots == 0 ? 16 : m->n_slots * 2;
	m->slots = ARENA_ARRAY(m->mem, m->n_slots, uint32_t);
	for (size_t i = 0; i < m->n; i++)
		place(m, m->entries[i].hash, i);
}

void *
map_get(const struct map *m, struct str key)
{
	struct map_entry *e = m->n == 0 ? NULL : find(m, key, hash_of(key));

	return e == NULL ? NULL : e->value;
}

bool
map_has(const struct map *m, struct str key)
{
	return m->n > 0 && find(m, key, hash_of(key)) != NULL;
}

void *
map_put(struct map *m, struct str key, void *value)
{
	uint64_t hash = hash_of(key);
	struct map_entry *e = find(m, key, hash);

	if (e != NULL) {
		void *before = e->value;
		e->value = value;
		return before;
	}
	widen(m);
	place(m, hash, m->n);
	ARENA_PUSH(m->mem, m->entries, m->n, m->cap) =
	        (struct map_entry){ .key = key, .hash = hash, .value = value };
	return NULL;
}
