/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told of the turns that others take. */
#include <sys/eventfd.h>

#include "fixture.h"

#define LONG MINUTES(2) /* never waited for */

struct pair {
	struct fixture *f;
	struct ctx cx;
	struct db *other;
	int wake;
};

static void
pair_open(struct pair *p, void **state)
{
	*p = (struct pair){ .f = *state, .wake = eventfd(0, 0) };
	ctx_init(&p->cx, NULL);
	assert_ok(&p->f->cx, db_begin(&p->f->cx, p->f->db, DB_WRITE));
	assert_ok(&p->f->cx, db_script(&p->f->cx, "CREATE TABLE turn (id INT64 PRIMARY KEY);"));
	assert_ok(&p->f->cx, db_commit(&p->f->cx));
	assert_ok(&p->cx, db_open(&p->cx, p->f->fresh.url, DB_READ, &p->other));
}

static void
pair_close(struct pair *p)
{
	close(p->wake);
	db_close(p->other);
	ctx_close(&p->cx);
}

static void
take_turn(struct pair *p)
{
	begin(p->f);
	assert_ok(&p->f->cx, db_take_turn(&p->f->cx));
}

static bool
told(struct pair *p, usec_t span)
{
	return db_wait(&p->cx, p->other, p->wake, span);
}

static void
test_told(void **state)
{
	struct pair p;

	pair_open(&p, state);
	assert_true(told(&p, LONG)); /* begins to listen */
	assert_false(told(&p, 0));
	take_turn(&p);
	assert_false(told(&p, 0));
	assert_ok(&p.f->cx, db_commit(&p.f->cx));
	assert_true(told(&p, LONG));
	assert_false(told(&p, 0));
	pair_close(&p);
}

/* What a transaction of the listener's own lies over is told after it. */
static void
test_told_after_reading(void **state)
{
	struct pair p;
	struct count c;

	pair_open(&p, state);
	assert_true(told(&p, LONG));
	assert_ok(&p.cx, db_begin(&p.cx, p.other, DB_READ));
	assert_ok(&p.cx, db_one(&p.cx, &queries[COUNT], DB_NO_ARGS, &c));
	take_turn(&p);
	assert_ok(&p.f->cx, db_commit(&p.f->cx));
	db_rollback(&p.cx);
	assert_true(told(&p, LONG));
	pair_close(&p);
}

static void
test_not_told_of_what_is_undone(void **state)
{
	struct pair p;

	pair_open(&p, state);
	assert_true(told(&p, LONG));
	take_turn(&p);
	db_rollback(&p.f->cx);
	assert_false(told(&p, 100 * USEC_PER_MS));
	pair_close(&p);
}

static void
test_woken(void **state)
{
	struct pair p;

	pair_open(&p, state);
	told(&p, 0);
	eventfd_write(p.wake, 1);
	assert_false(told(&p, LONG));
	pair_close(&p);
}

/* A connection that was lost listens again as soon as it is there again. */
static void
test_listens_again(void **state)
{
	struct pair p;
	struct count c;

	pair_open(&p, state);
	assert_true(told(&p, LONG));
	fresh_admin(arena_printf(&p.cx.mem,
	        "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
	        " WHERE datname = '%s' AND query LIKE 'LISTEN%%'; END $$",
	        p.f->fresh.name));
	assert_false(told(&p, LONG)); /* its end is seen at once */
	assert_false(told(&p, 0));
	assert_ok(&p.cx, db_begin(&p.cx, p.other, DB_READ));
	assert_ok(&p.cx, db_one(&p.cx, &queries[COUNT], DB_NO_ARGS, &c));
	db_rollback(&p.cx);
	assert_true(told(&p, LONG));
	take_turn(&p);
	assert_ok(&p.f->cx, db_commit(&p.f->cx));
	assert_true(told(&p, LONG));
	pair_close(&p);
}

/* The first call on SQLite is no news either. */
static void
test_nobody_tells(void **state)
{
	struct pair p;

	pair_open(&p, state);
	take_turn(&p);
	assert_ok(&p.f->cx, db_commit(&p.f->cx));
	assert_false(told(&p, 0));
	pair_close(&p);
}

int
main(void)
{
	const struct CMUnitTest all[] = {
		CASES(SQLITE, test_woken),
		CASES(SQLITE, test_nobody_tells),
		CASES(POSTGRES, test_told),
		CASES(POSTGRES, test_told_after_reading),
		CASES(POSTGRES, test_not_told_of_what_is_undone),
		CASES(POSTGRES, test_woken),
		CASES(POSTGRES, test_listens_again),
	};

	return _cmocka_run_group_tests(
	        "listen", all, fresh_server() == NULL ? 2 : 7, NULL, NULL);
}
