/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange as a handler sees it. Everything lives in the unit of work, until the answer is
 * sent. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/route.h"

#define HTTP_BODY_MAX (1024 * 1024)
#define HTTP_ANSWER_MAX (64 * 1024 * 1024)
#define HTTP_PARAMS_MAX 8
#define HTTP_QUERY_MAX 64

struct request {
	const struct route *route;
	const char *method;
	const char *path; /* may hold an ingest key: never logged */
	struct pair params[HTTP_PARAMS_MAX];
	size_t n_params;
	struct pair *query; /* decoded, in order */
	size_t n_query;
	struct str body;
	const char *remote; /* address of the other side, as a proxy of ours tells it; or "" */
	void *app;          /* of the server's configuration */
	void *worker;       /* what worker_open made for this thread; NULL on inline routes */
	bool by_cookie;     /* signed in by cookie: unsafe methods need a check of the origin */
	unsigned scopes;    /* of the token, as the application numbers them */
	const char *session;       /* hash of the session's secret, or NULL */
	usec_t proved_at;          /* when its person last showed who they are */
	bool must_enrol;           /* has to set up a second factor before anything else */
	struct exchange *exchange; /* the server's own */
};

struct response_file {
	int fd; /* -1 when it was handed on */
	uint64_t size;
};

struct response {
	int status;
	const char *type;
	struct buf body;
	struct pair headers[16];
	size_t n_headers;
	struct response_file *file; /* the body, instead; response_send_file */
	bool pending;               /* inline routes: http_complete will be called */
	struct sse *stream;         /* becomes an event stream */
	struct sse_client *client;
};

/* NULL when absent. */
const char *request_header(const struct request *rq, const char *name);
const char *request_param(const struct request *rq, const char *name); /* path; never NULL */
const char *request_query(const struct request *rq, const char *name);
const char *request_cookie(struct ctx *cx, const struct request *rq, const char *name);

/* One cookie out of a Cookie header; NULL when it is not there. header may be NULL. */
const char *cookie_value(struct ctx *cx, const char *header, const char *name);

/* What If-Match names: the revision of one of our ETags, or 0 for absent and "*". False when it
 * is none of ours. text may be NULL. */
bool etag_parse(const char *text, int64_t *ret);

/* The body as JSON; ERR_INVALID with its place. An empty body is an empty object. */
MUST_USE struct err *request_json(struct ctx *cx, const struct request *rq, struct json **ret);

/* The body decoded by the route's request shape. */
MUST_USE struct err *request_read(struct ctx *cx, const struct request *rq, void *out);
/* The same where it carries documents, which may be deeper than what else is asked. */
MUST_USE struct err *request_read_draft(struct ctx *cx, const struct request *rq, void *out);

/* A whole number in the query, within bounds; fallback when absent. */
MUST_USE struct err *request_query_int(struct ctx *cx, const struct request *rq,
        const char *name, int64_t bounds[2], int64_t *value);

/* A field of an urlencoded body. */
const char *request_form(struct ctx *cx, const struct request *rq, const char *name);

/* ERR_DENIED for an unsafe request by cookie that another site may have sent. */
MUST_USE struct err *request_same_site(struct ctx *cx, const struct request *rq);

void response_header(struct response *rs, const char *name, const char *value);
struct jsonw response_json(struct response *rs, int status);
/* The body is this file, to its present end; the descriptor is the server's from now on. */
void response_send_file(struct ctx *cx, struct response *rs, int fd, uint64_t size);
void response_redirect(struct response *rs, const char *to);

/* RFC 9457, from any error; BUG and UNAVAILABLE are logged here, once. */
void response_problem(struct ctx *cx, struct response *rs, const struct err *e);

/* For text inside HTML, attributes too. */
void buf_html(struct buf *out, const char *text);

/* "a%20b" of a path into cx, where a plus is a plus; false on a broken escape. */
bool url_decode(struct ctx *cx, struct str text, const char **ret);

/* a=b&c=d+e, at most max pairs; a plus is a blank. */
MUST_USE struct err *url_pairs(
        struct ctx *cx, struct str text, size_t max, struct pair **ret, size_t *ret_n);

#endif
