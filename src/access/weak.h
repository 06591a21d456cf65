/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_WEAK_H
#define ACCESS_WEAK_H

#include "base/ctx.h"
#include "base/str.h"

#define PASSWORD_NAMES_MAX 16

/* Whether it is among what guessers try first. names: words that belong to the person. */
bool password_is_weak(const char *plain, const char *const *names, size_t n_names);

/* Adds a text, such as a name or an address, and its words to n that are there; their
 * number. */
size_t password_names(struct ctx *cx, const char *text, const char **ret, size_t n, size_t max);

#endif
