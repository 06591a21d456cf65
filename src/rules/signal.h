/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A signal is one message from a source, in normalised form (FORMATS.md, "Signals"). Every
 * protocol of ingest/ ends in this struct; rules read and change it; the engine acts on it.
 * Texts live in the arena of the unit of work that read them.
 */
#ifndef RULES_SIGNAL_H
#define RULES_SIGNAL_H

#include "base/clock.h"
#include "base/json.h"
#include "base/shape.h"

enum signal_action {
	SIGNAL_TRIGGER,
	SIGNAL_ACKNOWLEDGE,
	SIGNAL_RESOLVE,
	SIGNAL_ACTION_MAX,
};

/* In falling order of weight. */
enum severity {
	SEVERITY_CRITICAL,
	SEVERITY_ERROR,
	SEVERITY_WARNING,
	SEVERITY_INFO,
	SEVERITY_MAX,
};

/* How to page. */
enum urgency {
	URGENCY_HIGH,
	URGENCY_LOW,
	URGENCY_MAX,
};

extern const char *const signal_action_names[SIGNAL_ACTION_MAX + 1]; /* "trigger"..., NULL */
extern const char *const severity_names[SEVERITY_MAX + 1];           /* "critical"..., NULL */
extern const char *const urgency_names[URGENCY_MAX + 1];             /* "high", "low", NULL */

/* Ceilings of a normalised signal; what is longer is cut with a mark (SIGNAL_CUT_MARK), except
 * a dedup key, which is hashed to stay one key. */
#define SIGNAL_KEY_MAX 512
#define SIGNAL_SUMMARY_MAX 1024
#define SIGNAL_DETAILS_MAX 20480
#define SIGNAL_FIELD_MAX 1024 /* label values, source, service, routing key, links */
#define SIGNAL_LABELS_MAX 128
#define SIGNAL_LINKS_MAX 32
#define SIGNAL_CUT_MARK "…"

struct signal {
	enum signal_action action;
	enum severity severity;
	const char *dedup_key; /* never NULL or empty once it leaves ingest */
	const char *summary;   /* never NULL; the key when the sender gave none */
	const char *details;   /* or NULL; so are all below */
	const char *service;
	const char *routing_key;
	const char *source;        /* the monitor: "Prometheus", a host, a tool */
	const char *author;        /* who acknowledged or resolved upstream */
	const struct pair *labels; /* sorted by name, no doubles */
	size_t n_labels;
	const struct pair *links; /* id is the title, value the URL */
	size_t n_links;
	const struct pair *images;
	size_t n_images;
	const struct pair *notes; /* annotations of text: title and text */
	size_t n_notes;
	usec_t time;       /* when the source saw it; 0: when it was received */
	usec_t expires_at; /* 0, or when the alert counts as recovered unless it comes again */
	const struct json *raw; /* the source's own message, for rules over raw.x; or NULL */
	struct str raw_text;    /* the same as it was sent */
};

const char *signal_label(const struct signal *s, const char *name); /* NULL when absent */

/* A copy of at most max_chars characters; what is longer is cut and marked. */
const char *signal_clip(struct arena *mem, struct str text, size_t max_chars);

#endif
