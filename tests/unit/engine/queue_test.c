/* SPDX-License-Identifier: Apache-2.0 */
/* Commands come out in the order they went in, and no wake is lost between two waits. */
#include "test.h"

#include "engine/queue.h"

static void
test_first_in_first_out_and_no_more_than_fit(void **state)
{
	struct command a = { 0 }, b = { 0 }, c = { 0 };
	struct queue q;
	size_t n;

	(void)state;
	queue_init(&q, 2);
	assert_true(queue_put(&q, &a));
	assert_true(queue_put(&q, &b));
	assert_false(queue_put(&q, &c));
	assert_ptr_equal(queue_take(&q, 1, &n), &a);
	assert_null(a.next);
	assert_true(queue_put(&q, &c));
	assert_int_equal(queue_waiting(&q), 2);
	assert_ptr_equal(queue_take(&q, 9, &n), &b);
	assert_int_equal(n, 2);
	assert_ptr_equal(b.next, &c);
	assert_null(queue_take(&q, 9, &n));
	queue_free(&q);
}

static void
test_a_wake_before_the_wait_is_not_lost(void **state)
{
	struct queue q;
	size_t n;

	(void)state;
	queue_init(&q, 1);
	assert_false(queue_wait(&q, 1));
	queue_wake(&q);
	assert_true(queue_wait(&q, HOURS(1)));
	assert_true(queue_wait(&q, HOURS(1))); /* until what waits was taken */
	assert_null(queue_take(&q, 1, &n));
	assert_false(queue_wait(&q, 1));
	queue_free(&q);
}

static void
test_closed_it_gives_what_it_has_and_takes_no_more(void **state)
{
	struct command a = { 0 }, b = { 0 };
	struct queue q;
	size_t n;

	(void)state;
	queue_init(&q, 2);
	assert_true(queue_put(&q, &a));
	queue_close(&q);
	assert_false(queue_put(&q, &b));
	assert_true(queue_is_closed(&q));
	assert_ptr_equal(queue_take(&q, 1, &n), &a);
	assert_true(queue_wait(&q, HOURS(1)));
	queue_free(&q);
}

static void
test_one_stands_by_once(void **state)
{
	struct command a = { 0 };
	struct queue q;

	(void)state;
	queue_init(&q, 1);
	queue_stand_by(&q, &a);
	assert_ptr_equal(queue_stood_by(&q), &a);
	assert_null(queue_stood_by(&q));
	assert_false(queue_take_back(&q, &a));
	queue_stand_by(&q, &a);
	assert_true(queue_take_back(&q, &a));
	assert_null(queue_stood_by(&q));
	queue_free(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_in_first_out_and_no_more_than_fit),
		cmocka_unit_test(test_a_wake_before_the_wait_is_not_lost),
		cmocka_unit_test(test_closed_it_gives_what_it_has_and_takes_no_more),
		cmocka_unit_test(test_one_stands_by_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
