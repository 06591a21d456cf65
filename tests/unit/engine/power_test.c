/* SPDX-License-Identifier: Apache-2.0 */
/* The power goes: whatever the disk had of the last writes, what was answered is there, nothing
 * is half there, and the chain of the record is whole. */
#include "writer_fixture.h"

#include <sqlite3.h>

#include "disk.h"

#define COMMANDS 160
#define CHECKPOINT_EACH 16 /* the log begins anew behind it */
#define DISTURBED_EACH 17  /* a checkpoint while the writer works */

static struct load {
	struct command cmd;
	struct ctx own;
} loads[COMMANDS];

static void
note_answer(struct command *cmd)
{
	struct load *l = cmd->owner;

	assert_null(cmd->result);
	disk_answered((size_t)(l - loads));
	sem_post(&answered);
}

/* Of several sizes. What begins a log is longer each time: it would leave a part of what began
 * the one before. */
static int
padding(size_t i)
{
	if (i % CHECKPOINT_EACH == 1)
		return 1 + (int)(i / CHECKPOINT_EACH) * 16000;
	return i % 5 == 0 ? 3000 : 1;
}

static struct load *
load_make(size_t i)
{
	struct load *l = &loads[i];

	command_make(&l->cmd, &l->own, event_run);
	l->cmd.arg = (void *)arena_printf(&l->own.mem, "%zu %0*d", i, padding(i), 0);
	l->cmd.owner = l;
	l->cmd.done = note_answer;
	return l;
}

/* As the thread of db/sqlite_checkpoint.c does. */
static void
checkpoint(sqlite3 *conn)
{
	int rc = sqlite3_wal_checkpoint_v2(conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	assert_true(rc == SQLITE_OK || rc == SQLITE_BUSY);
}

static void
work(sqlite3 *conn)
{
	int waiting = 0;

	for (size_t i = 0; i < COMMANDS; i++) {
		struct load *l = load_make(i);
		for (; !writer_submit(writer, &l->cmd); waiting--)
			wait_for(&answered, 1);
		waiting++;
		if (i % CHECKPOINT_EACH == 0) {
			wait_for(&answered, waiting);
			waiting = 0;
		}
		if (i % CHECKPOINT_EACH == 0 || i % DISTURBED_EACH == 0)
			checkpoint(conn);
	}
	wait_for(&answered, waiting);
}

static int
record(void **state)
{
	sqlite3 *conn;

	disk.path = path;
	start(state);
	assert_ok(&cx, writer_run(writer, &cx, event_run, (void *)"before"));
	assert_int_equal(sqlite3_open(path, &conn), SQLITE_OK);
	/* Else it knows of no log. */
	assert_int_equal(
	        sqlite3_exec(conn, "PRAGMA schema_version", NULL, NULL, NULL), SQLITE_OK);
	disk_record();
	work(conn);
	disk.records = false;
	sqlite3_close(conn);
	return 0;
}

static int
forget(void **state)
{
	int rc = stop(state);

	for (size_t i = 0; i < COMMANDS; i++)
		ctx_close(&loads[i].own);
	for (size_t i = 0; i < disk.n; i++)
		free(disk.deeds[i].bytes);
	for (int f = 0; f < DISK_FILES; f++) {
		free(disk.now[f].bytes);
		free(disk.base[f].bytes);
	}
	return rc;
}

/* ---- what is found ---- */

static void
put(const char *name, const struct image *i)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(i->bytes, 1, i->len, f), i->len);
	fclose(f);
}

static int
note_found(void *arg, int n, char **values, char **names)
{
	unsigned char *found = arg;
	long i = strtol(values[0], NULL, 10);

	(void)n, (void)names;
	found[i]++;
	return 0;
}

static int
want_ok(void *arg, int n, char **values, char **names)
{
	(void)arg, (void)n, (void)names;
	assert_string_equal(values[0], "ok");
	return 0;
}

