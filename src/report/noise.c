/* SPDX-License-Identifier: Apache-2.0 */
/* What pages people for nothing: incidents of one signature, what came of them, and what might
 * be done about it. */
#include <ctype.h>
#include <stdlib.h>

#include "calendar/civil.h"
#include "calendar/date.h"
#include "calendar/load.h"
#include "queries.h"
#include "report/report_priv.h"

/* "disk/db-3" and "disk/db-14" are one thing; so are uuids: from a digit on, what may belong to
 * a number or a hash, up to the next sign. */
const char *
noise_signature(struct arena *mem, const char *dedup_key)
{
	struct buf out = BUF_INIT(mem, 1100);

	for (const char *p = dedup_key; *p != '\0';) {
		bool fresh = p == dedup_key || !isalpha((unsigned char)p[-1]);
		size_t hex = fresh ? strspn(p, "0123456789abcdef") : 0;
		size_t digits = strspn(p, "0123456789");
		bool hash = hex >= 8 && !isalnum((unsigned char)p[hex])
		        && strcspn(p, "0123456789") < hex;
		if (digits == 0 && !hash) {
			buf_putc(&out, *p++);
			continue;
		}
		buf_putc(&out, '*');
		p += hash ? hex : digits;
	}
	return buf_cstr(&out);
}

bool
is_night(const struct snapshot *s, const char *user, usec_t at, int64_t *ret_night)
{
	const struct user *u = snapshot_user(s, user);
	const struct zone *z = snapshot_zone(s, u == NULL ? NULL : u->zone, NULL);
	int64_t local = zone_read(z, at).first;
	int64_t hour = (local - floor_div(local, SECS_A_DAY) * SECS_A_DAY) / 3600;

	/* A night belongs to the day on whose evening it begins. */
	*ret_night = floor_div(local - (int64_t)LOAD_NIGHT_TO * 3600, SECS_A_DAY);
	return hour >= LOAD_NIGHT_FROM || hour < LOAD_NIGHT_TO;
}

/* ---- adding up ---- */

struct noise_item {
	struct report_incident *inc;
	const char *signature;
	size_t pages, asleep;
};

struct noise {
	struct ctx *cx;
	const struct snapshot *s;
	struct noise_item *items; /* by incident */
	size_t n;
};

