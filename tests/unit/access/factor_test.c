/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor: codes by the RFCs' own vectors, once each, recovery, waits, signing in. */
#include "test.h"

#include <string.h>

#include "access/factor.h"
#include "access/qr.h"
#include "access/totp.h"
#include "base/buf.h"
#include "config/holder.h"
#include "sim/world.h"

static struct world w;

static int
open_house(void **state)
{
	struct change_set set = { 0 };

	(void)state;
	assert_ok(&w.cx, world_open(&w, NULL));
	w.clock.at = SECONDS(1772445600);
	assert_ok(&w.cx,
	        change_set_parse(&w.cx, "org.yaml",
	                STR("organisation: {second_factor: admins}\n"
	                    "users: {ada: {email: ada@h.example, role: owner}, bo: {}}\n"),
	                &set));
	assert_ok(&w.cx, world_apply(&w, &set));
	return 0;
}

static int
close_house(void **state)
{
	(void)state;
	db_rollback(&w.cx); /* of a test that failed */
	world_close(&w);
	return 0;
}

/* ---- codes ---- */

#define RFC_SECRET STR("12345678901234567890")

/* RFC 4226, appendix D. */
static void
test_hotp_vectors(void **state)
{
	static const char *const want[] = { "755224", "287082", "359152", "969429", "338314",
		"254676", "287922", "162583", "399871", "520489" };
	char code[TOTP_DIGITS + 1];

	(void)state;
	for (int64_t i = 0; i < (int64_t)NELEMS(want); i++) {
		assert_ok(&w.cx, totp_code(&w.cx, RFC_SECRET, i, code));
		assert_string_equal(code, want[i]);
	}
}

/* RFC 6238, appendix B, SHA-1; theirs have eight digits, of which ours are the last six. */
static void
test_totp_vectors(void **state)
{
	static const struct {
		int64_t seconds;
		const char *code;
	} rows[] = {
		{ 59, "287082" },
		{ 1111111109, "081804" },
		{ 1111111111, "050471" },
		{ 1234567890, "005924" },
		{ 2000000000, "279037" },
		{ 20000000000, "353130" },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		usec_t at = rows[i].seconds * SECONDS(1);
		int64_t step;
		assert_ok(&w.cx, totp_match(&w.cx, RFC_SECRET, at, rows[i].code, &step));
		assert_int_equal(step, totp_step(at));
	}
}

static void
test_skew_of_one_step(void **state)
{
	static const struct {
		int ahead; /* steps that the clock of the phone is */
		bool counts;
	} rows[] = { { -2, false }, { -1, true }, { 0, true }, { 1, true }, { 2, false } };
	usec_t now = SECONDS(1111111111);
	char code[TOTP_DIGITS + 1];
	int64_t step;

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		int64_t at = totp_step(now) + rows[i].ahead;
		assert_ok(&w.cx, totp_code(&w.cx, RFC_SECRET, at, code));
		assert_ok(&w.cx, totp_match(&w.cx, RFC_SECRET, now, code, &step));
		assert_int_equal(step, rows[i].counts ? at : -1);
	}
}

static void
test_what_is_no_code(void **state)
{
	static const char *const rows[] = { "", "05047", "0504711", "o50471", "05047x",
		"-50471", "\xd9\xa0" };
	usec_t now = SECONDS(1111111111);
	int64_t step;

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_ok(&w.cx, totp_match(&w.cx, RFC_SECRET, now, rows[i], &step));
		assert_int_equal(step, -1);
	}
	assert_ok(&w.cx, totp_match(&w.cx, RFC_SECRET, now, " 050 471 ", &step));
	assert_int_equal(step, totp_step(now));
}

static void
test_secrets_as_text(void **state)
{
	struct str back;

	(void)state;
	const char *text = totp_secret_print(&w.cx, RFC_SECRET);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_true(totp_secret_parse(&w.cx, text, &back));
	assert_true(str_eq(back, RFC_SECRET));
	assert_false(totp_secret_parse(&w.cx, "no secret!", &back));
	assert_string_equal(totp_uri(&w.cx, "Tocsin A&B", "ada@h.example", "ABCD"),
	        "otpauth://totp/Tocsin%20A%26B:ada%40h.example?secret=ABCD&issuer=Tocsin%20A%26B");
}

