/* SPDX-License-Identifier: Apache-2.0 */
/* Exports of other products: whatever they say, the result is documents that can be printed. */
#include <stdlib.h>

#include "importer/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
one(struct ctx *cx, const char *vendor, struct str text)
{
	const struct import_options options = { .keys = true, .zone = "Europe/Berlin" };
	struct buf out = BUF_INIT(&cx->mem, 16 * 1024 * 1024);
	struct import_result result;
	struct json *tree, *again;

	const struct import_file file = { "export", text };
	struct err *e = import_files(cx, vendor, &file, 1, &options, &result);
	if (e != NULL) {
		err_ignore(e, "refused");
		return;
	}
	import_report(&out, &result);
	buf_reset(&out);
	e = import_sections(cx, &result, NULL, &tree);
	if (e == NULL) {
		yaml_print(&out, tree);
		e = yaml_parse(cx, "out", buf_view(&out), JSON_LIMITS_CONFIG, &again);
	}
	if (e != NULL && e->code != ERR_LIMIT)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx cx;

	ctx_init(&cx, NULL);
	for (size_t i = 0; import_vendor_names[i] != NULL; i++)
		one(&cx, import_vendor_names[i], (struct str){ (const char *)data, size });
	ctx_close(&cx);
	return 0;
}
