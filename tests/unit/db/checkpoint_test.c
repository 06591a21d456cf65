/* SPDX-License-Identifier: Apache-2.0 */
/* A long log is copied into the database beside the commits, and then begins anew. */
#include "test.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "db/sqlite_priv.h"
#include "fresh.h"

static pthread_t committer;
static sem_t copied;

/* The other thread writes the database alone. */
ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (!pthread_equal(pthread_self(), committer))
		sem_post(&copied);
	return syscall(SYS_pwrite64, fd, p, n, at);
}

static void
run(sqlite3 *conn, const char *sql)
{
	if (sqlite3_exec(conn, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(conn));
}

static off_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void
test_a_thread_copies_the_log(void **state)
{
	struct sqlite_checkpoint *c;
	char path[128], log[160];
	struct fresh f;
	sqlite3 *conn;

	(void)state;
	committer = pthread_self();
	sem_init(&copied, 0, 0);
	fresh_make(&f, DB_SQLITE);
	snprintf(path, sizeof path, "%s/test.db", f.folder);
	snprintf(log, sizeof log, "%s-wal", path);
	assert_int_equal(sqlite3_open(path, &conn), SQLITE_OK);
	run(conn,
	        "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 1000000;"
	        "CREATE TABLE thing (bytes TEXT)");
	c = sqlite_checkpoint_new(conn, path);
	while (sem_trywait(&copied) != 0)
		run(conn, "INSERT INTO thing VALUES (zeroblob(1000000))");
	/* What the thread left is copied by a commit; the one after it begins at the front. */
	while (size_of(log) > 1000000)
		run(conn, "INSERT INTO thing VALUES ('little')");
	sqlite_checkpoint_free(c);
	run(conn, "SELECT count(*) FROM thing");
	sqlite3_close(conn);
	fresh_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_thread_copies_the_log) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
