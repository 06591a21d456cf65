/* SPDX-License-Identifier: Apache-2.0 */
/* The way through an import, its report, and the documents as one tree. */
#include "importer/import_priv.h"

#define BODY_MAX (4 * 1024 * 1024)

const char *const import_fate_names[IMPORT_FATE_MAX] = {
	[IMPORT_TAKEN] = "taken",
	[IMPORT_CHANGED] = "changed",
	[IMPORT_LEFT_OUT] = "left out",
};

static vendor_fn *const vendor_fns[] = { import_victorops, import_pagerduty, import_opsgenie,
	import_grafana_oncall, import_goalert };
const char *const import_vendor_names[NELEMS(vendor_fns) + 1] = { "victorops", "pagerduty",
	"opsgenie", "grafana-oncall", "goalert", NULL };

/* ---- the report ---- */

static void
note(struct import *im, enum import_fate fate, struct row where, struct import_line line)
{
	struct import_result *out = im->out;

	line.fate = fate;
	line.file = where.file;
	line.line = where.v == NULL ? 0 : where.v->line;
	line.column = where.v == NULL ? 0 : where.v->column;
	ARENA_PUSH(&im->cx->mem, out->lines, out->n_lines, out->cap_lines) = line;
}

void
note_changed(struct import *im, struct row where, const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(im, IMPORT_CHANGED, where,
	        (struct import_line){
	                .what = what, .why = arena_vprintf(&im->cx->mem, fmt, ap) });
	va_end(ap);
}

void
note_left_out(struct import *im, struct row where, const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(im, IMPORT_LEFT_OUT, where,
	        (struct import_line){
	                .what = what, .why = arena_vprintf(&im->cx->mem, fmt, ap) });
	va_end(ap);
}

void
import_report(struct buf *out, const struct import_result *result)
{
	size_t counts[IMPORT_FATE_MAX] = { 0 };

	for (size_t i = 0; i < result->n_lines; i++) {
		const struct import_line *l = &result->lines[i];
		counts[l->fate]++;
		buf_printf(out, "%-8s  ", import_fate_names[l->fate]);
		if (l->file != NULL && l->line > 0)
			buf_printf(out, "%s:%u:%u: ", l->file, l->line, l->column);
		else if (l->file != NULL)
			buf_printf(out, "%s: ", l->file);
		buf_printf(out, "%s%s%s\n", l->what, l->why[0] == '\0' ? "" : ": ", l->why);
	}
	buf_printf(out, "%zu taken, %zu changed, %zu left out\n", counts[IMPORT_TAKEN],
	        counts[IMPORT_CHANGED], counts[IMPORT_LEFT_OUT]);
}

/* What was changed on its way was taken too: one line says so. */
static void
merge_fates(struct import *im)
{
	struct import_result *out = im->out;
	struct map changed;
	size_t n = 0;

	map_init(&changed, &im->cx->mem);
	for (size_t i = 0; i < out->n_lines; i++)
		if (out->lines[i].fate == IMPORT_CHANGED)
			map_put(&changed, str_from(out->lines[i].what), im);
	for (size_t i = 0; i < out->n_lines; i++)
		if (out->lines[i].fate != IMPORT_TAKEN
		        || !map_has(&changed, str_from(out->lines[i].what)))
			out->lines[n++] = out->lines[i];
	out->n_lines = n;
}

/* ---- documents ---- */

struct jsonw *
doc_begin(struct import *im, enum kind kind, const char *slug, const char *name,
        const char *description)
{
	im->body = BUF_INIT(&im->cx->mem, BODY_MAX);
	im->w = JSONW(&im->body);
	im->kind = kind;
	im->slug = slug;
	jsonw_object(&im->w);
	if (name != NULL && name[0] != '\0')
		jsonw_key(&im->w, "name"), jsonw_str(&im->w, utf8_clip(str_from(name), 1024));
	if (description != NULL && description[0] != '\0')
		jsonw_member(&im->w, "description", description);
	return &im->w;
}

void
doc_end(struct import *im, struct row where)
{
	struct import_result *out = im->out;
	const char *what = arena_printf(&im->cx->mem, "%s/%s", kind_name(im->kind), im->slug);

	jsonw_end_object(&im->w);
	if (im->body.cut || out->n_docs >= IMPORT_DOCS_MAX) {
		note_left_out(im, where, what, "it is too large");
		return;
	}
	ARENA_PUSH(&im->cx->mem, out->docs, out->n_docs, out->cap_docs) = (struct import_doc){
		.kind = im->kind, .id = im->slug, .body = buf_cstr(&im->body)
	};
	note(im, IMPORT_TAKEN, where, (struct import_line){ .what = what, .why = "" });
}