static void
test_pictures(void **state)
{
	struct buf out = BUF_INIT(&w.cx.mem, 64 * 1024);
	char long_text[4000] = "";

	(void)state;
	memset(long_text, 'x', sizeof long_text - 1);
	assert_true(qr_svg("HELLO", "A code", &out));
	assert_false(out.cut);
	/* Version 1 is 21 modules; the finder's upper edge is seven of them, after the rest. */
	assert_non_null(strstr(buf_cstr(&out), "viewBox=\"0 0 29 29\""));
	assert_non_null(strstr(buf_cstr(&out), "M4 4h7v1h-7z"));
	assert_non_null(strstr(buf_cstr(&out), "M18 4h7v1h-7z"));
	assert_false(qr_svg(long_text, "A code", &out));
}

/* ---- setting it up ---- */

static struct str
secret_of(const char *user)
{
	const char *text;
	struct str secret;

	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, factor_secret(&w.cx, config_key(w.config), user, &text));
	db_rollback(&w.cx);
	assert_true(totp_secret_parse(&w.cx, text, &secret));
	assert_int_equal(secret.len, TOTP_SECRET_BYTES);
	return secret;
}

static const char *
code_now(struct str secret)
{
	char *code = arena_alloc(&w.cx.mem, TOTP_DIGITS + 1);

	assert_ok(&w.cx, totp_code(&w.cx, secret, totp_step(w.clock.at), code));
	return code;
}

static enum factor_outcome
answer(engine_fn *fn, const char *code, struct factor_try *ret)
{
	*ret = (struct factor_try){ .user_id = "ada", .code = code };
	assert_ok(&w.cx, world_do(&w, fn, ret));
	return ret->outcome;
}

static bool
is_on(void)
{
	bool on;

	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, factor_is_on(&w.cx, "ada", &on));
	db_rollback(&w.cx);
	return on;
}

/* Set up for ada; the step of its first code is past. */
static struct str
set_up(struct factor_try *ret)
{
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	struct str secret = secret_of("ada");
	assert_int_equal(answer(factor_confirm_run, code_now(secret), ret), FACTOR_RIGHT);
	w.clock.at += TOTP_STEP;
	return secret;
}

static void
test_it_counts_when_confirmed(void **state)
{
	struct factor_try t;
	const char *text;

	(void)state;
	assert_int_equal(answer(factor_confirm_run, "123456", &t), FACTOR_NONE);
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	assert_false(is_on());
	struct str old = secret_of("ada");
	assert_int_equal(answer(factor_try_run, code_now(old), &t), FACTOR_NONE);
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	struct str secret = secret_of("ada");
	assert_int_equal(answer(factor_confirm_run, code_now(old), &t), FACTOR_WRONG);
	assert_false(is_on());
	assert_int_equal(answer(factor_confirm_run, code_now(secret), &t), FACTOR_RIGHT);
	assert_true(is_on());
	assert_err(world_do(&w, factor_begin_run, (void *)"ada"), ERR_CONFLICT);
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_err(factor_secret(&w.cx, config_key(w.config), "ada", &text), ERR_CONFLICT);
	db_rollback(&w.cx);
	assert_err(world_do(&w, factor_begin_run, (void *)"gone"), ERR_NOT_FOUND);
}

static void
test_the_secret_is_sealed(void **state)
{
	static const unsigned char other[32] = "another key";
	struct factor_try t;
	struct factor f;
	const char *text;
	bool found;

	(void)state;
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	const char *plain = totp_secret_print(&w.cx, secret_of("ada"));
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, factor_get(&w.cx, "ada", &f, &found));
	assert_null(strstr(f.secret, plain));
	assert_true(str_starts(str_from(f.secret), STR("{\"sealed\":")));
	assert_err(factor_secret(&w.cx, other, "ada", &text), ERR_UNAVAILABLE);
	assert_err(factor_secret(&w.cx, NULL, "ada", &text), ERR_UNAVAILABLE);
	db_rollback(&w.cx);
	set_up(&t);
}

/* ---- once each ---- */

