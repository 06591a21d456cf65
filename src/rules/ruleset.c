/* SPDX-License-Identifier: Apache-2.0 */
/* Compiling and applying rule sets. */
#include "rules/ruleset.h"

#include "base/map.h"
#include "rules/condition.h"
#include "rules/template.h"

struct assignment {
	struct field_ref field;
	const char *name; /* as written: "labels.env" */
	struct template *value;
	const char *literal; /* when there is no field in it */
};

struct annotation {
	const char *title;
	struct template *value;
};

struct rule {
	const char *id;
	struct condition *when;
	struct assignment *sets;
	size_t n_sets;
	struct annotation *annotations;
	size_t n_annotations;
	bool stop;
};

struct ruleset {
	struct arena mem;
	struct rule *rules;
	size_t n;
};

/* ---- compiling ---- */

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

static bool
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

/* ---- applying ---- */

struct applying {
	struct ctx *cx;
	struct signal *s;
	struct rule_outcome *out;
	const struct rule *rule;
	const struct rule_watch *watch; /* or NULL */
	size_t set;                     /* the number of the set at hand */
};

static const char *
urgency_so_far(const struct rule_outcome *out)
{
	return out->has_urgency ? urgency_names[out->urgency] : NULL;
}

static void
broken(struct applying *a, const char *why)
{
	a->out->broken = why;
	a->out->broken_rule = arena_strdup(&a->cx->mem, a->rule->id);
}

/* Kept sorted; the list is copied, because the signal's own may belong to somebody else. */
static bool
set_label(struct applying *a, const char *name, const char *value)
{
	struct signal *s = a->s;
	size_t at = 0;

	while (at < s->n_labels && strcmp(s->labels[at].id, name) < 0)
		at++;
	bool there = at < s->n_labels && strcmp(s->labels[at].id, name) == 0;
	if (!there && s->n_labels == SIGNAL_LABELS_MAX)
		return false;
	struct pair *copy = ARENA_ARRAY(&a->cx->mem, s->n_labels + 1, struct pair);
	for (size_t i = 0; i < at; i++)
		copy[i] = s->labels[i];
	copy[at] = (struct pair){ .id = arena_strdup(&a->cx->mem, name), .value = value };
	for (size_t i = at + there; i < s->n_labels; i++)
		copy[i + 1 - there] = s->labels[i];
	s->labels = copy;
	s->n_labels += !there;
	return true;
}

