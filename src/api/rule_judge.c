/* SPDX-License-Identifier: Apache-2.0 */
/* One signal under one configuration; stored signals as they came; the cases of rule sets. */
#include "api/rule_test.h"
#include "ingest/protocols.h"

#define TRACE_MAX (4 * 1024 * 1024)

struct watching {
	struct ctx *cx;
	const struct snapshot *s;
	struct judged *out;
};

static void
note_hit(void *arg, size_t set, const char *rule)
{
	struct watching *w = arg;

	ARENA_PUSH(&w->cx->mem, w->out->hits, w->out->n, w->out->cap) =
	        (struct rule_hit){ snapshot_ruleset_id(w->s, set), rule };
}

struct judged
rule_judge(struct ctx *cx, const struct snapshot *s, const struct tried *t, bool trace)
{
	struct judged j = { .trace = NULL };
	struct watching watching = { cx, s, &j };
	struct rule_watch watch = { .applied = note_hit, .arg = &watching };
	struct signal original = t->s, copy = t->s;
	struct intake in = { .integration = t->integration, .signals = &original, .n = 1 };
	struct rule_outcome outcome;
	struct buf text = BUF_INIT(&cx->mem, TRACE_MAX);
	struct jsonw w = JSONW(&text);
	size_t n_sets;
	const struct ruleset *const *sets = snapshot_rules(s, &n_sets);

	intake_prepare(cx, s, &in);
	j.p = in.prepared[0];
	watch.trace = trace ? &w : NULL;
	if (trace)
		jsonw_array(&w);
	rules_watch(cx, sets, n_sets, &copy, &watch, &outcome);
	if (trace) {
		jsonw_end_array(&w);
		j.trace = buf_cstr(&text);
	}
	return j;
}

/* ---- signals ---- */

struct err *
rule_signals(struct ctx *cx, const struct json *v, struct signal **ret, size_t *ret_n)
{
	static const struct integration nobodys = { .c.id = "" };
	struct delivery d = { .integration = &nobodys,
		.now = ctx_now(cx),
		.body = str_from(json_print(&cx->mem, v)) };

	TRY(native_read(cx, &d));
	*ret = d.intake.signals;
	*ret_n = d.intake.n;
	return NULL;
}

/* The value that a field had before the first rule changed it. */
static const struct json *
change_of(const struct json *body, const char *field)
{
	const struct json *changed = json_get(body, "changed");

	for (size_t i = 0; changed != NULL && i < changed->array.n; i++) {
		const struct json *name = json_get(&changed->array.items[i], "field");
		if (name != NULL && str_is(name->string, field))
			return &changed->array.items[i];
	}
	return NULL;
}

/* The member as it was; left out when it was not there. */
static void
write_member(struct jsonw *w, const struct json *body, struct str key, const struct json *now,
        const char *field)
{
	const struct json *change = change_of(body, field);
	const struct json *was = change == NULL ? now : json_get(change, "before");

	if (was == NULL || was->type == JSON_NULL)
		return;
	jsonw_key_str(w, key);
	jsonw_tree(w, was);
}

static void
write_labels(struct ctx *cx, struct jsonw *w, const struct json *body)
{
	const struct json *labels = json_get(body, "labels");

	jsonw_key(w, "labels");
	jsonw_object(w);
	for (size_t i = 0; labels != NULL && i < labels->object.n; i++) {
		const struct json_member *m = &labels->object.members[i];
		write_member(w, body, m->key, &m->value,
		        arena_printf(&cx->mem, "labels." STR_FMT, STR_ARG(m->key)));
	}
	/* None was taken away: a rule can only set. */
	jsonw_end_object(w);
}

struct err *
rule_stored(struct ctx *cx, const char *body, struct signal *ret)
{
	static const char *const members[] = { "action", "dedup_key", "severity", "summary",
		"details", "service", "routing_key", "source", "time", "raw" };
	struct json *tree, *native;
	struct buf text = BUF_INIT(&cx->mem, 2 * INGEST_BODY_MAX);
	struct jsonw w = JSONW(&text);
	struct signal *signals;
	size_t n;

	TRY(json_parse(cx, str_from(body), JSON_LIMITS_REQUEST, &tree));
	jsonw_object(&w);
	for (size_t i = 0; i < NELEMS(members); i++)
		write_member(
		        &w, tree, str_from(members[i]), json_get(tree, members[i]), members[i]);
	write_labels(cx, &w, tree);
	jsonw_end_object(&w);
	TRY(json_parse(cx, buf_view(&text), JSON_LIMITS_REQUEST, &native));
	TRY(rule_signals(cx, native, &signals, &n));
	*ret = signals[0];
	const struct json *author = json_get(tree, "author");
	ret->author = author == NULL ? NULL : json_as_text(&cx->mem, author);
	return NULL;
}

/* ---- cases ---- */

static const char *
seen_of(const struct judged *j, struct str field)
{
	if (str_is(field, "service"))
		return j->p.service == NULL ? NULL : j->p.service->c.id;
	if (str_is(field, "urgency"))
		return urgency_names[j->p.urgency];
	if (str_is(field, "severity"))
		return severity_names[j->p.s.severity];
	if (str_is(field, "summary"))
		return j->p.s.summary;
	return j->p.s.dedup_key;
}

static size_t
write_faults(struct ctx *cx, struct jsonw *w, const struct judged *j, const struct json *expect)
{
	size_t n = 0;

	jsonw_key(w, "faults");
	jsonw_array(w);
	for (size_t i = 0; i < expect->object.n; i++) {
		const struct json_member *m = &expect->object.members[i];
		const char *seen = seen_of(j, m->key);
		const char *want =
		        m->value.type == JSON_NULL ? NULL : json_as_text(&cx->mem, &m->value);
		if (str_null_safe_eq(seen, want))
			continue;
		n++;
		jsonw_object(w);
		jsonw_key(w, "field");
		jsonw_str(w, m->key);
		jsonw_member(w, "expected", want);
		jsonw_member(w, "seen", seen);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
	return n;
}

static struct err *
write_case(struct ctx *cx, struct jsonw *w, const struct snapshot *s, const char *set,
        const struct json *one)
{
	struct tried t = { .integration = NULL };
	struct signal *signals;
	size_t n;

	jsonw_object(w);
	jsonw_member(w, "set", set);
	jsonw_member(w, "name", json_as_text(&cx->mem, json_get(one, "name")));
	struct err *e = rule_signals(cx, json_get(one, "signal"), &signals, &n);
	if (e != NULL) {
		jsonw_member_bool(w, "passed", false);
		jsonw_member(w, "error", err_text(cx, e));
	} else {
		t.s = signals[0];
		struct judged j = rule_judge(cx, s, &t, false);
		jsonw_member_bool(
		        w, "passed", write_faults(cx, w, &j, json_get(one, "expect")) == 0);
	}
	jsonw_end_object(w);
	return NULL;
}

struct err *
rule_cases_write(struct ctx *cx, struct jsonw *w, const struct snapshot *s)
{
	size_t n;
	const struct document *const *docs = snapshot_list(s, KIND_RULESET, &n);

	jsonw_key(w, "cases");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct ruleset_doc *set = docs[i]->value;
		struct json *list;
		if (set->cases == NULL)
			continue;
		TRY(json_parse(cx, str_from(set->cases), JSON_LIMITS_CONFIG, &list));
		for (size_t k = 0; k < list->array.n; k++)
			TRY(write_case(cx, w, s, docs[i]->id, &list->array.items[k]));
	}
	jsonw_end_array(w);
	return NULL;
}
