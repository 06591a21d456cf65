/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Overrides against facts that others have asserted, temporary schedules, how work is shared
 * and compared, and the promise to every zone there is: shifts tile, and start <= t < end.
 */
#include "test.h"

#include "calendar/effect.h"
#include "calendar/load.h"

#define T0 SECONDS(946782300) /* 2000-01-02 03:05 UTC */

/* ---- overrides ---- */

static const char *const base[] = { "rab", "baz", "bin" };
static const char *const alone[] = { "bin" };
static const struct cal_turn base_turn = { base, 3 }, alone_turn = { alone, 1 };

static const struct cal_override three[] = {
	{ "1", T0, T0 + MINUTES(1), NULL, "foo", CAL_ADD },
	{ "2", T0, T0 + MINUTES(1), "rab", "bar", CAL_REPLACE },
	{ "3", T0, T0 + MINUTES(1), "baz", NULL, CAL_REPLACE },
};

/* A temporary schedule, as configuration compiles it: nobody, and then each shift. */
static const struct cal_override temporary[] = {
	{ "t", T0, T0 + HOURS(10), NULL, NULL, CAL_REPLACE },
	{ "t", T0 + HOURS(2), T0 + HOURS(8), NULL, "foo", CAL_ADD },
	{ "t", T0 + HOURS(2), T0 + HOURS(5), NULL, "bar", CAL_ADD },
};

static const struct {
	const char *name;
	const struct cal_turn *turn;
	const struct cal_override *overrides;
	size_t n;
	usec_t at;
	const char *want;
} cases[] = {
	{ "override-map-before", &base_turn, three, 3, T0 - 1, "baz,bin,rab" },
	{ "override-map-middle", &base_turn, three, 3, T0, "bar,bin,foo" },
	{ "override-map-end", &base_turn, three, 3, T0 + MINUTES(1), "baz,bin,rab" },
	{ "override-map-replace-miss", &alone_turn, three + 1, 1, T0, "bin" },
	{ "temp before", &base_turn, temporary, 3, T0 - 1, "baz,bin,rab" },
	{ "temp, nobody yet", &base_turn, temporary, 3, T0, "" },
	{ "temp, both", &base_turn, temporary, 3, T0 + HOURS(2), "bar,foo" },
	{ "temp, one", &base_turn, temporary, 3, T0 + HOURS(5), "foo" },
	{ "temp, nobody any more", &base_turn, temporary, 3, T0 + HOURS(8), "" },
	{ "temp after", &base_turn, temporary, 3, T0 + HOURS(10), "baz,bin,rab" },
};

static const char *
joined(struct arena *mem, const char *const *users, size_t n)
{
	const char *text = n == 0 ? "" : users[0];

	for (size_t i = 1; i < n; i++)
		text = arena_printf(mem, "%s,%s", text, users[i]);
	return text;
}

static void
test_overrides(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem);
	for (size_t i = 0; i < NELEMS(cases); i++) {
		struct cal_layer l = { .turns = cases[i].turn,
			.n_turns = 1,
			.start = { 1999, 1, 1, 0, 0, 0 },
			.every = { CAL_DAY, 1 } };
		struct cal_schedule s = { .zone = zone_utc(),
			.layers = &l,
			.n_layers = 1,
			.overrides = cases[i].overrides,
			.n_overrides = cases[i].n };
		const char *const *users;
		size_t n;

		print_message("# %s\n", cases[i].name);
		oncall_at(&mem, &s, cases[i].at, &users, &n);
		assert_string_equal(joined(&mem, users, n), cases[i].want);
	}
	arena_free(&mem);
}

/* ---- what has no effect, and why ---- */

static const struct cal_override covered[] = {
	{ "low", T0, T0 + HOURS(8), NULL, "foo", CAL_REPLACE },
	{ "aside", T0 + HOURS(9), T0 + HOURS(10), NULL, "foo", CAL_REPLACE },
	{ "left", T0, T0 + HOURS(4), NULL, "bar", CAL_REPLACE },
	{ "over", T0 + HOURS(2), T0 + HOURS(4), NULL, "zig", CAL_REPLACE },
	{ "right", T0 + HOURS(4), T0 + HOURS(8), NULL, "qux", CAL_REPLACE },
};
static const struct cal_override same[] = {
	{ "same", T0, T0 + HOURS(1), NULL, "bin", CAL_REPLACE },
	{ "miss", T0, T0 + HOURS(1), "baz", "foo", CAL_REPLACE },
	{ "too", T0, T0 + HOURS(1), NULL, "bin", CAL_ADD },
};
static const struct cal_override under_temporary[] = {
	{ "low", T0 + HOURS(3), T0 + HOURS(4), NULL, "baz", CAL_REPLACE },
	{ "t", T0, T0 + HOURS(10), NULL, NULL, CAL_REPLACE },
	{ "t", T0 + HOURS(2), T0 + HOURS(8), NULL, "foo", CAL_ADD },
	{ "t", T0 + HOURS(2), T0 + HOURS(5), NULL, "bar", CAL_ADD },
};

