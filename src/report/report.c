/* SPDX-License-Identifier: Apache-2.0 */
/* What all reports read. */
#include "report/report.h"

#include "engine/rows.h"
#include "queries.h"
#include "report/report_priv.h"

/* Clocks of several nodes differ a little; a day is more than they ever should. */
#define GRACE DAYS(1)

static const struct db_col incident_cols[] = {
	DB_COL(struct report_incident, id),
	DB_COL_ENUM(struct report_incident, mode, mode_names),
	DB_COL_ENUM(struct report_incident, severity, severity_names),
	DB_COL(struct report_incident, title),
	DB_COL(struct report_incident, dedup_key),
	DB_COL(struct report_incident, service),
	DB_COL(struct report_incident, team),
	DB_COL(struct report_incident, opened_at),
	DB_COL(struct report_incident, acked_at),
	DB_COL(struct report_incident, acked_by),
	DB_COL(struct report_incident, resolved_at),
	DB_COL(struct report_incident, resolved_by),
	DB_COL(struct report_incident, exhausted_at),
	DB_COL(struct report_incident, merged_into),
	DB_COL(struct report_incident, person_at),
	DB_COL(struct report_incident, machine_at),
	DB_COL(struct report_incident, acts),
};
const struct db_row report_incident_row = DB_ROW(struct report_incident, incident_cols);

static const struct db_col page_cols[] = {
	DB_COL(struct report_page, id),
	DB_COL(struct report_page, incident_id),
	DB_COL(struct report_page, user_id),
	DB_COL(struct report_page, sent_at),
};
const struct db_row report_page_row = DB_ROW(struct report_page, page_cols);

/* The number below which everything is older. */
struct err *
report_floor(struct ctx *cx, const struct db_query *q, usec_t from, int64_t *ret)
{
	struct engine_count floor = { 0 };
	bool found;

	TRY(db_maybe(cx, q, DB_ARGS(from - GRACE), &floor, &found));
	*ret = found ? floor.n : 0;
	return NULL;
}

struct err *
report_too_much(struct ctx *cx, const char *what, int64_t most)
{
	return err_field(cx, ERR_LIMIT, "from",
	        "there are more than %lld %s in this time: ask for a shorter one",
	        (long long)most, what);
}

struct err *
report_read_incidents(struct ctx *cx, const struct report_range *range,
        struct report_incident **ret, size_t *ret_n)
{
	int64_t floor;

	TRY(report_floor(cx, &q_report_incident_floor, range->from, &floor));
	TRY(db_list(cx, &q_report_incidents,
	        DB_ARGS(floor, range->from, range->to, range->team, REPORT_INCIDENTS_MAX + 1),
	        ret, ret_n));
	if (*ret_n > REPORT_INCIDENTS_MAX)
		return report_too_much(cx, "incidents", REPORT_INCIDENTS_MAX);
	return NULL;
}

usec_t
report_answered_at(const struct report_incident *inc)
{
	bool by_person = inc->acked_by != NULL && strncmp(inc->acked_by, "user/", 5) == 0;

	if (inc->person_at != 0)
		return inc->person_at;
	return inc->machine_at == 0 && by_person ? inc->acked_at : 0;
}

bool
report_counts(const struct report_incident *inc)
{
	return inc->mode == MODE_STANDARD && inc->merged_into == 0;
}
