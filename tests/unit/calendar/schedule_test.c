/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules by table: their texts, who is on call when, overrides, shifts, what comes next. */
#include "test.h"

#include "calendar/schedule.h"

static void
test_every_texts(void **state)
{
	static const char *const good[] = { "30m", "1h", "12h", "1d", "1w", "2w", "1mo",
		"9000d" };
	static const char *const bad[] = { "", "h", "1", "0d", "-1d", "9001d", "1h30m", "1 d",
		"1D", "1y", "d1", "99999999999999999999d" };
	char out[CAL_EVERY_TEXT_MAX];
	struct cal_every e;

	(void)state;
	for (size_t i = 0; i < NELEMS(good); i++) {
		assert_true(cal_every_parse(str_from(good[i]), &e));
		assert_string_equal(cal_every_print(e, out), good[i]);
	}
	for (size_t i = 0; i < NELEMS(bad); i++)
		assert_false(cal_every_parse(str_from(bad[i]), &e));
}

static void
test_window_texts(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: refused */
		unsigned weekdays;
		int from, to;
	} cases[] = {
		{ "mon-fri 09:00-17:00", "mon-fri 09:00-17:00", 0x1f, 540, 1020 },
		{ "daily 22:00-06:00", "daily 22:00-06:00", 0x7f, 1320, 360 },
		{ "mon-sun 22:00-06:00", "daily 22:00-06:00", 0x7f, 1320, 360 },
		{ "sat,sun 00:00-24:00", "sat,sun 00:00-24:00", 0x60, 0, 1440 },
		{ "sat-sun 08:00-08:00", "sat,sun 08:00-08:00", 0x60, 480, 480 },
		{ "fri-mon 18:00-18:00", "mon,fri-sun 18:00-18:00", 0x71, 1080, 1080 },
		{ "wed,mon,mon 09:00-09:01", "mon,wed 09:00-09:01", 0x05, 540, 541 },
		{ "  tue   09:30-10:00 ", "tue 09:30-10:00", 0x02, 570, 600 },
		{ "mon-wed,fri-sun 00:00-00:00", "mon-wed,fri-sun 00:00-00:00", 0x77, 0, 0 },
		{ "mon,wed,fri,sun 00:00-00:00", "mon,wed,fri,sun 00:00-00:00", 0x55, 0, 0 },
		{ "09:00-17:00", NULL },
		{ "mon-fri", NULL },
		{ "mon- 09:00-17:00", NULL },
		{ "-fri 09:00-17:00", NULL },
		{ "mon, 09:00-17:00", NULL },
		{ ",mon 09:00-17:00", NULL },
		{ "mon-wed-fri 09:00-17:00", NULL },
		{ "monday 09:00-17:00", NULL },
		{ "Mon 09:00-17:00", NULL },
		{ "mon 24:00-08:00", NULL },
		{ "mon 09:00-24:01", NULL },
		{ "mon 09:00-25:00", NULL },
		{ "mon 9:00-17:00", NULL },
		{ "mon 09:60-17:00", NULL },
		{ "mon 09:00-17:00 x", NULL },
		{ "mon -1:00-17:00", NULL },
		{ "mon 09:00", NULL },
		{ "", NULL },
	};
	char out[CAL_WINDOW_TEXT_MAX];
	struct cal_window w, again;

	(void)state;
	for (size_t i = 0; i < NELEMS(cases); i++) {
		bool good = cal_window_parse(str_from(cases[i].text), &w);
		assert_int_equal(good, cases[i].printed != NULL);
		if (!good)
			continue;
		assert_string_equal(cal_window_print(w, out), cases[i].printed);
		assert_int_equal(w.weekdays, cases[i].weekdays);
		assert_int_equal(w.from, cases[i].from);
		assert_int_equal(w.to, cases[i].to);
		assert_true(cal_window_parse(str_from(out), &again));
		assert_memory_equal(&again, &w, sizeof w);
	}
}

/* Every window there can be (all sets of days, some hours) reads back as it was printed. */
static void
test_window_round_trip(void **state)
{
	char out[CAL_WINDOW_TEXT_MAX];
	struct cal_window again;

	(void)state;
	for (unsigned days = 1; days <= CAL_WEEKDAYS_ALL; days++) {
		struct cal_window w = { days, (int)days * 11, (int)(1440 - days) };
		assert_true(cal_window_parse(str_from(cal_window_print(w, out)), &again));
		assert_memory_equal(&again, &w, sizeof w);
	}
}

