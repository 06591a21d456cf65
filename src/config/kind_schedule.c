/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules, overrides, holidays and absences. Their time is the calendar floor's; here stands
 * how they are written. */
#include <stdlib.h>

#include "config/codecs.h"
#include "config/kinds.h"

#define LAYER(member) offsetof(struct layer, cal.member)

static const struct field layer_fields[] = {
	{ "name", FIELD_STRING, 0, LAYER(name), .help = "What people call it." },
	{ "members", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(turns), .decode = turns_decode,
	        .encode = turns_encode, .schema = "{\"type\":\"array\",\"format\":\"turns\"}",
	        .help = "Taken in turn: a user, a list of users (on call together), null (nobody), or "
	                "{who, from, until} for one who comes or goes." },
	{ "start", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(start), .decode = civil_decode,
	        .encode = civil_encode, .schema = CIVIL_SCHEMA,
	        .help = "The wall clock at which the first turn begins." },
	{ "end", FIELD_CUSTOM, 0, LAYER(has_end), .decode = layer_end_decode,
	        .encode = layer_end_encode, .schema = CIVIL_SCHEMA,
	        .help = "The wall clock at which the layer ends." },
	{ "every", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(every), .decode = every_decode,
	        .encode = every_encode, .schema = "{\"type\":\"string\",\"format\":\"span\"}",
	        .help = "The length of a turn: 12h, 1d, 1w, 2w, 1mo." },
	{ "only", FIELD_CUSTOM, 0, LAYER(only), .decode = windows_decode,
	        .encode = windows_encode,
	        .schema = "{\"type\":\"array\",\"format\":\"windows\"}",
	        .help = "Limits the layer to windows of the week: \"mon-fri 09:00-17:00\"." },
	{ "zone", FIELD_CUSTOM, 0, LAYER(zone), .decode = layer_zone_decode,
	        .encode = layer_zone_encode, .schema = ZONE_SCHEMA,
	        .help = "The zone of this layer's wall clocks, when it is not the schedule's." },
	{ "count", FIELD_CUSTOM, 0, LAYER(count), .decode = count_decode,
	        .encode = count_encode, .schema = "{\"type\":\"string\"}",
	        .help = "Weekdays that count as turns, where every is in days: \"mon-fri\"." },
	{ "set", FIELD_CUSTOM, 0, LAYER(set_user), .decode = set_decode, .encode = set_encode,
	        .schema = "{\"type\":\"object\",\"format\":\"turn-set\"}",
	        .help = "{user, at}: whose turn it is from a wall clock on; the rotation goes on behind." },
	{ "except", FIELD_LIST, 0, offsetof(struct layer, except), .of = FIELD_REF,
	        .ref = "holiday", .max = 20, .help = "Holidays on which it has nobody." },
	{ "during", FIELD_LIST, 0, offsetof(struct layer, during), .of = FIELD_REF,
	        .ref = "holiday", .max = 20,
	        .help = "Holidays on which alone it has somebody." },
};
static const struct shape layer_shape =
        SHAPE("Layer", struct layer, layer_fields, "A rotation inside a schedule.");

#define QUALITY(member) offsetof(struct quality_limits, member)

static const struct field quality_fields[] = {
	{ "stretch", FIELD_DURATION, 0, QUALITY(stretch), .fallback = "\"1w1d\"",
	        .max = DAYS(3650), .help = "The longest time on call without a break." },
	{ "gap", FIELD_DURATION, 0, QUALITY(gap), .max = DAYS(3650),
	        .help = "Gaps up to this long are left unsaid." },
	{ "fairness", FIELD_INT, 0, QUALITY(fairness), .fallback = "80", .max = 100,
	        .help = "The least fairness of hours, nights and weekends, in percent." },
	{ "share", FIELD_INT, 0, QUALITY(share), .max = 100,
	        .help = "The most of all hours that one person may have, in percent; 0: any." },
};
static const struct shape quality_shape = SHAPE("QualityLimits", struct quality_limits,
        quality_fields, "When the quality report of a schedule speaks up.");

#define HANDOFF(member) offsetof(struct schedule_handoff, member)

static const struct field handoff_fields[] = {
	{ "notice", FIELD_BOOL, 0, HANDOFF(notice),
	        .help = "Tell who comes on, ahead by their own lead, and who goes off." },
	{ "summary", FIELD_CUSTOM, 0, HANDOFF(summary), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Who gets the week and the gaps of two weeks, Mondays at 9." },
	{ "note", FIELD_TEXT, 0, HANDOFF(note), .help = "Stands in every notice." },
};
static const struct shape handoff_shape = SHAPE("ScheduleHandoff", struct schedule_handoff,
        handoff_fields, "What is told about handoffs.");

#define SCHEDULE(member) offsetof(struct schedule, member)

static const struct field schedule_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, SCHEDULE(team), .ref = "team", .help = "Who looks after it." },
	{ "zone", FIELD_CUSTOM, 0, SCHEDULE(zone), .decode = zone_decode, .encode = zone_encode,
	        .schema = ZONE_SCHEMA, .help = "The zone of its wall clocks." },
	{ "layers", FIELD_LIST, 0, SCHEDULE(layers), .sub = &layer_shape, .max = 50,
	        .help = "The last listed that has somebody counts." },
	{ "handoff", FIELD_OBJECT, 0, SCHEDULE(handoff), .sub = &handoff_shape,
	        .fallback = "{}", .help = "What is told about its handoffs." },
	{ "quality", FIELD_OBJECT, 0, SCHEDULE(quality), .sub = &quality_shape,
	        .fallback = "{}", .help = "When its quality report speaks up." },
};
const struct shape schedule_shape =
        SHAPE("Schedule", struct schedule, schedule_fields, "Who is on call when.");

