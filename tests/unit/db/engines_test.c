/* SPDX-License-Identifier: Apache-2.0 */
/* What only one of the two engines has: files and their copies, connections and deadlocks. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.h"

static void
assert_private(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_file_modes(void **state)
{
	struct fixture *f = *state;
	const char *path = f->fresh.url + strlen("sqlite:");

	assert_private(path);
	assert_private(arena_printf(&f->cx.mem, "%s-wal", path));
}

#define PAIRS 300

/* Two rows in each transaction, so that half of one would show. */
static void *
write_pairs(void *arg)
{
	const char *url = arg;
	struct ctx cx;
	struct db *db = NULL;

	ctx_init(&cx, NULL);
	struct err *e = db_open(&cx, url, DB_WRITE, &db);
	for (int64_t i = 0; i < PAIRS && e == NULL; i++) {
		e = db_begin(&cx, db, DB_WRITE);
		if (e == NULL)
			e = post(&cx, 10000 + 2 * i, "pair");
		if (e == NULL)
			e = post(&cx, 10001 + 2 * i, "pair");
		if (e == NULL)
			e = db_commit(&cx);
	}
	db_rollback(&cx);
	db_close(db);
	ctx_close(&cx);
	return e == NULL ? arg : NULL;
}

static void
test_backup(void **state)
{
	struct fixture *f = *state;
	const char *path = arena_printf(&f->cx.mem, "%s/copy.db", f->fresh.folder);
	char filler[2000] = { 0 };
	pthread_t writer;
	void *ok;

	memset(filler, 'f', sizeof filler - 1);
	begin(f);
	for (int64_t i = 0; i < 4000; i++) /* some thousand pages: several steps */
		assert_ok(&f->cx, post(&f->cx, i, filler));
	assert_ok(&f->cx, db_commit(&f->cx));

	assert_int_equal(pthread_create(&writer, NULL, write_pairs, f->fresh.url), 0);
	assert_ok(&f->cx, db_backup(&f->cx, f->db, path));
	pthread_join(writer, &ok);
	assert_non_null(ok);
	assert_int_equal(count(f), 4000 + 2 * PAIRS);
	assert_private(path);
	assert_err(db_backup(&f->cx, f->db, path), ERR_CONFLICT);
	assert_err(db_backup(&f->cx, f->db, "/nowhere/at/all"), ERR_UNAVAILABLE);

	db_close(f->db);
	snprintf(f->fresh.url, sizeof f->fresh.url, "sqlite:%s", path);
	open_db(f);
	int64_t n = count(f);
	print_message("# %d of %d pairs in the copy\n", (int)(n - 4000) / 2, PAIRS);
	assert_true(n >= 4000 && n <= 4000 + 2 * PAIRS && n % 2 == 0);
	begin(f);
	assert_ok(&f->cx, add(&f->cx, 99999, "a copy is a database"));
	assert_ok(&f->cx, db_commit(&f->cx));
}

static void
test_backup_elsewhere(void **state)
{
	struct fixture *f = *state;

	assert_err(db_backup(&f->cx, f->db, "/tmp/never"), ERR_INVALID);
}

static void
kill_sessions(struct fixture *f)
{
	fresh_admin(arena_printf(&f->cx.mem,
	        "DO $$ BEGIN PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
	        "WHERE datname = '%s'; END $$",
	        f->fresh.name));
}

static void
test_lost_connection(void **state)
{
	struct fixture *f = *state;
	struct count c;

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, db_commit(&f->cx));

	kill_sessions(f); /* idle: nobody notices */
	assert_int_equal(count(f), 1);

	begin(f); /* at a statement that waits */
	assert_ok(&f->cx, add(&f->cx, 2, "a"));
	kill_sessions(f);
	assert_err(db_one(&f->cx, &queries[COUNT], DB_NO_ARGS, &c), ERR_UNAVAILABLE);
	assert_err(db_commit(&f->cx), ERR_UNAVAILABLE);
	assert_int_equal(count(f), 1);

	begin(f); /* at commit */
	assert_ok(&f->cx, post(&f->cx, 3, "a"));
	kill_sessions(f);
	assert_err(db_commit(&f->cx), ERR_UNAVAILABLE);
	assert_null(f->cx.tx);
	assert_int_equal(count(f), 1);

	begin(f); /* at a rollback, and amid rows */
	kill_sessions(f);
	db_rollback(&f->cx);
	begin(f);
	kill_sessions(f);
	struct walk w = { 0 };
	assert_err(db_each(&f->cx, &queries[ALL], DB_NO_ARGS, walk_one, &w), ERR_UNAVAILABLE);
	db_rollback(&f->cx);
	begin(f);
	assert_ok(&f->cx, add(&f->cx, 2, "a"));
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count(f), 2);
}

