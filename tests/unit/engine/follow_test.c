/* SPDX-License-Identifier: Apache-2.0 */
/* What another process committed comes into force beside the writer: only forward. */
#include "test.h"

#include "sim/world.h"

static const char first[] = "organisation: { name: House, zone: UTC, catch_all: user/ann }\n"
                            "users: { ann: { name: Ann, role: owner } }\n";

static struct change_set *
changes(struct ctx *cx, const char *text)
{
	struct change_set *set = ARENA_NEW(&cx->mem, struct change_set);

	assert_ok(cx, change_set_parse(cx, "test", str_from(text), set));
	return set;
}

static int64_t
number(struct config *c)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(c);

	return snapshot_revision(s);
}

static void
catch_up(struct world *w, struct config *c, int64_t revision)
{
	assert_ok(&w->cx, db_begin(&w->cx, w->db, DB_READ));
	assert_ok(&w->cx, config_catch_up(&w->cx, c, revision));
	db_rollback(&w->cx);
}

static void
test_only_forward(void **state)
{
	const struct plan_options options = { 0 };
	struct config *other;
	struct plan late;
	struct world w;

	(void)state;
	assert_ok(&w.cx, world_open(&w, NULL));
	clock_virtual(&w.clock, SECONDS(1000000000));
	w.cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	assert_ok(&w.cx, config_new(&w.cx, NULL, &other));
	assert_ok(&w.cx, world_apply(&w, changes(&w.cx, first)));

	catch_up(&w, other, number(w.config));
	assert_int_equal(number(other), 1);
	const struct snapshot *base = config_current(other);
	assert_ok(&w.cx,
	        config_plan(&w.cx, other, base, changes(&w.cx, "users: { bo: {} }\n"), &options,
	                &late));
	snapshot_unref(base);
	assert_ok(&w.cx, world_apply(&w, changes(&w.cx, "users: { cy: {} }\n")));
	assert_ok(&w.cx, world_apply(&w, changes(&w.cx, "users: { dee: {} }\n")));

	catch_up(&w, other, 1);
	assert_int_equal(number(other), 1); /* it is there already: nothing is read */
	catch_up(&w, other, 2);
	assert_int_equal(number(other), 3); /* all that there is */
	config_publish(other, &late);
	assert_int_equal(number(other), 3);
	const struct snapshot *now = config_current(other);
	assert_non_null(snapshot_user(now, "dee"));
	assert_null(snapshot_user(now, "bo"));
	snapshot_unref(now);

	plan_free(&late);
	config_free(other);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_only_forward) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
