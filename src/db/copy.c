/* SPDX-License-Identifier: Apache-2.0 */
/* SQL is put together here, the one time: of names that our own migrations gave. */
#include "db/copy.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "db/driver.h"
#include "db/migrate.h"

#define HASH_BYTES 32
#define SQL_MAX_BYTES (8 * 1024)
#define TABLES_MAX 256

/* Who serves the old database does not serve the new one. */
static const char *const left_behind[] = { "node" };

/* ---- the list ---- */

static bool
is_left_behind(struct str name)
{
	for (size_t i = 0; i < NELEMS(left_behind); i++)
		if (str_is(name, left_behind[i]))
			return true;
	return false;
}

void
copy_tables(struct arena *mem, const char *const **ret, size_t *ret_n)
{
	static const char make[] = "\nCREATE TABLE ";
	const char **names = ARENA_ARRAY(mem, TABLES_MAX, const char *);
	size_t n = 0;

	for (size_t i = 0; i < n_db_migrations; i++)
		for (const char *at = db_migrations[i].text; (at = strstr(at, make)) != NULL;) {
			at += strlen(make);
			struct str rest = str_from(at), name = str_cut(&rest, ' ');
			if (!is_left_behind(name) && n < TABLES_MAX)
				names[n++] = str_dup(mem, name);
		}
	*ret = names;
	*ret_n = n;
}

/* ---- one table ---- */

struct copying {
	struct ctx *cx; /* of the reading side */
	struct ctx *to; /* of the writing side; NULL: only to look at what is there */
	const struct db_query *read, *write;
	struct copied *copied;
	unsigned char sum[HASH_BYTES];
};

/* The kind and the length go first, so that no two rows feed the same. */
static void
hash_cell(crypto_generichash_state *h, const struct db_arg *a)
{
	char head[64];
	int n = 0;

	switch (a->type) {
	case DB_ARG_NULL:
		n = snprintf(head, sizeof head, "null;");
		break;
	case DB_ARG_INT:
	case DB_ARG_BOOL: /* SQLite keeps truth as a number */
		n = snprintf(head, sizeof head, "number:%lld;", (long long)a->i);
		break;
	case DB_ARG_TEXT:
		n = snprintf(head, sizeof head, "text:%zu:", a->s.len);
		break;
	}
	crypto_generichash_update(h, (const unsigned char *)head, (size_t)n);
	if (a->type == DB_ARG_TEXT)
		crypto_generichash_update(h, (const unsigned char *)a->s.p, a->s.len);
}

static void
add_to_sum(struct copying *c, struct db_args row)
{
	crypto_generichash_state h;
	unsigned char one[HASH_BYTES];

	crypto_generichash_init(&h, NULL, 0, sizeof one);
	for (size_t i = 0; i < row.n; i++)
		hash_cell(&h, &row.items[i]);
	crypto_generichash_final(&h, one, sizeof one);
	sodium_add(c->sum, one, sizeof one);
}

static struct err *
copy_row(struct ctx *cx, void *arg, struct db_args row)
{
	struct copying *c = arg;

	(void)cx;
	c->copied->rows++;
	add_to_sum(c, row);
	return c->to == NULL ? NULL : db_post(c->to, c->write, row);
}

/* Behind the program's own: the slot that is made anew for each query. */
static const struct db_query *
query_of(struct ctx *cx, const char *name, struct buf *text)
{
	struct db_query *q = ARENA_NEW(&cx->mem, struct db_query);

	q->name = name;
	q->text = buf_cstr(text);
	q->slot = (unsigned)n_db_queries;
	return q;
}

static const struct db_query *
select_all(struct ctx *cx, const char *table)
{
	struct buf text = BUF_INIT(&cx->mem, SQL_MAX_BYTES);

	buf_printf(&text, "SELECT * FROM \"%s\"", table);
	return query_of(cx, table, &text);
}

