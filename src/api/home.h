/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an installation lives: its database, its key, its configuration. The server and the
 * commands that work without one both begin here.
 *
 * The key (32 bytes, as hex in a file) seals secrets and signs links; it is never in the
 * database.
 */
#ifndef API_HOME_H
#define API_HOME_H

#include "engine/engine.h"

#define KEY_BYTES 32

struct home {
	const char *url;
	unsigned char key[KEY_BYTES];
	struct db *db;
	struct config *config;
	struct engine engine;
};

struct home_where {
	const char *url; /* "sqlite:PATH", "postgres://..." */
	const char *
	        key_file; /* NULL: PATH.key beside a SQLite database, else one in the user's own
				 folder of configuration; made when absent */
};

/* Opens for writing, migrates, loads the configuration. Texts live in cx. */
MUST_USE struct err *home_open(
        struct ctx *cx, const struct home_where *where, struct home *ret);
void home_close(struct home *h);

/* The key of an installation alone, made when absent. */
MUST_USE struct err *home_key(
        struct ctx *cx, const struct home_where *where, unsigned char ret[KEY_BYTES]);

/* A key of another purpose, from the one of the installation: "acknowledge-links". */
void home_subkey(const struct home *h, const char *purpose, unsigned char out[KEY_BYTES]);

#endif
