/* SPDX-License-Identifier: Apache-2.0 */
/* What counts as one place, and who hears of a new one. */
#include "test.h"

#include "access/access.h"
#include "access/place.h"
#include "engine/timeline.h"
#include "queries.h"
#include "sim/world.h"

#define FOX(version) "Mozilla/5.0 (X11; Linux x86_64; rv:" version ") Firefox/" version
#define WEEK DAYS(7)

static void
test_what_a_place_is(void **state)
{
	static const struct {
		const char *network, *agent, *want;
	} rows[] = {
		{ "192.0.2.0/24", FOX("128.0"),
		        "192.0.2.0/24 Mozilla/. (X; Linux x_; rv:.) Firefox/." },
		{ "192.0.2.0/24", FOX("131.0"),
		        "192.0.2.0/24 Mozilla/. (X; Linux x_; rv:.) Firefox/." },
		{ "192.0.3.0/24", "curl/8.5.0", "192.0.3.0/24 curl/.." },
		{ "2001:db8:1::/48", "tocsin/0.1", "2001:db8:1::/48 tocsin/." },
		{ "", "", " " },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++)
		assert_string_equal(
		        place_of(&cx, rows[i].network, rows[i].agent), rows[i].want);
	ctx_close(&cx);
}

static int64_t
told(struct world *w)
{
	struct event *events;
	int64_t found = 0;
	size_t n;

	assert_ok(&w->cx, db_begin(&w->cx, w->db, DB_READ));
	assert_ok(&w->cx, db_list(&w->cx, &q_sim_timeline, DB_NO_ARGS, &events, &n));
	for (size_t i = 0; i < n; i++)
		found += strcmp(events[i].type, "auth.new-place") == 0;
	db_rollback(&w->cx);
	return found;
}

static void
test_who_is_told(void **state)
{
	static const struct {
		const char *user, *network, *agent;
		usec_t later;
		int64_t told;
	} rows[] = {
		{ "ada", "192.0.2.0/24", FOX("128.0"), 0, 0 }, /* the first of all */
		{ "ada", "192.0.2.0/24", FOX("131.0"), WEEK, 0 },
		{ "ada", "198.51.100.0/24", FOX("131.0"), WEEK, 1 },
		{ "ada", "198.51.100.0/24", FOX("131.0"), WEEK, 1 },
		{ "bo", "198.51.100.0/24", FOX("131.0"), 0, 1 }, /* his own first */
		{ "ada", "198.51.100.0/24", "curl/8.5.0", 0, 2 },
		{ "ada", "192.0.2.0/24", FOX("131.0"), 50 * WEEK, 2 },
		{ "ada", "198.51.100.0/24", "curl/8.5.0", 3 * WEEK, 3 }, /* a year ago */
	};
	struct change_set set = { 0 };
	struct world w;

	(void)state;
	assert_ok(&w.cx, world_open(&w, NULL));
	w.clock.at = SECONDS(1772445600);
	assert_ok(&w.cx,
	        change_set_parse(
	                &w.cx, "org.yaml", STR("users: {ada: {role: owner}, bo: {}}\n"), &set));
	assert_ok(&w.cx, world_apply(&w, &set));
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct session_open o = { .user_id = rows[i].user,
			.address = "",
			.network = rows[i].network,
			.agent = rows[i].agent,
			.limits = { .span = DAYS(14), .idle = DAYS(14) } };
		w.clock.at += rows[i].later;
		assert_ok(&w.cx, world_do(&w, session_open_run, &o));
		assert_int_equal(told(&w), rows[i].told);
	}
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_place_is),
		cmocka_unit_test(test_who_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
