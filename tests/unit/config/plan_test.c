/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan does, what a snapshot finds, and how secrets are kept. */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char org[] =
        "organisation: {name: House, zone: Europe/Berlin, catch_all: user/ada, reopen_within: 10m}\n"
        "users:\n"
        "  ada: {email: Ada@House.example, role: owner, contacts: {m: {type: email, address: a@h.example}}}\n"
        "  bo: {zone: America/New_York}\n"
        "teams: {core: {members: {ada: manager, bo: responder}, zone: Europe/Dublin}}\n"
        "policies: {p: {steps: [{page: [team/core]}]}}\n"
        "services:\n"
        "  shop: {team: core, policy: p, routing_keys: [Web, shop-eu]}\n"
        "  pay: {reopen_within: 0s, repage_on_rise: false}\n"
        "schedules: {s: {team: core, layers: [{members: [ada], start: 2026-01-05 09:00, every: 1w}]}}\n"
        "integrations: {prom: {type: alertmanager, key: sesame}, off: {key: shut, disabled: true}}\n"
        "rulesets: {z: {order: 1, rules: []}, a: {order: 2, rules: []}}\n";

/* "add user/x; change ..." of what a plan does. */
static const char *
summary(struct ctx *cx, const struct plan *p)
{
	struct buf out = BUF_INIT(&cx->mem, 4096);

	for (size_t i = 0; i < p->n; i++)
		buf_printf(&out, "%s%s %s/%s", i == 0 ? "" : "; ", verb_names[p->items[i].verb],
		        kind_name(p->items[i].kind), p->items[i].id);
	return buf_cstr(&out);
}

static void
test_plans(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "nothing new", "users: {bo: {zone: America/New_York}}\n", "" },
		{ "written another way",
		        "users:\n  bo:\n    zone: 'America/New_York'\n    role: member\n", "" },
		{ "an empty section", "users:\n", "" },
		{ "one changed", "users: {bo: {zone: Europe/Paris}}\n", "change user/bo" },
		{ "one added", "users: {cy: {}}\n", "add user/cy" },
		{ "both", "users: {cy: {}, bo: {}}\n", "add user/cy; change user/bo" },
		{ "the secret is kept",
		        "integrations: {prom: {type: alertmanager, key: (kept)}}\n", "" },
		{ "and so when unsaid", "integrations: {prom: {type: alertmanager}}\n", "" },
		{ "the same secret again",
		        "integrations: {prom: {type: alertmanager, key: sesame}}\n", "" },
		{ "another secret", "integrations: {prom: {type: alertmanager, key: open}}\n",
		        "change integration/prom" },
	};
	struct ctx cx;
	struct plan p;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_ok(&cx,
		        documents_plan(&cx, d.config, d.s, rows[i].text,
		                (struct plan_options){ 0 }, &p));
		if (strcmp(summary(&cx, &p), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].name, summary(&cx, &p));
		assert_int_equal(
		        snapshot_revision(p.candidate), snapshot_revision(d.s) + (p.n > 0));
		plan_free(&p);
	}
	documents_free(&d);
	ctx_close(&cx);
}

static void
test_removal(void **state)
{
	struct ctx cx;
	struct plan p;
	struct change gone = { .kind = KIND_USER, .id = "bo", .pointer = "/users/bo" };
	const struct change_set set = { &gone, 1, 1 };
	const struct plan_options none = { 0 };

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	struct err *e = config_plan(&cx, d.config, d.s, &set, &none, &p);
	assert_err(e, ERR_INVALID);
	assert_non_null(strstr(e->msg, "user/bo is still named by team/core (/members/bo)"));
	gone = (struct change){ .kind = KIND_SERVICE, .id = "pay", .pointer = "/services/pay" };
	assert_ok(&cx, config_plan(&cx, d.config, d.s, &set, &none, &p));
	assert_string_equal(summary(&cx, &p), "remove service/pay");
	assert_null(snapshot_service(p.candidate, "pay"));
	assert_non_null(snapshot_service(d.s, "pay")); /* the old one is as it was */
	plan_free(&p);
	gone.id = "never";
	assert_err(config_plan(&cx, d.config, d.s, &set, &none, &p), ERR_INVALID);
	documents_free(&d);
	ctx_close(&cx);
}

/* --prune takes what the same source brought, and nothing else. */
static void
test_prune(void **state)
{
	static const unsigned char key[32] = { 1 };
	const struct plan_options git = { .source = "git", .prune = true };
	struct config *c;
	struct ctx cx;
	struct plan by_hand, first, second;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx, config_new(&cx, key, &c));
	const struct snapshot *base = config_current(c);
	assert_ok(&cx,
	        documents_plan(&cx, c, base, "users: {hand: {}}\n", (struct plan_options){ 0 },
	                &by_hand));
	assert_ok(&cx,
	        documents_plan(
	                &cx, c, by_hand.candidate, "users: {a: {}, b: {}}\n", git, &first));
	assert_string_equal(summary(&cx, &first), "add user/a; add user/b");
	assert_ok(
	        &cx, documents_plan(&cx, c, first.candidate, "users: {a: {}}\n", git, &second));
	assert_string_equal(summary(&cx, &second), "remove user/b");
	plan_free(&second);
	const struct plan_options other = { .source = "other", .prune = true };
	assert_ok(&cx,
	        documents_plan(&cx, c, first.candidate, "users: {c: {}}\n", other, &second));
	assert_string_equal(summary(&cx, &second), "add user/c");
	plan_free(&second);
	plan_free(&first);
	plan_free(&by_hand);
	snapshot_unref(base);
	config_free(c);
	ctx_close(&cx);
}

