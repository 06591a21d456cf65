/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random schedules in zones with odd clocks, around the instants at which clocks change. A
 * plodding model walks every handoff and every day's windows; the arithmetic must say the same.
 * And lists must tile, agree with points, and never be empty stretches.
 */
#include "test.h"

#include "base/random.h"
#include "calendar/schedule.h"

static const char *const zones[] = { "Europe/Berlin", "Europe/London", "Europe/Dublin",
	"America/New_York", "America/Chicago", "America/St_Johns", "America/Santiago",
	"America/Havana", "America/Asuncion", "America/Sao_Paulo", "America/Nuuk",
	"Atlantic/Azores", "Africa/Cairo", "Africa/Casablanca", "Africa/Juba", "Asia/Beirut",
	"Asia/Gaza", "Asia/Amman", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu",
	"Asia/Pyongyang", "Australia/Lord_Howe", "Australia/Sydney", "Antarctica/Troll",
	"Antarctica/Casey", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
	"Pacific/Fiji", "Pacific/Norfolk", "Pacific/Easter", "UTC" };

static const char *const people[] = { "ann", "ben", "cat", "dov", "eve", "fay" };

#define LAYERS_MAX 3
#define TURNS_MAX 4
#define WINDOWS_MAX 2
#define OVERRIDES_MAX 4
#define ABSENCES_MAX 2
#define DATES_MAX 4

struct sample {
	const char *users[LAYERS_MAX][TURNS_MAX][2];
	struct cal_turn turns[LAYERS_MAX][TURNS_MAX];
	struct cal_window windows[LAYERS_MAX][WINDOWS_MAX];
	struct cal_stay stays[LAYERS_MAX][TURNS_MAX];
	int64_t except[LAYERS_MAX][DATES_MAX], during[LAYERS_MAX][DATES_MAX];
	struct cal_layer layers[LAYERS_MAX];
	struct cal_absence absences[ABSENCES_MAX];
	struct cal_override overrides[OVERRIDES_MAX];
	struct cal_schedule schedule;
	usec_t around; /* where to look */
	struct arena mem;
};

static const char *
any_person(struct rng *rng)
{
	return people[rng_below(rng, NELEMS(people))];
}

/* A clock change of the zone after some instant of 2000 to 2060, or that instant. */
static usec_t
any_instant(struct rng *rng, const struct zone *z)
{
	int64_t t = 946684800 + (int64_t)rng_below(rng, 60 * 31556952ull);
	struct zone_span s = zone_span(z, t);

	return SECONDS(s.until < t + 2 * 31556952ll && rng_below(rng, 4) > 0 ? s.until : t);
}

/* Whole half hours, so that edges of layers, windows and clocks often meet. */
static struct civil
any_civil(struct rng *rng, const struct zone *z, usec_t around, int64_t days_before)
{
	int64_t back = (int64_t)rng_below(rng, (uint64_t)days_before * 48);
	struct civil c = civil_from_utc(z, around + DAYS(2) - MINUTES(30) * back);

	c.minute -= c.minute % 30;
	c.second = 0;
	return c;
}

static usec_t
any_edge(struct rng *rng, const struct sample *s)
{
	const struct zone *z = s->schedule.zone;

	return civil_to_utc(z, any_civil(rng, z, s->around, 4), CIVIL_FIRST);
}

/* Some dates of the weeks around. */
static struct cal_dates
any_dates(struct rng *rng, const struct sample *s, int64_t *days)
{
	int64_t day = s->around / DAYS(1) - 8;
	size_t n = rng_below(rng, 2) == 0 ? 0 : rng_below(rng, DATES_MAX + 1);

	for (size_t i = 0; i < n; i++)
		days[i] = day += 1 + (int64_t)rng_below(rng, 6);
	return (struct cal_dates){ days, n };
}

