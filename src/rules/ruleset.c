/* SPDX-License-Identifier: Apache-2.0 */
/* Compiling rule sets. */
#include "rules/ruleset.h"

#include "base/map.h"
#include "rules/ruleset_priv.h"

/* As it is written; the parts with forms of their own stay trees. */
struct written {
	const char *id;
	const struct json *when, *set, *annotate;
	bool stop;
};

#define AT(member) .offset = offsetof(struct written, member)

static const struct field written_fields[] = {
	{ "id", FIELD_STRING, FIELD_REQUIRED, AT(id), .min = 1, .max = 100,
	        .help = "Names the rule on the timeline." },
	{ "when", FIELD_JSON, 0, AT(when), .help = "All of which must hold." },
	{ "set", FIELD_JSON, 0, AT(set), .help = "Fields and their new values." },
	{ "annotate", FIELD_JSON, 0, AT(annotate), .help = "Links and notes to add." },
	{ "stop", FIELD_BOOL, 0, AT(stop), .help = "Ends the evaluation of all rules." },
};
static const struct shape written_shape =
        SHAPE("Rule", struct written, written_fields, "A rule.");

static const char *const settable[] = { "service", "severity", "urgency", "dedup_key",
	"summary", "details", "labels.x" };

static bool
may_be_set(const struct field_ref *f)
{
	switch (f->field) {
	case FIELD_OF_SERVICE:
	case FIELD_OF_SEVERITY:
	case FIELD_OF_URGENCY:
	case FIELD_OF_DEDUP_KEY:
	case FIELD_OF_SUMMARY:
	case FIELD_OF_DETAILS:
	case FIELD_OF_LABEL:
		return true;
	case FIELD_OF_ROUTING_KEY:
	case FIELD_OF_SOURCE:
	case FIELD_OF_ACTION:
	case FIELD_OF_AUTHOR:
	case FIELD_OF_RAW:
	case SIGNAL_FIELD_COUNT:
		break;
	}
	return false;
}

