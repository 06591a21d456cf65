/* SPDX-License-Identifier: Apache-2.0 */
/* The export as it lies on the disk: files by their names, pages and envelopes taken off. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "importer/import_priv.h"

#define FOLDER_FILES_MAX 20000

/* ---- reading ---- */

/* "rotations.team-x-2" -> "rotations" and "team-x-2"; "users-2" -> "users". */
static void
add_resource(struct import *im, struct str stem, const char *file, const struct json *v)
{
	struct str param = stem, name = str_cut(&param, '.');

	for (size_t end = name.len;
	        end > 1 && name.p[end - 1] >= '0' && name.p[end - 1] <= '9';)
		if (name.p[--end - 1] == '-')
			name.len = end - 1;
	ARENA_PUSH(&im->cx->mem, im->resources, im->n_resources, im->cap_resources) =
	        (struct resource){ .name = str_dup(&im->cx->mem, name),
		        .param = str_dup(&im->cx->mem, param),
		        .file = file,
		        .v = v };
}

/* What is wrong with it is named with its file. */
static struct err *
parse_file(struct import *im, const char *path, struct str text, struct json **ret)
{
	struct err *e = json_parse(im->cx, text, JSON_LIMITS_CONFIG, ret);

	if (e == NULL)
		return NULL;
	struct faults *faults = ARENA_NEW(&im->cx->mem, struct faults);
	fault_add(im->cx, faults,
	        (struct fault){ path, e->faults == NULL ? 0 : e->faults->items[0].line,
	                e->faults == NULL ? 0 : e->faults->items[0].column, "",
	                e->faults == NULL ? e->msg : e->faults->items[0].message });
	return err_faults(im->cx, faults);
}

static struct err *
read_json(struct import *im, const char *path, struct json **ret)
{
	FILE *f = fopen(path, "re");
	struct stat st;

	if (f == NULL || fstat(fileno(f), &st) != 0) {
		if (f != NULL)
			fclose(f);
		return err_new(im->cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	}
	if (st.st_size > IMPORT_FILE_MAX) {
		fclose(f);
		return err_new(im->cx, ERR_LIMIT, "%s is larger than 256 MiB", path);
	}
	char *text = arena_alloc(&im->cx->mem, (size_t)st.st_size + 1);
	size_t len = fread(text, 1, (size_t)st.st_size, f);
	fclose(f);
	return parse_file(im, path, (struct str){ text, len }, ret);
}

/* One file for everything: its members are what the files of a folder would be. */
static void
add_whole(struct import *im, const char *file, const struct json *v)
{
	if (json_get(v, "data") != NULL) /* the answer of GraphQL */
		v = json_get(v, "data");
	for (size_t i = 0; v->type == JSON_OBJECT && i < v->object.n; i++)
		add_resource(im, v->object.members[i].key, file, &v->object.members[i].value);
}

static struct err *
read_whole(struct import *im, const char *path)
{
	struct json *v;

	TRY(read_json(im, path, &v));
	add_whole(im, path, v);
	return NULL;
}

/* "export.json" is everything in one; else a file is named after its call. */
static void
add_file(struct import *im, struct str stem, const char *file, const struct json *v)
{
	if (str_is(stem, "export"))
		add_whole(im, file, v);
	else
		add_resource(im, stem, file, v);
}

static int
is_export(const struct dirent *d)
{
	return d->d_name[0] != '.' && str_ends(str_from(d->d_name), STR(".json"));
}

static struct err *
read_folder(struct import *im, const char *path)
{
	struct dirent **entries;
	struct err *e = NULL;
	size_t room = IMPORT_FILE_MAX;
	int n = scandir(path, &entries, is_export, alphasort);

	if (n < 0)
		return err_new(im->cx, ERR_NOT_FOUND, "cannot read the folder %s: %m", path);
	if (n > FOLDER_FILES_MAX)
		e = err_new(
		        im->cx, ERR_LIMIT, "%s has more than %d files", path, FOLDER_FILES_MAX);
	for (int i = 0; i < n; i++) {
		struct str stem = str_from(arena_strdup(&im->cx->mem, entries[i]->d_name));
		const char *file = arena_printf(&im->cx->mem, "%s/%s", path, stem.p);
		struct stat st = { 0 };
		struct json *v = NULL;

		free(entries[i]);
		if (e != NULL)
			continue;
		if (stat(file, &st) == 0 && (size_t)st.st_size > room)
			e = err_new(im->cx, ERR_LIMIT, "%s is larger than 256 MiB", path);
		else
			e = read_json(im, file, &v);
		room -= e == NULL ? (size_t)st.st_size : 0;
		stem.len -= strlen(".json");
		if (e == NULL)
			add_file(im, stem, file, v);
	}
	free(entries);
	return e;
}

/* One file alone is everything, unless it is named after a call and holds its list. */
struct err *
source_files(struct import *im, const struct import_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str stem = str_from(arena_strdup(&im->cx->mem, files[i].name));
		struct json *v;

		if (str_ends(stem, STR(".json")))
			stem.len -= strlen(".json");
		TRY(parse_file(im, files[i].name, files[i].text, &v));
		if (n == 1 && v->type == JSON_OBJECT)
			add_whole(im, files[i].name, v);
		else
			add_file(im, stem, files[i].name, v);
	}
	return NULL;
}

