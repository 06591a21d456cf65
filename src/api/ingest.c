/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses for signals. These handlers run on the server's own thread: they read the body,
 * queue the command and return; the answer is completed by the writer, after the commit.
 */
#include "ingest/ingest.h"

#include <inttypes.h>

#include "api/app.h"
#include "api/described.h"
#include "api/shapes.h"
#include "api/tally.h"
#include "queries.h"

/* One request on its way through the writer; lives in the request's memory. */
struct passage {
	struct command cmd;
	struct delivery d;
	const struct protocol *protocol;
	struct request *rq;
	struct response *rs;
	const struct snapshot *snapshot;
	bool by_old_key;
	struct rejection rejection; /* when it was refused */
	struct err *refusal;
};

/* ---- answers ---- */

static void
take_answer(struct response *rs, const struct answer *a)
{
	rs->status = a->status;
	rs->type = a->content_type != NULL ? a->content_type : "application/json";
	rs->body = a->body;
}

static struct answer
new_answer(struct ctx *cx)
{
	return (struct answer){ .body = BUF_INIT(&cx->mem, HTTP_ANSWER_MAX) };
}

static void
answer_refusal(struct ctx *cx, struct passage *p, const struct err *e)
{
	struct answer a = new_answer(cx);

	response_problem(cx, p->rs, e);
	a.status = p->rs->status;
	p->protocol->refused(cx, e, &a);
	if (a.body.len > 0)
		take_answer(p->rs, &a);
}

static void
answer_result(struct ctx *cx, struct passage *p)
{
	struct app *app = app_of(p->rq);
	struct answer a = new_answer(cx);

	if (p->cmd.result != NULL) {
		answer_refusal(cx, p, p->cmd.result);
	} else if (p->refusal != NULL) {
		answer_refusal(cx, p, p->refusal);
	} else {
		atomic_fetch_add(&app->signals, p->d.intake.n);
		tally_intake(app->tallies, &p->d.intake, p->by_old_key, p->d.now);
		p->protocol->accepted(cx, &p->d, &a);
		take_answer(p->rs, &a);
	}
}

static void
done(struct command *cmd)
{
	struct passage *p = cmd->owner;

	answer_result(cmd->cx, p);
	snapshot_unref(p->snapshot);
	http_complete(p->rq);
}

static struct err *
submit(struct ctx *cx, struct passage *p)
{
	struct app *app = app_of(p->rq);

	p->cmd.cx = cx;
	p->cmd.done = done;
	p->cmd.owner = p;
	p->rs->pending = true;
	if (http_hold(p->rq) && writer_submit(app->writer, &p->cmd))
		return NULL;
	atomic_fetch_add(&app->overloaded, 1);
	snapshot_unref(p->snapshot);
	p->rs->pending = false;
	return err_new(cx, ERR_UNAVAILABLE, "too many signals wait; send it again");
}

/* ---- ways in ---- */

/* Refused as a whole: nothing changes but the list of what was refused. */
static struct err *
refuse(struct ctx *cx, struct passage *p, struct err *e)
{
	atomic_fetch_add(&app_of(p->rq)->rejected, 1);
	response_problem(cx, p->rs, e); /* for its status */
	p->refusal = e;
	p->rejection = (struct rejection){ .integration = p->d.integration->c.id,
		.status = p->rs->status,
		.reason = err_text(cx, e),
		.sample = p->rq->body };
	p->cmd.run = intake_reject_run;
	p->cmd.arg = &p->rejection;
	return submit(cx, p);
}

static struct err *
pass(struct ctx *cx, struct passage *p)
{
	p->d.body = p->rq->body;
	p->d.now = ctx_now(cx);
	cx->actor = (struct actor){ ACTOR_INTEGRATION, p->d.integration->c.id,
		p->protocol->name, ROLE_NONE };
	struct err *e = p->protocol->read(cx, &p->d);
	if (e != NULL)
		return refuse(cx, p, e);
	p->d.intake.integration = p->d.integration->c.id;
	intake_prepare(cx, p->snapshot, &p->d.intake);
	p->cmd.run = intake_run;
	p->cmd.arg = &p->d.intake;
	return submit(cx, p);
}

