/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handoffs, windows and wall clocks against a table of facts that others have asserted: clocks
 * set forward and back, at midnight, by half an hour, months of all lengths.
 */
#include "test.h"

#include "calendar/schedule.h"

#define UNKNOWN INT64_MIN
#define HANDOFFS_MAX 13
#define TURNS 7 /* more than can fall into one gap, so that no two neighbours are equal */

struct handoff_case {
	const char *name, *zone, *start, *every;
	int64_t at[HANDOFFS_MAX]; /* ends with 0 */
};

struct turn_case {
	const char *name, *zone, *start, *every;
	int64_t at, begins, ends; /* of the turn that holds at `at` */
};

struct window_case {
	const char *name, *zone, *window;
	int64_t at, begins, ends; /* of the window open at `at`, else of the next */
	int64_t open;
};

struct clock_case {
	const char *name, *zone, *clock;
	enum civil_which which;
	int64_t at;
};

#include "clock_cases.inc"

static const char *const ids[TURNS] = { "a", "b", "c", "d", "e", "f", "g" };

struct rotation {
	struct cal_turn turns[TURNS];
	struct cal_window window;
	struct cal_layer layer;
	struct cal_schedule schedule;
};

static void
rotation_init(struct rotation *r, const char *zone, const char *start, const char *every)
{
	for (size_t i = 0; i < TURNS; i++)
		r->turns[i] = (struct cal_turn){ &ids[i], 1 };
	r->layer = (struct cal_layer){ .turns = r->turns, .n_turns = TURNS };
	r->schedule = (struct cal_schedule){ .layers = &r->layer, .n_layers = 1 };
	r->schedule.zone = zone_get(zone);
	assert_non_null(r->schedule.zone);
	assert_true(civil_parse(str_from(start), &r->layer.start));
	assert_true(cal_every_parse(str_from(every), &r->layer.every));
}

static void
check_handoffs(const struct handoff_case *c, const struct cal_schedule *s)
{
	struct arena mem;
	struct cal_shift *shifts;
	size_t n, want = 0;

	arena_init(&mem);
	while (c->at[want + 1] != 0)
		want++;
	oncall_shifts(&mem, s, SECONDS(c->at[0]), SECONDS(c->at[want]), &shifts, &n);
	assert_int_equal(n, want);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(shifts[i].start, SECONDS(c->at[i]));
		assert_int_equal(shifts[i].end, SECONDS(c->at[i + 1]));
	}
	assert_false(shifts[0].cut_start);
	assert_false(shifts[n - 1].cut_end);
	arena_free(&mem);
}

static void
test_handoffs(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(handoff_cases); i++) {
		const struct handoff_case *c = &handoff_cases[i];
		struct rotation r;

		print_message("# %s\n", c->name);
		rotation_init(&r, c->zone, c->start, c->every);
		check_handoffs(c, &r.schedule);
	}
}

static void
test_turn_around_an_instant(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(turn_cases); i++) {
		const struct turn_case *c = &turn_cases[i];
		struct rotation r;

		print_message("# %s\n", c->name);
		rotation_init(&r, c->zone, c->start, c->every);
		usec_t at = SECONDS(c->at), end = oncall_next_change(&r.schedule, at);
		if (c->ends != UNKNOWN)
			assert_int_equal(end, SECONDS(c->ends));
		if (c->begins == UNKNOWN)
			continue;
		usec_t begins = SECONDS(c->begins);
		assert_int_equal(oncall_next_change(&r.schedule, begins - 1), begins);
		assert_int_equal(oncall_next_change(&r.schedule, begins), end);
	}
}

/* The first stretch of duty that ends after `at`, within a fortnight each way. */
static struct cal_shift
window_after(struct arena *mem, const struct cal_schedule *s, usec_t at)
{
	struct cal_shift *shifts;
	size_t n;

	oncall_shifts(mem, s, at - DAYS(15), at + DAYS(15), &shifts, &n);
	for (size_t i = 0; i < n; i++) {
		if (shifts[i].n > 0 && shifts[i].end > at)
			return shifts[i];
	}
	fail();
	return shifts[0];
}

static void
check_window(const struct window_case *c)
{
	struct rotation r;
	struct arena mem;

	arena_init(&mem);
	rotation_init(&r, c->zone, "2000-01-01 00:00", "1d");
	r.layer.n_turns = 1;
	assert_true(cal_window_parse(str_from(c->window), &r.window));
	r.layer.only = &r.window;
	r.layer.n_only = 1;

	struct cal_shift shift = window_after(&mem, &r.schedule, SECONDS(c->at));
	if (c->begins != UNKNOWN)
		assert_int_equal(shift.start, SECONDS(c->begins));
	if (c->ends != UNKNOWN)
		assert_int_equal(shift.end, SECONDS(c->ends));
	if (c->open != UNKNOWN)
		assert_int_equal(shift.start <= SECONDS(c->at), c->open);
	arena_free(&mem);
}

static void
test_windows(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(window_cases); i++) {
		print_message("# %s\n", window_cases[i].name);
		check_window(&window_cases[i]);
	}
}

static void
test_clocks(void **state)
{
	struct civil civil;

	(void)state;
	for (size_t i = 0; i < NELEMS(clock_cases); i++) {
		const struct clock_case *c = &clock_cases[i];

		print_message("# %s\n", c->name);
		assert_true(civil_parse(str_from(c->clock), &civil));
		assert_int_equal(
		        civil_to_utc(zone_get(c->zone), civil, c->which), SECONDS(c->at));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handoffs),
		cmocka_unit_test(test_turn_around_an_instant),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests_name("clock cases", tests, NULL, NULL);
}
