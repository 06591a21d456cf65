/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many commands in one transaction must do what each would have done alone: what is read ahead
 * for many signals or reports may never be older than what those before them wrote.
 */
#include <stdlib.h>

#include "test.h"

#include "base/random.h"
#include "engine/batch.h"
#include "engine/incident.h"
#include "engine/timeline.h"
#include "sim/tape.h"
#include "sim/world.h"

#define COMMANDS 60
#define SIGNALS_MAX 6
#define SEEDS 40
#define SEEDS_POSTGRES 6 /* on the server that TOCSIN_TEST_PG names, if there is one */

static const char organisation[] =
        "organisation: { name: Test, zone: UTC, catch_all: user/ann }\n"
        "users: { ann: { name: Ann, email: ann@x.example, role: owner, contacts:\n"
        "  { mail: { type: email, address: ann@x.example },\n"
        "  hook: { type: webhook, address: 'http://x.example/' } },\n"
        "  paging: { high: [{ contact: mail }, { contact: hook }] } } }\n"
        "teams: { ops: { name: Ops, members: { ann: manager } } }\n"
        "policies: { ops: { team: ops, steps: [{ page: [user/ann], wait: 5m }] } }\n"
        "services: { web: { name: Web, team: ops, policy: ops, reopen_within: 1h } }\n"
        "integrations: { a: { name: A, type: native, team: ops, service: web, key: key-of-a },\n"
        "  b: { name: B, type: native, team: ops, service: web, key: key-of-b } }\n";

struct item {
	struct command cmd;
	struct intake in;
	struct signal signals[SIGNALS_MAX];
	struct intake_result results[SIGNALS_MAX];
	struct incident_act act;
	struct page_claim claim;
	struct page_report report;
};

struct home {
	struct world w;
	struct batch b;
	struct item items[COMMANDS];
};

static void
done(struct command *cmd)
{
	(void)cmd;
}

static void
open_home(struct home *h, const char *url)
{
	struct change_set set = { 0 };

	assert_ok(&h->w.cx, world_open(&h->w, url));
	clock_virtual(&h->w.clock, SECONDS(1000000000));
	h->w.cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	assert_ok(&h->w.cx, change_set_parse(&h->w.cx, "test", str_from(organisation), &set));
	assert_ok(&h->w.cx, world_apply(&h->w, &set));
	h->b = (struct batch){ .db = h->w.db };
	ctx_init(&h->b.cx, &h->w.clock);
	h->b.cx.actor = (struct actor){ .kind = ACTOR_SYSTEM };
	engine_init(&h->b.engine, h->w.config);
}

static void
close_home(struct home *h)
{
	ctx_close(&h->b.cx);
	world_close(&h->w);
}

/* ---- commands by chance ---- */

static struct signal
make_signal(struct rng *r)
{
	static const char *const keys[] = { "k0", "k1", "k2", "k3" };
	static const enum signal_action actions[] = { SIGNAL_TRIGGER, SIGNAL_TRIGGER,
		SIGNAL_TRIGGER, SIGNAL_RESOLVE, SIGNAL_ACKNOWLEDGE };
	static const enum severity severities[] = { SEVERITY_CRITICAL, SEVERITY_WARNING,
		SEVERITY_INFO };

	return (struct signal){ .action = actions[rng_below(r, NELEMS(actions))],
		.severity = severities[rng_below(r, NELEMS(severities))],
		.dedup_key = keys[rng_below(r, NELEMS(keys))],
		.summary = "words" };
}

static void
make_intake(struct home *h, struct rng *r, struct item *it)
{
	it->in = (struct intake){ .integration = rng_below(r, 2) == 0 ? "a" : "b",
		.signals = it->signals,
		.n = rng_below(r, 2) == 0 ? 1 : 1 + rng_below(r, SIGNALS_MAX),
		.results = it->results };
	for (size_t i = 0; i < it->in.n; i++)
		it->signals[i] = make_signal(r);
	if (rng_below(r, 2) == 0) {
		const struct snapshot *s = config_current(h->w.config);
		intake_prepare(&h->w.cx, s, &it->in);
		snapshot_unref(s); /* the configuration holds it on */
	}
	it->cmd.run = intake_run;
	it->cmd.arg = &it->in;
}

static void
make_act(struct rng *r, struct item *it)
{
	static const enum incident_verb verbs[] = { INCIDENT_RESOLVE, INCIDENT_MERGE };

	it->act = (struct incident_act){ .verb = verbs[rng_below(r, NELEMS(verbs))],
		.incident_id = 1 + (int64_t)rng_below(r, 6),
		.into = 1 + (int64_t)rng_below(r, 6) };
	it->cmd.run = incident_do_run;
	it->cmd.arg = &it->act;
}

static void
make_claim(struct item *it)
{
	it->claim = (struct page_claim){ .limit = 100, .lease = MINUTES(1) };
	it->cmd.run = paging_claim;
	it->cmd.arg = &it->claim;
}

