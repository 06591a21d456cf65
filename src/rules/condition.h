/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions over a signal: matchers in Prometheus's syntax (= != =~ !~), wildcards (~),
 * comparisons (> >= < <= ==), and trees of them: a list is "all", {any: [...]}, {not: ...}. A
 * field that is not there is the empty text.
 */
#ifndef RULES_CONDITION_H
#define RULES_CONDITION_H

#include "rules/field.h"

struct condition;

/* Compiled into mem; patterns are the exception: condition_free gives them back. NULL when
 * there were faults, which are reported through r. */
struct condition *condition_parse(
        struct shape_reader *r, struct arena *mem, const struct json *v);
void condition_free(struct condition *c); /* NULL is nothing */

bool condition_holds(struct arena *mem, const struct condition *c, const struct signal *s,
        const char *urgency);

/*
 * The same with its reasons: {"holds", and of a matcher "field", "op", "value", "seen"; of a
 * tree "op" (all, any, not) and "parts"}. Every part is looked at, also those that no longer
 * matter.
 */
void condition_trace(struct arena *mem, const struct condition *c, const struct signal *s,
        const char *urgency, struct jsonw *w);

#endif
