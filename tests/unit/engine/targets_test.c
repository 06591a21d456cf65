/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a target means, and the preview of who would be paged. */
#include "documents.h"

#include "engine/targets.h"

#define MONDAY_10 SECONDS(1772445600) /* 2026-03-02T10:00:00Z: the week of bo */

static const char org[] =
        "organisation: {zone: UTC, catch_all: user/ada}\n"
        "users:\n"
        "  ada: {contacts: {m: {type: email, address: a@h.example}}}\n"
        "  bo: {contacts: {m: {type: email, address: b@h.example}, w: {type: webhook, address: 'https://w.example'}},\n"
        "    paging: {high: [{contact: w}, {contact: m, after: 2m}]}}\n"
        "  cy: {}\n"
        "teams: {core: {members: {bo: manager, cy: responder}}}\n"
        "channels: {ops: {type: email, address: ops@h.example}}\n"
        "schedules:\n"
        "  week: {layers: [{members: [ada, bo], start: 2026-02-23 00:00, every: 1w}]}\n"
        "  nobody: {layers: [{members: [null], start: 2026-02-23 00:00, every: 1w}]}\n"
        "policies:\n"
        "  p:\n"
        "    delay: 30s\n"
        "    repeat: 1\n"
        "    steps:\n"
        "    - {page: [schedule/week], wait: 5m}\n"
        "    - {page: [schedule/nobody], wait: 5m}\n"
        "    - {page: [user/cy, channel/ops], wait: 10m}\n"
        "services: {shop: {policy: p}, bare: {}, moved: {}}\n"
        "integrations: {lab: {key: sesame}}\n"
        "windows:\n"
        "  racks: {services: [moved], from: 2026-03-02 09:00, to: 2026-03-02 11:00, reason: r}\n"
        "  more: {services: [moved], from: 2026-03-02 11:00, to: 2026-03-02 12:00, reason: r}\n"
        "  later: {services: [moved], from: 2026-03-02 13:00, to: 2026-03-02 14:00, reason: r}\n"
        "  lab: {integrations: [lab], from: 2026-03-02 09:00, to: 2026-03-02 10:30, reason: r}\n";

static void
test_people(void **state)
{
	static const struct {
		struct target target;
		const char *want;
		bool exists, changes;
	} rows[] = {
		{ { TARGET_USER, WHO_CURRENT, "ada" }, "ada(user/ada) ", true, false },
		{ { TARGET_USER, WHO_CURRENT, "gone" }, "", false, false },
		{ { TARGET_TEAM, WHO_CURRENT, "core" }, "bo(team/core) cy(team/core) ", true,
		        false },
		{ { TARGET_TEAM, WHO_CURRENT, "gone" }, "", false, false },
		{ { TARGET_SCHEDULE, WHO_CURRENT, "week" }, "bo(schedule/week) ", true, true },
		{ { TARGET_SCHEDULE, WHO_NEXT, "week" }, "ada(schedule/week (next)) ", true,
		        true },
		{ { TARGET_SCHEDULE, WHO_ALL, "week" },
		        "ada(schedule/week (all)) bo(schedule/week (all)) ", true, false },
		{ { TARGET_SCHEDULE, WHO_CURRENT, "nobody" }, "", true, false },
		{ { TARGET_SCHEDULE, WHO_CURRENT, "gone" }, "", false, false },
		{ { TARGET_POLICY, WHO_CURRENT, "p" }, "", true, false },
		{ { TARGET_CHANNEL, WHO_CURRENT, "ops" }, "", true, false },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct target *t = &rows[i].target;
		struct people people = { 0 };
		struct buf out = BUF_INIT(&cx.mem, 1000);
		target_people(&cx, d.s, t, MONDAY_10, &people);
		for (size_t k = 0; k < people.n; k++)
			buf_printf(&out, "%s(%s) ", people.items[k].user_id,
			        people.items[k].because);
		assert_string_equal(buf_cstr(&out), rows[i].want);
		assert_int_equal(target_exists(d.s, t), rows[i].exists);
		assert_int_equal(
		        target_next_change(d.s, t, MONDAY_10) != USEC_NEVER, rows[i].changes);
	}
	documents_free(&d);
	ctx_close(&cx);
}

static void
test_once_each(void **state)
{
	static const struct target targets[] = {
		{ TARGET_SCHEDULE, WHO_CURRENT, "week" },
		{ TARGET_TEAM, WHO_CURRENT, "core" },
		{ TARGET_USER, WHO_CURRENT, "bo" },
	};
	struct people people = { 0 };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	for (size_t i = 0; i < NELEMS(targets); i++)
		target_people(&cx, d.s, &targets[i], MONDAY_10, &people);
	assert_int_equal(people.n, 2);
	assert_string_equal(
	        people.items[0].because, "schedule/week"); /* the first that named bo */
	documents_free(&d);
	ctx_close(&cx);
}