/* People come and go, one is set by hand, some days do not count. */
static void
fill_counting(struct rng *rng, struct sample *s, size_t i)
{
	const struct zone *z = s->schedule.zone;
	struct cal_layer *l = &s->layers[i];

	if (rng_below(rng, 2) == 0)
		l->stays = s->stays[i];
	for (size_t t = 0; t < l->n_turns; t++) {
		struct cal_stay *stay = &s->stays[i][t];
		*stay = (struct cal_stay){ INT64_MIN, INT64_MAX };
		if (rng_below(rng, 3) == 0)
			stay->from = civil_seconds(any_civil(rng, z, s->around, 20));
		if (rng_below(rng, 3) == 0)
			stay->until = civil_seconds(any_civil(rng, z, s->around, 20));
	}
	if (rng_below(rng, 3) == 0) {
		l->set_user = any_person(rng);
		l->set_at = any_civil(rng, z, s->around, 10);
	}
	if (rng_below(rng, 2) == 0 && l->every.unit == CAL_DAY)
		l->count = 1 + (unsigned)rng_below(rng, CAL_WEEKDAYS_ALL);
	l->except = any_dates(rng, s, s->except[i]);
	if (rng_below(rng, 4) == 0)
		l->during = any_dates(rng, s, s->during[i]);
	cal_layer_settle(&s->mem, l);
}

static void
fill_layer(struct rng *rng, struct sample *s, size_t i)
{
	static const struct cal_every every[] = { { CAL_MINUTE, 30 }, { CAL_HOUR, 1 },
		{ CAL_HOUR, 5 }, { CAL_HOUR, 12 }, { CAL_DAY, 1 }, { CAL_DAY, 3 },
		{ CAL_WEEK, 1 }, { CAL_MONTH, 1 }, { CAL_MONTH, 2 } };
	struct cal_layer *l = &s->layers[i];

	*l = (struct cal_layer){ .turns = s->turns[i], .only = s->windows[i] };
	l->n_turns = rng_below(rng, TURNS_MAX) + 1;
	for (size_t t = 0; t < l->n_turns; t++) {
		for (size_t u = 0; u < 2; u++)
			s->users[i][t][u] = any_person(rng);
		s->turns[i][t] = (struct cal_turn){ s->users[i][t], rng_below(rng, 3) };
	}
	l->every = every[rng_below(rng, NELEMS(every))];
	l->start = any_civil(rng, s->schedule.zone, s->around, 40);
	l->has_end = rng_below(rng, 4) == 0;
	l->end = any_civil(rng, s->schedule.zone, s->around, 4);
	l->n_only = rng_below(rng, WINDOWS_MAX + 1);
	for (size_t w = 0; w < l->n_only; w++)
		s->windows[i][w] = (struct cal_window){
			.weekdays = 1 + (unsigned)rng_below(rng, CAL_WEEKDAYS_ALL),
			.from = (int)rng_below(rng, 48) * 30,
			.to = (int)rng_below(rng, 49) * 30,
		};
	fill_counting(rng, s, i);
}

static void
fill(struct rng *rng, struct sample *s)
{
	const struct zone *z = zone_get(zones[rng_below(rng, NELEMS(zones))]);

	assert_non_null(z);
	*s = (struct sample){ .schedule.zone = z, .around = any_instant(rng, z) };
	arena_init(&s->mem);
	s->schedule.layers = s->layers;
	s->schedule.n_layers = rng_below(rng, LAYERS_MAX) + 1;
	for (size_t i = 0; i < s->schedule.n_layers; i++)
		fill_layer(rng, s, i);
	s->schedule.overrides = s->overrides;
	s->schedule.n_overrides = rng_below(rng, OVERRIDES_MAX + 1);
	for (size_t i = 0; i < s->schedule.n_overrides; i++)
		s->overrides[i] = (struct cal_override){
			.from = any_edge(rng, s),
			.to = any_edge(rng, s),
			.replace = rng_below(rng, 4) == 0 ? NULL : any_person(rng),
			.with = rng_below(rng, 4) == 0 ? NULL : any_person(rng),
		};
	for (size_t i = 0; i < s->schedule.n_overrides; i++) {
		struct cal_override *o = &s->overrides[i];
		if (o->with != NULL && rng_below(rng, 3) == 0)
			o->mode = CAL_ADD;
	}
	s->schedule.absences = s->absences;
	s->schedule.n_absences = rng_below(rng, ABSENCES_MAX + 1);
	for (size_t i = 0; i < s->schedule.n_absences; i++)
		s->absences[i] = (struct cal_absence){
			.from = any_edge(rng, s),
			.to = any_edge(rng, s),
			.user = any_person(rng),
		};
}

