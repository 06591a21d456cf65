/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are posted one by one go to the server many at a time (postgres_many.c). They wait
 * until there are many of their kind, until a statement names their table, or until the commit.
 * What waits is inserts and changes of single rows by their id, and never both of one table nor
 * two changes of one row: what they would have done in their own order, they do in this one.
 */
#include "db/postgres_priv.h"

/* ---- sending ---- */

static struct err *
send_rows(struct ctx *cx, struct postgres *pg, struct pg_rows *rows)
{
	size_t n = rows->n, size;

	rows->n = 0;
	for (size_t i = 0; i < n; i += size)
		TRY(pg_many_send(
		        cx, pg, rows->many, rows->args + i * rows->many->n_args, n - i, &size));
	return NULL;
}

static bool
is_kept(const struct pg_rows *rows, int64_t id)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->args[i * rows->many->n_args].i == id)
			return true;
	return false;
}

/* What must have gone before a row of this kind is kept. */
static struct err *
send_before(struct ctx *cx, struct postgres *pg, struct pg_rows *rows, struct db_args args)
{
	const struct pg_many *m = rows->many;

	for (size_t i = 0; i < pg->n_waiting; i++) {
		struct pg_rows *w = pg->waiting[i];
		if (w != rows && (m->kind == PG_CHANGES || w->many->kind == PG_CHANGES)
		        && str_eq(w->many->table, m->table))
			TRY(send_rows(cx, pg, w));
	}
	if (m->kind == PG_CHANGES && is_kept(rows, args.items[0].i))
		return send_rows(cx, pg, rows);
	return NULL;
}

static void
keep(struct postgres *pg, struct pg_rows *rows, struct db_args args)
{
	struct db_arg *to = rows->args + rows->n++ * args.n;

	for (size_t i = 0; i < args.n; i++) {
		to[i] = args.items[i];
		if (to[i].type == DB_ARG_TEXT)
			to[i].s.p = arena_strndup(&pg->waiting_texts, to[i].s.p, to[i].s.len);
	}
}

/* ---- its face ---- */

static bool
names(const char *sql, struct str table)
{
	const char first[] = { table.p[0], '\0' };

	for (size_t i = strcspn(sql, first); sql[i] != '\0';
	        i += 1 + strcspn(sql + i + 1, first))
		if (strncmp(sql + i, table.p, table.len) == 0
		        && !dialect_is_word(sql[i + table.len])
		        && (i == 0 || !dialect_is_word(sql[i - 1])))
			return true;
	return false;
}

struct err *
pg_rows_send_all(struct ctx *cx, struct postgres *pg)
{
	for (size_t i = 0; i < pg->n_waiting; i++)
		TRY(send_rows(cx, pg, pg->waiting[i]));
	pg_rows_drop(pg);
	return NULL;
}

struct err *
pg_rows_send(struct ctx *cx, struct postgres *pg, const char *sql)
{
	if (strncmp(sql, "INSERT", 6) == 0)
		return pg_rows_send_all(cx, pg);
	for (size_t i = 0; i < pg->n_waiting; i++)
		if (pg->waiting[i]->n > 0 && names(sql, pg->waiting[i]->many->table))
			TRY(send_rows(cx, pg, pg->waiting[i]));
	return NULL;
}

static struct err *
wait_with(struct ctx *cx, struct postgres *pg, struct pg_many *m, struct pg_rows **ret)
{
	if (m->rows == NULL) {
		m->rows = ARENA_NEW(&pg->db.mem, struct pg_rows);
		m->rows->many = m;
		m->rows->args =
		        ARENA_ARRAY(&pg->db.mem, PG_MANY_MAX * m->n_args, struct db_arg);
	}
	*ret = m->rows;
	if (m->rows->waits)
		return NULL;
	if (pg->n_waiting == PG_WAITING_MAX)
		TRY(pg_rows_send_all(cx, pg));
	pg->waiting[pg->n_waiting++] = m->rows;
	m->rows->waits = true;
	return NULL;
}

struct err *
pg_rows_post(struct ctx *cx, struct postgres *pg, struct db_stmt *st, struct db_args args)
{
	struct pg_many *m = pg_many_of(pg, st, args.n);
	struct pg_rows *rows;

	if (m == NULL) {
		TRY(pg_rows_send(cx, pg, st->query->text));
		return pg_send_run(cx, pg, st, args);
	}
	TRY(wait_with(cx, pg, m, &rows));
	TRY(send_before(cx, pg, rows, args));
	keep(pg, rows, args);
	return rows->n == PG_MANY_MAX ? send_rows(cx, pg, rows) : NULL;
}

void
pg_rows_drop(struct postgres *pg)
{
	for (size_t i = 0; i < pg->n_waiting; i++) {
		pg->waiting[i]->n = 0;
		pg->waiting[i]->waits = false;
	}
	pg->n_waiting = 0;
	arena_free(&pg->waiting_texts);
}
