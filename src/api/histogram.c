/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the alerts of incidents first fired: what a row of the board draws beside their number.
 * Apart from the lists of incidents, which must not cost more for it: who shows some asks for
 * those. The newest alerts stand for a long story, so that its length costs nothing.
 */
#include "api/app.h"
#include "queries.h"

#define PARTS 12
#define IDS_MAX 100
#define ALERTS_MAX 500 /* of one incident that are read */

/* ---- what is read, and what is answered ---- */

struct histogram {
	int64_t incident_id, since, ends, alerts;
	int64_t parts[PARTS];
	struct vec counts; /* the same as a list */
};

#define PART(i)                                                                                \
	{                                                                                      \
		.name = "n" #i, .type = DB_INT64,                                              \
		.offset = offsetof(struct histogram, parts) + (i) * sizeof(int64_t)            \
	}
static const struct db_col histogram_cols[] = {
	DB_COL(struct histogram, since),
	DB_COL(struct histogram, ends),
	DB_COL(struct histogram, alerts),
	PART(0),
	PART(1),
	PART(2),
	PART(3),
	PART(4),
	PART(5),
	PART(6),
	PART(7),
	PART(8),
	PART(9),
	PART(10),
	PART(11),
};
extern const struct db_row histogram_row;
const struct db_row histogram_row = DB_ROW(struct histogram, histogram_cols);

#define HISTOGRAM(member) offsetof(struct histogram, member)

static const struct field histogram_fields[] = {
	{ "incident", FIELD_INT, FIELD_REQUIRED, HISTOGRAM(incident_id), .help = "Whose." },
	{ "from", FIELD_TIME, FIELD_REQUIRED, HISTOGRAM(since),
	        .help = "When the first of those that are counted fired." },
	{ "to", FIELD_TIME, FIELD_REQUIRED, HISTOGRAM(ends),
	        .help = "Now, or when the incident was resolved." },
	{ "alerts", FIELD_INT, FIELD_REQUIRED, HISTOGRAM(alerts),
	        .help = "How many are counted: the newest 500 of more." },
	{ "counts", FIELD_LIST, FIELD_REQUIRED, HISTOGRAM(counts), .of = FIELD_INT,
	        .help = "How many of them first fired in each twelfth of that time." },
};
static const struct shape histogram_shape = SHAPE("Histogram", struct histogram,
        histogram_fields, "When the alerts of an incident first fired.");

/* ---- the route ---- */

struct asked {
	int64_t ids[IDS_MAX];
	size_t n;
};

static struct err *
ids_query(struct ctx *cx, const struct request *rq, struct asked *ret)
{
	struct str rest = str_from(filter(rq, "ids"));

	ret->n = 0;
	while (rest.len > 0) {
		struct str one = str_cut(&rest, ',');
		if (ret->n == IDS_MAX)
			return err_field(
			        cx, ERR_INVALID, "ids", "at most %d incidents", IDS_MAX);
		if (!str_int(one, &ret->ids[ret->n++]))
			return err_field(cx, ERR_INVALID, "ids", "\"%.*s\" is no number",
			        (int)one.len, one.p);
	}
	return NULL;
}

/* All of them in one exchange with the database. */
static struct err *
read_all(struct ctx *cx, const struct asked *asked, struct histogram *ret)
{
	struct db_ask *asks = ARENA_ARRAY(&cx->mem, asked->n, struct db_ask);
	struct db_arg(*args)[3] = arena_alloc(&cx->mem, asked->n * sizeof *args);

	for (size_t i = 0; i < asked->n; i++) {
		args[i][0] = db_arg_int(asked->ids[i]);
		args[i][1] = db_arg_int(ctx_now(cx));
		args[i][2] = db_arg_int(ALERTS_MAX);
		asks[i] = (struct db_ask){ .args = { args[i], 3 }, .ret = &ret[i] };
	}
	TRY(db_maybe_all(cx, &q_api_histogram, asks, asked->n));
	for (size_t i = 0; i < asked->n; i++) {
		ret[i].incident_id = asked->ids[i];
		ret[i].counts = (struct vec){ ret[i].parts, PARTS };
	}
	return NULL;
}

/* One without alerts, or that is not there, has none. */
static struct err *
histograms(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct histogram items[IDS_MAX] = { 0 };
	struct asked asked;

	TRY(ids_query(cx, rq, &asked));
	TRY(app_read(cx, rq));
	TRY(read_all(cx, &asked, items));
	struct jsonw w = items_json(rs);
	for (size_t i = 0; i < asked.n; i++)
		if (items[i].alerts > 0)
			shape_encode(&w, &histogram_shape, &items[i]);
	items_end(&w, NULL);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/board/histograms", PERM_READ, histograms,
	        "When the alerts of some incidents first fired, at most 100 of them; ?ids=",
	        NULL, &histogram_shape, ROUTE_ALL, 0 },
};
const struct route_table histogram_routes = { routes, NELEMS(routes) };
