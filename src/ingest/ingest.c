/* SPDX-License-Identifier: Apache-2.0 */
/* The table of protocols, and what all of them need: limits, severities, pairs,
 * fingerprints. */
#include "ingest/ingest.h"

#include <sodium.h>
#include <stdlib.h>
#include <strings.h>

#include "ingest/protocols.h"

const struct protocol protocols[PROTOCOL_MAX] = {
	[PROTOCOL_NATIVE] = { "native", native_read, native_accepted, native_refused },
	[PROTOCOL_VICTOROPS] = { "victorops", victorops_read, victorops_accepted,
	        victorops_refused },
	[PROTOCOL_ALERTMANAGER_V2] = { "alertmanager-v2", alertmanager_v2_read,
	        alertmanager_v2_accepted, alertmanager_refused },
	[PROTOCOL_ALERTMANAGER_WEBHOOK] = { "alertmanager-webhook", alertmanager_webhook_read,
	        alertmanager_webhook_accepted, alertmanager_refused },
};

enum protocol_id
protocol_of(enum integration_type type)
{
	switch (type) {
	case INTEGRATION_ALERTMANAGER:
		return PROTOCOL_ALERTMANAGER_WEBHOOK;
	case INTEGRATION_VICTOROPS:
		return PROTOCOL_VICTOROPS;
	case INTEGRATION_NATIVE:
	case INTEGRATION_TYPE_MAX:
		break;
	}
	return PROTOCOL_NATIVE;
}

const char *
ingest_clip(struct ctx *cx, struct str text, size_t max_chars)
{
	return signal_clip(&cx->mem, text, max_chars);
}

#define KEY_HASH_BYTES 16

const char *
ingest_key(struct ctx *cx, struct str key)
{
	unsigned char raw[KEY_HASH_BYTES];
	char hex[KEY_HASH_BYTES * 2 + 1];

	if (key.len <= SIGNAL_KEY_MAX)
		return str_dup(&cx->mem, key);
	crypto_generichash(raw, sizeof raw, (const unsigned char *)key.p, key.len, NULL, 0);
	sodium_bin2hex(hex, sizeof hex, raw, sizeof raw);
	struct str head = utf8_clip(key, SIGNAL_KEY_MAX - sizeof hex);
	return arena_printf(&cx->mem, STR_FMT "-%s", STR_ARG(head), hex);
}

bool
ingest_severity(struct str word, enum severity *ret)
{
	static const struct {
		const char *word;
		enum severity severity;
	} words[] = {
		{ "critical", SEVERITY_CRITICAL },
		{ "crit", SEVERITY_CRITICAL },
		{ "fatal", SEVERITY_CRITICAL },
		{ "emergency", SEVERITY_CRITICAL },
		{ "disaster", SEVERITY_CRITICAL },
		{ "page", SEVERITY_CRITICAL },
		{ "p1", SEVERITY_CRITICAL },
		{ "sev1", SEVERITY_CRITICAL },
		{ "error", SEVERITY_ERROR },
		{ "err", SEVERITY_ERROR },
		{ "high", SEVERITY_ERROR },
		{ "major", SEVERITY_ERROR },
		{ "p2", SEVERITY_ERROR },
		{ "sev2", SEVERITY_ERROR },
		{ "warning", SEVERITY_WARNING },
		{ "warn", SEVERITY_WARNING },
		{ "minor", SEVERITY_WARNING },
		{ "average", SEVERITY_WARNING },
		{ "medium", SEVERITY_WARNING },
		{ "ticket", SEVERITY_WARNING },
		{ "p3", SEVERITY_WARNING },
		{ "sev3", SEVERITY_WARNING },
		{ "info", SEVERITY_INFO },
		{ "information", SEVERITY_INFO },
		{ "informational", SEVERITY_INFO },
		{ "notice", SEVERITY_INFO },
		{ "low", SEVERITY_INFO },
		{ "debug", SEVERITY_INFO },
		{ "none", SEVERITY_INFO },
		{ "p4", SEVERITY_INFO },
		{ "p5", SEVERITY_INFO },
	};

	for (size_t i = 0; i < NELEMS(words); i++) {
		if (strlen(words[i].word) != word.len
		        || strncasecmp(words[i].word, word.p, word.len) != 0)
			continue;
		*ret = words[i].severity;
		return true;
	}
	return false;
}

void
ingest_add(struct ctx *cx, struct pairs *pairs, struct str id, const char *value, size_t max)
{
	if (pairs->n >= max || id.len == 0 || value == NULL)
		return;
	ARENA_PUSH(&cx->mem, pairs->items, pairs->n, pairs->cap) = (struct pair){
		.id = str_dup(&cx->mem, utf8_clip(id, SIGNAL_FIELD_MAX)),
		.value = ingest_clip(cx, str_from(value), SIGNAL_FIELD_MAX),
	};
}

void
ingest_add_object(struct ctx *cx, struct pairs *pairs, const struct json *object, size_t max)
{
	if (object == NULL || object->type != JSON_OBJECT)
		return;
	for (size_t i = 0; i < object->object.n; i++)
		ingest_add(cx, pairs, object->object.members[i].key,
		        json_as_text(&cx->mem, &object->object.members[i].value), max);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->id, ((const struct pair *)b)->id);
}

void
ingest_sort(struct pairs *pairs)
{
	size_t kept = 0;

	if (pairs->n < 2)
		return;
	qsort(pairs->items, pairs->n, sizeof *pairs->items, by_name);
	for (size_t i = 1; i < pairs->n; i++) {
		if (strcmp(pairs->items[kept].id, pairs->items[i].id) != 0)
			kept++;
		pairs->items[kept] = pairs->items[i];
	}
	pairs->n = kept + 1;
}

/* Names and values each followed by a byte 0xff, which no UTF-8 text has. */
const char *
ingest_fingerprint(struct ctx *cx, const struct pair *labels, size_t n)
{
	static const unsigned char separator = 0xff;
	uint64_t h = FNV1A_INIT;

	for (size_t i = 0; i < n; i++) {
		h = fnv1a(h, labels[i].id, strlen(labels[i].id));
		h = fnv1a(h, &separator, 1);
		h = fnv1a(h, labels[i].value, strlen(labels[i].value));
		h = fnv1a(h, &separator, 1);
	}
	return arena_printf(&cx->mem, "%016llx", (unsigned long long)h);
}

struct err *
ingest_room(struct ctx *cx, struct delivery *d, size_t n)
{
	if (n > INGEST_SIGNALS_MAX)
		return err_new(cx, ERR_LIMIT,
		        "%zu signals in one request; at most %d are taken", n,
		        INGEST_SIGNALS_MAX);
	d->intake.integration = d->integration->c.id;
	d->intake.signals = ARENA_ARRAY(&cx->mem, n, struct signal);
	d->intake.results = ARENA_ARRAY(&cx->mem, n, struct intake_result);
	d->intake.n = 0;
	return NULL;
}

const char *
ingest_text(struct ctx *cx, const struct json *o, const char *key)
{
	const char *text = json_as_text(&cx->mem, json_get(o, key));

	return text[0] == '\0' ? NULL : text;
}
