/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/answer_link.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define MAC_BYTES 16

static void
sign(const unsigned char *key, const char *text, size_t len, char hex[2 * MAC_BYTES + 1])
{
	unsigned char mac[MAC_BYTES];

	crypto_generichash(
	        mac, sizeof mac, (const unsigned char *)text, len, key, ANSWER_KEY_BYTES);
	sodium_bin2hex(hex, 2 * MAC_BYTES + 1, mac, sizeof mac);
}

const char *
answer_token_make(struct arena *a, const unsigned char key[ANSWER_KEY_BYTES], int64_t page_id,
        usec_t expires_at)
{
	char *text = arena_printf(a, "%" PRId64 "-%" PRIx64, page_id, expires_at / SECONDS(1));
	char mac[2 * MAC_BYTES + 1];

	sign(key, text, strlen(text), mac);
	return arena_printf(a, "%s-%s", text, mac);
}

bool
answer_token_check(const unsigned char key[ANSWER_KEY_BYTES], const char *token, usec_t now,
        int64_t *ret_page_id)
{
	struct str rest = str_from(token), id, until;
	char wanted[2 * MAC_BYTES + 1];

	id = str_cut(&rest, '-');
	until = str_cut(&rest, '-');
	if (rest.len != sizeof wanted - 1 || until.len == 0 || until.len > 12)
		return false;
	sign(key, token, (size_t)(rest.p - 1 - token), wanted);
	if (sodium_memcmp(wanted, rest.p, rest.len) != 0 || !str_int(id, ret_page_id))
		return false;
	return strtoll(until.p, NULL, 16) * SECONDS(1) > now;
}
