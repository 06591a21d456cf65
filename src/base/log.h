/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one line an event, to stderr, key=value for people or JSON for machines. Only edges
 * log (a request's end, a job's failure, start and stop). Message bodies, addresses and keys
 * never.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVEL_MAX };

void log_setup(enum log_level least, bool json);

/* where: the module, "http", "dispatch". cx may be NULL. The text is "key=value key=value". */
void log_line(const struct ctx *cx, enum log_level level, const char *where, const char *fmt,
        ...) PRINTF(4, 5);

#define log_debug(cx, where, ...) log_line((cx), LOG_DEBUG, (where), __VA_ARGS__)
#define log_info(cx, where, ...) log_line((cx), LOG_INFO, (where), __VA_ARGS__)
#define log_warn(cx, where, ...) log_line((cx), LOG_WARN, (where), __VA_ARGS__)
#define log_error(cx, where, ...) log_line((cx), LOG_ERROR, (where), __VA_ARGS__)

/* The error's whole chain, at level. */
void log_err(struct ctx *cx, enum log_level level, const char *where, const struct err *e);

#endif
