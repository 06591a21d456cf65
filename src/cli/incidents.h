/* SPDX-License-Identifier: Apache-2.0 */
/* Acting on one incident over the API, and telling how it is afterwards. */
#ifndef CLI_INCIDENTS_H
#define CLI_INCIDENTS_H

#include "cli/client.h"

struct incident_call {
	const char *id;   /* "12" or "#12" */
	const char *verb; /* as the API names it */
	struct str body;
	int64_t if_revision; /* 0: whichever */
};
MUST_USE struct err *incident_post(struct call *call, const struct incident_call *c);

/* "12" of "#12". */
const char *incident_number(const char *id);

#endif
