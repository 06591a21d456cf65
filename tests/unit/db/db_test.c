/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The face over both engines: each case runs on SQLite and, under tools/pgtest, on PostgreSQL.
 * A case begins with an empty database that has the one table `thing`.
 */

#include "fixture.h"

/* ---- arguments and rows ---- */

static void
test_round_trip(void **state)
{
	static const struct thing rows[] = {
		{ 1, 2, true, "three", RED },
		{ 0, 0, false, "", COLOUR_NONE },
		{ INT64_MAX, INT32_MAX, true, "it's ?1 \"quoted\" \\ $1", GREEN },
		{ INT64_MIN, INT32_MIN, false, "ünïcødé 火 \xf0\x9f\x9a\xa8\n\t", RED },
	};
	struct fixture *f = *state;
	struct thing got;

	begin(f);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct thing *t = &rows[i];
		assert_ok(&f->cx,
		        db_exec(&f->cx, &queries[ADD],
		                DB_ARGS(t->id, t->small, t->flag, t->name,
		                        colour_names[t->colour])));
		assert_int_equal(f->cx.tx->changes, 1);
		assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(t->id), &got));
		assert_int_equal(got.id, t->id);
		assert_int_equal(got.small, t->small);
		assert_int_equal(got.flag, t->flag);
		assert_string_equal(got.name, t->name);
		assert_int_equal(got.colour, t->colour);
	}
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count(f), NELEMS(rows));
}

static void
test_argument_types(void **state)
{
	struct fixture *f = *state;
	struct thing got;
	struct str part = { "abcdef", 3 };

	begin(f);
	assert_ok(&f->cx,
	        db_exec(&f->cx, &queries[ADD],
	                DB_ARGS((size_t)7, 3u, false, part, DB_NULL_IF(true, 0))));
	assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(7), &got));
	assert_int_equal(got.small, 3);
	assert_string_equal(got.name, "abc");
	assert_int_equal(got.colour, COLOUR_NONE);
	assert_ok(&f->cx,
	        db_exec(&f->cx, &queries[ADD],
	                DB_ARGS(8, DB_NULL_IF(false, 9), true, ((struct str){ NULL, 0 }),
	                        "green")));
	assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(8), &got));
	assert_int_equal(got.small, 9);
	assert_string_equal(got.name, "");
}

static void
test_nulls(void **state)
{
	struct fixture *f = *state;
	struct thing got = { .small = 5, .flag = true, .name = "x", .colour = RED };
	struct count sum = { 5 };

	begin(f);
	assert_ok(&f->cx, db_one(&f->cx, &queries[SUM], DB_NO_ARGS, &sum));
	assert_int_equal(sum.n, 0);
	assert_ok(
	        &f->cx, db_exec(&f->cx, &queries[ADD_CHILD], DB_ARGS(4, DB_NULL_IF(true, 0))));
	assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(4), &got));
	assert_int_equal(got.small, 0);
	assert_false(got.flag);
	assert_null(got.name);
	assert_int_equal(got.colour, COLOUR_NONE);
	assert_ok(&f->cx, db_one(&f->cx, &queries[SUM], DB_NO_ARGS, &sum));
	assert_int_equal(sum.n, 4);
}

static void
test_optional_filter(void **state)
{
	struct fixture *f = *state;
	struct thing *things;
	size_t n;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, add(&f->cx, 2, "b"));
	assert_ok(&f->cx,
	        db_list(&f->cx, &queries[FIND], DB_ARGS((const char *)NULL), &things, &n));
	assert_int_equal(n, 2);
	assert_ok(&f->cx, db_list(&f->cx, &queries[FIND], DB_ARGS("b"), &things, &n));
	assert_int_equal(n, 1);
	assert_int_equal(things[0].id, 2);
}

static void
test_one_and_maybe(void **state)
{
	struct fixture *f = *state;
	struct thing got = { .id = 77 };
	bool found = true;

	begin(f);
	assert_err(db_one(&f->cx, &queries[GET], DB_ARGS(1), &got), ERR_NOT_FOUND);
	assert_ok(&f->cx, db_maybe(&f->cx, &queries[GET], DB_ARGS(1), &got, &found));
	assert_false(found);
	assert_int_equal(got.id, 77);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, db_maybe(&f->cx, &queries[GET], DB_ARGS(1), &got, &found));
	assert_true(found);
	assert_int_equal(got.id, 1);
	assert_ok(&f->cx, add(&f->cx, 2, "a"));
	assert_err(db_one(&f->cx, &queries[ALL], DB_NO_ARGS, &got), ERR_BUG);
	assert_ok(&f->cx, db_commit(&f->cx)); /* what was read has no say in this */
}

