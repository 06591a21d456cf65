/* SPDX-License-Identifier: Apache-2.0 */
/* What the resources about duty have in common. */
#ifndef API_DUTY_H
#define API_DUTY_H

#include "api/app.h"
#include "calendar/load.h"

/* "users": [{"id", "name"}]. */
void duty_write_users(struct jsonw *w, const char *key, const struct snapshot *s,
        const char *const *ids, size_t n);

/* The configuration in force at an instant; today's when it is not past. Give it back. */
MUST_USE struct err *duty_snapshot(
        struct ctx *cx, struct request *rq, usec_t at, const struct snapshot **ret);

/* The schedule of the path. */
MUST_USE struct err *duty_schedule(struct ctx *cx, const struct request *rq,
        const struct snapshot *s, const struct schedule **ret);

/* ERR_DENIED unless the actor shares the work of the schedule: as a member of its team, in its
 * layers, or as an administrator. */
MUST_USE struct err *duty_may_take_part(
        struct ctx *cx, const struct snapshot *s, const struct schedule *schedule);

/* Whether the actor may act for others of the schedule (NULL: of none): as a manager of its
 * team, or as an administrator. */
bool duty_leads(
        const struct ctx *cx, const struct snapshot *s, const struct schedule *schedule);

/* Whether the actor may say that a user is away: the user, a manager of a team that the user is
 * of or whose schedule has the user in a layer, an administrator. */
bool duty_may_send_away(const struct ctx *cx, const struct snapshot *s, const char *user);

/* Whether somebody is a manager of it. */
bool duty_manages(const struct snapshot *s, const char *user, const char *team_id);

/* "pages" and "exhausted_at" of who would be paged. */
struct preview;
void preview_write_pages(struct jsonw *w, const struct preview *p);

#define DUTY_SPAN_MAX DAYS(400)
#define DUTY_SPAN DAYS(14)

struct duty_span {
	usec_t from, to;
};
/* ?from=&to=; from now, for 14 days, when absent. */
MUST_USE struct err *duty_span(struct ctx *cx, const struct request *rq, struct duty_span *ret);

/* One shift, gap or stretch: {"from", "to", "users"}. */
void duty_write_shift(struct jsonw *w, const struct snapshot *s, const struct cal_shift *shift);

/* "shifts" or "gaps": a list of them. */
void duty_write_shifts(struct jsonw *w, const char *key, const struct snapshot *s,
        const struct cal_shift *shifts, size_t n);

/* "holidays": the days of the lists that its layers name, within a span. */
void duty_write_holidays(struct ctx *cx, struct jsonw *w, const struct snapshot *s,
        const struct schedule *schedule, struct duty_span span);

/*
 * Every shift of every schedule in a span that is past, by the configurations that were in
 * force then. Had they changed too often for that: by today's, and by_history is false. A shift
 * lives until fn returns.
 */
struct duty_look {
	struct duty_span past;
	void (*fn)(void *arg, const struct cal_shift *shift);
	void *arg;
	bool by_history; /* set */
};
MUST_USE struct err *duty_each_shift(
        struct ctx *cx, struct request *rq, const struct snapshot *now, struct duty_look *look);

/* "differences": [{"from", "to", "before", "after"}] of a schedule in two configurations. */
void duty_write_differences(struct ctx *cx, struct jsonw *w, const struct snapshot *before,
        const struct snapshot *after, const char *schedule, struct duty_span span);

#endif
