/* SPDX-License-Identifier: Apache-2.0 */
/* What happens next: the step, whom it pages, what it passes, and how long an outlook holds. */
#include "documents.h"

#include "base/buf.h"
#include "engine/outlook.h"

#define MONDAY_10 SECONDS(1772445600)               /* 2026-03-02T10:00:00Z: the week of bo */
#define NEXT_WEEK (MONDAY_10 + DAYS(7) - HOURS(10)) /* Monday 00:00: ada's begins */

static const char org[] =
        "organisation: {zone: UTC, catch_all: user/ada}\n"
        "users:\n"
        "  ada: {contacts: {m: {type: email, address: a@h.example}}}\n"
        "  bo: {contacts: {m: {type: email, address: b@h.example}}}\n"
        "  mute: {}\n"
        "channels: {ops: {type: email, address: ops@h.example}}\n"
        "schedules:\n"
        "  week: {layers: [{members: [ada, bo], start: 2026-02-23 00:00, every: 1w}]}\n"
        "  nobody: {layers: [{members: [null], start: 2026-02-23 00:00, every: 1w}]}\n"
        "policies:\n"
        "  plain: {steps: [{page: [schedule/week]}, {page: [user/ada, channel/ops]}]}\n"
        "  again: {repeat: 1, steps: [{page: [user/bo]}, {page: [schedule/nobody]}]}\n"
        "  late: {delay: 10m, steps: [{page: [schedule/week]}]}\n"
        "  mute: {steps: [{page: [user/mute]}, {page: [schedule/nobody]}]}\n"
        "  below: {steps: [{page: [policy/mute, policy/plain]}]}\n"
        "  turns: {steps: [{page: [user/ada, user/bo], round_robin: true}]}\n";

/* "step 0/2: schedule/week=bo; passed 1". */
static const char *
told(struct ctx *cx, const struct outlook *o)
{
	struct buf out = BUF_INIT(&cx->mem, 1000);

	buf_puts(&out, outlook_names[o->what]);
	if (o->what != OUTLOOK_CATCH_ALL)
		buf_printf(&out, " %d.%d of %d", (int)o->step, (int)o->round, (int)o->n_steps);
	for (size_t i = 0; i < o->n; i++) {
		buf_printf(&out, "%s%s=", i == 0 ? ": " : ", ", o->whom[i].target);
		for (size_t k = 0; k < o->whom[i].n; k++)
			buf_printf(&out, "%s%s", k == 0 ? "" : "+", o->whom[i].users[k]);
	}
	for (size_t i = 0; i < o->n_passed; i++)
		buf_printf(&out, "; passed %d", (int)o->passed[i]);
	if (o->delay > 0)
		buf_printf(&out, "; after %ds", (int)(o->delay / SECONDS(1)));
	buf_printf(&out, "%s%s", o->in_turn ? "; in turn" : "", o->reaches ? "" : "; nobody");
	return buf_cstr(&out);
}

static void
test_what_is_next(void **state)
{
	static const struct {
		const char *policy;
		int step, round;
		bool anew;
		const char *want;
	} rows[] = {
		{ "plain", -1, 0, true, "step 0.0 of 2: schedule/week=bo" },
		{ "plain", 0, 0, false, "step 1.0 of 2: user/ada=ada, channel/ops=" },
		{ "plain", 1, 0, false, "catch_all: user/ada=ada" },
		{ "again", 0, 0, false, "round 0.1 of 2: user/bo=bo; passed 1" },
		{ "again", 0, 1, false, "catch_all: user/ada=ada; passed 1" },
		{ "late", -1, 0, true, "step 0.0 of 1: schedule/week=bo; after 600s" },
		{ "late", -1, 0, false, "step 0.0 of 1: schedule/week=bo" },
		{ "mute", -1, 0, true, "catch_all: user/ada=ada; passed 0; passed 1" },
		{ "below", -1, 0, true, "step 0.0 of 1: policy/mute=, policy/plain=bo" },
		{ "turns", -1, 0, true, "step 0.0 of 1: user/ada=ada, user/bo=bo; in turn" },
		{ NULL, -1, 0, true, "catch_all: user/ada=ada" },
	};
	const struct outlook *then;
	struct outlooks ahead;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	outlooks_init(&ahead, &cx, NULL, d.s);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct stand st = { .policy = rows[i].policy,
			.policy_revision = INT64_MAX,
			.step = rows[i].step,
			.round = rows[i].round,
			.ends_at = MONDAY_10,
			.anew = rows[i].anew };
		assert_ok(&cx, outlook_of(&ahead, &st, &then));
		assert_string_equal(told(&cx, then), rows[i].want);
	}
	documents_free(&d);
	ctx_close(&cx);
}

/* Two that stand alike share an outlook as long as the same people are on duty then. */
static void
test_how_long_it_holds(void **state)
{
	static const struct {
		const char *policy;
		bool anew;
		usec_t ends_at;
		size_t number;
		const char *who;
	} rows[] = {
		{ "plain", true, MONDAY_10, 0, "bo" },
		{ "plain", true, NEXT_WEEK - 1, 0, "bo" },
		{ "plain", true, NEXT_WEEK, 1, "ada" },
		{ "plain", true, MONDAY_10 + HOURS(1), 0, "bo" },
		/* ten minutes later than the wait ends */
		{ "late", true, NEXT_WEEK - MINUTES(20), 2, "bo" },
		{ "late", true, NEXT_WEEK - MINUTES(10) - 1, 2, "bo" },
		{ "late", true, NEXT_WEEK - MINUTES(10), 3, "ada" },
		{ "late", false, NEXT_WEEK - MINUTES(5), 4, "bo" },
	};
	const struct outlook *then;
	struct outlooks ahead;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	outlooks_init(&ahead, &cx, NULL, d.s);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct stand st = { .policy = rows[i].policy,
			.policy_revision = INT64_MAX,
			.step = -1,
			.ends_at = rows[i].ends_at,
			.anew = rows[i].anew };
		assert_ok(&cx, outlook_of(&ahead, &st, &then));
		assert_string_equal(then->whom[0].users[0], rows[i].who);
		assert_int_equal(then->number, rows[i].number);
	}
	documents_free(&d);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_next),
		cmocka_unit_test(test_how_long_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
