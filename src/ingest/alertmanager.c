/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ways in which the Prometheus world speaks: its API v2 (Prometheus itself, amtool) and the
 * Alertmanager's webhook of version 4. An alert is its labels: their fingerprint is the key.
 */
#include "ingest/protocols.h"

/* As the Alertmanager does for an alert that says no end. */
#define RESOLVE_TIMEOUT MINUTES(5)
#define ZERO_TIME_BEFORE 0 /* Go's zero time is in the year 1 */

struct reading {
	struct ctx *cx;
	struct delivery *d;
	struct buf wrong; /* what is left out of the batch, and why */
	size_t index;
};

static void
leave_out(struct reading *r, const char *why)
{
	buf_printf(&r->wrong, "%salert %zu: %s", r->wrong.len == 0 ? "" : "; ", r->index, why);
}

/* Absent and zero are 0; false when it is there and no instant. */
static bool
read_time(const struct json *alert, const char *key, usec_t *ret)
{
	const struct json *v = json_get(alert, key);

	*ret = 0;
	if (v == NULL || v->type == JSON_NULL)
		return true;
	if (v->type != JSON_STRING || !rfc3339_parse(v->string, ret))
		return false;
	if (*ret < ZERO_TIME_BEFORE)
		*ret = 0;
	return true;
}

struct labelled {
	struct pairs all;  /* as they came: the alert's identity */
	struct pairs kept; /* within a signal's ceilings */
};

/* Empty values count as absent, as in Prometheus. */
static bool
read_labels(struct reading *r, const struct json *alert, struct labelled *labels)
{
	const struct json *o = json_get(alert, "labels");

	if (o == NULL || o->type != JSON_OBJECT) {
		leave_out(r, "labels must be an object");
		return false;
	}
	for (size_t i = 0; i < o->object.n; i++) {
		const struct json_member *m = &o->object.members[i];
		if (m->value.type != JSON_STRING || m->key.len == 0) {
			leave_out(r, "every label needs a name, and a text for its value");
			return false;
		}
		if (m->value.string.len == 0)
			continue;
		ARENA_PUSH(&r->cx->mem, labels->all.items, labels->all.n, labels->all.cap) =
		        (struct pair){ m->key.p, m->value.string.p };
		ingest_add(r->cx, &labels->kept, m->key, m->value.string.p, SIGNAL_LABELS_MAX);
	}
	if (labels->all.n == 0)
		leave_out(r, "at least one label is needed");
	ingest_sort(&labels->all);
	ingest_sort(&labels->kept);
	return labels->all.n > 0;
}

static const char *
annotation(const struct json *alert, const char *name)
{
	const struct json *v = json_get(json_get(alert, "annotations"), name);

	return v != NULL && v->type == JSON_STRING && v->string.len > 0 ? v->string.p : NULL;
}

static const char *
summary_of(struct ctx *cx, const struct json *alert, const struct signal *s)
{
	const char *name = signal_label(s, "alertname");
	const char *instance = signal_label(s, "instance");
	const char *text = annotation(alert, "summary");

	if (text == NULL)
		text = annotation(alert, "title");
	if (text == NULL && name != NULL && instance != NULL)
		text = arena_printf(&cx->mem, "%s on %s", name, instance);
	if (text == NULL)
		text = name != NULL ? name : s->labels[0].value;
	return ingest_clip(cx, str_from(text), SIGNAL_SUMMARY_MAX);
}

static void
add_links(struct ctx *cx, const struct json *alert, struct signal *s)
{
	static const struct {
		const char *annotation;
		struct str title;
	} known[] = {
		{ "runbook_url", { "Runbook", 7 } },
		{ "runbook", { "Runbook", 7 } },
		{ "dashboard_url", { "Dashboard", 9 } },
		{ "dashboard", { "Dashboard", 9 } },
	};
	struct pairs links = { 0 };

	ingest_add(cx, &links, STR("Source"), ingest_text(cx, alert, "generatorURL"),
	        SIGNAL_LINKS_MAX);
	for (size_t i = 0; i < NELEMS(known); i++) {
		const char *url = annotation(alert, known[i].annotation);
		if (url != NULL && strncmp(url, "http", 4) == 0)
			ingest_add(cx, &links, known[i].title, url, SIGNAL_LINKS_MAX);
	}
	s->links = links.items;
	s->n_links = links.n;
}

static void
fill(struct reading *r, const struct json *alert, const struct labelled *labels,
        struct signal *s)
{
	struct ctx *cx = r->cx;
	const char *details;
	const char *word;

