/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the record as one hash: two databases that tell the same story have the same. */
#include <inttypes.h>

#include "engine/model.h"
#include "queries.h"
#include "sim/tape.h"

struct signal_kept {
	int64_t id, at;
	const char *integration, *action, *severity, *scope, *dedup_key, *outcome;
	int64_t alert_id, incident_id;
	const char *body;
};
static const struct db_col signal_kept_cols[] = {
	DB_COL(struct signal_kept, id),
	DB_COL(struct signal_kept, at),
	DB_COL(struct signal_kept, integration),
	DB_COL(struct signal_kept, action),
	DB_COL(struct signal_kept, severity),
	DB_COL(struct signal_kept, scope),
	DB_COL(struct signal_kept, dedup_key),
	DB_COL(struct signal_kept, outcome),
	DB_COL(struct signal_kept, alert_id),
	DB_COL(struct signal_kept, incident_id),
	DB_COL(struct signal_kept, body),
};
extern const struct db_row signal_kept_row;
const struct db_row signal_kept_row = DB_ROW(struct signal_kept, signal_kept_cols);

/* What commits are called is drawn at random, and so is what secrets are sealed with: of
 * neither is there anything here. */
static const struct db_query *const tables[] = { &q_sim_signals, &q_sim_alerts,
	&q_sim_incidents, &q_sim_runs, &q_sim_callouts, &q_sim_pages, &q_sim_timers,
	&q_sim_events, &q_sim_briefs, &q_sim_roles, &q_sim_attendants, &q_sim_line_marks };

struct feeding {
	uint64_t h;
	const struct db_row *row;
};

static void
feed(struct feeding *f, const void *p, size_t len)
{
	f->h = fnv1a(f->h, p, len);
}

static void
feed_text(struct feeding *f, const char *s)
{
	size_t len = s == NULL ? SIZE_MAX : strlen(s);

	feed(f, &len, sizeof len);
	if (s != NULL)
		feed(f, s, len);
}

static void
feed_cell(struct feeding *f, const struct db_col *col, const char *at)
{
	switch (col->type) {
	case DB_TEXT:
		feed_text(f, *(const char *const *)(const void *)at);
		return;
	case DB_INT64:
		feed(f, at, sizeof(int64_t));
		return;
	case DB_INT32:
	case DB_ENUM:
		feed(f, at, sizeof(int));
		return;
	case DB_BOOL:
		feed(f, at, sizeof(bool));
		return;
	}
}

static struct err *
feed_row(struct ctx *cx, void *arg, void *row)
{
	struct feeding *f = arg;

	(void)cx;
	for (size_t i = 0; i < f->row->n_cols; i++)
		feed_cell(f, &f->row->cols[i], (const char *)row + f->row->cols[i].offset);
	return NULL;
}

struct err *
record_digest(struct ctx *cx, const char **ret)
{
	struct feeding f = { .h = FNV1A_INIT };

	for (size_t i = 0; i < NELEMS(tables); i++) {
		f.row = tables[i]->row;
		feed_text(&f, tables[i]->name);
		TRY(db_each(cx, tables[i], DB_NO_ARGS, feed_row, &f));
	}
	*ret = arena_printf(&cx->mem, "%016" PRIx64, f.h);
	return NULL;
}
