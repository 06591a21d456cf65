/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One statement in the place of many that differ in their arguments alone. Most of what a small
 * one costs the server (looking at the table's constraints and indexes, beginning, ending) it
 * then costs once. Three forms have one; each gets a tuple of arguments for each of the many:
 *
 *   INSERT INTO t (...) VALUES (...)   more tuples behind VALUES
 *   UPDATE t SET ... WHERE id = ?1     the table joined with the list of tuples
 *   SELECT ...                         a lateral join of the list with the question
 *
 * How the plans of the joins stay good while tables grow: postgres_connect.c, by_index.
 */
#include <ctype.h>

#include "base/buf.h"
#include "db/postgres_priv.h"

#define SQL_MAX_BYTES (256 * 1024)

/* How many in a statement, most first; those that are left go one by one. */
static const size_t sizes[PG_MANY_SIZES] = { PG_MANY_MAX, 8, 2 };

/* ---- pieces of text ---- */

static struct str
word_at(const char *p)
{
	return (struct str){ p, dialect_word_len(p) };
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

/* Tuple number i: its parameters stand behind those of the tuples before it. */
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

/* Parameters become columns of the list: ?2 is v.p2. No text of ours has a question mark. */
static void
put_joined(struct buf *out, struct str sql)
{
	for (size_t i = 0; i < sql.len; i++)
		if (sql.p[i] == '?')
			buf_puts(out, "v.p");
		else
			buf_putc(out, sql.p[i]);
}

/* The list's name and those of its columns: "v (n, p1, p2)". */
static void
put_list_name(struct buf *out, const struct pg_many *m)
{
	buf_puts(out, "v (n");
	for (size_t i = 1; i <= m->n_args; i++)
		buf_printf(out, ", p%zu", i);
	buf_putc(out, ')');
}

/* ---- the three forms ---- */

static struct str
done(struct buf *out)
{
	buf_cstr(out);
	return buf_view(out);
}

/* INSERT INTO table (...) VALUES (...) and nothing behind it, nor a bracket or a parameter
 * inside a text: none of ours has that. */
static bool
form_insert(struct pg_many *m)
{
	const char *text = m->one->query->text, *tuple = strstr(text, "VALUES ("), *end;

	if (!str_starts(str_from(text), STR("INSERT INTO ")) || tuple == NULL)
		return false;
	tuple += strlen("VALUES ");
	end = closing(tuple);
	if (end == NULL || end[1] != '\0')
		return false;
	m->kind = PG_ADDS;
	m->table = word_at(text + strlen("INSERT INTO "));
	m->head = (struct str){ text, (size_t)(tuple - text) };
	m->tuple = (struct str){ tuple, (size_t)(end + 1 - tuple) };
	return true;
}

/* A list of texts would be one of unknowns: the server is told the types that it has inferred
 * for the one statement. False: one that we do not know. */
static bool
put_types(struct buf *out, const PGresult *described)
{
	static const struct {
		Oid oid;
		const char *name;
	} types[] = { { PG_TYPE_INT64, "bigint" }, { PG_TYPE_BOOL, "boolean" },
		{ PG_TYPE_TEXT, "text" } };
	int n = PQnparams(described);

	for (int i = 0; i < n; i++) {
		size_t k = 0;
		while (k < NELEMS(types) && types[k].oid != PQparamtype(described, i))
			k++;
		if (k == NELEMS(types))
			return false;
		buf_printf(out, ", ?%d::%s", i + 1, types[k].name);
	}
	return true;
}

/* What stands alone behind WHERE; a question within the statement could read what it writes. */
#define BY_ID "WHERE id = ?1"

static bool
form_update(struct arena *mem, struct pg_many *m)
{
	struct str text = str_from(m->one->query->text);
	struct buf head = BUF_INIT(mem, SQL_MAX_BYTES), tail = BUF_INIT(mem, SQL_MAX_BYTES);

	if (!str_starts(text, STR("UPDATE ")) || !str_ends(text, STR(BY_ID))
	        || strstr(text.p, "SELECT") != NULL)
		return false;
	m->kind = PG_CHANGES;
	m->table = word_at(text.p + strlen("UPDATE "));
	put_joined(&head, (struct str){ text.p, text.len - strlen(BY_ID) });
	buf_puts(&head, "FROM (VALUES ");
	buf_puts(&tail, ") AS ");
	put_list_name(&tail, m);
	buf_puts(&tail, " WHERE id = v.p1");
	m->head = done(&head);
	m->tail = done(&tail);
	return true;
}

static bool
form_question(struct arena *mem, struct pg_many *m)
{
	struct str text = str_from(m->one->query->text);
	struct buf tail = BUF_INIT(mem, SQL_MAX_BYTES);

	if (!str_starts(text, STR("SELECT")))
		return false;
	m->kind = PG_ASKS;
	buf_puts(&tail, ") AS ");
	put_list_name(&tail, m);
	buf_puts(&tail, " CROSS JOIN LATERAL (");
	put_joined(&tail, text);
	buf_puts(&tail, ") AS q");
	m->head = STR("SELECT q.*, v.n FROM (VALUES ");
	m->tail = done(&tail);
	return true;
}

static const char *
text_of(struct arena *mem, const struct pg_many *m, size_t n)
{
	struct buf out = BUF_INIT(mem, SQL_MAX_BYTES);

	buf_str(&out, m->head);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&out, i > 0 ? ", " : "");
		if (m->kind != PG_ADDS)
			buf_printf(&out, "(%zu", i);
		put_tuple(&out, m->tuple, (int64_t)(i * m->n_args));
	}
	buf_str(&out, m->tail);
	return buf_cstr(&out);
}

