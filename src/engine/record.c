/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a message beside what it did: its normalised form, or why it was refused. */
#include "engine/intake.h"
#include "engine/rows.h"
#include "queries.h"

static void
write_pairs(struct jsonw *w, const char *key, const struct pair *pairs, size_t n)
{
	if (n == 0)
		return;
	jsonw_key(w, key);
	jsonw_object(w);
	for (size_t i = 0; i < n; i++)
		jsonw_member(w, pairs[i].id, pairs[i].value);
	jsonw_end_object(w);
}

#define SIGNAL_JSON_MAX (2 * 1024 * 1024)

/* So that the signal as it came can be told from what rules made of it. */
static void
write_changes(struct jsonw *w, const struct rule_outcome *rules)
{
	if (rules->n_changes == 0)
		return;
	jsonw_key(w, "changed");
	jsonw_array(w);
	for (size_t i = 0; i < rules->n_changes; i++) {
		const struct rule_change *c = &rules->changes[i];
		jsonw_object(w);
		jsonw_member(w, "rule", c->rule);
		jsonw_member(w, "field", c->field);
		jsonw_member_opt(w, "before", c->before);
		jsonw_member(w, "after", c->after);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

struct str
signal_json(struct ctx *cx, const struct signal *s, const struct rule_outcome *rules)
{
	struct buf out = BUF_INIT(&cx->mem, SIGNAL_JSON_MAX);
	struct jsonw w = JSONW(&out);

	jsonw_object(&w);
	jsonw_member(&w, "action", signal_action_names[s->action]);
	jsonw_member(&w, "dedup_key", s->dedup_key);
	jsonw_member(&w, "severity", severity_names[s->severity]);
	jsonw_member(&w, "summary", s->summary);
	jsonw_member_opt(&w, "details", s->details);
	jsonw_member_opt(&w, "service", s->service);
	jsonw_member_opt(&w, "routing_key", s->routing_key);
	jsonw_member_opt(&w, "source", s->source);
	jsonw_member_opt(&w, "author", s->author);
	write_pairs(&w, "labels", s->labels, s->n_labels);
	write_pairs(&w, "links", s->links, s->n_links);
	write_pairs(&w, "images", s->images, s->n_images);
	write_pairs(&w, "notes", s->notes, s->n_notes);
	jsonw_member_time_opt(&w, "time", s->time);
	if (s->raw != NULL) {
		jsonw_key(&w, "raw");
		jsonw_raw(&w, s->raw_text);
	}
	write_changes(&w, rules);
	jsonw_end_object(&w);
	return buf_view(&out);
}

struct err *
intake_reject(struct ctx *cx, struct engine *e, const struct rejection *r)
{
	struct str sample = utf8_clip(r->sample, REJECTED_SAMPLE_MAX);

	if (!utf8_valid(sample))
		sample = STR("(not UTF-8)");
	TRY(db_post(cx, &q_rejected_add,
	        DB_ARGS(e->ids.rejected++, ctx_now(cx), r->integration, r->status, r->reason,
	                sample)));
	return db_post(cx, &q_rejected_trim, DB_ARGS(r->integration, (int64_t)REJECTED_KEPT));
}

struct err *
intake_reject_run(struct ctx *cx, struct engine *e, void *arg)
{
	return intake_reject(cx, e, arg);
}
