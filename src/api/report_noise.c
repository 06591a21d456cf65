/* SPDX-License-Identifier: Apache-2.0 */
/* Noise, as JSON and as CSV. */
#include "api/reports.h"

#define NOISE_LINES_MAX 200 /* in JSON; the CSV has all */

static void
noise_json(struct response *rs, const struct report_range *range,
        const struct noise_line *lines, size_t n)
{
	struct jsonw w = response_json(rs, 200);

	jsonw_object(&w);
	report_write_range(&w, range);
	jsonw_key(&w, "items");
	jsonw_array(&w);
	for (size_t i = 0; i < n; i++) {
		const struct noise_line *l = &lines[i];
		jsonw_object(&w);
		jsonw_member(&w, "signature", l->signature);
		jsonw_member_opt(&w, "service", l->service);
		jsonw_member(&w, "key", l->key);
		jsonw_member(&w, "title", l->title);
		jsonw_member_int(&w, "newest", l->newest);
		jsonw_member_int(&w, "incidents", (int64_t)l->incidents);
		jsonw_member_int(&w, "acted", (int64_t)l->acted);
		jsonw_member_int(&w, "self_cleared", (int64_t)l->self_cleared);
		jsonw_member_int(&w, "pages", (int64_t)l->pages);
		jsonw_member_int(&w, "asleep", (int64_t)l->asleep);
		jsonw_member_opt(&w, "advice", l->advice);
		jsonw_end_object(&w);
	}
	jsonw_end_array(&w);
	jsonw_end_object(&w);
}

static void
noise_csv(struct ctx *cx, struct response *rs, const struct noise_line *lines, size_t n)
{
	static const char *const heads[] = { "signature", "service", "incidents", "pages",
		"acted_on", "self_cleared", "pages_asleep", "newest_incident", "advice", NULL };
	struct csv c = csv_begin(cx, rs, "noise", heads);

	for (size_t i = 0; i < n; i++) {
		csv_text(&c, lines[i].signature);
		csv_text(&c, lines[i].service);
		csv_int(&c, (int64_t)lines[i].incidents);
		csv_int(&c, (int64_t)lines[i].pages);
		csv_int(&c, (int64_t)lines[i].acted);
		csv_int(&c, (int64_t)lines[i].self_cleared);
		csv_int(&c, (int64_t)lines[i].asleep);
		csv_int(&c, lines[i].newest);
		csv_text(&c, lines[i].advice);
		csv_end(&c);
	}
}

static struct err *
noise(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct report_range range;
	struct noise_line *lines;
	size_t n;
	bool csv;

	TRY(report_range(cx, rq, s, &range));
	TRY(report_wants_csv(cx, rq, &csv));
	TRY(app_read(cx, rq));
	TRY(noise_read(cx, s, &range, &lines, &n));
	if (csv)
		noise_csv(cx, rs, lines, n);
	else
		noise_json(rs, &range, lines, n < NOISE_LINES_MAX ? n : NOISE_LINES_MAX);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/reports/noise", PERM_READ, noise,
	        "What pages for nothing, worst first; ?from=&to=&team=&zone=&format=json|csv",
	        NULL, NULL, 0, 0 },
};
const struct route_table report_noise_routes = { routes, NELEMS(routes) };
