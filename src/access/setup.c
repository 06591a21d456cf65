/* SPDX-License-Identifier: Apache-2.0 */
#include "access/setup.h"

#include <sodium.h>

#include "access/access.h"
#include "engine/timeline.h"
#include "queries.h"

/* Nothing that reads like something else: no 0 O 1 I. */
static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* 5 bits of a byte each; nothing is lost that could be counted. */
static void
letters(const unsigned char *key, char out[SETUP_CODE_CHARS])
{
	for (size_t i = 0; i < SETUP_CODE_CHARS; i++)
		out[i] = alphabet[key[i] % 32];
}

const char *
setup_code(struct ctx *cx, const unsigned char *key)
{
	char c[SETUP_CODE_CHARS];

	letters(key, c);
	return arena_printf(&cx->mem, "%.4s-%.4s-%.4s", c, c + 4, c + 8);
}

bool
setup_code_fits(const unsigned char *key, const char *given)
{
	char want[SETUP_CODE_CHARS], got[SETUP_CODE_CHARS] = "";
	size_t n = 0;

	for (const char *p = given == NULL ? "" : given; *p != '\0'; p++) {
		if (*p == '-' || *p == ' ')
			continue;
		if (n == SETUP_CODE_CHARS)
			return false;
		got[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	}
	letters(key, want);
	return sodium_memcmp(want, got, SETUP_CODE_CHARS) == 0;
}

struct err *
setup_refused_run(struct ctx *cx, struct engine *e, void *arg)
{
	TRY(door_failed_run(cx, e, arg));
	return timeline_add(cx, e, (struct happening){ .type = "setup.refused" });
}

struct err *
setup_owner_run(struct ctx *cx, struct engine *e, void *arg)
{
	const struct setup_owner *o = arg;

	if (!setup_is_open(e->snapshot))
		return err_new(cx, ERR_NOT_FOUND, "this server has been set up already");
	TRY(db_exec(cx, &q_credential_set, DB_ARGS(o->user_id, o->hash, ctx_now(cx))));
	return timeline_add(
	        cx, e, (struct happening){ .type = "setup.done", .user_id = o->user_id });
}