static void
test_list_in_any_column_order(void **state)
{
	struct fixture *f = *state;
	struct thing *things;
	size_t n = 9;

	begin(f);
	assert_ok(&f->cx, db_list(&f->cx, &queries[ALL], DB_NO_ARGS, &things, &n));
	assert_int_equal(n, 0);
	for (int64_t i = 0; i < 1000; i++)
		assert_ok(&f->cx, post(&f->cx, i, i % 2 ? "odd" : "even"));
	assert_ok(&f->cx, db_list(&f->cx, &queries[ALL], DB_NO_ARGS, &things, &n));
	assert_int_equal(n, 1000);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(things[i].id, i);
		assert_string_equal(things[i].name, i % 2 ? "odd" : "even");
		assert_int_equal(things[i].colour, RED);
	}
}

static void
test_each(void **state)
{
	static const struct {
		struct walk walk;
		int64_t seen;
		int fails; /* with this code; -1: not at all */
	} rows[] = {
		{ { 0 }, 3000, -1 },
		{ { .stop_at = 10 }, 10, ERR_LIMIT },
		{ { .nested = true }, 1, ERR_BUG },
		{ { .stop_at = 3000 }, 3000, ERR_LIMIT },
	};
	struct fixture *f = *state;
	struct count c;

	begin(f);
	for (int64_t i = 0; i < 3000; i++)
		assert_ok(&f->cx, post(&f->cx, i, "walked"));
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct walk w = rows[i].walk;
		struct err *e = db_each(&f->cx, &queries[ALL], DB_NO_ARGS, walk_one, &w);
		assert_int_equal(e == NULL ? -1 : (int)e->code, rows[i].fails);
		assert_int_equal(w.seen, rows[i].seen);
		assert_ok(&f->cx, db_one(&f->cx, &queries[COUNT], DB_NO_ARGS, &c));
		assert_int_equal(c.n, 3000);
	}
	assert_ok(&f->cx, db_commit(&f->cx));
}

static void
test_wrong_values(void **state)
{
	struct fixture *f = *state;
	struct thing got;

	begin(f);
	assert_ok(&f->cx, db_exec(&f->cx, &queries[ADD], DB_ARGS(1, 1, true, "a", "blue")));
	assert_ok(&f->cx,
	        db_exec(&f->cx, &queries[ADD], DB_ARGS(2, INT64_C(1) << 31, true, "a", "red")));
	assert_err(db_one(&f->cx, &queries[GET], DB_ARGS(1), &got), ERR_BUG);
	assert_err(db_one(&f->cx, &queries[GET], DB_ARGS(2), &got), ERR_BUG);
	assert_err(db_exec(&f->cx, &queries[RENAME], DB_ARGS(1, ((struct str){ "a\0b", 3 }))),
	        ERR_INVALID);
	assert_ok(&f->cx, db_commit(&f->cx));
}

static void
test_big_texts(void **state)
{
	static const size_t sizes[] = { 4096, 1000000, 5000000 };
	struct fixture *f = *state;
	struct thing got;

	begin(f);
	assert_ok(&f->cx, db_script(&f->cx, "DROP INDEX thing_name;"));
	for (size_t i = 0; i < NELEMS(sizes); i++) {
		char *text = arena_alloc(&f->cx.mem, sizes[i] + 1);
		memset(text, 'a' + (int)i, sizes[i]);
		assert_ok(&f->cx, post(&f->cx, (int64_t)i, text));
		assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(i), &got));
		assert_int_equal(strlen(got.name), sizes[i]);
		assert_true(strcmp(got.name, text) == 0);
	}
	assert_ok(&f->cx, db_commit(&f->cx));
}

