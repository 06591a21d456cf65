/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd's callbacks, and its start and end. Polling, not epoll: the latter of this
 * version freezes with exactly 128 connections ready. */
#include "http/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "http/exchange_priv.h"

#define POOL_BYTES 8192
#define OTHER_DESCRIPTORS 200 /* besides connections */
#define STOP_AFTER SECONDS(10)
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* ---- callbacks, on the library's thread ---- */

static void *
on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *ex = exchange_new(arg, uri);

	ex->connection = connection;
	exchange_from(ex);
	guard_allow(ex, ex->server->config.deadline);
	return ex;
}

static void
run_inline(struct exchange *ex)
{
	struct http_server *s = ex->server;

	exchange_run(ex);
	pthread_mutex_lock(&s->lock);
	if (!ex->rs.pending)
		ex->done = true;
	if (!ex->done) {
		ex->suspended = true;
		s->busy++;
		MHD_suspend_connection(ex->connection);
	}
	pthread_mutex_unlock(&s->lock);
}

static void
hand_over(struct exchange *ex)
{
	ex->handed = true;
	ex->rq.body = (struct str){ buf_cstr(&ex->body), ex->body.len };
	guard_allow(ex, 0);
	if (!ex->turned_away && (ex->rq.route->flags & ROUTE_INLINE) != 0) {
		run_inline(ex);
	} else if (ex->turned_away || !workers_hand(ex)) {
		response_problem(&ex->cx, &ex->rs,
		        err_new(&ex->cx, ERR_UNAVAILABLE, "too many requests wait"));
		ex->done = true;
		pthread_mutex_lock(&ex->server->lock);
		ex->server->stats.turned_away++;
		pthread_mutex_unlock(&ex->server->lock);
	}
}

/* The library answers only behind the body: what there is no room for is read all the same. */
static enum MHD_Result
take_body(struct exchange *ex, const char *data, size_t *size)
{
	if (ex->body.len + *size > ex->body.max)
		return MHD_NO; /* chunks beyond the limit: the length was not told */
	ex->turned_away |= !exchange_hold(ex);
	if (!ex->turned_away)
		buf_add(&ex->body, data, *size);
	*size = 0;
	return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
        const char *version, const char *data, size_t *size, void **slot)
{
	struct exchange *ex = *slot;

	(void)arg, (void)url, (void)connection;
	if (!ex->begun)
		return exchange_begin(ex, method, version) ? MHD_YES : exchange_answer(ex);
	if (*size > 0)
		return take_body(ex, data, size);
	if (!ex->handed)
		hand_over(ex);
	pthread_mutex_lock(&ex->server->lock);
	bool done = ex->done;
	pthread_mutex_unlock(&ex->server->lock);
	return done ? exchange_answer(ex) : MHD_YES;
}

static void
on_end(void *arg, struct MHD_Connection *connection, void **slot,
        enum MHD_RequestTerminationCode why)
{
	struct http_server *s = arg;
	struct exchange *ex = *slot;

	(void)connection;
	if (ex == NULL)
		return;
	if (ex->begun) {
		exchange_log(ex, why == MHD_REQUEST_TERMINATED_COMPLETED_OK);
		pthread_mutex_lock(&s->lock);
		s->stats.requests++;
		s->stats.by_class[ex->rs.status / 100 % 6]++;
		pthread_mutex_unlock(&s->lock);
	}
	guard_allow(ex, s->config.idle + s->config.deadline);
	exchange_free(ex);
	*slot = NULL;
}

static size_t
leave_escapes(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg, (void)connection;
	return strlen(text);
}

static void
on_log(void *arg, const char *fmt, va_list ap)
{
	char text[300];

	(void)arg;
	vsnprintf(text, sizeof text, fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	log_debug(NULL, "http", "library=\"%s\"", text);
}

/* ---- listening ---- */

/* "127.0.0.1:8080", "[::1]:8080", "host:0" */
static struct err *
resolve(struct ctx *cx, const char *listen_at, struct addrinfo **ret)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct str host = str_from(listen_at);
	const char *colon = strrchr(listen_at, ':');

	if (colon == NULL)
		return err_field(cx, ERR_INVALID, "listen",
		        "an address to listen on is HOST:PORT, not \"%s\"", listen_at);
	host.len = (size_t)(colon - listen_at);
	if (host.len >= 2 && host.p[0] == '[')
		host = (struct str){ host.p + 1, host.len - 2 };
	const char *name = host.len == 0 ? NULL : str_dup(&cx->mem, host);
	int rc = getaddrinfo(name, colon + 1, &hints, ret);
	if (rc != 0)
		return err_field(cx, ERR_INVALID, "listen", "cannot listen on %s: %s",
		        listen_at, gai_strerror(rc));
	return NULL;
}

static int
bound_port(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof at;

	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return 0;
	return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
	                                      : ((struct sockaddr_in *)&at)->sin_port);
}

static struct err *
listen_on(struct ctx *cx, struct http_server *s)
{
	struct addrinfo *at;
	int on = 1;

	TRY(resolve(cx, s->config.listen, &at));
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
	        && bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, 1024) == 0;
	int why = errno;
	freeaddrinfo(at);
	if (!ok) {
		if (fd >= 0)
			close(fd);
		return err_field(cx, ERR_UNAVAILABLE, "listen", "cannot listen on %s: %s",
		        s->config.listen, strerror(why));
	}
	s->listen_fd = fd;
	s->port = bound_port(fd);
	return NULL;
}