/* A schedule written down: turns are words, people of one turn joined by "+", "-" is none. */
struct layer_text {
	const char *members, *start, *end, *every, *only;
};

struct override_text {
	const char *from, *to, *replace, *with;
};

#define LAYERS_MAX 3
#define OVERRIDES_MAX 4

struct schedule_text {
	const char *zone;
	struct layer_text layers[LAYERS_MAX];
	struct override_text overrides[OVERRIDES_MAX];
};

static struct civil
civil(const char *text)
{
	struct civil c = { 0 };

	assert_true(civil_parse(str_from(text), &c));
	return c;
}

static struct cal_turn
turn_from(struct arena *mem, struct str word)
{
	const char **users = ARENA_ARRAY(mem, 8, const char *);
	size_t n = 0;

	while (word.len > 0 && !str_is(word, "-"))
		users[n++] = str_dup(mem, str_cut(&word, '+'));
	return (struct cal_turn){ users, n };
}

static struct cal_layer
layer_from(struct arena *mem, const struct layer_text *text)
{
	struct cal_turn *turns = ARENA_ARRAY(mem, 8, struct cal_turn);
	struct cal_window *only = ARENA_NEW(mem, struct cal_window);
	struct cal_layer l = { .turns = turns, .start = civil(text->start) };
	struct str members = str_from(text->members);

	for (struct str w; (w = str_word(&members)).len > 0;)
		turns[l.n_turns++] = turn_from(mem, w);
	l.has_end = text->end != NULL;
	if (l.has_end)
		l.end = civil(text->end);
	assert_true(cal_every_parse(str_from(text->every), &l.every));
	if (text->only != NULL) {
		assert_true(cal_window_parse(str_from(text->only), only));
		l.only = only;
		l.n_only = 1;
	}
	return l;
}

static struct cal_schedule
schedule_from(struct arena *mem, const struct schedule_text *text)
{
	struct cal_layer *layers = ARENA_ARRAY(mem, LAYERS_MAX, struct cal_layer);
	struct cal_override *overrides = ARENA_ARRAY(mem, OVERRIDES_MAX, struct cal_override);
	struct cal_schedule s = { .layers = layers, .overrides = overrides };

	s.zone = zone_get(text->zone);
	for (; s.n_layers < LAYERS_MAX && text->layers[s.n_layers].members; s.n_layers++)
		layers[s.n_layers] = layer_from(mem, &text->layers[s.n_layers]);
	for (; s.n_overrides < OVERRIDES_MAX && text->overrides[s.n_overrides].from;) {
		const struct override_text *o = &text->overrides[s.n_overrides];
		overrides[s.n_overrides++] = (struct cal_override){
			.id = "o",
			.from = civil_to_utc(s.zone, civil(o->from), CIVIL_FIRST),
			.to = civil_to_utc(s.zone, civil(o->to), CIVIL_FIRST),
			.replace = o->replace,
			.with = o->with,
		};
	}
	return s;
}

static const char *
joined(struct arena *mem, const char *const *users, size_t n)
{
	const char *text = n == 0 ? "nobody" : users[0];

	for (size_t i = 1; i < n; i++)
		text = arena_printf(mem, "%s,%s", text, users[i]);
	return text;
}

static const char *
who(struct arena *mem, const struct cal_schedule *s, usec_t t)
{
	const char *const *users;
	size_t n;

	oncall_at(mem, s, t, &users, &n);
	return joined(mem, users, n);
}

static const struct schedule_text week = {
	"Europe/Berlin",
	.layers = { { "alice bob", "2026-01-05 09:00", NULL, "1w", NULL } },
};

static const struct schedule_text office = {
	"Europe/Berlin",
	.layers = { { "carol", "2026-01-05 00:00", NULL, "1d", "mon-fri 08:00-18:00" } },
};

static const struct schedule_text night = {
	"Europe/Berlin",
	.layers = { { "carol dan", "2026-01-05 22:00", NULL, "1d", "daily 22:00-06:00" } },
};

