/* SPDX-License-Identifier: Apache-2.0 */
/* How rotations, their members and the edges of times are written in documents. Encoders that
 * write nothing mean "absent". */
#include <assert.h>

#include "calendar/date.h"
#include "config/codecs.h"

static bool
is_text(struct shape_reader *r, const struct json *v, const char *expected)
{
	if (v->type == JSON_STRING)
		return true;
	shape_fault(r, v, "expected %s, found %s", expected, json_type_names[v->type]);
	return false;
}

/* has_end stands before end in the struct; the field is at has_end. */
void
layer_end_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct cal_layer *layer =
	        (struct cal_layer *)((char *)ret - offsetof(struct cal_layer, has_end));

	if (v->type == JSON_NULL)
		return;
	layer->has_end = true;
	civil_decode(r, v, &layer->end);
}

void
layer_end_encode(struct jsonw *w, const void *value)
{
	const struct cal_layer *layer = (const struct cal_layer *)((const char *)value
	        - offsetof(struct cal_layer, has_end));

	if (layer->has_end)
		civil_encode(w, &layer->end);
}

/* ---- rotations ---- */

void
every_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_STRING || !cal_every_parse(v->string, ret))
		shape_fault(
		        r, v, "expected a length of turns such as 1h, 12h, 1d, 1w, 2w or 1mo");
}

void
every_encode(struct jsonw *w, const void *value)
{
	const struct cal_every *every = value;
	char text[CAL_EVERY_TEXT_MAX];

	jsonw_cstr(w, cal_every_print(*every, text));
}

static bool
turn_user(struct shape_reader *r, const struct json *v, const char **ret)
{
	struct str id;

	if (!is_text(r, v, "the id of a user"))
		return false;
	id = v->string;
	if (str_starts(id, STR("user/")))
		str_cut(&id, '/');
	if (!slug_valid(id)) {
		shape_fault(r, v, "expected the id of a user, found \"%s\"", v->string.p);
		return false;
	}
	*ret = str_dup(r->mem, id);
	return true;
}

static struct cal_turn
turn_of(struct shape_reader *r, const struct json *v)
{
	bool several = v->type == JSON_ARRAY;
	size_t n = several ? v->array.n : v->type == JSON_NULL ? 0 : 1;
	const char **users = ARENA_ARRAY(r->mem, n, const char *);

	for (size_t i = 0; i < n; i++)
		if (!turn_user(r, several ? &v->array.items[i] : v, &users[i]))
			return (struct cal_turn){ 0 };
	return (struct cal_turn){ .users = users, .n = n };
}

void
turn_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	*(struct cal_turn *)ret = turn_of(r, v);
}

void
turn_encode(struct jsonw *w, const void *value)
{
	const struct cal_turn *turn = value;

	if (turn->n == 1) {
		jsonw_cstr(w, turn->users[0]);
		return;
	}
	if (turn->n == 0) {
		jsonw_null(w);
		return;
	}
	jsonw_array(w);
	for (size_t i = 0; i < turn->n; i++)
		jsonw_cstr(w, turn->users[i]);
	jsonw_end_array(w);
}

/* ---- members, who may come and go ---- */

/* An entry of `members` in its long form. */
struct member_entry {
	struct cal_turn who;
	struct civil from, until;
};

static const struct field member_entry_fields[] = {
	{ "who", FIELD_CUSTOM, FIELD_REQUIRED, offsetof(struct member_entry, who),
	        .decode = turn_decode, .encode = turn_encode },
	{ "from", FIELD_CUSTOM, 0, offsetof(struct member_entry, from), .decode = civil_decode,
	        .encode = civil_encode },
	{ "until", FIELD_CUSTOM, 0, offsetof(struct member_entry, until),
	        .decode = civil_decode, .encode = civil_encode },
};
static const struct shape member_entry_shape = SHAPE(
        "LayerMember", struct member_entry, member_entry_fields, "A turn that comes or goes.");

static const struct cal_stay always = { INT64_MIN, INT64_MAX };

static struct cal_turn
member_decode(struct shape_reader *r, const struct json *v, struct cal_stay *stay)
{
	struct member_entry m;

	*stay = always;
	if (v->type != JSON_OBJECT)
		return turn_of(r, v);
	if (!shape_decode(r, &member_entry_shape, v, &m))
		return (struct cal_turn){ 0 };
	if (m.from.year != 0)
		stay->from = civil_seconds(m.from);
	if (m.until.year != 0)
		stay->until = civil_seconds(m.until);
	if (stay->from >= stay->until)
		shape_fault(r, json_get(v, "until"), "it must be after from");
	return m.who;
}

