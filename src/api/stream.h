/* SPDX-License-Identifier: Apache-2.0 */
/* The announcer of committed events. */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "api/app.h"

/* Before: app->committed is the newest event. */
MUST_USE struct err *stream_start(struct ctx *cx, struct app *app);
void stream_stop(struct app *app);

/* For the writer. */
void stream_on_events(void *arg, int64_t first, int64_t last);

#endif
