/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question about many things, in one exchange with the database: over a network a question
 * each would cost more than all the rest of them. Of the engine's own files only.
 */
#ifndef ENGINE_ASK_H
#define ENGINE_ASK_H

#include "db/db.h"

/* Where in each thing its arguments stand, and where the answer goes. */
struct question {
	const struct db_query *q;
	size_t args_at, n_args; /* of struct db_arg */
	size_t ret_at, found_at;
};

#define QUESTION(q, type, args, n, ret, found)                                                 \
	((struct question){                                                                    \
	        (q), offsetof(type, args), (n), offsetof(type, ret), offsetof(type, found) })

/* Of each thing, whether there is a row, and the row; both in the things, strings in cx. */
MUST_USE struct err *ask_each(struct ctx *cx, struct question q, void *const *things, size_t n);

#endif