static const struct schedule_text helped = {
	"Europe/Berlin",
	.layers = { { "alice bob", "2026-01-05 09:00", NULL, "1w", NULL } },
	.overrides = { { "2026-03-03 12:00", "2026-03-03 18:00", "alice", "bob" },
	        { "2026-03-03 14:00", "2026-03-03 16:00", "bob", "carol" },
	        { "2026-03-03 17:00", "2026-03-03 18:00", NULL, NULL } },
};

static const struct schedule_text stacked = {
	"Europe/Berlin",
	.layers = { { "base", "2026-01-01 00:00", NULL, "1w", NULL },
	        { "alice - bob+carol", "2026-01-05 09:00", "2026-02-01 09:00", "1d", NULL },
	        { "dan", "2026-01-06 12:00", NULL, "1h", "tue 11:00-13:00" } },
};

static const struct schedule_text months = {
	"Europe/Berlin",
	.layers = { { "alice bob", "2026-01-31 09:00", NULL, "1mo", NULL } },
};

/* Two that replace the same person: the one made last counts. Back again, everybody, a gap. */
static const struct schedule_text contested = {
	"UTC",
	.layers = { { "alice+zoe", "2026-01-01 00:00", "2026-02-01 00:00", "1w", NULL } },
	.overrides = { { "2026-01-02", "2026-01-09", "alice", "bob" },
	        { "2026-01-03", "2026-01-04", "alice", "carol" },
	        { "2026-01-05", "2026-01-06", "bob", "alice" },
	        { "2026-01-06", "2026-02-03", NULL, "dan" } },
};

static const struct schedule_text contested_after = {
	"UTC",
	.layers = { { "alice+zoe", "2026-01-01 00:00", NULL, "1w", NULL } },
	.overrides = { { "2026-01-02", "2026-01-09", NULL, NULL },
	        { "2026-01-03", "2026-01-04", "alice", "bob" },
	        { "2026-01-05", "2026-01-06", "mallory", "bob" },
	        { "2026-01-08", "2026-01-09", NULL, "zoe" } },
};

/* Edges in the repeated hour: windows end at its last reading, handoffs are at the first. */
static const struct schedule_text repeated_hour = {
	"America/Chicago",
	.layers = { { "day", "2018-01-01 01:30", NULL, "1d", "daily 01:30-22:00" },
	        { "night", "2018-01-01 22:00", NULL, "1d", "daily 22:00-01:30" } },
};

static const struct schedule_text minutes = {
	"Europe/Berlin",
	.layers = { { "alice bob", "1926-01-01 00:00", NULL, "1m", NULL } },
};

