/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule set is when it is compiled: ruleset.c makes it, apply.c runs it. */
#ifndef RULES_RULESET_PRIV_H
#define RULES_RULESET_PRIV_H

#include "rules/condition.h"
#include "rules/ruleset.h"
#include "rules/template.h"

struct assignment {
	struct field_ref field;
	const char *name; /* as written: "labels.env" */
	struct template *value;
	const char *literal; /* when there is no field in it */
};

struct annotation {
	const char *title;
	struct template *value;
};

struct rule {
	const char *id;
	struct condition *when;
	struct assignment *sets;
	size_t n_sets;
	struct annotation *annotations;
	size_t n_annotations;
	bool stop;
};

struct ruleset {
	struct arena mem;
	struct rule *rules;
	size_t n;
};

/* Which of the names a word is; they end with NULL. */
bool index_of(struct str word, const char *const *names, int *ret);

#endif
