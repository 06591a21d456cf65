/* SPDX-License-Identifier: Apache-2.0 */
/* The life of one request: its head is checked before its body is read, then its handler runs,
 * then its answer goes out. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "http/exchange_priv.h"

static const char page_policy[] =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "script-src 'self'; worker-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'";
static const char data_policy[] = "default-src 'none'; frame-ancestors 'none'";

struct exchange *
exchange_new(struct http_server *s, const char *uri)
{
	struct exchange *ex = calloc(1, sizeof *ex);

	if (ex == NULL)
		abort();
	ctx_init(&ex->cx, NULL);
	ex->server = s;
	ex->began = clock_mono();
	ex->body = BUF_INIT(&ex->cx.mem, HTTP_BODY_MAX);
	ex->rs.body = BUF_INIT(&ex->cx.mem, HTTP_ANSWER_MAX);
	ex->rq.path = arena_strdup(&ex->cx.mem, uri);
	ex->rq.exchange = ex;
	ex->rq.app = s->config.app;
	ex->cx.request_id = arena_printf(&ex->cx.mem, "%s-%" PRIu64, s->boot, ++s->serial);
	return ex;
}

bool
exchange_hold(struct exchange *ex)
{
	size_t now = ex->cx.mem.used;
	size_t before = atomic_fetch_add(&ex->server->held, now - ex->held);

	now -= ex->held;
	ex->held += now;
	return before + now <= ex->server->config.memory_max;
}

bool
http_hold(struct request *rq)
{
	return exchange_hold(rq->exchange);
}

void
exchange_free(struct exchange *ex)
{
	if (ex->rs.file != NULL && ex->rs.file->fd >= 0)
		close(ex->rs.file->fd);
	atomic_fetch_sub(&ex->server->held, ex->held);
	ctx_close(&ex->cx);
	free(ex);
}

const char *
request_header(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->exchange->connection, MHD_HEADER_KIND, name);
}

/* ---- the head ---- */

struct head {
	int lengths, encodings, hosts;
	const char *length, *encoding, *forwarded;
	bool odd; /* a name that is none, or bytes that do not belong in a value */
};

static bool
name_fits(struct str name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.p[i])
		        && memchr(others, name.p[i], sizeof others - 1) == NULL)
			return false;
	return name.len > 0;
}

static bool
value_fits(struct str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t')
		        || value.p[i] == 0x7f)
			return false;
	return true;
}

static enum MHD_Result
count_header(void *arg, enum MHD_ValueKind kind, const char *key, size_t key_len,
        const char *value, size_t value_len)
{
	struct head *h = arg;

	(void)kind;
	h->odd |= !name_fits((struct str){ key, key_len })
	        || !value_fits((struct str){ value, value == NULL ? 0 : value_len });
	if (strcasecmp(key, "Content-Length") == 0) {
		h->lengths++;
		h->length = value == NULL ? "" : value;
	}
	if (strcasecmp(key, "Transfer-Encoding") == 0) {
		h->encodings++;
		h->encoding = value == NULL ? "" : value;
	}
	h->hosts += strcasecmp(key, "Host") == 0;
	if (strcasecmp(key, "X-Forwarded-For") == 0)
		h->forwarded = value; /* the last of them is the proxy's own */
	return MHD_YES;
}

/* What two programs in a row could read in two ways: the library takes them all. */
static struct err *
check_framing(struct exchange *ex, const char *version, const struct head *h)
{
	bool modern = strcmp(version, MHD_HTTP_VERSION_1_1) == 0;
	struct ctx *cx = &ex->cx;

	ex->close = true;
	if (h->odd) /* "Transfer-Encoding :" is one header to some and none to others */
		return err_new(cx, ERR_INVALID, "a header has a name or a value that is none");
	if (h->lengths > 1 || (h->lengths == 1 && h->encodings > 0) || h->encodings > 1)
		return err_new(cx, ERR_INVALID, "the length of the body is said in two ways");
	if (h->lengths == 1 && h->length[strspn(h->length, "0123456789")] != '\0')
		return err_new(cx, ERR_INVALID, "Content-Length must be a number");
	if (h->encodings == 1 && (!modern || strcasecmp(h->encoding, "chunked") != 0))
		return err_new(cx, ERR_INVALID, "the one Transfer-Encoding here is chunked");
	if (modern && h->hosts != 1)
		return err_new(cx, ERR_INVALID, "HTTP/1.1 needs one Host header");
	ex->close = false;
	return NULL;
}

static struct err *
check_length(struct exchange *ex, const struct head *h)
{
	size_t most = ex->rq.route->body_max > 0 ? ex->rq.route->body_max : HTTP_BODY_MAX;
	int64_t n;

	ex->body.max = most;
	if (h->length == NULL || (str_int(str_from(h->length), &n) && n <= (int64_t)most))
		return NULL;
	ex->close = true;
	return err_new(&ex->cx, ERR_LIMIT, "a body here has at most %zu bytes", most);
}