static const struct {
	const struct schedule_text *schedule;
	const char *when, *who;
} who_cases[] = {
	/* the wall clock of a handoff stays when clocks change */
	{ &week, "2026-01-05 08:59:59", "nobody" },
	{ &week, "2026-01-05 09:00", "alice" },
	{ &week, "2026-03-09 08:59:59", "alice" },
	{ &week, "2026-03-09 09:00", "bob" },
	{ &week, "2026-03-23 08:59:59", "alice" },
	{ &week, "2026-03-23 09:00", "bob" },
	{ &week, "2026-03-30 08:59:59", "bob" },
	{ &week, "2026-03-30 09:00", "alice" },
	{ &week, "2026-10-26 08:59:59", "bob" },
	{ &week, "2026-10-26 09:00", "alice" },
	{ &night, "2026-03-28 21:59:59", "nobody" },
	{ &night, "2026-03-28 22:00", "carol" },
	{ &night, "2026-03-29 01:59:59", "carol" },
	{ &night, "2026-03-29 03:00", "carol" },
	{ &night, "2026-03-29 05:59:59", "carol" },
	{ &night, "2026-03-29 06:00", "nobody" },
	{ &night, "2026-10-25 05:59:59", "carol" },
	{ &night, "2026-10-25 06:00", "nobody" },
	{ &night, "2026-10-25 22:00", "dan" },
	{ &office, "2026-03-06 17:59:59", "carol" },
	{ &office, "2026-03-06 18:00", "nobody" },
	{ &office, "2026-03-07 12:00", "nobody" },
	/* overrides, the later above the earlier */
	{ &helped, "2026-03-03 11:59:59", "alice" },
	{ &helped, "2026-03-03 12:00", "bob" },
	{ &helped, "2026-03-03 14:00", "carol" },
	{ &helped, "2026-03-03 16:00", "bob" },
	{ &helped, "2026-03-03 17:00", "nobody" },
	{ &helped, "2026-03-03 18:00", "alice" },
	/* the last layer that has somebody; an empty turn lets the lower ones through */
	{ &stacked, "2026-01-05 08:59", "base" },
	{ &stacked, "2026-01-05 09:00", "alice" },
	{ &stacked, "2026-01-06 09:00", "base" },
	{ &stacked, "2026-01-06 11:30", "base" },
	{ &stacked, "2026-01-06 12:00", "dan" },
	{ &stacked, "2026-01-06 13:00", "base" },
	{ &stacked, "2026-01-07 09:00", "bob,carol" },
	{ &stacked, "2026-02-01 09:00", "base" },
	/* the month's end */
	{ &months, "2026-02-28 08:59", "alice" },
	{ &months, "2026-02-28 09:00", "bob" },
	{ &months, "2026-03-28 09:00", "bob" },
	{ &months, "2026-03-31 08:59", "bob" },
	{ &months, "2026-03-31 09:00", "alice" },
	{ &months, "2026-04-30 09:00", "bob" },
	{ &months, "2028-02-29 08:59", "alice" },
	{ &months, "2028-02-29 09:00", "bob" },
	/* overrides that touch the same person */
	{ &contested, "2026-01-01 12:00", "alice,zoe" },
	{ &contested, "2026-01-02 12:00", "bob,zoe" },
	{ &contested, "2026-01-03 12:00", "carol,zoe" },
	{ &contested, "2026-01-05 12:00", "alice,zoe" },
	{ &contested, "2026-01-06 12:00", "dan" },
	{ &contested, "2026-02-02 12:00", "dan" },
	{ &contested, "2026-02-03 12:00", "nobody" },
	{ &contested_after, "2026-01-02 12:00", "nobody" },
	{ &contested_after, "2026-01-03 12:00", "bob" },
	{ &contested_after, "2026-01-05 12:00", "nobody" },
	{ &contested_after, "2026-01-08 12:00", "zoe" },
	{ &contested_after, "2026-01-09 12:00", "alice,zoe" },
	{ &minutes, "2026-01-01 00:00", "alice" },
	{ &minutes, "2026-01-01 00:01", "bob" },
};

static void
test_who_is_on_call(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem);
	for (size_t i = 0; i < NELEMS(who_cases); i++) {
		struct cal_schedule s = schedule_from(&mem, who_cases[i].schedule);
		usec_t t = civil_to_utc(s.zone, civil(who_cases[i].when), CIVIL_FIRST);
		assert_string_equal(who(&mem, &s, t), who_cases[i].who);
	}
	arena_free(&mem);
}

/* Instants, because the clock reads the same twice. */
static void
test_repeated_hour(void **state)
{
	static const struct {
		int64_t at;
		const char *who;
	} cases[] = {
		{ 1541312999, "night" }, /* 01:29:59, first time */
		{ 1541313000, "night" }, /* 01:30, first time: both, the later layer counts */
		{ 1541316599, "night" }, /* 01:29:59, second time */
		{ 1541316600, "day" },   /* 01:30, second time */
	};
	struct arena mem;

	(void)state;
	arena_init(&mem);
	struct cal_schedule s = schedule_from(&mem, &repeated_hour);
	for (size_t i = 0; i < NELEMS(cases); i++)
		assert_string_equal(who(&mem, &s, SECONDS(cases[i].at)), cases[i].who);
	/* asked between the two readings of its end, the window still ends at the second */
	assert_int_equal(oncall_next_change(&s, SECONDS(1541314000)), SECONDS(1541316600));
	arena_free(&mem);
}