static void
test_look_ups(void **state)
{
	struct ctx cx;
	size_t n;
	bool old;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	const struct snapshot *s = d.s;
	assert_string_equal(snapshot_organisation(s)->c.name, "House");
	assert_null(snapshot_user(s, "nobody"));
	assert_null(snapshot_user(s, NULL));
	assert_string_equal(snapshot_user(s, "bo")->c.name, "bo"); /* the id for want of one */
	assert_string_equal(snapshot_user_by_email(s, "aDA@house.EXAMPLE")->c.id, "ada");
	assert_null(snapshot_user_by_email(s, ""));
	/* routing keys in any case, then ids */
	assert_string_equal(snapshot_route(s, "wEB")->c.id, "shop");
	assert_string_equal(snapshot_route(s, "PAY")->c.id, "pay");
	assert_null(snapshot_route(s, "none"));
	/* what a service does not say is the organisation's */
	assert_int_equal(snapshot_service(s, "shop")->reopen_within, MINUTES(10));
	assert_int_equal(snapshot_service(s, "pay")->reopen_within, 0);
	assert_true(snapshot_service(s, "shop")->repage_on_rise);
	assert_false(snapshot_service(s, "pay")->repage_on_rise);
	/* keys */
	assert_string_equal(
	        snapshot_integration_by_key(s, STR("sesame"), 0, &old)->c.id, "prom");
	assert_null(snapshot_integration_by_key(s, STR("sesam"), 0, &old));
	assert_null(snapshot_integration_by_key(s, STR(""), 0, &old));
	assert_null(snapshot_integration_by_key(s, STR("shut"), 0, &old)); /* disabled */
	/* zones: the document's, its team's, the organisation's */
	assert_string_equal(zone_name(snapshot_zone(s, "Asia/Tokyo", "core")), "Asia/Tokyo");
	assert_string_equal(zone_name(snapshot_zone(s, NULL, "core")), "Europe/Dublin");
	assert_string_equal(zone_name(snapshot_zone(s, NULL, NULL)), "Europe/Berlin");
	assert_string_equal(
	        zone_name(snapshot_schedule(s, "s")->calendar.zone), "Europe/Dublin");
	/* lists by id, rule sets by order */
	const struct document *const *users = snapshot_list(s, KIND_USER, &n);
	assert_int_equal(n, 2);
	assert_string_equal(users[0]->id, "ada");
	snapshot_rules(s, &n);
	assert_int_equal(n, 2);
	documents_free(&d);
	ctx_close(&cx);
}

static void
test_export_comes_back(void **state)
{
	struct ctx cx;
	struct plan p;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, org);
	struct buf out = BUF_INIT(&cx.mem, 100000);
	assert_ok(&cx, config_export_yaml(&cx, d.s, &out));
	assert_null(strstr(buf_cstr(&out), "sesame"));
	assert_non_null(strstr(buf_cstr(&out), "(kept)"));
	assert_ok(&cx,
	        documents_plan(
	                &cx, d.config, d.s, buf_cstr(&out), (struct plan_options){ 0 }, &p));
	assert_string_equal(summary(&cx, &p), "");
	plan_free(&p);
	documents_free(&d);
	ctx_close(&cx);
}

/* ---- secrets ---- */

static const char *
plain_key(struct ctx *cx, const char *written)
{
	struct documents d = documents_of(
	        cx, arena_printf(&cx->mem, "integrations: {i: {key: %s}}\n", written));
	const char *plain = arena_strdup(&cx->mem, snapshot_integration(d.s, "i")->key.plain);

	documents_free(&d);
	return plain;
}

static void
test_secrets_from_elsewhere(void **state)
{
	char path[] = "/tmp/tocsin-secret-XXXXXX";
	struct ctx cx;
	int fd = mkstemp(path);

	(void)state;
	ctx_init(&cx, NULL);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "from a file\nand more", 20), 20);
	close(fd);
	setenv("TOCSIN_TEST_SECRET", "from a variable", 1);
	assert_string_equal(plain_key(&cx, "{env: TOCSIN_TEST_SECRET}"), "from a variable");
	assert_string_equal(
	        plain_key(&cx, arena_printf(&cx.mem, "{file: %s}", path)), "from a file");
	assert_null(plain_key(&cx, "{env: TOCSIN_TEST_NOT_THERE}"));
	assert_null(plain_key(&cx, "{file: /nowhere/at/all}"));
	assert_int_equal(strlen(plain_key(&cx, "null")), 32); /* made */
	remove(path);
	ctx_close(&cx);
}

/* The stored form holds the secret sealed; another key does not open it. */
static void
test_secrets_are_sealed(void **state)
{
	static const unsigned char other[32] = { 2 };
	struct config *stranger;
	struct ctx cx;
	struct plan p;

	(void)state;
	ctx_init(&cx, NULL);
	struct documents d = documents_of(&cx, "integrations: {i: {key: sesame}}\n");
	const char *body = snapshot_document(d.s, KIND_INTEGRATION, "i")->body;
	assert_null(strstr(body, "sesame"));
	assert_non_null(strstr(body, "sealed"));
	assert_ok(&cx, config_new(&cx, other, &stranger));
	const struct snapshot *base = config_current(stranger);
	assert_ok(&cx,
	        documents_plan(&cx, stranger, base,
	                arena_printf(&cx.mem, "{\"integrations\":{\"i\":%s}}", body),
	                (struct plan_options){ 0 }, &p));
	assert_null(snapshot_integration(p.candidate, "i")->key.plain);
	plan_free(&p);
	snapshot_unref(base);
	config_free(stranger);
	documents_free(&d);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_look_ups),
		cmocka_unit_test(test_export_comes_back),
		cmocka_unit_test(test_secrets_from_elsewhere),
		cmocka_unit_test(test_secrets_are_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
