/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A maintenance window holds paging back: the incident opens and is on the record, and its
 * policy begins when the window is over and nobody has settled it meanwhile. What was under way
 * before goes on, and what people do by hand pages at once.
 */
#include "engine/mute.h"

#include "engine/escalation.h"
#include "engine/incident.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "engine/timers.h"
#include "queries.h"

/* The window that covers it now; NULL: none. integration NULL: that of its newest alert. */
static struct err *
find_muting(struct ctx *cx, const struct engine *e, const struct incident *inc,
        const char *integration, const struct muting **ret)
{
	struct engine_text newest = { 0 };
	bool found;

	*ret = NULL;
	if (!snapshot_mutes(e->snapshot))
		return NULL;
	if (integration == NULL) {
		TRY(db_maybe(cx, &q_incident_integration, DB_ARGS(inc->id), &newest, &found));
		integration = found ? newest.value : NULL;
	}
	*ret = snapshot_muting(e->snapshot, inc->service, integration, ctx_now(cx));
	return NULL;
}

static struct err *
wait_for_end(struct ctx *cx, struct engine *e, struct incident *inc, const struct muting *m)
{
	inc->muted_until = m->to;
	return timer_set(cx, e,
	        (struct timer){ .kind = TIMER_MUTE, .due_at = m->to, .incident_id = inc->id });
}

static struct err *
say_muted(struct ctx *cx, struct engine *e, struct incident *inc, const struct muting *m)
{
	const struct window *w = m->window;
	char until[RFC3339_MAX];

	return timeline_add(cx, e,
	        (struct happening){ .type = "incident.muted",
	                .incident = inc,
	                .reason = REASON_MAINTENANCE,
	                .data = event_data(cx, "window", w->c.id, "name", w->c.name, "until",
	                        rfc3339_print(m->to, until), "why", w->reason, NULL) });
}

struct err *
escalation_begin_unless_muted(
        struct ctx *cx, struct engine *e, struct incident *inc, const char *integration)
{
	const struct muting *m;

	TRY(find_muting(cx, e, inc, integration, &m));
	if (m == NULL)
		return escalation_begin(cx, e, inc);
	inc->exhausted_at = 0;
	TRY(say_muted(cx, e, inc, m));
	return wait_for_end(cx, e, inc, m);
}

struct err *
mute_end(struct ctx *cx, struct incident *inc)
{
	if (inc->muted_until == 0)
		return NULL;
	inc->muted_until = 0;
	return timer_cancel(cx, TIMER_MUTE, inc->id, 0);
}

/* The end of the window, or the configuration has changed: it may go on longer, or be gone. */
struct err *
mute_over(struct ctx *cx, struct engine *e, const struct timer *t)
{
	const struct muting *m;
	struct incident inc;

	TRY(incident_load(cx, t->incident_id, &inc));
	if (inc.muted_until == 0)
		return NULL;
	usec_t before = inc.muted_until;
	TRY(find_muting(cx, e, &inc, NULL, &m));
	if (m == NULL) {
		inc.muted_until = 0;
		TRY(timeline_add(cx, e,
		        (struct happening){ .type = "incident.unmuted", .incident = &inc }));
		TRY(escalation_begin(cx, e, &inc));
		return incident_store(cx, &inc);
	}
	TRY(wait_for_end(cx, e, &inc, m));
	if (m->to == before)
		return NULL;
	TRY(say_muted(cx, e, &inc, m));
	return incident_store(cx, &inc);
}

struct err *
mute_look_again(struct ctx *cx)
{
	return db_post(
	        cx, &q_timers_due_now, DB_ARGS(timer_kind_names[TIMER_MUTE], ctx_now(cx)));
}
