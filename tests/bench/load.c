/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load of tests/bench/run: POSTs of alerts in the form of the Alertmanager's API v2, over
 * keep-alive connections, from one epoll loop. Closed (each connection sends its next request
 * when the last was answered) or at a rate. It can be the receiver of the pages too, in the
 * same loop, so that one clock measures from the signal to the first byte of the provider call.
 * Prints key=value lines. A tool for one machine: what fails ends it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define CONNECTIONS_MAX 10000
#define REPLY_MAX 16384
#define SLICES_MAX 1000
#define KEY_MARK "bench-" /* in every summary, followed by the number of the alert */

struct options {
	const char *path, *severity, *label;
	double port, connections, batch, seconds, requests, keys, first, rate, sink, drain;
};

enum conn_kind { CONN_CLIENT, CONN_SINK, CONN_LISTEN };

struct conn {
	enum conn_kind kind;
	int fd;
	bool busy;
	char *out;
	size_t out_len, out_done;
	char in[REPLY_MAX];
	size_t in_len;
	int64_t sent_at;
	int64_t number;
};

static struct {
	struct options o;
	int batch;
	int64_t first, keys;
	bool has_sink;
	int epoll;
	struct conn *conns;
	char starts[RFC3339_MAX], ends[RFC3339_MAX];
	int64_t begun, until;
	int64_t next, asked, answered, bad, alerts;
	uint32_t *took;
	size_t n_took, cap_took;
	int64_t slices[SLICES_MAX];
	/* By number of the alert; only with a sink. */
	int64_t *sent_at;
	size_t n_sent, cap_sent;
	uint32_t *paged;
	size_t n_paged, cap_paged;
	int64_t pages, pages_again;
} b;

