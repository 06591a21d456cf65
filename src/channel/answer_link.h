/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed links by which the person who was paged answers without signing in: BASE/a/TOKEN. A
 * token names one page, hence one person and one incident, and ends; it cannot be guessed or
 * changed.
 */
#ifndef CHANNEL_ANSWER_LINK_H
#define CHANNEL_ANSWER_LINK_H

#include "base/arena.h"
#include "base/clock.h"

#define ANSWER_KEY_BYTES 32
#define ANSWER_SPAN DAYS(3)

/* "123-68f0a1b2-0123456789abcdef0123456789abcdef" */
const char *answer_token_make(struct arena *a, const unsigned char key[ANSWER_KEY_BYTES],
        int64_t page_id, usec_t expires_at);

/* False when it is none of ours, or over. */
bool answer_token_check(const unsigned char key[ANSWER_KEY_BYTES], const char *token,
        usec_t now, int64_t *ret_page_id);

#endif
