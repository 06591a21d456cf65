/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/rules/test: drafted rules on signals of the record, on signals that are given,
 * and on the cases that rule sets keep. */
#include "api/rule_test.h"

#include "api/changes.h"
#include "api/described.h"
#include "api/shapes.h"
#include "base/map.h"
#include "queries.h"

#define LAST_MAX 500
#define LOOKS_MAX 1000000 /* signals times rules: some seconds at the worst */

struct test_body {
	const struct json *documents, *signals;
	int64_t last, signal;
	const char *integration;
	bool trace;
};

#define BODY(member) offsetof(struct test_body, member)

static const struct field body_fields[] = {
	{ "documents", FIELD_JSON, 0, BODY(documents),
	        .help = "The draft, as sections of documents; absent: the rules as they are." },
	{ "last", FIELD_INT, 0, BODY(last), .max = LAST_MAX,
	        .help = "Try it on so many of the newest stored signals." },
	{ "signal", FIELD_INT, 0, BODY(signal), .max = INT64_MAX,
	        .help = "Or on this stored signal." },
	{ "signals", FIELD_JSON, 0, BODY(signals),
	        .help = "Or on these, in the native form: one or a list." },
	{ "integration", FIELD_REF, 0, BODY(integration), .ref = "integration",
	        .help = "By which the given signals would have come." },
	{ "trace", FIELD_BOOL, 0, BODY(trace),
	        .help = "Say of every condition what it saw; for at most 20 signals." },
};
static const struct shape body_shape =
        SHAPE("RuleTest", struct test_body, body_fields, "What to try rules on.");

#define TRACED_MAX 20

struct test {
	struct ctx *cx;
	const struct test_body *b;
	const struct snapshot *now, *then;
	struct tried *tried;
	size_t n, cap;
	struct map hits; /* "set/rule" to struct tally */
	int64_t changed;
};

struct tally {
	int64_t before, after;
};

/* ---- what to try ---- */

static struct err *
take_stored(struct test *t, int64_t before, int64_t limit)
{
	struct signal_row *rows;
	size_t n;

	TRY(db_list(t->cx, &q_api_signals, DB_ARGS(before, "", "", limit, 0), &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct tried one = {
			.integration = rows[i].integration, .id = rows[i].id, .at = rows[i].at
		};
		TRY(rule_stored(t->cx, rows[i].body, &one.s));
		ARENA_PUSH(&t->cx->mem, t->tried, t->n, t->cap) = one;
	}
	return NULL;
}

static struct err *
take_given(struct test *t)
{
	struct signal *signals;
	size_t n;

	TRY(rule_signals(t->cx, t->b->signals, &signals, &n));
	for (size_t i = 0; i < n && i < LAST_MAX; i++)
		ARENA_PUSH(&t->cx->mem, t->tried, t->n, t->cap) =
		        (struct tried){ .s = signals[i], .integration = t->b->integration };
	return NULL;
}

static struct err *
take_all(struct test *t)
{
	if (t->b->signals != NULL)
		return take_given(t);
	if (t->b->signal == 0)
		return t->b->last == 0 ? NULL : take_stored(t, INT64_MAX, t->b->last);
	TRY(take_stored(t, t->b->signal + 1, 1));
	if (t->n == 1 && t->tried[0].id == t->b->signal)
		return NULL;
	return err_field(t->cx, ERR_NOT_FOUND, "/signal", "there is no such signal");
}

static size_t
rules_of(const struct snapshot *s)
{
	size_t n_sets, n = 0;
	const struct ruleset *const *sets = snapshot_rules(s, &n_sets);

	for (size_t i = 0; i < n_sets; i++)
		for (size_t k = 0; ruleset_rule(sets[i], k) != NULL; k++)
			n++;
	return n;
}

static struct err *
check_size(const struct test *t)
{
	if (t->b->trace && t->n > TRACED_MAX)
		return err_field(t->cx, ERR_INVALID, "/trace",
		        "a trace is given for at most %d signals", TRACED_MAX);
	if (t->n * (rules_of(t->now) + rules_of(t->then)) > LOOKS_MAX)
		return err_field(t->cx, ERR_LIMIT, "/last",
		        "so many rules are tried on fewer signals at a time");
	return NULL;
}

/* ---- what is said ---- */

static struct tally *
tally_of(struct test *t, const char *set, const char *rule)
{
	struct str key = str_from(arena_printf(&t->cx->mem, "%s/%s", set, rule));
	struct tally *found = map_get(&t->hits, key);

	if (found == NULL) {
		found = ARENA_NEW(&t->cx->mem, struct tally);
		map_put(&t->hits, key, found);
	}
	return found;
}

static void
write_judged(struct jsonw *w, const char *key, const struct judged *j)
{
	const struct service *svc = j->p.service;

	jsonw_key(w, key);
	jsonw_object(w);
	jsonw_key(w, "rules");
	jsonw_array(w);
	for (size_t i = 0; i < j->n; i++)
		jsonw_cstr(w, j->hits[i].rule);
	jsonw_end_array(w);
	jsonw_member(w, "service", svc == NULL ? NULL : svc->c.id);
	jsonw_member(w, "policy", svc == NULL ? NULL : svc->policy);
	jsonw_member_opt(w, "unrouted", j->p.unrouted);
	jsonw_member(w, "severity", severity_names[j->p.s.severity]);
	jsonw_member(w, "urgency", urgency_names[j->p.urgency]);
	jsonw_member(w, "dedup_key", j->p.s.dedup_key);
	jsonw_member(w, "summary", j->p.s.summary);
	jsonw_member_opt(w, "broken", j->p.rules.broken);
	if (j->trace != NULL)
		jsonw_member_raw(w, "trace", j->trace);
	jsonw_end_object(w);
}

static const char *
policy_of(const struct judged *j)
{
	return j->p.service == NULL ? NULL : j->p.service->policy;
}

static const char *
service_of(const struct judged *j)
{
	return j->p.service == NULL ? NULL : j->p.service->c.id;
}

static bool
same_hits(const struct judged *a, const struct judged *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->hits[i].rule, b->hits[i].rule) != 0)
			return false;
	return true;
}