/* Columns by name: the two sides may have them in another order. */
static void
prepare_queries(struct copying *c, const char *table, const char **columns, size_t n)
{
	struct buf read = BUF_INIT(&c->cx->mem, SQL_MAX_BYTES);
	struct buf write = BUF_INIT(&c->cx->mem, SQL_MAX_BYTES);

	buf_puts(&read, "SELECT ");
	buf_printf(&write, "INSERT INTO \"%s\" (", table);
	for (size_t i = 0; i < n; i++) {
		buf_printf(&read, "%s\"%s\"", i == 0 ? "" : ", ", columns[i]);
		buf_printf(&write, "%s\"%s\"", i == 0 ? "" : ", ", columns[i]);
	}
	buf_puts(&write, ") VALUES (");
	for (size_t i = 0; i < n; i++)
		buf_printf(&write, "%s?%zu", i == 0 ? "" : ", ", i + 1);
	buf_puts(&write, ")");
	buf_printf(&read, " FROM \"%s\"", table);
	c->read = query_of(c->cx, table, &read);
	c->write = query_of(c->cx, table, &write);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct err *
copy_table(struct ctx *cx, struct ctx *to, const char *table, struct copied *ret)
{
	struct copying c = { .cx = cx, .to = to, .copied = ret };
	const char **columns;
	size_t n;

	*ret = (struct copied){ .table = table };
	TRY(db_columns(cx, select_all(cx, table), &columns, &n));
	/* The hash goes over the cells in this order. */
	qsort((void *)columns, n, sizeof *columns, by_name);
	prepare_queries(&c, table, columns, n);
	TRY(db_each_raw(cx, c.read, copy_row, &c));
	char *hex = arena_alloc(&cx->mem, 2 * HASH_BYTES + 1);
	ret->hash = sodium_bin2hex(hex, 2 * HASH_BYTES + 1, c.sum, sizeof c.sum);
	return NULL;
}

/* ---- all ---- */

struct side {
	struct ctx *cx;
	struct db *db;
};

static struct err *
copy_all(struct ctx *from, struct ctx *to, const char *const *tables, size_t n,
        struct copied *ret)
{
	for (size_t i = 0; i < n; i++)
		TRY_WRAP(from, copy_table(from, to, tables[i], &ret[i]), "table %s", tables[i]);
	return NULL;
}

static struct err *
check_empty(struct ctx *cx, const char *const *tables, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct copied there;
		TRY(copy_table(cx, NULL, tables[i], &there));
		if (there.rows > 0)
			return err_new(cx, ERR_CONFLICT,
			        "%s is not empty: its table %s has %lld rows; name a new "
			        "database",
			        db_url_of(cx->tx->db), tables[i], (long long)there.rows);
	}
	return NULL;
}

static struct err *
check_versions(struct ctx *cx, struct db *from, struct db *to)
{
	int64_t have, want;

	TRY(db_version(cx, from, &have));
	TRY(db_migrate(cx, to));
	TRY(db_version(cx, to, &want));
	if (have != want)
		return err_new(cx, ERR_CONFLICT,
		        "%s is at migration %lld and this program at %lld: start this program "
		        "on it once",
		        db_url_of(from), (long long)have, (long long)want);
	return NULL;
}

static struct err *
write_all(struct side from, struct side to, const char *const *tables, size_t n,
        struct copied *ret)
{
	TRY(db_begin(to.cx, to.db, DB_WRITE));
	TRY(db_take_turn(to.cx));
	TRY(check_empty(to.cx, tables, n));
	TRY(db_begin(from.cx, from.db, DB_READ));
	TRY(copy_all(from.cx, to.cx, tables, n, ret));
	return db_commit(to.cx);
}

static struct err *
verify(struct side to, const char *const *tables, size_t n, const struct copied *sent)
{
	struct copied *there = ARENA_ARRAY(&to.cx->mem, n, struct copied);

	TRY(db_begin(to.cx, to.db, DB_READ));
	struct err *e = copy_all(to.cx, NULL, tables, n, there);
	db_rollback(to.cx);
	TRY(e);
	for (size_t i = 0; i < n; i++)
		if (there[i].rows != sent[i].rows || strcmp(there[i].hash, sent[i].hash) != 0)
			return err_new(to.cx, ERR_CONFLICT,
			        "table %s arrived otherwise than it was read; do not use %s",
			        tables[i], db_url_of(to.db));
	return NULL;
}

struct err *
db_copy(struct ctx *cx, struct db *from, struct db *to, struct copied **ret, size_t *ret_n)
{
	struct ctx reading;
	const char *const *tables;
	size_t n;

	copy_tables(&cx->mem, &tables, &n);
	struct copied *copied = ARENA_ARRAY(&cx->mem, n, struct copied);
	TRY(check_versions(cx, from, to));

	ctx_init(&reading, cx->clock);
	struct side there = { cx, to };
	struct err *e = write_all((struct side){ &reading, from }, there, tables, n, copied);
	db_rollback(&reading);
	db_rollback(cx);
	if (e == NULL)
		e = verify(there, tables, n, copied);
	for (size_t i = 0; e == NULL && i < n; i++)
		copied[i].hash = arena_strdup(&cx->mem, copied[i].hash);
	if (e != NULL)
		e = err_new(cx, e->code, "%s", err_text(&reading, e));
	ctx_close(&reading);
	TRY(e);
	*ret = copied;
	*ret_n = n;
	return NULL;
}