struct err *
source_read(struct import *im, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_new(im->cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	return S_ISDIR(st.st_mode) ? read_folder(im, path)
	                           : read_whole(im, arena_strdup(&im->cx->mem, path));
}

/* ---- rows ---- */

static void
push(struct import *im, struct rows *rows, const struct json *v, struct row of)
{
	of.v = v;
	ARENA_PUSH(&im->cx->mem, rows->items, rows->n, rows->cap) = of;
}

/* The members in which products wrap their lists, beside the list's own name. GraphQL wraps
 * twice. */
static const char *const envelopes[] = { "data", "results", "nodes", "items", NULL };

static const struct json *
inside(const struct json *v, const char *name)
{
	const struct json *in = json_get(v, name);

	for (size_t i = 0; in == NULL && envelopes[i] != NULL; i++)
		in = json_get(v, envelopes[i]);
	return in != NULL && (in->type == JSON_ARRAY || in->type == JSON_OBJECT) ? in : NULL;
}

#define WRAPS_MAX 5

static struct row
row_with(struct row of, const struct json *v)
{
	of.v = v;
	return of;
}

static void
unwrap(struct import *im, struct rows *rows, struct row of, const char *name, int depth)
{
	const struct json *v = of.v, *in = inside(v, name);

	if (v->type == JSON_ARRAY && depth > 0) {
		for (size_t i = 0; i < v->array.n; i++)
			unwrap(im, rows, row_with(of, &v->array.items[i]), name, depth - 1);
	} else if (v->type == JSON_OBJECT && in != NULL && depth > 0) {
		unwrap(im, rows, row_with(of, in), name, depth - 1);
	} else if (v->type != JSON_NULL) {
		push(im, rows, v, of);
	}
}

/* "routing-keys" is the file of a list that the API calls routingKeys or routing_keys. */
static const char *
member_name(struct import *im, const char *name, char style)
{
	char *out = arena_strdup(&im->cx->mem, name), *to = out;

	for (const char *p = name; *p != '\0'; p++) {
		if (*p != '-') {
			*to++ = *p;
		} else if (style == '_') {
			*to++ = '_';
		} else if (p[1] >= 'a' && p[1] <= 'z') {
			*to++ = (char)(*++p - 'a' + 'A');
		}
	}
	*to = '\0';
	return out;
}

struct rows
rows_of(struct import *im, const char *name, const char *param)
{
	const char *snake = member_name(im, name, '_'), *camel = member_name(im, name, 'A');
	struct rows rows = { 0 };

	for (size_t i = 0; i < im->n_resources; i++) {
		const struct resource *r = &im->resources[i];
		bool its = strcmp(r->name, name) == 0 || strcmp(r->name, snake) == 0
		        || strcmp(r->name, camel) == 0;
		if (!its || (param != NULL && strcmp(r->param, param) != 0))
			continue;
		const char *inner = inside(r->v, snake) != NULL ? snake : camel;
		unwrap(im, &rows, (struct row){ r->v, r->file, r->param }, inner, WRAPS_MAX);
	}
	return rows;
}

/* ---- values ---- */

const struct json *
at(struct row row, const char *path)
{
	struct str rest = str_from(path);
	const struct json *v = row.v;

	while (rest.len > 0 && v != NULL) {
		struct str name = str_cut(&rest, '.');
		const struct json *found = NULL;
		for (size_t i = 0; v->type == JSON_OBJECT && i < v->object.n; i++)
			if (str_eq(v->object.members[i].key, name))
				found = &v->object.members[i].value;
		v = found;
	}
	return v == NULL || v->type == JSON_NULL ? NULL : v;
}

struct row
row_at(struct row row, const char *path)
{
	const struct json *v = at(row, path);

	return row_with(row, v == NULL ? row.v : v);
}

const char *
text_at(struct import *im, struct row row, const char *path)
{
	const struct json *v = at(row, path);

	return v == NULL || v->type == JSON_OBJECT || v->type == JSON_ARRAY
	        ? ""
	        : json_as_text(&im->cx->mem, v);
}

/* No length, count or clock of an export is larger; sums stay far from overflow. */
#define INT_BOUND 1000000000

static int64_t
bounded(int64_t n)
{
	return n > INT_BOUND ? INT_BOUND : n < -INT_BOUND ? -INT_BOUND : n;
}

int64_t
int_at(struct row row, const char *path, int64_t fallback)
{
	const struct json *v = at(row, path);
	int64_t n;

	if (v != NULL && v->type == JSON_INT)
		return bounded(v->integer);
	return bounded(
	        v != NULL && v->type == JSON_STRING && str_int(v->string, &n) ? n : fallback);
}

bool
bool_at(struct row row, const char *path, bool fallback)
{
	const struct json *v = at(row, path);

	return v != NULL && v->type == JSON_BOOL ? v->boolean : fallback;
}

struct rows
list_at(struct import *im, struct row row, const char *path)
{
	const struct json *v = path[0] == '\0' ? row.v : at(row, path);
	struct rows rows = { 0 };

	for (size_t i = 0; v != NULL && v->type == JSON_ARRAY && i < v->array.n; i++)
		push(im, &rows, &v->array.items[i], row);
	return rows;
}

/* Exports write offsets with and without a colon. */
bool
time_at(struct import *im, struct row row, const char *path, usec_t *ret)
{
	struct str s = str_from(text_at(im, row, path));

	if (s.len > 5 && (s.p[s.len - 5] == '+' || s.p[s.len - 5] == '-'))
		s = str_from(arena_printf(
		        &im->cx->mem, STR_FMT ":%s", (int)s.len - 2, s.p, s.p + s.len - 2));
	return rfc3339_parse(s, ret);
}

struct row
row_of_line(struct import *im, const char *file, uint32_t line)
{
	struct json *at_line = ARENA_NEW(&im->cx->mem, struct json);

	*at_line = (struct json){ .line = line, .column = 1 };
	return (struct row){ .v = at_line, .file = file };
}
