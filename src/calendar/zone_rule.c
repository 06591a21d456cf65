/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The POSIX TZ rule at the end of a TZif file, with the extensions of RFC 9636: hours from -167
 * to 167, and "daylight saving" that lies behind standard time (Dublin in winter).
 */
#include "calendar/zone_priv.h"

#include "calendar/date.h"

#define ABBR_MIN 3
#define ABBR_MAX 31

static bool
take(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

static bool
take_int(struct str *s, int least, int most, int *ret)
{
	int n = 0;
	size_t i;

	for (i = 0; i < s->len && i < 4 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		n = n * 10 + s->p[i] - '0';
	if (i == 0 || n < least || n > most)
		return false;
	s->p += i;
	s->len -= i;
	*ret = n;
	return true;
}

static bool
is_abbr_char(char c, bool quoted)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-');
}

static bool
take_abbr(struct arena *mem, struct str *s, const char **ret)
{
	bool quoted = take(s, '<');
	size_t len = 0;

	while (len < s->len && is_abbr_char(s->p[len], quoted))
		len++;
	if (len < ABBR_MIN || len > ABBR_MAX)
		return false;
	*ret = arena_strndup(mem, s->p, len);
	s->p += len;
	s->len -= len;
	return !quoted || take(s, '>');
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool
take_time(struct str *s, int most_hours, int32_t *ret)
{
	int h, m = 0, sec = 0;
	bool negative = take(s, '-');

	if (!negative)
		take(s, '+');
	if (!take_int(s, 0, most_hours, &h))
		return false;
	if (take(s, ':') && !take_int(s, 0, 59, &m))
		return false;
	if (take(s, ':') && !take_int(s, 0, 59, &sec))
		return false;
	*ret = (h * 3600 + m * 60 + sec) * (negative ? -1 : 1);
	return true;
}

static bool
take_month_day(struct str *s, struct zone_edge *e)
{
	e->kind = EDGE_MONTH;
	return take_int(s, 1, 12, &e->month) && take(s, '.') && take_int(s, 1, 5, &e->week)
	        && take(s, '.') && take_int(s, 0, 6, &e->day);
}

static bool
take_edge(struct str *s, struct zone_edge *ret)
{
	struct zone_edge e = { .kind = EDGE_DAY, .time = 2 * 3600 };

	if (!take(s, ','))
		return false;
	if (take(s, 'M')) {
		if (!take_month_day(s, &e))
			return false;
	} else if (take(s, 'J')) {
		e.kind = EDGE_JULIAN;
		if (!take_int(s, 1, 365, &e.day))
			return false;
	} else if (!take_int(s, 0, 365, &e.day)) {
		return false;
	}
	if (take(s, '/') && !take_time(s, 167, &e.time))
		return false;
	*ret = e;
	return true;
}

/* POSIX counts offsets to the west. */
static bool
take_offset(struct str *s, int32_t *ret)
{
	int32_t west;

	if (!take_time(s, 24, &west))
		return false;
	*ret = -west;
	return true;
}

bool
zone_rule_parse(struct arena *mem, struct str text, struct zone_rule *ret)
{
	struct zone_rule r = { .dst.is_dst = true };

	if (!take_abbr(mem, &text, &r.std.abbr) || !take_offset(&text, &r.std.offset))
		return false;
	if (text.len > 0) {
		r.has_dst = true;
		r.dst.offset = r.std.offset + 3600;
		if (!take_abbr(mem, &text, &r.dst.abbr))
			return false;
		if (text.len > 0 && text.p[0] != ',' && !take_offset(&text, &r.dst.offset))
			return false;
		if (!take_edge(&text, &r.begin) || !take_edge(&text, &r.end))
			return false;
	}
	*ret = r;
	return text.len == 0;
}

/* The day of the edge in a year, as days since 1970. */
static int64_t
edge_day(const struct zone_edge *e, int64_t year)
{
	int64_t first, day;

	switch (e->kind) {
	case EDGE_JULIAN:
		day = e->day + (e->day >= 60 && year_is_leap(year));
		return date_days(year, 1, day);
	case EDGE_DAY:
		return date_days(year, 1, e->day + 1);
	case EDGE_MONTH:
		first = date_days(year, e->month, 1);
		day = floor_mod(e->day - (weekday_of_days(first) + 1), 7) + 7 * (e->week - 1);
		return first + (day < month_days(year, e->month) ? day : day - 7);
	case EDGE_KIND_MAX:
		break;
	}
	return 0;
}

struct change {
	int64_t at;
	bool to_dst;
};

/* At the same instant the one added last counts: dst all year is written as an end that meets
 * the next year's beginning. */
static size_t
changes_add(struct change *list, size_t n, struct change c)
{
	size_t i = n;

	for (; i > 0 && c.at < list[i - 1].at; i--)
		list[i] = list[i - 1];
	list[i] = c;
	return n + 1;
}

/* Edges move by up to a week and a day over the turn of the year: two years each way cover it.
 */
#define YEARS_AROUND 2
#define N_CHANGES (2 * (2 * YEARS_AROUND + 1))

static void
rule_changes(const struct zone_rule *r, int64_t t, struct change list[N_CHANGES])
{
	int64_t year = date_of_days(floor_div(t + r->std.offset, SECS_A_DAY)).year;
	size_t n = 0;

	for (int64_t y = year - YEARS_AROUND; y <= year + YEARS_AROUND; y++) {
		struct change begin = { .to_dst = true }, end = { .to_dst = false };

		begin.at = edge_day(&r->begin, y) * SECS_A_DAY + r->begin.time - r->std.offset;
		end.at = edge_day(&r->end, y) * SECS_A_DAY + r->end.time - r->dst.offset;
		n = changes_add(list, n, begin);
		n = changes_add(list, n, end);
	}
}

static struct zone_span
span_of(const struct zone_type *type, int64_t since, int64_t until)
{
	return (struct zone_span){ since, until, type->offset, type->is_dst, type->abbr };
}

struct zone_span
zone_rule_span(const struct zone_rule *r, int64_t t)
{
	struct change list[N_CHANGES];
	size_t i = 0;

	if (!r->has_dst)
		return span_of(&r->std, INT64_MIN, INT64_MAX);
	rule_changes(r, t, list);
	while (i + 2 < N_CHANGES && list[i + 1].at <= t)
		i++;
	return span_of(list[i].to_dst ? &r->dst : &r->std, list[i].at, list[i + 1].at);
}
