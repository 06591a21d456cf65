/* SPDX-License-Identifier: Apache-2.0 */
/* Reading requests: queries, forms, cookies, JSON. And HTML's escapes. */
#include "http/request.h"

#include <strings.h>

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
decode(struct ctx *cx, struct str text, bool form, const char **ret)
{
	char *out = arena_alloc(&cx->mem, text.len + 1), *p = out;

	for (size_t i = 0; i < text.len; i++) {
		if (form && text.p[i] == '+') {
			*p++ = ' ';
			continue;
		}
		if (text.p[i] != '%') {
			*p++ = text.p[i];
			continue;
		}
		bool whole = i + 2 < text.len;
		int high = whole ? hex_of(text.p[i + 1]) : -1;
		int low = whole ? hex_of(text.p[i + 2]) : -1;
		if (high < 0 || low < 0 || high * 16 + low == 0)
			return false;
		*p++ = (char)(high * 16 + low);
		i += 2;
	}
	*ret = out;
	return utf8_valid((struct str){ out, (size_t)(p - out) });
}

bool
url_decode(struct ctx *cx, struct str text, const char **ret)
{
	return decode(cx, text, false, ret);
}

struct err *
url_pairs(struct ctx *cx, struct str text, size_t max, struct pair **ret, size_t *ret_n)
{
	struct pair *pairs = NULL;
	size_t n = 0, cap = 0;

	while (text.len > 0) {
		struct str value = str_cut(&text, '&'), name = str_cut(&value, '=');
		struct pair p;
		if (name.len == 0)
			continue;
		if (n == max)
			return err_new(cx, ERR_LIMIT, "at most %zu fields are taken", max);
		if (!decode(cx, name, true, &p.id) || !decode(cx, value, true, &p.value))
			return err_new(cx, ERR_INVALID, "a broken %% escape, or not UTF-8");
		ARENA_PUSH(&cx->mem, pairs, n, cap) = p;
	}
	*ret = pairs;
	*ret_n = n;
	return NULL;
}

const char *
request_param(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->n_params; i++)
		if (strcmp(rq->params[i].id, name) == 0)
			return rq->params[i].value;
	return "";
}

const char *
request_query(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->n_query; i++)
		if (strcmp(rq->query[i].id, name) == 0)
			return rq->query[i].value;
	return NULL;
}

struct err *
request_query_int(struct ctx *cx, const struct request *rq, const char *name, int64_t bounds[2],
        int64_t *value)
{
	const char *text = request_query(rq, name);
	int64_t n;

	if (text == NULL)
		return NULL;
	if (!str_int(str_from(text), &n) || n < bounds[0] || n > bounds[1])
		return err_field(cx, ERR_INVALID, name, "%s must be a number from %lld to %lld",
		        name, (long long)bounds[0], (long long)bounds[1]);
	*value = n;
	return NULL;
}

const char *
cookie_value(struct ctx *cx, const char *header, const char *name)
{
	struct str rest = str_from(header);

	while (rest.len > 0) {
		struct str value = str_trim(str_cut(&rest, ';'));
		struct str key = str_cut(&value, '=');
		if (str_is(key, name))
			return str_dup(&cx->mem, value);
	}
	return NULL;
}

const char *
request_cookie(struct ctx *cx, const struct request *rq, const char *name)
{
	return cookie_value(cx, request_header(rq, "Cookie"), name);
}

bool
etag_parse(const char *text, int64_t *ret)
{
	struct str tag = str_trim(str_from(text));
	int64_t revision = 0;

	if (tag.len > 0 && !str_is(tag, "*")
	        && (tag.len < 3 || tag.p[0] != '"' || tag.p[tag.len - 1] != '"'
	                || !str_int((struct str){ tag.p + 1, tag.len - 2 }, &revision)
	                || revision < 1))
		return false;
	*ret = revision;
	return true;
}

static struct err *
read_json(
        struct ctx *cx, const struct request *rq, struct json_limits limits, struct json **ret)
{
	struct str body = str_trim(rq->body);

	if (body.len == 0)
		body = STR("{}");
	return json_parse(cx, body, limits, ret);
}

struct err *
request_json(struct ctx *cx, const struct request *rq, struct json **ret)
{
	return read_json(cx, rq, JSON_LIMITS_REQUEST, ret);
}

struct err *
request_read(struct ctx *cx, const struct request *rq, void *out)
{
	struct json *v;

	TRY(request_json(cx, rq, &v));
	return shape_read(cx, rq->route->request, v, out);
}

struct err *
request_read_draft(struct ctx *cx, const struct request *rq, void *out)
{
	struct json *v;

	TRY(read_json(cx, rq, JSON_LIMITS_DRAFT, &v));
	return shape_read(cx, rq->route->request, v, out);
}

const char *
request_form(struct ctx *cx, const struct request *rq, const char *name)
{
	struct pair *pairs;
	size_t n;

	if (url_pairs(cx, rq->body, HTTP_QUERY_MAX, &pairs, &n) != NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].id, name) == 0)
			return pairs[i].value;
	return NULL;
}

/* Browsers say where a request comes from; an old one that says nothing at all is let through
 * only when it also names no origin. */
struct err *
request_same_site(struct ctx *cx, const struct request *rq)
{
	const char *site = request_header(rq, "Sec-Fetch-Site");
	const char *origin = request_header(rq, "Origin");
	const char *host = request_header(rq, "Host");

	if (!rq->by_cookie || strcmp(rq->method, "GET") == 0 || strcmp(rq->method, "HEAD") == 0)
		return NULL;
	if (site != NULL && (strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0))
		return NULL;
	if (site == NULL && origin == NULL)
		return NULL;
	const char *slashes = origin == NULL ? NULL : strstr(origin, "//");
	if (site == NULL && slashes != NULL && host != NULL
	        && strcasecmp(slashes + 2, host) == 0)
		return NULL;
	return err_new(cx, ERR_DENIED, "the request comes from another site");
}

void
buf_html(struct buf *out, const char *text)
{
	for (; text != NULL && *text != '\0'; text++) {
		switch (*text) {
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		default:
			buf_putc(out, *text);
		}
	}
}
