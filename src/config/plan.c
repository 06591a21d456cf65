/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of changes against a snapshot: each document compiled, the candidate built from the
 * shared old ones and the new, and everything that must hold in it checked. Pure: no database,
 * no lock.
 */

#include "config/codecs.h"
#include "config/config.h"
#include "config/holder.h"
#include "config/snapshot_priv.h"

const char *const verb_names[VERB_MAX] = {
	[VERB_ADD] = "add",
	[VERB_CHANGE] = "change",
	[VERB_REMOVE] = "remove",
};

struct planning {
	struct ctx *cx;
	struct config *config;
	const struct snapshot *base;
	struct snapshot *candidate;
	struct plan *plan;
	struct faults *faults;
	size_t cap;
	struct map touched; /* "user/alice" -> struct change: where it stands */
};

static const char *
full_name(struct ctx *cx, enum kind kind, const char *id)
{
	return arena_printf(&cx->mem, "%s/%s", kind_name(kind), id);
}

static void
note_change(struct planning *p, enum plan_verb verb, const struct doc *before,
        const struct doc *after)
{
	const struct document *d = after != NULL ? &after->pub : &before->pub;

	ARENA_PUSH(&p->cx->mem, p->plan->items, p->plan->n, p->cap) = (struct planned){
		.kind = d->kind,
		.id = arena_strdup(&p->cx->mem, d->id),
		.verb = verb,
		.before = before == NULL ? NULL : body_shown(p->cx, before->pub.body),
		.after = after == NULL ? NULL : body_shown(p->cx, after->pub.body),
		.new_key = after == NULL ? NULL : arena_strdup(&p->cx->mem, after->new_key),
	};
}

/* ---- one change ---- */

static bool
is_same(const struct doc *before, const struct doc *after)
{
	return before != NULL && strcmp(before->pub.body, after->pub.body) == 0
	        && str_null_safe_eq(before->pub.source, after->pub.source);
}

static void
take_document(struct planning *p, const struct change *c, size_t position)
{
	struct doc *before = snapshot_doc(p->base, c->kind, c->id);
	const struct doc_source from = { .kind = c->kind,
		.id = c->id,
		.body = c->body,
		.file = c->file,
		.pointer = c->pointer,
		.key = config_key(p->config),
		.before = before,
		.source = p->plan->options.source,
		.revision = snapshot_revision(p->base) + 1,
		.position = (int64_t)position };
	struct doc *after = doc_new(p->cx, &from, p->faults);

	if (after == NULL)
		return;
	if (is_same(before, after)) {
		doc_unref(after);
		return;
	}
	note_change(p, before == NULL ? VERB_ADD : VERB_CHANGE, before, after);
	snapshot_put(p->candidate, after);
	map_put(&p->touched, str_from(full_name(p->cx, c->kind, c->id)), (void *)c);
}

static void
fault_of_change(
        struct planning *p, const struct change *c, const char *pointer, const char *message)
{
	fault_add(p->cx, p->faults,
	        (struct fault){ .file = c->file,
	                .line = c->line,
	                .pointer = pointer,
	                .message = message });
}

/* ---- removal ---- */

struct removed {
	struct planning *p;
	const struct change *change;
	const char *name; /* "user/alice" */
	const struct document *from;
};

static void
still_named(struct removed *r, const char *pointer)
{
	struct planning *p = r->p;

	fault_of_change(p, r->change, r->change->pointer,
	        arena_printf(&p->cx->mem, "%s is still named by %s (%s)", r->name,
	                full_name(p->cx, r->from->kind, r->from->id), pointer));
}

static void
ref_to_removed(void *arg, const char *pointer, const struct field *f, const char *ref)
{
	struct removed *r = arg;

	if (strcmp(arena_printf(&r->p->cx->mem, "%s/%s", f->ref, ref), r->name) == 0)
		still_named(r, pointer);
}

static void
target_to_removed(void *arg, const char *pointer, const struct target *t)
{
	struct removed *r = arg;
	const struct target plain = { .kind = t->kind, .id = t->id };

	if (strcmp(target_print(&r->p->cx->mem, &plain), r->name) == 0)
		still_named(r, pointer);
}

/* Every document that stays is asked whether it names the one that goes. */
static void
check_removed(struct planning *p, const struct change *c)
{
	struct removed r = { .p = p, .change = c, .name = full_name(p->cx, c->kind, c->id) };

	for (int k = 0; k < KIND_MAX; k++) {
		size_t n;
		const struct document *const *list =
		        snapshot_list(p->candidate, (enum kind)k, &n);
		for (size_t i = 0; i < n; i++) {
			r.from = list[i];
			shape_refs(p->cx, kinds[k].shape, list[i]->value, ref_to_removed, &r);
			if (kinds[k].targets != NULL)
				kinds[k].targets(p->cx, list[i]->value, target_to_removed, &r);
		}
	}
}