#define TURNS_MAX 500

/* The field is at turns; stays lies in the same struct. */
void
turns_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct cal_layer *layer =
	        (struct cal_layer *)((char *)ret - offsetof(struct cal_layer, turns));
	size_t dated = 0;

	if (v->type != JSON_ARRAY || v->array.n > TURNS_MAX) {
		shape_fault(r, v, "expected a list of at most %d members", TURNS_MAX);
		return;
	}
	struct cal_turn *turns = ARENA_ARRAY(r->mem, v->array.n, struct cal_turn);
	struct cal_stay *stays = ARENA_ARRAY(r->mem, v->array.n, struct cal_stay);
	for (size_t i = 0; i < v->array.n; i++) {
		size_t mark = shape_enter_index(r, i);
		turns[i] = member_decode(r, &v->array.items[i], &stays[i]);
		dated += stays[i].from != INT64_MIN || stays[i].until != INT64_MAX;
		shape_leave(r, mark);
	}
	if (dated > CAL_STAYS_MAX)
		shape_fault(r, v, "at most %d members may come or go", CAL_STAYS_MAX);
	layer->turns = turns;
	layer->n_turns = v->array.n;
	layer->stays = dated > 0 ? stays : NULL;
}

static void
write_wall(struct jsonw *w, const char *key, int64_t local)
{
	char text[CIVIL_MAX];

	jsonw_member(w, key, civil_print(civil_of_seconds(local), text));
}

static void
member_encode(struct jsonw *w, const struct cal_turn *turn, const struct cal_stay *stay)
{
	if (stay->from == INT64_MIN && stay->until == INT64_MAX) {
		turn_encode(w, turn);
		return;
	}
	jsonw_object(w);
	jsonw_key(w, "who");
	turn_encode(w, turn);
	if (stay->from != INT64_MIN)
		write_wall(w, "from", stay->from);
	if (stay->until != INT64_MAX)
		write_wall(w, "until", stay->until);
	jsonw_end_object(w);
}

void
turns_encode(struct jsonw *w, const void *value)
{
	const struct cal_layer *layer = (const struct cal_layer *)((const char *)value
	        - offsetof(struct cal_layer, turns));

	jsonw_array(w);
	for (size_t i = 0; i < layer->n_turns; i++)
		member_encode(
		        w, &layer->turns[i], layer->stays == NULL ? &always : &layer->stays[i]);
	jsonw_end_array(w);
}

/* Days of the week that count. */
void
count_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_STRING || !cal_weekdays_parse(v->string, ret))
		shape_fault(r, v, "expected weekdays such as mon-fri or sat,sun");
}

void
count_encode(struct jsonw *w, const void *value)
{
	const unsigned *days = value;
	char text[CAL_WINDOW_TEXT_MAX];

	if (*days != 0)
		jsonw_cstr(w, cal_weekdays_print(*days, text));
}

/* {user, at} lies in two fields side by side. */
struct set_value {
	const char *user;
	struct civil at;
};

static const struct field set_fields[] = {
	{ "user", FIELD_REF, FIELD_REQUIRED, offsetof(struct set_value, user), .ref = "user" },
	{ "at", FIELD_CUSTOM, FIELD_REQUIRED, offsetof(struct set_value, at),
	        .decode = civil_decode, .encode = civil_encode },
};
static const struct shape set_shape =
        SHAPE("LayerSet", struct set_value, set_fields, "Whose turn it is from then on.");

static_assert(offsetof(struct set_value, at) - offsetof(struct set_value, user)
                == offsetof(struct cal_layer, set_at) - offsetof(struct cal_layer, set_user),
        "set_user and set_at are a set_value");

void
set_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_NULL)
		shape_decode(r, &set_shape, v, ret);
}

void
set_encode(struct jsonw *w, const void *value)
{
	if (((const struct set_value *)value)->user != NULL)
		shape_encode(w, &set_shape, value);
}

/* ---- windows ---- */

#define WINDOWS_MAX 50