static struct err *
read_pem(struct ctx *cx, const char *path, char **ret)
{
	FILE *f = fopen(path, "re");
	char *text = calloc(1, 65537);

	if (text == NULL)
		abort();
	size_t n = f == NULL ? 0 : fread(text, 1, 65536, f);
	if (f != NULL)
		fclose(f);
	*ret = text;
	if (n == 0)
		return err_new(cx, ERR_INVALID, "cannot read %s: %s", path, strerror(errno));
	return NULL;
}

/* ---- start and end ---- */

static struct err *
start_daemon(struct ctx *cx, struct http_server *s)
{
	const struct http_config *c = &s->config;
	unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO
	        | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG
	        | (s->cert != NULL ? MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = { { MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, s->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES },
		{ MHD_OPTION_END, 0, NULL } };

	s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,
	        MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_CONNECTION_LIMIT,
	        c->connections_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
	        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(c->idle / SECONDS(1)),
	        MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_UNESCAPE_CALLBACK,
	        leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, s,
	        MHD_OPTION_NOTIFY_CONNECTION, guard_notify, s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	        MHD_OPTION_ARRAY, s->cert != NULL ? tls : &tls[3], MHD_OPTION_END);
	if (s->daemon == NULL)
		return err_new(cx, ERR_UNAVAILABLE, "the HTTP server does not start%s",
		        s->cert != NULL ? "; are certificate and key a pair?" : "");
	return NULL;
}

static struct err *
prepare(struct ctx *cx, struct http_server *s)
{
	const struct http_config *c = &s->config;

	if ((c->tls_cert == NULL) != (c->tls_key == NULL))
		return err_new(cx, ERR_INVALID, "TLS needs both a certificate and a key");
	if (c->tls_cert != NULL) {
		TRY(read_pem(cx, c->tls_cert, &s->cert));
		TRY(read_pem(cx, c->tls_key, &s->key));
	}
	return listen_on(cx, s);
}

/* Every connection takes a descriptor, and databases, transfers and files want theirs too: when
 * there are fewer than that, it is connections that have to wait. */
static void
fit_connections(struct http_config *c)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur == RLIM_INFINITY
	        || r.rlim_cur >= c->connections_max + OTHER_DESCRIPTORS)
		return;
	c->connections_max = r.rlim_cur > 2 * OTHER_DESCRIPTORS
	        ? (unsigned)r.rlim_cur - OTHER_DESCRIPTORS
	        : OTHER_DESCRIPTORS;
	log_warn(NULL, "http", "connections_max=%u for want of descriptors (ulimit -n)",
	        c->connections_max);
}

static void
set_defaults(struct http_config *c)
{
	if (c->workers <= 0 || c->workers > WORKERS_MAX)
		c->workers = 4;
	if (c->queue_max == 0)
		c->queue_max = 1024;
	if (c->memory_max == 0)
		c->memory_max = (size_t)256 << 20;
	if (c->connections_max == 0)
		c->connections_max = 10000;
	fit_connections(c);
	if (c->crowd_max == 0)
		c->crowd_max = (c->connections_max + 1) / 2;
	if (c->deadline == 0)
		c->deadline = SECONDS(30);
	if (c->idle == 0)
		c->idle = SECONDS(75);
}

struct err *
http_serve(struct ctx *cx, struct http_server *s)
{
	TRY(workers_start(cx, s));
	TRY(guard_start(cx, s));
	TRY(start_daemon(cx, s));
	return accept_start(cx, s);
}

struct err *
http_open(struct ctx *cx, const struct http_config *c, struct http_server **ret)
{
	struct http_server *s = calloc(1, sizeof *s);

	if (s == NULL)
		abort();
	s->config = *c;
	s->listen_fd = -1;
	s->queue_tail = &s->queue;
	set_defaults(&s->config);
	random_bytes(&s->crowd.seed, sizeof s->crowd.seed);
	snprintf(s->boot, sizeof s->boot, "%s", random_token(&cx->mem, 4));
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->work, NULL);
	pthread_cond_init(&s->idle, NULL);
	pthread_cond_init(&s->tick, NULL);
	pthread_cond_init(&s->room, NULL);
	struct err *e = prepare(cx, s);
	if (e != NULL) {
		http_stop(s);
		return e;
	}
	*ret = s;
	return NULL;
}

/* Until no request is being answered, or for ten seconds. */
static void
drain(struct http_server *s)
{
	usec_t until = clock_mono() + STOP_AFTER;

	pthread_mutex_lock(&s->lock);
	while (s->busy > 0)
		if (!clock_cond_wait(&s->idle, &s->lock, until - clock_mono()))
			break;
	pthread_mutex_unlock(&s->lock);
}

void
http_stop(struct http_server *s)
{
	if (s == NULL)
		return;
	accept_stop(s);
	drain(s);
	if (s->config.events != NULL)
		sse_close(s->config.events);
	workers_stop(s);
	guard_stop(s);
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	crowd_free(&s->crowd);
	free(s->cert);
	free(s->key);
	pthread_cond_destroy(&s->work);
	pthread_cond_destroy(&s->idle);
	pthread_cond_destroy(&s->tick);
	pthread_cond_destroy(&s->room);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int
http_port(const struct http_server *s)
{
	return s->port;
}

void
http_stats(struct http_server *s, struct http_stats *ret)
{
	pthread_mutex_lock(&s->lock);
	*ret = s->stats;
	pthread_mutex_unlock(&s->lock);
}