/* ---- what must hold for a document in the candidate ---- */

struct checking {
	struct checker pub; /* first: the kind's check gets a pointer to it */
	struct planning *p;
	const struct change *change;
};

/* The member whose name a pointer writes so. */
static const struct json *
member_at(struct ctx *cx, const struct json *tree, struct str part)
{
	for (size_t i = 0; tree->type == JSON_OBJECT && i < tree->object.n; i++) {
		struct str key = tree->object.members[i].key;
		struct buf written = BUF_INIT(&cx->mem, 2 * key.len + 1);
		buf_pointer(&written, key);
		if (str_is(part, buf_cstr(&written) + 1))
			return &tree->object.members[i].value;
	}
	return NULL;
}

/* The place of a value by its pointer inside the document's tree. */
static const struct json *
value_at(struct ctx *cx, const struct json *tree, struct str pointer)
{
	int64_t index;

	str_cut(&pointer, '/');
	while (tree != NULL && pointer.len > 0) {
		struct str part = str_cut(&pointer, '/');
		if (tree->type == JSON_ARRAY)
			tree = str_int(part, &index) && index >= 0
			                && (size_t)index < tree->array.n
			        ? &tree->array.items[index]
			        : NULL;
		else
			tree = member_at(cx, tree, part);
	}
	return tree;
}

static void
fault_at(struct checker *pub, const char *pointer, const char *message)
{
	struct checking *c = (struct checking *)pub;
	const struct json *v = value_at(pub->cx, c->change->body, str_from(pointer));

	fault_add(pub->cx, c->p->faults,
	        (struct fault){ .file = c->change->file,
	                .line = v != NULL ? v->line : c->change->line,
	                .column = v != NULL ? v->column : 1,
	                .pointer = arena_printf(
	                        &pub->cx->mem, "%s%s", c->change->pointer, pointer),
	                .message = message });
}

static const char *
nearest_id(struct checking *c, enum kind kind, const char *id)
{
	size_t n;
	const struct document *const *list = snapshot_list(c->p->candidate, kind, &n);
	const char **ids = ARENA_ARRAY(&c->pub.cx->mem, n, const char *);

	for (size_t i = 0; i < n; i++)
		ids[i] = list[i]->id;
	return str_nearest(str_from(id), ids, n);
}

static void
must_be_there(struct checking *c, enum kind kind, const char *id, const char *pointer)
{
	struct arena *mem = &c->pub.cx->mem;

	if (snapshot_doc(c->p->candidate, kind, id) != NULL)
		return;
	const char *near = nearest_id(c, kind, id);
	const char *name = kind_name(kind);
	fault_at(&c->pub, pointer,
	        near == NULL ? arena_printf(mem, "there is no %s/%s", name, id)
	                     : arena_printf(mem, "there is no %s/%s (did you mean \"%s\"?)",
	                             name, id, near));
}

static void
check_ref(void *arg, const char *pointer, const struct field *f, const char *ref)
{
	enum kind kind;

	if (kind_by_name(str_from(f->ref), &kind))
		must_be_there(arg, kind, ref, pointer);
}

static void
check_target(void *arg, const char *pointer, const struct target *t)
{
	static const enum kind kind_of[] = {
		[TARGET_USER] = KIND_USER,
		[TARGET_TEAM] = KIND_TEAM,
		[TARGET_SCHEDULE] = KIND_SCHEDULE,
		[TARGET_POLICY] = KIND_POLICY,
		[TARGET_CHANNEL] = KIND_CHANNEL,
	};

	must_be_there(arg, kind_of[t->kind], t->id, pointer);
}

static void
check_document(struct planning *p, const struct change *change)
{
	const struct kind_info *info = &kinds[change->kind];
	struct doc *d = snapshot_doc(p->candidate, change->kind, change->id);
	struct checking c = { .pub = { .cx = p->cx, .s = p->candidate, .fault = fault_at },
		.p = p,
		.change = change };

	shape_refs(p->cx, info->shape, d->pub.value, check_ref, &c);
	if (info->targets != NULL)
		info->targets(p->cx, d->pub.value, check_target, &c);
	if (info->check != NULL)
		info->check(&c.pub, d->pub.value);
}