/* False, and nothing changed, when the value cannot be the field's. */
static bool
assign(struct applying *a, const struct assignment *set, const char *value)
{
	int i;

	switch (set->field.field) {
	case FIELD_OF_SERVICE:
		a->s->service = value;
		return true;
	case FIELD_OF_SUMMARY:
		a->s->summary = value[0] == '\0' ? a->s->summary : value;
		return value[0] != '\0';
	case FIELD_OF_DETAILS:
		a->s->details = value;
		return true;
	case FIELD_OF_DEDUP_KEY:
		if (value[0] == '\0' || strlen(value) > SIGNAL_KEY_MAX)
			return false;
		a->s->dedup_key = value;
		return true;
	case FIELD_OF_SEVERITY:
		if (!index_of(str_from(value), severity_names, &i))
			return false;
		a->s->severity = (enum severity)i;
		return true;
	case FIELD_OF_URGENCY:
		if (!index_of(str_from(value), urgency_names, &i))
			return false;
		a->out->urgency = (enum urgency)i;
		a->out->has_urgency = true;
		return true;
	case FIELD_OF_LABEL:
		return set_label(a, set->field.path, value);
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

/* Characters that a field has room for. A dedup key that is too long is refused, not cut: cut,
 * it would be another's. */
static size_t
room_of(enum signal_field field)
{
	if (field == FIELD_OF_SUMMARY)
		return SIGNAL_SUMMARY_MAX;
	if (field == FIELD_OF_DETAILS || field == FIELD_OF_DEDUP_KEY)
		return SIGNAL_DETAILS_MAX;
	return SIGNAL_FIELD_MAX;
}

/* The buffer ends, in the middle of a character perhaps, far behind what is kept. */
static const char *
expand(struct applying *a, const struct template *t, size_t room)
{
	struct buf out = BUF_INIT(&a->cx->mem, SIGNAL_DETAILS_MAX * 5);

	template_expand(t, &a->cx->mem, a->s, urgency_so_far(a->out), &out);
	return signal_clip(&a->cx->mem, buf_view(&out), room);
}

static void
apply_assignment(struct applying *a, const struct assignment *set)
{
	struct ctx *cx = a->cx;
	struct str was = field_get(&cx->mem, a->s, urgency_so_far(a->out), &set->field);
	const char *before = was.len == 0 ? NULL : str_dup(&cx->mem, was);
	size_t room = room_of(set->field.field);
	/* A literal is copied: the signal may outlive the configuration. */
	const char *value = set->literal != NULL
	        ? signal_clip(&cx->mem, str_from(set->literal), room)
	        : expand(a, set->value, room);

	if (!assign(a, set, value)) {
		broken(a, arena_printf(&cx->mem, "%s cannot be \"%s\"", set->name, value));
		return;
	}
	if (str_null_safe_eq(before, value))
		return;
	ARENA_PUSH(&cx->mem, a->out->changes, a->out->n_changes, a->out->cap_changes) =
	        (struct rule_change){
		        .rule = arena_strdup(&cx->mem, a->rule->id),
		        .field = arena_strdup(&cx->mem, set->name),
		        .before = before,
		        .after = value,
	        };
}

static void
add_pair(struct ctx *cx, const struct pair **list, size_t *n, struct pair p)
{
	if (*n >= SIGNAL_LINKS_MAX)
		return;
	struct pair *copy = ARENA_ARRAY(&cx->mem, *n + 1, struct pair);
	if (*n > 0)
		memcpy(copy, *list, *n * sizeof *copy);
	copy[*n] = p;
	*list = copy;
	*n += 1;
}

static void
apply_annotation(struct applying *a, const struct annotation *annotation)
{
	struct pair p = { .id = arena_strdup(&a->cx->mem, annotation->title),
		.value = expand(a, annotation->value, SIGNAL_FIELD_MAX) };
	struct str value = str_from(p.value);

	if (str_starts(value, STR("http://")) || str_starts(value, STR("https://")))
		add_pair(a->cx, &a->s->links, &a->s->n_links, p);
	else
		add_pair(a->cx, &a->s->notes, &a->s->n_notes, p);
}

static void
apply_rule(struct applying *a)
{
	for (size_t i = 0; i < a->rule->n_sets; i++)
		apply_assignment(a, &a->rule->sets[i]);
	for (size_t i = 0; i < a->rule->n_annotations; i++)
		apply_annotation(a, &a->rule->annotations[i]);
}

static void
trace_changes(struct jsonw *w, const struct rule_outcome *out, size_t from)
{
	jsonw_key(w, "changes");
	jsonw_array(w);
	for (size_t i = from; i < out->n_changes; i++) {
		jsonw_object(w);
		jsonw_member(w, "field", out->changes[i].field);
		jsonw_member(w, "before", out->changes[i].before);
		jsonw_member(w, "after", out->changes[i].after);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/* What is said of a rule before it changes anything. */
static void
watch_look(struct applying *a, bool holds)
{
	struct jsonw *w = a->watch == NULL ? NULL : a->watch->trace;

	if (w == NULL)
		return;
	jsonw_object(w);
	jsonw_member(w, "rule", a->rule->id);
	jsonw_member_int(w, "set", (int64_t)a->set);
	jsonw_member_bool(w, "holds", holds);
	if (a->rule->when != NULL) {
		jsonw_key(w, "when");
		condition_trace(&a->cx->mem, a->rule->when, a->s, urgency_so_far(a->out), w);
	}
}

static void
watch_end(struct applying *a, bool holds, size_t n_before)
{
	if (a->watch == NULL)
		return;
	if (holds && a->watch->applied != NULL)
		a->watch->applied(a->watch->arg, a->set, a->rule->id);
	if (a->watch->trace == NULL)
		return;
	trace_changes(a->watch->trace, a->out, n_before);
	if (holds && a->rule->stop)
		jsonw_member_bool(a->watch->trace, "stop", true);
	jsonw_end_object(a->watch->trace);
}

/* True when a rule has stopped the evaluation. */
static bool
apply_set(struct applying *a, const struct ruleset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct rule *rule = &set->rules[i];
		size_t n_before = a->out->n_changes;
		bool holds = rule->when == NULL
		        || condition_holds(
		                &a->cx->mem, rule->when, a->s, urgency_so_far(a->out));
		a->rule = rule;
		watch_look(a, holds);
		if (holds)
			apply_rule(a);
		watch_end(a, holds, n_before);
		if (holds && rule->stop)
			return true;
	}
	return false;
}

void
rules_apply(struct ctx *cx, const struct ruleset *const *sets, size_t n_sets,
        struct signal *signal, struct rule_outcome *ret)
{
	rules_watch(cx, sets, n_sets, signal, NULL, ret);
}

void
rules_watch(struct ctx *cx, const struct ruleset *const *sets, size_t n_sets,
        struct signal *signal, const struct rule_watch *watch, struct rule_outcome *ret)
{
	struct applying a = { .cx = cx, .s = signal, .out = ret, .watch = watch };

	*ret = (struct rule_outcome){ 0 };
	for (a.set = 0; a.set < n_sets; a.set++)
		if (apply_set(&a, sets[a.set]))
			return;
}
