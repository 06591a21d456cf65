/* SPDX-License-Identifier: Apache-2.0 */
/* The record's own tables: rows posted one after another, and what a migration moves. */
#include "engine/rows.h"
#include "fixture.h"
#include "queries.h"

/* ---- rows that go together ---- */

#define DUE(i) (1000 + (i))

static void
commit(struct fixture *f)
{
	assert_ok(&f->cx, db_commit(&f->cx));
}

/* Texts and arguments are gone as soon as the call returns. */
static void
post_timer(struct fixture *f, int64_t id)
{
	char kind[16];

	snprintf(kind, sizeof kind, "%s", id % 2 == 0 ? "step" : "snooze");
	assert_ok(&f->cx,
	        db_post(&f->cx, &q_timer_add,
	                DB_ARGS(id, DUE(id), (const char *)kind, DB_NULL_IF(id % 3 == 0, id),
	                        7 * id)));
	memset(kind, 'x', sizeof kind);
}

static void
post_state(struct fixture *f, int64_t id)
{
	assert_ok(&f->cx,
	        db_post(&f->cx, &q_engine_commit_add,
	                DB_ARGS(arena_printf(&f->cx.mem, "c%lld", (long long)id), id)));
}

static void
assert_timers(struct fixture *f, int64_t first, int64_t last)
{
	struct timer *t;
	size_t n;

	assert_ok(&f->cx, db_list(&f->cx, &q_timers_due, DB_ARGS(DUE(1000), 1000), &t, &n));
	assert_int_equal((int64_t)n, last - first + 1);
	for (size_t i = 0; i < n; i++) {
		int64_t id = first + (int64_t)i;
		assert_int_equal(t[i].id, id);
		assert_int_equal(t[i].due_at, DUE(id));
		assert_int_equal(t[i].kind, id % 2 == 0 ? TIMER_STEP : TIMER_SNOOZE);
		assert_int_equal(t[i].incident_id, id % 3 == 0 ? 0 : id);
		assert_int_equal(t[i].ref_id, 7 * id);
	}
}

/* Of one table and of two in turns, read in the same transaction, and after it. */
static void
test_rows_together(void **state)
{
	static const int64_t counts[] = { 1, 2, 3, 7, 8, 9, 31, 32, 33, 43, 64, 75, 130 };
	struct fixture *f = *state;
	int64_t id = 0;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	for (size_t i = 0; i < NELEMS(counts); i++) {
		begin(f);
		for (int64_t k = 0; k < counts[i]; k++) {
			post_timer(f, ++id);
			if (i % 2 == 0)
				post_state(f, id);
		}
		if (i % 3 == 0)
			assert_timers(f, 1, id);
		commit(f);
		begin(f);
		assert_timers(f, 1, id);
		commit(f);
	}
}

static int64_t
next_due(struct fixture *f)
{
	struct engine_count c;

	assert_ok(&f->cx, db_one(&f->cx, &q_timer_next_due, DB_NO_ARGS, &c));
	return c.n;
}

/* Each statement finds the rows that were posted before it, and not those after it. */
static void
test_rows_in_order(void **state)
{
	struct fixture *f = *state;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	begin(f);
	post_timer(f, 1);
	post_timer(f, 2);
	assert_ok(&f->cx, db_post(&f->cx, &q_timer_drop_kind, DB_ARGS("snooze")));
	post_timer(f, 3);
	assert_int_equal(next_due(f), DUE(2));
	post_timer(f, 4);
	assert_ok(&f->cx, db_exec(&f->cx, &q_timer_forget, DB_ARGS((int64_t)4)));
	assert_int_equal(f->cx.tx->changes, 1);
	commit(f);
	begin(f);
	assert_timers(f, 2, 3);
	commit(f);
}

static void
test_rows_rolled_back(void **state)
{
	struct fixture *f = *state;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	for (int64_t n = 1; n < 50; n += 12) {
		begin(f);
		for (int64_t id = 1; id <= n; id++)
			post_timer(f, id);
		db_rollback(&f->cx);
	}
	begin(f);
	assert_int_equal(next_due(f), 0);
	post_timer(f, 1);
	commit(f);
	begin(f);
	assert_timers(f, 1, 1);
	commit(f);
}

