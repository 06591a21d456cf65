/* SPDX-License-Identifier: Apache-2.0 */
/* What the reports are about, and response times, as JSON and as CSV. */
#include "api/reports.h"

#define RANGE_DEFAULT DAYS(30)
#define BUCKET_SHOWN 20 /* newest incidents that a bucket names */

struct err *
report_range(struct ctx *cx, const struct request *rq, const struct snapshot *s,
        struct report_range *ret)
{
	const char *zone = request_query(rq, "zone");

	TRY(at_query(cx, rq, "to", &ret->to));
	ret->from = ret->to - RANGE_DEFAULT;
	if (request_query(rq, "from") != NULL)
		TRY(at_query(cx, rq, "from", &ret->from));
	if (ret->from >= ret->to || ret->to - ret->from > REPORT_RANGE_MAX)
		return err_field(
		        cx, ERR_INVALID, "to", "to must be after from, by at most 400 days");
	ret->team = filter(rq, "team");
	if (ret->team[0] != '\0' && snapshot_team(s, ret->team) == NULL)
		return err_field(cx, ERR_INVALID, "team", "there is no team/%s", ret->team);
	ret->zone = zone == NULL ? snapshot_zone(s, NULL, NULL) : zone_get(zone);
	if (ret->zone == NULL)
		return err_field(cx, ERR_INVALID, "zone", "there is no time zone %s", zone);
	return NULL;
}

struct err *
report_wants_csv(struct ctx *cx, const struct request *rq, bool *ret)
{
	const char *format = filter(rq, "format");

	*ret = strcmp(format, "csv") == 0;
	if (!*ret && format[0] != '\0' && strcmp(format, "json") != 0)
		return err_field(cx, ERR_INVALID, "format", "format is json or csv");
	return NULL;
}

void
report_write_range(struct jsonw *w, const struct report_range *range)
{
	jsonw_member_time(w, "from", range->from);
	jsonw_member_time(w, "to", range->to);
	jsonw_member(w, "zone", zone_name(range->zone));
	if (range->team[0] != '\0')
		jsonw_member(w, "team", range->team);
}

static void
write_seconds(struct jsonw *w, const char *key, usec_t span)
{
	jsonw_key(w, key);
	jsonw_real(w, (double)(span / USEC_PER_MS) / 1000);
}

/* ---- response ---- */

struct response_report {
	struct ctx *cx;
	struct report_range range;
	struct report_incident *items;
	size_t n;
};

/* What is measured: until a person had it, and until it was over. -1: it did not happen. */
enum measure { MEASURE_ACK, MEASURE_RESOLVE, MEASURE_MAX };
static const char *const measure_names[MEASURE_MAX] = {
	[MEASURE_ACK] = "ack",
	[MEASURE_RESOLVE] = "resolve",
};

static usec_t
measure_of(const struct report_incident *inc, enum measure m)
{
	usec_t at = m == MEASURE_ACK ? report_answered_at(inc) : inc->resolved_at;

	return at == 0 || !report_counts(inc) ? -1 : at - inc->opened_at;
}

static void
write_figures(struct jsonw *w, const struct distribution *d)
{
	jsonw_member_int(w, "n", (int64_t)d->n);
	if (d->n == 0)
		return;
	write_seconds(w, "mean", distribution_mean(d));
	write_seconds(w, "longest", d->values[d->n - 1]);
	if (d->n < REPORT_DOTS)
		return;
	write_seconds(w, "p50", distribution_at(d, 0.5));
	write_seconds(w, "p90", distribution_at(d, 0.9));
}

static void
write_newest(const struct response_report *r, struct jsonw *w, enum measure m, usec_t from,
        usec_t under)
{
	size_t shown = 0;

	jsonw_key(w, "newest");
	jsonw_array(w);
	for (size_t i = r->n; i-- > 0 && shown < BUCKET_SHOWN;) {
		usec_t value = measure_of(&r->items[i], m);
		if (value < from || value >= under)
			continue;
		jsonw_object(w);
		jsonw_member_int(w, "id", r->items[i].id);
		jsonw_member(w, "title", r->items[i].title);
		write_seconds(w, "after", value);
		jsonw_end_object(w);
		shown++;
	}
	jsonw_end_array(w);
}

