/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ask.h"

struct err *
ask_each(struct ctx *cx, struct question q, void *const *things, size_t n)
{
	struct db_ask *asks = ARENA_ARRAY(&cx->mem, n, struct db_ask);

	for (size_t i = 0; i < n; i++)
		asks[i] = (struct db_ask){
			.args = { (struct db_arg *)(void *)((char *)things[i] + q.args_at),
			        q.n_args },
			.ret = (char *)things[i] + q.ret_at,
		};
	TRY(db_maybe_all(cx, q.q, asks, n));
	for (size_t i = 0; i < n; i++)
		*(bool *)((char *)things[i] + q.found_at) = asks[i].found;
	return NULL;
}
