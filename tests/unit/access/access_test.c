/* SPDX-License-Identifier: Apache-2.0 */
/* Who may come in: scopes, passwords, sessions, links, tokens, requests made twice. */
#include "test.h"

#include "access/access.h"
#include "access/setup.h"
#include "access/weak.h"
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
	                STR("users: {ada: {email: ada@h.example, role: owner}, bo: {}}\n"),
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

static void
begin(void)
{
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
}

static void
test_scopes(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} rows[] = {
		{ "read", "read" },
		{ "respond read", "read respond" },
		{ "  read\tread ", "read" },
		{ "read respond manage admin", "read respond manage admin" },
		{ "", NULL }, /* no scope is not all of them */
		{ "  ", NULL },
		{ "read write", NULL },
		{ "READ", NULL },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		unsigned scopes;
		struct err *e = scopes_parse(&w.cx, rows[i].text, &scopes);
		assert_int_equal(e == NULL, rows[i].want != NULL);
		if (e == NULL)
			assert_string_equal(scopes_print(&w.cx, scopes), rows[i].want);
	}
}

static struct err *
check(const char *user, const char *plain)
{
	begin();
	struct err *e = password_check(&w.cx, user, plain);
	if (e == NULL)
		assert_null(w.cx.tx); /* no transaction waited for the hash */
	db_rollback(&w.cx);
	return e;
}

static void
test_passwords(void **state)
{
	struct password_set set = { .user_id = "ada" };
	const char *again;

	(void)state;
	assert_err(password_hash(&w.cx, NULL, NULL, &set.hash), ERR_INVALID);
	assert_err(password_hash(&w.cx, NULL, "too short", &set.hash), ERR_INVALID);
	assert_ok(&w.cx, password_hash(&w.cx, NULL, "correct horse", &set.hash));
	assert_ok(&w.cx, password_hash(&w.cx, NULL, "correct horse", &again));
	assert_true(str_starts(str_from(set.hash), STR("$argon2id$")));
	assert_string_not_equal(set.hash, again); /* salted */
	assert_null(strstr(set.hash, "horse"));
	assert_ok(&w.cx, world_do(&w, password_set_run, &set));
	assert_ok(&w.cx, check("ada", "correct horse"));
	assert_err(check("ada", "correct house"), ERR_DENIED);
	assert_err(check("ada", ""), ERR_DENIED);
	assert_err(check("ada", NULL), ERR_DENIED);
	assert_err(check("bo", "correct horse"), ERR_DENIED);
	assert_err(check(NULL, "correct horse"), ERR_DENIED);
	set.user_id = "gone";
	assert_err(world_do(&w, password_set_run, &set), ERR_NOT_FOUND);
}

static void
test_weak_passwords(void **state)
{
	static const struct {
		const char *plain;
		bool weak;
	} rows[] = {
		{ "password1234", true },
		{ "Passw0rd2026!", true },
		{ "p4$$w0rdp4$$w0rd", true },
		{ "aaaaaaaaaaaa", true },
		{ "abcabcabcabcabc", true },
		{ "123456789012", true },
		{ "qwertyuiopasdfghjkl", true },
		{ "zaq1zaq1zaq1", true },
		{ "Welcome-2026!!", true },
		{ "iloveyou12345", true },
		{ "LovelaceAda1815", true }, /* her names */
		{ "tocsin-oncall-1", true },
		{ "correct horse", false },
		{ "a long password", false },
		{ "the first of them", false },
		{ "Tr0ub4dor&3xyz", false },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe9\x95\xb7\xe3\x81\x84\xe6\x96\x87",
		        false },
	};
	static const char *const names[] = { "Lovelace", "ada1" };

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++)
		if (password_is_weak(rows[i].plain, names, 2) != rows[i].weak)
			fail_msg("%s", rows[i].plain);
}

