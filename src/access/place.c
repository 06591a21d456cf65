/* SPDX-License-Identifier: Apache-2.0 */
#include "access/place.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "access/access_priv.h"
#include "base/buf.h"
#include "engine/timeline.h"
#include "queries.h"

#define AGENT_MAX 200
#define IPV4_KEPT 3 /* bytes of an address that say which network it is in */
#define IPV6_KEPT 6

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

static const char *
network_of(struct ctx *cx, const char *address)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	int family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;
	size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof bytes;
	size_t kept = family == AF_INET ? IPV4_KEPT : IPV6_KEPT;

	if (inet_pton(family, address, bytes) != 1)
		return address;
	memset(bytes + kept, 0, size - kept);
	inet_ntop(family, bytes, text, sizeof text);
	return arena_printf(&cx->mem, "%s/%zu", text, kept * 8);
}

const char *
place_of(struct ctx *cx, const char *address, const char *agent)
{
	struct buf out = BUF_INIT(&cx->mem, AGENT_MAX + INET6_ADDRSTRLEN);

	buf_printf(&out, "%s ", network_of(cx, address));
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
place_signed_in(struct ctx *cx, struct engine *e, const char *address, const char *agent)
{
	const char *user = cx->actor.id, *place = place_of(cx, address, agent);
	struct known known;

	TRY(db_exec(cx, &q_place_forget, DB_ARGS(ctx_now(cx) - PLACE_KNOWN_FOR)));
	TRY(db_one(cx, &q_place_known, DB_ARGS(user, place), &known));
	TRY(db_exec(cx, &q_place_seen, DB_ARGS(user, place, ctx_now(cx))));
	return known.ever == 0 || known.here > 0 ? NULL : tell(cx, e, address, agent);
}
