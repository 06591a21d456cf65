/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's pure decisions, each as a table. */
#include "documents.h"

#include "engine/callout.h"
#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/intake.h"
#include "engine/paging.h"

/* ---- what a firing signal does ---- */

static void
test_intake(void **state)
{
	static const struct {
		const char *name;
		struct firing_facts facts;
		enum outcome want;
	} rows[] = {
		{ "a new condition", { .severity = SEVERITY_ERROR }, OUTCOME_OPENED },
		{ "info wakes nobody", { .severity = SEVERITY_INFO }, OUTCOME_KEPT },
		{ "on an open alert it counts",
		        { .alert_open = true,
		                .has_incident = true,
		                .severity = SEVERITY_CRITICAL },
		        OUTCOME_DUPLICATE },
		{ "unless it rises",
		        { .alert_open = true,
		                .has_incident = true,
		                .rises = true,
		                .repage_on_rise = true,
		                .severity = SEVERITY_CRITICAL },
		        OUTCOME_ROSE },
		{ "and the service wants to hear of that",
		        { .alert_open = true,
		                .has_incident = true,
		                .rises = true,
		                .severity = SEVERITY_CRITICAL },
		        OUTCOME_DUPLICATE },
		{ "info on an open alert counts",
		        { .alert_open = true, .has_incident = true, .severity = SEVERITY_INFO },
		        OUTCOME_DUPLICATE },
		{ "info on an alert without incident counts",
		        { .alert_open = true, .severity = SEVERITY_INFO }, OUTCOME_DUPLICATE },
		{ "an alert without incident that gets worse opens one",
		        { .alert_open = true, .severity = SEVERITY_ERROR }, OUTCOME_OPENED },
		{ "in the window it reopens",
		        { .in_reopen_window = true, .severity = SEVERITY_WARNING },
		        OUTCOME_REOPENED },
		{ "info does not reopen",
		        { .in_reopen_window = true, .severity = SEVERITY_INFO }, OUTCOME_KEPT },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++)
		if (intake_decide(&rows[i].facts) != rows[i].want)
			fail_msg("%s: %s", rows[i].name,
			        outcome_names[intake_decide(&rows[i].facts)]);
}

/* Over every combination of facts: an open alert with its incident never opens another, pages
 * again only by rising, and info never wakes anybody anew. */
static void
test_intake_everywhere(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 32; bits++)
		for (int severity = 0; severity < SEVERITY_MAX; severity++) {
			const struct firing_facts f = { .alert_open = bits & 1,
				.has_incident = bits & 2,
				.in_reopen_window = bits & 4,
				.rises = bits & 8,
				.repage_on_rise = bits & 16,
				.severity = (enum severity)severity };
			enum outcome o = intake_decide(&f);
			if (f.alert_open && f.has_incident)
				assert_int_equal(o,
				        f.rises && f.repage_on_rise ? OUTCOME_ROSE
				                                    : OUTCOME_DUPLICATE);
			else if (severity == SEVERITY_INFO)
				assert_true(o == OUTCOME_KEPT || o == OUTCOME_DUPLICATE);
			else
				assert_true(o == OUTCOME_OPENED || o == OUTCOME_REOPENED);
		}
}

/* ---- the states of an incident ---- */

static void
test_moves(void **state)
{
	static const bool allowed[INCIDENT_STATE_MAX][INCIDENT_STATE_MAX] = {
		[INCIDENT_TRIGGERED] = { [INCIDENT_ACKNOWLEDGED] = true,
		        [INCIDENT_RESOLVED] = true },
		[INCIDENT_ACKNOWLEDGED] = { [INCIDENT_TRIGGERED] = true,
		        [INCIDENT_RESOLVED] = true },
		[INCIDENT_RESOLVED] = { [INCIDENT_TRIGGERED] = true,
		        [INCIDENT_ACKNOWLEDGED] = true },
	};
	struct clock clock;
	struct ctx cx;

	(void)state;
	clock_virtual(&clock, SECONDS(1000));
	ctx_init(&cx, &clock);
	for (int from = 0; from < INCIDENT_STATE_MAX; from++)
		for (int to = 0; to < INCIDENT_STATE_MAX; to++) {
			struct incident inc = { .id = 1,
				.state = (enum incident_state)from,
				.acked_by = "user/a",
				.acked_at = 5,
				.snoozed_until = 7 };
			struct err *e = incident_move(&cx, &inc, (enum incident_state)to);
			if ((e == NULL) != allowed[from][to])
				fail_msg("%s to %s", incident_state_names[from],
				        incident_state_names[to]);
			assert_int_equal(inc.state, e == NULL ? to : from);
			if (e != NULL)
				assert_int_equal(e->code, ERR_BUG);
			else if (to == INCIDENT_TRIGGERED)
				assert_true(inc.acked_by == NULL && inc.acked_at == 0
				        && inc.triggered_at == SECONDS(1000)
				        && inc.snoozed_until == 0);
		}
	ctx_close(&cx);
}

/* ---- the way through a policy ---- */