static void
window_decode(struct shape_reader *r, const struct json *v, struct cal_window *ret)
{
	if (v->type != JSON_STRING || !cal_window_parse(v->string, ret))
		shape_fault(r, v,
		        "expected a window such as \"mon-fri 09:00-17:00\" or "
		        "\"daily 22:00-06:00\", or a list of them");
}

/* One window may stand by itself. */
void
windows_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	bool list = v->type == JSON_ARRAY;
	size_t n = list ? v->array.n : 1;
	struct vec *out = ret;

	if (n > WINDOWS_MAX) {
		shape_fault(r, v, "expected at most %d windows", WINDOWS_MAX);
		return;
	}
	struct cal_window *windows = ARENA_ARRAY(r->mem, n, struct cal_window);
	if (!list)
		window_decode(r, v, windows);
	for (size_t i = 0; list && i < n; i++) {
		size_t mark = shape_enter_index(r, i);
		window_decode(r, &v->array.items[i], &windows[i]);
		shape_leave(r, mark);
	}
	out->items = windows;
	out->n = n;
}

void
windows_encode(struct jsonw *w, const void *value)
{
	const struct vec *vec = value;
	const struct cal_window *windows = vec->items;
	char text[CAL_WINDOW_TEXT_MAX];

	if (vec->n == 0)
		return;
	jsonw_array(w);
	for (size_t i = 0; i < vec->n; i++)
		jsonw_cstr(w, cal_window_print(windows[i], text));
	jsonw_end_array(w);
}

void
user_or_null_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	if (v->type != JSON_NULL)
		turn_user(r, v, ret);
}

void
user_or_null_encode(struct jsonw *w, const void *value)
{
	jsonw_cstr(w, *(const char *const *)value);
}

/* ---- edges ---- */

usec_t
edge_instant(const struct edge *e, const struct zone *z)
{
	return e->wall.year == 0 ? e->at : civil_to_utc(z, e->wall, CIVIL_FIRST);
}

void
edge_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct edge *e = ret;

	if (v->type == JSON_STRING
	        && (civil_parse(v->string, &e->wall) || rfc3339_parse(v->string, &e->at)))
		return;
	shape_fault(r, v,
	        "expected a wall clock such as 2026-01-05 09:00, or an instant such as "
	        "2026-01-05T09:00:00+01:00");
}

void
edge_encode(struct jsonw *w, const void *value)
{
	const struct edge *e = value;
	char text[RFC3339_MAX];

	if (e->wall.year != 0)
		civil_encode(w, &e->wall);
	else if (e->at != 0)
		jsonw_cstr(w, rfc3339_print(e->at, text));
}

/* ---- dates ---- */

#define DATES_MAX 2000

struct date_entry {
	struct civil date;
	const char *name;
};

static const struct field date_entry_fields[] = {
	{ "date", FIELD_CUSTOM, FIELD_REQUIRED, offsetof(struct date_entry, date),
	        .decode = civil_decode, .encode = civil_encode },
	{ "name", FIELD_STRING, 0, offsetof(struct date_entry, name) },
};
static const struct shape date_entry_shape =
        SHAPE("HolidayDate", struct date_entry, date_entry_fields, "A date and its name.");

static void
date_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct holiday_date *out = ret;
	struct date_entry d = { 0 };

	if (v->type == JSON_OBJECT)
		(void)shape_decode(r, &date_entry_shape, v, &d);
	else
		civil_decode(r, v, &d.date);
	if (d.date.hour != 0 || d.date.minute != 0 || d.date.second != 0)
		shape_fault(r, v, "expected a date such as 2026-12-25, without a clock");
	if (d.date.year == 0)
		return;
	*out = (struct holiday_date){ civil_seconds(d.date) / SECS_A_DAY, d.name };
}

void
dates_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	static const struct item_form form = { date_decode, sizeof(struct holiday_date),
		DATES_MAX, "dates" };

	items_decode(r, v, &form, ret);
}

void
dates_encode(struct jsonw *w, const void *value)
{
	const struct vec *vec = value;
	const struct holiday_date *dates = vec->items;
	char text[CIVIL_MAX];

	jsonw_array(w);
	for (size_t i = 0; i < vec->n; i++) {
		date_print(dates[i].day, text);
		if (dates[i].name == NULL) {
			jsonw_cstr(w, text);
			continue;
		}
		jsonw_object(w);
		jsonw_member(w, "date", text);
		jsonw_member(w, "name", dates[i].name);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}
