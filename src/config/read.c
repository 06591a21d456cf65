/* SPDX-License-Identifier: Apache-2.0 */
/* Files, folders and request bodies as sets of changes. All faults of all files are
 * reported. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/config.h"
#include "config/kinds.h"

#define FILE_MAX_BYTES (64 * 1024 * 1024)
#define FOLDER_DEPTH_MAX 8

struct reading {
	struct ctx *cx;
	struct change_set *set;
	struct map places; /* "user/alice" -> struct change, for doubles */
	struct faults faults;
};

static const char *
name_of(struct reading *r, const struct change *c)
{
	return arena_printf(&r->cx->mem, "%s/%s", kind_name(c->kind), c->id);
}

/* A copy: the set's items move while it grows. */
static void
note_place(struct reading *r, const struct change *c)
{
	struct change *kept = ARENA_NEW(&r->cx->mem, struct change);

	*kept = *c;
	map_put(&r->places, str_from(name_of(r, c)), kept);
}

static void
add_change(struct reading *r, struct change c, uint32_t column)
{
	const char *name = name_of(r, &c);
	struct change *other = map_gets(&r->places, name);

	if (other != NULL) {
		fault_add(r->cx, &r->faults,
		        (struct fault){ c.file, c.line, column, c.pointer,
		                arena_printf(&r->cx->mem, "%s is there twice: also at %s:%u",
		                        name,
		                        other->file == NULL ? "the same request" : other->file,
		                        other->line) });
		return;
	}
	note_place(r, &c);
	ARENA_PUSH(&r->cx->mem, r->set->items, r->set->n, r->set->cap) = c;
}

static void
read_documents(struct reading *r, const char *file, enum kind kind, const struct json *section)
{
	for (size_t i = 0; i < section->object.n; i++) {
		const struct json_member *m = &section->object.members[i];
		const char *pointer =
		        arena_printf(&r->cx->mem, "/%s/%s", kind_section(kind), m->key.p);
		if (!slug_valid(m->key)) {
			fault_add(r->cx, &r->faults,
			        (struct fault){ file, m->line, m->column, pointer,
			                "an id is lower-case letters, digits and dashes, at most 63" });
			continue;
		}
		add_change(r,
		        (struct change){ .kind = kind,
		                .id = m->key.p,
		                .body = &m->value,
		                .file = file,
		                .pointer = pointer,
		                .line = m->line },
		        m->column);
	}
}

static void
unknown_section(struct reading *r, const char *file, const struct json_member *m)
{
	const char *names[KIND_MAX];

	for (int i = 0; i < KIND_MAX; i++)
		names[i] = kind_section((enum kind)i);
	const char *near = str_nearest(m->key, names, KIND_MAX);
	const char *message = near == NULL
	        ? arena_printf(&r->cx->mem, "unknown section \"%s\"", m->key.p)
	        : arena_printf(&r->cx->mem, "unknown section \"%s\" (did you mean \"%s\"?)",
	                m->key.p, near);
	fault_add(r->cx, &r->faults,
	        (struct fault){ file, m->line, m->column,
	                arena_printf(&r->cx->mem, "/%s", m->key.p), message });
}

static void
read_section(struct reading *r, const char *file, const struct json_member *m)
{
	enum kind kind;

	if (!kind_by_section(m->key, &kind)) {
		unknown_section(r, file, m);
	} else if (m->value.type == JSON_NULL) {
		return; /* a section that was emptied */
	} else if (m->value.type != JSON_OBJECT) {
		fault_add(r->cx, &r->faults,
		        (struct fault){ file, m->value.line, m->value.column,
		                arena_printf(&r->cx->mem, "/%s", m->key.p),
		                "expected ids with their documents" });
	} else if (kind == KIND_ORGANISATION) {
		add_change(r,
		        (struct change){ .kind = kind,
		                .id = "organisation",
		                .body = &m->value,
		                .file = file,
		                .pointer = "/organisation",
		                .line = m->line },
		        m->column);
	} else {
		read_documents(r, file, kind, &m->value);
	}
}

static void
read_tree(struct reading *r, const char *file, const struct json *tree)
{
	if (tree->type != JSON_OBJECT) {
		fault_add(r->cx, &r->faults,
		        (struct fault){ file, tree->line, tree->column, "",
		                "expected sections such as users, teams and services" });
		return;
	}
	for (size_t i = 0; i < tree->object.n; i++)
		read_section(r, file, &tree->object.members[i]);
}