static struct pg_many *
find_form(struct arena *mem, struct db_stmt *st, size_t n_args)
{
	struct pg_many *m = ARENA_NEW(mem, struct pg_many);

	m->one = st;
	m->n_args = n_args;
	if (n_args > 0 && n_args * PG_MANY_MAX <= PG_ARGS_MAX && !form_insert(m)
	        && !form_update(mem, m) && !form_question(mem, m))
		m->kind = PG_ALONE;
	return m;
}

/* "(0, ?1::bigint, ?2::text)": the number is put in by text_of. */
static struct err *
make_tuple(struct ctx *cx, struct postgres *pg, struct pg_many *m)
{
	struct buf out = BUF_INIT(&pg->db.mem, SQL_MAX_BYTES);
	PGresult *described = NULL;

	TRY(pg_send_describe(cx, pg, m->one));
	TRY(pg_sync(cx, pg, &described));
	if (PQnparams(described) != (int)m->n_args || !put_types(&out, described))
		m->kind = PG_ALONE;
	buf_putc(&out, ')');
	PQclear(described);
	m->tuple = done(&out);
	return NULL;
}

/* Not before there are two to go together: it waits for the server. */
static struct err *
make_statements(struct ctx *cx, struct postgres *pg, struct pg_many *m)
{
	if (m->kind != PG_ADDS)
		TRY(make_tuple(cx, pg, m));
	for (size_t i = 0; i < PG_MANY_SIZES; i++) {
		struct db_query *q = ARENA_NEW(&pg->db.mem, struct db_query);
		*q = (struct db_query){ .name = m->one->query->name,
			.text = text_of(&pg->db.mem, m, sizes[i]) };
		m->of[i].query = q;
	}
	return NULL;
}

/* ---- its face ---- */

/* A statement of the program (tests and copies bring others, which take turns in one place), on
 * a connection that joins by index. */
struct pg_many *
pg_many_of(struct postgres *pg, struct db_stmt *st, size_t n_args)
{
	unsigned slot = st->query->slot;

	if (pg->db.access != DB_WRITE || slot >= n_db_queries || db_queries[slot] != st->query)
		return NULL;
	if (pg->many == NULL)
		pg->many = ARENA_ARRAY(&pg->db.mem, n_db_queries, struct pg_many *);
	if (pg->many[slot] == NULL)
		pg->many[slot] = find_form(&pg->db.mem, st, n_args);
	struct pg_many *m = pg->many[slot];
	return m->kind != PG_ALONE && m->n_args == n_args ? m : NULL;
}

static struct db_stmt *
stmt_for(struct pg_many *m, size_t left, size_t *ret_size)
{
	for (size_t i = 0; m->kind != PG_ALONE && i < PG_MANY_SIZES; i++) {
		if (sizes[i] > left)
			continue;
		*ret_size = sizes[i];
		return &m->of[i];
	}
	*ret_size = 1;
	return m->one;
}

struct err *
pg_many_send(struct ctx *cx, struct postgres *pg, struct pg_many *m, const struct db_arg *args,
        size_t left, size_t *ret_size)
{
	if (left > 1 && m->of[0].query == NULL)
		TRY(make_statements(cx, pg, m));
	struct db_stmt *st = stmt_for(m, left, ret_size);
	if (!st->ready)
		TRY(pg_send_prepare(cx, pg, st));
	return pg_send_run(cx, pg, st, (struct db_args){ args, *ret_size * m->n_args });
}

void
pg_many_unprepared(struct postgres *pg)
{
	for (size_t i = 0; pg->many != NULL && i < n_db_queries; i++)
		for (size_t k = 0; pg->many[i] != NULL && k < PG_MANY_SIZES; k++)
			pg->many[i]->of[k].ready = false;
}