	*s = (struct signal){ .labels = labels->kept.items,
		.n_labels = labels->kept.n,
		.raw = alert,
		.raw_text = json_source(r->d->body, alert) };
	s->dedup_key = ingest_fingerprint(cx, labels->all.items, labels->all.n);
	s->severity = SEVERITY_ERROR;
	word = signal_label(s, "severity");
	if (word != NULL && !ingest_severity(str_from(word), &s->severity))
		s->severity = SEVERITY_ERROR;
	s->summary = summary_of(cx, alert, s);
	details = annotation(alert, "description");
	if (details == NULL)
		details = annotation(alert, "message");
	if (details != NULL)
		s->details = ingest_clip(cx, str_from(details), SIGNAL_DETAILS_MAX);
	s->service = signal_label(s, "service");
	s->source = "Prometheus";
	add_links(cx, alert, s);
}

static bool
read_alert(struct reading *r, const struct json *alert, struct signal *s, usec_t *ret_end)
{
	struct labelled labels = { 0 };
	usec_t start, end;

	if (alert->type != JSON_OBJECT) {
		leave_out(r, "it must be an object");
		return false;
	}
	if (!read_labels(r, alert, &labels))
		return false;
	if (!read_time(alert, "startsAt", &start) || !read_time(alert, "endsAt", &end)) {
		leave_out(r, "startsAt and endsAt are RFC 3339 instants");
		return false;
	}
	if (end != 0 && start != 0 && end < start) {
		leave_out(r, "it ends before it begins");
		return false;
	}
	fill(r, alert, &labels, s);
	s->time = start;
	*ret_end = end;
	return true;
}

static struct err *
begin(struct ctx *cx, struct delivery *d, const struct json *list, struct reading *r)
{
	if (list == NULL || list->type != JSON_ARRAY)
		return err_new(cx, ERR_INVALID, "an array of alerts was expected");
	*r = (struct reading){ .cx = cx, .d = d, .wrong = BUF_INIT(&cx->mem, 4096) };
	return ingest_room(cx, d, list->array.n);
}

static struct err *
finish(struct reading *r)
{
	if (r->wrong.len == 0)
		return NULL;
	r->d->partial = buf_cstr(&r->wrong);
	if (r->d->intake.n == 0)
		return err_new(r->cx, ERR_INVALID, "%s", r->d->partial);
	return NULL;
}

/* ---- API v2 ---- */

struct err *
alertmanager_v2_read(struct ctx *cx, struct delivery *d)
{
	struct reading r;
	struct json *list;
	usec_t end;

	TRY(json_parse(cx, d->body, JSON_LIMITS_REQUEST, &list));
	TRY(begin(cx, d, list, &r));
	for (; r.index < list->array.n; r.index++) {
		struct signal *s = &d->intake.signals[d->intake.n];
		if (!read_alert(&r, &list->array.items[r.index], s, &end))
			continue;
		s->action = end != 0 && end <= d->now ? SIGNAL_RESOLVE : SIGNAL_TRIGGER;
		s->expires_at = end != 0 ? end : d->now + RESOLVE_TIMEOUT;
		d->intake.n++;
	}
	return finish(&r);
}

/* The good alerts of a batch are stored and the bad ones named, with status 400: as the
 * original. */
void
alertmanager_v2_accepted(struct ctx *cx, const struct delivery *d, struct answer *a)
{
	struct jsonw w = JSONW(&a->body);

	(void)cx;
	a->status = d->partial == NULL ? 200 : 400;
	if (d->partial != NULL)
		jsonw_cstr(&w, d->partial);
}

void
alertmanager_refused(struct ctx *cx, const struct err *e, struct answer *a)
{
	struct jsonw w = JSONW(&a->body);

	if (a->status == 422)
		a->status = 400; /* as the original */
	jsonw_cstr(&w, err_text(cx, e));
}

/* ---- webhook ---- */

struct err *
alertmanager_webhook_read(struct ctx *cx, struct delivery *d)
{
	struct reading r;
	struct json *body;
	usec_t end;

	TRY(json_parse(cx, d->body, JSON_LIMITS_REQUEST, &body));
	TRY(begin(cx, d, json_get(body, "alerts"), &r));
	const struct json *list = json_get(body, "alerts");
	for (; r.index < list->array.n; r.index++) {
		const struct json *alert = &list->array.items[r.index];
		struct signal *s = &d->intake.signals[d->intake.n];
		if (!read_alert(&r, alert, s, &end))
			continue;
		const char *status = ingest_text(cx, alert, "status");
		bool over = status != NULL && strcmp(status, "resolved") == 0;
		s->action = over ? SIGNAL_RESOLVE : SIGNAL_TRIGGER;
		d->intake.n++;
	}
	return finish(&r);
}

void
alertmanager_webhook_accepted(struct ctx *cx, const struct delivery *d, struct answer *a)
{
	alertmanager_v2_accepted(cx, d, a);
}