static bool
differs(const struct judged *a, const struct judged *b)
{
	return !same_hits(a, b) || !str_null_safe_eq(service_of(a), service_of(b))
	        || !str_null_safe_eq(policy_of(a), policy_of(b)) || a->p.urgency != b->p.urgency
	        || a->p.s.severity != b->p.s.severity
	        || strcmp(a->p.s.dedup_key, b->p.s.dedup_key) != 0
	        || strcmp(a->p.s.summary, b->p.s.summary) != 0;
}

static void
write_tried(struct test *t, struct jsonw *w, const struct tried *one)
{
	struct judged before = rule_judge(t->cx, t->now, one, t->b->trace);
	struct judged after = rule_judge(t->cx, t->then, one, t->b->trace);
	bool other = differs(&before, &after);

	for (size_t i = 0; i < before.n; i++)
		tally_of(t, before.hits[i].set, before.hits[i].rule)->before++;
	for (size_t i = 0; i < after.n; i++)
		tally_of(t, after.hits[i].set, after.hits[i].rule)->after++;
	t->changed += other;
	jsonw_object(w);
	if (one->id != 0)
		jsonw_member_int(w, "signal", one->id);
	jsonw_member_time_opt(w, "at", one->at);
	jsonw_member_opt(w, "integration", one->integration);
	jsonw_member(w, "dedup_key", one->s.dedup_key);
	jsonw_member(w, "summary", one->s.summary);
	jsonw_member_bool(w, "differs", other);
	write_judged(w, "before", &before);
	write_judged(w, "after", &after);
	jsonw_end_object(w);
}

/* Every rule of the draft with its hits, also one that none of the signals took. */
static void
write_rules(struct test *t, struct jsonw *w)
{
	size_t n_sets;
	const struct ruleset *const *sets = snapshot_rules(t->then, &n_sets);

	jsonw_key(w, "rules");
	jsonw_array(w);
	for (size_t i = 0; i < n_sets; i++) {
		const char *set = snapshot_ruleset_id(t->then, i), *rule;
		for (size_t k = 0; (rule = ruleset_rule(sets[i], k)) != NULL; k++) {
			const struct tally *tally = tally_of(t, set, rule);
			jsonw_object(w);
			jsonw_member(w, "set", set);
			jsonw_member(w, "rule", rule);
			jsonw_member_int(w, "before", tally->before);
			jsonw_member_int(w, "after", tally->after);
			jsonw_end_object(w);
		}
	}
	jsonw_end_array(w);
}

static struct err *
answer(struct test *t, struct response *rs)
{
	TRY(take_all(t));
	TRY(check_size(t));
	map_init(&t->hits, &t->cx->mem);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_int(&w, "signals", (int64_t)t->n);
	jsonw_key(&w, "items");
	jsonw_array(&w);
	for (size_t i = 0; i < t->n; i++)
		write_tried(t, &w, &t->tried[i]);
	jsonw_end_array(&w);
	jsonw_member_int(&w, "changed", t->changed);
	write_rules(t, &w);
	TRY(rule_cases_write(t->cx, &w, t->then));
	jsonw_end_object(&w);
	return NULL;
}

static struct err *
test(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *now CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct test_body b;
	struct test t = { .cx = cx, .b = &b, .now = now, .then = now };
	struct change_set set = { 0 };
	struct plan plan;

	TRY(request_read_draft(cx, rq, &b));
	TRY(app_read(cx, rq));
	if (b.documents == NULL)
		return answer(&t, rs);
	TRY(change_set_from_json(cx, b.documents, &set));
	TRY(config_plan(
	        cx, app_of(rq)->home.config, now, &set, &(struct plan_options){ 0 }, &plan));
	t.then = plan.candidate;
	struct err *e = answer(&t, rs);
	plan_free(&plan);
	return e;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/rules/test", PERM_MANAGE, test,
	        "What drafted rules make of signals, beside what the present ones make; with the "
	        "cases that rule sets keep",
	        &body_shape, &rules_tested_described, 0, 0 },
};
const struct route_table rule_test_routes = { routes, NELEMS(routes) };
