/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers to an oracle: zones_oracle.py writes what another reader of the same files says, a
 * line a probe, and this program says where ours differs.
 *
 *   Z name                            the zone of the lines that follow
 *   U seconds offset dst abbr         at this instant the clock is so
 *   L local first last                this wall clock is at these instants
 *
 * The last line is "END n" with the number of probes before it, so that a script that died is
 * noticed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calendar/civil.h"

#define SHOW_MAX 20

static long probes, wrong;

static void
differ(const struct zone *z, const char *line, const char *have)
{
	if (wrong++ < SHOW_MAX)
		printf("# %s: have %s, want %s\n", zone_name(z), have, line);
}

static void
probe_utc(const struct zone *z, const char *line)
{
	char want[32], have[80];
	const char *abbr;
	int64_t t;
	int offset, want_dst;
	bool dst;

	if (sscanf(line, "U %" SCNd64 " %d %d %31s", &t, &offset, &want_dst, want) != 4) {
		differ(z, line, "no such probe");
		return;
	}
	int32_t o = zone_offset(z, t * USEC_PER_SEC, &dst, &abbr);
	if (o == offset && dst == (want_dst != 0) && strcmp(abbr, want) == 0)
		return;
	snprintf(have, sizeof have, "%d %d %s", o, dst, abbr);
	differ(z, line, have);
}

static void
probe_local(const struct zone *z, const char *line)
{
	char have[80];
	int64_t local, first, last;

	if (sscanf(line, "L %" SCNd64 " %" SCNd64 " %" SCNd64, &local, &first, &last) != 3) {
		differ(z, line, "no such probe");
		return;
	}
	struct civil c = civil_of_seconds(local);
	usec_t f = civil_to_utc(z, c, CIVIL_FIRST) / USEC_PER_SEC;
	usec_t l = civil_to_utc(z, c, CIVIL_LAST) / USEC_PER_SEC;
	if (f == first && l == last)
		return;
	snprintf(have, sizeof have, "%" PRId64 " %" PRId64, f, l);
	differ(z, line, have);
}

int
main(void)
{
	char line[256];
	const struct zone *z = NULL;
	long announced = -1;

	printf("1..1\n");
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == 'Z') {
			z = zone_get(line + 2);
			if (z == NULL)
				printf("# %s does not load\n", line + 2);
			wrong += z == NULL;
		} else if (line[0] == 'E') {
			sscanf(line, "END %ld", &announced);
		} else if (z != NULL) {
			probes++;
			(line[0] == 'U' ? probe_utc : probe_local)(z, line);
		}
	}
	bool good = wrong == 0 && probes > 0 && probes == announced;
	printf("%sok 1 - %ld probes, %ld wrong\n", good ? "" : "not ", probes, wrong);
	return good ? 0 : 1;
}