static void
test_escalation(void **state)
{
	static const struct {
		const char *name;
		size_t steps;
		int64_t repeat, step, round;
		struct next want;
	} rows[] = {
		{ "the next step", 3, 0, 0, 0, { NEXT_STEP, 1, 0 } },
		{ "the last step", 3, 0, 1, 0, { NEXT_STEP, 2, 0 } },
		{ "after the last", 3, 0, 2, 0, { NEXT_EXHAUSTED, 2, 0 } },
		{ "a further round", 3, 2, 2, 0, { NEXT_ROUND, 0, 1 } },
		{ "and another", 3, 2, 2, 1, { NEXT_ROUND, 0, 2 } },
		{ "no third one", 3, 2, 2, 2, { NEXT_EXHAUSTED, 2, 2 } },
		{ "one step, again", 1, 1, 0, 0, { NEXT_ROUND, 0, 1 } },
		{ "no steps", 0, 5, 0, 0, { NEXT_EXHAUSTED, 0, 0 } },
		{ "a policy that has lost steps since", 1, 0, 4, 0, { NEXT_EXHAUSTED, 4, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct policy p = { .steps = { .n = rows[i].steps },
			.repeat = rows[i].repeat };
		struct next got = escalation_next(&p, rows[i].step, rows[i].round);
		if (got.what != rows[i].want.what || got.step != rows[i].want.step
		        || got.round != rows[i].want.round)
			fail_msg("%s", rows[i].name);
	}
	assert_int_equal(escalation_next(NULL, 0, 0).what, NEXT_EXHAUSTED);
}

/* Whatever the policy, a walk visits every step once a round, in order, and ends. */
static void
test_escalation_ends(void **state)
{
	(void)state;
	for (size_t steps = 1; steps < 6; steps++)
		for (int64_t repeat = 0; repeat < 4; repeat++) {
			const struct policy p = { .steps = { .n = steps }, .repeat = repeat };
			struct next n = { .what = NEXT_STEP };
			size_t visited = 0;
			for (; n.what != NEXT_EXHAUSTED; visited++) {
				assert_int_equal(n.step, visited % steps);
				assert_int_equal(n.round, visited / steps);
				n = escalation_next(&p, n.step, n.round);
			}
			assert_int_equal(visited, steps * (size_t)(repeat + 1));
		}
}

/* ---- paging a person ---- */

static void
test_own_steps(void **state)
{
	static const struct {
		const char *user, *high, *low;
	} rows[] = {
		{ "{}", "", "" },
		{ "{contacts: {m: {type: email, address: a@b.example}}}", "m@0 ", "m@0 " },
		{ "{contacts: {m: {type: email, address: a@b.example},"
		  " w: {type: webhook, address: 'https://x.example'}}}",
		        "m@0 w@0 ", "m@0 w@0 " },
		{ "{contacts: {m: {type: email, address: a@b.example},"
		  " w: {type: webhook, address: 'https://x.example'}},"
		  " paging: {high: [{contact: m, after: 2m}, {contact: w}]}}",
		        "w@0 m@120 ",
		        "w@0 m@120 " }, /* sorted; low as high when it says nothing */
		{ "{contacts: {m: {type: email, address: a@b.example},"
		  " w: {type: webhook, address: 'https://x.example'}},"
		  " paging: {high: [{contact: w}], low: [{contact: m}]}}",
		        "w@0 ", "m@0 " },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct documents d = documents_of(
		        &cx, arena_printf(&cx.mem, "users: {a: %s}\n", rows[i].user));
		for (int u = 0; u < URGENCY_MAX; u++) {
			struct callout_steps steps =
			        callout_steps_of(&cx, snapshot_user(d.s, "a"), (enum urgency)u);
			struct buf out = BUF_INIT(&cx.mem, 1000);
			for (size_t k = 0; k < steps.n; k++)
				buf_printf(&out, "%s@%d ", steps.items[k].contact,
				        (int)(steps.items[k].after / SECONDS(1)));
			assert_string_equal(
			        buf_cstr(&out), u == URGENCY_HIGH ? rows[i].high : rows[i].low);
		}
		documents_free(&d);
	}
	ctx_close(&cx);
}

static void
test_backoff(void **state)
{
	static const usec_t waits[] = { SECONDS(5), SECONDS(15), SECONDS(45), MINUTES(2),
		MINUTES(5), MINUTES(5) };
	bool differs = false;

	(void)state;
	for (int64_t page = 1; page < 200; page++)
		for (size_t k = 0; k < NELEMS(waits); k++) {
			usec_t wait = paging_backoff(page, (int64_t)k + 1);
			assert_true(wait >= waits[k] && wait <= waits[k] / 5 * 6);
			assert_int_equal(wait, paging_backoff(page, (int64_t)k + 1));
			differs |= wait != paging_backoff(page + 1, (int64_t)k + 1);
		}
	assert_true(differs);
	assert_true(paging_backoff(1, 0) >= SECONDS(5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intake),
		cmocka_unit_test(test_intake_everywhere),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_escalation),
		cmocka_unit_test(test_escalation_ends),
		cmocka_unit_test(test_own_steps),
		cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
