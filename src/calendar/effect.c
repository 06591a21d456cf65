/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An override has an effect where the calendar without it is another. The later ones are put on
 * one by one: each that makes the difference smaller hides a part of it.
 */
#include "calendar/effect.h"

#include "calendar/load.h"

const char *const cal_effect_names[CAL_EFFECT_MAX + 1] = {
	[CAL_EFFECT] = "effect",
	[CAL_HIDDEN] = "hidden",
	[CAL_NO_DUTY] = "no_duty",
	[CAL_ALREADY] = "already",
};

struct look {
	struct arena *mem;
	const struct cal_schedule *s;
	const char *id;
	usec_t from, to;
};

/* The first n overrides, and those of them that have another id. */
static struct cal_schedule
without(const struct look *l, size_t n)
{
	struct cal_schedule rest = *l->s;
	struct cal_override *kept = ARENA_ARRAY(l->mem, n, struct cal_override);

	rest.overrides = kept;
	rest.n_overrides = 0;
	for (size_t k = 0; k < n; k++)
		if (strcmp(l->s->overrides[k].id, l->id) != 0)
			kept[rest.n_overrides++] = l->s->overrides[k];
	return rest;
}

/* How long it matters when only the first n overrides are there. */
static usec_t
matters(const struct look *l, size_t n)
{
	struct cal_schedule with = *l->s, rest = without(l, n);
	struct cal_difference *list;
	struct cal_tiling a, b;
	struct cal_shift *x, *y;
	size_t n_list;
	usec_t sum = 0;

	with.n_overrides = n;
	(void)oncall_shifts(l->mem, &with, l->from, l->to, &x, &a.n);
	(void)oncall_shifts(l->mem, &rest, l->from, l->to, &y, &b.n);
	a.items = x;
	b.items = y;
	oncall_compare(l->mem, &b, &a, &list, &n_list);
	for (size_t i = 0; i < n_list; i++)
		sum += list[i].end - list[i].start;
	return sum;
}

/* Behind the last part of the id. */
static size_t
own_end(const struct look *l)
{
	size_t end = 0;

	for (size_t k = 0; k < l->s->n_overrides; k++)
		if (strcmp(l->s->overrides[k].id, l->id) == 0)
			end = k + 1;
	return end;
}

/* A temporary schedule that hides is one of several parts: it is named once. */
static bool
named(const struct cal_outcome *o, const struct cal_override *by)
{
	return o->n > 0 && strcmp(o->by[o->n - 1]->id, by->id) == 0;
}

static struct cal_outcome
hidden_by(const struct look *l, size_t own, usec_t left)
{
	struct cal_outcome ret = { .effect = CAL_HIDDEN };
	const struct cal_override **by = NULL;
	size_t cap = 0;

	for (size_t k = own; k < l->s->n_overrides && left > 0; k++) {
		const struct cal_override *o = &l->s->overrides[k];
		if (o->to <= l->from || o->from >= l->to)
			continue;
		usec_t now = matters(l, k + 1);
		if (now < left && !named(&ret, o)) {
			ARENA_PUSH(l->mem, by, ret.n, cap) = o;
			ret.by = by;
		}
		left = now;
	}
	return ret;
}

struct cal_outcome
cal_override_outcome(
        struct arena *mem, const struct cal_schedule *s, size_t i, usec_t from, usec_t to)
{
	const struct cal_override *o = &s->overrides[i];
	const struct look l = { mem, s, o->id, from, to };
	size_t own = own_end(&l);
	usec_t alone;

	if (matters(&l, s->n_overrides) > 0)
		return (struct cal_outcome){ .effect = CAL_EFFECT };
	alone = own == s->n_overrides ? 0 : matters(&l, own);
	if (alone > 0)
		return hidden_by(&l, own, alone);
	return (struct cal_outcome){
		.effect = o->mode == CAL_REPLACE && o->replace != NULL ? CAL_NO_DUTY
		                                                       : CAL_ALREADY,
	};
}
