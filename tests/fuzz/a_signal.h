/* SPDX-License-Identifier: Apache-2.0 */
/* A signal to judge by rules, and what must hold of every signal. */
#ifndef FUZZ_SIGNAL_H
#define FUZZ_SIGNAL_H

#include "rules/signal.h"

#include "fuzz.h"

static const struct pair fuzz_labels[] = {
	{ "alertname", "DiskFull" },
	{ "env", "prod" },
	{ "host", "web-1" },
	{ "value", "93.5" },
};

static inline struct signal
fuzz_signal(struct ctx *cx)
{
	struct json *raw;
	struct err *e = json_parse(cx, STR("{\"host\":\"web-1\",\"list\":[1,{\"a\":null}]}"),
	        JSON_LIMITS_REQUEST, &raw);

	assert(e == NULL);
	return (struct signal){
		.action = SIGNAL_TRIGGER,
		.severity = SEVERITY_ERROR,
		.dedup_key = "disk/web-1",
		.summary = "Disk full on web-1",
		.details = "The disk is full.\nVery full.",
		.service = "shop",
		.source = "Prometheus",
		.labels = fuzz_labels,
		.n_labels = NELEMS(fuzz_labels),
		.raw = raw,
	};
}

static inline void
assert_text(const char *text, size_t max_chars)
{
	size_t chars = 0;

	if (text == NULL)
		return;
	assert(utf8_valid(str_from(text)));
	for (const char *p = text; *p != '\0'; p++)
		chars += ((unsigned char)*p & 0xc0) != 0x80;
	assert(chars <= max_chars + 1); /* the mark of what was cut */
}

static inline void
assert_pairs(const struct pair *pairs, size_t n, size_t max, bool sorted)
{
	assert(n <= max);
	for (size_t i = 0; i < n; i++) {
		assert(pairs[i].id != NULL && pairs[i].id[0] != '\0' && pairs[i].value != NULL);
		assert_text(pairs[i].id, SIGNAL_FIELD_MAX);
		assert_text(pairs[i].value, SIGNAL_FIELD_MAX);
		assert(!sorted || i == 0 || strcmp(pairs[i - 1].id, pairs[i].id) < 0);
	}
}

static inline void
assert_signal(const struct signal *s)
{
	assert(s->action < SIGNAL_ACTION_MAX && s->severity < SEVERITY_MAX);
	assert(s->dedup_key != NULL && s->dedup_key[0] != '\0' && s->summary != NULL);
	assert(strlen(s->dedup_key) <= SIGNAL_KEY_MAX);
	assert_text(s->dedup_key, SIGNAL_KEY_MAX);
	assert_text(s->summary, SIGNAL_SUMMARY_MAX);
	assert_text(s->details, SIGNAL_DETAILS_MAX);
	assert_text(s->service, SIGNAL_FIELD_MAX);
	assert_text(s->routing_key, SIGNAL_FIELD_MAX);
	assert_text(s->source, SIGNAL_FIELD_MAX);
	assert_text(s->author, SIGNAL_FIELD_MAX);
	assert_pairs(s->labels, s->n_labels, SIGNAL_LABELS_MAX, true);
	assert_pairs(s->links, s->n_links, SIGNAL_LINKS_MAX, false);
	assert_pairs(s->images, s->n_images, SIGNAL_LINKS_MAX, false);
	assert_pairs(s->notes, s->n_notes, SIGNAL_LINKS_MAX, false);
}

#endif
