/* SPDX-License-Identifier: Apache-2.0 */
/* What keeps the server from doing its work, now: said by /readyz and by doctor. */
#ifndef API_TROUBLE_H
#define API_TROUBLE_H

#include "api/app.h"

/* Why it should get no traffic; NULL when it can do its work. */
const char *trouble_grave(struct ctx *cx, struct request *rq);

/* What people should look at although it works: channels that fail, a clock that was set. */
struct trouble {
	const char *about; /* "channel/email", "clock" */
	const char *finding;
	const char *detail; /* for those who are signed in; or NULL */
};
struct troubles {
	struct trouble *items;
	size_t n, cap;
};
MUST_USE struct err *trouble_light(struct ctx *cx, struct request *rq, struct troubles *ret);

#endif
