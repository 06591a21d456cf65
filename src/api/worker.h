/* SPDX-License-Identifier: Apache-2.0 */
/* What each worker of the server has of its own. */
#ifndef API_WORKER_H
#define API_WORKER_H

#include "db/db.h"

struct worker {
	struct db *db; /* for reading; NULL until it is first needed */
};

#endif
