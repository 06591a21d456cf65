/* SPDX-License-Identifier: Apache-2.0 */
/* Codes for contacts: their end, their tries, their pace, and addresses that change. */
#include "test.h"

#include "access/setup.h"
#include "access/verification.h"
#include "engine/page.h"
#include "queries.h"
#include "sim/world.h"

static struct world w;

static void
have(const char *address)
{
	struct change_set set = { 0 };

	assert_ok(&w.cx,
	        change_set_parse(&w.cx, "org.yaml",
	                str_from(arena_printf(&w.cx.mem,
	                        "users: {ada: {contacts: {mail: {type: email, address: %s}}}}\n",
	                        address)),
	                &set));
	assert_ok(&w.cx, world_apply(&w, &set));
}

static int
open_house(void **state)
{
	(void)state;
	assert_ok(&w.cx, world_open(&w, NULL));
	w.clock.at = SECONDS(1772445600);
	have("ada@h.example");
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

static struct verification
row(void)
{
	struct verification *all;
	size_t n;

	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, verification_all(&w.cx, "ada", &all, &n));
	db_rollback(&w.cx);
	return n == 0 ? (struct verification){ 0 } : all[0];
}

/* The digits that the newest message brings. */
static const char *
sent_code(void)
{
	struct contact_message m = { "ada", "mail", .with_code = true };
	struct page_job job = { 0 };

	assert_ok(&w.cx, world_do(&w, contact_message_run, &m));
	assert_int_equal(m.expires_at, w.clock.at + CODE_SPAN);
	job.page.id = row().page_id;
	assert_ok(&w.cx, db_begin(&w.cx, w.db, DB_READ));
	assert_ok(&w.cx, notice_fill(&w.cx, &job));
	db_rollback(&w.cx);
	assert_null(strpbrk(job.notice_title, "0123456789")); /* titles are on the log */
	return arena_printf(&w.cx.mem, "%.6s", job.notice_text);
}

static enum code_outcome
answer(const char *code)
{
	struct contact_answer a = { .user_id = "ada", .contact = "mail", .code = code };

	assert_ok(&w.cx, world_do(&w, contact_answer_run, &a));
	return a.outcome;
}

static const char *
wrong(const char *code)
{
	return code[0] == '9' ? "000000" : "999999";
}

static void
test_a_code_ends(void **state)
{
	const char *code = sent_code();

	(void)state;
	w.clock.at += CODE_SPAN;
	assert_int_equal(answer(code), CODE_NONE);
	code = sent_code();
	w.clock.at += CODE_SPAN - 1;
	assert_int_equal(answer(code), CODE_RIGHT);
	assert_int_equal(row().verified_at, w.clock.at);
	assert_int_equal(answer(code), CODE_NONE);
}

static void
test_tries(void **state)
{
	const char *code = sent_code();

	(void)state;
	for (int i = 0; i < CODE_TRIES; i++)
		assert_int_equal(answer(wrong(code)), CODE_WRONG);
	assert_int_equal(answer(code), CODE_SPENT);
	w.clock.at += MESSAGE_GAP;
	assert_int_equal(answer(sent_code()), CODE_RIGHT);
}

static void
test_pace(void **state)
{
	struct contact_message m = { "ada", "mail", .with_code = true };

	(void)state;
	for (int i = 0; i < MESSAGES_AN_HOUR; i++) {
		assert_ok(&w.cx, world_do(&w, contact_message_run, &m));
		w.clock.at += MESSAGE_GAP - 1;
		assert_err(world_do(&w, contact_message_run, &m), ERR_CONFLICT);
		w.clock.at += 1;
	}
	assert_err(world_do(&w, contact_message_run, &m), ERR_CONFLICT);
	w.clock.at += HOURS(1);
	assert_ok(&w.cx, world_do(&w, contact_message_run, &m));
}

static void
test_another_address(void **state)
{
	const char *code = sent_code();

	(void)state;
	have("new@h.example");
	assert_int_equal(answer(code), CODE_NONE); /* it was sent elsewhere */
	have("ada@h.example");
	assert_int_equal(answer(code), CODE_RIGHT);
	have("new@h.example");
	w.clock.at += MESSAGE_GAP;
	(void)sent_code();
	assert_int_equal(row().verified_at, 0);
}

static void
test_a_new_code_takes_nothing_away(void **state)
{
	(void)state;
	assert_int_equal(answer(sent_code()), CODE_RIGHT);
	w.clock.at += MESSAGE_GAP;
	(void)sent_code();
	assert_int_not_equal(row().verified_at, 0);
}

static void
test_setup_code(void **state)
{
	unsigned char key[32] = { 0, 1, 31, 32, 255 }, other[32] = { 1 };
	const char *code = setup_code(&w.cx, key);

	(void)state;
	assert_string_equal(code, "23Z2-Z222-2222");
	assert_true(setup_code_fits(key, code));
	assert_true(setup_code_fits(key, " 23z2 z2222222 "));
	assert_false(setup_code_fits(other, code));
	assert_false(setup_code_fits(key, "23Z2-Z222-222"));
	assert_false(setup_code_fits(key, "23Z2-Z222-22222"));
	assert_false(setup_code_fits(key, ""));
	assert_false(setup_code_fits(key, NULL));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_a_code_ends),
		CASE(test_tries),
		CASE(test_pace),
		CASE(test_another_address),
		CASE(test_a_new_code_takes_nothing_away),
		CASE(test_setup_code),
	};

	return cmocka_run_group_tests_name("verification", tests, NULL, NULL);
}