static void
make_report(struct rng *r, struct item *it)
{
	it->report = (struct page_report){ .page_id = 1 + (int64_t)rng_below(r, 24) };
	if (rng_below(r, 5) == 0) {
		it->report.result = rng_below(r, 2) == 0 ? SEND_FAILED : SEND_RETRY;
		it->report.error = "no";
	}
	it->cmd.run = paging_report;
	it->cmd.arg = &it->report;
}

/* Reports come in runs, as from a dispatcher whose calls end together. */
static void
make_paging(struct rng *r, const struct item *before, struct item *it)
{
	if (before != NULL && before->cmd.run == paging_claim)
		make_report(r, it);
	else if (before != NULL && before->cmd.run == paging_report && rng_below(r, 4) > 0)
		make_report(r, it);
	else if (rng_below(r, 3) == 0)
		make_claim(it);
	else
		make_report(r, it);
}

static bool
is_of_paging(const struct item *it)
{
	return it != NULL && (it->cmd.run == paging_claim || it->cmd.run == paging_report);
}

static void
make_items(struct home *h, uint64_t seed)
{
	struct rng r;

	rng_seed(&r, seed);
	for (size_t i = 0; i < COMMANDS; i++) {
		struct item *it = &h->items[i];
		*it = (struct item){ .cmd = { .cx = &h->w.cx, .done = done } };
		const struct item *before = i == 0 ? NULL : it - 1;
		if (rng_below(&r, 5) == 0)
			make_act(&r, it);
		else if (rng_below(&r, 8) < (is_of_paging(before) ? 7 : 2))
			make_paging(&r, before, it);
		else
			make_intake(h, &r, it);
	}
}

/* ---- running ---- */

/* So many commands in each transaction. */
static void
run_items(struct home *h, size_t at_once)
{
	for (size_t i = 0; i < COMMANDS; i += at_once) {
		size_t end = i + at_once < COMMANDS ? i + at_once : COMMANDS;
		for (size_t k = i; k + 1 < end; k++)
			h->items[k].cmd.next = &h->items[k + 1].cmd;
		h->b.commands = &h->items[i].cmd;
		assert_ok(&h->b.cx, batch_run(&h->b));
	}
}

static void
check_same(const struct item *x, const struct item *y)
{
	assert_int_equal(x->cmd.result == NULL, y->cmd.result == NULL);
	for (size_t i = 0; i < x->in.n; i++) {
		assert_int_equal(x->results[i].outcome, y->results[i].outcome);
		assert_int_equal(x->results[i].signal_id, y->results[i].signal_id);
		assert_int_equal(x->results[i].alert_id, y->results[i].alert_id);
		assert_int_equal(x->results[i].incident_id, y->results[i].incident_id);
	}
}

/* Ends with the digest of all that is on record. */
static void
verify(struct home *h, struct verify_result *ret, const char **ret_digest)
{
	assert_ok(&h->w.cx, db_begin(&h->w.cx, h->w.db, DB_READ));
	assert_ok(&h->w.cx, timeline_verify(&h->w.cx, ret));
	assert_ok(&h->w.cx, record_digest(&h->w.cx, ret_digest));
	db_rollback(&h->w.cx);
	assert_null(ret->why);
}

/* Alone always on SQLite: both databases must come to the same record too. */
static void
check_seeds(const char *url, uint64_t seeds)
{
	static struct home together, alone;
	struct verify_result x, y;
	const char *record_x, *record_y;

	for (uint64_t seed = 1; seed <= seeds; seed++) {
		open_home(&together, url);
		open_home(&alone, NULL);
		make_items(&together, seed);
		make_items(&alone, seed);
		run_items(&together, seed % 2 == 0 ? COMMANDS : 7);
		run_items(&alone, 1);
		for (size_t i = 0; i < COMMANDS; i++)
			check_same(&together.items[i], &alone.items[i]);
		verify(&together, &x, &record_x);
		verify(&alone, &y, &record_y);
		assert_int_equal(x.events, y.events);
		assert_string_equal(record_x, record_y);
		close_home(&together);
		close_home(&alone);
	}
}

static void
test_together_as_alone(void **state)
{
	(void)state;
	check_seeds(NULL, SEEDS);
}

static void
test_on_postgres(void **state)
{
	(void)state;
	check_seeds(getenv("TOCSIN_TEST_PG"), SEEDS_POSTGRES);
}

int
main(void)
{
	/* PostgreSQL's last, so that it can be left out. */
	const struct CMUnitTest all[] = { cmocka_unit_test(test_together_as_alone),
		cmocka_unit_test(test_on_postgres) };
	size_t n = getenv("TOCSIN_TEST_PG") == NULL ? NELEMS(all) - 1 : NELEMS(all);

	return _cmocka_run_group_tests("batch", all, n, NULL, NULL);
}
