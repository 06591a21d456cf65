/* SPDX-License-Identifier: Apache-2.0 */
/* Services, escalation policies, integrations and rule sets: the way from a signal to a
 * person. */
#include "base/random.h"
#include "config/codecs.h"
#include "config/kinds.h"

/* ---- services ---- */

static const char *const service_urgency_names[SERVICE_URGENCY_MAX + 1] = {
	[SERVICE_BY_SEVERITY] = "by-severity",
	[SERVICE_HIGH] = "high",
	[SERVICE_LOW] = "low",
};

/* What a service says for itself; unsaid, the organisation's word counts. */
static void
own_span_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct own_span *own = ret;

	own->said = v->type == JSON_STRING && duration_parse(v->string, &own->span);
	if (!own->said)
		shape_fault(r, v, "expected a duration such as 90s, 5m, 1h30m, 2d or 1w");
}

static void
own_span_encode(struct jsonw *w, const void *value)
{
	const struct own_span *own = value;
	char text[DURATION_MAX];

	if (own->said)
		jsonw_cstr(w, duration_print(own->span, text));
}

static void
own_bool_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_BOOL)
		shape_fault(r, v, "expected true or false");
	else
		*(enum own_bool *)ret = v->boolean ? OWN_TRUE : OWN_FALSE;
}

static void
own_bool_encode(struct jsonw *w, const void *value)
{
	enum own_bool own = *(const enum own_bool *)value;

	if (own != OWN_UNSAID)
		jsonw_bool(w, own == OWN_TRUE);
}

#define SERVICE(member) offsetof(struct service, member)

static const struct field service_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, SERVICE(team), .ref = "team", .help = "Who owns it." },
	{ "policy", FIELD_REF, 0, SERVICE(policy), .ref = "policy",
	        .help = "How its incidents escalate; without one the catch-all is paged." },
	{ "urgency", FIELD_ENUM, 0, SERVICE(urgency), .names = service_urgency_names,
	        .fallback = "\"by-severity\"", .help = "How to page for it." },
	{ "depends_on", FIELD_LIST, 0, SERVICE(depends_on), .of = FIELD_REF, .ref = "service",
	        .max = 100, .help = "What must work for it to work." },
	{ "routing_keys", FIELD_LIST, 0, SERVICE(routing_keys), .of = FIELD_STRING, .max = 100,
	        .help = "Routing keys of signals that are for it; case does not matter." },
	{ "links", FIELD_MAP, 0, SERVICE(links), .of = FIELD_URL, .max = 50,
	        .help = "Titles and addresses that a page shows." },
	{ "reopen_within", FIELD_CUSTOM, 0, SERVICE(own.reopen_within),
	        .decode = own_span_decode, .encode = own_span_encode,
	        .schema = "{\"type\":\"string\",\"format\":\"span\"}",
	        .help = "How long after its end an incident is reopened instead of a new one opened; "
	                "0s: never." },
	{ "repage_on_rise", FIELD_CUSTOM, 0, SERVICE(own.repage_on_rise),
	        .decode = own_bool_decode, .encode = own_bool_encode,
	        .schema = "{\"type\":\"boolean\"}",
	        .help = "Whether a rise from low to high urgency pages again." },
	{ "auto_resolve", FIELD_CUSTOM, 0, SERVICE(own.auto_resolve), .decode = own_bool_decode,
	        .encode = own_bool_encode, .schema = "{\"type\":\"boolean\"}",
	        .help = "Whether the incident resolves when its last alert recovers." },
};
const struct shape service_shape =
        SHAPE("Service", struct service, service_fields, "Something that can break.");

/* Whether b can be reached from the service at all, by depth-first search with a bound. */
static bool
reaches(const struct snapshot *s, const struct service *from, const char *goal, int depth)
{
	const char *const *next = from->depends_on.items;

	for (size_t i = 0; depth > 0 && i < from->depends_on.n; i++) {
		const struct service *to = snapshot_service(s, next[i]);
		if (strcmp(next[i], goal) == 0
		        || (to != NULL && reaches(s, to, goal, depth - 1)))
			return true;
	}
	return false;
}

#define DEPENDENCY_DEPTH 12

void
service_check(struct checker *c, const void *value)
{
	const struct service *svc = value;
	const char *const *keys = svc->routing_keys.items;

	if (reaches(c->s, svc, svc->c.id, DEPENDENCY_DEPTH))
		c->fault(c, "/depends_on",
		        arena_printf(&c->cx->mem, "service/%s depends on itself", svc->c.id));
	for (size_t i = 0; i < svc->routing_keys.n; i++) {
		const struct service *owner = snapshot_route(c->s, keys[i]);
		if (owner != NULL && strcmp(owner->c.id, svc->c.id) != 0)
			c->fault(c, arena_printf(&c->cx->mem, "/routing_keys/%zu", i),
			        arena_printf(&c->cx->mem,
			                "the routing key \"%s\" belongs to service/%s already",
			                keys[i], owner->c.id));
	}
}

