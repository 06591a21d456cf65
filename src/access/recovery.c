/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery codes: ten of fifty bits each. Their hash is keyed with the installation's key,
 * which is not in the database, and salted per person, so that a stolen database cannot be
 * guessed at.
 */
#include <ctype.h>
#include <inttypes.h>
#include <sodium.h>

#include "access/access_priv.h"
#include "access/factor.h"
#include "base/random.h"
#include "config/holder.h"
#include "engine/timeline.h"
#include "queries.h"

#define CHARS 10 /* of 32 each */

/* Crockford's: nothing reads like something else. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct left {
	int64_t n;
};
static const struct db_col left_cols[] = { DB_COL(struct left, n) };
const struct db_row recovery_left_row = DB_ROW(struct left, left_cols);

struct err *
recovery_left(struct ctx *cx, const char *user_id, int64_t *ret)
{
	struct left left;

	TRY(db_one(cx, &q_recovery_left, DB_ARGS(user_id), &left));
	*ret = left.n;
	return NULL;
}

/* Case, blanks and dashes do not matter, and o is 0, i and l are 1. False: it is no such
 * code. */
static bool
plain_code(const char *given, char out[CHARS + 1])
{
	size_t n = 0;

	for (const char *p = given; *p != '\0'; p++) {
		int c = tolower((unsigned char)*p);
		if (c == '-' || c == ' ')
			continue;
		c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
		if (n == CHARS || strchr(alphabet, c) == NULL)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return n == CHARS;
}

static const char *
hash_of(struct ctx *cx, const struct engine *e, const struct factor *f, const char *plain)
{
	const char *text = arena_printf(&cx->mem, "recovery %s %s", f->salt, plain);
	const unsigned char *key = config_key(e->config);
	unsigned char hash[crypto_generichash_BYTES];
	char *hex = arena_alloc(&cx->mem, 2 * sizeof hash + 1);

	crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), key,
	        key == NULL ? 0 : crypto_generichash_KEYBYTES);
	return sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

static void
draw(char out[CHARS + 1])
{
	unsigned char bytes[CHARS];

	random_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < CHARS; i++)
		out[i] = alphabet[bytes[i] % 32];
	out[CHARS] = '\0';
}

struct err *
recovery_make(struct ctx *cx, struct engine *e, const struct factor *f, const char **ret_codes)
{
	char plain[CHARS + 1];

	TRY(db_exec(cx, &q_recovery_forget, DB_ARGS(f->user_id)));
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		draw(plain);
		TRY(db_exec(
		        cx, &q_recovery_add, DB_ARGS(f->user_id, hash_of(cx, e, f, plain))));
		ret_codes[i] = arena_printf(&cx->mem, "%.5s-%.5s", plain, plain + CHARS / 2);
	}
	return NULL;
}

struct err *
recovery_use(struct ctx *cx, struct engine *e, const struct factor *f, const char *given,
        bool *ret_right)
{
	char plain[CHARS + 1];
	int64_t left;

	*ret_right = false;
	if (!plain_code(given, plain))
		return NULL;
	TRY(db_exec(cx, &q_recovery_use, DB_ARGS(f->user_id, hash_of(cx, e, f, plain))));
	if (cx->tx->changes == 0)
		return NULL;
	*ret_right = true;
	TRY(recovery_left(cx, f->user_id, &left));
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.recovery",
	                .user_id = f->user_id,
	                .data = event_data(
	                        cx, "left", arena_printf(&cx->mem, "%" PRId64, left), NULL) }));
	return access_tell(cx, e, f->user_id, "A recovery code of yours was used",
	        arena_printf(&cx->mem, "%" PRId64 " are left.", left));
}
