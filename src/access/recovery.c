/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery codes: ten of fifty bits each. Their hash is keyed with the installation's key,
 * which is not in the database, and salted per person, so that a stolen database cannot be
 * guessed at.
 */
#include <ctype.h>
#include <inttypes.h>

#include "access/access_priv.h"
#include "access/factor.h"
#include "base/random.h"
#include "config/holder.h"
#include "engine/rows.h"
#include "engine/timeline.h"
#include "queries.h"

#define CHARS 10 /* of 32 each */

/* Crockford's: nothing reads like something else. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct err *
recovery_left(struct ctx *cx, const char *user_id, int64_t *ret)
{
	struct engine_count left;

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
	return access_hash_keyed(cx, config_key(e->config),
	        arena_printf(&cx->mem, "recovery %s %s", f->salt, plain));
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
	                .data = event_data(cx, "left", int_text(cx, left), NULL) }));
	return access_tell(cx, e, f->user_id, "A recovery code of yours was used",
	        arena_printf(&cx->mem, "%" PRId64 " are left.", left));
}
