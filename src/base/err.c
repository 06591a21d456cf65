/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as values in the unit of work's arena. */
#include "base/err.h"

#include <stdarg.h>

#include "base/ctx.h"

#define FAULTS_MAX 100

const char *const err_code_names[ERR_CODE_MAX] = {
	[ERR_INVALID] = "invalid",
	[ERR_NOT_FOUND] = "not_found",
	[ERR_CONFLICT] = "conflict",
	[ERR_DENIED] = "denied",
	[ERR_LIMIT] = "limit",
	[ERR_UNAVAILABLE] = "unavailable",
	[ERR_BUG] = "bug",
};

static struct err *
make(struct ctx *cx, enum err_code code, const char *fmt, va_list ap)
{
	struct err *e = ARENA_NEW(&cx->mem, struct err);

	e->code = code;
	e->msg = arena_vprintf(&cx->mem, fmt, ap);
	return e;
}

struct err *
err_new(struct ctx *cx, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *e = make(cx, code, fmt, ap);
	va_end(ap);
	return e;
}

struct err *
err_field(struct ctx *cx, enum err_code code, const char *field, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *e = make(cx, code, fmt, ap);
	va_end(ap);
	e->field = arena_strdup(&cx->mem, field);
	return e;
}

struct err *
err_faults(struct ctx *cx, const struct faults *faults)
{
	size_t more = faults->n + faults->dropped - 1;
	const char *first = faults->items[0].message;
	struct err *e = more == 0 ? err_new(cx, ERR_INVALID, "%s", first)
	                          : err_new(cx, ERR_INVALID, "%s (and %zu more)", first, more);

	struct faults *kept =
	        ARENA_NEW(&cx->mem, struct faults); /* the caller's is on its stack */
	*kept = *faults;
	e->field = kept->items[0].pointer;
	e->faults = kept;
	return e;
}

struct err *
err_wrap(struct ctx *cx, const struct err *cause, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *e = make(cx, cause->code, fmt, ap);
	va_end(ap);
	e->field = cause->field;
	e->faults = cause->faults;
	e->cause = cause;
	return e;
}

const char *
err_text(struct ctx *cx, const struct err *e)
{
	if (e->cause == NULL)
		return e->msg;
	return arena_printf(&cx->mem, "%s: %s", e->msg, err_text(cx, e->cause));
}

bool
err_is_refusal(const struct err *e)
{
	switch (e->code) {
	case ERR_INVALID:
	case ERR_NOT_FOUND:
	case ERR_CONFLICT:
	case ERR_DENIED:
	case ERR_LIMIT:
		return true;
	case ERR_UNAVAILABLE:
	case ERR_BUG:
	case ERR_CODE_MAX:
		break;
	}
	return false;
}

void
err_ignore(const struct err *e, const char *why)
{
	(void)e;
	(void)why;
}

void
fault_add(struct ctx *cx, struct faults *faults, struct fault f)
{
	if (faults->n >= FAULTS_MAX) {
		faults->dropped++;
		return;
	}
	f.file = arena_strdup(&cx->mem, f.file);
	f.pointer = arena_strdup(&cx->mem, f.pointer);
	f.message = arena_strdup(&cx->mem, f.message);
	ARENA_PUSH(&cx->mem, faults->items, faults->n, faults->cap) = f;
}
