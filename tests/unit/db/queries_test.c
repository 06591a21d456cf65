/* SPDX-License-Identifier: Apache-2.0 */
/* Every query of the program compiles on both engines and gives the columns that its row
 * wants. */

#include "fresh.h"

static void
check_all(enum db_engine engine)
{
	struct fresh f;
	struct ctx cx;
	struct db *db;
	int64_t version;
	int failed = 0;

	fresh_make(&f, engine);
	ctx_init(&cx, NULL);
	assert_ok(&cx, db_open(&cx, f.url, DB_WRITE, &db));
	assert_ok(&cx, db_migrate(&cx, db));
	assert_ok(&cx, db_version(&cx, db, &version));
	assert_true(version > 0);
	assert_true(n_db_queries > 0);
	for (size_t i = 0; i < n_db_queries; i++) {
		struct err *e = db_check(&cx, db, db_queries[i]);
		if (e == NULL)
			continue;
		failed++;
		print_message("# %s\n", err_text(&cx, e));
	}
	print_message("# %zu queries at version %d\n", n_db_queries, (int)version);
	assert_int_equal(failed, 0);
	db_close(db);
	ctx_close(&cx);
	fresh_drop(&f);
}

static void
test_sqlite(void **state)
{
	(void)state;
	check_all(DB_SQLITE);
}

static void
test_postgres(void **state)
{
	(void)state;
	check_all(DB_POSTGRES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sqlite),
		cmocka_unit_test(test_postgres),
	};
	size_t n = fresh_server() == NULL ? 1 : 2;

	return _cmocka_run_group_tests("queries", tests, n, NULL, NULL);
}
