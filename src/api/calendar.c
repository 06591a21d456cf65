/* SPDX-License-Identifier: Apache-2.0 */
/* A schedule as it is drawn: each layer by itself, the overrides, and what comes of them. */
#include "api/duty.h"

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

/* Those that touch the span. */
static void
write_override(struct jsonw *w, const struct cal_override *o, struct duty_span span)
{
	if (o->to <= span.from || o->from >= span.to)
		return;
	jsonw_object(w);
	jsonw_member(w, "id", o->id);
	jsonw_member_time(w, "from", o->from);
	jsonw_member_time(w, "to", o->to);
	jsonw_member_opt(w, "replace", o->replace);
	jsonw_member_opt(w, "with", o->with);
	if (o->mode == CAL_ADD)
		jsonw_member_bool(w, "adds", true);
	jsonw_end_object(w);
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
		write_override(&w, &c->overrides[i], span);
	jsonw_end_array(&w);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/schedules/{id}/calendar", PERM_READ, calendar,
	        "Each layer by itself, the overrides, and who is on call in the end; ?from=&to=",
	        NULL, NULL, 0, 0 },
};
const struct route_table calendar_routes = { routes, NELEMS(routes) };