static void
test_remembered(void **state)
{
	static const struct target targets[] = {
		{ TARGET_USER, WHO_CURRENT, "ada" },
		{ TARGET_SCHEDULE, WHO_NEXT, "week" },
		{ TARGET_SCHEDULE, WHO_ALL, "week" },
		{ TARGET_CHANNEL, WHO_CURRENT, "ops" },
	};
	struct target *again;
	struct ctx cx;
	size_t n;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx,
	        targets_read(&cx, targets_write(&cx, targets, NELEMS(targets)), &again, &n));
	assert_int_equal(n, NELEMS(targets));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(again[i].kind, targets[i].kind);
		assert_int_equal(again[i].who, targets[i].who);
		assert_string_equal(again[i].id, targets[i].id);
	}
	assert_err(targets_read(&cx, "[\"nobody\"]", &again, &n), ERR_BUG);
	ctx_close(&cx);
}

/* "step.round +seconds who:contact", with the reason where nobody is paged. */
static const char *
told(struct ctx *cx, const struct preview *p)
{
	struct buf out = BUF_INIT(&cx->mem, 10000);

	for (size_t i = 0; i < p->n; i++) {
		const struct preview_page *page = &p->pages[i];
		buf_printf(&out, "%d.%d +%d %s:%s%s%s\n", (int)page->step, (int)page->round,
		        (int)((page->at - MONDAY_10) / SECONDS(1)),
		        page->user_id == NULL ? page->because : page->user_id,
		        page->contact == NULL ? "" : page->contact,
		        page->reason == REASON_NONE ? "" : " ",
		        page->reason == REASON_NONE ? "" : reason_names[page->reason]);
	}
	return buf_cstr(&out);
}

static struct err *
preview(struct ctx *cx, const struct snapshot *s, const char *service, enum urgency urgency,
        struct preview *ret)
{
	const struct opening o = { .service = service, .urgency = urgency, .at = MONDAY_10 };

	return preview_service(cx, s, &o, ret);
}

static void
test_preview(void **state)
{
	struct preview p;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	assert_ok(&cx, preview(&cx, d.s, "shop", URGENCY_HIGH, &p));
	assert_string_equal(told(&cx, &p),
	        "0.0 +30 bo:w\n0.0 +150 bo:m\n"
	        "1.0 +330 schedule/nobody: nobody-on-call\n" /* passed at once */
	        "2.0 +330 cy: no-contact\n2.0 +330 channel/ops:\n"
	        "0.1 +930 bo:w\n0.1 +1050 bo:m\n"
	        "1.1 +1230 schedule/nobody: nobody-on-call\n"
	        "2.1 +1230 cy: no-contact\n2.1 +1230 channel/ops:\n"
	        "-1.0 +1830 ada:m\n");
	assert_int_equal(p.exhausted_at, MONDAY_10 + SECONDS(1830));
	assert_ok(&cx, preview(&cx, d.s, "bare", URGENCY_LOW, &p));
	assert_null(p.policy);
	assert_string_equal(told(&cx, &p), "-1.0 +0 ada:m\n");
	assert_err(preview(&cx, d.s, "gone", URGENCY_LOW, &p), ERR_NOT_FOUND);
	documents_free(&d);
	ctx_close(&cx);
}

static void
test_preview_in_a_window(void **state)
{
	static const struct {
		struct opening o;
		const char *window, *pages;
	} rows[] = {
		{ { .service = "moved", .at = MONDAY_10 }, "more", "-1.0 +7200 ada:m\n" },
		{ { .service = "moved", .at = MONDAY_10, .by_hand = true }, NULL,
		        "-1.0 +0 ada:m\n" },
		{ { .service = "moved", .at = MONDAY_10 + HOURS(2) }, NULL,
		        "-1.0 +7200 ada:m\n" },
		{ { .service = "bare", .at = MONDAY_10 }, NULL, "-1.0 +0 ada:m\n" },
		{ { .service = "bare", .integration = "lab", .at = MONDAY_10 }, "lab",
		        "-1.0 +1800 ada:m\n" },
		{ { .service = "bare", .integration = "other", .at = MONDAY_10 }, NULL,
		        "-1.0 +0 ada:m\n" },
	};
	struct preview p;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_ok(&cx, preview_service(&cx, d.s, &rows[i].o, &p));
		assert_string_equal(told(&cx, &p), rows[i].pages);
		assert_true(str_null_safe_eq(
		        p.muting == NULL ? NULL : p.muting->window->c.id, rows[i].window));
	}
	documents_free(&d);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_once_each),
		cmocka_unit_test(test_remembered),
		cmocka_unit_test(test_preview),
		cmocka_unit_test(test_preview_in_a_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