#define OVERRIDE(member) offsetof(struct override, member)

/* An override that adds somebody or is a temporary schedule has no `with`. */
static void
with_encode(struct jsonw *w, const void *value)
{
	const struct override *o =
	        (const struct override *)((const char *)value - OVERRIDE(with));

	if (o->add == NULL && o->shifts.n == 0)
		user_or_null_encode(w, value);
}

#define SHIFT(member) offsetof(struct override_shift, member)

static const struct field override_shift_fields[] = {
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, SHIFT(from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it begins." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, SHIFT(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it ends." },
	{ "with", FIELD_CUSTOM, FIELD_REQUIRED, SHIFT(with), .decode = turn_decode,
	        .encode = turn_encode, .schema = "{\"format\":\"turn\"}",
	        .help = "A user, or a list of users." },
};
static const struct shape override_shift_shape = SHAPE("OverrideShift", struct override_shift,
        override_shift_fields, "A shift of a temporary schedule.");

static const struct field override_fields[] = {
	COMMON_FIELDS,
	{ "schedule", FIELD_REF, FIELD_REQUIRED, OVERRIDE(schedule), .ref = "schedule",
	        .help = "The schedule that it changes." },
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, OVERRIDE(from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it begins." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, OVERRIDE(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it ends." },
	{ "replace", FIELD_REF, FIELD_NULLABLE, OVERRIDE(replace), .ref = "user",
	        .help = "Whose duty is taken; absent: everybody's." },
	{ "with", FIELD_CUSTOM, 0, OVERRIDE(with), .decode = user_or_null_decode,
	        .encode = with_encode,
	        .schema = "{\"type\":[\"string\",\"null\"],\"format\":\"user-or-null\"}",
	        .help = "Who takes it; null: nobody." },
	{ "add", FIELD_REF, 0, OVERRIDE(add), .ref = "user",
	        .help = "Instead of with: who is on call too." },
	{ "shifts", FIELD_LIST, 0, OVERRIDE(shifts), .sub = &override_shift_shape, .max = 200,
	        .help = "Instead of with: a temporary schedule, all that there is meanwhile." },
};
const struct shape override_shape = SHAPE(
        "Override", struct override, override_fields, "Somebody takes a duty for a while.");

/* Edges of both forms cannot be compared before the zone is known. */
static bool
ends_before(const struct edge *from, const struct edge *to)
{
	if (from->wall.year != 0 && to->wall.year != 0)
		return civil_compare(from->wall, to->wall) >= 0;
	return from->at != 0 && to->at != 0 && from->at >= to->at;
}

static void
edges_settle(struct draft *d, const struct json *tree, const struct edge *from,
        const struct edge *to)
{
	if (ends_before(from, to))
		shape_fault(d->r, json_get(tree, "to"), "it must end after it begins");
}

void
override_settle(struct draft *d)
{
	const struct override *o = d->value;
	const struct override_shift *shifts = o->shifts.items;
	const struct json *list = json_get(d->tree, "shifts");
	int said = (json_get(d->tree, "with") != NULL) + (o->add != NULL) + (list != NULL);

	if (said != 1)
		shape_fault(d->r, d->tree,
		        "an override says one of with (who takes the duty; null: nobody), add "
		        "and shifts");
	if (o->with == NULL && o->replace != NULL && said == 1
	        && json_get(d->tree, "with") == NULL)
		shape_fault(
		        d->r, json_get(d->tree, "replace"), "\"replace\" goes with \"with\"");
	edges_settle(d, d->tree, &o->from, &o->to);
	for (size_t i = 0; i < o->shifts.n; i++)
		edges_settle(d, &list->array.items[i], &shifts[i].from, &shifts[i].to);
}

/* ---- holidays ---- */

#define HOLIDAY(member) offsetof(struct holiday, member)

static const struct field holiday_fields[] = {
	COMMON_FIELDS,
	{ "dates", FIELD_CUSTOM, FIELD_REQUIRED, HOLIDAY(dates), .decode = dates_decode,
	        .encode = dates_encode, .schema = "{\"type\":\"array\",\"format\":\"dates\"}",
	        .help = "Dates: \"2026-12-25\", or {date, name}." },
};
const struct shape holiday_shape = SHAPE(
        "Holiday", struct holiday, holiday_fields, "Dates on which a layer rests, or serves.");

