/* SPDX-License-Identifier: Apache-2.0 */
/* The API, as the command line calls it. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/verb.h"

struct request_out {
	const char *method, *path;
	struct str body;   /* p NULL: none */
	const char *type;  /* of the body; NULL: JSON */
	const char *token; /* instead of the call's own */
	const char *cookie;
	bool patient; /* the answer takes as long as it takes */
	const char *if_match;
};

struct answer_in {
	long status;
	struct str body;
	struct json *json;   /* when it is some */
	const char *cookie;  /* "name=value" that was set */
	const char *changed; /* the header Tocsin-Changed */
};

/* Not 2xx is an error with what the server said; not reached is ERR_UNAVAILABLE. */
MUST_USE struct err *client_send(
        struct call *call, const struct request_out *rq, struct answer_in *ret);

/* GET of a path made as by printf, as JSON. */
MUST_USE struct err *client_get(
        struct call *call, const struct json **ret, const char *fmt, ...) PRINTF(3, 4);

/* For a stream: every line without its end; a line handler that returns false ends it. */
typedef bool client_line_fn(void *arg, const char *line);
MUST_USE struct err *client_stream(struct call *call, const char *path, const char *last_id,
        client_line_fn *fn, void *arg);

/* What the server sends, into a new file: whole and synced, or not there. */
MUST_USE struct err *client_download(
        struct call *call, const struct request_out *rq, const char *path);

void client_close(void);

/* Which server is asked, and as whom: not to be shown, nor stored but as a hash. */
const char *client_identity(struct call *call);

/* The part of an address: escaped for a path or a query. */
const char *url_escape(struct call *call, const char *text);

/* ---- what login keeps ---- */

struct profile {
	const char *url, *token;
};
const struct profile *profile_of(struct call *call);
MUST_USE struct err *profile_save(
        struct call *call, const struct profile *p, const char **ret_path);

#endif
