/* SPDX-License-Identifier: Apache-2.0 */
/* Reading scenario files. */
#include "sim/script.h"

#include <stdio.h>

#include "base/buf.h"

#define SCRIPT_MAX_BYTES (1024 * 1024)

/* One word from the line; a quote may begin inside it: summary="x y". False on an open
 * quote. */
static bool
next_word(struct ctx *cx, struct str *line, struct statement *s)
{
	struct buf word = BUF_INIT(&cx->mem, 8192);
	bool quote = false, whole = line->p[0] == '"';

	while (line->len > 0 && (quote || (line->p[0] != ' ' && line->p[0] != '\t'))) {
		if (line->p[0] == '"') {
			quote = !quote;
		} else if (quote && line->p[0] == '\\' && line->len > 1
		        && (line->p[1] == '"' || line->p[1] == '\\')) {
			line->p++, line->len--;
			buf_putc(&word, line->p[0]);
		} else {
			buf_putc(&word, line->p[0]);
		}
		line->p++, line->len--;
	}
	if (s->n < WORDS_MAX) {
		s->quoted[s->n] = whole;
		s->words[s->n++] = buf_cstr(&word);
	}
	return !quote;
}

static void
skip_blanks(struct str *s)
{
	while (s->len > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		s->p++, s->len--;
}

static struct err *
read_line(struct ctx *cx, const char *path, struct str line, struct statement *s)
{
	line = str_trim(line); /* also of the CR that some editors put before the line's end */
	s->text = str_dup(&cx->mem, line);
	for (skip_blanks(&line); line.len > 0 && line.p[0] != '#'; skip_blanks(&line))
		if (!next_word(cx, &line, s))
			return err_new(cx, ERR_INVALID, "%s:%u: a quote is not closed: %s",
			        path, s->line, s->text);
	return NULL;
}

static bool
is_indented(struct str line)
{
	return line.len > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

static bool
is_blank(struct str line)
{
	return str_trim(line).len == 0;
}

/* Takes the indented lines below a statement. */
static struct str
take_block(struct ctx *cx, struct str *rest, uint32_t *line)
{
	struct buf block = BUF_INIT(&cx->mem, SCRIPT_MAX_BYTES);
	struct str ahead = *rest;
	uint32_t above = *line;

	for (uint32_t i = 0; i < above; i++)
		buf_putc(&block, '\n');
	size_t bare = block.len;
	while (ahead.len > 0) {
		struct str row = str_cut(&ahead, '\n');
		if (!is_indented(row) && !is_blank(row))
			break;
		buf_str(&block, row);
		buf_putc(&block, '\n');
		*rest = ahead;
		++*line;
	}
	return block.len == bare ? (struct str){ 0 } : buf_view(&block);
}

static struct err *
read_all(struct ctx *cx, const char *path, struct str *ret)
{
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return err_new(cx, ERR_NOT_FOUND, "cannot read %s: %m", path);
	char *text = arena_alloc(&cx->mem, SCRIPT_MAX_BYTES);
	size_t len = fread(text, 1, SCRIPT_MAX_BYTES, f);
	fclose(f);
	if (len == SCRIPT_MAX_BYTES)
		return err_new(cx, ERR_LIMIT, "%s is larger than 1 MiB", path);
	*ret = (struct str){ text, len };
	return NULL;
}

struct err *
script_parse(struct ctx *cx, const char *path, struct str rest, struct script *ret)
{
	uint32_t line = 0;

	*ret = (struct script){ .path = path };
	while (rest.len > 0) {
		struct statement s = { .line = ++line };
		struct str row = str_cut(&rest, '\n');
		if (row.len > 0 && memchr(row.p, '\0', row.len) != NULL)
			return err_new(cx, ERR_INVALID, "%s:%u: not a text", path, line);
		TRY(read_line(cx, path, row, &s));
		if (s.n == 0)
			continue;
		s.block = take_block(cx, &rest, &line);
		ARENA_PUSH(&cx->mem, ret->items, ret->n, ret->cap) = s;
	}
	return NULL;
}

struct err *
script_read(struct ctx *cx, const char *path, struct script *ret)
{
	struct str text;

	TRY(read_all(cx, path, &text));
	return script_parse(cx, path, text, ret);
}