/* Of characters, not of bytes. */
static void
test_lengths_of_passwords(void **state)
{
	static const char snowman[] = "\xe2\x98\x83";
	const char *hash;

	(void)state;
	for (int n = 10; n <= 130; n += n == 12 ? 116 : 1) {
		struct buf text = BUF_INIT(&w.cx.mem, 1000);
		for (int i = 0; i < n; i++)
			buf_printf(
			        &text, i % 2 == 0 ? "%s" : "%.0s%c", snowman, 'a' + i * 7 % 26);
		struct err *e = password_hash(&w.cx, NULL, buf_cstr(&text), &hash);
		assert_int_equal(e == NULL, n >= PASSWORD_MIN && n <= PASSWORD_MAX);
	}
}

static void
test_names_in_passwords(void **state)
{
	const char *names[PASSWORD_NAMES_MAX];
	size_t n = password_names(&w.cx, "Ada King-Lovelace", names, 0, NELEMS(names));

	(void)state;
	assert_int_equal(n, 3); /* "Ada" is too short to matter */
	n = password_names(&w.cx, "countess@ockham.example", names, n, NELEMS(names));
	assert_int_equal(n, 7);
	assert_string_equal(names[4], "countess");
	assert_int_equal(password_names(&w.cx, "many more words", names, n, 8), 8);
	assert_int_equal(password_names(&w.cx, NULL, names, n, 8), n);
}

/* Five failures are free; from then on one waits, and the right password waits too. */
static void
test_failures_slow_down(void **state)
{
	struct password_set set = { .user_id = "ada" };

	(void)state;
	assert_ok(&w.cx, password_hash(&w.cx, NULL, "correct horse", &set.hash));
	assert_ok(&w.cx, world_do(&w, password_set_run, &set));
	for (int i = 0; i < 8; i++)
		assert_ok(&w.cx, world_do(&w, password_failed_run, (void *)"ada"));
	struct err *e = check("ada", "correct horse");
	assert_err(e, ERR_DENIED);
	assert_non_null(strstr(e->msg, "wait "));
	w.clock.at += MINUTES(15);
	assert_ok(&w.cx, check("ada", "correct horse"));
}

static bool
session_lives(const char *secret)
{
	struct session s;
	bool found;

	begin();
	assert_ok(&w.cx, session_find(&w.cx, secret, SESSION_LIMITS, &s, &found));
	db_rollback(&w.cx);
	return found;
}

static void
test_sessions(void **state)
{
	struct session_open o = { .user_id = "ada", .limits = SESSION_LIMITS }, other = o;

	(void)state;
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_ok(&w.cx, world_do(&w, session_open_run, &other));
	assert_string_not_equal(o.secret, other.secret);
	assert_string_not_equal(o.secret, o.result.hash);
	assert_string_equal(o.result.hash, access_hash(&w.cx, o.secret));
	assert_true(session_lives(o.secret));
	assert_false(session_lives(o.result.hash)); /* what is stored opens nothing */
	assert_false(session_lives(""));
	assert_ok(&w.cx, world_do(&w, session_end_run, (void *)o.result.hash));
	assert_false(session_lives(o.secret));
	assert_true(session_lives(other.secret));
}

/* Both ends are half-open; use puts off the one and not the other. */
static void
test_sessions_end(void **state)
{
	struct session_open o = { .user_id = "ada", .limits = SESSION_LIMITS };

	(void)state;
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	w.clock.at += SESSION_IDLE - 1;
	assert_true(session_lives(o.secret));
	w.clock.at++;
	assert_false(session_lives(o.secret));

	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	for (usec_t lived = 0; lived < SESSION_SPAN; lived += DAYS(1)) {
		assert_true(session_lives(o.secret));
		assert_ok(&w.cx, world_do(&w, session_used_run, (void *)o.result.hash));
		w.clock.at += DAYS(1);
	}
	assert_false(session_lives(o.secret));
}

static size_t
count_sessions(const char *user)
{
	struct session *all;
	size_t n;

	begin();
	assert_ok(&w.cx, session_all(&w.cx, user, SESSION_LIMITS, &all, &n));
	db_rollback(&w.cx);
	return n;
}

