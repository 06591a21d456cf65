/* SPDX-License-Identifier: Apache-2.0 */
/* Tocsin's own form: the normalised signal as JSON, one or an array. Strict: an unknown field
 * or word is a located error, because who writes for this form can read it. */
#include "ingest/protocols.h"

struct native {
	int action;
	const char *dedup_key;
	int severity;
	const char *summary;
	const char *details;
	const char *service;
	const char *routing_key;
	const char *source;
	struct vec labels, links, images; /* struct pair */
	usec_t time;
	usec_t expires_at;
	const struct json *raw;
};

#define AT(member) .offset = offsetof(struct native, member)

static const struct field native_fields[] = {
	{ "action", FIELD_ENUM, 0, AT(action), .names = signal_action_names,
	        .fallback = "\"trigger\"",
	        .help = "What the source says: trigger, acknowledge or "
	                "resolve." },
	{ "dedup_key", FIELD_STRING, 0, AT(dedup_key), .max = 100000,
	        .help = "What tells this condition from others; made from source and summary when "
	                "absent." },
	{ "severity", FIELD_ENUM, 0, AT(severity), .names = severity_names,
	        .fallback = "\"error\"", .help = "How bad it is." },
	{ "summary", FIELD_TEXT, 0, AT(summary), .max = INGEST_BODY_MAX,
	        .help = "One line for people; needed to trigger." },
	{ "details", FIELD_TEXT, 0, AT(details), .max = INGEST_BODY_MAX,
	        .help = "More for people, several lines." },
	{ "service", FIELD_STRING, 0, AT(service), .help = "Id of the service that breaks." },
	{ "routing_key", FIELD_STRING, 0, AT(routing_key),
	        .help = "A routing key that a service lists." },
	{ "source", FIELD_STRING, 0, AT(source),
	        .help = "The monitor, or the host it speaks of." },
	{ "labels", FIELD_MAP, 0, AT(labels), .max = SIGNAL_LABELS_MAX, .of = FIELD_TEXT,
	        .help = "Names and values for rules and filters." },
	{ "links", FIELD_MAP, 0, AT(links), .max = SIGNAL_LINKS_MAX, .of = FIELD_URL,
	        .help = "Titles and addresses." },
	{ "images", FIELD_MAP, 0, AT(images), .max = SIGNAL_LINKS_MAX, .of = FIELD_URL,
	        .help = "Titles and addresses of pictures." },
	{ "time", FIELD_TIME, 0, AT(time), .help = "When the source saw it." },
	{ "expires_at", FIELD_TIME, 0, AT(expires_at),
	        .help = "When it counts as recovered unless it comes again." },
	{ "raw", FIELD_JSON, 0, AT(raw),
	        .help = "The source's own message, for rules over raw.x." },
};

const struct shape native_signal_shape =
        SHAPE("Signal", struct native, native_fields, "One message from a source.");

static void
fill(struct ctx *cx, struct str text, const struct native *in, struct signal *s)
{
	struct pairs labels = { in->labels.items, in->labels.n, in->labels.n };
	const char *key = in->dedup_key;

	ingest_sort(&labels);
	if (key == NULL)
		key = arena_printf(
		        &cx->mem, "%s/%s", in->source == NULL ? "" : in->source, in->summary);
	*s = (struct signal){
		.action = (enum signal_action)in->action,
		.severity = (enum severity)in->severity,
		.dedup_key = ingest_key(cx, str_from(key)),
		.summary = ingest_clip(cx, str_from(in->summary == NULL ? key : in->summary),
		        SIGNAL_SUMMARY_MAX),
		.details = in->details == NULL
		        ? NULL
		        : ingest_clip(cx, str_from(in->details), SIGNAL_DETAILS_MAX),
		.service = in->service,
		.routing_key = in->routing_key,
		.source = in->source,
		.labels = labels.items,
		.n_labels = labels.n,
		.links = in->links.items,
		.n_links = in->links.n,
		.images = in->images.items,
		.n_images = in->images.n,
		.time = in->time,
		.expires_at = in->expires_at,
		.raw = in->raw,
		.raw_text = in->raw == NULL ? (struct str){ 0 } : json_source(text, in->raw),
	};
}

/* What no table can say: a trigger needs words, the rest a key. */
static void
check(struct shape_reader *r, const struct json *v, const struct native *in)
{
	bool blank = in->summary == NULL || in->summary[0] == '\0';

	if (in->dedup_key != NULL && in->dedup_key[0] == '\0')
		shape_fault(r, v, "dedup_key must not be empty");
	if (in->action == SIGNAL_TRIGGER && blank)
		shape_fault(r, v, "a signal that triggers needs a summary");
	if (in->action != SIGNAL_TRIGGER && in->dedup_key == NULL && blank)
		shape_fault(r, v, "say which condition is meant: dedup_key");
}

static void
read_one(struct ctx *cx, struct shape_reader *r, const struct json *v, struct delivery *d)
{
	struct native in;

	if (!shape_decode(r, &native_signal_shape, v, &in))
		return;
	check(r, v, &in);
	if (r->faults->n == 0)
		fill(cx, d->body, &in, &d->intake.signals[d->intake.n++]);
}

struct err *
native_read(struct ctx *cx, struct delivery *d)
{
	struct faults faults = { 0 };
	struct shape_reader r;
	struct json *v;

	TRY(json_parse(cx, d->body, JSON_LIMITS_REQUEST, &v));
	shape_reader_init(&r, cx, NULL, &faults, NULL, "");
	TRY(ingest_room(cx, d, v->type == JSON_ARRAY ? v->array.n : 1));
	if (v->type != JSON_ARRAY)
		read_one(cx, &r, v, d);
	for (size_t i = 0; v->type == JSON_ARRAY && i < v->array.n; i++) {
		size_t mark = shape_enter_index(&r, i);
		read_one(cx, &r, &v->array.items[i], d);
		shape_leave(&r, mark);
	}
	return faults.n == 0 ? NULL : err_faults(cx, &faults);
}

static void
write_result(struct jsonw *w, const struct intake_result *r)
{
	jsonw_object(w);
	jsonw_member_int(w, "signal", r->signal_id);
	jsonw_member(w, "dedup_key", r->dedup_key);
	jsonw_member(w, "outcome", outcome_names[r->outcome]);
	if (r->alert_id != 0)
		jsonw_member_int(w, "alert", r->alert_id);
	if (r->incident_id != 0)
		jsonw_member_int(w, "incident", r->incident_id);
	jsonw_end_object(w);
}

void
native_accepted(struct ctx *cx, const struct delivery *d, struct answer *a)
{
	struct jsonw w = JSONW(&a->body);

	(void)cx;
	a->status = 202;
	jsonw_object(&w);
	jsonw_key(&w, "results");
	jsonw_array(&w);
	for (size_t i = 0; i < d->intake.n; i++)
		write_result(&w, &d->intake.results[i]);
	jsonw_end_array(&w);
	jsonw_end_object(&w);
}

/* The API's own form of a refusal is made above, where all routes get it: the body stays
 * empty. */
void
native_refused(struct ctx *cx, const struct err *e, struct answer *a)
{
	(void)cx;
	(void)e;
	(void)a;
}
