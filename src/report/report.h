/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of the record: how fast people answer, what is noise, and how the load lies on them.
 * Each report reads its rows, bounded by a range and a number that are named here, and computes
 * by pure functions of them. Drills, tests and retrospective incidents are in no figure.
 * Everything lives in the unit of work.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "engine/model.h"

#define REPORT_RANGE_MAX DAYS(400)
#define REPORT_INCIDENTS_MAX 20000 /* a report of more would be read by nobody */
#define REPORT_PAGES_MAX 100000
#define REPORT_DOTS 10 /* fewer values than this have no percentiles */

struct report_range {
	usec_t from, to;
	const char *team; /* "": all */
	const struct zone *zone;
};

struct report_incident {
	int64_t id;
	enum mode mode;
	enum severity severity;
	const char *title, *dedup_key, *service, *team;
	int64_t opened_at, acked_at;
	const char *acked_by;
	int64_t resolved_at;
	const char *resolved_by;
	int64_t exhausted_at, merged_into;
	int64_t person_at,
	        machine_at; /* their first acknowledgement by the log; 0: none there */
	int64_t acts;       /* what people did to it */
};

struct report_page {
	int64_t id, incident_id;
	const char *user_id;
	int64_t sent_at;
};

extern const struct db_row report_incident_row, report_page_row;

/* Opened in the range, oldest first. ERR_LIMIT when there are more than the reports take. */
MUST_USE struct err *report_read_incidents(struct ctx *cx, const struct report_range *range,
        struct report_incident **ret, size_t *ret_n);

/* When a person first acknowledged; 0: nobody has. */
usec_t report_answered_at(const struct report_incident *inc);

/* Whether a figure counts it: a real one, and not merged into another. */
bool report_counts(const struct report_incident *inc);

/* ---- distributions ---- */

struct distribution {
	usec_t *values; /* sorted */
	size_t n;
};

/* The edges of the buckets, on a scale of ratios; the last bucket has no end. */
#define DISTRIBUTION_BUCKETS 13
extern const usec_t distribution_edges[DISTRIBUTION_BUCKETS - 1];

void distribution_sort(struct distribution *d);
usec_t distribution_at(const struct distribution *d, double share); /* nearest rank; n > 0 */
usec_t distribution_mean(const struct distribution *d);
void distribution_buckets(const struct distribution *d, size_t ret[DISTRIBUTION_BUCKETS]);

/* ---- response ---- */

struct response_figures {
	const char *key; /* of a group; NULL of the whole */
	size_t incidents;
	size_t exhausted;                  /* at one time nobody was left to page */
	size_t unanswered;                 /* of these: and nobody came later either */
	size_t drills, merged, by_machine; /* left out, and why */
	struct distribution ack, resolve;
};

struct response_figures response_measure(
        struct ctx *cx, const struct report_incident *items, size_t n);

/* What a group is by. */
enum response_by { BY_SEVERITY, BY_TEAM, BY_HOUR, RESPONSE_BY_MAX };
extern const char *const response_by_names[RESPONSE_BY_MAX];

struct response_groups {
	struct response_figures *items;
	size_t n;
};

/* Sorted by key; only groups that have something. */
void response_group(struct ctx *cx, const struct zone *zone, enum response_by by,
        const struct report_incident *items, size_t n, struct response_groups *ret);

/* ---- noise ---- */

struct noise_line {
	const char *signature; /* the key with what counts up replaced by * */
	const char *service;   /* or NULL */
	const char *key;       /* one of its keys, and its newest incident */
	const char *title;
	int64_t newest;
	size_t incidents, acted, self_cleared;
	size_t pages, asleep; /* sent, and of these at night where the person lives */
	const char *advice;   /* NULL: it is no noise */
};

/* Worst first. */
MUST_USE struct err *noise_read(struct ctx *cx, const struct snapshot *s,
        const struct report_range *range, struct noise_line **ret, size_t *ret_n);

const char *noise_signature(struct arena *mem, const char *dedup_key);

/* Whether it is night where the person lives: 22:00 to 06:00. */
bool is_night(const struct snapshot *s, const char *user, usec_t at, int64_t *ret_night);

/* ---- load ---- */

struct load_cell {
	usec_t on_call;
	int64_t pages, night_pages;
	int64_t woke; /* nights with a page */
};

struct load_line {
	const char *user;
	struct load_cell *weeks, sum;
};

#define LOAD_WEEKS_MAX 60

struct load {
	usec_t starts[LOAD_WEEKS_MAX + 1]; /* Mondays of the zone; the last is the end */
	size_t n_weeks;
	struct load_line *lines; /* by user */
	size_t n, cap;
};

struct load_duty {
	const char *user;
	usec_t from, to;
};

/* Cuts the range into weeks and adds what people did and got. duties may overlap: being on call
 * twice at once is being on call once. Reorders them. */
MUST_USE struct err *load_read(struct ctx *cx, const struct snapshot *s,
        const struct report_range *range, struct load_duty *duties, size_t n, struct load *ret);

#endif
