/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows into structs, the same for both engines. Columns find their members by name, once for
 * each prepared statement; a column without a member, or the reverse, is a bug that db_check
 * finds before any row is read.
 */
#include <limits.h>

#include "db/driver.h"

static const struct db_col *
col_named(const struct db_row *row, const char *name)
{
	for (size_t i = 0; i < row->n_cols; i++)
		if (strcmp(row->cols[i].name, name) == 0)
			return &row->cols[i];
	return NULL;
}

static bool
has_column(struct db *db, const char *name)
{
	const char *have;

	for (int i = 0; (have = db->driver->column(db, i)) != NULL; i++)
		if (strcmp(have, name) == 0)
			return true;
	return false;
}

static struct err *
match_columns(
        struct ctx *cx, struct db *db, const struct db_query *q, const struct db_col **wants)
{
	for (int i = 0; db->driver->column(db, i) != NULL; i++) {
		const char *name = db->driver->column(db, i);
		wants[i] = col_named(q->row, name);
		if (wants[i] == NULL)
			return err_new(cx, ERR_BUG,
			        "query %s gives a column %s that its row does not want",
			        q->name, name);
	}
	for (size_t i = 0; i < q->row->n_cols; i++)
		if (!has_column(db, q->row->cols[i].name))
			return err_new(cx, ERR_BUG, "query %s gives no column %s", q->name,
			        q->row->cols[i].name);
	return NULL;
}

struct err *
rows_match(struct ctx *cx, struct db *db, struct db_stmt *st)
{
	int n = 0;

	if (st->wants != NULL)
		return NULL;
	if (st->query->row == NULL)
		return err_new(
		        cx, ERR_BUG, "query %s has no row to read into", st->query->name);
	while (db->driver->column(db, n) != NULL)
		n++;
	const struct db_col **wants = ARENA_ARRAY(&db->mem, (size_t)n, const struct db_col *);
	TRY(match_columns(cx, db, st->query, wants));
	st->wants = wants;
	st->n_columns = n;
	return NULL;
}

static bool
name_index(const struct db_col *col, struct str text, int *ret)
{
	for (size_t i = 0; i < col->n_names; i++)
		if (col->names[i] != NULL && str_is(text, col->names[i])) {
			*ret = (int)i;
			return true;
		}
	return false;
}

static bool
is_text(const struct db_col *col)
{
	return col->type == DB_TEXT || col->type == DB_ENUM;
}

/* What is wrong with the cell, or NULL once it is in its place. */
static const char *
put(const struct db_col *col, const struct db_cell *cell, struct arena *mem, void *at)
{
	if (cell->is_wrong)
		return is_text(col) ? "is no text" : "is no number";
	switch (col->type) {
	case DB_INT64:
		*(int64_t *)at = cell->number;
		break;
	case DB_INT32:
		if (cell->number < INT_MIN || cell->number > INT_MAX)
			return "holds more than 32 bits";
		*(int *)at = (int)cell->number;
		break;
	case DB_BOOL:
		*(bool *)at = cell->number != 0;
		break;
	case DB_TEXT:
		*(const char **)at = str_dup(mem, cell->text);
		break;
	case DB_ENUM:
		if (!name_index(col, cell->text, at))
			return "holds a word that its table of names does not have";
		break;
	}
	return NULL;
}

struct err *
rows_read(struct ctx *cx, struct db *db, struct db_stmt *st, struct arena *mem, void *ret)
{
	for (int i = 0; i < st->n_columns; i++) {
		const struct db_col *col = st->wants[i];
		struct db_cell cell = { 0 };

		db->driver->cell(db, i, is_text(col), &cell);
		if (cell.is_null)
			continue;
		const char *wrong = put(col, &cell, mem, (char *)ret + col->offset);
		if (wrong != NULL)
			return err_new(cx, ERR_BUG, "query %s: column %s %s", st->query->name,
			        col->name, wrong);
	}
	return NULL;
}
