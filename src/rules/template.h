/* SPDX-License-Identifier: Apache-2.0 */
/* Texts with fields of a signal in them: "${labels.alertname} on ${labels.instance:-unknown}";
 * "$$" is a dollar. A field that is not there is empty, or what stands after ":-". */
#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include "rules/field.h"

struct template;

/* Compiled into mem. NULL after a fault, with the words in *ret_why. */
struct template *template_parse(struct arena *mem, struct str text, const char **ret_why);

bool template_is_literal(const struct template *t);

void template_expand(const struct template *t, struct arena *mem, const struct signal *s,
        const char *urgency, struct buf *out);

#endif
