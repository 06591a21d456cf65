/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the keys of many signals, read together before the first of them acts. Over
 * a network a question each would cost more than all the rest of a signal; together they are
 * two exchanges. Of the engine's own files only.
 *
 * What was read holds while nobody but signals writes: a key is looked up here once (its signal
 * may have changed the row), an incident until a signal touched it, and nothing any more once a
 * recovery closed alerts of other keys or another command ran (foresight_end).
 */
#ifndef ENGINE_FORESIGHT_H
#define ENGINE_FORESIGHT_H

#include "engine/intake.h"

/* A signal after the rules, and whose it is. */
struct prepared {
	struct signal s;
	struct rule_outcome rules;
	const struct service *service; /* NULL: nobody's */
	const char *unrouted;          /* why there is no service */
	enum urgency urgency;
	struct str body;
};

struct known {
	struct alert alert; /* the newest of the key */
	bool has_alert;
	struct incident inc; /* of that alert */
	bool has_incident;
};

/* For intakes that follow each other in one transaction; those that are not prepared for its
 * snapshot are left out. What is read lives in cx. */
MUST_USE struct err *foresee(
        struct ctx *cx, struct engine *e, struct intake *const *intakes, size_t n);

/* What is known of signal i's key: as foreseen, or read now. */
MUST_USE struct err *foresight_known(
        struct ctx *cx, struct engine *e, struct intake *in, size_t i, struct known *ret);

/* A signal has written the incident's row. */
void foresight_touch(struct engine *e, int64_t incident_id);

void foresight_end(struct engine *e);

#endif
