/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are wrong: every fault with its place and the nearest name. */
#include "documents.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char key[32] = { 1 };

static const struct faults *
faults_of(struct ctx *cx, const char *text)
{
	struct config *c;
	struct plan p;

	assert_ok(cx, config_new(cx, key, &c));
	const struct snapshot *base = config_current(c);
	struct err *e = documents_plan(cx, c, base, text, (struct plan_options){ 0 }, &p);
	snapshot_unref(base);
	config_free(c);
	assert_err(e, ERR_INVALID);
	return e->faults;
}

/* One fault each, and where it is said to be. */
static const struct {
	const char *text;
	uint32_t line;
	const char *pointer, *words;
} wrong[] = {
	/* what is no document */
	{ "users: {a: [}", 1, "", "" },
	{ "- a\n", 1, "", "expected sections" },
	{ "users: {a: {}}\nuser: {}\n", 2, "/user", "did you mean \"users\"?" },
	{ "teams:\n  t: {members: {a/b~c: responder}}\n", 2, "/teams/t/members/a~1b~0c",
	        "there is no user/a/b~c" },
	{ "users: 3\n", 1, "/users", "expected ids" },
	{ "users: {Alice: {}}\n", 1, "/users/Alice", "lower-case" },
	{ "users:\n  a: {}\n  a: {}\n", 3, "", "is there twice" },
	/* fields */
	{ "users:\n  a:\n    nmae: x\n", 3, "/users/a/nmae", "did you mean \"name\"?" },
	{ "users: {a: {zone: Europe/Berln}}\n", 1, "/users/a/zone",
	        "did you mean \"Europe/Berlin\"" },
	{ "users: {a: {role: boss}}\n", 1, "/users/a/role", "owner, admin" },
	{ "users: {a: {email: nope}}\n", 1, "/users/a/email", "" },
	{ "users: {a: {name: 3}}\n", 1, "/users/a/name", "" },
	{ "users: {a: {contacts: {m: {type: emial, address: x@y.example}}}}\n", 1,
	        "/users/a/contacts/m/type", "did you mean \"email\"" },
	{ "users: {a: {contacts: {m: {type: email}}}}\n", 1, "/users/a/contacts/m",
	        "\"address\" is missing" },
	{ "users: {a: {contacts: {m: {type: email, address: here}}}}\n", 1,
	        "/users/a/contacts/m/address", "e-mail address" },
	{ "users: {a: {contacts: {m: {type: webhook, address: 'ftp://x'}}}}\n", 1,
	        "/users/a/contacts/m/address", "http" },
	{ "users: {a: {paging: {high: [{contact: m}]}}}\n", 1, "/users/a/paging/high/0",
	        "no contact \"m\"" },
	{ "users: {a: {}}\nteams: {t: {members: {a: boss}}}\n", 2, "/teams/t/members/a/as",
	        "responder, manager" },
	{ "services: {s: {urgency: hgih}}\n", 1, "/services/s/urgency",
	        "did you mean \"high\"" },
	{ "services: {s: {reopen_within: soon}}\n", 1, "/services/s/reopen_within",
	        "a duration" },
	{ "services: {s: {repage_on_rise: 'yes'}}\n", 1, "/services/s/repage_on_rise",
	        "true or false" },
	{ "schedules: {s: {layers: [{members: [], start: tomorrow, every: 1w}]}}\n", 1,
	        "/schedules/s/layers/0/start", "a wall clock" },
	{ "schedules: {s: {layers: [{members: [], start: 2026-01-05, every: 7}]}}\n", 1,
	        "/schedules/s/layers/0/every", "a length of turns" },
	{ "schedules: {s: {layers: [{members: [], start: 2026-01-05, every: 1d,\n"
	  "  only: [daily 09:00-17:00, weekends]}]}}\n",
	        2, "/schedules/s/layers/0/only/1", "a window" },
	/* bounds */
	{ "policies: {p: {repeat: 101}}\n", 1, "/policies/p/repeat", "100" },
	{ "policies: {p: {delay: 2d}}\n", 1, "/policies/p/delay", "" },
	{ "policies: {p: {steps: [{page: [], acks: 0}]}}\n", 1, "/policies/p/steps/0/acks",
	        "" },
	/* references */
	{ "services: {s: {policy: defualt}}\npolicies: {default: {}}\n", 1,
	        "/services/s/policy", "did you mean \"default\"?" },
	{ "services: {s: {team: shop}}\n", 1, "/services/s/team", "there is no team/shop" },
	{ "policies: {p: {steps: [{page: [user/a]}]}}\n", 1, "/policies/p/steps/0/page/0",
	        "there is no user/a" },
	{ "policies: {p: {steps: [{page: [alice]}]}}\n", 1, "/policies/p/steps/0/page/0",
	        "expected a target" },
	{ "users: {a: {}}\npolicies: {p: {steps: [{page: [{to: user/a, who: next}]}]}}\n", 2,
	        "/policies/p/steps/0/page/0", "with a schedule only" },
	{ "services: {s: {policy: team/x}}\n", 1, "/services/s/policy", "" },
	{ "organisation: {catch_all: user/x}\n", 1, "/organisation/catch_all",
	        "there is no user/x" },
	{ "rulesets: {r: {rules: [{id: x, set: {service: none}}]}}\n", 1,
	        "/rulesets/r/rules/0/set/service", "there is no service/none" },
	{ "policies: {a: {steps: [{page: [policy/a]}]}}\n", 1, "/policies/a/steps",
	        "leads back to itself" },
	/* secrets */
	{ "integrations: {i: {key: (kept)}}\n", 1, "/integrations/i/key", "nothing to keep" },
	{ "integrations: {i: {key: {vault: x}}}\n", 1, "/integrations/i/key",
	        "expected a secret" },
	{ "integrations: {i: {dedup_scope: team}}\n", 1, "/integrations/i/dedup_scope",
	        "needs a team" },
};

