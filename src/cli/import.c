/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin import`: another product's export as documents to review and to apply. Works on files
 * alone; the report goes to standard error, the documents to standard output or to a folder. */
#include "cli/import.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define YAML_MAX (256 * 1024 * 1024)

static struct err *
write_file(struct call *call, const char *folder, const char *name, struct str text)
{
	const char *path = arena_printf(&call->cx.mem, "%s/%s", folder, name);
	FILE *f = fopen(path, "wxe"); /* what somebody may have edited is not written over */

	if (f == NULL)
		return err_new(&call->cx, errno == EEXIST ? ERR_CONFLICT : ERR_UNAVAILABLE,
		        "cannot write %s: %m", path);
	bool ok = fwrite(text.p, 1, text.len, f) == text.len;
	if (fclose(f) != 0 || !ok)
		return err_new(&call->cx, ERR_UNAVAILABLE, "cannot write %s: %m", path);
	return NULL;
}

static struct err *
write_folder(struct call *call, const struct import_result *result, struct str report)
{
	const char *folder = opt(call, "--output");

	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return err_new(&call->cx, ERR_UNAVAILABLE, "cannot make %s: %m", folder);
	for (int k = 0; k < KIND_MAX; k++) {
		const char *section = kind_section((enum kind)k);
		struct buf yaml = BUF_INIT(&call->cx.mem, YAML_MAX);
		struct json *tree;

		TRY(import_sections(&call->cx, result, section, &tree));
		if (tree->object.n == 0)
			continue;
		yaml_print(&yaml, tree);
		TRY(write_file(call, folder, arena_printf(&call->cx.mem, "%s.yaml", section),
		        buf_view(&yaml)));
	}
	return write_file(call, folder, "report.txt", report);
}

static void
write_report_json(struct jsonw *w, const struct import_result *result)
{
	jsonw_array(w);
	for (size_t i = 0; i < result->n_lines; i++) {
		const struct import_line *l = &result->lines[i];
		jsonw_object(w);
		jsonw_member(w, "fate", import_fate_names[l->fate]);
		jsonw_member(w, "what", l->what);
		jsonw_member(w, "why", l->why);
		jsonw_member_opt(w, "file", l->file);
		jsonw_member_int(w, "line", l->line);
		jsonw_member_int(w, "column", l->column);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static struct err *
write_out(struct call *call, const struct import_result *result)
{
	struct jsonw w = JSONW(&call->out);
	struct json *tree;

	TRY(import_sections(&call->cx, result, NULL, &tree));
	if (!call->json) {
		yaml_print(&call->out, tree);
		return NULL;
	}
	jsonw_object(&w);
	jsonw_key(&w, "documents");
	jsonw_tree(&w, tree);
	jsonw_key(&w, "report");
	write_report_json(&w, result);
	jsonw_end_object(&w);
	buf_putc(&call->out, '\n');
	return NULL;
}

struct err *
import_tell(struct call *call, const struct import_result *result)
{
	struct buf report = BUF_INIT(&call->cx.mem, YAML_MAX);

	import_report(&report, result);
	if (opt(call, "--output") != NULL)
		TRY(write_folder(call, result, buf_view(&report)));
	else
		TRY(write_out(call, result));
	if (!call->json)
		(void)fwrite(buf_cstr(&report), 1, report.len, stderr);
	return NULL;
}

struct err *
verb_import(struct call *call)
{
	const struct import_options options = { .keys = opt_flag(call, "--keys"),
		.zone = opt(call, "--zone") };
	struct import_result result;

	TRY(import_read(&call->cx, call->args[0], call->args[1], &options, &result));
	return import_tell(call, &result);
}
