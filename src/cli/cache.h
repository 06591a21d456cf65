/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Whom do I phone" matters most when the server is down. The lists that answer it are kept as
 * they came, in $XDG_CACHE_HOME/tocsin (else ~/.cache/tocsin): a file for each server, token
 * and question, readable by its owner alone. No token is in it, nor in its name.
 */
#ifndef CLI_CACHE_H
#define CLI_CACHE_H

#include "cli/client.h"

#define CACHE_AGE_MAX DAYS(7)              /* older than that misleads */
#define CACHE_FILES_MAX 32                 /* the oldest goes first */
#define CACHE_ANSWER_MAX (1 * 1024 * 1024) /* larger ones are not kept */

/*
 * As client_get, and keeps what came. When the server is not reached: what it said last, marked
 * with its age on standard error; call->exit is EXIT_UNREACHED then. With --no-cache it neither
 * keeps nor looks.
 */
MUST_USE struct err *client_get_kept(
        struct call *call, const struct json **ret, const char *fmt, ...) PRINTF(3, 4);

#endif
