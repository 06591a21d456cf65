/* SPDX-License-Identifier: Apache-2.0 */
/* What each integration heard and each rule took: one answer for a whole list of them. */
#include "api/app.h"
#include "api/shapes.h"
#include "api/tally.h"
#include "queries.h"

#define SILENT_AFTER DAYS(1)

struct heard {
	const char *integration;
	int64_t signals, day, week, last_at, silent_since, old_key_at;
	int64_t refused_at, refused_status;
	const char *refused_reason;
};

#define HEARD(member) offsetof(struct heard, member)

static const struct field heard_fields[] = {
	{ "integration", FIELD_SLUG, FIELD_REQUIRED, HEARD(integration), .help = "Which." },
	{ "signals", FIELD_INT, FIELD_REQUIRED, HEARD(signals), .help = "How many ever came." },
	{ "day", FIELD_INT, FIELD_REQUIRED, HEARD(day),
	        .help = "In the last 24 hours, by whole hours." },
	{ "week", FIELD_INT, FIELD_REQUIRED, HEARD(week),
	        .help = "In the last 7 days, by whole hours." },
	{ "last_at", FIELD_TIME, 0, HEARD(last_at), .help = "When the newest came." },
	{ "silent_since", FIELD_TIME, 0, HEARD(silent_since),
	        .help = "When the newest came, if that was a day ago or longer." },
	{ "old_key_at", FIELD_TIME, 0, HEARD(old_key_at),
	        .help = "When a sender last used a key that was replaced." },
	{ "refused_at", FIELD_TIME, 0, HEARD(refused_at),
	        .help = "When something was last refused." },
	{ "refused_status", FIELD_INT, 0, HEARD(refused_status), .help = "What was answered." },
	{ "refused_reason", FIELD_STRING, 0, HEARD(refused_reason), .help = "Why." },
};
static const struct shape heard_shape =
        SHAPE("Heard", struct heard, heard_fields, "What an integration heard.");

struct hearing {
	struct ctx *cx;
	const struct tally_row *all, *old;
	size_t n_all, n_old;
	struct rejected_row *refused;
	size_t n_refused;
};

static void
add_refused(const struct hearing *h, struct heard *out)
{
	for (size_t i = 0; i < h->n_refused; i++) {
		const struct rejected_row *r = &h->refused[i];
		if (strcmp(r->integration, out->integration) != 0)
			continue;
		out->refused_at = r->at;
		out->refused_status = r->status;
		out->refused_reason = r->reason;
	}
}

static struct heard
heard_of(const struct hearing *h, const char *id)
{
	const struct tally_row *t = tally_find(h->all, h->n_all, id);
	const struct tally_row *old = tally_find(h->old, h->n_old, id);
	struct heard out = { .integration = id };

	if (t != NULL) {
		out.signals = t->n;
		out.day = t->day;
		out.week = t->week;
		out.last_at = t->last_at;
		if (ctx_now(h->cx) - t->last_at >= SILENT_AFTER)
			out.silent_since = t->last_at;
	}
	out.old_key_at = old == NULL ? 0 : old->last_at;
	add_refused(h, &out);
	return out;
}

static struct err *
heard(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	struct tallies *tallies = app_of(rq)->tallies;
	struct hearing h = { .cx = cx };
	struct tally_row *all, *old;
	struct slice part;
	size_t n;
	const struct document *const *docs = snapshot_list(s, KIND_INTEGRATION, &n);

	TRY(slice_of(cx, rq, docs, n, document_at, &part));
	TRY(app_read(cx, rq));
	TRY(tally_list(cx, tallies, TALLY_INTEGRATION, &all, &h.n_all));
	TRY(tally_list(cx, tallies, TALLY_OLD_KEY, &old, &h.n_old));
	TRY(db_list(cx, &q_api_rejected_newest, DB_NO_ARGS, &h.refused, &h.n_refused));
	h.all = all;
	h.old = old;
	struct jsonw w = items_json(rs);
	for (size_t i = part.first; i < part.end; i++) {
		struct heard one = heard_of(&h, docs[i]->id);
		shape_encode(&w, &heard_shape, &one);
	}
	items_end(&w, part.next);
	return NULL;
}

/* ---- rules ---- */

struct rule_taking {
	const char *set, *rule;
	int64_t n, day, week, last_at;
};

#define RULE(member) offsetof(struct rule_taking, member)

static const struct field rule_taking_fields[] = {
	{ "set", FIELD_SLUG, FIELD_REQUIRED, RULE(set), .help = "The rule set." },
	{ "rule", FIELD_STRING, FIELD_REQUIRED, RULE(rule), .help = "The rule in it." },
	{ "signals", FIELD_INT, FIELD_REQUIRED, RULE(n), .help = "How many it ever took." },
	{ "day", FIELD_INT, FIELD_REQUIRED, RULE(day),
	        .help = "In the last 24 hours, by whole hours." },
	{ "week", FIELD_INT, FIELD_REQUIRED, RULE(week),
	        .help = "In the last 7 days, by whole hours." },
	{ "last_at", FIELD_TIME, 0, RULE(last_at), .help = "When it took the newest." },
};
static const struct shape rule_taking_shape = SHAPE(
        "RuleHits", struct rule_taking, rule_taking_fields, "How many signals a rule took.");

static void
write_rule(struct jsonw *w, const char *set, const char *rule, const struct tally_row *found)
{
	struct rule_taking one = { .set = set, .rule = rule };

	if (found != NULL) {
		one.n = found->n;
		one.day = found->day;
		one.week = found->week;
		one.last_at = found->last_at;
	}
	shape_encode(w, &rule_taking_shape, &one);
}

static struct err *
rule_hits(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const char *wanted = filter(rq, "set"), *rule;
	struct tally_row *rows;
	size_t n, n_sets;
	const struct ruleset *const *sets = snapshot_rules(s, &n_sets);

	TRY(app_read(cx, rq));
	TRY(tally_list(cx, app_of(rq)->tallies, TALLY_RULE, &rows, &n));
	struct jsonw w = items_json(rs);
	for (size_t i = 0; i < n_sets; i++) {
		const char *set = snapshot_ruleset_id(s, i);
		if (wanted[0] != '\0' && strcmp(wanted, set) != 0)
			continue;
		for (size_t k = 0; (rule = ruleset_rule(sets[i], k)) != NULL; k++)
			write_rule(&w, set, rule,
			        tally_find(
			                rows, n, arena_printf(&cx->mem, "%s/%s", set, rule)));
	}
	items_end(&w, NULL);
	return NULL;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/heard", PERM_READ, heard,
	        "What each integration heard: its last signal, how many came, what was refused",
	        NULL, &heard_shape, ROUTE_LIST, 0 },
	{ "GET", "/api/v1/rules/hits", PERM_READ, rule_hits,
	        "How many signals each rule took in the last 7 days, in the rules' order; ?set=",
	        NULL, &rule_taking_shape, ROUTE_ALL, 0 },
};
const struct route_table heard_routes = { routes, NELEMS(routes) };