static void
find(const char *name, unsigned char found[COMMANDS])
{
	static const char events[] = "SELECT json_extract(data, '$.name') FROM event"
	                             " WHERE type = 'token.revoked'"
	                             " AND json_extract(data, '$.name') <> 'before'";
	sqlite3 *conn;

	assert_int_equal(sqlite3_open(name, &conn), SQLITE_OK);
	if (sqlite3_exec(conn, "PRAGMA integrity_check", want_ok, NULL, NULL) != SQLITE_OK
	        || sqlite3_exec(conn, events, note_found, found, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(conn));
	sqlite3_close(conn);
}

static void
chain_holds(const char *name)
{
	struct verify_result verified = { 0 };
	struct ctx own;
	struct db *db;

	ctx_init(&own, NULL);
	assert_ok(&own, db_open(&own, arena_printf(&own.mem, "sqlite:%s", name), DB_READ, &db));
	assert_ok(&own, db_begin(&own, db, DB_READ));
	assert_ok(&own, timeline_verify(&own, &verified));
	assert_null(verified.why);
	db_rollback(&own);
	db_close(db);
	ctx_close(&own);
}

static void
answered_are_there(size_t cut, const unsigned char found[COMMANDS])
{
	for (size_t i = 0; i < cut; i++)
		if (disk.deeds[i].kind == DEED_ANSWER && found[disk.deeds[i].at] != 1)
			fail_msg("cut before %zu: %zu was answered and is there %d times", cut,
			        disk.deeds[i].at, found[disk.deeds[i].at]);
}

/* One transaction follows the other, so what is there ends somewhere and has no holes. */
static void
nothing_is_missing_between(const unsigned char found[COMMANDS])
{
	for (size_t i = 1; i < COMMANDS; i++)
		assert_true(found[i] <= found[i - 1]);
}

static void
look_after(size_t cut, enum loss loss, const char *name)
{
	struct image files[DISK_FILES] = { 0 };
	unsigned char found[COMMANDS] = { 0 };
	const char *log = arena_printf(&cx.mem, "%s-wal", name);

	disk_cut(cut, loss, files);
	put(name, &files[DISK_DATA]);
	put(log, &files[DISK_LOG]);
	find(name, found);
	answered_are_there(cut, found);
	nothing_is_missing_between(found);
	if (loss == LOSE_RUNS)
		chain_holds(name);
	unlink(name);
	unlink(log);
	for (int f = 0; f < DISK_FILES; f++)
		free(files[f].bytes);
}

static void
test_the_power_goes(void **state)
{
	static const enum loss losses[] = { LOSE_ALL, LOSE_BEGINNING, LOSE_BEGINNING,
		LOSE_BEGINNING, LOSE_RUNS, LOSE_SECTORS };
	const char *name = arena_printf(&cx.mem, "%s.cut", path);

	(void)state;
	/* Just before a sync is over most is uncertain. */
	for (size_t cut = 0; cut < disk.n; cut++)
		for (size_t i = 0; i < NELEMS(losses) && disk.deeds[cut].kind == DEED_SYNCED;
		        i++)
			look_after(cut, losses[i], name);
}

/* Else the test above would show nothing of it: who waits for them did not write them. */
static void
test_syncs_were_put_off(void **state)
{
	const struct deed *written = NULL;
	size_t put_off = 0;

	(void)state;
	for (size_t i = 0; i < disk.n; i++) {
		const struct deed *d = &disk.deeds[i];
		if (d->file == DISK_LOG && d->kind == DEED_WRITE)
			written = d;
		put_off += written != NULL && d->file == DISK_LOG && d->kind == DEED_SYNC_BEGAN
		        && !pthread_equal(d->by, written->by);
	}
	assert_true(put_off > COMMANDS / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_power_goes),
		cmocka_unit_test(test_syncs_were_put_off),
	};

	return cmocka_run_group_tests(tests, record, forget);
}