/* ---- the model ---- */

static struct civil
model_handoff(const struct cal_layer *l, int k)
{
	static const int64_t secs[CAL_UNIT_MAX] = { 60, 3600, 86400, 604800, 0 };

	if (l->every.unit == CAL_MONTH)
		return civil_add_months(l->start, (int64_t)k * l->every.n);
	return civil_of_seconds(
	        civil_seconds(l->start) + (int64_t)k * l->every.n * secs[l->every.unit]);
}

static bool
model_date(const struct cal_dates *dates, struct civil day)
{
	for (size_t i = 0; i < dates->n; i++) {
		if (dates->days[i] * 86400 == civil_seconds(day))
			return true;
	}
	return false;
}

static bool
model_window(
        const struct cal_layer *l, const struct cal_window *w, const struct zone *z, usec_t t)
{
	struct civil day = civil_from_utc(z, t - DAYS(3));

	day.hour = day.minute = day.second = 0;
	for (int i = 0; i < 7; i++, day = civil_add_days(day, 1)) {
		struct civil from = civil_of_seconds(civil_seconds(day) + w->from * 60);
		struct civil to = civil_of_seconds(
		        civil_seconds(day) + w->to * 60 + (w->to <= w->from ? 86400 : 0));
		if ((w->weekdays & BIT(civil_weekday(day))) != 0 && !model_date(&l->except, day)
		        && (l->during.n == 0 || model_date(&l->during, day))
		        && civil_to_utc(z, from, CIVIL_FIRST) <= t
		        && t < civil_to_utc(z, to, CIVIL_LAST))
			return true;
	}
	return false;
}

static bool
model_open(const struct cal_layer *l, const struct zone *z, usec_t t)
{
	static const struct cal_window days = { CAL_WEEKDAYS_ALL, 0, 1440 };
	bool open = l->n_only == 0 && l->except.n == 0 && l->during.n == 0;

	if (l->n_only == 0)
		return open || model_window(l, &days, z, t);
	for (size_t i = 0; i < l->n_only; i++)
		open = open || model_window(l, &l->only[i], z, t);
	return open;
}

/* Where one stands in a rotation that is walked handoff by handoff. */
struct stroll {
	const struct cal_layer *l;
	int64_t local; /* the last event: a handoff, or somebody comes, goes or is set */
	int k;         /* handoffs so far */
	int64_t next;  /* local time of the next */
	size_t holder;
	bool nobody;
};

/* The handoff after the k-th. With days that count: the turn ends on the day that is one too
 * many for it. */
static int64_t
stroll_next(const struct stroll *w, int64_t from)
{
	const struct cal_layer *l = w->l;
	int64_t day = from;
	int counted = 0;

	if (l->count == 0)
		return civil_seconds(model_handoff(l, w->k + 1));
	for (;; day += 86400) {
		struct civil c = civil_of_seconds(day);
		c.hour = c.minute = c.second = 0;
		if ((l->count & BIT(civil_weekday(c))) == 0 || model_date(&l->except, c))
			continue;
		if (counted++ == l->every.n)
			return day;
	}
}

static bool
stroll_member(const struct stroll *w, size_t i)
{
	return w->l->stays == NULL
	        || (w->local >= w->l->stays[i].from && w->local < w->l->stays[i].until);
}

/* Settles who holds it after an event: the wanted one, or who comes next. */
static void
stroll_settle(struct stroll *w)
{
	const struct cal_layer *l = w->l;
	bool set = l->set_user != NULL && civil_seconds(l->set_at) == w->local;

	w->nobody = true;
	for (int pass = set ? 0 : 1; pass < 2 && w->nobody; pass++) {
		for (size_t i = 0; i < l->n_turns && w->nobody; i++) {
			size_t t = (w->holder + i) % l->n_turns;
			bool wanted = false;
			for (size_t u = 0; u < l->turns[t].n; u++)
				wanted |= pass == 0
				        && strcmp(l->turns[t].users[u], l->set_user) == 0;
			if (!stroll_member(w, t) || (pass == 0 && !wanted))
				continue;
			w->holder = t;
			w->nobody = false;
		}
	}
}

