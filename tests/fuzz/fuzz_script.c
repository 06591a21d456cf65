/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files: statements with their lines, or the line that is wrong. */
#include "sim/script.h"

#include "fuzz.h"

static void
fuzz(struct ctx *cx, struct str in)
{
	struct script script;
	uint32_t last = 0;
	struct err *e = script_parse(cx, "fuzz.scn", in, &script);

	if (e != NULL) {
		assert(strstr(e->msg, "fuzz.scn") != NULL);
		return;
	}
	for (size_t i = 0; i < script.n; i++) {
		const struct statement *s = &script.items[i];
		assert(s->line > last && s->n > 0 && s->n <= WORDS_MAX);
		assert(s->text != NULL && s->text[0] != '\0');
		for (size_t k = 0; k < s->n; k++)
			assert(s->words[k] != NULL);
		last = s->line;
	}
}