static const struct {
	const char *name;
	const struct cal_override *overrides;
	size_t n, i;
	enum cal_effect want;
	const char *by;
} outcomes[] = {
	{ "alone it counts", covered, 1, 0, CAL_EFFECT, "" },
	{ "half hidden it still counts", covered, 3, 0, CAL_EFFECT, "" },
	{ "two hide it together, what is over them adds nothing", covered, 5, 0, CAL_HIDDEN,
	        "left,right" },
	{ "one at another time does not hide", covered, 5, 1, CAL_EFFECT, "" },
	{ "on call anyway", same, 3, 0, CAL_ALREADY, "" },
	{ "nothing to take over", same, 3, 1, CAL_NO_DUTY, "" },
	{ "there already", same, 3, 2, CAL_ALREADY, "" },
	{ "a temporary schedule is one", under_temporary, 4, 0, CAL_HIDDEN, "t" },
	{ "and counts as a whole", under_temporary, 4, 2, CAL_EFFECT, "" },
};

static const char *
ids_of(struct arena *mem, const struct cal_outcome *o)
{
	const char *text = o->n == 0 ? "" : o->by[0]->id;

	for (size_t i = 1; i < o->n; i++)
		text = arena_printf(mem, "%s,%s", text, o->by[i]->id);
	return text;
}

static void
test_outcomes(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem);
	for (size_t i = 0; i < NELEMS(outcomes); i++) {
		struct cal_layer l = { .turns = &alone_turn,
			.n_turns = 1,
			.start = { 1999, 1, 1, 0, 0, 0 },
			.every = { CAL_DAY, 1 } };
		struct cal_schedule s = { .zone = zone_utc(),
			.layers = &l,
			.n_layers = 1,
			.overrides = outcomes[i].overrides,
			.n_overrides = outcomes[i].n };
		const struct cal_override *own = &s.overrides[outcomes[i].i];

		print_message("# %s\n", outcomes[i].name);
		struct cal_outcome o =
		        cal_override_outcome(&mem, &s, outcomes[i].i, own->from, own->to);
		assert_int_equal(o.effect, outcomes[i].want);
		assert_string_equal(ids_of(&mem, &o), outcomes[i].by);
	}
	arena_free(&mem);
}

/* ---- load ---- */

static const char *const ann[] = { "ann" }, *const ben[] = { "ben" };
static const struct cal_turn week_turns[] = { { ann, 1 }, { ben, 1 } };

/* Weekly from Monday 2026-03-23; the second week's Sunday loses an hour in Berlin. */
static struct cal_layer
weekly(void)
{
	return (struct cal_layer){ .turns = week_turns,
		.n_turns = 2,
		.start = { 2026, 3, 23, 0, 0, 0 },
		.every = { CAL_WEEK, 1 } };
}

static void
test_load(void **state)
{
	struct arena mem;
	struct cal_layer l = weekly();
	struct cal_schedule s = { .layers = &l, .n_layers = 1 };
	struct cal_shift *shifts;
	struct cal_load *loads;
	size_t n, n_loads;

	(void)state;
	arena_init(&mem);
	s.zone = zone_get("Europe/Berlin");
	usec_t from = civil_to_utc(s.zone, l.start, CIVIL_FIRST);
	usec_t to = civil_to_utc(s.zone, civil_add_days(l.start, 14), CIVIL_FIRST);
	assert_int_equal(oncall_shifts(&mem, &s, from, to, &shifts, &n), to);
	oncall_load(&mem, &s, shifts, n, &loads, &n_loads);
	assert_int_equal(n_loads, 2);
	assert_string_equal(loads[0].user, "ann");
	assert_int_equal(loads[0].total, HOURS(7 * 24 - 1));
	assert_int_equal(loads[0].weekend, HOURS(47));
	assert_int_equal(loads[0].night, HOURS(7 * 8 - 1));
	assert_int_equal(loads[1].total, HOURS(7 * 24));
	assert_int_equal(loads[1].night, HOURS(7 * 8));
	assert_int_equal(loads[1].longest, HOURS(7 * 24));
	assert_int_equal(loads[1].stretches, 1);
	assert_int_equal(oncall_fairness(loads, 2, CAL_SHARE_TOTAL), 100);
	loads[0].total = 0;
	assert_int_equal(oncall_fairness(loads, 2, CAL_SHARE_TOTAL), 50);
	assert_int_equal(oncall_fairness(loads, 0, CAL_SHARE_NIGHT), 100);
	arena_free(&mem);
}