/* The local time of the next event of any kind. */
static int64_t
stroll_event(const struct stroll *w)
{
	const struct cal_layer *l = w->l;
	int64_t next = w->next;

	if (l->set_user != NULL && civil_seconds(l->set_at) > w->local
	        && civil_seconds(l->set_at) < next)
		next = civil_seconds(l->set_at);
	for (size_t i = 0; l->stays != NULL && i < l->n_turns; i++) {
		if (l->stays[i].from > w->local && l->stays[i].from < next)
			next = l->stays[i].from;
		if (l->stays[i].until > w->local && l->stays[i].until < next)
			next = l->stays[i].until;
	}
	return next;
}

static struct cal_turn
model_rotation(const struct cal_layer *l, const struct zone *z, usec_t t)
{
	struct stroll w = { .l = l, .local = civil_seconds(l->start) };

	stroll_settle(&w);
	w.next = stroll_next(&w, w.local);
	for (;;) {
		int64_t event = stroll_event(&w);
		if (civil_to_utc(z, civil_of_seconds(event), CIVIL_FIRST) > t)
			break;
		w.local = event;
		if (event == w.next) {
			w.k++;
			w.next = stroll_next(&w, event);
			w.holder += !w.nobody;
		}
		stroll_settle(&w);
	}
	return w.nobody ? (struct cal_turn){ 0 } : l->turns[w.holder];
}

static struct cal_turn
model_turn(const struct cal_layer *l, const struct zone *z, usec_t t)
{
	if (!model_open(l, z, t) || t < civil_to_utc(z, l->start, CIVIL_FIRST)
	        || (l->has_end && t >= civil_to_utc(z, l->end, CIVIL_FIRST)))
		return (struct cal_turn){ 0 };
	return model_rotation(l, z, t);
}

/* Who is on by the layers alone; overrides are checked by their own table. */
static struct cal_turn
model_top(const struct cal_schedule *s, usec_t t)
{
	for (size_t i = s->n_layers; i-- > 0;) {
		struct cal_turn turn = model_turn(&s->layers[i], s->zone, t);
		if (turn.n > 0)
			return turn;
	}
	return (struct cal_turn){ 0 };
}

static bool
listed(const char *const *users, size_t n, const char *user)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(users[i], user) == 0)
			return true;
	}
	return false;
}

static void
check_against_model(const struct sample *sample, usec_t t)
{
	struct cal_schedule s = sample->schedule;
	struct arena mem;
	const char *const *users;
	size_t n;

	arena_init(&mem);
	s.n_overrides = 0;
	s.n_absences = 0;
	struct cal_turn want = model_top(&s, t);
	oncall_at(&mem, &s, t, &users, &n);
	for (size_t i = 0; i < want.n; i++)
		assert_true(listed(users, n, want.users[i]));
	for (size_t i = 0; i < n; i++)
		assert_true(listed(want.users, want.n, users[i]));
	arena_free(&mem);
}

/* ---- properties ---- */

static void
check_point(const struct sample *s, const struct cal_shift *shift, usec_t t)
{
	struct arena mem;
	const char *const *users;
	size_t n;

	arena_init(&mem);
	oncall_at(&mem, &s->schedule, t, &users, &n);
	assert_int_equal(n, shift->n);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(users[i], shift->users[i]);
		assert_true(i == 0 || strcmp(users[i - 1], users[i]) < 0);
	}
	arena_free(&mem);
}