static struct noise_item *
item_of(struct noise *noise, int64_t id)
{
	size_t lo = 0, hi = noise->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (noise->items[mid].inc->id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < noise->n && noise->items[lo].inc->id == id ? &noise->items[lo] : NULL;
}

static struct err *
add_pages(struct noise *noise, const struct report_range *range)
{
	struct report_page *pages;
	size_t n;
	int64_t floor, night;

	TRY(report_floor(noise->cx, &q_report_incident_floor, range->from, &floor));
	TRY(db_list(noise->cx, &q_report_pages_of_incidents,
	        DB_ARGS(floor, range->from, range->to, range->team, REPORT_PAGES_MAX + 1),
	        &pages, &n));
	if (n > REPORT_PAGES_MAX)
		return report_too_much(noise->cx, "pages", REPORT_PAGES_MAX);
	for (size_t i = 0; i < n; i++) {
		struct noise_item *item = item_of(noise, pages[i].incident_id);
		if (item == NULL)
			continue;
		item->pages++;
		item->asleep += pages[i].user_id != NULL
		        && is_night(noise->s, pages[i].user_id, pages[i].sent_at, &night);
	}
	return NULL;
}

static int
by_signature(const void *a, const void *b)
{
	const struct noise_item *x = a, *y = b;
	const char *xs = x->inc->service == NULL ? "" : x->inc->service;
	const char *ys = y->inc->service == NULL ? "" : y->inc->service;
	int d = strcmp(x->signature, y->signature);

	d = d == 0 ? strcmp(xs, ys) : d;
	return d == 0 ? (x->inc->id > y->inc->id) - (x->inc->id < y->inc->id) : d;
}

static bool
is_cleared_by_itself(const struct report_incident *inc)
{
	return inc->acts == 0 && report_answered_at(inc) == 0 && inc->resolved_by != NULL
	        && strncmp(inc->resolved_by, "user/", 5) != 0;
}

static void
add_item(struct noise_line *line, const struct noise_item *item)
{
	line->incidents++;
	line->acted += item->inc->acts > 0 || report_answered_at(item->inc) != 0;
	line->self_cleared += is_cleared_by_itself(item->inc);
	line->pages += item->pages;
	line->asleep += item->asleep;
	line->signature = item->signature;
	line->service = item->inc->service;
	line->key = item->inc->dedup_key;
	line->title = item->inc->title;
	line->newest = item->inc->id;
}

/* ---- what to do ---- */

/* In percent of its incidents, or of its pages; the first row that holds is the advice. */
static const struct {
	size_t incidents_from, acted_to, cleared_from, asleep_from;
	const char *advice;
} advices[] = {
	{ 3, 10, 80, 0, "keep it for the record only: severity info, or a rule that says so" },
	{ 3, 50, 50, 0, "wait before paging: it often clears by itself" },
	{ 3, 50, 0, 1, "page in the day only: urgency low" },
	{ 3, 30, 0, 0, "ask whether anybody needs this page" },
};

static const char *
advice_of(const struct noise_line *l)
{
	size_t acted = 100 * l->acted / l->incidents;
	size_t cleared = 100 * l->self_cleared / l->incidents;
	size_t asleep = l->pages == 0 ? 0 : 100 * l->asleep / l->pages;

	for (size_t i = 0; l->pages > 0 && i < NELEMS(advices); i++)
		if (l->incidents >= advices[i].incidents_from && acted <= advices[i].acted_to
		        && cleared >= advices[i].cleared_from
		        && asleep >= advices[i].asleep_from)
			return advices[i].advice;
	return NULL;
}

static int
by_noise(const void *a, const void *b)
{
	const struct noise_line *x = a, *y = b;

	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	if (x->incidents != y->incidents)
		return x->incidents < y->incidents ? 1 : -1;
	return (x->newest < y->newest) - (x->newest > y->newest);
}

static void
make_lines(struct noise *noise, struct noise_line **ret, size_t *ret_n)
{
	struct noise_line *lines = ARENA_ARRAY(&noise->cx->mem, noise->n, struct noise_line);
	size_t n = 0;

	if (noise->n > 0)
		qsort(noise->items, noise->n, sizeof *noise->items, by_signature);
	for (size_t i = 0; i < noise->n; i++) {
		const struct noise_item *item = &noise->items[i];
		bool same = n > 0 && strcmp(lines[n - 1].signature, item->signature) == 0
		        && str_null_safe_eq(lines[n - 1].service, item->inc->service);
		add_item(&lines[same ? n - 1 : n++], item);
	}
	for (size_t i = 0; i < n; i++)
		lines[i].advice = advice_of(&lines[i]);
	if (n > 0)
		qsort(lines, n, sizeof *lines, by_noise);
	*ret = lines;
	*ret_n = n;
}

struct err *
noise_read(struct ctx *cx, const struct snapshot *s, const struct report_range *range,
        struct noise_line **ret, size_t *ret_n)
{
	struct noise noise = { .cx = cx, .s = s };
	struct report_incident *incidents;
	size_t n;

	TRY(report_read_incidents(cx, range, &incidents, &n));
	noise.items = ARENA_ARRAY(&cx->mem, n, struct noise_item);
	for (size_t i = 0; i < n; i++) {
		if (!report_counts(&incidents[i]))
			continue;
		noise.items[noise.n++] = (struct noise_item){
			.inc = &incidents[i],
			.signature = noise_signature(&cx->mem, incidents[i].dedup_key),
		};
	}
	TRY(add_pages(&noise, range));
	make_lines(&noise, ret, ret_n);
	return NULL;
}
