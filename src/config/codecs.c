/* SPDX-License-Identifier: Apache-2.0 */
/* Wall clocks, zones, rotations and targets as texts. Encoders that write nothing mean
 * "absent". */
#include "config/codecs.h"

#include "calendar/zone.h"

static bool
is_text(struct shape_reader *r, const struct json *v, const char *expected)
{
	if (v->type == JSON_STRING)
		return true;
	shape_fault(r, v, "expected %s, found %s", expected, json_type_names[v->type]);
	return false;
}

/* ---- zones and wall clocks ---- */

void
zone_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (!is_text(r, v, "a time zone such as Europe/Berlin"))
		return;
	if (zone_get(v->string.p) == NULL) {
		const char *near = zone_nearest(v->string.p);
		if (near == NULL)
			shape_fault(r, v, "there is no time zone \"%s\"", v->string.p);
		else
			shape_fault(r, v, "there is no time zone \"%s\" (did you mean \"%s\"?)",
			        v->string.p, near);
		return;
	}
	*(const char **)ret = str_dup(r->mem, v->string);
}

void
zone_encode(struct jsonw *w, const void *value)
{
	const char *zone = *(const char *const *)value;

	if (zone != NULL)
		jsonw_cstr(w, zone);
}

void
layer_zone_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	const char *name = NULL;

	zone_decode(r, v, &name);
	if (name != NULL)
		*(const struct zone **)ret = zone_get(name);
}

void
layer_zone_encode(struct jsonw *w, const void *value)
{
	const struct zone *zone = *(const struct zone *const *)value;

	if (zone != NULL)
		jsonw_cstr(w, zone_name(zone));
}

void
civil_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_STRING || !civil_parse(v->string, ret))
		shape_fault(r, v, "expected a wall clock such as 2026-01-05 09:00");
}

void
civil_encode(struct jsonw *w, const void *value)
{
	const struct civil *c = value;
	char text[CIVIL_MAX];

	if (c->year != 0)
		jsonw_cstr(w, civil_print(*c, text));
}

/* ---- targets ---- */

static const char *const target_kind_names[] = {
	[TARGET_USER] = "user",
	[TARGET_TEAM] = "team",
	[TARGET_SCHEDULE] = "schedule",
	[TARGET_POLICY] = "policy",
	[TARGET_CHANNEL] = "channel",
};

static const char *const target_who_names[] = {
	[WHO_CURRENT] = "current",
	[WHO_NEXT] = "next",
	[WHO_ALL] = "all",
	NULL,
};

const char *
target_print(struct arena *a, const struct target *t)
{
	if (t->who == WHO_CURRENT)
		return arena_printf(a, "%s/%s", target_kind_names[t->kind], t->id);
	return arena_printf(
	        a, "%s/%s (%s)", target_kind_names[t->kind], t->id, target_who_names[t->who]);
}

bool
target_parse(struct arena *a, struct str text, struct target *ret)
{
	struct str id = text, kind = str_cut(&id, '/');

	if (!slug_valid(id))
		return false;
	for (size_t i = 0; i < NELEMS(target_kind_names); i++) {
		if (!str_is(kind, target_kind_names[i]))
			continue;
		*ret = (struct target){ .kind = (enum target_kind)i, .id = str_dup(a, id) };
		return true;
	}
	return false;
}

#define TARGET_EXPECTED                                                                        \
	"expected a target such as user/alice, team/payments, schedule/first-line, "           \
	"policy/default or channel/ops"

struct qualified {
	const char *to;
	int who;
};

static const struct field qualified_fields[] = {
	{ "to", FIELD_STRING, FIELD_REQUIRED, offsetof(struct qualified, to) },
	{ "who", FIELD_ENUM, 0, offsetof(struct qualified, who), .names = target_who_names,
	        .fallback = "\"current\"" },
};
static const struct shape qualified_shape =
        SHAPE("Target", struct qualified, qualified_fields, "Whom to page.");

static void
qualified_decode(struct shape_reader *r, const struct json *v, struct target *t)
{
	struct qualified q;

	if (!shape_decode(r, &qualified_shape, v, &q))
		return;
	if (!target_parse(r->mem, str_from(q.to), t))
		shape_fault(r, v, TARGET_EXPECTED);
	else if (q.who != WHO_CURRENT && t->kind != TARGET_SCHEDULE)
		shape_fault(r, v, "\"who\" goes with a schedule only");
	else
		t->who = (enum target_who)q.who;
}

void
target_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type == JSON_OBJECT)
		qualified_decode(r, v, ret);
	else if (v->type != JSON_STRING || !target_parse(r->mem, v->string, ret))
		shape_fault(r, v, TARGET_EXPECTED);
}

void
target_encode(struct jsonw *w, const void *value)
{
	const struct target *t = value;
	struct arena a;

	if (t->id == NULL)
		return;
	arena_init(&a);
	const char *plain = arena_printf(&a, "%s/%s", target_kind_names[t->kind], t->id);
	if (t->who == WHO_CURRENT) {
		jsonw_cstr(w, plain);
	} else {
		jsonw_object(w);
		jsonw_member(w, "to", plain);
		jsonw_member(w, "who", target_who_names[t->who]);
		jsonw_end_object(w);
	}
	arena_free(&a);
}

#define TARGETS_MAX 100

void
items_decode(struct shape_reader *r, const struct json *v, const struct item_form *form,
        struct vec *ret)
{
	if (v->type != JSON_ARRAY || v->array.n > form->max) {
		shape_fault(
		        r, v, "expected a list of at most %zu %s", form->max, form->several);
		return;
	}
	ret->items = arena_array_(r->mem, v->array.n, form->size);
	for (size_t i = 0; i < v->array.n; i++) {
		size_t mark = shape_enter_index(r, i);
		form->decode(r, &v->array.items[i], (char *)ret->items + i * form->size);
		shape_leave(r, mark);
	}
	ret->n = v->array.n;
}

void
targets_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	static const struct item_form form = { target_decode, sizeof(struct target),
		TARGETS_MAX, "targets" };

	items_decode(r, v, &form, ret);
}

void
targets_encode(struct jsonw *w, const void *value)
{
	const struct vec *vec = value;
	const struct target *targets = vec->items;

	jsonw_array(w);
	for (size_t i = 0; i < vec->n; i++)
		target_encode(w, &targets[i]);
	jsonw_end_array(w);
}