static _Noreturn void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("load: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

static void *
grow(void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 65536 : *cap * 2;
	items = realloc(items, *cap * size);
	if (items == NULL)
		die("out of memory");
	return items;
}

/* ---- requests ---- */

/* What Prometheus sends: labels, two annotations, instants, the expression's address. */
static size_t
write_alert(char *to, size_t max, int64_t n)
{
	int len = snprintf(to, max,
	        "{\"labels\":{\"alertname\":\"HighErrorRate\",\"instance\":\"web-%lld."
	        "example:9100\",\"job\":\"node\",\"run\":\"%s\",\"seq\":\"%lld\","
	        "\"severity\":\"%s\",\"service\":\"web\"},\"annotations\":{\"summary\":\"" KEY_MARK
	        "%lld has a high rate of errors\",\"description\":\"5xx answers are above five "
	        "per cent for ten minutes.\"},\"startsAt\":\"%s\",\"endsAt\":\"%s\","
	        "\"generatorURL\":\"http://prometheus.example:9090/graph?g0.expr=rate\"}",
	        (long long)(n % 1000), b.o.label, (long long)n, b.o.severity, (long long)n,
	        b.starts, b.ends);
	return (size_t)len;
}

#define ALERT_MAX 1024

static void
write_request(struct conn *c)
{
	size_t max = (size_t)b.batch * ALERT_MAX + 1024, len = 1;
	static char *body;

	if (body == NULL && (body = malloc(max)) == NULL)
		die("out of memory");
	body[0] = '[';
	for (int i = 0; i < b.batch; i++) {
		int64_t n = b.first + b.next * b.batch + i;
		if (i > 0)
			body[len++] = ',';
		len += write_alert(
		        body + len, max - len, b.keys > 0 ? b.first + n % b.keys : n);
	}
	body[len++] = ']';
	if (c->out == NULL && (c->out = malloc(max)) == NULL)
		die("out of memory");
	int head = snprintf(c->out, max,
	        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
	        "Content-Length: %zu\r\n\r\n",
	        b.o.path, len);
	memcpy(c->out + head, body, len);
	c->out_len = (size_t)head + len;
	c->out_done = 0;
	c->number = b.next++;
}

static void
watch(struct conn *c, bool writing)
{
	struct epoll_event ev = { .events = EPOLLIN | (writing ? EPOLLOUT : 0u),
		.data.ptr = c };

	if (epoll_ctl(b.epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0)
		die("epoll: %s", strerror(errno));
}

static void
push(struct conn *c)
{
	while (c->out_done < c->out_len) {
		ssize_t n = write(c->fd, c->out + c->out_done, c->out_len - c->out_done);
		if (n < 0 && errno == EAGAIN) {
			watch(c, true);
			return;
		}
		if (n < 0)
			die("write: %s", strerror(errno));
		c->out_done += (size_t)n;
	}
}

static void
note_sent(int64_t number, int64_t at)
{
	if (!b.has_sink)
		return;
	while ((int64_t)b.n_sent <= number) {
		b.sent_at = grow(b.sent_at, b.n_sent, &b.cap_sent, sizeof *b.sent_at);
		b.sent_at[b.n_sent++] = 0;
	}
	b.sent_at[number] = at;
}

static bool
may_send(void)
{
	if (b.o.requests > 0 && (double)b.asked >= b.o.requests)
		return false;
	return b.o.requests > 0 || clock_mono() < b.until;
}

static void
ask(struct conn *c)
{
	write_request(c);
	c->busy = true;
	c->sent_at = clock_mono();
	note_sent(c->number, c->sent_at);
	b.asked++;
	push(c);
}

/* ---- answers ---- */

static bool
whole_answer(struct conn *c, int *ret_status)
{
	c->in[c->in_len] = '\0';
	char *end = strstr(c->in, "\r\n\r\n");

	if (end == NULL)
		return false;
	char *length = strcasestr(c->in, "\r\nContent-Length:");
	size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
	*ret_status = (int)strtol(c->in + strcspn(c->in, " "), NULL, 10);
	return c->in_len >= (size_t)(end + 4 - c->in) + body;
}

static void
note_answer(struct conn *c, int status)
{
	int64_t at = clock_mono();
	size_t slice = (size_t)((at - b.begun) / 1000000);

	b.answered++;
	if (status < 200 || status > 299) {
		if (b.bad++ == 0)
			fprintf(stderr, "load: answer %.300s\n", c->in);
		return;
	}
	b.alerts += b.batch;
	if (slice < SLICES_MAX)
		b.slices[slice] += b.batch;
	b.took = grow(b.took, b.n_took, &b.cap_took, sizeof *b.took);
	b.took[b.n_took++] = (uint32_t)(at - c->sent_at);
}

static void
read_answer(struct conn *c)
{
	ssize_t n = read(c->fd, c->in + c->in_len, sizeof c->in - 1 - c->in_len);
	int status;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("the server closed a connection");
	c->in_len += (size_t)n;
	if (!whole_answer(c, &status))
		return;
	note_answer(c, status);
	c->in_len = 0;
	c->busy = false;
	if (b.o.rate == 0 && may_send())
		ask(c);
}

/* ---- the receiver of pages ---- */

static void
note_page(const char *text, int64_t at)
{
	const char *mark = strstr(text, KEY_MARK);
	int64_t n = mark == NULL ? -1 : strtoll(mark + strlen(KEY_MARK), NULL, 10);

	b.pages++;
	n -= b.first;
	if (n < 0 || n >= (int64_t)b.n_sent)
		return;
	if (b.sent_at[n] == 0) {
		b.pages_again++;
		return;
	}
	b.paged = grow(b.paged, b.n_paged, &b.cap_paged, sizeof *b.paged);
	b.paged[b.n_paged++] = (uint32_t)(at - b.sent_at[n]);
	b.sent_at[n] = 0;
}

static void
read_page(struct conn *c)
{
	static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
	int64_t at = clock_mono();
	ssize_t n = read(c->fd, c->in + c->in_len, sizeof c->in - 1 - c->in_len);
	int status;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		close(c->fd);
		free(c);
		return;
	}
	if (c->in_len == 0)
		c->sent_at = at; /* the first byte of the call */
	c->in_len += (size_t)n;
	if (!whole_answer(c, &status))
		return;
	note_page(c->in, c->sent_at);
	c->in_len = 0;
	if (write(c->fd, reply, sizeof reply - 1) < 0)
		die("page: %s", strerror(errno));
}

static void
add_conn(struct conn *c, int fd, enum conn_kind kind)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->fd = fd;
	c->kind = kind;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (epoll_ctl(b.epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
		die("epoll: %s", strerror(errno));
}

static struct conn *
new_conn(void)
{
	struct conn *c = calloc(1, sizeof *c);

	if (c == NULL)
		die("out of memory");
	return c;
}

static void
accept_page(struct conn *listener)
{
	int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0)
		add_conn(new_conn(), fd, CONN_SINK);
}

static void
open_sink(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)b.o.sink),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 1024) != 0)
		die("listen on %.0f: %s", b.o.sink, strerror(errno));
	add_conn(new_conn(), fd, CONN_LISTEN);
}

