/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are posted one by one go to the server many at a time: most of what a small
 * statement costs it (looking at the table's constraints and indexes, beginning, ending) it
 * costs once for all of them. A row waits until there are many of its kind, until a statement
 * names its table, or until the commit. Inserts alone are held back, behind inserts alone: what
 * they would have done in their own order, they do in this one.
 */
#include <ctype.h>

#include "base/buf.h"
#include "db/postgres_priv.h"

#define SQL_MAX_BYTES (64 * 1024)

/* Rows in a statement, most first; those that are left go one by one. */
static const size_t sizes[PG_ROWS_SIZES] = { 32, 8, 2 };
#define ROWS_MAX 32

/* ---- which statements ---- */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The bracket that closes the one at p; NULL: none. */
static const char *
closing(const char *p)
{
	int depth = 0;

	for (; *p != '\0'; p++) {
		depth += (*p == '(') - (*p == ')');
		if (depth == 0)
			return p;
	}
	return NULL;
}

/* INSERT INTO table (...) VALUES (...) and nothing behind it, which tools/queries sees to, nor
 * a bracket or a parameter inside a text: none of ours has that. */
static bool
split(const char *text, struct pg_rows *rows)
{
	static const char insert[] = "INSERT INTO ", values[] = "VALUES (";
	const char *tuple = strstr(text, values);

	if (strncmp(text, insert, strlen(insert)) != 0 || tuple == NULL)
		return false;
	tuple += strlen(values) - 1;
	const char *end = closing(tuple);
	if (end == NULL || end[1] != '\0')
		return false;
	rows->table.p = text + strlen(insert);
	while (is_word(rows->table.p[rows->table.len]))
		rows->table.len++;
	rows->head = (struct str){ text, (size_t)(tuple - text) };
	rows->tuple = (struct str){ tuple, (size_t)(end + 1 - tuple) };
	return true;
}

/* The tuple of row i: its parameters stand behind those of the rows before it. */
static void
put_tuple(struct buf *out, struct str tuple, int64_t first)
{
	for (size_t i = 0; i < tuple.len; i++) {
		int64_t number = 0;

		buf_putc(out, tuple.p[i]);
		if (tuple.p[i] != '?')
			continue;
		while (i + 1 < tuple.len && isdigit((unsigned char)tuple.p[i + 1]))
			number = 10 * number + (tuple.p[++i] - '0');
		buf_int(out, first + number);
	}
}

static const char *
text_of_many(struct arena *mem, const struct pg_rows *rows, size_t n)
{
	struct buf out = BUF_INIT(mem, SQL_MAX_BYTES);

	buf_str(&out, rows->head);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&out, ',');
		put_tuple(&out, rows->tuple, (int64_t)(i * rows->n_args));
	}
	return buf_cstr(&out);
}

static struct pg_rows *
make_rows(struct postgres *pg, struct db_stmt *st, size_t n_args)
{
	struct arena *mem = &pg->db.mem;
	struct pg_rows *rows = ARENA_NEW(mem, struct pg_rows);

	rows->one = st;
	rows->n_args = n_args;
	if (!split(st->query->text, rows) || n_args == 0)
		return rows;
	rows->args = ARENA_ARRAY(mem, ROWS_MAX * n_args, struct db_arg);
	for (size_t i = 0; i < PG_ROWS_SIZES; i++) {
		struct db_query *q = ARENA_NEW(mem, struct db_query);
		*q = (struct db_query){ .name = st->query->name,
			.text = text_of_many(mem, rows, sizes[i]) };
		rows->many[i].query = q;
	}
	return rows;
}

/* NULL: no statement of the program that can wait. Tests and copies bring others, which take
 * turns in one place. */
static struct pg_rows *
rows_of(struct postgres *pg, struct db_stmt *st, size_t n_args)
{
	unsigned slot = st->query->slot;

	if (slot >= n_db_queries || db_queries[slot] != st->query)
		return NULL;
	if (pg->rows == NULL)
		pg->rows = ARENA_ARRAY(&pg->db.mem, n_db_queries, struct pg_rows *);
	if (pg->rows[slot] == NULL)
		pg->rows[slot] = make_rows(pg, st, n_args);
	struct pg_rows *rows = pg->rows[slot];
	return rows->args != NULL && rows->n_args == n_args ? rows : NULL;
}

/* ---- sending ---- */

/* The statement of the most rows that are there. */
static struct db_stmt *
stmt_for(struct pg_rows *rows, size_t left, size_t *ret_size)
{
	for (size_t i = 0; i < PG_ROWS_SIZES; i++) {
		if (sizes[i] > left)
			continue;
		*ret_size = sizes[i];
		return &rows->many[i];
	}
	*ret_size = 1;
	return rows->one;
}

static struct err *
send_rows(struct ctx *cx, struct postgres *pg, struct pg_rows *rows)
{
	size_t n = rows->n, size;

	rows->n = 0;
	for (size_t i = 0; i < n; i += size) {
		struct db_stmt *st = stmt_for(rows, n - i, &size);
		struct db_args args = { rows->args + i * rows->n_args, size * rows->n_args };
		if (!st->ready)
			TRY(pg_send_prepare(cx, pg, st));
		TRY(pg_send_run(cx, pg, st, args));
	}
	return NULL;
}

static void
keep(struct postgres *pg, struct pg_rows *rows, struct db_args args)
{
	struct db_arg *to = rows->args + rows->n++ * rows->n_args;

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
		if (strncmp(sql + i, table.p, table.len) == 0 && !is_word(sql[i + table.len])
		        && (i == 0 || !is_word(sql[i - 1])))
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
		if (pg->waiting[i]->n > 0 && names(sql, pg->waiting[i]->table))
			TRY(send_rows(cx, pg, pg->waiting[i]));
	return NULL;
}

struct err *
pg_rows_post(struct ctx *cx, struct postgres *pg, struct db_stmt *st, struct db_args args)
{
	struct pg_rows *rows = rows_of(pg, st, args.n);

	if (rows == NULL) {
		TRY(pg_rows_send(cx, pg, st->query->text));
		return pg_send_run(cx, pg, st, args);
	}
	if (!rows->waits) {
		if (pg->n_waiting == PG_WAITING_MAX)
			TRY(pg_rows_send_all(cx, pg));
		pg->waiting[pg->n_waiting++] = rows;
		rows->waits = true;
	}
	keep(pg, rows, args);
	return rows->n == ROWS_MAX ? send_rows(cx, pg, rows) : NULL;
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

void
pg_rows_unprepared(struct postgres *pg)
{
	for (size_t i = 0; pg->rows != NULL && i < n_db_queries; i++)
		for (size_t k = 0; pg->rows[i] != NULL && k < PG_ROWS_SIZES; k++)
			pg->rows[i]->many[k].ready = false;
	pg_rows_drop(pg);
}
