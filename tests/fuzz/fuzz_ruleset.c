/* SPDX-License-Identifier: Apache-2.0 */
/* A list of rules in YAML: refused with its faults in their places, or applied; a signal that
 * went through rules is still a signal. */
#include "rules/ruleset.h"

#include "a_signal.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	struct faults faults = { 0 };
	struct shape_reader r;
	struct ruleset *set = NULL;
	struct json *tree;

	if (yaml_parse(cx, "rules.yaml", in, JSON_LIMITS_CONFIG, &tree) != NULL)
		return;
	const struct json *rules = json_get(tree, "rules");
	if (rules == NULL)
		return;
	shape_reader_init(&r, cx, NULL, &faults, "rules.yaml", "/rules");
	if (!ruleset_compile(&r, rules, &set)) {
		struct err *e = err_faults(cx, &faults);
		assert(faults.n > 0);
		assert_located(e);
		return;
	}
	assert(faults.n == 0 && set != NULL);
	struct signal s = fuzz_signal(cx);
	struct rule_outcome outcome = { 0 };
	rules_apply(cx, (const struct ruleset *const[]){ set }, 1, &s, &outcome);
	assert_signal(&s);
	assert(!outcome.has_urgency || outcome.urgency < URGENCY_MAX);
	ruleset_free(set);
}