/* ---- policies ---- */

#define STEP(member) offsetof(struct policy_step, member)

static const struct field step_fields[] = {
	{ "page", FIELD_CUSTOM, FIELD_REQUIRED, STEP(page), .decode = targets_decode,
	        .encode = targets_encode,
	        .schema = "{\"type\":\"array\",\"items\":" TARGET_SCHEMA "}",
	        .help = "Whom this step pages, all at once." },
	{ "wait", FIELD_DURATION, 0, STEP(wait), .fallback = "\"5m\"", .max = DAYS(30),
	        .help = "The time it has to answer." },
	{ "acks", FIELD_INT, 0, STEP(acks), .min = 1, .max = 100, .fallback = "1",
	        .help = "How many people must answer before the others are left alone." },
	{ "round_robin", FIELD_BOOL, 0, STEP(round_robin),
	        .help = "Of the targets one is taken, in turn from incident to incident." },
};
static const struct shape step_shape = SHAPE(
        "PolicyStep", struct policy_step, step_fields, "One step of an escalation policy.");

#define POLICY(member) offsetof(struct policy, member)

static const struct field policy_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, POLICY(team), .ref = "team", .help = "Who looks after it." },
	{ "delay", FIELD_DURATION, 0, POLICY(delay), .max = DAYS(1), .help = "Before step 1." },
	{ "steps", FIELD_LIST, 0, POLICY(steps), .sub = &step_shape, .max = 50,
	        .help = "Taken one after another until somebody answers." },
	{ "repeat", FIELD_INT, 0, POLICY(repeat), .max = 100, .help = "Further rounds." },
	{ "ack_timeout", FIELD_DURATION, 0, POLICY(ack_timeout), .max = DAYS(30),
	        .help = "How long an acknowledgement holds; 0s: for ever." },
};
const struct shape policy_shape = SHAPE(
        "Policy", struct policy, policy_fields, "Who is paged when, until somebody answers.");

void
policy_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct policy *p = value;
	const struct policy_step *steps = p->steps.items;

	for (size_t i = 0; i < p->steps.n; i++) {
		const struct target *targets = steps[i].page.items;
		for (size_t k = 0; k < steps[i].page.n; k++)
			fn(arg, arena_printf(&cx->mem, "/steps/%zu/page/%zu", i, k),
			        &targets[k]);
	}
}

struct search {
	const struct snapshot *s;
	struct ctx *cx;
	const char *goal;
	int depth;
	bool found;
};

static void
search_target(void *arg, const char *pointer, const struct target *t)
{
	struct search *search = arg;
	const struct policy *next;

	(void)pointer;
	if (t->kind != TARGET_POLICY || search->found || search->depth == 0)
		return;
	search->found = strcmp(t->id, search->goal) == 0;
	next = snapshot_policy(search->s, t->id);
	if (search->found || next == NULL)
		return;
	search->depth--;
	policy_targets(search->cx, next, search_target, search);
	search->depth++;
}

void
policy_check(struct checker *c, const void *value)
{
	const struct policy *p = value;
	struct search search = { .s = c->s, .cx = c->cx, .goal = p->c.id, .depth = 8 };

	policy_targets(c->cx, p, search_target, &search);
	if (search.found)
		c->fault(c, "/steps",
		        arena_printf(&c->cx->mem, "policy/%s leads back to itself", p->c.id));
}

/* ---- integrations ---- */

const char *const integration_type_names[INTEGRATION_TYPE_MAX + 1] = {
	[INTEGRATION_NATIVE] = "native",
	[INTEGRATION_ALERTMANAGER] = "alertmanager",
	[INTEGRATION_VICTOROPS] = "victorops",
};

static const char *const dedup_scope_names[DEDUP_SCOPE_MAX + 1] = {
	[SCOPE_INTEGRATION] = "integration",
	[SCOPE_TEAM] = "team",
	[SCOPE_ORGANISATION] = "organisation",
};

#define INTEGRATION(member) offsetof(struct integration, member)

