/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of intake share: a signal on its way through. */
#ifndef ENGINE_INTAKE_PRIV_H
#define ENGINE_INTAKE_PRIV_H

#include "engine/incident.h"
#include "engine/intake.h"

struct arrival {
	struct ctx *cx;
	struct engine *e;
	struct intake *in;
	const struct prepared *p;
	const struct signal *s; /* of p */
	const struct service *service;
	struct intake_result *result;
	const char *scope;
	struct alert alert;  /* the newest of this key */
	bool known;          /* there is one */
	struct incident inc; /* of that alert */
	bool has_incident;
};

static inline bool
arrival_is_open(const struct arrival *a)
{
	return a->known && a->alert.state == ALERT_OPEN;
}

/* Recovery, and acknowledgement from the source. */
MUST_USE struct err *arrival_recover(struct arrival *a);
MUST_USE struct err *arrival_acknowledge(struct arrival *a);

#endif
