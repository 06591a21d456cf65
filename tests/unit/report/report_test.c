/* SPDX-License-Identifier: Apache-2.0 */
/* The pure parts of the reports: buckets and ranks, signatures, what is left out. */
#include "test.h"

#include "report/report.h"

static void
test_ranks_and_buckets(void **state)
{
	static const struct {
		size_t n;
		double share;
		usec_t want; /* of the values 1 s, 2 s, ... n s */
	} rows[] = {
		{ 1, 0.5, SECONDS(1) },
		{ 2, 0.5, SECONDS(1) },
		{ 3, 0.5, SECONDS(2) },
		{ 10, 0.9, SECONDS(9) },
		{ 11, 0.9, SECONDS(10) },
		{ 100, 0.5, SECONDS(50) },
		{ 100, 0.9, SECONDS(90) },
	};
	usec_t values[100];

	(void)state;
	for (size_t r = 0; r < NELEMS(rows); r++) {
		struct distribution d = { values, rows[r].n };
		size_t buckets[DISTRIBUTION_BUCKETS], sum = 0;
		for (size_t i = 0; i < d.n; i++)
			values[i] = SECONDS(d.n - i);
		distribution_sort(&d);
		assert_int_equal(distribution_at(&d, rows[r].share), rows[r].want);
		assert_int_equal(distribution_mean(&d), (usec_t)(d.n + 1) * USEC_PER_SEC / 2);
		distribution_buckets(&d, buckets);
		for (size_t b = 0; b < DISTRIBUTION_BUCKETS; b++)
			sum += buckets[b];
		assert_int_equal(sum, d.n);
	}
}

/* A value on an edge belongs to the bucket that begins there; what is beyond all, to the
 * last. */
static void
test_edges(void **state)
{
	usec_t values[DISTRIBUTION_BUCKETS];
	struct distribution d = { values, DISTRIBUTION_BUCKETS };
	size_t buckets[DISTRIBUTION_BUCKETS];

	(void)state;
	values[0] = 0;
	for (size_t i = 1; i < DISTRIBUTION_BUCKETS; i++)
		values[i] = distribution_edges[i - 1];
	distribution_buckets(&d, buckets);
	for (size_t b = 0; b < DISTRIBUTION_BUCKETS; b++)
		assert_int_equal(buckets[b], 1);
}

static void
test_signatures(void **state)
{
	static const struct {
		const char *key, *want;
	} rows[] = {
		{ "disk", "disk" },
		{ "disk/db-3", "disk/db-*" },
		{ "disk/db-14", "disk/db-*" },
		{ "", "" },
		{ "10.0.0.7:9100", "*.*.*.*:*" },
		{ "pod/web-7f9c4b6d8-x2", "pod/web-*-x*" },
		{ "deadbeef", "deadbeef" },  /* a word, for all we know */
		{ "run deadbee1", "run *" }, /* a hash */
		{ "facade-1", "facade-*" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t r = 0; r < NELEMS(rows); r++)
		assert_string_equal(noise_signature(&cx.mem, rows[r].key), rows[r].want);
	ctx_close(&cx);
}

static void
test_what_counts(void **state)
{
	struct report_incident items[] = {
		{ .id = 1, .team = "a", .opened_at = SECONDS(100), .person_at = SECONDS(130) },
		{ .id = 2,
		        .team = "a",
		        .opened_at = SECONDS(100),
		        .machine_at = SECONDS(101),
		        .acked_at = SECONDS(101),
		        .acked_by = "integration/x" },
		{ .id = 3,
		        .team = "b",
		        .opened_at = SECONDS(100),
		        .person_at = SECONDS(105),
		        .mode = MODE_DRILL },
		{ .id = 4,
		        .team = "b",
		        .opened_at = SECONDS(100),
		        .person_at = SECONDS(106),
		        .merged_into = 1 },
		/* Archived: the log no longer tells who was first. */
		{ .id = 5,
		        .opened_at = SECONDS(100),
		        .acked_at = SECONDS(110),
		        .acked_by = "user/ada",
		        .exhausted_at = SECONDS(105),
		        .resolved_at = SECONDS(400) },
		{ .id = 6, .opened_at = SECONDS(100), .exhausted_at = SECONDS(300) },
	};
	struct response_groups groups;
	struct response_figures f;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	f = response_measure(&cx, items, NELEMS(items));
	assert_int_equal(f.incidents, 4);
	assert_int_equal(f.drills, 1);
	assert_int_equal(f.merged, 1);
	assert_int_equal(f.by_machine, 1);
	assert_int_equal(f.exhausted, 2);
	assert_int_equal(f.unanswered, 1); /* 5 was answered late */
	assert_int_equal(f.ack.n, 2);
	assert_int_equal(f.ack.values[0], SECONDS(10));
	assert_int_equal(f.ack.values[1], SECONDS(30));
	assert_int_equal(f.resolve.n, 1);
	response_group(&cx, zone_utc(), BY_TEAM, items, NELEMS(items), &groups);
	assert_int_equal(groups.n, 2); /* none, a; b has nothing that counts */
	assert_string_equal(groups.items[0].key, "");
	assert_string_equal(groups.items[1].key, "a");
	assert_int_equal(groups.items[1].incidents, 2);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranks_and_buckets),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_what_counts),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
