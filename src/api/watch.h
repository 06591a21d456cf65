/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The watcher: a thread that asks the database what other processes wrote to it, and tells the
 * pieces of this one: the stream of events, the writer (configuration, timers), the dispatcher.
 */
#ifndef API_WATCH_H
#define API_WATCH_H

#include "api/app.h"

MUST_USE struct err *watch_start(struct ctx *cx, struct app *app);
void watch_stop(struct app *app);

#endif