static struct err *
find_route(struct exchange *ex)
{
	const struct http_config *c = &ex->server->config;
	struct str query = str_from(ex->rq.path), path = str_cut(&query, '?');
	const char *allow = NULL;

	ex->rq.path = str_dup(&ex->cx.mem, path);
	if (ex->rq.path[0] != '/')
		return err_new(&ex->cx, ERR_INVALID, "the address must begin with /");
	TRY(url_pairs(&ex->cx, query, HTTP_QUERY_MAX, &ex->rq.query, &ex->rq.n_query));
	TRY(route_find(&ex->cx, c->tables, c->n_tables, &ex->rq, &allow));
	if (ex->rq.route != NULL)
		return NULL;
	response_header(&ex->rs, "Allow", allow);
	ex->rs.status = 405;
	return err_new(&ex->cx, ERR_INVALID, "this address takes %s", allow);
}

void
exchange_from(struct exchange *ex)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char *address = arena_alloc(&ex->cx.mem, REMOTE_MAX);

	remote_print(info == NULL ? NULL : info->client_addr, address);
	ex->rq.remote = address;
}

static struct err *
check_head(struct exchange *ex, const char *version)
{
	struct head h = { 0 };

	MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, count_header, &h);
	TRY(check_framing(ex, version, &h));
	if (remote_is_proxy(ex->server->config.proxies, ex->rq.remote))
		ex->rq.remote = remote_behind(&ex->cx, ex->rq.remote, h.forwarded);
	TRY(find_route(ex));
	return check_length(ex, &h);
}

bool
exchange_begin(struct exchange *ex, const char *method, const char *version)
{
	ex->begun = true;
	ex->rq.method = arena_strdup(&ex->cx.mem, method);
	struct err *e = check_head(ex, version);
	if (e == NULL)
		return true;
	response_problem(&ex->cx, &ex->rs, e);
	ex->handed = true;
	ex->done = true;
	return false;
}

/* ---- the handler ---- */

static const enum role least_role[PERM_MAX] = {
	[PERM_PUBLIC] = ROLE_NONE,
	[PERM_READ] = ROLE_STAKEHOLDER,
	[PERM_RESPOND] = ROLE_MEMBER,
	[PERM_MANAGE] = ROLE_MEMBER,
	[PERM_ADMIN] = ROLE_ADMIN,
};

/* The one place where roles are checked. */
static struct err *
check_permission(struct exchange *ex)
{
	enum permission need = ex->rq.route->permission;
	const struct http_config *c = &ex->server->config;

	if (need == PERM_PUBLIC)
		return NULL;
	TRY(c->authenticate(&ex->cx, &ex->rq));
	if (ex->cx.actor.role == ROLE_NONE) {
		ex->rs.status = 401;
		response_header(&ex->rs, "WWW-Authenticate", "Bearer realm=\"tocsin\"");
		return err_new(
		        &ex->cx, ERR_DENIED, "sign in, or send an API token as a bearer");
	}
	if ((ex->rq.scopes & (1u << need)) == 0)
		return err_new(&ex->cx, ERR_DENIED, "this token's scopes lack \"%s\"",
		        permission_names[need]);
	if (ex->cx.actor.role < least_role[need])
		return err_new(&ex->cx, ERR_DENIED, "this takes the role %s; yours is %s",
		        role_names[least_role[need]], role_names[ex->cx.actor.role]);
	return request_same_site(&ex->cx, &ex->rq);
}

void
exchange_run(struct exchange *ex)
{
	struct err *e = check_permission(ex);

	if (e == NULL)
		e = ex->rq.route->handler(&ex->cx, &ex->rq, &ex->rs);
	if (ex->server->config.finish != NULL && !ex->rs.pending)
		ex->server->config.finish(&ex->cx);
	if (e == NULL)
		return;
	if (ex->rs.client != NULL)
		sse_leave(ex->server->config.events, ex->rs.client);
	ex->rs.client = NULL;
	ex->rs.pending = false;
	response_problem(&ex->cx, &ex->rs, e);
	if ((ex->rq.route->flags & ROUTE_PAGE) != 0 && ex->server->config.page_error != NULL) {
		buf_reset(&ex->rs.body);
		ex->server->config.page_error(&ex->cx, &ex->rq, &ex->rs, e);
	}
}

/* ---- the answer ---- */

static bool
has_header(const struct response *rs, const char *name)
{
	for (size_t i = 0; i < rs->n_headers; i++)
		if (strcasecmp(rs->headers[i].id, name) == 0)
			return true;
	return false;
}

