/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A route is a row: from it come dispatch, the permission check, and the OpenAPI document. A
 * handler is straight-line code: decode, check, then answer from a read transaction, or run one
 * command and render its result.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/ctx.h"
#include "base/shape.h"

struct request;
struct response;

/* Who may: the least role. What depends on the team of a thing is checked where the thing is
 * known. */
enum permission {
	PERM_PUBLIC,  /* anybody: health, sign-in, pages with a signed link, ingest keys */
	PERM_READ,    /* stakeholder and up */
	PERM_RESPOND, /* member and up: acting on incidents */
	PERM_MANAGE,  /* member and up; the handler asks further */
	PERM_ADMIN,   /* admin and up */
	PERM_MAX,
};

extern const char *const permission_names[PERM_MAX];

enum route_flag {
	ROUTE_INLINE = 1 << 0, /* runs on the server's own thread and must not wait: ingest */
	ROUTE_PAGE = 1 << 1,   /* HTML for people, not part of the API's description */
	ROUTE_HIDDEN = 1 << 2, /* not described: protocols with documents of their own */
	ROUTE_LIST = 1 << 3,   /* the response shape is that of each item of a list */
	ROUTE_ONCE = 1 << 4,   /* takes an Idempotency-Key */
	ROUTE_MATCH = 1 << 5,  /* takes If-Match */
	ROUTE_ALL = 1 << 7,    /* as ROUTE_LIST, but always all of them */
	ROUTE_MANY = 1 << 6,   /* the body may be a list of the request shape too */
	ROUTE_REACH = 1 << 9,  /* with ROUTE_LIST: a page may say how far back it looked */
	ROUTE_ENROL = 1 << 8,  /* also for who has to set up a second factor first */
};

typedef struct err *route_fn(struct ctx *cx, struct request *rq, struct response *rs);

struct route {
	const char *method; /* "GET" also answers HEAD */
	const char *path;   /* "/api/v1/incidents/{id}"; "{rest...}" takes all that follows */
	enum permission permission;
	route_fn *handler;
	/* What it does; after "; ?" the query it knows: ";
	 * ?state=open|closed&team=&dry_run". */
	const char *summary;
	const struct shape *request;  /* body, or NULL */
	const struct shape *response; /* of 200, or NULL */
	unsigned flags;
	size_t body_max; /* bytes; 0: HTTP_BODY_MAX */
};

struct route_table {
	const struct route *items;
	size_t n;
};

#endif
