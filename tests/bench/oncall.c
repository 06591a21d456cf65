/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long "who is on call" takes: 10,000 schedules of three layers with 200 overrides each, at
 * one instant; one of them alone, cold and warm; and a rotation of one minute after a century.
 * Prints a line each: name, value, unit.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/random.h"
#include "calendar/schedule.h"

#define SCHEDULES 10000
#define LAYERS 3
#define OVERRIDES 200
#define MEMBERS 8
#define ROUNDS 5

static const char *const people[MEMBERS] = { "ann", "ben", "cat", "dov", "eve", "fay", "gus",
	"hal" };
static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Asia/Tokyo",
	"Australia/Sydney" };
static const struct cal_window office = { 0x1f, 8 * 60, 18 * 60 };
static const usec_t now = SECONDS(1780000000);

static void
fill_layers(struct arena *mem, struct rng *rng, struct cal_schedule *s)
{
	static const struct cal_every every[LAYERS] = { { CAL_WEEK, 1 }, { CAL_DAY, 1 },
		{ CAL_HOUR, 12 } };
	struct cal_layer *layers = ARENA_ARRAY(mem, LAYERS, struct cal_layer);

	for (size_t l = 0; l < LAYERS; l++) {
		struct cal_turn *turns = ARENA_ARRAY(mem, MEMBERS, struct cal_turn);
		for (size_t t = 0; t < MEMBERS; t++)
			turns[t] = (struct cal_turn){ &people[rng_below(rng, MEMBERS)], 1 };
		layers[l] = (struct cal_layer){ .turns = turns,
			.n_turns = MEMBERS,
			.start = { 2020, 1, 6, 9, 0, 0 },
			.every = every[l],
			.only = l == 0 ? NULL : &office,
			.n_only = l != 0 };
	}
	s->layers = layers;
	s->n_layers = LAYERS;
}

static void
fill_overrides(struct arena *mem, struct rng *rng, struct cal_schedule *s)
{
	struct cal_override *list = ARENA_ARRAY(mem, OVERRIDES, struct cal_override);

	for (size_t i = 0; i < OVERRIDES; i++) {
		usec_t from = now + HOURS(rng_below(rng, 4800)) - HOURS(2400);
		list[i] = (struct cal_override){ .id = "o",
			.from = from,
			.to = from + HOURS(1 + rng_below(rng, 48)),
			.replace =
			        rng_below(rng, 2) == 0 ? NULL : people[rng_below(rng, MEMBERS)],
			.with = people[rng_below(rng, MEMBERS)] };
	}
	s->overrides = list;
	s->n_overrides = OVERRIDES;
}

static struct cal_schedule *
fill(struct arena *mem)
{
	struct cal_schedule *all = ARENA_ARRAY(mem, SCHEDULES, struct cal_schedule);
	struct rng rng;

	rng_seed(&rng, 20260302);
	for (size_t i = 0; i < SCHEDULES; i++) {
		all[i].zone = zone_get(zones[i % NELEMS(zones)]);
		if (all[i].zone == NULL)
			all[i].zone = zone_utc();
		fill_layers(mem, &rng, &all[i]);
		fill_overrides(mem, &rng, &all[i]);
	}
	return all;
}

static usec_t
ask_all(const struct cal_schedule *all, size_t n, size_t *somebody)
{
	struct arena probe;
	const char *const *users;
	size_t found;
	usec_t begun = clock_mono();

	arena_init(&probe);
	for (size_t i = 0; i < n; i++) {
		oncall_at(&probe, &all[i], now, &users, &found);
		*somebody += found > 0;
	}
	usec_t took = clock_mono() - begun;
	arena_free(&probe);
	return took;
}

static void
minute_by_minute(void)
{
	const struct cal_turn turns[] = { { &people[0], 1 }, { &people[1], 1 } };
	const struct cal_layer l = { .turns = turns,
		.n_turns = 2,
		.start = { 1970, 1, 1, 0, 0, 0 },
		.every = { CAL_MINUTE, 1 } };
	const struct cal_schedule s = {
		.zone = zone_get("America/Santiago"), .layers = &l, .n_layers = 1
	};
	const usec_t century = SECONDS(3155760000);
	struct arena mem;
	struct cal_shift *gaps;
	size_t n;

	if (s.zone == NULL)
		return;
	arena_init(&mem);
	(void)oncall_next_change(&s, century);
	usec_t begun = clock_mono();
	for (int i = 0; i < 1000; i++)
		(void)oncall_next_change(&s, century + SECONDS(i));
	printf("minute_rotation_next_change %.3f us\n", (double)(clock_mono() - begun) / 1000);
	begun = clock_mono();
	(void)oncall_gaps(&mem, &s, 0, century, &gaps, &n);
	printf("minute_rotation_gaps_of_a_century %.3f us\n", (double)(clock_mono() - begun));
	arena_free(&mem);
}

int
main(void)
{
	struct arena mem;
	usec_t best = USEC_NEVER;
	size_t somebody = 0;

	arena_init(&mem);
	const struct cal_schedule *all = fill(&mem);
	printf("first_one %" PRId64 " us\n", (int64_t)ask_all(all, 1, &somebody));
	for (int i = 0; i < ROUNDS; i++) {
		usec_t took = ask_all(all, SCHEDULES, &somebody);
		best = took < best ? took : best;
	}
	printf("all_%d %.1f ms\n", SCHEDULES, (double)best / 1000);
	printf("one %.3f us\n", (double)best / SCHEDULES);
	minute_by_minute();
	arena_free(&mem);
	return somebody == 0;
}