static const struct field integration_fields[] = {
	COMMON_FIELDS,
	{ "type", FIELD_ENUM, 0, INTEGRATION(type), .names = integration_type_names,
	        .fallback = "\"native\"", .help = "What its sender speaks." },
	{ "team", FIELD_REF, 0, INTEGRATION(team), .ref = "team",
	        .help = "Who looks after it." },
	{ "service", FIELD_REF, 0, INTEGRATION(service), .ref = "service",
	        .help = "For signals that name no other." },
	{ "dedup_scope", FIELD_ENUM, 0, INTEGRATION(dedup_scope), .names = dedup_scope_names,
	        .fallback = "\"integration\"", .help = "What a dedup key is unique in." },
	{ "disabled", FIELD_BOOL, 0, INTEGRATION(disabled), .help = "Its key is refused." },
	{ "key", FIELD_CUSTOM, 0, INTEGRATION(key), .decode = secret_decode,
	        .encode = secret_encode, .schema = SECRET_SCHEMA,
	        .help = "The credential in its address; made when absent." },
	{ "old_key", FIELD_CUSTOM, 0, INTEGRATION(old_key), .decode = secret_decode,
	        .encode = secret_encode, .schema = SECRET_SCHEMA,
	        .help = "The key before, valid beside it while senders are changed; null ends it." },
	{ "old_key_until", FIELD_TIME, 0, INTEGRATION(old_key_until),
	        .help = "When the old key ends; absent: when somebody ends it." },
};
const struct shape integration_shape = SHAPE("Integration", struct integration,
        integration_fields, "A way in for signals: a key and a format.");

#define KEY_BYTES 16

/* Unsaid it stays, so that applying a file again does not cut off a sender; null ends it. What
 * is kept of nothing is nothing: an export may be older than the end of its old key. */
static void
old_key_settle(struct draft *d)
{
	struct integration *in = d->value;
	const struct integration *before = d->before;
	const struct json *v = json_get(d->tree, "old_key");
	const struct secret *was =
	        before == NULL || before->old_key.stored == NULL ? NULL : &before->old_key;

	if (v == NULL)
		in->old_key.plain = was == NULL ? NULL : SECRET_KEPT;
	if (v == NULL && was != NULL && in->old_key_until == 0)
		in->old_key_until = before->old_key_until;
	if (was == NULL && str_null_safe_eq(in->old_key.plain, SECRET_KEPT))
		in->old_key.plain = NULL;
	if (in->old_key.plain == NULL && in->old_key.stored == NULL) {
		in->old_key_until = 0;
		return;
	}
	size_t mark = shape_enter(d->r, STR("old_key"));
	secret_settle(d->r, v, d->key, was, &in->old_key);
	shape_leave(d->r, mark);
}

/* A document without a key keeps the one it has, or gets one. */
void
integration_settle(struct draft *d)
{
	struct integration *in = d->value;
	const struct integration *before = d->before;
	const struct secret *old =
	        before == NULL || before->key.stored == NULL ? NULL : &before->key;
	const struct json *v = json_get(d->tree, "key");

	if (in->key.plain == NULL && in->key.stored == NULL) {
		in->key.plain = old != NULL ? SECRET_KEPT : random_token(d->r->mem, KEY_BYTES);
		if (old == NULL)
			d->new_key = in->key.plain;
	}
	size_t mark = shape_enter(d->r, STR("key"));
	secret_settle(d->r, v, d->key, old, &in->key);
	shape_leave(d->r, mark);
	old_key_settle(d);
	if (in->type == INTEGRATION_TYPE_MAX)
		in->type = INTEGRATION_NATIVE;
}

static void
key_check(struct checker *c, const struct integration *in, const struct secret *key,
        const char *pointer)
{
	const struct integration *owners[2];
	bool old;

	if (key->plain == NULL || in->disabled)
		return;
	struct str text = str_from(key->plain);
	owners[0] = snapshot_integration_by_key(c->s, text, ctx_now(c->cx), &old);
	owners[1] = snapshot_integration_by_old_key(c->s, text, ctx_now(c->cx));
	for (int i = 0; i < 2; i++) {
		if (owners[i] == NULL || strcmp(owners[i]->c.id, in->c.id) == 0)
			continue;
		c->fault(c, pointer,
		        arena_printf(&c->cx->mem, "integration/%s has the same key",
		                owners[i]->c.id));
		return;
	}
}

void
integration_check(struct checker *c, const void *value)
{
	const struct integration *in = value;

	if (in->dedup_scope == SCOPE_TEAM && in->team == NULL)
		c->fault(c, "/dedup_scope", "the scope team needs a team");
	key_check(c, in, &in->key, "/key");
	key_check(c, in, &in->old_key, "/old_key");
}

/* ---- rule sets ---- */

static void
rules_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct ruleset_doc *doc =
	        (struct ruleset_doc *)((char *)ret - offsetof(struct ruleset_doc, rules));
	struct ruleset *compiled = NULL;

	if (!ruleset_compile(r, v, &compiled))
		return;
	doc->rules = compiled;
	doc->rules_body = json_print(r->mem, v);
}