static void
add_section(struct jsonw *w, const struct import_result *result, enum kind kind)
{
	bool open = false;

	for (size_t i = 0; i < result->n_docs; i++) {
		if (result->docs[i].kind != kind)
			continue;
		if (!open) {
			jsonw_key(w, kind_section(kind));
			jsonw_object(w);
		}
		open = true;
		jsonw_key(w, result->docs[i].id);
		jsonw_raw(w, str_from(result->docs[i].body));
	}
	if (open)
		jsonw_end_object(w);
}

#define SECTIONS_MAX (512 * 1024 * 1024)

struct err *
import_sections(struct ctx *cx, const struct import_result *result, const char *section,
        struct json **ret)
{
	struct buf out = BUF_INIT(&cx->mem, SECTIONS_MAX);
	struct jsonw w = JSONW(&out);

	jsonw_object(&w);
	for (int k = 0; k < KIND_MAX; k++)
		if (section == NULL || strcmp(section, kind_section((enum kind)k)) == 0)
			add_section(&w, result, (enum kind)k);
	jsonw_end_object(&w);
	if (out.cut)
		return err_new(cx, ERR_LIMIT, "the documents are larger than 512 MiB");
	return json_parse(cx, buf_view(&out), JSON_LIMITS_CONFIG, ret);
}

/* ---- all of it ---- */

void
import_each(struct import *im, const char *name, void (*fn)(struct import *im, struct row row))
{
	struct rows rows = rows_of(im, name, NULL);

	for (size_t i = 0; i < rows.n; i++)
		fn(im, rows.items[i]);
}

static struct err *
no_vendor(struct ctx *cx, const char *vendor)
{
	const char *near =
	        str_nearest(str_from(vendor), import_vendor_names, NELEMS(vendor_fns));

	return err_field(cx, ERR_INVALID, "usage",
	        "there is no import from \"%s\"%s%s%s: victorops, pagerduty, opsgenie, "
	        "grafana-oncall, goalert or ical",
	        vendor, near == NULL ? "" : " (did you mean ", near == NULL ? "" : near,
	        near == NULL ? "" : "?)");
}

void
import_begin(struct import *im, struct ctx *cx, const struct import_options *options,
        struct import_result *out)
{
	static const struct import_options none;

	*out = (struct import_result){ 0 };
	*im = (struct import){
		.cx = cx, .options = options == NULL ? &none : options, .out = out
	};
	map_init(&im->slugs, &cx->mem);
	map_init(&im->taken, &cx->mem);
}

static struct err *
begin(struct import *im, struct ctx *cx, const char *vendor,
        const struct import_options *options, struct import_result *out, vendor_fn **ret)
{
	import_begin(im, cx, options, out);
	if (options->zone != NULL && zone_get(options->zone) == NULL)
		return err_field(cx, ERR_INVALID, "usage", "there is no time zone \"%s\"",
		        options->zone);
	for (size_t i = 0; i < NELEMS(vendor_fns); i++) {
		if (strcmp(import_vendor_names[i], vendor) != 0)
			continue;
		*ret = vendor_fns[i];
		return NULL;
	}
	return no_vendor(cx, vendor);
}

static struct err *
finish(struct import *im, vendor_fn *fn)
{
	fn(im);
	merge_fates(im);
	if (im->out->n_docs == 0 && im->out->n_lines == 0)
		return err_new(im->cx, ERR_INVALID,
		        "it has nothing that this product exports: see `tocsin help import`");
	return NULL;
}

struct err *
import_read(struct ctx *cx, const char *vendor, const char *path,
        const struct import_options *options, struct import_result *ret)
{
	struct import im;
	vendor_fn *fn;

	TRY(begin(&im, cx, vendor, options, ret, &fn));
	TRY(source_read(&im, path));
	TRY_WRAP(cx, finish(&im, fn), "%s as of %s", path, vendor);
	return NULL;
}

struct err *
import_files(struct ctx *cx, const char *vendor, const struct import_file *files, size_t n,
        const struct import_options *options, struct import_result *ret)
{
	struct import im;
	vendor_fn *fn;

	TRY(begin(&im, cx, vendor, options, ret, &fn));
	TRY(source_files(&im, files, n));
	return finish(&im, fn);
}
