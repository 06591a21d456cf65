/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An error is a value: NULL is success, anything else says what a caller can do about it
 * (code), what happened (msg), where in the input (field, faults) and what we were doing (cause
 * chain). It lives in the arena of the unit of work. Nouns return errors, edges log or render
 * them once. Bugs and lack of memory abort instead.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cppcheck__ /* does not know it on members */
#define MUST_USE
#else
#define MUST_USE __attribute__((warn_unused_result))
#endif
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define BIT(n) (1u << (n))
#define NELEMS(a) (sizeof(a) / sizeof *(a))

struct ctx;

enum err_code {
	ERR_INVALID,     /* the input is wrong; sending it again cannot help */
	ERR_NOT_FOUND,   /* the thing named is not there */
	ERR_CONFLICT,    /* the thing is not in the state that was assumed */
	ERR_DENIED,      /* who asks may not */
	ERR_LIMIT,       /* too large, too many */
	ERR_UNAVAILABLE, /* try again later: database, network, disk, overload */
	ERR_BUG,         /* ours; reported, never expected */
	ERR_CODE_MAX,
};

/* Where an input is wrong. file and line are set when the input was a file. */
struct fault {
	const char *file;    /* NULL: a request body */
	uint32_t line;       /* from 1; 0 unknown */
	uint32_t column;     /* from 1, in bytes */
	const char *pointer; /* RFC 6901, "/services/checkout/team" */
	const char *message; /* what was expected, with the nearest valid name */
};

struct faults {
	struct fault *items;
	size_t n, cap;
	size_t dropped; /* found after the hundredth */
};

struct err {
	enum err_code code;
	const char *msg;
	const char *field; /* JSON pointer or option name, or NULL */
	const struct faults *faults;
	const struct err *cause;
};

/* "invalid", "not_found", ...: as logged and as the API's problem type. */
extern const char *const err_code_names[ERR_CODE_MAX];

struct err *err_new(struct ctx *cx, enum err_code code, const char *fmt, ...) PRINTF(3, 4);
struct err *err_field(struct ctx *cx, enum err_code code, const char *field, const char *fmt,
        ...) PRINTF(4, 5);

/* ERR_INVALID with every fault; the message is that of the first and the count of the rest. */
struct err *err_faults(struct ctx *cx, const struct faults *faults);

/* Says what we were doing when cause happened; keeps its code, field and faults. */
struct err *err_wrap(struct ctx *cx, const struct err *cause, const char *fmt, ...)
        PRINTF(3, 4);

/* "outer: inner: innermost", in the arena. */
const char *err_text(struct ctx *cx, const struct err *e);

/* True when asking again gets the same answer: we would not, not that we could not. */
bool err_is_refusal(const struct err *e);

/* The explicit way to drop an error; why is for the reader. */
void err_ignore(const struct err *e, const char *why);

/* At most 100 are kept, the rest counted. Strings are copied into cx. */
void fault_add(struct ctx *cx, struct faults *faults, struct fault f);

#define TRY(call)                                                                              \
	do {                                                                                   \
		struct err *try_err_ = (call);                                                 \
		if (try_err_ != NULL)                                                          \
			return try_err_;                                                       \
	} while (0)

#define TRY_WRAP(cx, call, ...)                                                                \
	do {                                                                                   \
		struct err *try_err_ = (call);                                                 \
		if (try_err_ != NULL)                                                          \
			return err_wrap((cx), try_err_, __VA_ARGS__);                          \
	} while (0)

#endif
