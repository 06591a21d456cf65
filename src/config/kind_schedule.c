/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules and overrides. Their time is the calendar floor's; here stands how they are
 * written. */
#include "config/codecs.h"
#include "config/kinds.h"

#define LAYER(member) offsetof(struct cal_layer, member)

static const struct field layer_fields[] = {
	{ "name", FIELD_STRING, 0, LAYER(name), .help = "What people call it." },
	{ "members", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(turns), .decode = turns_decode,
	        .encode = turns_encode, .schema = "{\"type\":\"array\"}",
	        .help = "Taken in turn: a user, a list of users (on call together), or null (nobody)." },
	{ "start", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(start), .decode = civil_decode,
	        .encode = civil_encode, .schema = CIVIL_SCHEMA,
	        .help = "The wall clock at which the first turn begins." },
	{ "end", FIELD_CUSTOM, 0, LAYER(has_end), .decode = layer_end_decode,
	        .encode = layer_end_encode, .schema = CIVIL_SCHEMA,
	        .help = "The wall clock at which the layer ends." },
	{ "every", FIELD_CUSTOM, FIELD_REQUIRED, LAYER(every), .decode = every_decode,
	        .encode = every_encode, .schema = "{\"type\":\"string\"}",
	        .help = "The length of a turn: 12h, 1d, 1w, 2w, 1mo." },
	{ "only", FIELD_CUSTOM, 0, LAYER(only), .decode = windows_decode,
	        .encode = windows_encode, .schema = "{\"type\":\"array\"}",
	        .help = "Limits the layer to windows of the week: \"mon-fri 09:00-17:00\"." },
	{ "zone", FIELD_CUSTOM, 0, LAYER(zone), .decode = layer_zone_decode,
	        .encode = layer_zone_encode, .schema = ZONE_SCHEMA,
	        .help = "The zone of this layer's wall clocks, when it is not the schedule's." },
};
static const struct shape layer_shape =
        SHAPE("Layer", struct cal_layer, layer_fields, "A rotation inside a schedule.");

#define SCHEDULE(member) offsetof(struct schedule, member)

static const struct field schedule_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, SCHEDULE(team), .ref = "team", .help = "Who looks after it." },
	{ "zone", FIELD_CUSTOM, 0, SCHEDULE(zone), .decode = zone_decode, .encode = zone_encode,
	        .schema = ZONE_SCHEMA, .help = "The zone of its wall clocks." },
	{ "layers", FIELD_LIST, 0, SCHEDULE(calendar.layers), .sub = &layer_shape, .max = 50,
	        .help = "The last listed that has somebody counts." },
};
const struct shape schedule_shape =
        SHAPE("Schedule", struct schedule, schedule_fields, "Who is on call when.");

#define OVERRIDE(member) offsetof(struct override, member)

static const struct field override_fields[] = {
	COMMON_FIELDS,
	{ "schedule", FIELD_REF, FIELD_REQUIRED, OVERRIDE(schedule), .ref = "schedule",
	        .help = "The schedule that it changes." },
	{ "from", FIELD_CUSTOM, FIELD_REQUIRED, OVERRIDE(from), .decode = civil_decode,
	        .encode = civil_encode, .schema = CIVIL_SCHEMA, .help = "When it begins." },
	{ "to", FIELD_CUSTOM, FIELD_REQUIRED, OVERRIDE(to), .decode = civil_decode,
	        .encode = civil_encode, .schema = CIVIL_SCHEMA, .help = "When it ends." },
	{ "replace", FIELD_REF, FIELD_NULLABLE, OVERRIDE(replace), .ref = "user",
	        .help = "Whose duty is taken; absent: everybody's." },
	{ "with", FIELD_CUSTOM, FIELD_REQUIRED, OVERRIDE(with), .decode = user_or_null_decode,
	        .encode = user_or_null_encode, .schema = "{\"type\":[\"string\",\"null\"]}",
	        .help = "Who takes it; null: nobody." },
};
const struct shape override_shape = SHAPE(
        "Override", struct override, override_fields, "Somebody takes a duty for a while.");

void
override_settle(struct draft *d)
{
	const struct override *o = d->value;

	if (o->from.year != 0 && o->to.year != 0 && civil_compare(o->from, o->to) >= 0)
		shape_fault(d->r, json_get(d->tree, "to"), "it must end after it begins");
}

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

	for (size_t i = 0; i < s->calendar.n_layers; i++)
		layer_users(cx, &s->calendar.layers[i], i, fn, arg);
}

void
override_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct override *o = value;

	(void)cx;
	if (o->with != NULL)
		fn(arg, "/with", &(struct target){ .kind = TARGET_USER, .id = o->with });
}
