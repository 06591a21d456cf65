/* SPDX-License-Identifier: Apache-2.0 */
/* A schedule as it is drawn: each layer by itself, the overrides, and what comes of them. */
#include "api/duty.h"
#include "calendar/effect.h"

static void
write_shifts(struct ctx *cx, struct jsonw *w, const char *key, const struct snapshot *s,
        const struct cal_schedule *calendar, struct duty_span span)
{
	struct cal_shift *list;
	size_t n;

	oncall_shifts(&cx->mem, calendar, span.from, span.to, &list, &n);
	duty_write_shifts(w, key, s, list, n);
}

/* Absences count in a layer: they decide whether the one under it does. */
static void
write_layer(struct ctx *cx, struct jsonw *w, const struct snapshot *s,
        const struct cal_schedule *whole, size_t i, struct duty_span span)
{
	struct cal_schedule alone = *whole;

	alone.layers = &whole->layers[i];
	alone.n_layers = 1;
	alone.n_overrides = 0;
	jsonw_object(w);
	jsonw_member_opt(w, "name", whole->layers[i].name);
	write_shifts(cx, w, "shifts", s, &alone, span);
	jsonw_end_object(w);
}

/* Of more overrides than this nobody reads which have no effect, and to find out costs as many
 * calendars. */
#define EFFECTS_MAX 200

static void
write_named(struct jsonw *w, const struct snapshot *s, const struct cal_override *o)
{
	const struct document *d = snapshot_document(s, KIND_OVERRIDE, o->id);
	const struct override *doc = d == NULL ? NULL : d->value;

	jsonw_member(w, "id", o->id);
	if (doc != NULL && strcmp(doc->c.name, o->id) != 0)
		jsonw_member(w, "name", doc->c.name);
	jsonw_member_time(w, "from", o->from);
	jsonw_member_time(w, "to", o->to);
	jsonw_member_opt(w, "replace", o->replace);
	jsonw_member_opt(w, "with", o->with);
	if (o->mode == CAL_ADD)
		jsonw_member_bool(w, "adds", true);
}

static void
write_outcome(struct jsonw *w, const struct snapshot *s, const struct cal_outcome *outcome)
{
	if (outcome->effect == CAL_EFFECT)
		return;
	jsonw_member_bool(w, "no_effect", true);
	jsonw_member(w, "why", cal_effect_names[outcome->effect]);
	if (outcome->n == 0)
		return;
	jsonw_key(w, "hidden_by");
	jsonw_array(w);
	for (size_t i = 0; i < outcome->n; i++) {
		jsonw_object(w);
		write_named(w, s, outcome->by[i]);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/* Those that touch the span. */
static void
write_override(struct ctx *cx, struct jsonw *w, const struct snapshot *s,
        const struct cal_schedule *c, size_t i, struct duty_span span)
{
	const struct cal_override *o = &c->overrides[i];
	struct duty_span own = { o->from > span.from ? o->from : span.from,
		o->to < span.to ? o->to : span.to };

	if (own.from >= own.to)
		return;
	jsonw_object(w);
	write_named(w, s, o);
	if (c->n_overrides <= EFFECTS_MAX) {
		struct cal_outcome outcome =
		        cal_override_outcome(&cx->mem, c, i, own.from, own.to);
		write_outcome(w, s, &outcome);
	}
	jsonw_end_object(w);
}

/* When people of the layers are away, within the span. */
static void
write_absences(struct jsonw *w, const struct cal_schedule *c, struct duty_span span)
{
	jsonw_key(w, "absences");
	jsonw_array(w);
	for (size_t i = 0; i < c->n_absences; i++) {
		const struct cal_absence *a = &c->absences[i];
		if (a->to <= span.from || a->from >= span.to)
			continue;
		jsonw_object(w);
		jsonw_member(w, "id", a->id);
		jsonw_member(w, "user", a->user);
		jsonw_member_time(w, "from", a->from);
		jsonw_member_time(w, "to", a->to);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static struct err *
calendar(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct schedule *schedule;
	struct duty_span span;

	TRY(duty_schedule(cx, rq, s, &schedule));
	TRY(duty_span(cx, rq, &span));
	const struct cal_schedule *c = &schedule->calendar;
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	jsonw_member_time(&w, "from", span.from);
	jsonw_member_time(&w, "to", span.to);
	jsonw_member(&w, "zone", zone_name(c->zone));
	write_shifts(cx, &w, "final", s, c, span);
	jsonw_key(&w, "layers");
	jsonw_array(&w);
	for (size_t i = 0; i < c->n_layers; i++)
		write_layer(cx, &w, s, c, i, span);
	jsonw_end_array(&w);
	jsonw_key(&w, "overrides");
	jsonw_array(&w);
	for (size_t i = 0; i < c->n_overrides; i++)
		write_override(cx, &w, s, c, i, span);
	jsonw_end_array(&w);
	write_absences(&w, c, span);
	duty_write_holidays(cx, &w, s, schedule, span);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/calendar", PERM_READ, calendar,
	        "Each layer by itself, overrides, absences, holidays, and who is on call in the end; "
	        "?from=&to=",
	        NULL, NULL, 0, 0 },
};
const struct route_table calendar_routes = { routes, NELEMS(routes) };
