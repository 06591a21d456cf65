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

const char *
signal_clip(struct arena *mem, struct str text, size_t max_chars)
{
	size_t chars = 0, i = 0;

	if (text.len <= max_chars)
		return str_dup(mem, text);
	for (; i < text.len && chars < max_chars; chars++)
		for (i++; i < text.len && ((unsigned char)text.p[i] & 0xc0) == 0x80; i++)
			continue;
	if (i == text.len)
		return str_dup(mem, text);
	return arena_printf(mem, STR_FMT SIGNAL_CUT_MARK, (int)i, text.p);
}