/* The one that is there already fails the transaction, at the latest at its end. */
static void
test_row_twice(void **state)
{
	struct fixture *f = *state;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	begin(f);
	struct err *e = NULL;
	for (int64_t id = 1; e == NULL && id <= 11; id++)
		e = db_post(&f->cx, &q_timer_add,
		        DB_ARGS(id == 11 ? 3 : id, DUE(id), "step", id, id));
	if (e == NULL)
		e = db_commit(&f->cx);
	assert_err(e, ERR_CONFLICT);
	db_rollback(&f->cx);
	begin(f);
	assert_int_equal(next_due(f), 0);
	commit(f);
}

/* ---- changes that go together ---- */

#define LATER(i) (DUE(i) + 100000)

static void
put_off(struct fixture *f, int64_t id, int64_t due_at)
{
	assert_ok(&f->cx, db_post(&f->cx, &q_timer_put_off, DB_ARGS(id, due_at)));
}

/* When each of the n timers is due, in the order of their ids. */
static void
assert_dues(struct fixture *f, const int64_t *dues, int64_t n)
{
	struct timer *t;
	size_t found;

	assert_ok(
	        &f->cx, db_list(&f->cx, &q_timers_due, DB_ARGS(LATER(9000), 9000), &t, &found));
	assert_int_equal((int64_t)found, n);
	for (size_t i = 0; i < found; i++)
		assert_int_equal(t[i].due_at, dues[t[i].id]);
}

/* Each change by its own arguments, a second one of the same row after the first, and both in
 * their order with the rows that are added. */
static void
test_changes_together(void **state)
{
	static const int64_t counts[] = { 1, 2, 3, 9, 31, 33, 64, 75 };
	static int64_t dues[1000];
	struct fixture *f = *state;
	int64_t id = 0, first;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	for (size_t i = 0; i < NELEMS(counts); i++) {
		begin(f);
		first = id + 1;
		for (int64_t k = 0; k < counts[i]; k++) {
			post_timer(f, ++id);
			dues[id] = DUE(id);
			if (i % 2 == 0 && k % 5 == 4)
				put_off(f, id - 2, dues[id - 2] = LATER(k));
		}
		for (int64_t k = first; k <= id; k++)
			put_off(f, k, dues[k] = LATER(k));
		for (int64_t k = first; k <= id; k += 3)
			put_off(f, k, dues[k] = LATER(2 * k));
		put_off(f, 100000, 1); /* nobody's */
		if (i % 3 == 0)
			assert_dues(f, dues, id);
		commit(f);
		begin(f);
		assert_dues(f, dues, id);
		commit(f);
	}
}

#define RUNS "INSERT INTO run (id, incident_id, policy_revision, step, round, state, targets) "

/* A change that the table refuses fails all of the transaction; where it was sent
 * with others, the error says what it was. */
static void
test_change_refused(void **state)
{
	struct fixture *f = *state;
	struct err *e = NULL;
	struct run run;
	bool found;

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	begin(f);
	assert_ok(&f->cx,
	        db_script(&f->cx,
	                RUNS "VALUES (1, 1, 1, 1, 1, 'waiting', ''), "
	                     "(2, 1, 1, 1, 1, 'waiting', '')"));
	commit(f);
	begin(f);
	for (int64_t id = 1; e == NULL && id <= 2; id++)
		e = db_post(&f->cx, &q_run_set,
		        DB_ARGS(id, 7, 1, id == 1 ? "ended" : "neither", DB_NULL_IF(true, 0), 5,
		                "x", 1));
	if (e == NULL)
		e = db_commit(&f->cx);
	assert_non_null(e);
	if (f->fresh.engine == DB_POSTGRES)
		assert_non_null(strstr(e->msg, "run_set"));
	db_rollback(&f->cx);
	begin(f);
	assert_ok(&f->cx, db_maybe(&f->cx, &q_run_get, DB_ARGS(1), &run, &found));
	assert_int_equal(run.step, 1);
	commit(f);
}

/* ---- questions that go together ---- */

