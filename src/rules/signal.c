/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a signal's enums, and a look at its labels. */
#include "rules/signal.h"

const char *const signal_action_names[SIGNAL_ACTION_MAX + 1] = {
	[SIGNAL_TRIGGER] = "trigger",
	[SIGNAL_ACKNOWLEDGE] = "acknowledge",
	[SIGNAL_RESOLVE] = "resolve",
};

const char *const severity_names[SEVERITY_MAX + 1] = {
	[SEVERITY_CRITICAL] = "critical",
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "info",
};

const char *const urgency_names[URGENCY_MAX + 1] = {
	[URGENCY_HIGH] = "high",
	[URGENCY_LOW] = "low",
};

const char *
signal_label(const struct signal *s, const char *name)
{
	for (size_t i = 0; i < s->n_labels; i++)
		if (strcmp(s->labels[i].id, name) == 0)
			return s->labels[i].value;
	return NULL;
}
