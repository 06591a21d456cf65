/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VictorOps REST endpoint: a flat object, its kind in message_type, its identity in
 * entity_id. Generous as the original is: values may be numbers or nested, unknown fields are
 * kept, an unknown message_type counts as information and is marked; only a missing one is
 * refused.
 */
#include <strings.h>

#include "base/random.h"
#include "ingest/protocols.h"

static const struct {
	const char *word;
	enum signal_action action;
	enum severity severity;
} kinds[] = {
	{ "CRITICAL", SIGNAL_TRIGGER, SEVERITY_CRITICAL },
	{ "WARNING", SIGNAL_TRIGGER, SEVERITY_WARNING },
	{ "INFO", SIGNAL_TRIGGER, SEVERITY_INFO },
	{ "ACKNOWLEDGEMENT", SIGNAL_ACKNOWLEDGE, SEVERITY_INFO },
	{ "ACKNOWLEDGMENT", SIGNAL_ACKNOWLEDGE, SEVERITY_INFO },
	{ "ACK", SIGNAL_ACKNOWLEDGE, SEVERITY_INFO },
	{ "RECOVERY", SIGNAL_RESOLVE, SEVERITY_INFO },
	{ "RESOLVE", SIGNAL_RESOLVE, SEVERITY_INFO },
	{ "RESOLVED", SIGNAL_RESOLVE, SEVERITY_INFO },
	{ "OK", SIGNAL_RESOLVE, SEVERITY_INFO },
};

/* Members with a place of their own in the signal; every other one becomes a label. */
static const char *const placed[] = { "message_type", "entity_id", "entity_display_name",
	"state_message", "state_start_time", "timestamp", "routing_key", "api_key",
	"ack_author", "alert_url", "image_url" };

#define ANNOTATE "vo_annotate."
#define ANNOTATION_MAX 1124

static bool
is_placed(struct str key)
{
	for (size_t i = 0; i < NELEMS(placed); i++)
		if (str_is(key, placed[i]))
			return true;
	return false;
}

struct gathered {
	struct pairs labels, links, images, notes;
};

/* vo_annotate.{u,i,s}.Title: a link, a picture, a note. */
static void
annotate(struct ctx *cx, struct gathered *g, struct str rest, const char *value)
{
	struct str kind = str_cut(&rest, '.');
	const char *text = ingest_clip(cx, str_from(value), ANNOTATION_MAX);

	if (str_is(kind, "u"))
		ingest_add(cx, &g->links, rest, text, SIGNAL_LINKS_MAX);
	else if (str_is(kind, "i"))
		ingest_add(cx, &g->images, rest, text, SIGNAL_LINKS_MAX);
	else if (str_is(kind, "s"))
		ingest_add(cx, &g->notes, rest, text, SIGNAL_LINKS_MAX);
}

static void
gather_one(struct ctx *cx, struct gathered *g, struct str key, const struct json *value)
{
	if (str_starts(key, STR(ANNOTATE))) {
		struct str rest = { key.p + strlen(ANNOTATE), key.len - strlen(ANNOTATE) };
		annotate(cx, g, rest, json_as_text(&cx->mem, value));
	} else if (!is_placed(key)) {
		ingest_add(
		        cx, &g->labels, key, json_as_text(&cx->mem, value), SIGNAL_LABELS_MAX);
	}
}

/* Nested objects are flattened with dots, as its rules name them. Depth is bounded by the
 * parser. */
static void
gather(struct ctx *cx, struct gathered *g, const char *prefix, const struct json *object)
{
	for (size_t i = 0; i < object->object.n; i++) {
		const struct json_member *m = &object->object.members[i];
		const char *key = prefix[0] == '\0'
		        ? m->key.p
		        : arena_printf(&cx->mem, "%s.%s", prefix, m->key.p);
		if (m->value.type == JSON_OBJECT)
			gather(cx, g, key, &m->value);
		else
			gather_one(cx, g, str_from(key), &m->value);
	}
}

/* Seconds since the epoch as number or text; some senders give milliseconds. */
static usec_t
epoch(struct ctx *cx, const struct json *body, const char *key)
{
	const char *text = ingest_text(cx, body, key);
	int64_t n;
	struct str digits = str_from(text);

	digits = str_cut(&digits, '.');
	if (text == NULL || !str_int(digits, &n) || n <= 0)
		return 0;
	if (n > 100000000000)
		n /= 1000;
	return n > 100000000000 ? 0 : SECONDS(n);
}

