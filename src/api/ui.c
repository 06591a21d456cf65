/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web UI: one page for every address in it, and the files that the page asks for. Names
 * under assets/ carry a hash of their content and are kept by browsers for ever; the page, the
 * service worker and the manifest are asked for anew each time and answered by 304.
 */
#include "api/ui.h"

#include <stdlib.h>

#include "api/asset.h"
#include "api/html.h"

#define FOREVER "public, max-age=31536000, immutable"
#define ASK_AGAIN "no-cache"
#define DISK_MAX (4 * 1024 * 1024)

/* Scripts run in workers too, whose policy is that of their own answer. */
static const char script_policy[] = "default-src 'none'; connect-src 'self'";

static int
by_path(const void *key, const void *item)
{
	return strcmp(key, ((const struct asset *)item)->path);
}

static const struct asset *
packed(const char *path)
{
	return bsearch(path, assets, n_assets, sizeof assets[0], by_path);
}

/* ---- from disk: --assets DIR, for who works on the UI ---- */

static const char *
type_of(const char *path)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".webmanifest", "application/manifest+json" },
	};

	for (size_t i = 0; i < NELEMS(types); i++)
		if (str_ends(str_from(path), str_from(types[i].ending)))
			return types[i].type;
	return "application/octet-stream";
}

static struct asset *
on_disk(struct ctx *cx, const char *folder, const char *path)
{
	struct asset *a = ARENA_NEW(&cx->mem, struct asset);
	FILE *f = strstr(path, "..") != NULL
	        ? NULL
	        : fopen(arena_printf(&cx->mem, "%s/%s", folder, path), "re");

	if (f == NULL)
		return NULL;
	char *data = arena_alloc(&cx->mem, DISK_MAX);
	*a = (struct asset){ .path = path, .type = type_of(path), .data = data };
	a->size = fread(data, 1, DISK_MAX, f);
	fclose(f);
	return a;
}

static const struct asset *
asset_find(struct ctx *cx, const struct request *rq, const char *path)
{
	const char *folder = app_of(rq)->config.assets;

	return folder == NULL ? packed(path) : on_disk(cx, folder, path);
}

/* ---- answers ---- */

static void
send_body(const struct request *rq, struct response *rs, const struct asset *a)
{
	const char *accepted = request_header(rq, "Accept-Encoding");
	bool zip = a->gzip_size > 0 && accepted != NULL && strstr(accepted, "gzip") != NULL;

	rs->status = 200;
	if (zip)
		response_header(rs, "Content-Encoding", "gzip");
	buf_add(&rs->body, zip ? a->gzip : a->data, zip ? a->gzip_size : a->size);
}

static void
send_asset(const struct request *rq, struct response *rs, const struct asset *a)
{
	const char *known = request_header(rq, "If-None-Match");

	rs->type = a->type;
	if (strncmp(a->type, "text/javascript", 15) == 0)
		response_header(rs, "Content-Security-Policy", script_policy);
	response_header(rs, "Vary", "Accept-Encoding");
	response_header(rs, "Cache-Control",
	        strncmp(a->path, "assets/", 7) == 0 && a->etag != NULL ? FOREVER : ASK_AGAIN);
	if (a->etag != NULL)
		response_header(rs, "ETag", a->etag);
	if (a->etag != NULL && known != NULL && strstr(known, a->etag) != NULL)
		rs->status = 304;
	else
		send_body(rq, rs, a);
}

static struct err *
file(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct asset *a = asset_find(cx, rq, rq->path + 1);

	if (a == NULL)
		return err_new(cx, ERR_NOT_FOUND, "there is no file %s", rq->path);
	send_asset(rq, rs, a);
	return NULL;
}

/* An address of the UI; without one, the same thing among the plain pages. */
struct err *
ui_page(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct asset *a = asset_find(cx, rq, "index.html");
	const char *id = request_param(rq, "id");

	if (a != NULL) {
		send_asset(rq, rs, a);
		return NULL;
	}
	if (id[0] != '\0' && strncmp(rq->path, "/incidents/", 11) == 0) {
		response_redirect(rs, arena_printf(&cx->mem, "/plain/incidents/%s", id));
		return NULL;
	}
	html_begin(cx, rq, rs, "The web UI was not built");
	html(rs,
	        "<p>This program was built without Node, so the web UI is not in it. "
	        "<code>./dev build</code> adds it when node and npm are there.</p>"
	        "<p><a href=\"/plain\">Go on with the plain pages</a></p>");
	html_end(rs);
	return NULL;
}

#define PAGE(path)                                                                             \
	{                                                                                      \
		"GET", path, PERM_READ, ui_page, "The web UI", NULL, NULL, ROUTE_PAGE, 0       \
	}
#define FILE_AT(path)                                                                          \
	{                                                                                      \
		"GET", path, PERM_PUBLIC, file, "A file of the web UI", NULL, NULL,            \
		        ROUTE_PAGE, 0                                                          \
	}

static const struct route routes[] = {
	FILE_AT("/assets/{name}"),
	FILE_AT("/sw.js"),
	FILE_AT("/door.js"),
	FILE_AT("/manifest.webmanifest"),
	FILE_AT("/icon.svg"),
	FILE_AT("/icon-192.png"),
	FILE_AT("/icon-512.png"),
	PAGE("/"),
	PAGE("/incidents"),
	PAGE("/incidents/{id}"),
	PAGE("/incidents/{id}/{part}"),
	PAGE("/oncall"),
	PAGE("/schedules"),
	PAGE("/schedules/{id}"),
	PAGE("/schedules/{id}/edit"),
	PAGE("/config"),
	PAGE("/config/{section}"),
	PAGE("/config/{section}/{id}"),
	PAGE("/config/{section}/{id}/edit"),
	PAGE("/history"),
	PAGE("/insight"),
	PAGE("/insight/{report}"),
	PAGE("/start"),
	PAGE("/me"),
};
const struct route_table ui_routes = { routes, NELEMS(routes) };
