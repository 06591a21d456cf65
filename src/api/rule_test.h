/* SPDX-License-Identifier: Apache-2.0 */
/* Rules tried out: what present and drafted rules make of a signal, by the engine's own code.
 * Nothing is kept and nobody is paged. */
#ifndef API_RULE_TEST_H
#define API_RULE_TEST_H

#include "api/app.h"
#include "engine/foresight.h"
#include "engine/intake.h"

/* A rule that was applied. */
struct rule_hit {
	const char *set, *rule;
};

/* What became of one signal under one configuration. */
struct judged {
	struct prepared p;
	struct rule_hit *hits;
	size_t n, cap;
	const char *trace; /* JSON; NULL: not asked for */
};

/* A signal to try, and where it is from. */
struct tried {
	struct signal s;
	const char *integration; /* or NULL */
	int64_t id, at;          /* of a stored one; else 0 */
};

struct judged rule_judge(
        struct ctx *cx, const struct snapshot *s, const struct tried *t, bool trace);

/* Signals of a text in the native form: one or a list. Faults are under base. */
MUST_USE struct err *rule_signals(
        struct ctx *cx, const struct json *v, struct signal **ret, size_t *ret_n);

/* A stored signal as it came, before rules changed it. */
MUST_USE struct err *rule_stored(struct ctx *cx, const char *body, struct signal *ret);

/* "cases": each case of each rule set of the snapshot, and whether it holds. */
MUST_USE struct err *rule_cases_write(
        struct ctx *cx, struct jsonw *w, const struct snapshot *s);

#endif
