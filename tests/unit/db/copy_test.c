/* SPDX-License-Identifier: Apache-2.0 */
/* The list of tables to copy is the schema: none is missing, none is made up. */
#include "db/copy.h"

#include "fresh.h"

struct name {
	const char *name;
};

static const struct db_col name_cols[] = { DB_COL(struct name, name) };
static const struct db_row name_row = DB_ROW(struct name, name_cols);
static const struct db_query catalogue = { .name = "catalogue",
	.text = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migration' "
	        "AND name <> 'node' ORDER BY name",
	.row = &name_row };

static bool
is_listed(const char *name, const char *const *tables, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tables[i], name) == 0)
			return true;
	return false;
}

static void
test_every_table(void **state)
{
	const char *const *tables;
	struct name *there;
	struct fresh f;
	struct ctx cx;
	struct db *db;
	size_t n, n_there;

	(void)state;
	fresh_make(&f, DB_SQLITE);
	ctx_init(&cx, NULL);
	assert_ok(&cx, db_open(&cx, f.url, DB_WRITE, &db));
	assert_ok(&cx, db_migrate(&cx, db));
	assert_ok(&cx, db_begin(&cx, db, DB_READ));
	assert_ok(&cx, db_list(&cx, &catalogue, DB_NO_ARGS, &there, &n_there));
	db_rollback(&cx);
	copy_tables(&cx.mem, &tables, &n);
	for (size_t i = 0; i < n_there; i++)
		if (!is_listed(there[i].name, tables, n))
			fail_msg("table %s is not copied", there[i].name);
	assert_int_equal(n, n_there);
	db_close(db);
	ctx_close(&cx);
	fresh_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
