/* SPDX-License-Identifier: Apache-2.0 */
/* The unit of work, and the names of who acts in it. */
#include "base/ctx.h"

#include <assert.h>
#include <stddef.h>

const char *const actor_kind_names[ACTOR_KIND_MAX] = {
	[ACTOR_SYSTEM] = "system",
	[ACTOR_USER] = "user",
	[ACTOR_INTEGRATION] = "integration",
};

const char *const role_names[ROLE_MAX] = {
	[ROLE_NONE] = "none",
	[ROLE_STAKEHOLDER] = "stakeholder",
	[ROLE_MEMBER] = "member",
	[ROLE_ADMIN] = "admin",
	[ROLE_OWNER] = "owner",
};

void
ctx_init(struct ctx *cx, const struct clock *clock)
{
	*cx = (struct ctx){ .clock = clock != NULL ? clock : &clock_real };
}

void
ctx_close(struct ctx *cx)
{
	assert(cx->tx == NULL);
	arena_free(&cx->mem);
}

void
ctx_reset(struct ctx *cx)
{
	arena_free(&cx->mem);
}

usec_t
ctx_now(const struct ctx *cx)
{
	return clock_now(cx->clock);
}
