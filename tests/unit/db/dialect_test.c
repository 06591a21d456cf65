/* SPDX-License-Identifier: Apache-2.0 */
/* What is put into the engines' own words, and what is left alone. */

#include "test.h"

#include "db/driver.h"

static void
test_params(void **state)
{
	static const struct {
		const char *name, *sql, *want;
	} rows[] = {
		{ "none", "SELECT 1", "SELECT 1" },
		{ "two, out of order", "SELECT ?2, ?1", "SELECT $2, $1" },
		{ "two digits", "a=?10 AND b=?1", "a=$10 AND b=$1" },
		{ "in a text", "SELECT '?1', ?1", "SELECT '?1', $1" },
		{ "in a text with a quote", "SELECT 'it''s ?1', ?1", "SELECT 'it''s ?1', $1" },
		{ "in a quoted name", "SELECT \"?1\", ?1", "SELECT \"?1\", $1" },
		{ "in a comment", "SELECT ?1 -- ?1\n, ?2", "SELECT $1 -- ?1\n, $2" },
		{ "in a long comment", "SELECT /* ?1 */ ?1", "SELECT /* ?1 */ $1" },
		{ "an operator, no parameter", "a ? b", "a ? b" },
		{ "a text that never ends", "SELECT 'a ?1", "SELECT 'a ?1" },
		{ "a comment that never ends", "SELECT /* ?1", "SELECT /* ?1" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		print_message("# %s\n", rows[i].name);
		assert_string_equal(dialect_params(&a, rows[i].sql), rows[i].want);
	}
	arena_free(&a);
}

static void
test_scripts(void **state)
{
	static const struct {
		const char *name, *sql, *sqlite, *postgres;
	} rows[] = {
		{ "types", "CREATE TABLE t (a INT64, b BOOL, c TEXT);",
		        "CREATE TABLE t (a INTEGER, b INTEGER, c TEXT) STRICT;",
		        "CREATE TABLE t (a BIGINT, b BOOLEAN, c TEXT);" },
		{ "whole words, in capitals only",
		        "CREATE TABLE t (a_INT64 INT64, Bool INT64_);",
		        "CREATE TABLE t (a_INT64 INTEGER, Bool INT64_) STRICT;",
		        "CREATE TABLE t (a_INT64 BIGINT, Bool INT64_);" },
		{ "texts, names and comments stay",
		        "CREATE TABLE t (a TEXT DEFAULT 'BOOL;', \"BOOL\" BOOL); -- BOOL; x\n",
		        "CREATE TABLE t (a TEXT DEFAULT 'BOOL;', \"BOOL\" INTEGER) STRICT; "
		        "-- BOOL; x\n",
		        "CREATE TABLE t (a TEXT DEFAULT 'BOOL;', \"BOOL\" BOOLEAN); "
		        "-- BOOL; x\n" },
		{ "only tables are strict",
		        "CREATE INDEX i ON t (a);CREATE UNIQUE INDEX j ON t (b);\n"
		        "DROP TABLE t;ALTER TABLE u ADD COLUMN x BOOL;",
		        "CREATE INDEX i ON t (a);CREATE UNIQUE INDEX j ON t (b);\n"
		        "DROP TABLE t;ALTER TABLE u ADD COLUMN x INTEGER;",
		        "CREATE INDEX i ON t (a);CREATE UNIQUE INDEX j ON t (b);\n"
		        "DROP TABLE t;ALTER TABLE u ADD COLUMN x BOOLEAN;" },
		{ "a table after a comment", "-- about t\nCREATE TABLE t (a BOOL)\n;\n",
		        "-- about t\nCREATE TABLE t (a INTEGER)\n STRICT;\n",
		        "-- about t\nCREATE TABLE t (a BOOLEAN)\n;\n" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		print_message("# %s\n", rows[i].name);
		assert_string_equal(dialect_script(&a, DB_SQLITE, rows[i].sql), rows[i].sqlite);
		assert_string_equal(
		        dialect_script(&a, DB_POSTGRES, rows[i].sql), rows[i].postgres);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_scripts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
