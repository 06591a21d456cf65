/* SPDX-License-Identifier: Apache-2.0 */
/* The token is readable, which helps whoever looks into a log; the key is all that is
 * secret. */
#include "channel/answer_link.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#define MAC_BYTES 16
#define UNTIL_DIGITS 12 /* hexadecimal seconds: the year 8,921,556 */

static void
mac_hex(const unsigned char *key, struct str text, char hex[2 * MAC_BYTES + 1])
{
	unsigned char mac[MAC_BYTES];

	crypto_generichash(mac, sizeof mac, (const unsigned char *)text.p, text.len, key,
	        ANSWER_KEY_BYTES);
	sodium_bin2hex(hex, 2 * MAC_BYTES + 1, mac, sizeof mac);
}

const char *
answer_token_make(struct arena *a, const unsigned char key[ANSWER_KEY_BYTES], int64_t page_id,
        usec_t expires_at)
{
	char *text = arena_printf(a, "%" PRId64 "-%" PRIx64, page_id, expires_at / SECONDS(1));
	char mac[2 * MAC_BYTES + 1];

	mac_hex(key, str_from(text), mac);
	return arena_printf(a, "%s-%s", text, mac);
}

bool
answer_token_check(const unsigned char key[ANSWER_KEY_BYTES], const char *token, usec_t now,
        int64_t *ret_page_id)
{
	struct str rest = str_from(token), id, until;
	char wanted[2 * MAC_BYTES + 1];
	int64_t page_id;

	id = str_cut(&rest, '-');
	until = str_cut(&rest, '-');
	if (rest.len != sizeof wanted - 1 || until.len == 0 || until.len > UNTIL_DIGITS)
		return false;
	mac_hex(key, (struct str){ token, (size_t)(rest.p - 1 - token) }, wanted);
	if (sodium_memcmp(wanted, rest.p, rest.len) != 0 || !str_int(id, &page_id))
		return false;
	if (strtoll(until.p, NULL, 16) * SECONDS(1) <= now)
		return false;
	*ret_page_id = page_id;
	return true;
}
