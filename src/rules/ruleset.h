/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules change signals on their way in. A rule set is compiled once, with the document that
 * holds it, and is immutable; applying it never fails: a rule that cannot be applied leaves its
 * field as it was and is said to be broken, because a signal is never lost for want of
 * configuration.
 */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include "rules/signal.h"

#define RULES_MAX 10000 /* in one set */

struct ruleset; /* owns its memory */

/* rules: the list of {id, when, set, annotate, stop}. False and nothing made when there were
 * faults, which are reported through r. */
bool ruleset_compile(struct shape_reader *r, const struct json *rules, struct ruleset **ret);
void ruleset_free(struct ruleset *s); /* NULL is nothing */

/* The ids of its rules, in their order; NULL behind the last. */
const char *ruleset_rule(const struct ruleset *s, size_t i);

/* Every service that a rule sets by its plain id; pointer is "/2/set/service". */
typedef void ruleset_ref_fn(void *arg, const char *pointer, const char *service);
void ruleset_refs(const struct ruleset *s, ruleset_ref_fn *fn, void *arg);

struct rule_change {
	const char *rule;
	const char *field;
	const char *before; /* NULL when it was absent */
	const char *after;
};

struct rule_outcome {
	bool has_urgency;
	enum urgency urgency;
	struct rule_change *changes;
	size_t n_changes, cap_changes;
	const char *broken; /* why the last broken rule could not be applied, or NULL */
	const char *broken_rule;
};

/* Sets in their order, rules in their order, each once; a later rule sees what an earlier one
 * did; `stop` ends all of it. Changes the signal in place; new texts are cx's. */
void rules_apply(struct ctx *cx, const struct ruleset *const *sets, size_t n_sets,
        struct signal *signal, struct rule_outcome *ret);

/* Looks on while rules are applied. */
struct rule_watch {
	/* A rule that was applied: the number of its set in the list, and its id. */
	void (*applied)(void *arg, size_t set, const char *rule);
	void *arg;
	/* Or NULL: one object for each rule that was looked at, in their order: {"rule",
	 * "holds", "when": as condition_trace, "changes", "stop"}. */
	struct jsonw *trace;
};
void rules_watch(struct ctx *cx, const struct ruleset *const *sets, size_t n_sets,
        struct signal *signal, const struct rule_watch *watch, struct rule_outcome *ret);

#endif
