/* SPDX-License-Identifier: Apache-2.0 */
/* Lists for people: aligned columns with a head on a terminal, tabs without one in a pipe. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

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
const char *age_text(struct call *call, const char *rfc3339);

/* A member as text; "" when absent. */
const char *text_of(struct call *call, const struct json *o, const char *key);

/* Writes a tree as one JSON document, with a line end. */
void write_json(struct call *call, const struct json *v);

#endif
