/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of the web UI inside the program: made by tools/pack from web/dist, sorted by path,
 * empty when the UI was not built. Read-only, for every thread.
 */
#ifndef API_ASSET_H
#define API_ASSET_H

#include <stddef.h>

struct asset {
	const char *path; /* "index.html", "assets/main-ABC123.js" */
	const char *type;
	const char *etag; /* with its quotes */
	const char *data, *gzip;
	size_t size, gzip_size; /* gzip_size 0: packing gains nothing */
};

extern const struct asset assets[];
extern const size_t n_assets;

#endif
