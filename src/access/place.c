/* SPDX-License-Identifier: Apache-2.0 */
#include "access/place.h"

#include <ctype.h>

#include "access/access_priv.h"
#include "base/buf.h"
#include "engine/timeline.h"
#include "queries.h"

#define AGENT_MAX 200 /* of it in a message */
#define PLACE_MAX 400

struct known {
	int64_t here, ever;
};
static const struct db_col known_cols[] = {
	DB_COL(struct known, here),
	DB_COL(struct known, ever),
};
extern const struct db_row known_row;
const struct db_row known_row = DB_ROW(struct known, known_cols);

/* ---- what a place is ---- */

const char *
place_of(struct ctx *cx, const char *network, const char *agent)
{
	struct buf out = BUF_INIT(&cx->mem, PLACE_MAX);

	buf_printf(&out, "%s ", network);
	for (const char *p = agent; *p != '\0'; p++)
		if (!isdigit((unsigned char)*p))
			buf_putc(&out, *p);
	return buf_cstr(&out);
}

/* ---- signing in ---- */

static struct err *
tell(struct ctx *cx, struct engine *e, const char *address, const char *agent)
{
	TRY(timeline_add(cx, e,
	        (struct happening){ .type = "auth.new-place",
	                .user_id = cx->actor.id,
	                .data = event_data(cx, "address", address, NULL) }));
	return access_tell(cx, e, cx->actor.id, "A sign-in from a new place",
	        arena_printf(&cx->mem,
	                "Somebody signed in as you from %s, where you have not been seen "
	                "within a year, with %.*s.",
	                address[0] == '\0' ? "an unknown address" : address, AGENT_MAX,
	                agent[0] == '\0' ? "an unknown program" : agent));
}

struct err *
place_signed_in(struct ctx *cx, struct engine *e, const struct session_open *o)
{
	const char *user = cx->actor.id;
	const char *place = place_of(
	        cx, o->network == NULL ? o->result.address : o->network, o->result.agent);
	struct known known;

	TRY(db_exec(cx, &q_place_forget, DB_ARGS(ctx_now(cx) - PLACE_KNOWN_FOR)));
	TRY(db_one(cx, &q_place_known, DB_ARGS(user, place), &known));
	TRY(db_exec(cx, &q_place_seen, DB_ARGS(user, place, ctx_now(cx))));
	return known.ever == 0 || known.here > 0
	        ? NULL
	        : tell(cx, e, o->result.address, o->result.agent);
}