static bool
is_json(const char *name)
{
	return str_ends(str_from(name), STR(".json"));
}

/* A file that cannot be parsed is one fault; the others are still read. */
static void
read_text(struct reading *r, const char *name, struct str text)
{
	struct json *tree;
	struct err *e = is_json(name)
	        ? json_parse(r->cx, text, JSON_LIMITS_CONFIG, &tree)
	        : yaml_parse(r->cx, name, text, JSON_LIMITS_CONFIG, &tree);

	if (e == NULL) {
		read_tree(r, name, tree);
		return;
	}
	const struct fault *f = e->faults != NULL ? &e->faults->items[0] : NULL;
	fault_add(r->cx, &r->faults,
	        (struct fault){ name, f == NULL ? 0 : f->line, f == NULL ? 0 : f->column, "",
	                f == NULL ? e->msg : f->message });
}

static struct err *
read_file(struct reading *r, const char *path)
{
	FILE *f = fopen(path, "re");
	struct stat st;

	if (f == NULL || fstat(fileno(f), &st) != 0) {
		if (f != NULL)
			fclose(f);
		return err_new(r->cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	}
	if (st.st_size > FILE_MAX_BYTES) {
		fclose(f);
		return err_new(r->cx, ERR_LIMIT, "%s is larger than 64 MiB", path);
	}
	char *text = arena_alloc(&r->cx->mem, (size_t)st.st_size + 1);
	size_t len = fread(text, 1, (size_t)st.st_size, f);
	fclose(f);
	read_text(r, arena_strdup(&r->cx->mem, path), (struct str){ text, len });
	return NULL;
}

static bool
is_document_file(const char *name)
{
	struct str s = str_from(name);

	return name[0] != '.'
	        && (str_ends(s, STR(".yaml")) || str_ends(s, STR(".yml"))
	                || str_ends(s, STR(".json")));
}

static struct err *read_path(struct reading *r, const char *path, int depth);

/* In the order of their names, so that messages do not depend on the file system. */
static struct err *
read_folder(struct reading *r, const char *path, int depth)
{
	struct dirent **entries;
	struct err *e = NULL;
	int n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		return err_new(r->cx, ERR_NOT_FOUND, "cannot read the folder %s: %m", path);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		bool folder = entries[i]->d_type == DT_DIR && name[0] != '.';
		if (e == NULL && (folder || is_document_file(name)))
			e = read_path(
			        r, arena_printf(&r->cx->mem, "%s/%s", path, name), depth + 1);
		free(entries[i]);
	}
	free(entries);
	return e;
}

static struct err *
read_path(struct reading *r, const char *path, int depth)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_new(r->cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	if (!S_ISDIR(st.st_mode))
		return read_file(r, path);
	if (depth > FOLDER_DEPTH_MAX)
		return err_new(r->cx, ERR_LIMIT, "%s: folders inside folders, too deep", path);
	return read_folder(r, path, depth);
}

static void
begin(struct reading *r, struct ctx *cx, struct change_set *set)
{
	*r = (struct reading){ .cx = cx, .set = set };
	map_init(&r->places, &cx->mem);
	for (size_t i = 0; i < set->n; i++) /* of files that were read before */
		note_place(r, &set->items[i]);
}

static struct err *
finish(struct reading *r)
{
	struct faults *kept = ARENA_NEW(&r->cx->mem, struct faults);

	*kept = r->faults;
	return kept->n == 0 ? NULL : err_faults(r->cx, kept);
}

struct err *
change_set_read(struct ctx *cx, const char *path, struct change_set *set)
{
	struct reading r;

	begin(&r, cx, set);
	TRY(read_path(&r, path, 0));
	return finish(&r);
}

struct err *
change_set_parse(struct ctx *cx, const char *name, struct str text, struct change_set *set)
{
	struct reading r;

	begin(&r, cx, set);
	read_text(&r, name, text);
	return finish(&r);
}

struct err *
change_set_from_json(struct ctx *cx, const struct json *sections, struct change_set *set)
{
	struct reading r;

	begin(&r, cx, set);
	read_tree(&r, NULL, sections);
	return finish(&r);
}
