/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus's patterns: RE2, anchored at both ends. The only face to C++ in the tree. */
#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATTERN_MAX 1000 /* bytes; RE2's cost grows with the pattern, a match may take 1.6 ms */
#define PATTERN_ERROR_MAX 200

struct pattern;

/* NULL on a bad pattern, with RE2's words in error. The caller frees. */
struct pattern *pattern_new(const char *text, size_t len, char error[PATTERN_ERROR_MAX]);
void pattern_free(struct pattern *p); /* NULL is nothing */

/* The whole text must match. Thread-safe. */
bool pattern_match(const struct pattern *p, const char *text, size_t len);

#ifdef __cplusplus
}
#endif

#endif