static void
test_next(void **state)
{
	static const struct {
		const struct schedule_text *schedule;
		const char *when, *change, *next_at, *next; /* NULL: never */
	} cases[] = {
		{ &week, "2026-03-09 08:57", "2026-03-09 09:00", "2026-03-09 09:00", "bob" },
		{ &week, "2026-01-01", "2026-01-05 09:00", "2026-01-05 09:00", "alice" },
		{ &week, "2026-10-20", "2026-10-26 09:00", "2026-10-26 09:00", "alice" },
		{ &office, "2026-03-06 12:00", "2026-03-06 18:00", NULL, "nobody" },
		{ &office, "2026-03-06 18:00", "2026-03-09 08:00", "2026-03-09 08:00",
		        "carol" },
		{ &night, "2026-03-29 04:00", "2026-03-29 06:00", "2026-03-29 22:00", "dan" },
		{ &helped, "2026-03-03 16:00", "2026-03-03 17:00", "2026-03-03 18:00",
		        "alice" },
		{ &stacked, "2027-01-01", "2027-01-05 11:00", "2027-01-05 11:00", "dan" },
		{ &contested, "2026-02-03", NULL, NULL, "nobody" },
		{ &minutes, "2126-01-01 00:00:30", "2126-01-01 00:01", "2126-01-01 00:01",
		        "bob" },
	};
	struct arena mem;

	(void)state;
	arena_init(&mem);
	for (size_t i = 0; i < NELEMS(cases); i++) {
		struct cal_schedule s = schedule_from(&mem, cases[i].schedule);
		usec_t t = civil_to_utc(s.zone, civil(cases[i].when), CIVIL_FIRST);
		usec_t change = USEC_NEVER, next_at = USEC_NEVER, at;
		const char *const *users;
		size_t n;

		if (cases[i].change != NULL)
			change = civil_to_utc(s.zone, civil(cases[i].change), CIVIL_FIRST);
		if (cases[i].next_at != NULL)
			next_at = civil_to_utc(s.zone, civil(cases[i].next_at), CIVIL_FIRST);
		assert_int_equal(oncall_next_change(&s, t), change);
		oncall_who_next(&mem, &s, t, &users, &n, &at);
		assert_int_equal(at, next_at);
		assert_string_equal(joined(&mem, users, n), cases[i].next);
	}
	arena_free(&mem);
}

static const char *
shifts_text(struct arena *mem, const struct cal_shift *shifts, size_t n)
{
	const char *text = "";
	char at[RFC3339_MAX];

	for (size_t i = 0; i < n; i++)
		text = arena_printf(mem, "%s%s%.16s %s%s\n", text,
		        shifts[i].cut_start ? "<" : "", rfc3339_print(shifts[i].start, at),
		        joined(mem, shifts[i].users, shifts[i].n),
		        shifts[i].cut_end ? " >" : "");
	return text;
}

static void
test_shifts(void **state)
{
	struct arena mem;
	struct cal_shift *list;
	size_t n;
	usec_t from, to;

	(void)state;
	arena_init(&mem);
	assert_true(rfc3339_parse(STR("2026-03-03T10:00:00Z"), &from));
	assert_true(rfc3339_parse(STR("2026-03-03T17:30:00Z"), &to));
	struct cal_schedule s = schedule_from(&mem, &helped);
	assert_int_equal(oncall_shifts(&mem, &s, from, to, &list, &n), to);
	assert_string_equal(shifts_text(&mem, list, n),
	        "<2026-03-03T10:00 alice\n2026-03-03T11:00 bob\n2026-03-03T13:00 carol\n"
	        "2026-03-03T15:00 bob\n2026-03-03T16:00 nobody\n2026-03-03T17:00 alice >\n");
	oncall_gaps(&mem, &s, from, to, &list, &n);
	assert_string_equal(shifts_text(&mem, list, n), "2026-03-03T16:00 nobody\n");

	/* the same person over many handoffs is one shift, however far the window reaches */
	s = schedule_from(&mem, &contested);
	assert_int_equal(
	        oncall_shifts(&mem, &s, from, from + DAYS(9000), &list, &n), from + DAYS(9000));
	assert_string_equal(shifts_text(&mem, list, n), "<2026-03-03T10:00 nobody >\n");

	assert_int_equal(oncall_shifts(&mem, &s, to, to, &list, &n), to);
	assert_int_equal(n, 0);
	arena_free(&mem);
}

