/* SPDX-License-Identifier: Apache-2.0 */
/* The highest timeline that this process has seen of each cluster. */
#include <pthread.h>
#include <stdio.h>

#include "db/postgres_priv.h"

#define CLUSTERS_MAX 8 /* a process has one or, while it copies, two */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the two below */
static struct pg_history seen[CLUSTERS_MAX];
static size_t n_seen;

static struct pg_history *
find(const char *system)
{
	for (size_t i = 0; i < n_seen; i++)
		if (strcmp(seen[i].system, system) == 0)
			return &seen[i];
	if (n_seen == CLUSTERS_MAX)
		return NULL;
	snprintf(seen[n_seen].system, sizeof seen[n_seen].system, "%s", system);
	return &seen[n_seen++];
}

bool
pg_history_passed(const struct pg_history *h)
{
	bool passed = false;

	if (h->system[0] == '\0')
		return false;
	pthread_mutex_lock(&lock);
	struct pg_history *known = find(h->system);
	if (known != NULL && h->timeline > known->timeline)
		known->timeline = h->timeline;
	if (known != NULL)
		passed = h->timeline < known->timeline;
	pthread_mutex_unlock(&lock);
	return passed;
}
