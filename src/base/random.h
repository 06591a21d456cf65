/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sources. random_u64 and random_token are cryptographic, for keys and tokens. struct rng
 * is small, seeded and repeatable: the engine and the simulator draw from one that they are
 * handed.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

uint64_t random_u64(void);
void random_bytes(void *p, size_t len);

/* `bytes` random bytes as lower-case hex. */
const char *random_token(struct arena *a, size_t bytes);

struct rng {
	uint64_t state;
};

void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n); /* 0 when n is 0 */

#endif