/* ---- the loop ---- */

static void
open_clients(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)b.o.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	b.conns = calloc((size_t)b.o.connections, sizeof *b.conns);
	for (int i = 0; i < b.o.connections; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
			die("connect: %s", strerror(errno));
		fcntl(fd, F_SETFL, O_NONBLOCK);
		add_conn(&b.conns[i], fd, CONN_CLIENT);
	}
}

static void
handle(struct conn *c, uint32_t events)
{
	switch (c->kind) {
	case CONN_LISTEN:
		accept_page(c);
		return;
	case CONN_SINK:
		read_page(c);
		return;
	case CONN_CLIENT:
		break;
	}
	if ((events & EPOLLOUT) != 0) {
		watch(c, false);
		push(c);
	}
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
		read_answer(c);
}

static void
poll_once(int timeout_ms)
{
	struct epoll_event ev[256];
	int n = epoll_wait(b.epoll, ev, 256, timeout_ms);

	for (int i = 0; i < n; i++)
		handle(ev[i].data.ptr, ev[i].events);
}

/* At a rate: what is due goes out on the next idle connection. */
static void
send_due(void)
{
	static int at;
	int64_t due = (int64_t)((double)(clock_mono() - b.begun) / 1e6 * b.o.rate) + 1;

	for (int tried = 0; b.asked < due && tried < b.o.connections; tried++) {
		struct conn *c = &b.conns[at++ % (int)b.o.connections];
		if (!c->busy && may_send())
			ask(c);
	}
}

static void
run(void)
{
	b.begun = clock_mono();
	b.until = b.begun + (int64_t)(b.o.seconds * 1e6);
	for (int i = 0; b.o.rate == 0 && i < b.o.connections && may_send(); i++)
		ask(&b.conns[i]);
	while (may_send() || b.answered < b.asked) {
		if (b.o.rate > 0)
			send_due();
		poll_once(b.o.rate > 0 ? 1 : 100);
	}
}

/* Until every alert was paged, or the time for that is over. */
static void
drain(void)
{
	int64_t until = clock_mono() + (int64_t)(b.o.drain * 1e6);

	while ((int64_t)b.n_paged < b.alerts && clock_mono() < until)
		poll_once(10);
}

/* ---- figures ---- */

static int
by_size(const void *x, const void *y)
{
	uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y;

	return (p > q) - (p < q);
}

static void
print_times(const char *name, uint32_t *items, size_t n)
{
	if (n == 0)
		return;
	qsort(items, n, sizeof *items, by_size);
	printf("%s_p50_us=%u\n%s_p99_us=%u\n%s_max_us=%u\n", name, items[n / 2], name,
	        items[n - 1 - n / 100], name, items[n - 1]);
}

