/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of documents. */
#ifndef CONFIG_STORE_H
#define CONFIG_STORE_H

#include "config/config.h"
#include "db/db.h"

struct stored {
	const char *kind;
	const char *id;
	int64_t revision;
	int64_t position;
	const char *source;
	const char *body; /* NULL in history: removed */
};

extern const struct db_row stored_row, revision_row, config_number_row, duty_change_row;

struct config_number {
	int64_t n;
};

#endif