static int
by_day(const void *a, const void *b)
{
	const struct holiday_date *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

void
holiday_settle(struct draft *d)
{
	struct holiday *h = d->value;

	if (h->dates.n > 0)
		qsort(h->dates.items, h->dates.n, sizeof(struct holiday_date), by_day);
}

/* ---- absences ---- */

#define ABSENCE(member) offsetof(struct absence, member)

static const struct field absence_fields[] = {
	COMMON_FIELDS,
	{ "user", FIELD_REF, FIELD_REQUIRED, ABSENCE(user), .ref = "user",
	        .help = "Who is not there." },
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, ABSENCE(from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA,
	        .help = "When it begins, in the user's zone." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, ABSENCE(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA, .help = "When it ends." },
};
const struct shape absence_shape =
        SHAPE("Absence", struct absence, absence_fields, "A user takes no turn for a while.");

void
absence_settle(struct draft *d)
{
	const struct absence *a = d->value;

	edges_settle(d, d->tree, &a->from, &a->to);
}

/* ---- maintenance windows ---- */

#define WINDOW(member) offsetof(struct window, member)

static const struct field window_fields[] = {
	COMMON_FIELDS,
	{ "services", FIELD_LIST, 0, WINDOW(services), .of = FIELD_REF, .ref = "service",
	        .max = 200, .help = "Nobody is paged for these." },
	{ "integrations", FIELD_LIST, 0, WINDOW(integrations), .of = FIELD_REF,
	        .ref = "integration", .max = 200,
	        .help = "Nobody is paged for what comes by these." },
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, WINDOW(from), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA,
	        .help = "When it begins, in the organisation's zone." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, WINDOW(to), .decode = edge_decode,
	        .encode = edge_encode, .schema = EDGE_SCHEMA,
	        .help = "When it ends by itself; what is still open is paged then." },
	{ "reason", FIELD_STRING, FIELD_REQUIRED, WINDOW(reason), .min = 1,
	        .help = "Why, for whoever asks why they were not paged." },
};
const struct shape window_shape = SHAPE("Window", struct window, window_fields,
        "Maintenance: signals are recorded, and nobody is paged for them.");

void
window_settle(struct draft *d)
{
	const struct window *w = d->value;

	edges_settle(d, d->tree, &w->from, &w->to);
}

void
window_check(struct checker *c, const void *value)
{
	const struct window *w = value;

	if (w->services.n + w->integrations.n == 0)
		c->fault(c, "/services", "a window names services or integrations");
}

/* ---- what must hold ---- */

static bool
is_member(const struct cal_layer *l, const char *user)
{
	for (size_t t = 0; t < l->n_turns; t++)
		for (size_t u = 0; u < l->turns[t].n; u++)
			if (strcmp(l->turns[t].users[u], user) == 0)
				return true;
	return false;
}

void
schedule_check(struct checker *c, const void *value)
{
	const struct schedule *s = value;
	const struct layer *layers = s->layers.items;

	for (size_t i = 0; i < s->layers.n; i++) {
		const struct cal_layer *l = &layers[i].cal;
		if (l->set_user != NULL && !is_member(l, l->set_user))
			c->fault(c, arena_printf(&c->cx->mem, "/layers/%zu/set/user", i),
			        "is none of the layer's members");
		if (l->count != 0 && l->every.unit != CAL_DAY)
			c->fault(c, arena_printf(&c->cx->mem, "/layers/%zu/count", i),
			        "goes with turns of days: every: 1d");
	}
}

/* ---- who is named ---- */

static void
layer_users(struct ctx *cx, const struct cal_layer *layer, size_t index, each_target_fn *fn,
        void *arg)
{
	for (size_t t = 0; t < layer->n_turns; t++)
		for (size_t u = 0; u < layer->turns[t].n; u++)
			fn(arg, arena_printf(&cx->mem, "/layers/%zu/members/%zu", index, t),
			        &(struct target){
			                .kind = TARGET_USER, .id = layer->turns[t].users[u] });
}

void
schedule_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct schedule *s = value;
	const struct layer *layers = s->layers.items;

	if (s->handoff.summary.id != NULL)
		fn(arg, "/handoff/summary", &s->handoff.summary);
	for (size_t i = 0; i < s->layers.n; i++) {
		const struct cal_layer *l = &layers[i].cal;
		layer_users(cx, l, i, fn, arg);
		if (l->set_user != NULL)
			fn(arg, arena_printf(&cx->mem, "/layers/%zu/set/user", i),
			        &(struct target){ .kind = TARGET_USER, .id = l->set_user });
	}
}

void
override_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct override *o = value;
	const struct override_shift *shifts = o->shifts.items;

	if (o->with != NULL)
		fn(arg, "/with", &(struct target){ .kind = TARGET_USER, .id = o->with });
	for (size_t i = 0; i < o->shifts.n; i++)
		for (size_t u = 0; u < shifts[i].with.n; u++)
			fn(arg, arena_printf(&cx->mem, "/shifts/%zu/with", i),
			        &(struct target){
			                .kind = TARGET_USER, .id = shifts[i].with.users[u] });
}
