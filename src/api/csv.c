/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for spreadsheets. */
#include "api/csv.h"

struct csv
csv_begin(struct ctx *cx, struct response *rs, const char *file, const char *const *heads)
{
	struct csv c = { .out = &rs->body };

	rs->status = 200;
	rs->type = "text/csv; charset=utf-8";
	response_header(rs, "Content-Disposition",
	        arena_printf(&cx->mem, "attachment; filename=\"%s.csv\"", file));
	for (; *heads != NULL; heads++)
		csv_text(&c, *heads);
	csv_end(&c);
	return c;
}

/* What a spreadsheet would take for a formula is marked as text: titles come from strangers. */
void
csv_text(struct csv *c, const char *text)
{
	if (c->begun)
		buf_putc(c->out, ',');
	c->begun = true;
	if (text == NULL || text[0] == '\0')
		return;
	bool formula = strchr("=+-@\t\r", text[0]) != NULL;
	bool quoted = formula || strpbrk(text, "\",\r\n") != NULL;
	if (quoted)
		buf_putc(c->out, '"');
	if (formula)
		buf_putc(c->out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_putc(c->out, '"');
		buf_putc(c->out, *text);
	}
	if (quoted)
		buf_putc(c->out, '"');
}

static void
csv_plain(struct csv *c)
{
	if (c->begun)
		buf_putc(c->out, ',');
	c->begun = true;
}

void
csv_int(struct csv *c, int64_t n)
{
	csv_plain(c);
	buf_int(c->out, n);
}

void
csv_time(struct csv *c, usec_t at)
{
	char text[RFC3339_MAX];

	csv_plain(c);
	if (at != 0)
		buf_puts(c->out, rfc3339_print(at, text));
}

void
csv_seconds(struct csv *c, usec_t span)
{
	csv_plain(c);
	buf_printf(c->out, "%.3f", (double)(span / USEC_PER_MS) / 1000);
}

void
csv_end(struct csv *c)
{
	buf_puts(c->out, "\r\n");
	c->begun = false;
}
