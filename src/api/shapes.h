/* SPDX-License-Identifier: Apache-2.0 */
/* How the record looks as JSON. */
#ifndef API_SHAPES_H
#define API_SHAPES_H

#include "base/shape.h"
#include "engine/model.h"

/* A signal's row, and an event with its sentence. */
struct signal_row {
	int64_t id, at;
	const char *integration, *action, *severity, *dedup_key, *outcome;
	int64_t alert_id, incident_id;
	const char *body;
};
extern const struct db_row signal_row;

struct event_view {
	struct event ev;
	const char *sentence;
};

struct rejected_row {
	int64_t id, at, status;
	const char *integration, *reason, *sample;
};
extern const struct db_row rejected_row;

extern const struct shape incident_shape, alert_shape, page_shape, signal_row_shape,
        event_shape, rejected_shape;

/* An incident as an answer, with its ETag. In incidents.c. */
struct response;
void incident_answer(
        struct ctx *cx, struct response *rs, const struct incident *inc, int status);

/* A text that is JSON already: const char *. For FIELD_CUSTOM. */
void raw_json_encode(struct jsonw *w, const void *value);

/* The events with their sentences, in cx. */
struct event_view *event_views(struct ctx *cx, const struct event *events, size_t n);

#endif