/* Each answer belongs to its question, whether there is one or not, twice the same too. */
static void
test_questions_together(void **state)
{
	enum { N = 107 };
	struct fixture *f = *state;
	struct engine_text got[N];
	struct db_arg args[N];
	struct db_ask asks[N];

	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	begin(f);
	for (int64_t i = 0; i < N; i++) {
		const char *name = arena_printf(&f->cx.mem, "n%d", (int)(i == 50 ? 49 : i));
		if (i % 3 != 0 && i != 50)
			assert_ok(&f->cx, db_post(&f->cx, &q_state_set, DB_ARGS(name, name)));
		args[i] = db_arg_text(name);
		asks[i] = (struct db_ask){ { &args[i], 1 }, &got[i], false };
	}
	for (size_t n = 1; n <= N; n += n < 12 ? 1 : 19) {
		memset(got, 0, sizeof got);
		assert_ok(&f->cx, db_maybe_all(&f->cx, &q_state_get, asks, n));
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(asks[i].found, i % 3 != 0);
			if (asks[i].found)
				assert_string_equal(got[i].value, args[i].s.p);
		}
	}
	commit(f);
}

/* ---- from timers to a column ---- */

#define BEFORE_LOOKS 11

static const char alerts_that_expire[] =
        "INSERT INTO alert (id, scope, dedup_key, state, severity, summary, count, first_at,\n"
        "	last_at, closed_at, expires_at, signal_id) VALUES\n"
        "	(1, 's', 'open', 'open', 'info', 'x', 1, 1, 1, NULL, 900, 1),\n"
        "	(2, 's', 'heard again', 'open', 'info', 'x', 2, 1, 5, NULL, 1500, 2),\n"
        "	(3, 's', 'never', 'open', 'info', 'x', 1, 1, 1, NULL, NULL, 3),\n"
        "	(4, 's', 'closed', 'closed', 'info', 'x', 1, 1, 1, 5, 900, 4);\n"
        "INSERT INTO timer (id, due_at, kind, incident_id, ref_id) VALUES\n"
        "	(1, 900, 'expiry', NULL, 1), (2, 800, 'expiry', NULL, 2),\n"
        "	(3, 900, 'expiry', NULL, 4), (4, 950, 'duty', NULL, NULL);\n";

static void
test_looks_migrated(void **state)
{
	static const int64_t refs[] = { 1, 0, 2 }, dues[] = { 900, 950, 1500 };
	struct fixture *f = *state;
	struct timer *t;
	size_t n;

	assert_ok(&f->cx, migrate_to(&f->cx, f->db, db_migrations, BEFORE_LOOKS));
	begin(f);
	assert_ok(&f->cx, db_script(&f->cx, alerts_that_expire));
	commit(f);
	assert_ok(&f->cx, db_migrate(&f->cx, f->db));
	begin(f);
	assert_int_equal(next_due(f), 900);
	assert_ok(&f->cx, db_list(&f->cx, &q_timers_due, DB_ARGS(2000, 10), &t, &n));
	commit(f);
	assert_int_equal(n, NELEMS(refs));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(t[i].ref_id, refs[i]);
		assert_int_equal(t[i].due_at, dues[i]);
		assert_int_equal(t[i].kind, refs[i] == 0 ? TIMER_DUTY : TIMER_EXPIRY);
	}
}

#define ALL_CASES(engine)                                                                      \
	CASES(engine, test_rows_together), CASES(engine, test_rows_in_order),                  \
	        CASES(engine, test_rows_rolled_back), CASES(engine, test_row_twice),           \
	        CASES(engine, test_changes_together), CASES(engine, test_change_refused),      \
	        CASES(engine, test_questions_together), CASES(engine, test_looks_migrated)

int
main(void)
{
	/* PostgreSQL's last, so that they can be left out. */
	const struct CMUnitTest all[] = { ALL_CASES(SQLITE), ALL_CASES(POSTGRES) };
	size_t n = fresh_server() == NULL ? NELEMS(all) / 2 : NELEMS(all);

	return _cmocka_run_group_tests("record", all, n, NULL, NULL);
}
