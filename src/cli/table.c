/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct table
table_new(struct call *call, const char *const *heads)
{
	struct table t = { .call = call, .heads = heads };

	while (heads[t.n_columns] != NULL)
		t.n_columns++;
	return t;
}

void
table_cell(struct table *t, const char *text)
{
	ARENA_PUSH(&t->call->cx.mem, t->cells, t->n, t->cap) = text == NULL ? "" : text;
}

/* Columns on the screen: escapes take none, a UTF-8 character takes one. */
static size_t
width_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\033')
			text += strcspn(text, "m");
		else if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
	}
	return n;
}

static void
write_row(struct table *t, const char *const *cells, const size_t *widths)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		bool last = i + 1 == t->n_columns;
		buf_puts(&t->call->out, cells[i]);
		if (!t->call->tty)
			buf_putc(&t->call->out, last ? '\n' : '\t');
		for (size_t n = width_of(cells[i]); t->call->tty && !last && n < widths[i] + 2;
		        n++)
			buf_putc(&t->call->out, ' ');
	}
	if (t->call->tty)
		buf_putc(&t->call->out, '\n');
}

void
table_write(struct table *t)
{
	size_t widths[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < t->n_columns; i++) {
		widths[i] = width_of(t->heads[i]);
		for (size_t c = i; c < t->n; c += t->n_columns)
			if (width_of(t->cells[c]) > widths[i])
				widths[i] = width_of(t->cells[c]);
	}
	if (t->call->tty)
		write_row(t, t->heads, widths);
	for (size_t c = 0; c + t->n_columns <= t->n; c += t->n_columns)
		write_row(t, t->cells + c, widths);
}

const char *
paint(struct call *call, const char *word, const char *text)
{
	static const struct {
		const char *word, *code;
	} colours[] = { { "triggered", "1;31" }, { "acknowledged", "33" }, { "resolved", "36" },
		{ "critical", "1;31" }, { "error", "31" }, { "warning", "33" }, { "info", "2" },
		{ "dim", "2" }, { "strong", "1" }, { "nobody", "1;31" } };

	for (size_t i = 0; call->colour && i < NELEMS(colours); i++)
		if (strcmp(colours[i].word, word) == 0)
			return arena_printf(
			        &call->cx.mem, "\033[%sm%s\033[0m", colours[i].code, text);
	return text;
}

const char *
span_text(struct call *call, usec_t span)
{
	if (span < MINUTES(1))
		return arena_printf(&call->cx.mem, "%" PRId64 " s", span / SECONDS(1));
	if (span < HOURS(1))
		return arena_printf(&call->cx.mem, "%" PRId64 " min", span / MINUTES(1));
	if (span < DAYS(2))
		return arena_printf(&call->cx.mem, "%" PRId64 " h", span / HOURS(1));
	return arena_printf(&call->cx.mem, "%" PRId64 " d", span / DAYS(1));
}

const char *
age_text(struct call *call, const char *rfc3339)
{
	usec_t at;

	if (!rfc3339_parse(str_from(rfc3339), &at))
		return rfc3339;
	return span_text(call, ctx_now(&call->cx) - at);
}

const struct zone *
terminal_zone(struct call *call)
{
	const char *name = getenv("TZ");
	char link[256];

	if (call->zone != NULL)
		return call->zone;
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);

	link[n < 0 ? 0 : n] = '\0';
	if (name == NULL || name[0] == '\0') {
		name = strstr(link, "zoneinfo/");
		name = name == NULL ? NULL : name + strlen("zoneinfo/");
	}
	const struct zone *z = name == NULL ? NULL : zone_get(name);
	call->zone = z == NULL ? zone_utc() : z;
	return call->zone;
}

const char *
when_text(struct call *call, const char *rfc3339)
{
	usec_t at;

	if (!call->tty || !rfc3339_parse(str_from(rfc3339), &at))
		return rfc3339;
	return clock_text(&call->cx.mem, terminal_zone(call), at);
}

const char *
moment_text(struct call *call, const char *rfc3339, char last[DAY_MAX])
{
	const struct zone *z = terminal_zone(call);
	struct arena *mem = &call->cx.mem;
	const char *abbr, *head = "";
	char day[DAY_MAX];
	usec_t at;

	if (!rfc3339_parse(str_from(rfc3339), &at))
		return rfc3339;
	zone_offset(z, at, NULL, &abbr);
	snprintf(day, sizeof day, "%.10s %s", clock_text(mem, z, at), abbr);
	if (strcmp(day, last) != 0) {
		head = arena_printf(mem, "%s\n", paint(call, "dim", day));
		memcpy(last, day, sizeof day);
	}
	return arena_printf(
	        mem, "%s%s", head, paint(call, "dim", clock_text_short(mem, z, at)));
}

/* Titles come from anywhere: nothing in them moves the cursor or breaks a row. U+0080 to U+009F
 * are control characters too. */
const char *
text_of(struct call *call, const struct json *o, const char *key)
{
	char *text = arena_strdup(&call->cx.mem, json_as_text(&call->cx.mem, json_get(o, key)));

	for (char *c = text; *c != '\0'; c++) {
		unsigned char high = (unsigned char)c[0], low = (unsigned char)c[1];
		if (high < 0x20 || high == 0x7f)
			*c = ' ';
		else if (high == 0xc2 && low >= 0x80 && low < 0xa0)
			c[0] = c[1] = ' ';
	}
	return text;
}

void
write_json(struct call *call, const struct json *v)
{
	struct jsonw w = { .out = &call->out, .pretty = call->tty };

	jsonw_tree(&w, v);
	buf_putc(&call->out, '\n');
}