static void
test_compare(void **state)
{
	static const struct cal_shift before[] = {
		{ .start = 0, .end = 10, .users = ann, .n = 1 },
		{ .start = 10, .end = 20, .users = ben, .n = 1 },
		{ .start = 20, .end = 30, .users = NULL, .n = 0 }
	};
	static const struct cal_shift after[] = {
		{ .start = 0, .end = 5, .users = ann, .n = 1 },
		{ .start = 5, .end = 30, .users = ben, .n = 1 }
	};
	struct cal_difference *d;
	struct arena mem;
	size_t n;

	(void)state;
	arena_init(&mem);
	oncall_compare(&mem, &(struct cal_tiling){ before, 3 },
	        &(struct cal_tiling){ after, 2 }, &d, &n);
	assert_int_equal(n, 2);
	assert_int_equal(d[0].start, 5);
	assert_int_equal(d[0].end, 10);
	assert_string_equal(d[0].before[0], "ann");
	assert_string_equal(d[0].after[0], "ben");
	assert_int_equal(d[1].start, 20);
	assert_int_equal(d[1].end, 30);
	assert_int_equal(d[1].n_before, 0);
	oncall_compare(&mem, &(struct cal_tiling){ before, 3 },
	        &(struct cal_tiling){ before, 3 }, &d, &n);
	assert_int_equal(n, 0);
	arena_free(&mem);
}

/* ---- every zone ---- */

#define YEARS_MAX 130

static void
check_around(const struct cal_schedule *s, usec_t at)
{
	usec_t from = at - HOURS(30), to = at + HOURS(30);
	struct arena mem;
	struct cal_shift *list, *gaps;
	size_t n, n_gaps, empty = 0;

	arena_init(&mem);
	assert_int_equal(oncall_shifts(&mem, s, from, to, &list, &n), to);
	assert_int_equal(list[0].start, from);
	assert_int_equal(list[n - 1].end, to);
	for (size_t i = 0; i < n; i++) {
		assert_true(list[i].start < list[i].end);
		assert_true(i == 0 || list[i - 1].end == list[i].start);
		if (i + 1 < n)
			assert_int_equal(oncall_next_change(s, list[i].start), list[i].end);
		empty += list[i].n == 0;
	}
	oncall_gaps(&mem, s, from, to, &gaps, &n_gaps);
	assert_int_equal(n_gaps, empty);
	arena_free(&mem);
}

/* A daily handoff within the hours in which clocks change, and a window over them. */
static void
test_every_zone(void **state)
{
	static const struct cal_window night = { CAL_WEEKDAYS_ALL, 22 * 60 + 30, 2 * 60 + 30 };
	struct cal_layer l = { .turns = week_turns,
		.n_turns = 2,
		.start = { 1970, 1, 2, 0, 30, 0 },
		.every = { CAL_DAY, 1 },
		.only = &night,
		.n_only = 1 };
	struct cal_schedule s = { .layers = &l, .n_layers = 1 };
	size_t n, looked = 0;
	const char *const *names = zone_names(&n);

	(void)state;
	assert_true(n > 300);
	for (size_t i = 0; i < n; i++) {
		int64_t t = 3 * 86400, end = t + (int64_t)YEARS_MAX * 31556952;
		s.zone = zone_get(names[i]);
		assert_non_null(s.zone);
		for (int k = 0; t < end; k++) {
			struct zone_span span = zone_span(s.zone, t);
			if (span.until == INT64_MAX || span.until >= end)
				break;
			/* A sample; every zone has some of them. */
			if ((k + (int)i) % 4 == 0) {
				check_around(&s, SECONDS(span.until));
				looked++;
			}
			t = span.until;
		}
	}
	assert_true(looked > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_every_zone),
	};

	return cmocka_run_group_tests_name("duty cases", tests, NULL, NULL);
}