static void
test_ending_other_sessions(void **state)
{
	struct session_open o = { .user_id = "ada",
		.agent = "A browser",
		.address = "192.0.2.7",
		.limits = SESSION_LIMITS };
	struct session_open bo = { .user_id = "bo", .limits = SESSION_LIMITS };

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_ok(&w.cx, world_do(&w, session_open_run, &bo));
	assert_string_equal(o.result.address, "192.0.2.7");
	assert_int_equal(count_sessions("ada"), 3);
	struct session_end_others end = { .user_id = "ada", .but = o.result.hash };
	assert_ok(&w.cx, world_do(&w, session_end_others_run, &end));
	assert_int_equal(end.ended, 2);
	assert_true(session_lives(o.secret));
	assert_true(session_lives(bo.secret));
	assert_ok(&w.cx, world_do(&w, session_end_one_run, &bo.result));
	assert_int_equal(count_sessions("bo"), 0);
}

static struct err *
knock(const char *address)
{
	begin();
	struct err *e = door_check(&w.cx, address);
	db_rollback(&w.cx);
	return e;
}

/* Twenty are free, at however many accounts; then the address waits, and others do not. */
static void
test_guessing_from_one_address(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_ok(&w.cx, knock("192.0.2.7"));
		assert_ok(&w.cx, world_do(&w, door_failed_run, (void *)"192.0.2.7"));
	}
	struct err *e = knock("192.0.2.7");
	assert_err(e, ERR_DENIED);
	assert_non_null(strstr(e->msg, "wait 2 s"));
	assert_ok(&w.cx, knock("192.0.2.8"));
	w.clock.at += SECONDS(1);
	assert_ok(&w.cx, knock("192.0.2.7"));
	for (int i = 0; i < 30; i++)
		assert_ok(&w.cx, world_do(&w, door_failed_run, (void *)"192.0.2.7"));
	w.clock.at += MINUTES(15) - 1;
	assert_err(knock("192.0.2.7"), ERR_DENIED);
	w.clock.at += HOURS(1);
	assert_ok(&w.cx, knock("192.0.2.7"));
	assert_ok(&w.cx, world_do(&w, door_failed_run, (void *)"192.0.2.7"));
	assert_ok(&w.cx, knock("192.0.2.7")); /* it was forgotten, not only waited for */
}

static void
test_a_new_password_ends_sessions(void **state)
{
	struct session_open o = { .user_id = "ada", .limits = SESSION_LIMITS };
	struct password_set set = { .user_id = "ada" };

	(void)state;
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_ok(&w.cx, password_hash(&w.cx, NULL, "another horse", &set.hash));
	assert_ok(&w.cx, world_do(&w, password_set_run, &set));
	assert_false(session_lives(o.secret));
}

static void
test_links(void **state)
{
	struct link_make make = { .user_id = "bo" };
	struct session_open o;

	(void)state;
	assert_ok(&w.cx, world_do(&w, link_make_run, &make));
	o = (struct session_open){ .link = make.secret, .limits = SESSION_LIMITS };
	assert_ok(&w.cx, world_do(&w, session_open_run, &o));
	assert_string_equal(o.result.user_id, "bo");
	o = (struct session_open){ .link = make.secret, .limits = SESSION_LIMITS };
	assert_err(world_do(&w, session_open_run, &o), ERR_DENIED); /* once */
	assert_ok(&w.cx, world_do(&w, link_make_run, &make));
	w.clock.at += LINK_SPAN;
	o = (struct session_open){ .link = make.secret, .limits = SESSION_LIMITS };
	assert_err(world_do(&w, session_open_run, &o), ERR_DENIED); /* and not for ever */
	make.user_id = "gone";
	assert_err(world_do(&w, link_make_run, &make), ERR_NOT_FOUND);
}

static bool
token_lives(const char *secret)
{
	struct token t;
	bool found;

	begin();
	assert_ok(&w.cx, token_find(&w.cx, secret, &t, &found));
	db_rollback(&w.cx);
	return found;
}

