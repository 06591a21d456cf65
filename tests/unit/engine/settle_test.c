/* SPDX-License-Identifier: Apache-2.0 */
/* The disk behind the writer: what it has not taken is not answered, what it refused is written
 * anew, and meanwhile others run. The disk is the two calls below. */
#include "writer_fixture.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/syscall.h>

static atomic_bool hangs;
static atomic_int refusals;   /* to come */
static atomic_int refused_fd; /* of the last one */
static atomic_int rewrites;   /* through that descriptor */
static sem_t syncing, well;

int
fdatasync(int fd)
{
	if (atomic_load(&hangs)) {
		sem_post(&syncing);
		wait_for(&well, 1);
	}
	if (atomic_load(&refusals) <= 0)
		return (int)syscall(SYS_fdatasync, fd);
	atomic_fetch_sub(&refusals, 1);
	atomic_store(&refused_fd, fd);
	errno = EIO;
	return -1;
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	atomic_fetch_add(&rewrites, fd == atomic_load(&refused_fd));
	return syscall(SYS_pwrite64, fd, p, n, at);
}

static struct command first, second;
static struct ctx of_first, of_second;

static struct err *
event_hold_run(struct ctx *c, struct engine *e, void *arg)
{
	TRY(event_run(c, e, arg));
	return hold_run(c, e, arg);
}

/* The writer holds the first while the second waits: its commit will not wait for the disk. */
static int
start_hurried(void **state)
{
	start(state);
	sem_init(&syncing, 0, 0);
	sem_init(&well, 0, 0);
	atomic_store(&rewrites, 0);
	/* The first commit begins the log: that is always waited for. */
	assert_ok(&cx, writer_run(writer, &cx, event_run, (void *)"begins"));
	command_make(&first, &of_first, event_hold_run);
	command_make(&second, &of_second, event_hold_run);
	assert_true(writer_submit(writer, &first));
	wait_for(&entered, 1);
	assert_true(writer_submit(writer, &second));
	return 0;
}

static int
stop_hurried(void **state)
{
	stop(state);
	ctx_close(&of_first);
	ctx_close(&of_second);
	return 0;
}

#define HURRIED(test) cmocka_unit_test_setup_teardown(test, start_hurried, stop_hurried)

static void
test_others_run_while_the_disk_is_waited_for(void **state)
{
	(void)state;
	atomic_store(&hangs, true);
	sem_post(&go_on);
	wait_for(&syncing, 1); /* the first is committed */
	wait_for(&entered, 1); /* the second runs */
	assert_int_equal(sem_trywait(&answered), -1);
	atomic_store(&hangs, false);
	sem_post(&well);
	wait_for(&answered, 1);
	assert_null(first.result);
	sem_post(&go_on);
	wait_for(&answered, 1);
	assert_null(second.result);
}

static void
test_what_was_refused_is_written_anew(void **state)
{
	struct writer_stats stats;

	(void)state;
	atomic_store(&refusals, 3);
	sem_post(&go_on);
	wait_for(&entered, 1);
	sem_post(&go_on);
	/* The second was undone each time that it could not be committed, and ran again. */
	while (atomic_load(&refusals) > 0 || sem_trywait(&answered) != 0)
		sem_post(&go_on);
	wait_for(&answered, 1);
	assert_null(first.result);
	assert_null(second.result);
	assert_true(atomic_load(&rewrites) > 0);
	assert_ok(&cx, writer_run(writer, &cx, event_run, (void *)"more"));
	writer_stats(writer, &stats);
	assert_true(stats.healthy);
}

static void
test_what_the_disk_never_took_is_refused(void **state)
{
	(void)state;
	atomic_store(&refusals, INT32_MAX);
	sem_post(&go_on);
	sem_post(&go_on);
	writer_stop(writer);
	writer = NULL;
	atomic_store(&refusals, 0);
	wait_for(&answered, 2);
	assert_int_equal(first.result->code, ERR_UNAVAILABLE);
	assert_int_equal(second.result->code, ERR_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HURRIED(test_others_run_while_the_disk_is_waited_for),
		HURRIED(test_what_was_refused_is_written_anew),
		HURRIED(test_what_the_disk_never_took_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