static void
test_a_code_works_once(void **state)
{
	struct factor_try t;

	(void)state;
	struct str secret = set_up(&t);
	const char *first = code_now(secret);
	assert_int_equal(answer(factor_try_run, first, &t), FACTOR_RIGHT);
	assert_int_equal(answer(factor_try_run, first, &t), FACTOR_AGAIN);
	w.clock.at += TOTP_STEP;
	assert_int_equal(
	        answer(factor_try_run, first, &t), FACTOR_AGAIN); /* still in the skew */
	const char *second = code_now(secret);
	w.clock.at += TOTP_STEP;
	const char *third = code_now(secret);
	assert_int_equal(answer(factor_try_run, third, &t), FACTOR_RIGHT);
	assert_int_equal(answer(factor_try_run, second, &t), FACTOR_AGAIN); /* an earlier one */
	w.clock.at += 2 * TOTP_STEP;
	assert_int_equal(answer(factor_try_run, third, &t), FACTOR_WRONG);
}

static void
test_recovery_codes(void **state)
{
	struct factor_try made, t, fresh;
	int64_t left;

	(void)state;
	set_up(&made);
	for (int i = 0; i < RECOVERY_CODES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(made.codes[i], made.codes[k]);
	assert_int_equal(strlen(made.codes[0]), 11);
	assert_int_equal(answer(factor_try_run, made.codes[0], &t), FACTOR_RIGHT);
	assert_int_equal(answer(factor_try_run, made.codes[0], &t), FACTOR_WRONG);
	/* As people write it. */
	char *loud = arena_strdup(&w.cx.mem, made.codes[1]);
	for (char *p = loud; *p != '\0'; p++)
		*p = *p == '-'                   ? ' '
		        : *p == '0'              ? 'O'
		        : *p == '1'              ? 'l'
		        : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A')
		                                 : *p;
	assert_int_equal(answer(factor_try_run, loud, &t), FACTOR_RIGHT);
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, recovery_left(&w.cx, "ada", &left));
	db_rollback(&w.cx);
	assert_int_equal(left, RECOVERY_CODES - 2);
	fresh = (struct factor_try){ .user_id = "ada" };
	assert_ok(&w.cx, world_do(&w, recovery_make_run, &fresh));
	assert_int_equal(answer(factor_try_run, made.codes[2], &t), FACTOR_WRONG);
	assert_int_equal(answer(factor_try_run, fresh.codes[2], &t), FACTOR_RIGHT);
	fresh.user_id = "bo";
	assert_err(world_do(&w, recovery_make_run, &fresh), ERR_NOT_FOUND);
}

/* The sixth wrong one waits, the right one too; a new secret is no way around it. */
static void
test_wrong_codes_slow_down(void **state)
{
	struct factor_try t;

	(void)state;
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	for (int i = 0; i < 8; i++)
		answer(factor_confirm_run, "no code", &t);
	assert_int_equal(t.outcome, FACTOR_WAITS);
	assert_ok(&w.cx, world_do(&w, factor_begin_run, (void *)"ada"));
	const char *right = code_now(secret_of("ada"));
	assert_int_equal(answer(factor_confirm_run, right, &t), FACTOR_WAITS);
	assert_true(t.wait > 0);
	assert_err(factor_refusal(&w.cx, &t), ERR_DENIED);
	w.clock.at += t.wait;
	assert_int_equal(answer(factor_confirm_run, right, &t), FACTOR_RIGHT);
	w.clock.at += TOTP_STEP;
	for (int i = 0; i < 5; i++)
		assert_int_equal(answer(factor_try_run, "no code", &t), FACTOR_WRONG);
	assert_int_equal(answer(factor_try_run, "no code", &t), FACTOR_WAITS);
}

static void
test_removing_it(void **state)
{
	struct factor_try t, codes;

	(void)state;
	assert_err(world_do(&w, factor_remove_run, (void *)"ada"), ERR_NOT_FOUND);
	set_up(&codes);
	assert_ok(&w.cx, world_do(&w, factor_remove_run, (void *)"ada"));
	assert_false(is_on());
	assert_int_equal(answer(factor_try_run, codes.codes[0], &t), FACTOR_NONE);
	set_up(&t);
	assert_int_equal(answer(factor_try_run, codes.codes[0], &t), FACTOR_WRONG);
}

/* ---- signing in ---- */

