/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One verb on many incidents in one request and one transaction, each by the revision that was
 * seen. What cannot be done to one of them is said of that one and stops none of the others; as
 * with a single one, a refusal comes before anything is written.
 */
#include "api/acts.h"
#include "api/app.h"
#include "api/shapes.h"
#include "config/codecs.h"
#include "engine/incident.h"

#define BULK_MAX 100 /* the writer does nothing else meanwhile */

struct bulk_one {
	int64_t id, revision;
};

struct bulk_body {
	int verb;
	struct vec items; /* struct bulk_one */
	const char *note, *policy;
	usec_t until, span;
	struct target target;
};

#define BULK(member) offsetof(struct bulk_body, member)
#define ONE(member) offsetof(struct bulk_one, member)

/* Merging has a direction and is done one by one. */
static const char *const bulk_verbs[] = { "acknowledge", "resolve", "snooze", "reassign",
	"escalate", "reroute", "note", NULL };

static const struct field one_fields[] = {
	{ "id", FIELD_INT, FIELD_REQUIRED, ONE(id), .min = 1, .max = INT64_MAX,
	        .help = "The incident." },
	{ "revision", FIELD_INT, 0, ONE(revision), .min = 1, .max = INT64_MAX,
	        .help = "As it was seen; absent: whatever it is." },
};
static const struct shape one_shape =
        SHAPE("BulkOne", struct bulk_one, one_fields, "One of many.");

static const struct field bulk_fields[] = {
	{ "verb", FIELD_ENUM, FIELD_REQUIRED, BULK(verb), .names = bulk_verbs,
	        .help = "What is done to each." },
	{ "items", FIELD_LIST, FIELD_REQUIRED, BULK(items), .min = 1, .max = BULK_MAX,
	        .sub = &one_shape, .help = "To which, at most 100." },
	{ "note", FIELD_TEXT, 0, BULK(note), .max = 10000,
	        .help = "A remark for each timeline." },
	{ "until", FIELD_TIME, 0, BULK(until), .help = "snooze: when they wake." },
	{ "for", FIELD_DURATION, 0, BULK(span), .min = 1, .help = "snooze: or how long." },
	{ "target", FIELD_CUSTOM, 0, BULK(target), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "reassign: who is to take them." },
	{ "policy", FIELD_REF, 0, BULK(policy), .ref = "policy",
	        .help = "reroute; absent: each service's policy of today." },
};
static const struct shape bulk_shape =
        SHAPE("Bulk", struct bulk_body, bulk_fields, "One verb on many incidents.");

struct bulk {
	struct incident_act *acts;
	struct err **refused; /* NULL: done */
	size_t n;
};

static struct err *
bulk_run(struct ctx *cx, struct engine *e, void *arg)
{
	struct bulk *b = arg;

	for (size_t i = 0; i < b->n; i++) {
		struct incident_act *act = &b->acts[i];
		struct incident inc;
		b->refused[i] = incident_do(cx, e, act);
		if (b->refused[i] == NULL)
			continue;
		if (!err_is_refusal(b->refused[i]))
			return b->refused[i];
		/* What it is instead: whoever asked can decide without asking again. */
		act->result = NULL;
		if (incident_load(cx, act->incident_id, &inc) == NULL) {
			act->result = ARENA_NEW(&cx->mem, struct incident);
			*act->result = inc;
		}
	}
	return NULL;
}

static void
write_outcome(struct jsonw *w, const struct incident_act *act, const struct err *refused)
{
	jsonw_object(w);
	jsonw_member_int(w, "id", act->incident_id);
	jsonw_member(w, "outcome",
	        refused != NULL        ? "skipped"
	                : act->changed ? "done"
	                               : "unchanged");
	if (refused != NULL) {
		jsonw_member(w, "why", refused->msg);
		jsonw_member_bool(w, "moved", str_null_safe_eq(refused->field, "revision"));
	}
	if (act->result != NULL) {
		jsonw_key(w, "incident");
		shape_encode(w, &incident_shape, act->result);
	}
	jsonw_end_object(w);
}

static void
render_bulk(struct ctx *cx, struct response *rs, void *arg)
{
	const struct bulk *b = arg;
	struct jsonw w = items_json(rs);

	(void)cx;
	for (size_t i = 0; i < b->n; i++)
		write_outcome(&w, &b->acts[i], b->refused[i]);
	items_end(&w, NULL);
}

static struct err *
check_body(struct ctx *cx, enum incident_verb verb, struct bulk_body *body)
{
	if (verb == INCIDENT_REASSIGN && body->target.id == NULL)
		return err_field(cx, ERR_INVALID, "/target", "reassign needs a target");
	return verb == INCIDENT_SNOOZE ? snooze_until(cx, &body->until, body->span) : NULL;
}

static struct err *
bulk(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct bulk_body body = { 0 };
	enum incident_verb verb;

	TRY(request_read(cx, rq, &body));
	if (!incident_verb_named(bulk_verbs[body.verb], &verb))
		return err_new(cx, ERR_BUG, "there is no verb %s", bulk_verbs[body.verb]);
	TRY(check_body(cx, verb, &body));
	const struct bulk_one *items = body.items.items;
	struct bulk b = {
		.acts = ARENA_ARRAY(&cx->mem, body.items.n, struct incident_act),
		.refused = ARENA_ARRAY(&cx->mem, body.items.n, struct err *),
		.n = body.items.n,
	};
	for (size_t i = 0; i < b.n; i++)
		b.acts[i] = (struct incident_act){
			.incident_id = items[i].id,
			.if_revision = items[i].revision,
			.verb = verb,
			.until = body.until,
			.target = body.target,
			.policy = body.policy,
			.text = body.note,
		};
	return app_run_once(cx, rq, rs, bulk_run, &b, render_bulk);
}

static const struct route routes[] = {
	{ "POST", "/api/v1/incidents/bulk", PERM_RESPOND, bulk,
	        "One verb on many incidents, answered for each: done, unchanged, or skipped and why",
	        &bulk_shape, NULL, ROUTE_ONCE, 0 },
};
const struct route_table bulk_routes = { routes, NELEMS(routes) };
