/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of answer links: nothing but what we signed is taken, and that until it ends. */
#include "channel/answer_link.h"

#include "fuzz.h"

static const unsigned char key[ANSWER_KEY_BYTES] = { 7 };
static const unsigned char other_key[ANSWER_KEY_BYTES] = { 8 };

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *ours = answer_token_make(&cx->mem, key, 123, FUZZ_NOW + ANSWER_SPAN);
	const char *text = str_dup(&cx->mem, in);
	int64_t page = 0;

	assert(answer_token_check(key, ours, FUZZ_NOW, &page) && page == 123);
	assert(!answer_token_check(key, ours, FUZZ_NOW + ANSWER_SPAN, &page));
	assert(!answer_token_check(other_key, ours, FUZZ_NOW, &page));
	assert(!answer_token_check(key, text, FUZZ_NOW, &page) || strcmp(text, ours) == 0);
	/* Ours with the bytes of the input over it, from the first byte's place on. */
	size_t len = strlen(ours), at = in.len == 0 ? 0 : (unsigned char)in.p[0] % len;
	char *changed = arena_strdup(&cx->mem, ours);
	for (size_t i = 1; i < in.len && at + i - 1 < len; i++)
		changed[at + i - 1] = in.p[i];
	assert(!answer_token_check(key, changed, FUZZ_NOW, &page)
	        || strcmp(changed, ours) == 0);
}
