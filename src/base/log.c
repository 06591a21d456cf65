/* SPDX-License-Identifier: Apache-2.0 */
/* A line is built on the stack and written with one write, so that threads never mix theirs. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/ctx.h"

#define LINE_MAX_BYTES 2048

static enum log_level least_level = LOG_INFO;
static bool as_json;

static const char *const level_names[LOG_LEVEL_MAX] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
};

void
log_setup(enum log_level least, bool json)
{
	least_level = least;
	as_json = json;
}

static void
put(struct line *l, char c)
{
	if (l->len < LINE_MAX_BYTES - 2)
		l->text[l->len++] = c;
}

static void
put_text(struct line *l, const char *s)
{
	while (*s != '\0')
		put(l, *s++);
}

/* Control characters never reach a terminal or break a line; JSON also needs its two escapes.
 */
static void
put_safe(struct line *l, const char *s)
{
	for (; *s != '\0'; s++) {
		if (as_json && (*s == '"' || *s == '\\'))
			put(l, '\\');
		put(l, (unsigned char)*s < 0x20 || *s == 0x7f ? ' ' : *s);
	}
}

static void
put_field(struct line *l, const char *name, const char *value)
{
	put_text(l, as_json ? ",\"" : " ");
	put_text(l, name);
	put_text(l, as_json ? "\":\"" : "=");
	put_safe(l, value);
	if (as_json)
		put(l, '"');
}

void
log_line(const struct ctx *cx, enum log_level level, const char *where, const char *fmt, ...)
{
	char at[RFC3339_MAX], text[LINE_MAX_BYTES / 2];
	struct line l = { .len = 0 };
	va_list ap;

	if (level < least_level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);

	rfc3339_print(clock_now(&clock_real), at);
	put_text(&l, as_json ? "{\"time\":\"" : "");
	put_text(&l, at);
	put_text(&l, as_json ? "\"" : "");
	put_field(&l, "level", level_names[level]);
	put_field(&l, "where", where);
	if (cx != NULL && cx->request_id != NULL)
		put_field(&l, "request", cx->request_id);
	if (cx != NULL && cx->actor.id != NULL)
		put_field(&l, "actor", cx->actor.id);
	if (as_json)
		put_field(&l, "text", text);
	else {
		put(&l, ' ');
		put_safe(&l, text);
	}
	put_text(&l, as_json ? "}" : "");
	l.text[l.len++] = '\n';
	if (write(STDERR_FILENO, l.text, l.len) < 0)
		return; /* nobody is left to tell */
}

void
log_err(struct ctx *cx, enum log_level level, const char *where, const struct err *e)
{
	log_line(cx, level, where, "error=%s text=\"%s\"", err_code_names[e->code],
	        err_text(cx, e));
}
