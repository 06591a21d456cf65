/* SPDX-License-Identifier: Apache-2.0 */
#include "api/trouble.h"

#include "queries.h"

#define LAG_MAX MINUTES(2) /* due work older than this means that nobody does it */
#define CLOCK_TOLD HOURS(1)
#define FAILED_LATELY HOURS(1)

/* ---- grave ---- */

struct overdue {
	int64_t page, timer; /* when the oldest was due; 0: none waits */
};
static const struct db_col overdue_cols[] = {
	DB_COL(struct overdue, page),
	DB_COL(struct overdue, timer),
};
extern const struct db_row overdue_row;
const struct db_row overdue_row = DB_ROW(struct overdue, overdue_cols);

static usec_t
lag(usec_t due, usec_t now)
{
	return due == 0 || due > now ? 0 : now - due;
}

const char *
trouble_grave(struct ctx *cx, struct request *rq)
{
	struct writer_stats ws;
	struct overdue o;
	const char *why;

	if (!app_turns(app_of(rq), &why))
		return why;
	writer_stats(app_of(rq)->writer, &ws);
	if (!ws.healthy)
		return arena_printf(&cx->mem, "nothing can be written: %s", ws.trouble);
	if (atomic_load(&app_of(rq)->name_taken))
		return "another process calls itself by this node's name; see --node";
	struct err *e = app_read(cx, rq);
	if (e == NULL)
		e = db_one(cx, &q_api_overdue, DB_NO_ARGS, &o);
	if (e != NULL)
		return arena_printf(&cx->mem, "nothing can be read: %s", err_text(cx, e));
	if (lag(o.timer, ctx_now(cx)) > LAG_MAX || lag(o.page, ctx_now(cx)) > LAG_MAX)
		return "work that is due is not being done";
	return NULL;
}

/* ---- light ---- */

struct struggling {
	const char *channel;
	int64_t n, since;
	const char *error;
};
static const struct db_col struggling_cols[] = {
	DB_COL(struct struggling, channel),
	DB_COL(struct struggling, n),
	DB_COL(struct struggling, since),
	DB_COL(struct struggling, error),
};
extern const struct db_row struggling_row;
const struct db_row struggling_row = DB_ROW(struct struggling, struggling_cols);

static void
add(struct ctx *cx, struct troubles *t, struct trouble one)
{
	ARENA_PUSH(&cx->mem, t->items, t->n, t->cap) = one;
}

static void
add_channels(struct ctx *cx, struct troubles *t, const struct struggling *items, size_t n,
        const char *what)
{
	char since[RFC3339_MAX];

	for (size_t i = 0; i < n; i++)
		add(cx, t,
		        (struct trouble){
		                arena_printf(&cx->mem, "channel/%s", items[i].channel),
		                arena_printf(&cx->mem, "%lld %s, the first made at %s",
		                        (long long)items[i].n, what,
		                        rfc3339_print(items[i].since, since)),
		                items[i].error });
}

static struct err *
look_at_channels(struct ctx *cx, struct troubles *t)
{
	struct struggling *items;
	size_t n;

	TRY(db_list(cx, &q_api_pages_struggling, DB_NO_ARGS, &items, &n));
	add_channels(cx, t, items, n, "pages could not be sent yet and are tried again");
	TRY(db_list(cx, &q_api_pages_failed_lately, DB_ARGS(ctx_now(cx) - FAILED_LATELY),
	        &items, &n));
	add_channels(cx, t, items, n, "pages of the last hour failed for good");
	return NULL;
}

static void
look_at_clock(struct ctx *cx, const struct writer_stats *ws, struct troubles *t)
{
	usec_t step = ws->clock_step;
	char at[RFC3339_MAX], span[DURATION_MAX];

	if (step == 0 || ctx_now(cx) > ws->clock_stepped_at + CLOCK_TOLD)
		return;
	step = step / USEC_PER_SEC * USEC_PER_SEC;
	add(cx, t,
	        (struct trouble){ "clock",
	                arena_printf(&cx->mem,
	                        "it was set %s by %s, to %s; what waits goes by the new time",
	                        step > 0 ? "forward" : "back",
	                        duration_print(step > 0 ? step : -step, span),
	                        rfc3339_print(ws->clock_stepped_at, at)),
	                NULL });
}

struct err *
trouble_light(struct ctx *cx, struct request *rq, struct troubles *ret)
{
	struct writer_stats ws;

	*ret = (struct troubles){ 0 };
	writer_stats(app_of(rq)->writer, &ws);
	look_at_clock(cx, &ws, ret);
	TRY(app_read(cx, rq));
	return look_at_channels(cx, ret);
}
