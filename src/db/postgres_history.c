/* SPDX-License-Identifier: Apache-2.0 */
/* The highest timeline that was seen of each cluster: by this process, and by those before it,
 * whose knowledge is in a file of lines "SYSTEM TIMELINE". */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "db/postgres_priv.h"

#define CLUSTERS_MAX 8 /* a process has one or, while it copies, two */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static struct pg_history seen[CLUSTERS_MAX];
static size_t n_seen;
static bool begun;
static char *kept_in; /* a path, or NULL */

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

static bool
write_lines(FILE *f)
{
	for (size_t i = 0; i < n_seen; i++)
		fprintf(f, "%s %" PRId64 "\n", seen[i].system, seen[i].timeline);
	return fflush(f) == 0 && fsync(fileno(f)) == 0;
}

/* Whole or not at all: a half-written file would forget. */
static void
keep(void)
{
	char part[4096];

	if (kept_in == NULL
	        || snprintf(part, sizeof part, "%s.part", kept_in) >= (int)sizeof part)
		return;
	FILE *f = fopen(part, "we");
	bool ok = f != NULL && write_lines(f);
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok || rename(part, kept_in) != 0)
		log_warn(NULL, "db", "file=%s text=\"the timeline is not kept: %s\"", kept_in,
		        strerror(errno));
}

static void
take_line(const char *line)
{
	struct pg_history h = { 0 };
	struct str rest = str_from(line), system = str_cut(&rest, ' ');

	snprintf(h.system, sizeof h.system, STR_FMT, STR_ARG(system));
	if (system.len >= sizeof h.system || !str_int(rest, &h.timeline)) {
		log_warn(NULL, "db", "file=%s text=\"not a system and its timeline: %.40s\"",
		        kept_in, line);
		return;
	}
	struct pg_history *known = find(h.system);
	if (known != NULL && h.timeline > known->timeline)
		known->timeline = h.timeline;
}

void
db_keep_history(const char *path)
{
	char line[128];

	pthread_mutex_lock(&lock);
	free(kept_in);
	kept_in = strdup(path);
	if (kept_in == NULL)
		abort();
	FILE *f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		take_line(line);
	}
	if (f != NULL)
		fclose(f);
	else if (errno != ENOENT)
		log_warn(NULL, "db", "file=%s text=\"%s\"", path, strerror(errno));
	pthread_mutex_unlock(&lock);
}

bool
pg_history_is_first(void)
{
	pthread_mutex_lock(&lock);
	bool first = !begun;
	begun = true;
	pthread_mutex_unlock(&lock);
	return first;
}

bool
pg_history_passed(const struct pg_history *h)
{
	bool passed = false;

	if (h->system[0] == '\0')
		return false;
	pthread_mutex_lock(&lock);
	struct pg_history *known = find(h->system);
	if (known != NULL && h->timeline > known->timeline) {
		known->timeline = h->timeline;
		keep();
	}
	if (known != NULL)
		passed = h->timeline < known->timeline;
	pthread_mutex_unlock(&lock);
	return passed;
}