static void
test_tokens(void **state)
{
	struct token_make m = { .user_id = "bo",
		.name = "ci",
		.scopes = BIT(SCOPE_READ),
		.expires_at = w.clock.at + HOURS(1) };
	struct token_make all = { .user_id = "bo", .name = "all" };

	(void)state;
	assert_ok(&w.cx, world_do(&w, token_make_run, &m));
	assert_true(str_starts(str_from(m.secret), STR(TOKEN_PREFIX)));
	assert_string_equal(m.result.scopes, "read");
	assert_true(token_lives(m.secret));
	assert_false(token_lives(access_hash(&w.cx, m.secret)));
	w.clock.at += HOURS(1);
	assert_false(token_lives(m.secret));
	assert_ok(&w.cx, world_do(&w, token_make_run, &all));
	assert_string_equal(all.result.scopes, "read respond manage admin");
	assert_ok(&w.cx, world_do(&w, token_revoke_run, (void *)all.result.id));
	assert_false(token_lives(all.secret));
	assert_err(world_do(&w, token_revoke_run, (void *)all.result.id), ERR_NOT_FOUND);
	m = (struct token_make){ .user_id = "bo", .name = "" };
	assert_err(world_do(&w, token_make_run, &m), ERR_INVALID);
	m = (struct token_make){ .user_id = "bo", .name = "x", .expires_at = w.clock.at };
	assert_err(world_do(&w, token_make_run, &m), ERR_INVALID);
	m = (struct token_make){ .user_id = "gone", .name = "x" };
	assert_err(world_do(&w, token_make_run, &m), ERR_NOT_FOUND);
}

static struct err *
keep_run(struct ctx *cx, struct engine *e, void *arg)
{
	(void)e;
	return idempotency_keep(cx, "key", arg);
}

static void
test_requests_made_twice(void **state)
{
	struct idempotency kept = {
		.request = "hash", .at = w.clock.at, .status = 201, .body = "{}"
	};
	struct idempotency got;
	bool found;

	(void)state;
	w.cx.actor = (struct actor){ ACTOR_USER, "ada", "api", ROLE_OWNER };
	assert_ok(&w.cx, world_do(&w, keep_run, &kept));
	w.cx.actor = (struct actor){ ACTOR_USER, "ada", "api", ROLE_OWNER };
	begin();
	assert_ok(&w.cx, idempotency_find(&w.cx, "key", "hash", &got, &found));
	assert_true(found && got.status == 201);
	assert_err(idempotency_find(&w.cx, "key", "other", &got, &found), ERR_CONFLICT);
	assert_ok(&w.cx, idempotency_find(&w.cx, "other key", "hash", &got, &found));
	assert_false(found);
	w.cx.actor.id = "bo"; /* a key is its sender's */
	assert_ok(&w.cx, idempotency_find(&w.cx, "key", "hash", &got, &found));
	assert_false(found);
	db_rollback(&w.cx);
}

/* Whoever checked before the transaction and came second is refused in it. */
static void
test_owner_of_a_house_that_has_one(void **state)
{
	struct password_set set = { .user_id = "ada" };
	struct setup_owner owner = { .user_id = "ada" };
	bool is_set;

	(void)state;
	assert_ok(&w.cx, password_hash(&w.cx, NULL, "a long enough one", &set.hash));
	owner.hash = set.hash;
	assert_err(world_do(&w, setup_owner_run, &owner), ERR_NOT_FOUND);
	begin();
	assert_ok(&w.cx, password_is_set(&w.cx, "ada", &is_set));
	db_rollback(&w.cx);
	assert_false(is_set);
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(test_owner_of_a_house_that_has_one),
		HOUSE(test_scopes),
		HOUSE(test_passwords),
		HOUSE(test_weak_passwords),
		HOUSE(test_lengths_of_passwords),
		HOUSE(test_names_in_passwords),
		HOUSE(test_failures_slow_down),
		HOUSE(test_sessions),
		HOUSE(test_sessions_end),
		HOUSE(test_ending_other_sessions),
		HOUSE(test_guessing_from_one_address),
		HOUSE(test_a_new_password_ends_sessions),
		HOUSE(test_links),
		HOUSE(test_tokens),
		HOUSE(test_requests_made_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