/* Posts whose replies and whose requests are each more than a socket holds. */
static void
test_many_posts(void **state)
{
	struct fixture *f = *state;
	char text[2001] = { 0 };

	memset(text, 'x', sizeof text - 1);
	begin(f);
	for (int64_t i = 0; i < 5000; i++)
		assert_ok(&f->cx, post(&f->cx, i, text));
	assert_int_equal(f->cx.tx->n_writes, 5000);
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count(f), 5000);
}

/* More questions than one exchange holds, between posts that they must see. */
static void
test_maybe_all(void **state)
{
	enum { N = 700 };
	struct fixture *f = *state;
	struct thing got[N] = { 0 };
	struct db_arg args[N];
	struct db_ask asks[N];

	begin(f);
	for (int64_t i = 0; i < N; i += 2)
		assert_ok(&f->cx, post(&f->cx, i, "even"));
	for (int64_t i = 0; i < N; i++) {
		args[i] = DB_ARGS(i).items[0];
		asks[i] = (struct db_ask){ { &args[i], 1 }, &got[i], false };
	}
	assert_ok(&f->cx, db_maybe_all(&f->cx, &queries[GET], asks, N));
	for (int64_t i = 0; i < N; i++) {
		assert_int_equal(asks[i].found, i % 2 == 0);
		assert_int_equal(got[i].id, i % 2 == 0 ? i : 0);
	}
	assert_ok(&f->cx, post(&f->cx, 1, "odd"));
	assert_ok(&f->cx, db_maybe_all(&f->cx, &queries[GET], &asks[1], 1));
	assert_string_equal(got[1].name, "odd");
	assert_ok(&f->cx, db_maybe_all(&f->cx, &queries[GET], asks, 0));
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count(f), N / 2 + 1);
}

/* A failure among what was sent before is told, and nothing is left behind. */
static void
test_maybe_all_fails(void **state)
{
	struct fixture *f = *state;
	struct thing got;
	struct db_arg arg = DB_ARGS(1).items[0];
	struct db_ask ask = { { &arg, 1 }, &got, false };

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	struct err *e = post(&f->cx, 1, "the same id");
	if (e == NULL)
		e = db_maybe_all(&f->cx, &queries[GET], &ask, 1);
	assert_err(e, ERR_CONFLICT);
	db_rollback(&f->cx);
	assert_int_equal(count(f), 0);
}

/* ---- transactions ---- */

static void
test_changes(void **state)
{
	struct fixture *f = *state;
	struct thing got;

	begin(f);
	for (int64_t i = 1; i <= 5; i++)
		assert_ok(&f->cx, post(&f->cx, i, "a"));
	assert_ok(&f->cx, db_exec(&f->cx, &queries[RENAME], DB_ARGS(3, "b")));
	assert_int_equal(f->cx.tx->changes, 3);
	assert_ok(&f->cx, db_exec(&f->cx, &queries[RENAME], DB_ARGS(9, "b")));
	assert_int_equal(f->cx.tx->changes, 0);
	assert_int_equal(f->cx.tx->n_writes, 7);
	assert_ok(&f->cx, db_one(&f->cx, &queries[RETURNS], DB_ARGS(1), &got));
	assert_int_equal(got.small, 2);
	assert_ok(&f->cx, db_exec(&f->cx, &queries[RETURNS], DB_ARGS(1)));
	assert_int_equal(f->cx.tx->changes, 1);
	assert_ok(&f->cx, db_exec(&f->cx, &queries[COUNT], DB_NO_ARGS));
}

static void
test_rollback(void **state)
{
	struct fixture *f = *state;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	db_rollback(&f->cx);
	assert_null(f->cx.tx);
	db_rollback(&f->cx);
	begin(f);
	assert_ok(&f->cx, post(&f->cx, 2, "a"));
	db_rollback(&f->cx);
	assert_int_equal(count(f), 0);
}

