/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a signal by name: severity, summary, labels.env, raw.alerts.0.host. */
#ifndef RULES_FIELD_H
#define RULES_FIELD_H

#include "rules/signal.h"

enum signal_field {
	FIELD_OF_SEVERITY,
	FIELD_OF_SUMMARY,
	FIELD_OF_DETAILS,
	FIELD_OF_SERVICE,
	FIELD_OF_ROUTING_KEY,
	FIELD_OF_SOURCE,
	FIELD_OF_DEDUP_KEY,
	FIELD_OF_ACTION,
	FIELD_OF_AUTHOR,
	FIELD_OF_URGENCY, /* what a rule before has set; empty otherwise */
	FIELD_OF_LABEL,
	FIELD_OF_RAW,
	SIGNAL_FIELD_COUNT,
};

struct field_ref {
	enum signal_field field;
	const char *path; /* the label's name, or the path inside raw: "a.b.0" */
};

/* False when there is no such field. path is copied into mem. */
bool field_parse(struct arena *mem, struct str name, struct field_ref *ret);

/* As it is written in conditions. */
const char *field_print(struct arena *mem, const struct field_ref *f);

/* The nearest valid name for a message, or NULL. */
const char *field_nearest(struct str name);

/* The text of the field; empty when it is not there. Other than text in raw is JSON, made in
 * mem. */
struct str field_get(struct arena *mem, const struct signal *s, const char *urgency,
        const struct field_ref *f);

#endif