static void
write_buckets(const struct response_report *r, struct jsonw *w, enum measure m,
        const struct distribution *d)
{
	size_t counts[DISTRIBUTION_BUCKETS];

	distribution_buckets(d, counts);
	jsonw_key(w, "buckets");
	jsonw_array(w);
	for (size_t b = 0; b < DISTRIBUTION_BUCKETS; b++) {
		usec_t from = b == 0 ? 0 : distribution_edges[b - 1];
		bool last = b == DISTRIBUTION_BUCKETS - 1;
		jsonw_object(w);
		write_seconds(w, "from", from);
		if (!last)
			write_seconds(w, "under", distribution_edges[b]);
		jsonw_member_int(w, "n", (int64_t)counts[b]);
		write_newest(r, w, m, from, last ? INT64_MAX : distribution_edges[b]);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

/* Few values are no distribution: each is shown for itself. */
static void
write_dots(struct jsonw *w, const struct distribution *d)
{
	if (d->n >= REPORT_DOTS)
		return;
	jsonw_key(w, "dots");
	jsonw_array(w);
	for (size_t i = 0; i < d->n; i++)
		jsonw_real(w, (double)(d->values[i] / USEC_PER_MS) / 1000);
	jsonw_end_array(w);
}

static void
write_measures(const struct response_report *r, struct jsonw *w,
        const struct response_figures *f, bool whole)
{
	const struct distribution *both[MEASURE_MAX] = { &f->ack, &f->resolve };

	jsonw_member_int(w, "incidents", (int64_t)f->incidents);
	jsonw_member_int(w, "exhausted", (int64_t)f->exhausted);
	jsonw_member_int(w, "unanswered", (int64_t)f->unanswered);
	for (int m = 0; m < MEASURE_MAX; m++) {
		jsonw_key(w, measure_names[m]);
		jsonw_object(w);
		write_figures(w, both[m]);
		if (whole) {
			write_dots(w, both[m]);
			write_buckets(r, w, (enum measure)m, both[m]);
		}
		jsonw_end_object(w);
	}
}

static void
write_left_out(struct jsonw *w, const struct response_figures *f)
{
	jsonw_key(w, "left_out");
	jsonw_object(w);
	jsonw_member_int(w, "drills", (int64_t)f->drills);
	jsonw_member_int(w, "merged", (int64_t)f->merged);
	jsonw_member_int(w, "acknowledged_by_machine", (int64_t)f->by_machine);
	jsonw_end_object(w);
}

static struct err *
write_before(struct response_report *r, struct jsonw *w)
{
	struct response_report before = *r;

	before.range.to = r->range.from;
	before.range.from = r->range.from - (r->range.to - r->range.from);
	TRY(report_read_incidents(r->cx, &before.range, &before.items, &before.n));
	struct response_figures f = response_measure(r->cx, before.items, before.n);
	jsonw_key(w, "before");
	jsonw_object(w);
	jsonw_member_time(w, "from", before.range.from);
	jsonw_member_time(w, "to", before.range.to);
	write_measures(&before, w, &f, false);
	jsonw_end_object(w);
	return NULL;
}

static void
write_groups(struct response_report *r, struct jsonw *w)
{
	for (int by = 0; by < RESPONSE_BY_MAX; by++) {
		struct response_groups groups;
		response_group(
		        r->cx, r->range.zone, (enum response_by)by, r->items, r->n, &groups);
		jsonw_key(w, arena_printf(&r->cx->mem, "by_%s", response_by_names[by]));
		jsonw_array(w);
		for (size_t i = 0; i < groups.n; i++) {
			jsonw_object(w);
			jsonw_member(w, "key", groups.items[i].key);
			write_measures(r, w, &groups.items[i], false);
			jsonw_end_object(w);
		}
		jsonw_end_array(w);
	}
}

/* What the figures were made of, a line an incident. */
static void
response_csv(struct response_report *r, struct response *rs)
{
	static const char *const heads[] = { "incident", "title", "severity", "team", "service",
		"opened_at", "seconds_to_acknowledge", "seconds_to_resolve", "unanswered",
		NULL };
	struct csv c = csv_begin(r->cx, rs, "response", heads);

	for (size_t i = 0; i < r->n; i++) {
		const struct report_incident *inc = &r->items[i];
		if (!report_counts(inc))
			continue;
		csv_int(&c, inc->id);
		csv_text(&c, inc->title);
		csv_text(&c, severity_names[inc->severity]);
		csv_text(&c, inc->team);
		csv_text(&c, inc->service);
		csv_time(&c, inc->opened_at);
		for (int m = 0; m < MEASURE_MAX; m++) {
			usec_t value = measure_of(inc, (enum measure)m);
			if (value < 0)
				csv_text(&c, NULL);
			else
				csv_seconds(&c, value);
		}
		csv_int(&c, inc->exhausted_at != 0 && report_answered_at(inc) == 0);
		csv_end(&c);
	}
}

static struct err *
response_report(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct response_report r = { .cx = cx };
	bool csv;

	TRY(report_range(cx, rq, s, &r.range));
	TRY(report_wants_csv(cx, rq, &csv));
	TRY(app_read(cx, rq));
	TRY(report_read_incidents(cx, &r.range, &r.items, &r.n));
	if (csv) {
		response_csv(&r, rs);
		return NULL;
	}
	struct response_figures f = response_measure(cx, r.items, r.n);
	struct jsonw w = response_json(rs, 200);
	jsonw_object(&w);
	report_write_range(&w, &r.range);
	write_measures(&r, &w, &f, true);
	write_left_out(&w, &f);
	TRY(write_before(&r, &w));
	write_groups(&r, &w);
	jsonw_end_object(&w);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/reports/response", PERM_READ, response_report,
	        "How long until a person had it and until it was over; ?from=&to=&team=&zone=&format=json|csv",
	        NULL, NULL, 0, 0 },
};
const struct route_table report_routes = { routes, NELEMS(routes) };