static void
test_constraints(void **state)
{
	struct fixture *f = *state;
	struct {
		const struct db_query *q;
		struct db_args args;
		enum err_code code;
	} rows[] = {
		{ &queries[ADD], DB_ARGS(1, 1, true, "a", "red"), ERR_CONFLICT },
		{ &queries[ADD_CHILD], DB_ARGS(5, 99), ERR_CONFLICT },
		{ &queries[RAISE], DB_ARGS(1), ERR_CONFLICT },
		{ &queries[RAISE], DB_ARGS(1, 2), ERR_BUG },
		{ &queries[BROKEN], DB_NO_ARGS, ERR_BUG },
	};

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, db_commit(&f->cx));
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct count c;

		begin(f);
		assert_ok(&f->cx, add(&f->cx, 2, "lost"));
		assert_err(db_exec(&f->cx, rows[i].q, rows[i].args), rows[i].code);
		/* On both engines it can only be rolled back now. */
		assert_err(db_one(&f->cx, &queries[COUNT], DB_NO_ARGS, &c), rows[i].code);
		assert_err(db_commit(&f->cx), rows[i].code);
		assert_null(f->cx.tx);
		assert_int_equal(count(f), 1);
	}
}

static void
test_failed_posts(void **state)
{
	struct fixture *f = *state;
	struct count c;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, db_commit(&f->cx));

	begin(f); /* found at commit */
	assert_ok(&f->cx, post(&f->cx, 2, "a"));
	err_ignore(post(&f->cx, 1, "twice"), "SQLite tells at once, PostgreSQL later");
	err_ignore(post(&f->cx, 3, "a"), "the same");
	assert_err(db_commit(&f->cx), ERR_CONFLICT);
	assert_int_equal(count(f), 1);

	begin(f); /* found by the next that waits */
	err_ignore(post(&f->cx, 1, "twice"), "the same");
	assert_err(db_one(&f->cx, &queries[COUNT], DB_NO_ARGS, &c), ERR_CONFLICT);
	assert_err(db_commit(&f->cx), ERR_CONFLICT);

	begin(f); /* found in the middle of many */
	for (int64_t i = 0; i < 2000; i++)
		err_ignore(post(&f->cx, i, "a"), "the same");
	assert_err(db_commit(&f->cx), ERR_CONFLICT);

	begin(f); /* a query that does not compile, and one first prepared behind it */
	err_ignore(db_post(&f->cx, &queries[BROKEN], DB_NO_ARGS), "the same");
	err_ignore(db_post(&f->cx, &queries[RENAME], DB_ARGS(1, "b")), "the same");
	db_rollback(&f->cx);
	begin(f);
	assert_ok(&f->cx, db_post(&f->cx, &queries[RENAME], DB_ARGS(1, "b")));
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count(f), 1);
}

static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	struct db *reader, *writer = f->db;
	struct thing got;
	bool found;

	assert_ok(&f->cx, db_open(&f->cx, f->fresh.url, DB_READ, &reader));
	assert_err(db_begin(&f->cx, reader, DB_WRITE), ERR_BUG);
	for (int i = 0; i < 2; i++) {
		assert_ok(&f->cx, db_begin(&f->cx, i == 0 ? reader : writer, DB_READ));
		assert_err(add(&f->cx, 1, "a"), ERR_BUG);
		assert_err(post(&f->cx, 1, "a"), ERR_BUG);
		db_rollback(&f->cx);
		assert_ok(&f->cx, db_begin(&f->cx, i == 0 ? reader : writer, DB_READ));
		assert_err(
		        db_maybe(&f->cx, &queries[RETURNS], DB_ARGS(1), &got, &found), ERR_BUG);
		db_rollback(&f->cx);
	}
	db_close(reader);
	assert_int_equal(count(f), 0);
}

/* A reader sees one state from its first look to its end. */
static void
test_snapshot(void **state)
{
	struct fixture *f = *state;
	struct ctx reading;
	struct db *reader;
	struct count c;

	ctx_init(&reading, NULL);
	assert_ok(&f->cx, db_open(&f->cx, f->fresh.url, DB_READ, &reader));
	assert_ok(&reading, db_begin(&reading, reader, DB_READ));
	for (int64_t i = 0; i < 3; i++) {
		assert_ok(&reading, db_one(&reading, &queries[COUNT], DB_NO_ARGS, &c));
		assert_int_equal(c.n, 0);
		begin(f);
		assert_ok(&f->cx, add(&f->cx, i, "a"));
		assert_ok(&f->cx, db_commit(&f->cx));
	}
	assert_ok(&reading, db_commit(&reading));
	assert_ok(&reading, db_begin(&reading, reader, DB_READ));
	assert_ok(&reading, db_one(&reading, &queries[COUNT], DB_NO_ARGS, &c));
	assert_int_equal(c.n, 3);
	assert_ok(&reading, db_commit(&reading));
	db_close(reader);
	ctx_close(&reading);
}