/* Beyond the horizon of one search. */
static void
test_shifts_far_ahead(void **state)
{
	static const struct schedule_text later = {
		"UTC",
		.layers = { { "alice bob", "2040-01-01 00:00", NULL, "12mo", NULL } },
	};
	struct arena mem;
	struct cal_shift *list;
	size_t n;

	(void)state;
	arena_init(&mem);
	struct cal_schedule s = schedule_from(&mem, &later);
	usec_t from = civil_to_utc(s.zone, civil("2026-01-01"), CIVIL_FIRST);
	usec_t to = civil_to_utc(s.zone, civil("2042-01-01"), CIVIL_FIRST);
	assert_int_equal(oncall_next_change(&s, from), USEC_NEVER);
	assert_int_equal(oncall_shifts(&mem, &s, from, to, &list, &n), to);
	assert_string_equal(shifts_text(&mem, list, n),
	        "<2026-01-01T00:00 nobody\n2040-01-01T00:00 alice\n2041-01-01T00:00 bob\n");
	arena_free(&mem);
}

/* Too many shifts: a true beginning, and how far it reaches. */
static void
test_limits(void **state)
{
	struct arena mem;
	struct cal_shift *list;
	size_t n;
	usec_t from = SECONDS(1767225600);

	(void)state;
	arena_init(&mem);
	struct cal_schedule s = schedule_from(&mem, &minutes);
	usec_t until = oncall_shifts(&mem, &s, from, from + DAYS(365), &list, &n);
	assert_int_equal(n, CAL_SHIFTS_MAX);
	assert_int_equal(until, from + MINUTES(CAL_SHIFTS_MAX));
	assert_int_equal(list[n - 1].end, until);
	assert_true(list[0].cut_start == false && list[n - 1].cut_end == false);
	arena_free(&mem);
}

/* Nothing changes for a year, but there is a boundary a minute: the search says how far it
 * got. */
static void
test_steps_end(void **state)
{
	static const struct schedule_text hidden = {
		"UTC",
		.layers = { { "alice bob", "2026-01-01 00:00", NULL, "1m", NULL } },
		.overrides = { { "2026-01-01", "2027-01-01", "alice", "bob" } },
	};
	struct arena mem;
	const char *const *users;
	size_t n;
	usec_t at;

	(void)state;
	arena_init(&mem);
	struct cal_schedule s = schedule_from(&mem, &hidden);
	usec_t start = civil_to_utc(s.zone, civil("2026-01-01"), CIVIL_FIRST);
	assert_int_equal(oncall_next_change(&s, start), start + MINUTES(CAL_STEPS_MAX));
	oncall_who_next(&mem, &s, start, &users, &n, &at);
	assert_int_equal(n, 0);
	assert_int_equal(at, USEC_NEVER);
	arena_free(&mem);
}

static void
test_a_layer_in_another_zone(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem);
	struct cal_schedule s = schedule_from(&mem, &office);
	struct cal_layer layer = s.layers[0];
	layer.zone = zone_get("Asia/Tokyo");
	s.layers = &layer;
	usec_t at = civil_to_utc(layer.zone, civil("2026-03-06 08:00"), CIVIL_FIRST);
	assert_string_equal(who(&mem, &s, at - 1), "nobody");
	assert_string_equal(who(&mem, &s, at), "carol");
	assert_int_equal(oncall_next_change(&s, at), at + HOURS(10));
	arena_free(&mem);
}

static void
test_nothing_at_all(void **state)
{
	struct arena mem;
	struct cal_schedule s = { .zone = zone_utc() };
	struct cal_layer empty = { .every = { CAL_DAY, 1 }, .start = { 2026, 1, 1, 0, 0, 0 } };

	(void)state;
	arena_init(&mem);
	assert_string_equal(who(&mem, &s, 0), "nobody");
	assert_int_equal(oncall_next_change(&s, 0), USEC_NEVER);
	s.layers = &empty;
	s.n_layers = 1;
	assert_string_equal(who(&mem, &s, SECONDS(1800000000)), "nobody");
	assert_int_equal(oncall_next_change(&s, SECONDS(1760000000)), USEC_NEVER);
	arena_free(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_texts),
		cmocka_unit_test(test_window_texts),
		cmocka_unit_test(test_window_round_trip),
		cmocka_unit_test(test_who_is_on_call),
		cmocka_unit_test(test_repeated_hour),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_shifts),
		cmocka_unit_test(test_shifts_far_ahead),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_steps_end),
		cmocka_unit_test(test_a_layer_in_another_zone),
		cmocka_unit_test(test_nothing_at_all),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
