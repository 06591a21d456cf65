/* SPDX-License-Identifier: Apache-2.0 */
/* How long it took until a person had it, and until it was over. */
#include <stdio.h>
#include <stdlib.h>

#include "calendar/civil.h"
#include "report/report.h"

const char *const response_by_names[RESPONSE_BY_MAX] = {
	[BY_SEVERITY] = "severity",
	[BY_TEAM] = "team",
	[BY_HOUR] = "hour",
};

static void
add(struct response_figures *f, const struct report_incident *inc)
{
	usec_t answered = report_answered_at(inc);

	if (!report_counts(inc)) {
		f->drills += inc->mode != MODE_STANDARD;
		f->merged += inc->mode == MODE_STANDARD;
		return;
	}
	f->incidents++;
	f->exhausted += inc->exhausted_at != 0;
	f->unanswered += inc->exhausted_at != 0 && answered == 0;
	if (answered != 0)
		f->ack.values[f->ack.n++] = answered - inc->opened_at;
	else
		f->by_machine += inc->acked_at != 0 || inc->machine_at != 0;
	if (inc->resolved_at != 0)
		f->resolve.values[f->resolve.n++] = inc->resolved_at - inc->opened_at;
}

struct response_figures
response_measure(struct ctx *cx, const struct report_incident *items, size_t n)
{
	struct response_figures f = {
		.ack.values = ARENA_ARRAY(&cx->mem, n, usec_t),
		.resolve.values = ARENA_ARRAY(&cx->mem, n, usec_t),
	};

	for (size_t i = 0; i < n; i++)
		add(&f, &items[i]);
	distribution_sort(&f.ack);
	distribution_sort(&f.resolve);
	return f;
}

/* ---- groups ---- */

struct keyed {
	char key[64];
	const struct report_incident *inc;
};

static void
key_of(struct keyed *k, enum response_by by, const struct zone *zone)
{
	const struct report_incident *inc = k->inc;

	switch (by) {
	case BY_SEVERITY:
		snprintf(k->key, sizeof k->key, "%s", severity_names[inc->severity]);
		return;
	case BY_TEAM:
		snprintf(k->key, sizeof k->key, "%s", inc->team == NULL ? "" : inc->team);
		return;
	case BY_HOUR:
		snprintf(k->key, sizeof k->key, "%02d",
		        civil_from_utc(zone, inc->opened_at).hour);
		return;
	case RESPONSE_BY_MAX:
		break;
	}
	abort();
}

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return strcmp(x->key, y->key);
}

void
response_group(struct ctx *cx, const struct zone *zone, enum response_by by,
        const struct report_incident *items, size_t n, struct response_groups *ret)
{
	struct keyed *keyed = ARENA_ARRAY(&cx->mem, n, struct keyed);
	struct report_incident *sorted = ARENA_ARRAY(&cx->mem, n, struct report_incident);
	size_t cap = 0, first = 0;

	*ret = (struct response_groups){ 0 };
	for (size_t i = 0; i < n; i++) {
		keyed[i].inc = &items[i];
		key_of(&keyed[i], by, zone);
	}
	if (n > 0)
		qsort(keyed, n, sizeof *keyed, by_key);
	for (size_t i = 0; i < n; i++)
		sorted[i] = *keyed[i].inc;
	for (size_t i = 1; i <= n; i++) {
		if (i < n && by_key(&keyed[i], &keyed[first]) == 0)
			continue;
		struct response_figures f = response_measure(cx, sorted + first, i - first);
		f.key = arena_strdup(&cx->mem, keyed[first].key);
		if (f.incidents > 0)
			ARENA_PUSH(&cx->mem, ret->items, ret->n, cap) = f;
		first = i;
	}
}
