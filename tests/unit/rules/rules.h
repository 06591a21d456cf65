/* SPDX-License-Identifier: Apache-2.0 */
/* A signal to judge, and compiling from text, for the tests of rules. */
#ifndef TESTS_RULES_H
#define TESTS_RULES_H

#include "test.h"

#include "rules/condition.h"
#include "rules/ruleset.h"

static const struct pair rules_labels[] = {
	{ "alertname", "DiskFull" },
	{ "env", "prod" },
	{ "host", "web-1" },
	{ "value", "93.5" },
};

static inline struct json *
rules_tree(struct ctx *cx, const char *text)
{
	struct json *tree;

	assert_ok(cx, yaml_parse(cx, "t.yaml", str_from(text), JSON_LIMITS_CONFIG, &tree));
	return tree;
}

static inline struct signal
rules_signal(struct ctx *cx)
{
	return (struct signal){
		.action = SIGNAL_TRIGGER,
		.severity = SEVERITY_ERROR,
		.dedup_key = "disk/web-1",
		.summary = "Disk full on web-1",
		.service = "shop",
		.source = "Prometheus",
		.labels = rules_labels,
		.n_labels = NELEMS(rules_labels),
		.raw = rules_tree(
		        cx, "{host: web1, n: 7, list: [a, {deep: true}], a.b: dotted}"),
	};
}

#endif
