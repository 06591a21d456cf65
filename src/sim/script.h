/* SPDX-License-Identifier: Apache-2.0 */
/* A scenario file as statements: words with their quotes taken off, and the indented block
 * below. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "base/ctx.h"
#include "base/str.h"

#define WORDS_MAX 40

struct statement {
	uint32_t line;
	const char *text; /* as written, for messages */
	const char *words[WORDS_MAX];
	bool quoted[WORDS_MAX]; /* the word stood in quotes as a whole */
	size_t n;
	struct str block; /* the indented lines below, behind as many line ends as stand above
			     them, so that places in it are places in the file */
};

struct script {
	const char *path;
	struct statement *items;
	size_t n, cap;
};

MUST_USE struct err *script_read(struct ctx *cx, const char *path, struct script *ret);

/* From memory; path is for messages. */
MUST_USE struct err *script_parse(
        struct ctx *cx, const char *path, struct str text, struct script *ret);

#endif
