/* SPDX-License-Identifier: Apache-2.0 */
/* Many spans, and what is said of them: never a mean alone. */
#include <math.h>
#include <stdlib.h>

#include "report/report.h"

/* Each about three times the one before, where people have a word for it. */
const usec_t distribution_edges[DISTRIBUTION_BUCKETS - 1] = {
	SECONDS(3),
	SECONDS(10),
	SECONDS(30),
	MINUTES(1),
	MINUTES(3),
	MINUTES(10),
	MINUTES(30),
	HOURS(1),
	HOURS(3),
	HOURS(10),
	DAYS(1),
	DAYS(3),
};

static int
by_value(const void *a, const void *b)
{
	usec_t x = *(const usec_t *)a, y = *(const usec_t *)b;

	return (x > y) - (x < y);
}

void
distribution_sort(struct distribution *d)
{
	if (d->n > 0)
		qsort(d->values, d->n, sizeof *d->values, by_value);
}

usec_t
distribution_at(const struct distribution *d, double share)
{
	size_t rank = (size_t)ceil(share * (double)d->n);

	return d->values[rank == 0 ? 0 : rank - 1];
}

usec_t
distribution_mean(const struct distribution *d)
{
	double sum = 0;

	for (size_t i = 0; i < d->n; i++)
		sum += (double)d->values[i];
	return d->n == 0 ? 0 : (usec_t)(sum / (double)d->n);
}

void
distribution_buckets(const struct distribution *d, size_t ret[DISTRIBUTION_BUCKETS])
{
	size_t b = 0;

	memset(ret, 0, DISTRIBUTION_BUCKETS * sizeof *ret);
	for (size_t i = 0; i < d->n; i++) {
		while (b < DISTRIBUTION_BUCKETS - 1 && d->values[i] >= distribution_edges[b])
			b++;
		ret[b]++;
	}
}