/* ---- the whole ---- */

static bool
is_removed(const struct change_set *set, const struct document *d)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].body == NULL && set->items[i].kind == d->kind
		        && strcmp(set->items[i].id, d->id) == 0)
			return true;
	return false;
}

static bool
is_in(const struct planning *p, const struct map *names, const struct document *d)
{
	return map_gets(names, full_name(p->cx, d->kind, d->id)) != NULL;
}

/* What an earlier apply of this source brought and the set lacks goes. */
static void
add_pruned(struct planning *p, struct change_set *set)
{
	const struct plan_options *o = &p->plan->options;
	struct map there;

	if (!o->prune || o->source == NULL)
		return;
	map_init(&there, &p->cx->mem);
	for (size_t i = 0; i < set->n; i++)
		map_put(&there,
		        str_from(full_name(p->cx, set->items[i].kind, set->items[i].id)), p);
	for (int k = 0; k < KIND_MAX; k++) {
		size_t n;
		const struct document *const *list = snapshot_list(p->base, (enum kind)k, &n);
		for (size_t i = 0; i < n; i++)
			if (str_null_safe_eq(list[i]->source, o->source)
			        && !is_in(p, &there, list[i]))
				ARENA_PUSH(&p->cx->mem, set->items, set->n, set->cap) =
				        (struct change){ .kind = list[i]->kind,
					        .id = arena_strdup(&p->cx->mem, list[i]->id),
					        .pointer = full_name(
					                p->cx, list[i]->kind, list[i]->id) };
	}
}

static void
share_old(struct planning *p, const struct change_set *set)
{
	bool any_removed = false;

	for (size_t i = 0; i < set->n; i++)
		any_removed |= set->items[i].body == NULL;
	for (int k = 0; k < KIND_MAX; k++)
		MAP_EACH (&p->base->docs[k], e) {
			struct doc *d = e->value;
			if (!any_removed || !is_removed(set, &d->pub))
				snapshot_put(p->candidate, doc_ref(d));
		}
}

static void
take_removal(struct planning *p, const struct change *c)
{
	struct doc *before = snapshot_doc(p->base, c->kind, c->id);

	if (before == NULL)
		fault_of_change(p, c, c->pointer,
		        arena_printf(&p->cx->mem, "there is no %s",
		                full_name(p->cx, c->kind, c->id)));
	else
		note_change(p, VERB_REMOVE, before, NULL);
}

/* Checks look into the candidate, so they come when all documents could be read. */
static void
check_all(struct planning *p, const struct change_set *set)
{
	snapshot_index(p->candidate);
	for (size_t i = 0; i < set->n; i++) {
		const struct change *c = &set->items[i];
		if (c->body == NULL)
			check_removed(p, c);
		else if (map_gets(&p->touched, full_name(p->cx, c->kind, c->id)) != NULL)
			check_document(p, c);
	}
}

static void
build(struct planning *p, const struct change_set *set)
{
	share_old(p, set);
	for (size_t i = 0; i < set->n; i++) {
		if (set->items[i].body == NULL)
			take_removal(p, &set->items[i]);
		else
			take_document(p, &set->items[i], i);
	}
	/* What could be read is checked too, so that one answer holds all faults there are. */
	check_all(p, set);
}

struct err *
config_plan(struct ctx *cx, struct config *c, const struct snapshot *base,
        const struct change_set *set, const struct plan_options *options, struct plan *ret)
{
	struct planning p = { .cx = cx,
		.config = c,
		.base = base,
		.plan = ret,
		.faults = ARENA_NEW(&cx->mem, struct faults) };
	struct change_set whole = { 0 };

	for (size_t i = 0; i < set->n; i++)
		ARENA_PUSH(&cx->mem, whole.items, whole.n, whole.cap) = set->items[i];
	*ret = (struct plan){ .set = *set, .options = *options };
	map_init(&p.touched, &cx->mem);
	add_pruned(&p, &whole);
	p.candidate = snapshot_new(snapshot_revision(base) + 1);
	build(&p, &whole);
	if (p.faults->n > 0) {
		snapshot_unref(p.candidate);
		return err_faults(cx, p.faults);
	}
	ret->base = snapshot_ref(base);
	ret->candidate = p.candidate;
	if (ret->n == 0) {
		snapshot_unref(p.candidate);
		ret->candidate = snapshot_ref(base);
	}
	return NULL;
}

void
plan_free(struct plan *p)
{
	snapshot_unref(p->base);
	snapshot_unref(p->candidate);
	p->base = p->candidate = NULL;
}