/* Writers that take two rows in opposite order: one of them is told to run again. */
struct crossing {
	const char *url;
	int64_t first, second;
	pthread_barrier_t *both;
	int code; /* -1: went through */
};

static void *
cross(void *arg)
{
	struct crossing *x = arg;
	struct ctx cx;
	struct db *db = NULL;

	ctx_init(&cx, NULL);
	struct err *e = db_open(&cx, x->url, DB_WRITE, &db);
	if (e == NULL)
		e = db_begin(&cx, db, DB_WRITE);
	if (e == NULL)
		e = db_exec(&cx, &queries[RETURNS], DB_ARGS(x->first));
	pthread_barrier_wait(x->both);
	if (e == NULL)
		e = db_exec(&cx, &queries[RETURNS], DB_ARGS(x->second));
	if (e == NULL)
		e = db_commit(&cx);
	x->code = e == NULL ? -1 : (int)e->code;
	db_rollback(&cx);
	db_close(db);
	ctx_close(&cx);
	return NULL;
}

static void
test_deadlock(void **state)
{
	struct fixture *f = *state;
	pthread_barrier_t both;
	pthread_t threads[2];
	struct crossing x[2] = { { f->fresh.url, 1, 2, &both, 0 },
		{ f->fresh.url, 2, 1, &both, 0 } };

	begin(f);
	assert_ok(&f->cx, add(&f->cx, 1, "a"));
	assert_ok(&f->cx, add(&f->cx, 2, "a"));
	assert_ok(&f->cx, db_commit(&f->cx));
	pthread_barrier_init(&both, NULL, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, cross, &x[i]), 0);
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&both);
	assert_int_equal(x[0].code + x[1].code, -1 + (int)ERR_CONFLICT);
}

/* ---- the gathered log ---- */

#define MANY 400 /* with their filler more than what is gathered, and than the small cache */

static void
add_many(struct fixture *f, int64_t from)
{
	char filler[2000] = { 0 };

	memset(filler, 'f', sizeof filler - 1);
	begin(f);
	assert_ok(&f->cx,
	        db_script(&f->cx, "PRAGMA cache_size = 20;")); /* pages go to the log early */
	for (int64_t i = 0; i < MANY; i++)
		assert_ok(&f->cx, post(&f->cx, from + i, filler));
	assert_ok(&f->cx, db_exec(&f->cx, &queries[RENAME], DB_ARGS(from, "renamed")));
}

static void
copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char block[4096];
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, block, sizeof block)) > 0)
		assert_int_equal(write(out, block, (size_t)n), n);
	close(in);
	close(out);
}

/* What a crash at this instant would leave: the files without what the process still holds. */
static int64_t
count_after_crash(struct fixture *f)
{
	struct fixture after = { 0 };
	const char *to = arena_printf(&f->cx.mem, "%s/crashed.db", f->fresh.folder);
	const char *from = f->fresh.url + strlen("sqlite:");

	copy_file(from, to);
	copy_file(arena_printf(&f->cx.mem, "%s-wal", from),
	        arena_printf(&f->cx.mem, "%s-wal", to));
	unlink(arena_printf(&f->cx.mem, "%s-shm", to));
	ctx_init(&after.cx, NULL);
	snprintf(after.fresh.url, sizeof after.fresh.url, "sqlite:%s", to);
	open_db(&after);
	int64_t n = count(&after);
	db_close(after.db);
	ctx_close(&after.cx);
	return n;
}

static void
test_log_is_whole(void **state)
{
	struct fixture *f = *state;

	for (int64_t round = 1; round <= 3; round++) {
		add_many(f, round * MANY);
		assert_int_equal(count_after_crash(f), (round - 1) * MANY);
		assert_ok(&f->cx, db_commit(&f->cx));
		assert_int_equal(count_after_crash(f), round * MANY);
		add_many(f, 100 * MANY);
		db_rollback(&f->cx);
	}
	assert_int_equal(count(f), 3 * MANY);
}

