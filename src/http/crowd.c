/* SPDX-License-Identifier: Apache-2.0 */
#include "http/crowd.h"

#include <stdio.h>
#include <stdlib.h>

struct crowd_entry {
	struct crowd_entry *next;
	unsigned n;
	char group[REMOTE_GROUP_MAX];
};

static struct crowd_entry **
find(struct crowd *c, const char *group)
{
	uint64_t h = c->seed ^ UINT64_C(0xcbf29ce484222325);

	for (const char *p = group; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	struct crowd_entry **at = &c->buckets[(h ^ h >> 32) % CROWD_BUCKETS];
	while (*at != NULL && strcmp((*at)->group, group) != 0)
		at = &(*at)->next;
	return at;
}

bool
crowd_enter(struct crowd *c, const char *group, unsigned max)
{
	struct crowd_entry **at = find(c, group);

	if (*at == NULL) {
		struct crowd_entry *e = calloc(1, sizeof *e);
		if (e == NULL)
			abort();
		(void)snprintf(e->group, sizeof e->group, "%s", group);
		*at = e;
	}
	if ((*at)->n >= max)
		return false;
	(*at)->n++;
	return true;
}

void
crowd_leave(struct crowd *c, const char *group)
{
	struct crowd_entry **at = find(c, group), *e = *at;

	if (e == NULL || --e->n > 0)
		return;
	*at = e->next;
	free(e);
}

void
crowd_free(struct crowd *c)
{
	for (size_t i = 0; i < CROWD_BUCKETS; i++)
		while (c->buckets[i] != NULL) {
			struct crowd_entry *e = c->buckets[i];
			c->buckets[i] = e->next;
			free(e);
		}
}