static void
rules_encode(struct jsonw *w, const void *value)
{
	const struct ruleset_doc *doc = (const struct ruleset_doc *)((const char *)value
	        - offsetof(struct ruleset_doc, rules));

	if (doc->rules_body != NULL)
		jsonw_raw(w, str_from(doc->rules_body));
}

/* A case of the rules: a signal, and what must become of it. They are checked for form alone;
 * whether they hold is asked by tests, never on the way of a signal. */
struct rule_case {
	const char *name;
	const struct json *signal, *expect;
};

#define CASES_MAX 200

static const struct field case_fields[] = {
	{ "name", FIELD_STRING, FIELD_REQUIRED, offsetof(struct rule_case, name), .min = 1,
	        .help = "What it shows." },
	{ "signal", FIELD_JSON, FIELD_REQUIRED, offsetof(struct rule_case, signal),
	        .help = "In the native form." },
	{ "expect", FIELD_JSON, FIELD_REQUIRED, offsetof(struct rule_case, expect),
	        .help = "What must become of it: service, urgency, severity, dedup_key." },
};
static const struct shape case_shape =
        SHAPE("RuleCase", struct rule_case, case_fields, "A test of rules.");

static void
expect_decode(struct shape_reader *r, const struct json *v)
{
	static const char *const known[] = { "service", "urgency", "severity", "dedup_key",
		"summary" };
	size_t mark = shape_enter(r, STR("expect"));

	if (v->type != JSON_OBJECT)
		shape_fault(r, v, "expected fields and what they must be");
	for (size_t i = 0; v->type == JSON_OBJECT && i < v->object.n; i++) {
		const struct json_member *m = &v->object.members[i];
		size_t k = 0;
		while (k < NELEMS(known) && !str_is(m->key, known[k]))
			k++;
		if (k == NELEMS(known))
			shape_fault(r, &m->value,
			        "expected service, urgency, severity, dedup_key or summary");
		else if (m->value.type != JSON_STRING && m->value.type != JSON_NULL)
			shape_fault(r, &m->value, "expected a text, or null for none");
	}
	shape_leave(r, mark);
}

static void
cases_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct rule_case one;

	if (v->type != JSON_ARRAY || v->array.n > CASES_MAX) {
		shape_fault(r, v, "expected a list of at most %d cases", CASES_MAX);
		return;
	}
	for (size_t i = 0; i < v->array.n; i++) {
		size_t mark = shape_enter_index(r, i);
		if (shape_decode(r, &case_shape, &v->array.items[i], &one)) {
			expect_decode(r, one.expect);
			if (one.signal->type != JSON_OBJECT)
				shape_fault(r, one.signal, "expected a signal");
		}
		shape_leave(r, mark);
	}
	if (v->array.n > 0)
		*(const char **)ret = json_print(r->mem, v);
}

static void
cases_encode(struct jsonw *w, const void *value)
{
	const char *text = *(const char *const *)value;

	if (text != NULL)
		jsonw_raw(w, str_from(text));
}

static const struct field ruleset_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, offsetof(struct ruleset_doc, team), .ref = "team",
	        .help = "Who looks after it." },
	{ "order", FIELD_INT, 0, offsetof(struct ruleset_doc, order), .min = -1000000,
	        .max = 1000000, .help = "Rule sets are taken from the lowest to the highest." },
	{ "rules", FIELD_CUSTOM, 0, offsetof(struct ruleset_doc, rules), .decode = rules_decode,
	        .encode = rules_encode, .schema = "{\"type\":\"array\",\"format\":\"rules\"}",
	        .help = "Taken in their order, each once." },
	{ "cases", FIELD_CUSTOM, 0, offsetof(struct ruleset_doc, cases), .decode = cases_decode,
	        .encode = cases_encode, .schema = "{\"type\":\"array\",\"format\":\"cases\"}",
	        .help = "Tests: a signal, and what must become of it; see `tocsin rules test`." },
};
const struct shape ruleset_shape = SHAPE("Ruleset", struct ruleset_doc, ruleset_fields,
        "Rules that change signals on their way in.");

void
ruleset_release(void *value)
{
	struct ruleset_doc *doc = value;

	ruleset_free((struct ruleset *)doc->rules);
	doc->rules = NULL;
}

static void
service_ref(void *arg, const char *pointer, const char *service)
{
	struct checker *c = arg;

	if (snapshot_service(c->s, service) == NULL)
		c->fault(c, arena_printf(&c->cx->mem, "/rules%s", pointer),
		        arena_printf(&c->cx->mem, "there is no service/%s", service));
}

void
ruleset_check(struct checker *c, const void *value)
{
	const struct ruleset_doc *doc = value;

	if (doc->rules != NULL)
		ruleset_refs(doc->rules, service_ref, c);
}