static void
check_list(struct rng *rng, const struct sample *s)
{
	usec_t from = s->around - DAYS(2), to = s->around + DAYS(2);
	struct arena mem;
	struct cal_shift *list;
	size_t n;

	arena_init(&mem);
	assert_int_equal(oncall_shifts(&mem, &s->schedule, from, to, &list, &n), to);
	assert_true(n > 0 && list[0].start == from && list[n - 1].end == to);
	for (size_t i = 0; i < n; i++) {
		usec_t length = list[i].end - list[i].start;
		usec_t inside = list[i].start + (usec_t)rng_below(rng, (uint64_t)length);

		assert_true(length > 0);
		assert_true(i == 0 || list[i - 1].end == list[i].start);
		check_point(s, &list[i], list[i].start);
		check_point(s, &list[i], list[i].end - 1);
		check_point(s, &list[i], inside);
		if (i + 1 < n)
			assert_int_equal(oncall_next_change(&s->schedule, inside), list[i].end);
	}
	arena_free(&mem);
}

/* The gap report is the empty shifts, found another way. */
static void
check_gaps(const struct sample *s)
{
	usec_t from = s->around - DAYS(2), to = s->around + DAYS(2);
	struct arena mem;
	struct cal_shift *list, *gaps;
	size_t n, n_gaps, seen = 0;

	arena_init(&mem);
	oncall_shifts(&mem, &s->schedule, from, to, &list, &n);
	assert_int_equal(oncall_gaps(&mem, &s->schedule, from, to, &gaps, &n_gaps), to);
	for (size_t i = 0; i < n; i++) {
		if (list[i].n > 0)
			continue;
		assert_true(seen < n_gaps);
		assert_int_equal(gaps[seen].start, list[i].start);
		assert_int_equal(gaps[seen].end, list[i].end);
		assert_int_equal(gaps[seen].cut_start, list[i].cut_start);
		assert_int_equal(gaps[seen++].cut_end, list[i].cut_end);
	}
	assert_int_equal(seen, n_gaps);
	arena_free(&mem);
}

static void
test_random_schedules(void **state)
{
	struct rng rng;
	struct sample s;

	(void)state;
	rng_seed(&rng, 20260305);
	for (int i = 0; i < 600; i++) {
		fill(&rng, &s);
		check_list(&rng, &s);
		check_gaps(&s);
		for (int k = -100; k < 100; k++)
			check_against_model(&s, s.around + MINUTES(k * 29) + SECONDS(k));
		arena_free(&s.mem);
	}
}

/* The wall clock of a handoff, or the first one after it where it was passed over. */
static void
check_wall_clock(const struct zone *z, const struct cal_layer *l, usec_t at)
{
	struct civil have = civil_from_utc(z, at), want = have;
	struct civil before = civil_from_utc(z, at - USEC_PER_SEC);

	want.hour = l->start.hour;
	want.minute = l->start.minute;
	want.second = 0;
	if (civil_compare(have, want) == 0)
		return;
	if (civil_compare(have, want) < 0)
		want = civil_add_days(want, -1);
	assert_true(civil_compare(before, want) < 0 && civil_compare(want, have) < 0);
}

/* Casey moves its clock by three hours at once. */
#define LONGEST_DAY HOURS(27)

static void
test_handoffs_keep_the_wall_clock(void **state)
{
	static const char *const starts[] = { "2015-02-01 09:00", "2015-02-01 00:00",
		"2015-02-01 02:30", "2015-02-01 23:30" };
	static const char *const users[] = { "a", "b" };
	static const struct cal_turn turns[] = { { &users[0], 1 }, { &users[1], 1 } };

	(void)state;
	for (size_t i = 0; i < NELEMS(zones) * NELEMS(starts); i++) {
		struct cal_layer l = { .turns = turns, .n_turns = 2, .every = { CAL_DAY, 1 } };
		struct cal_schedule s = { .layers = &l, .n_layers = 1 };

		s.zone = zone_get(zones[i / NELEMS(starts)]);
		assert_true(civil_parse(str_from(starts[i % NELEMS(starts)]), &l.start));
		usec_t at = civil_to_utc(s.zone, l.start, CIVIL_FIRST);
		for (int day = 0; day < 800; day++) {
			usec_t next = oncall_next_change(&s, at);
			assert_true(next > at && next - at <= LONGEST_DAY);
			check_wall_clock(s.zone, &l, next);
			at = next;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_schedules),
		cmocka_unit_test(test_handoffs_keep_the_wall_clock),
	};

	return cmocka_run_group_tests_name("schedule properties", tests, NULL, NULL);
}
