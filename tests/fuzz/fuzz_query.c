/* SPDX-License-Identifier: Apache-2.0 */
/* The small texts of HTTP: queries and forms, paths, cookies, ETags, cursors, and the escapes
 * of HTML. */
#include "api/app.h"
#include "fuzz.h"

static void
pairs(struct ctx *cx, struct str in)
{
	struct pair *items;
	size_t n;

	if (url_pairs(cx, in, HTTP_QUERY_MAX, &items, &n) != NULL)
		return;
	assert(n <= HTTP_QUERY_MAX);
	for (size_t i = 0; i < n; i++)
		assert(utf8_valid(str_from(items[i].id))
		        && utf8_valid(str_from(items[i].value)));
	struct request rq = { .query = items, .n_query = n };
	struct listing l;
	if (listing_read(cx, &rq, &l) == NULL)
		assert(l.before >= 1 && l.limit >= 1 && l.limit <= 500);
}

static void
html(struct ctx *cx, const char *text)
{
	struct buf out = BUF_INIT(&cx->mem, FUZZ_OUT_MAX);

	buf_html(&out, text);
	assert(strpbrk(buf_cstr(&out), "<>\"'") == NULL);
}

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *text = str_dup(&cx->mem, in), *value;
	struct request form = { .body = in };
	int64_t revision = -1;

	pairs(cx, in);
	if (url_decode(cx, in, &value))
		assert(utf8_valid(str_from(value)));
	value = request_form(cx, &form, "password");
	assert(value == NULL || utf8_valid(str_from(value)));
	value = cookie_value(cx, text, "tocsin_session");
	assert(value == NULL || strchr(value, ';') == NULL);
	assert(etag_parse(text, &revision) == (revision >= 0));
	html(cx, text);
}
