/* SPDX-License-Identifier: Apache-2.0 */
/* Wiring only: the command line decides what runs. */
#include <stdio.h>

#include "sim/scenario.h"

int
main(int argc, char **argv)
{
	struct ctx cx;

	ctx_init(&cx, NULL);
	struct buf out = BUF_INIT(&cx.mem, 16 * 1024 * 1024);
	const struct scenario_options options = { 0 };
	size_t failed = scenario_run_all(
	        &cx, (const char *const *)argv + 1, (size_t)argc - 1, &options, &out);
	fputs(buf_cstr(&out), stdout);
	ctx_close(&cx);
	return failed > 0;
}
