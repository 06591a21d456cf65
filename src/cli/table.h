/* SPDX-License-Identifier: Apache-2.0 */
/* Lists for people: aligned columns with a head on a terminal, tabs without one in a pipe. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "calendar/civil.h"
#include "cli/verb.h"

#define TABLE_COLUMNS_MAX 10

struct table {
	struct call *call;
	const char *const *heads;
	size_t n_columns;
	const char **cells; /* row by row */
	size_t n, cap;
};

/* heads end with NULL. */
struct table table_new(struct call *call, const char *const *heads);
void table_cell(struct table *t, const char *text); /* NULL: empty */
void table_write(struct table *t);

/* Colour of a state or severity around the text, on a terminal. */
const char *paint(struct call *call, const char *word, const char *text);

/* "4 min", "3 h", "2 d". */
const char *span_text(struct call *call, usec_t span);
const char *age_text(struct call *call, const char *rfc3339);

/* Of the person at this terminal: TZ, else the machine's; UTC when neither names a zone. */
const struct zone *terminal_zone(struct call *call);

/* On a terminal "2026-03-02 11:00 CET"; as it came in a pipe. */
const char *when_text(struct call *call, const char *rfc3339);

/* A line of a timeline begins with its clock; a day that begins has a line of its own. last is
 * where the caller keeps the day that was written last. */
#define DAY_MAX 32
const char *moment_text(struct call *call, const char *rfc3339, char last[DAY_MAX]);

/* A member as text; "" when absent. */
const char *text_of(struct call *call, const struct json *o, const char *key);

/* Writes a tree as one JSON document, with a line end. */
void write_json(struct call *call, const struct json *v);

#endif
