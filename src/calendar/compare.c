/* SPDX-License-Identifier: Apache-2.0 */
/* Two tilings of the same time, walked side by side from boundary to boundary. */
#include "calendar/load.h"

static bool
same_people(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++) {
		if (strcmp(a[i], b[i]) != 0)
			return false;
	}
	return n_a == n_b;
}

static bool
goes_on(const struct cal_difference *last, const struct cal_difference *d)
{
	return last->end == d->start
	        && same_people(last->before, last->n_before, d->before, d->n_before)
	        && same_people(last->after, last->n_after, d->after, d->n_after);
}

void
oncall_compare(struct arena *mem, const struct cal_tiling *before,
        const struct cal_tiling *after, struct cal_difference **ret, size_t *ret_n)
{
	struct cal_difference *list = NULL;
	size_t n = 0, cap = 0;

	for (size_t b = 0, a = 0; b < before->n && a < after->n;) {
		const struct cal_shift *x = &before->items[b], *y = &after->items[a];
		struct cal_difference d = { .start = x->start > y->start ? x->start : y->start,
			.end = x->end < y->end ? x->end : y->end,
			.before = x->users,
			.n_before = x->n,
			.after = y->users,
			.n_after = y->n };

		b += x->end == d.end;
		a += y->end == d.end;
		if (same_people(d.before, d.n_before, d.after, d.n_after))
			continue;
		if (n > 0 && goes_on(&list[n - 1], &d))
			list[n - 1].end = d.end;
		else
			ARENA_PUSH(mem, list, n, cap) = d;
	}
	*ret = list;
	*ret_n = n;
}
