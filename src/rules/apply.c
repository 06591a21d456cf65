/* SPDX-License-Identifier: Apache-2.0 */
/* Applying compiled rule sets to a signal. */
#include "rules/ruleset_priv.h"

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
