/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many connections each address has open, so that one cannot take all the places. Loopback
 * and proxies of ours are counted and never refused: behind them are many.
 * The server's lock is held around every call.
 */
#ifndef HTTP_CROWD_H
#define HTTP_CROWD_H

#include "http/remote.h"

#define CROWD_BUCKETS 4096

struct crowd_entry;

struct crowd {
	struct crowd_entry *buckets[CROWD_BUCKETS];
	uint64_t seed; /* so that nobody can choose who shares a bucket with them */
};

/* False, and not counted, when the address has max already. */
bool crowd_enter(struct crowd *c, const char *group, unsigned max);

/* One that was never counted is nothing. */
void crowd_leave(struct crowd *c, const char *group);

void crowd_free(struct crowd *c);

#endif
