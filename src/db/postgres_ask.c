/* SPDX-License-Identifier: Apache-2.0 */
/* Many questions in few statements and one exchange, and which row answers which of them. */
#include "db/postgres_priv.h"

/* All arguments in a row, as a statement for many takes them. */
static const struct db_arg *
gather(struct ctx *cx, const struct db_ask *asks, size_t n)
{
	size_t n_args = asks[0].args.n;
	struct db_arg *all = ARENA_ARRAY(&cx->mem, n * n_args, struct db_arg);

	for (size_t i = 0; i < n; i++)
		memcpy(all + i * n_args, asks[i].args.items, n_args * sizeof *all);
	return all;
}

static struct err *
send_all(struct ctx *cx, struct postgres *pg, struct db_stmt *st, const struct db_ask *asks,
        size_t n)
{
	const struct db_arg *args = gather(cx, asks, n);
	struct pg_many *m = pg_many_of(pg, st, asks[0].args.n);
	size_t size = 1;

	for (size_t i = 0; i < n; i += size) {
		if (m == NULL)
			TRY(pg_send_run(cx, pg, st, asks[i].args));
		else
			TRY(pg_many_send(cx, pg, m, args + i * asks[i].args.n, n - i, &size));
		for (size_t k = 0; k < size; k++)
			pg->answers[i + k].n_in_reply = size;
		pg->queue[pg->n_queue - 1].keep = &pg->answers[i].reply;
	}
	return pg_sync(cx, pg, NULL);
}

/* In the reply for many the last column says which of them a row is for. */
static void
find_rows(struct pg_answer *first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		first[i].result = first->reply;
	for (int row = PQntuples(first->reply) - 1; row >= 0; row--) {
		int64_t which = 0;
		if (n > 1)
			str_int(str_from(PQgetvalue(
			                first->reply, row, PQnfields(first->reply) - 1)),
			        &which);
		first[which].row = row;
		first[which].found = true;
	}
}

struct err *
pg_ask(struct ctx *cx, struct db *db, struct db_stmt *st, const struct db_ask *asks, size_t n)
{
	struct postgres *pg = pg_of(db);

	TRY(pg_rows_send(cx, pg, st->query->text));
	pg->answers = ARENA_ARRAY(&cx->mem, n, struct pg_answer);
	pg->n_answers = n;
	TRY(send_all(cx, pg, st, asks, n));
	for (size_t i = 0; i < n; i += pg->answers[i].n_in_reply)
		find_rows(&pg->answers[i], pg->answers[i].n_in_reply);
	return NULL;
}

void
pg_hear(struct db *db, size_t i)
{
	struct postgres *pg = pg_of(db);
	const struct pg_answer *a = &pg->answers[i];

	pg->result = a->result;
	pg->is_lent = true;
	pg->n_hidden = a->n_in_reply > 1;
	pg->row = a->row - 1;
	pg->end = a->row + a->found;
}

void
pg_asked(struct db *db)
{
	struct postgres *pg = pg_of(db);

	for (size_t i = 0; i < pg->n_answers; i++)
		PQclear(pg->answers[i].reply);
	pg->n_answers = 0;
}
