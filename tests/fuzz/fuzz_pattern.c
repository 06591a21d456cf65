/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern on the first line, a text behind it. */
#include "rules/pattern.h"

#include "fuzz.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	char error[PATTERN_ERROR_MAX] = "";
	struct str text = in, pattern = str_cut(&text, '\n');

	(void)cx;
	pattern = (struct str){ pattern.len == 0 ? "" : pattern.p, pattern.len };
	text = (struct str){ text.len == 0 ? "" : text.p, text.len };
	struct pattern *p = pattern_new(pattern.p, pattern.len, error);
	assert((p == NULL) == (error[0] != '\0') || pattern.len > PATTERN_MAX);
	if (p != NULL) {
		bool first = pattern_match(p, text.p, text.len);
		assert(first == pattern_match(p, text.p, text.len));
	}
	pattern_free(p);
}
