/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transaction of the engine begins and ends with: the turn, the snapshot it works with,
 * the ids of the next rows, and the head of the organisation's chain. All of it is re-read
 * after a roll-back and after somebody else's turn, so memory never knows more than the
 * database.
 */
#include "engine/engine.h"

#include <stdio.h>

#include "base/log.h"
#include "engine/duty.h"
#include "engine/escalation.h"
#include "engine/mute.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

static const struct db_col engine_ids_cols[] = {
	DB_COL(struct engine_ids, signal),
	DB_COL(struct engine_ids, incident),
	DB_COL(struct engine_ids, alert),
	DB_COL(struct engine_ids, run),
	DB_COL(struct engine_ids, callout),
	DB_COL(struct engine_ids, page),
	DB_COL(struct engine_ids, timer),
	DB_COL(struct engine_ids, event),
	DB_COL(struct engine_ids, rejected),
};
const struct db_row engine_ids_row = DB_ROW(struct engine_ids, engine_ids_cols);

static const struct db_col engine_count_cols[] = { DB_COL(struct engine_count, n) };
const struct db_row engine_count_row = DB_ROW(struct engine_count, engine_count_cols);

static const struct db_col engine_text_cols[] = { DB_COL(struct engine_text, value) };
const struct db_row engine_text_row = DB_ROW(struct engine_text, engine_text_cols);

struct turn {
	int64_t generation, revision;
};
static const struct db_col turn_cols[] = {
	DB_COL(struct turn, generation),
	DB_COL(struct turn, revision),
};
extern const struct db_row turn_row;
const struct db_row turn_row = DB_ROW(struct turn, turn_cols);

void
engine_init(struct engine *e, struct config *config)
{
	*e = (struct engine){ .config = config, .node = "" };
}

static struct err *
load_state(struct ctx *cx, struct engine *e)
{
	struct engine_text chain = { 0 };
	bool found;

	TRY(db_one(cx, &q_engine_next_ids, DB_NO_ARGS, &e->ids));
	TRY(db_maybe(cx, &q_state_get, DB_ARGS(ORG_CHAIN), &chain, &found));
	snprintf(e->org_chain, sizeof e->org_chain, "%s", found ? chain.value : "");
	e->ids_known = true;
	return NULL;
}

static struct err *
follow_revision(struct ctx *cx, struct engine *e, int64_t revision)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = config_current(e->config);

	return revision == snapshot_revision(s) ? NULL : config_load(cx, e->config);
}

/* A generation that is lower than ours has been is another database: an old copy was restored,
 * or a standby took over that had not yet got everything. What is gone is gone; it is said. */
static void
compare_generation(struct ctx *cx, const struct engine *e, const struct turn *turn)
{
	if (turn->generation <= e->generation)
		log_error(cx, "turn",
		        "the database went back: turn %lld after %lld; what was written "
		        "between is lost",
		        (long long)turn->generation, (long long)e->generation);
}

static struct err *
take_turn(struct ctx *cx, struct engine *e)
{
	struct turn turn;

	TRY(db_take_turn(cx));
	TRY(db_one(cx, &q_turn_take, DB_ARGS(e->node), &turn));
	compare_generation(cx, e, &turn);
	if (turn.generation != e->generation + 1)
		e->ids_known = false;
	e->generation = turn.generation - 1;
	TRY(follow_revision(cx, e, turn.revision));
	return e->ids_known ? NULL : load_state(cx, e);
}

struct err *
engine_look(struct ctx *cx, struct engine *e)
{
	struct turn turn;
	bool found;

	TRY(db_maybe(cx, &q_turn_now, DB_NO_ARGS, &turn, &found));
	return found ? follow_revision(cx, e, turn.revision) : NULL;
}

struct err *
engine_begin(struct ctx *cx, struct engine *e)
{
	TRY(take_turn(cx, e));
	e->snapshot = config_current(e->config);
	e->org_chain_changed = false;
	e->first_event = e->ids.event;
	e->pages_queued = false;
	e->published = NULL;
	e->foresight = NULL;
	e->hindsight = 0;
	return NULL;
}

struct err *
engine_flush(struct ctx *cx, struct engine *e)
{
	if (!e->org_chain_changed)
		return NULL;
	e->org_chain_changed = false;
	return db_post(cx, &q_state_set, DB_ARGS(ORG_CHAIN, (const char *)e->org_chain));
}

void
engine_committed(struct engine *e)
{
	e->generation++;
	if (e->published != NULL)
		config_publish(e->config, e->published);
	snapshot_unref(e->snapshot);
	e->snapshot = NULL;
}

void
engine_rolled_back(struct engine *e)
{
	e->ids_known = false;
	snapshot_unref(e->snapshot);
	e->snapshot = NULL;
}

static struct err *
run_and_commit(struct ctx *cx, struct engine *e, engine_fn *fn, void *arg)
{
	TRY(engine_begin(cx, e));
	TRY(fn(cx, e, arg));
	TRY(engine_flush(cx, e));
	return db_commit(cx);
}

struct err *
engine_run(struct ctx *cx, struct engine *e, struct db *db, engine_fn *fn, void *arg)
{
	TRY(db_begin(cx, db, DB_WRITE));
	struct err *failed = run_and_commit(cx, e, fn, arg);
	if (failed != NULL) {
		db_rollback(cx);
		engine_rolled_back(e);
		return failed;
	}
	engine_committed(e);
	return NULL;
}

/* The words of the event: "service/checkout, user/bob", the first few of many. */
static const char *
changed_list(struct ctx *cx, const struct plan *plan)
{
	struct buf list = BUF_INIT(&cx->mem, 500);

	for (size_t i = 0; i < plan->n && !list.cut; i++)
		buf_printf(&list, "%s%s %s/%s", i == 0 ? "" : ", ",
		        verb_names[plan->items[i].verb], kind_name(plan->items[i].kind),
		        plan->items[i].id);
	return buf_cstr(&list);
}

struct err *
engine_apply(struct ctx *cx, struct engine *e, const struct plan *plan)
{
	if (plan->n == 0)
		return NULL;
	TRY(config_commit(cx, e->config, plan));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "config.changed",
	                .data = event_data(cx, "revision",
	                        int_text(cx, snapshot_revision(plan->candidate)), "changes",
	                        changed_list(cx, plan), "source", plan->options.source,
	                        "message", plan->options.message, NULL) }));

	/* What follows in this transaction already works with the new configuration. */
	snapshot_unref(e->snapshot);
	e->snapshot = snapshot_ref(plan->candidate);
	e->published = plan;
	TRY(duty_look_again(cx, e));
	TRY(mute_look_again(cx));
	return escalation_look_again(cx, e);
}