/* A unit of work may lend its transaction to another, as the writer does. */
static void
test_lent_transaction(void **state)
{
	struct fixture *f = *state;
	struct ctx other;
	struct thing got;

	ctx_init(&other, NULL);
	begin(f);
	other.tx = f->cx.tx;
	assert_ok(&other, add(&other, 1, "a"));
	assert_err(add(&other, 1, "twice"), ERR_CONFLICT);
	other.tx = NULL;
	ctx_close(&other);
	assert_err(db_one(&f->cx, &queries[GET], DB_ARGS(1), &got), ERR_CONFLICT);
	assert_err(db_commit(&f->cx), ERR_CONFLICT);
}

static void
test_reopen(void **state)
{
	struct fixture *f = *state;
	struct thing got;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "kept"));
	assert_ok(&f->cx, db_commit(&f->cx));
	begin(f);
	assert_ok(&f->cx, add(&f->cx, 2, "lost"));
	db_rollback(&f->cx);
	db_close(f->db);
	open_db(f);
	assert_int_equal(count(f), 1);
	assert_ok(&f->cx, db_begin(&f->cx, f->db, DB_READ));
	assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(1), &got));
	assert_string_equal(got.name, "kept");
	db_rollback(&f->cx);
	begin(f); /* closing rolls back */
	assert_ok(&f->cx, add(&f->cx, 2, "lost"));
	db_close(f->db);
	f->cx.tx = NULL;
	open_db(f);
	assert_int_equal(count(f), 1);
}

/* ---- checks of queries ---- */