static void
read_kind(struct ctx *cx, const char *word, struct signal *s, struct gathered *g)
{
	s->action = SIGNAL_TRIGGER;
	s->severity = SEVERITY_INFO;
	for (size_t i = 0; i < NELEMS(kinds); i++) {
		if (strcasecmp(kinds[i].word, word) != 0)
			continue;
		s->action = kinds[i].action;
		s->severity = kinds[i].severity;
		return;
	}
	ingest_add(cx, &g->notes, STR("Unknown message_type"), word, SIGNAL_LINKS_MAX);
}

static const char *
short_text(struct ctx *cx, const struct json *body, const char *key)
{
	const char *text = ingest_text(cx, body, key);

	return text == NULL ? NULL : ingest_clip(cx, str_from(text), SIGNAL_FIELD_MAX);
}

static void
place(struct ctx *cx, const struct json *body, const struct delivery *d, struct signal *s)
{
	static const char *const sources[] = { "monitoring_tool", "monitor_name", "hostname",
		"host_name" };
	const char *id = ingest_text(cx, body, "entity_id");
	const char *title = ingest_text(cx, body, "entity_display_name");
	const char *message = ingest_text(cx, body, "state_message");

	s->dedup_key = id == NULL ? random_token(&cx->mem, 16) : ingest_key(cx, str_from(id));
	s->summary = ingest_clip(
	        cx, str_from(title == NULL ? s->dedup_key : title), SIGNAL_SUMMARY_MAX);
	if (message != NULL)
		s->details = ingest_clip(cx, str_from(message), SIGNAL_DETAILS_MAX);
	s->routing_key = d->routing_key == NULL
	        ? short_text(cx, body, "routing_key")
	        : ingest_clip(cx, str_from(d->routing_key), SIGNAL_FIELD_MAX);
	for (size_t i = 0; i < NELEMS(sources) && s->source == NULL; i++)
		s->source = short_text(cx, body, sources[i]);
	s->author = short_text(cx, body, "ack_author");
	s->time = epoch(cx, body, "timestamp");
	if (s->time == 0)
		s->time = epoch(cx, body, "state_start_time");
	s->raw = body;
	s->raw_text = json_source(d->body, body);
}

static void
keep_gathered(struct ctx *cx, const struct json *body, struct gathered *g, struct signal *s)
{
	ingest_add(cx, &g->links, STR("Alert"), ingest_text(cx, body, "alert_url"),
	        SIGNAL_LINKS_MAX);
	ingest_add(cx, &g->images, STR("Image"), ingest_text(cx, body, "image_url"),
	        SIGNAL_LINKS_MAX);
	ingest_sort(&g->labels);
	s->labels = g->labels.items;
	s->n_labels = g->labels.n;
	s->links = g->links.items;
	s->n_links = g->links.n;
	s->images = g->images.items;
	s->n_images = g->images.n;
	s->notes = g->notes.items;
	s->n_notes = g->notes.n;
}

struct err *
victorops_read(struct ctx *cx, struct delivery *d)
{
	struct gathered g = { 0 };
	struct json *body;

	TRY(json_parse(cx, d->body, JSON_LIMITS_REQUEST, &body));
	if (body->type != JSON_OBJECT)
		return err_new(cx, ERR_INVALID, "the body must be a JSON object");
	const char *word = ingest_text(cx, body, "message_type");
	if (word == NULL)
		return err_field(cx, ERR_INVALID, "/message_type",
		        "message_type is missing: CRITICAL, WARNING, INFO, ACKNOWLEDGEMENT or "
		        "RECOVERY");
	TRY(ingest_room(cx, d, 1));
	struct signal *s = &d->intake.signals[d->intake.n++];
	read_kind(cx, word, s, &g);
	place(cx, body, d, s);
	gather(cx, &g, "", body);
	keep_gathered(cx, body, &g, s);
	return NULL;
}

void
victorops_accepted(struct ctx *cx, const struct delivery *d, struct answer *a)
{
	struct jsonw w = JSONW(&a->body);

	(void)cx;
	a->status = 200;
	jsonw_object(&w);
	jsonw_member(&w, "result", "success");
	jsonw_member(&w, "entity_id", d->intake.results[0].dedup_key);
	jsonw_end_object(&w);
}

void
victorops_refused(struct ctx *cx, const struct err *e, struct answer *a)
{
	struct jsonw w = JSONW(&a->body);

	if (a->status == 422)
		a->status = 400; /* it knows no other word for a wrong body */
	jsonw_object(&w);
	jsonw_member(&w, "result", "failure");
	jsonw_member(&w, "message", err_text(cx, e));
	jsonw_end_object(&w);
}
