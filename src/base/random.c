/* SPDX-License-Identifier: Apache-2.0 */
/* libsodium for secrets; splitmix64 for what must repeat. */
#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

void
random_bytes(void *p, size_t len)
{
	if (sodium_init() < 0)
		abort();
	randombytes_buf(p, len);
}

uint64_t
random_u64(void)
{
	uint64_t u;

	random_bytes(&u, sizeof u);
	return u;
}

const char *
random_token(struct arena *a, size_t bytes)
{
	unsigned char *raw = arena_alloc(a, bytes);
	char *hex = arena_alloc(a, bytes * 2 + 1);

	random_bytes(raw, bytes);
	sodium_bin2hex(hex, bytes * 2 + 1, raw, bytes);
	sodium_memzero(raw, bytes);
	return hex;
}

void
rng_seed(struct rng *r, uint64_t seed)
{
	r->state = seed;
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	return n == 0 ? 0 : rng_next(r) % n;
}