static void
print_figures(int64_t ended)
{
	double seconds = (double)(ended - b.begun) / 1e6;

	printf("requests=%lld\nbad=%lld\nalerts=%lld\nseconds=%.3f\nrate=%.0f\n",
	        (long long)b.answered, (long long)b.bad, (long long)b.alerts, seconds,
	        (double)b.alerts / seconds);
	print_times("answer", b.took, b.n_took);
	printf("slices=");
	for (size_t i = 0; i < SLICES_MAX && i < (size_t)seconds; i++)
		printf("%s%lld", i == 0 ? "" : ",", (long long)b.slices[i]);
	printf("\n");
	if (!b.has_sink)
		return;
	printf("pages=%lld\npages_again=%lld\npaged=%zu\ndrained_after=%.3f\n",
	        (long long)b.pages, (long long)b.pages_again, b.n_paged,
	        (double)(clock_mono() - ended) / 1e6);
	print_times("page", b.paged, b.n_paged);
}

/* ---- options ---- */

static double
number(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	if (end == text || *end != '\0' || n < 0)
		die("\"%s\" is no number", text);
	return n;
}

static const struct option names[] = {
	{ "port", required_argument, NULL, 'p' },
	{ "path", required_argument, NULL, 'u' },
	{ "connections", required_argument, NULL, 'c' },
	{ "seconds", required_argument, NULL, 's' },
	{ "requests", required_argument, NULL, 'n' },
	{ "batch", required_argument, NULL, 'b' },
	{ "severity", required_argument, NULL, 'S' },
	{ "label", required_argument, NULL, 'l' },
	{ "keys", required_argument, NULL, 'k' },
	{ "first", required_argument, NULL, 'f' },
	{ "rate", required_argument, NULL, 'r' },
	{ "sink", required_argument, NULL, 'w' },
	{ "drain", required_argument, NULL, 'd' },
	{ 0 },
};

static void
set_number(int name, double n)
{
	static const struct {
		int name;
		double *to;
	} numbers[] = {
		{ 'p', &b.o.port },
		{ 'c', &b.o.connections },
		{ 's', &b.o.seconds },
		{ 'n', &b.o.requests },
		{ 'b', &b.o.batch },
		{ 'k', &b.o.keys },
		{ 'f', &b.o.first },
		{ 'r', &b.o.rate },
		{ 'w', &b.o.sink },
		{ 'd', &b.o.drain },
	};

	for (size_t i = 0; i < NELEMS(numbers); i++)
		if (numbers[i].name == name)
			*numbers[i].to = n;
}

static void
set_option(int name)
{
	struct options *o = &b.o;

	switch (name) {
	case 'u':
		o->path = optarg;
		break;
	case 'S':
		o->severity = optarg;
		break;
	case 'l':
		o->label = optarg;
		break;
	default:
		set_number(name, number(optarg));
	}
}

int
main(int argc, char **argv)
{
	int name;

	b.o = (struct options){ .path = "/api/v2/alerts",
		.severity = "info",
		.label = "1",
		.connections = 1,
		.batch = 1,
		.seconds = 5,
		.drain = 30 };
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
		set_option(name);
	if (b.o.port == 0 || b.o.connections < 1 || b.o.connections > CONNECTIONS_MAX
	        || b.o.batch < 1)
		die("--port is needed, at most %d connections", CONNECTIONS_MAX);
	b.batch = (int)b.o.batch;
	b.first = (int64_t)b.o.first;
	b.keys = (int64_t)b.o.keys;
	b.has_sink = b.o.sink > 0;
	rfc3339_print(clock_now(&clock_real), b.starts);
	rfc3339_print(clock_now(&clock_real) + HOURS(1), b.ends);
	b.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (b.has_sink)
		open_sink();
	open_clients();
	run();
	int64_t ended = clock_mono();
	if (b.has_sink)
		drain();
	print_figures(ended);
	return b.bad == 0 ? 0 : 1;
}
