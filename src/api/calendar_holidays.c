/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The holidays that a schedule's layers name, as they are drawn: each day of a list once for
 * each clock by which a layer reads it, with the layers that rest or serve on it.
 */
#include "api/duty.h"
#include "calendar/date.h"
#include "calendar/zone.h"

struct day_list {
	const struct holiday *list;
	const struct zone *zone;
};

/* "rests" or "serves": the layers that name the list in that field, by that clock. */
static void
write_layers(struct ctx *cx, struct jsonw *w, const char *key, const struct schedule *schedule,
        const struct day_list *d)
{
	const struct layer *layers = schedule->layers.items;
	bool rests = strcmp(key, "rests") == 0;

	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < schedule->layers.n; i++) {
		const struct layer *l = &layers[i];
		if (cal_layer_zone(&schedule->calendar, &l->cal) != d->zone
		        || !vec_names(rests ? &l->except : &l->during, d->list->c.id))
			continue;
		jsonw_cstr(w,
		        l->cal.name != NULL ? l->cal.name
		                            : arena_printf(&cx->mem, "Layer %zu", i + 1));
	}
	jsonw_end_array(w);
}

static void
write_day(struct ctx *cx, struct jsonw *w, const struct schedule *schedule,
        const struct day_list *d, const struct holiday_date *date, struct duty_span span)
{
	char text[CIVIL_MAX];

	jsonw_object(w);
	jsonw_member(w, "list", d->list->c.id);
	jsonw_member(w, "name", date->name != NULL ? date->name : d->list->c.name);
	jsonw_member(w, "date", date_print(date->day, text));
	jsonw_member_time(w, "from", span.from);
	jsonw_member_time(w, "to", span.to);
	write_layers(cx, w, "rests", schedule, d);
	write_layers(cx, w, "serves", schedule, d);
	jsonw_end_object(w);
}

static void
write_list(struct ctx *cx, struct jsonw *w, const struct schedule *schedule,
        const struct day_list *d, struct duty_span span)
{
	const struct holiday_date *dates = d->list->dates.items;

	for (size_t i = 0; i < d->list->dates.n; i++) {
		int64_t day = dates[i].day;
		struct duty_span whole = { zone_first(d->zone, day * SECS_A_DAY),
			zone_first(d->zone, (day + 1) * SECS_A_DAY) };
		if (whole.from < span.to && whole.to > span.from)
			write_day(cx, w, schedule, d, &dates[i], whole);
	}
}

struct day_lists {
	struct day_list *items;
	size_t n, cap;
};

static void
add_lists(struct ctx *cx, const struct snapshot *s, const struct vec *ids,
        const struct zone *zone, struct day_lists *all)
{
	const char *const *items = ids->items;

	for (size_t i = 0; i < ids->n; i++) {
		const struct holiday *h = snapshot_holiday(s, items[i]);
		bool there = h == NULL;
		for (size_t k = 0; k < all->n && !there; k++)
			there = all->items[k].list == h && all->items[k].zone == zone;
		if (!there)
			ARENA_PUSH(&cx->mem, all->items, all->n, all->cap) =
			        (struct day_list){ h, zone };
	}
}

void
duty_write_holidays(struct ctx *cx, struct jsonw *w, const struct snapshot *s,
        const struct schedule *schedule, struct duty_span span)
{
	const struct layer *layers = schedule->layers.items;
	struct day_lists all = { 0 };

	for (size_t i = 0; i < schedule->layers.n; i++) {
		const struct zone *zone = cal_layer_zone(&schedule->calendar, &layers[i].cal);
		add_lists(cx, s, &layers[i].except, zone, &all);
		add_lists(cx, s, &layers[i].during, zone, &all);
	}
	jsonw_key(w, "holidays");
	jsonw_array(w);
	for (size_t i = 0; i < all.n; i++)
		write_list(cx, w, schedule, &all.items[i], span);
	jsonw_end_array(w);
}
