/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines, a word a line. */
#include "cli/verb.h"
#include "fuzz.h"

#define WORDS_MAX 300

static void
fuzz(struct ctx *cx, struct str in)
{
	static struct call call;
	char *argv[WORDS_MAX + 2] = { (char *)"tocsin" };
	int argc = 1;

	while (in.len > 0 && argc <= WORDS_MAX)
		argv[argc++] = (char *)str_dup(&cx->mem, str_cut(&in, '\n'));
	call = (struct call){ 0 };
	ctx_init(&call.cx, NULL);
	struct err *e = cli_parse(&call, argc, argv);
	if (e != NULL) {
		assert(e->code == ERR_INVALID && str_null_safe_eq(e->field, "usage"));
		assert(e->msg[0] != '\0');
	} else {
		assert(call.verb != NULL && call.n_args <= CALL_ARGS_MAX);
		for (size_t i = 0; i < call.n_given; i++)
			assert(call.given[i].value != NULL);
	}
	ctx_close(&call.cx);
}