static void
test_one_fault(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(wrong); i++) {
		const struct faults *faults = faults_of(&cx, wrong[i].text);
		const struct fault *f = &faults->items[0];
		if (faults->n != 1 || strcmp(f->pointer, wrong[i].pointer) != 0
		        || strstr(f->message, wrong[i].words) == NULL
		        || f->line != wrong[i].line || f->column == 0
		        || strcmp(f->file, "org.yaml") != 0)
			fail_msg("%s: %zu: %s:%u:%u: %s: %s", wrong[i].text, faults->n, f->file,
			        f->line, f->column, f->pointer, f->message);
	}
	ctx_close(&cx);
}

static void
test_all_at_once(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	const struct faults *faults = faults_of(&cx,
	        "users:\n"
	        "  a: {nmae: x, role: boss}\n"
	        "  b: {zone: Mars/Base}\n"
	        "services:\n"
	        "  s: {policy: none}\n");
	assert_int_equal(faults->n, 4);
	ctx_close(&cx);
}

static void
test_a_hundred_are_kept(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	struct buf text = BUF_INIT(&cx.mem, 100000);
	buf_puts(&text, "users:\n");
	for (int i = 0; i < 150; i++)
		buf_printf(&text, "  u%d: {x: 1}\n", i);
	const struct faults *faults = faults_of(&cx, buf_cstr(&text));
	assert_int_equal(faults->n, 100);
	assert_int_equal(faults->dropped, 50);
	ctx_close(&cx);
}

/* Two of a thing that may be there once: keys, routing keys, addresses. */
static void
test_doubles(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "integrations: {a: {key: x}, b: {key: x}}\n",
		        "integration/a has the same key" },
		{ "services: {a: {routing_keys: [k]}, b: {routing_keys: [K]}}\n", "service/" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct faults *faults = faults_of(&cx, rows[i].text);
		if (strstr(faults->items[0].message, rows[i].words) == NULL)
			fail_msg("%s: %s", rows[i].text, faults->items[0].message);
	}
	ctx_close(&cx);
}

/* ---- several files ---- */

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
test_two_places(void **state)
{
	char folder[] = "/tmp/tocsin-config-XXXXXX", inner[64];
	struct change_set set = { 0 };
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	assert_non_null(mkdtemp(folder));
	snprintf(inner, sizeof inner, "%s/more", folder);
	assert_int_equal(mkdir(inner, 0700), 0);
	write_file(folder, "one.yaml", "users:\n  alice: {}\n");
	write_file(folder, "two.json", "{\"users\":\n {\"alice\": {}}}");
	write_file(folder, "broken.yml", "users: [");
	write_file(folder, "ignored.txt", "users: [");
	write_file(folder, ".hidden.yaml", "users: [");
	write_file(inner, "three.yaml", "teams: {core: {}}\nusers:\n\n  alice: {}\n");
	struct err *e = change_set_read(&cx, folder, &set);
	assert_err(e, ERR_INVALID);
	assert_int_equal(e->faults->n, 3);
	assert_non_null(strstr(e->faults->items[0].file, "broken.yml"));
	for (size_t i = 1; i < 3; i++)
		assert_non_null(strstr(e->faults->items[i].message, ".yaml:"));
	assert_int_equal(set.n, 2); /* the first of each is kept */
	/* Several paths are one set. */
	e = change_set_parse(&cx, "later.yaml", STR("users:\n  bo: {}\n  alice: {}\n"), &set);
	assert_err(e, ERR_INVALID);
	assert_int_equal(e->faults->n, 1);
	assert_int_equal(e->faults->items[0].line, 3);
	assert_non_null(
	        strstr(e->faults->items[0].message, "user/alice is there twice: also at /"));
	e = change_set_read(&cx, "/nowhere/at/all", &set);
	assert_err(e, ERR_NOT_FOUND);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_fault),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_a_hundred_are_kept),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_two_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
