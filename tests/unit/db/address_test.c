/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of databases that cannot be. */
#include "fresh.h"

static void
test_bad_addresses(void **state)
{
	static const struct {
		const char *url;
		enum db_access access;
		enum err_code code;
	} rows[] = {
		{ "", DB_WRITE, ERR_INVALID },
		{ "mysql://x", DB_WRITE, ERR_INVALID },
		{ "sqlite:", DB_WRITE, ERR_INVALID },
		{ "sqlite:/nowhere/at/all.db", DB_WRITE, ERR_UNAVAILABLE },
		{ "sqlite:/nowhere/at/all.db", DB_READ, ERR_UNAVAILABLE },
		{ "sqlite:/dev/zero", DB_WRITE, ERR_UNAVAILABLE },
		{ "postgres://u:secret@[h/x", DB_WRITE, ERR_INVALID },
		{ "postgres:///x?host=/nowhere", DB_WRITE, ERR_UNAVAILABLE },
	};
	struct ctx cx;
	struct db *db = NULL;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		print_message("# %s\n", rows[i].url);
		struct err *e = db_open(&cx, rows[i].url, rows[i].access, &db);
		assert_err(e, rows[i].code);
		assert_null(strstr(e->msg, "secret"));
		assert_null(db);
	}
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bad_addresses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