/* The disk is full where what was gathered is given on: at the commit, or in the middle. */
static void
test_log_finds_no_room(void **state)
{
	struct fixture *f = *state;
	const char *log = arena_printf(&f->cx.mem, "%s-wal", f->fresh.url + strlen("sqlite:"));
	struct rlimit before, small;
	struct stat st;

	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	add_many(f, 0);
	assert_ok(&f->cx, db_commit(&f->cx));
	for (rlim_t room = 0; room <= 300 * 1024; room += 100 * 1024) {
		assert_int_equal(stat(log, &st), 0);
		small = before;
		small.rlim_cur = (rlim_t)st.st_size + room;
		begin(f);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		struct err *e = NULL;
		for (int64_t i = 0; i < 100 * MANY && e == NULL; i++)
			e = post(&f->cx, 100 * MANY + i, "too much for what is left");
		assert_err(e != NULL ? e : db_commit(&f->cx), ERR_UNAVAILABLE);
		db_rollback(&f->cx);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(count_after_crash(f), MANY);
	}
	begin(f);
	assert_ok(&f->cx, add(&f->cx, MANY, "there is room again"));
	assert_ok(&f->cx, db_commit(&f->cx));
	assert_int_equal(count_after_crash(f), MANY + 1);
}

/* Seen to be set; then shorter, so that the test is quick. */
static const struct db_query limit_is_set = { .name = "limit_is_set",
	.text = "SELECT COUNT(*) AS n WHERE current_setting('statement_timeout') = '30s'",
	.row = &count_row,
	.slot = TEST_SLOT + N_QUERIES };
static const struct db_query shorten = { .name = "shorten",
	.text = "SELECT COUNT(*) AS n FROM set_config('statement_timeout', '100ms', true)",
	.row = &count_row,
	.slot = TEST_SLOT + N_QUERIES + 1 };
static const struct db_query slow = { .name = "slow",
	.text = "SELECT COUNT(*) AS n FROM pg_sleep(120)",
	.row = &count_row,
	.slot = TEST_SLOT + N_QUERIES + 2 };

/* A statement that takes too long is named, undoes its transaction, and spares the
 * connection. */
static void
test_slow_statement(void **state)
{
	struct fixture *f = *state;
	struct count c;

	begin(f);
	assert_ok(&f->cx, db_one(&f->cx, &limit_is_set, DB_NO_ARGS, &c));
	assert_int_equal(c.n, 1);
	assert_ok(&f->cx, add(&f->cx, 1, "goes with the rest"));
	assert_ok(&f->cx, db_one(&f->cx, &shorten, DB_NO_ARGS, &c));
	struct err *e = db_one(&f->cx, &slow, DB_NO_ARGS, &c);
	assert_err(e, ERR_UNAVAILABLE);
	const char *text = err_text(&f->cx, e);
	assert_non_null(strstr(text, "slow: canceling statement due to statement timeout"));
	assert_non_null(strstr(text, "SQLSTATE 57014"));
	assert_non_null(strstr(text, "it took too long"));
	assert_err(db_commit(&f->cx), ERR_UNAVAILABLE);

	assert_int_equal(count(f), 0);
	begin(f);
	assert_ok(&f->cx, db_one(&f->cx, &limit_is_set, DB_NO_ARGS, &c));
	assert_int_equal(c.n, 1);
	assert_ok(&f->cx, db_commit(&f->cx));
}

int
main(void)
{
	const struct CMUnitTest all[] = {
		CASES(SQLITE, test_file_modes),
		CASES(SQLITE, test_backup),
		CASES(SQLITE, test_log_is_whole),
		CASES(SQLITE, test_log_finds_no_room),
		CASES(POSTGRES, test_backup_elsewhere),
		CASES(POSTGRES, test_lost_connection),
		CASES(POSTGRES, test_deadlock),
		CASES(POSTGRES, test_slow_statement),
	};

	return _cmocka_run_group_tests(
	        "engines", all, fresh_server() == NULL ? 4 : 8, NULL, NULL);
}