static void
add_headers(struct exchange *ex, struct MHD_Response *m, bool apart)
{
	const struct response *rs = &ex->rs;
	bool page = rs->type != NULL && strncmp(rs->type, "text/html", 9) == 0;

	for (size_t i = 0; i < rs->n_headers; i++)
		MHD_add_response_header(m, rs->headers[i].id, rs->headers[i].value);
	if (rs->type != NULL && (apart || rs->body.len > 0)) /* nothing is of no type */
		MHD_add_response_header(m, "Content-Type", rs->type);
	if (!has_header(rs, "Cache-Control"))
		MHD_add_response_header(m, "Cache-Control", "no-store");
	MHD_add_response_header(m, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(m, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(m, "Cross-Origin-Resource-Policy", "same-origin");
	if (!has_header(rs, "Content-Security-Policy"))
		MHD_add_response_header(
		        m, "Content-Security-Policy", page ? page_policy : data_policy);
	MHD_add_response_header(m, "X-Request-Id", ex->cx.request_id);
	if (ex->server->config.https)
		MHD_add_response_header(m, "Strict-Transport-Security", "max-age=31536000");
	if (ex->close)
		MHD_add_response_header(m, "Connection", "close");
}

struct stream {
	struct sse *hub;
	struct sse_client *client;
};

static ssize_t
read_stream(void *arg, uint64_t at, char *out, size_t max)
{
	struct stream *st = arg;
	ssize_t n = sse_read(st->hub, st->client, out, max);

	(void)at;
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void
free_stream(void *arg)
{
	struct stream *st = arg;

	sse_detach(st->hub, st->client);
	free(st);
}

static struct MHD_Response *
stream_response(struct exchange *ex)
{
	struct stream *st = calloc(1, sizeof *st);

	if (st == NULL)
		abort();
	st->hub = ex->server->config.events;
	st->client = ex->rs.client;
	ex->rs.client = NULL;
	ex->rs.type = "text/event-stream";
	sse_attach(st->hub, st->client, ex->connection);
	return MHD_create_response_from_callback(
	        MHD_SIZE_UNKNOWN, 4096, read_stream, st, free_stream);
}

/* What the client has already needs no body. */
static void
leave_out_known(struct exchange *ex)
{
	const char *have = request_header(&ex->rq, "If-None-Match");
	const struct response *rs = &ex->rs;

	if (have == NULL || rs->status != 200 || strcmp(ex->rq.method, "GET") != 0)
		return;
	for (size_t i = 0; i < rs->n_headers; i++)
		if (strcasecmp(rs->headers[i].id, "ETag") == 0
		        && strstr(have, rs->headers[i].value) != NULL) {
			ex->rs.status = 304;
			buf_reset(&ex->rs.body);
		}
}

/* How long a client may take for its answer: long for any line, and for what is larger than
 * answers are as long as a slow line needs. */
#define ANSWER_WITHIN MINUTES(5)
#define SLOW_LINE_BYTES_PER_USEC ((uint64_t)1) /* 1 MB/s */

static struct MHD_Response *
body_response(struct exchange *ex, usec_t *ret_within)
{
	struct response_file *file = ex->rs.file;

	if (ex->rs.client != NULL) {
		*ret_within = 0;
		return stream_response(ex);
	}
	*ret_within = ANSWER_WITHIN;
	if (file == NULL)
		return MHD_create_response_from_buffer(ex->rs.body.len,
		        (void *)buf_cstr(&ex->rs.body), MHD_RESPMEM_PERSISTENT);
	*ret_within += (usec_t)(file->size / SLOW_LINE_BYTES_PER_USEC);
	struct MHD_Response *m = MHD_create_response_from_fd64(file->size, file->fd);
	if (m != NULL)
		file->fd = -1; /* the library closes it */
	return m;
}

enum MHD_Result
exchange_answer(struct exchange *ex)
{
	bool apart = ex->rs.client != NULL || ex->rs.file != NULL; /* from rs.body */
	usec_t within;

	leave_out_known(ex);
	struct MHD_Response *m = body_response(ex, &within);

	if (m == NULL)
		return MHD_NO;
	if (ex->rs.status == 0)
		ex->rs.status = 200;
	add_headers(ex, m, apart);
	guard_allow(ex, within);
	enum MHD_Result ok = MHD_queue_response(ex->connection, (unsigned)ex->rs.status, m);
	MHD_destroy_response(m);
	return ok;
}

void
exchange_log(const struct exchange *ex, bool whole)
{
	const struct request *rq = &ex->rq;
	usec_t took = clock_mono() - ex->began;

	if (rq->route == NULL || (rq->route->flags & ROUTE_INLINE) != 0)
		log_debug(&ex->cx, "http", "method=%s status=%d took_us=%lld", rq->method,
		        ex->rs.status, (long long)took);
	else
		log_info(&ex->cx, "http", "method=%s path=%s status=%d took_us=%lld%s",
		        rq->method, rq->route->path, ex->rs.status, (long long)took,
		        whole ? "" : " cut=yes");
}