/* The key is all that a sender has to show; a wrong one is told nothing else. */
static struct err *
enter(struct ctx *cx, struct request *rq, struct response *rs, struct str key,
        struct passage **ret)
{
	struct passage *p = ARENA_NEW(&cx->mem, struct passage);

	p->rq = rq;
	p->rs = rs;
	p->snapshot = app_snapshot(rq);
	p->d.integration =
	        snapshot_integration_by_key(p->snapshot, key, ctx_now(cx), &p->by_old_key);
	*ret = p;
	if (p->d.integration != NULL)
		return NULL;
	snapshot_unref(p->snapshot);
	return err_new(cx, ERR_NOT_FOUND, "no integration has this key");
}

static struct err *
plain(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct passage *p;

	TRY(enter(cx, rq, rs, str_from(request_param(rq, "key")), &p));
	p->protocol = &protocols[protocol_of(p->d.integration->type)];
	return pass(cx, p);
}

static struct err *
native(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct str header = str_from(request_header(rq, "Authorization"));
	struct str scheme = str_word(&header);
	struct passage *p;

	if (!str_is(scheme, "Bearer") && !str_is(scheme, "bearer")) {
		rs->status = 401;
		return err_new(cx, ERR_DENIED,
		        "send the integration's key: Authorization: Bearer KEY");
	}
	if (enter(cx, rq, rs, str_word(&header), &p) != NULL) {
		rs->status = 401;
		return err_new(cx, ERR_DENIED, "no integration has this key");
	}
	p->protocol = &protocols[PROTOCOL_NATIVE];
	return pass(cx, p);
}

static struct err *
alertmanager(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct passage *p;

	TRY(enter(cx, rq, rs, str_from(request_param(rq, "key")), &p));
	p->protocol = &protocols[PROTOCOL_ALERTMANAGER_V2];
	return pass(cx, p);
}

static struct err *
victorops(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *routing = request_param(rq, "routing_key");
	struct passage *p;

	TRY(enter(cx, rq, rs, str_from(request_param(rq, "key")), &p));
	p->protocol = &protocols[PROTOCOL_VICTOROPS];
	p->d.routing_key = routing[0] == '\0' ? NULL : routing;
	return pass(cx, p);
}

static const struct route routes[] = {
	{ "POST", "/in/{key}/api/v2/alerts", PERM_PUBLIC, alertmanager,
	        "Alerts as Prometheus sends them to an Alertmanager", NULL, NULL,
	        ROUTE_INLINE | ROUTE_HIDDEN, 0 },
	{ "POST", "/in/{key}", PERM_PUBLIC, plain, "Signals in the integration's own format",
	        NULL, NULL, ROUTE_INLINE | ROUTE_HIDDEN, 0 },
	{ "POST", "/api/v1/signals", PERM_PUBLIC, native,
	        "Signals: one object or an array, with the integration's key as bearer token",
	        &native_signal_shape, &accepted_described, ROUTE_INLINE | ROUTE_MANY, 0 },
	{ "POST", "/integrations/generic/20131114/alert/{key}/{routing_key}", PERM_PUBLIC,
	        victorops, "The VictorOps REST endpoint", NULL, NULL,
	        ROUTE_INLINE | ROUTE_HIDDEN, 0 },
	{ "POST", "/integrations/generic/20131114/alert/{key}", PERM_PUBLIC, victorops,
	        "The VictorOps REST endpoint", NULL, NULL, ROUTE_INLINE | ROUTE_HIDDEN, 0 },
};
const struct route_table ingest_routes = { routes, NELEMS(routes) };