static struct session
session_of(const char *secret)
{
	struct session s = { 0 };
	bool found;

	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, session_find(&w.cx, secret, SESSION_LIMITS, &s, &found));
	db_rollback(&w.cx);
	assert_true(found);
	return s;
}

static struct session_open
open_session(struct factor_try *code, const char *pending)
{
	struct session_open o = {
		.user_id = "ada", .code = code, .pending = pending, .limits = SESSION_LIMITS
	};

	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	return o;
}

static void
test_the_password_alone_opens_nothing(void **state)
{
	struct factor_try t = { .code = "000000x" };
	struct session *all;
	bool found;
	size_t n;

	(void)state;
	assert_int_equal(session_of(open_session(NULL, NULL).secret).factor_at, 0);
	struct str secret = set_up(&(struct factor_try){ 0 }); /* ends that one */
	struct session_open o = open_session(NULL, NULL);
	assert_true(session_of(o.secret).awaits_code);
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, session_all(&w.cx, "ada", SESSION_LIMITS, &all, &n));
	db_rollback(&w.cx);
	assert_int_equal(n, 0);
	assert_null(open_session(&t, o.result.hash).secret);
	assert_int_equal(t.outcome, FACTOR_WRONG);
	t.code = code_now(secret);
	struct session_open whole = open_session(&t, o.result.hash);
	assert_string_not_equal(whole.secret, o.secret);
	assert_false(session_of(whole.secret).awaits_code);
	assert_true(session_of(whole.secret).factor_at > 0);
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, session_find(&w.cx, o.secret, SESSION_LIMITS, &o.result, &found));
	db_rollback(&w.cx);
	assert_false(found); /* what awaited the code is gone */
}

static void
test_what_awaits_a_code_ends_soon(void **state)
{
	struct session s;
	bool found;

	(void)state;
	set_up(&(struct factor_try){ 0 });
	struct session_open o = open_session(NULL, NULL);
	w.clock.at += CODE_WITHIN;
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, session_find(&w.cx, o.secret, SESSION_LIMITS, &s, &found));
	db_rollback(&w.cx);
	assert_false(found);
}

/* By whom a link was made decides what it stands for. */
static void
test_links_and_the_second_factor(void **state)
{
	struct link_make here = { .user_id = "ada" }, there = here;

	(void)state;
	set_up(&(struct factor_try){ 0 });
	w.cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	assert_ok(&w.cx, world_do(&w, link_make_run, &here));
	w.cx.actor = (struct actor){ ACTOR_USER, "bo", "api", ROLE_ADMIN };
	assert_ok(&w.cx, world_do(&w, link_make_run, &there));
	struct session_open o = { .link = there.secret, .limits = SESSION_LIMITS };
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_true(session_of(o.secret).awaits_code);
	o = (struct session_open){ .link = here.secret, .limits = SESSION_LIMITS };
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_false(session_of(o.secret).awaits_code);
}

static void
test_who_has_to_have_one(void **state)
{
	static const struct {
		const char *who;
		bool ada, bo;
	} rows[] = {
		{ "nobody", false, false },
		{ "admins", true, false },
		{ "everybody", true, true },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct change_set set = { 0 };
		assert_ok(&w.cx,
		        change_set_parse(&w.cx, "org.yaml",
		                str_from(arena_printf(&w.cx.mem,
		                        "organisation: {second_factor: %s}\n", rows[i].who)),
		                &set));
		assert_ok(&w.cx, world_apply(&w, &set));
		const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(w.config);
		assert_int_equal(factor_is_required(s, snapshot_user(s, "ada")), rows[i].ada);
		assert_int_equal(factor_is_required(s, snapshot_user(s, "bo")), rows[i].bo);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hotp_vectors),
		TEST(test_totp_vectors),
		TEST(test_skew_of_one_step),
		TEST(test_what_is_no_code),
		TEST(test_secrets_as_text),
		TEST(test_pictures),
		TEST(test_it_counts_when_confirmed),
		TEST(test_the_secret_is_sealed),
		TEST(test_a_code_works_once),
		TEST(test_recovery_codes),
		TEST(test_wrong_codes_slow_down),
		TEST(test_removing_it),
		TEST(test_the_password_alone_opens_nothing),
		TEST(test_what_awaits_a_code_ends_soon),
		TEST(test_links_and_the_second_factor),
		TEST(test_who_has_to_have_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
