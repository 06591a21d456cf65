/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/scenarios/run: a scenario as text, run on a clock of its own. One at a time:
 * whoever asks meanwhile is told to ask again. */
#include <stdatomic.h>

#include "api/app.h"
#include "api/described.h"
#include "sim/trial.h"

struct run_body {
	const char *text;
};
static const struct field run_fields[] = {
	{ "text", FIELD_TEXT, FIELD_REQUIRED, offsetof(struct run_body, text), .min = 1,
	        .max = TRIAL_TEXT_MAX,
	        .help = "The scenario. `use present` is the configuration in force; files it may "
	                "not name." },
};
static const struct shape run_shape =
        SHAPE("ScenarioRun", struct run_body, run_fields, "A scenario to run.");

/* Without what is secret: a trial has keys of its own, and contacts that sign nothing. */
static void
write_without_secrets(struct jsonw *w, const struct json *v)
{
	if (v->type == JSON_OBJECT) {
		jsonw_object(w);
		for (size_t i = 0; i < v->object.n; i++) {
			const struct json_member *m = &v->object.members[i];
			if (m->value.type == JSON_STRING && str_is(m->value.string, "(kept)"))
				continue;
			jsonw_key_str(w, m->key);
			write_without_secrets(w, &m->value);
		}
		jsonw_end_object(w);
	} else if (v->type == JSON_ARRAY) {
		jsonw_array(w);
		for (size_t i = 0; i < v->array.n; i++)
			write_without_secrets(w, &v->array.items[i]);
		jsonw_end_array(w);
	} else {
		jsonw_tree(w, v);
	}
}

#define PRESENT_MAX (64 * 1024 * 1024)

static struct err *
present_set(struct ctx *cx, const struct snapshot *s, struct change_set *ret)
{
	struct buf out = BUF_INIT(&cx->mem, PRESENT_MAX),
	           plain = BUF_INIT(&cx->mem, PRESENT_MAX);
	struct jsonw w = JSONW(&plain);
	struct json *tree;

	TRY(config_export_json(cx, s, &out));
	TRY(json_parse(cx, buf_view(&out), JSON_LIMITS_CONFIG, &tree));
	write_without_secrets(&w, tree);
	TRY(json_parse(cx, buf_view(&plain), JSON_LIMITS_CONFIG, &tree));
	return change_set_from_json(cx, tree, ret);
}

static struct err *
run_locked(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct change_set present = { 0 };
	struct run_body b;

	TRY(request_read(cx, rq, &b));
	TRY(present_set(cx, s, &present));
	struct jsonw w = response_json(rs, 200);
	return trial_run(cx, str_from(b.text), &present, &w);
}

static struct err *
run(struct ctx *cx, struct request *rq, struct response *rs)
{
	static atomic_flag busy = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&busy))
		return err_new(cx, ERR_UNAVAILABLE,
		        "another scenario is being run: try again in a moment");
	struct err *e = run_locked(cx, rq, rs);
	atomic_flag_clear(&busy);
	return e;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/scenarios/run", PERM_MANAGE, run,
	        "Runs a scenario on a clock of its own; nothing is kept and nobody is paged",
	        &run_shape, &trial_described, 0, 0 },
};
const struct route_table scenario_routes = { routes, NELEMS(routes) };