static void
test_check(void **state)
{
	static const struct {
		int query;
		int fails; /* -1: no */
	} rows[] = {
		{ ADD, -1 },
		{ GET, -1 },
		{ ALL, -1 },
		{ RETURNS, -1 },
		{ LITERAL, -1 },
		{ BROKEN, ERR_BUG },
		{ NO_COLUMN, ERR_BUG },
		{ MORE_COLUMNS, ERR_BUG },
		{ COUNT, -1 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = db_check(&f->cx, f->db, &queries[rows[i].query]);
		assert_int_equal(e == NULL ? -1 : (int)e->code, rows[i].fails);
	}
	begin(f);
	struct count c;
	assert_ok(&f->cx, db_exec(&f->cx, &queries[ADD], DB_ARGS(1, 1, true, "?1", "red")));
	assert_ok(&f->cx, db_one(&f->cx, &queries[LITERAL], DB_ARGS(1), &c));
	assert_int_equal(c.n, 1);
	struct thing got;
	bool found;
	assert_err(db_maybe(&f->cx, &queries[NO_COLUMN], DB_NO_ARGS, &got, &found), ERR_BUG);
	assert_err(
	        db_maybe(&f->cx, &queries[ADD], DB_ARGS(2, 1, true, "a", "red"), &got, &found),
	        ERR_BUG);
}

/* Two queries that take turns in one slot. */
static void
test_slot_taken(void **state)
{
	static const struct db_query other = { "other",
		"SELECT COUNT(*) AS n FROM thing WHERE id = ?1", &count_row, TEST_SLOT + GET };
	struct fixture *f = *state;
	struct thing got;
	struct count c;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	for (int i = 0; i < 3; i++) {
		assert_ok(&f->cx, db_one(&f->cx, &queries[GET], DB_ARGS(1), &got));
		assert_string_equal(got.name, "a");
		assert_ok(&f->cx, db_one(&f->cx, &other, DB_ARGS(1), &c));
		assert_int_equal(c.n, 1);
	}
}

/* ---- migrations ---- */

static const struct migration two_steps[] = {
	{ 1, "one", "CREATE TABLE first (id INT64 PRIMARY KEY, on_duty BOOL);\n" },
	{ 2, "two", "CREATE TABLE second (t TEXT);\nINSERT INTO second VALUES ('BOOL;');\n" },
};
static const struct migration changed[] = {
	{ 1, "one", "CREATE TABLE first (id INT64 PRIMARY KEY);\n" },
	{ 2, "two", "CREATE TABLE second (t TEXT);\nINSERT INTO second VALUES ('BOOL;');\n" },
};
static const struct migration failing[] = {
	{ 1, "one", "CREATE TABLE first (id INT64 PRIMARY KEY, on_duty BOOL);\n" },
	{ 2, "bad", "CREATE TABLE third (t TEXT);\nINSERT INTO nowhere VALUES (1);\n" },
};

static void
assert_version(struct fixture *f, int64_t want)
{
	int64_t got = -1;

	assert_ok(&f->cx, db_version(&f->cx, f->db, &got));
	assert_int_equal(got, want);
}

static void
test_migrations(void **state)
{
	struct fixture *f = *state;

	assert_version(f, 0);
	assert_ok(&f->cx, migrate_to(&f->cx, f->db, two_steps, 1));
	assert_version(f, 1);
	assert_err(migrate_to(&f->cx, f->db, failing, 2), ERR_BUG);
	assert_null(f->cx.tx);
	assert_version(f, 1);
	assert_ok(&f->cx, migrate_to(&f->cx, f->db, two_steps, 2));
	assert_version(f, 2);
	assert_ok(&f->cx, migrate_to(&f->cx, f->db, two_steps, 2));
	assert_version(f, 2);

	struct err *e = migrate_to(&f->cx, f->db, two_steps, 1);
	assert_err(e, ERR_CONFLICT);
	assert_non_null(strstr(e->msg, "migration 2 (two)"));
	e = migrate_to(&f->cx, f->db, changed, 2);
	assert_err(e, ERR_CONFLICT);
	assert_non_null(strstr(e->msg, "migration 1 (one)"));
	assert_version(f, 2);
}

/* Processes that start at the same time share the work. */
static void *
migrate_in_thread(void *arg)
{
	const char *url = arg;
	struct ctx cx;
	struct db *db = NULL;

	ctx_init(&cx, NULL);
	struct err *e = db_open(&cx, url, DB_WRITE, &db);
	if (e == NULL)
		e = db_migrate(&cx, db);
	if (e != NULL)
		fprintf(stderr, "# %s\n", err_text(&cx, e));
	db_close(db);
	ctx_close(&cx);
	return e == NULL ? arg : NULL;
}

static void
test_migrations_at_once(void **state)
{
	struct fixture *f = *state;
	pthread_t threads[4];
	void *ok;

	for (size_t i = 0; i < NELEMS(threads); i++)
		assert_int_equal(
		        pthread_create(&threads[i], NULL, migrate_in_thread, f->fresh.url), 0);
	for (size_t i = 0; i < NELEMS(threads); i++) {
		pthread_join(threads[i], &ok);
		assert_non_null(ok);
	}
	assert_version(f, (int64_t)n_db_migrations);
}

#define ALL_CASES(engine)                                                                      \
	CASES(engine, test_round_trip), CASES(engine, test_argument_types),                    \
	        CASES(engine, test_nulls), CASES(engine, test_optional_filter),                \
	        CASES(engine, test_one_and_maybe),                                             \
	        CASES(engine, test_list_in_any_column_order), CASES(engine, test_each),        \
	        CASES(engine, test_wrong_values), CASES(engine, test_big_texts),               \
	        CASES(engine, test_many_posts), CASES(engine, test_maybe_all),                 \
	        CASES(engine, test_maybe_all_fails), CASES(engine, test_changes),              \
	        CASES(engine, test_rollback), CASES(engine, test_constraints),                 \
	        CASES(engine, test_failed_posts), CASES(engine, test_read_only),               \
	        CASES(engine, test_snapshot), CASES(engine, test_lent_transaction),            \
	        CASES(engine, test_reopen), CASES(engine, test_check),                         \
	        CASES(engine, test_slot_taken), CASES(engine, test_migrations),                \
	        CASES(engine, test_migrations_at_once)

int
main(void)
{
	/* PostgreSQL's last, so that they can be left out. */
	const struct CMUnitTest all[] = { ALL_CASES(SQLITE), ALL_CASES(POSTGRES) };
	size_t n = fresh_server() == NULL ? NELEMS(all) / 2 : NELEMS(all);

	return _cmocka_run_group_tests("db", all, n, NULL, NULL);
}
