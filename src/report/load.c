/* SPDX-License-Identifier: Apache-2.0 */
/* Person by week: hours on call, pages, pages at night, nights that were broken. */
#include <stdlib.h>

#include "calendar/civil.h"
#include "engine/rows.h"
#include "queries.h"
#include "report/report_priv.h"

/* Whole weeks, so that two columns can be compared: from the Monday on or before `from`. */
static void
cut_weeks(const struct report_range *range, struct load *load)
{
	struct civil day = civil_from_utc(range->zone, range->from);

	day.hour = day.minute = day.second = 0;
	day = civil_add_days(day, -civil_weekday(day));
	do {
		load->starts[load->n_weeks] = civil_to_utc(range->zone, day, CIVIL_FIRST);
		if (load->starts[load->n_weeks] >= range->to)
			return;
		day = civil_add_days(day, 7);
	} while (load->n_weeks++ < LOAD_WEEKS_MAX - 1);
	load->starts[load->n_weeks] = civil_to_utc(range->zone, day, CIVIL_FIRST);
}

static struct load_line *
line_of(struct ctx *cx, struct load *load, const char *user)
{
	for (size_t i = 0; i < load->n; i++)
		if (strcmp(load->lines[i].user, user) == 0)
			return &load->lines[i];
	ARENA_PUSH(&cx->mem, load->lines, load->n, load->cap) = (struct load_line){
		.user = user,
		.weeks = ARENA_ARRAY(&cx->mem, load->n_weeks, struct load_cell),
	};
	return &load->lines[load->n - 1];
}

/* NULL outside. */
static struct load_cell *
cell_at(const struct load *load, struct load_line *line, usec_t at)
{
	for (size_t w = 0; w < load->n_weeks; w++)
		if (at >= load->starts[w] && at < load->starts[w + 1])
			return &line->weeks[w];
	return NULL;
}

/* ---- duties ---- */

static int
by_user_and_time(const void *a, const void *b)
{
	const struct load_duty *x = a, *y = b;
	int d = strcmp(x->user, y->user);

	return d == 0 ? (x->from > y->from) - (x->from < y->from) : d;
}

static void
add_hours(const struct load *load, struct load_line *line, usec_t from, usec_t to)
{
	for (size_t w = 0; w < load->n_weeks; w++) {
		usec_t a = from > load->starts[w] ? from : load->starts[w];
		usec_t b = to < load->starts[w + 1] ? to : load->starts[w + 1];
		if (b > a)
			line->weeks[w].on_call += b - a;
	}
}

static void
add_duties(struct ctx *cx, struct load *load, struct load_duty *duties, size_t n)
{
	usec_t until = INT64_MIN;

	if (n > 0)
		qsort(duties, n, sizeof *duties, by_user_and_time);
	for (size_t i = 0; i < n; i++) {
		const struct load_duty *d = &duties[i];
		bool other = i == 0 || strcmp(d->user, duties[i - 1].user) != 0;
		usec_t from = other || d->from > until ? d->from : until;
		if (d->to > from)
			add_hours(load, line_of(cx, load, d->user), from, d->to);
		until = other || d->to > until ? d->to : until;
	}
}

/* ---- pages ---- */

static void
add_page(struct ctx *cx, const struct snapshot *s, struct load *load,
        const struct report_page *p, int64_t *last_night)
{
	struct load_line *line = line_of(cx, load, p->user_id);
	struct load_cell *cell = cell_at(load, line, p->sent_at);
	int64_t night;

	if (cell == NULL)
		return;
	cell->pages++;
	if (!is_night(s, p->user_id, p->sent_at, &night))
		return;
	cell->night_pages++;
	cell->woke += night != *last_night;
	*last_night = night;
}

static struct err *
add_pages(struct ctx *cx, const struct snapshot *s, struct load *load)
{
	usec_t from = load->starts[0], to = load->starts[load->n_weeks];
	int64_t floor, last_night = INT64_MIN;
	struct report_page *pages;
	size_t n;

	TRY(report_floor(cx, &q_report_page_floor, from, &floor));
	TRY(db_list(cx, &q_report_pages, DB_ARGS(floor, from, to, REPORT_PAGES_MAX + 1), &pages,
	        &n));
	if (n > REPORT_PAGES_MAX)
		return report_too_much(cx, "pages", REPORT_PAGES_MAX);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(pages[i].user_id, pages[i - 1].user_id) != 0)
			last_night = INT64_MIN;
		add_page(cx, s, load, &pages[i], &last_night);
	}
	return NULL;
}

static int
by_user(const void *a, const void *b)
{
	return strcmp(((const struct load_line *)a)->user, ((const struct load_line *)b)->user);
}

struct err *
load_read(struct ctx *cx, const struct snapshot *s, const struct report_range *range,
        struct load_duty *duties, size_t n, struct load *ret)
{
	*ret = (struct load){ 0 };
	cut_weeks(range, ret);
	add_duties(cx, ret, duties, n);
	TRY(add_pages(cx, s, ret));
	if (ret->n > 0)
		qsort(ret->lines, ret->n, sizeof *ret->lines, by_user);
	for (size_t i = 0; i < ret->n; i++)
		for (size_t w = 0; w < ret->n_weeks; w++) {
			const struct load_cell *c = &ret->lines[i].weeks[w];
			ret->lines[i].sum.on_call += c->on_call;
			ret->lines[i].sum.pages += c->pages;
			ret->lines[i].sum.night_pages += c->night_pages;
			ret->lines[i].sum.woke += c->woke;
		}
	return NULL;
}