bool
index_of(struct str word, const char *const *names, int *ret)
{
	for (int i = 0; names[i] != NULL; i++) {
		if (!str_is(word, names[i]))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* What is written without a field in it can be checked now. */
static void
check_literal(struct shape_reader *r, const struct json *v, const struct assignment *a)
{
	int i;

	if (a->field.field == FIELD_OF_SEVERITY
	        && !index_of(str_from(a->literal), severity_names, &i))
		shape_fault(r, v, "expected one of critical, error, warning, info");
	if (a->field.field == FIELD_OF_URGENCY
	        && !index_of(str_from(a->literal), urgency_names, &i))
		shape_fault(r, v, "expected one of high, low");
	if (a->field.field == FIELD_OF_DEDUP_KEY && a->literal[0] == '\0')
		shape_fault(r, v, "a dedup key must not be empty");
}

static struct template *
compile_template(struct shape_reader *r, struct arena *mem, const struct json *v)
{
	const char *why = NULL;
	struct str text;

	if (v->type == JSON_OBJECT || v->type == JSON_ARRAY || v->type == JSON_NULL) {
		shape_fault(r, v, "expected a text");
		return NULL;
	}
	text = str_from(json_as_text(mem, v));
	struct template *t = template_parse(mem, text, &why);
	if (t == NULL)
		shape_fault(r, v, "%s", why);
	/* cppcheck-suppress CastIntegerToAddressAtReturn ; it takes "template" for C++ */
	return t;
}

/* What a template without fields says, with its "$$" undone: it needs no signal. */
static const char *
literal_of(struct arena *mem, const struct template *t, const struct json *v)
{
	struct buf out = BUF_INIT(mem, strlen(json_as_text(mem, v)));

	template_expand(t, mem, NULL, NULL, &out);
	return buf_cstr(&out);
}

/* A name that it gives to something in the signal. */
static bool
name_fits(struct shape_reader *r, const struct json *v, struct str name)
{
	if (name.len > 0 && name.len <= SIGNAL_FIELD_MAX)
		return true;
	shape_fault(r, v, "a name has 1 to %d bytes", SIGNAL_FIELD_MAX);
	return false;
}

static void
compile_assignment(struct shape_reader *r, struct arena *mem, const struct json_member *m,
        struct rule *rule)
{
	struct assignment a = { .name = str_dup(mem, m->key) };
	size_t mark = shape_enter(r, m->key);

	if (!field_parse(mem, m->key, &a.field) || !may_be_set(&a.field)) {
		const char *near = str_nearest(m->key, settable, NELEMS(settable));
		shape_fault(r, &m->value, "a rule cannot set \"%s\"%s%s%s", m->key.p,
		        near == NULL ? "" : " (did you mean \"", near == NULL ? "" : near,
		        near == NULL ? "" : "\"?)");
	} else if (name_fits(r, &m->value, m->key)
	        && (a.value = compile_template(r, mem, &m->value)) != NULL) {
		if (template_is_literal(a.value)) {
			a.literal = literal_of(mem, a.value, &m->value);
			check_literal(r, &m->value, &a);
		}
		rule->sets[rule->n_sets++] = a;
	}
	shape_leave(r, mark);
}

static bool
is_object(struct shape_reader *r, const struct json *v)
{
	if (v->type == JSON_OBJECT)
		return true;
	shape_fault(r, v, "expected names with values");
	return false;
}

static void
compile_sets(struct shape_reader *r, struct arena *mem, const struct json *v, struct rule *rule)
{
	size_t mark = shape_enter(r, STR("set"));

	if (is_object(r, v)) {
		rule->sets = ARENA_ARRAY(mem, v->object.n, struct assignment);
		for (size_t i = 0; i < v->object.n; i++)
			compile_assignment(r, mem, &v->object.members[i], rule);
	}
	shape_leave(r, mark);
}

static void
compile_annotations(
        struct shape_reader *r, struct arena *mem, const struct json *v, struct rule *rule)
{
	size_t mark = shape_enter(r, STR("annotate"));

	if (is_object(r, v)) {
		rule->annotations = ARENA_ARRAY(mem, v->object.n, struct annotation);
		for (size_t i = 0; i < v->object.n; i++) {
			const struct json_member *m = &v->object.members[i];
			size_t inner = shape_enter(r, m->key);
			struct template *t = name_fits(r, &m->value, m->key)
			        ? compile_template(r, mem, &m->value)
			        : NULL;
			if (t != NULL)
				rule->annotations[rule->n_annotations++] =
				        (struct annotation){ .title = str_dup(mem, m->key),
					        .value = t };
			shape_leave(r, inner);
		}
	}
	shape_leave(r, mark);
}

static void
compile_rule(struct shape_reader *r, struct arena *mem, const struct json *v, struct rule *rule)
{
	struct written w;

	if (!shape_decode(r, &written_shape, v, &w))
		return;
	rule->id = arena_strdup(mem, w.id);
	rule->stop = w.stop;
	if (w.when != NULL) {
		size_t mark = shape_enter(r, STR("when"));
		rule->when = condition_parse(r, mem, w.when);
		shape_leave(r, mark);
	}
	if (w.set != NULL)
		compile_sets(r, mem, w.set, rule);
	if (w.annotate != NULL)
		compile_annotations(r, mem, w.annotate, rule);
}

static void
check_ids(struct shape_reader *r, const struct json *rules, const struct ruleset *s)
{
	struct map seen;

	map_init(&seen, &r->cx->mem);
	for (size_t i = 0; i < s->n; i++)
		if (s->rules[i].id != NULL
		        && map_put(&seen, str_from(s->rules[i].id), (void *)s) != NULL)
			shape_fault(r, &rules->array.items[i], "the rule \"%s\" is there twice",
			        s->rules[i].id);
}

bool
ruleset_compile(struct shape_reader *r, const struct json *rules, struct ruleset **ret)
{
	size_t before = r->faults->n + r->faults->dropped;
	struct arena mem;

	if (rules->type != JSON_ARRAY || rules->array.n > RULES_MAX) {
		shape_fault(r, rules, "expected a list of at most %d rules", RULES_MAX);
		return false;
	}
	arena_init(&mem);
	struct ruleset *s = ARENA_NEW(&mem, struct ruleset);
	s->n = rules->array.n;
	s->rules = ARENA_ARRAY(&mem, s->n, struct rule);
	for (size_t i = 0; i < s->n; i++) {
		size_t mark = shape_enter_index(r, i);
		compile_rule(r, &mem, &rules->array.items[i], &s->rules[i]);
		shape_leave(r, mark);
	}
	check_ids(r, rules, s);
	s->mem = mem;
	if (r->faults->n + r->faults->dropped != before) {
		ruleset_free(s);
		return false;
	}
	*ret = s;
	return true;
}

void
ruleset_free(struct ruleset *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		condition_free(s->rules[i].when);
	struct arena mem = s->mem; /* the set lives inside its own arena */
	arena_free(&mem);
}

void
ruleset_refs(const struct ruleset *s, ruleset_ref_fn *fn, void *arg)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->rules[i].n_sets; k++) {
			const struct assignment *set = &s->rules[i].sets[k];
			if (set->field.field == FIELD_OF_SERVICE && set->literal != NULL)
				fn(arg, arena_printf(&a, "/%zu/set/service", i), set->literal);
		}
	arena_free(&a);
}

const char *
ruleset_rule(const struct ruleset *s, size_t i)
{
	return i < s->n ? s->rules[i].id : NULL;
}
