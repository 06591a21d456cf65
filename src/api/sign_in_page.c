/* SPDX-License-Identifier: Apache-2.0 */
/* The door: address and password, or a one-time link. A link acts on a button press, never on
 * GET: mail scanners and previews follow links. */
#include "api/cookie.h"
#include "api/html.h"
#include "api/setup.h"

static struct err *
show(struct ctx *cx, struct request *rq, struct response *rs)
{
	if (setup_wanted(rq)) {
		response_redirect(rs, "/setup");
		return NULL;
	}
	html_begin(cx, rq, rs, "Sign in");
	html_door_script(rs);
	html(rs,
	        "<form method=\"post\" action=\"/sign-in\" class=\"narrow\">"
	        "<input type=\"hidden\" name=\"next\" value=\"%s\">"
	        "<label>E-mail address<input name=\"email\" type=\"email\" "
	        "autocomplete=\"username\" required autofocus></label>"
	        "<div class=\"secret\"><label>Password<input name=\"password\" type=\"password\" "
	        "autocomplete=\"current-password\" required></label></div>"
	        "<button class=\"main\">Sign in</button></form>"
	        "<p class=\"muted\">No password yet? An administrator can make a sign-in link: "
	        "<code>tocsin user link ID</code></p>",
	        html_own_path(request_query(rq, "next")));
	html_end(rs);
	return NULL;
}

static void
go_on(struct ctx *cx, struct response *rs, const char *next, bool awaits_code)
{
	response_redirect(rs, awaits_code ? html_then(cx, "/second-factor", next) : next);
}

static struct err *
sign_in(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct credentials c = { .email = request_form(cx, rq, "email"),
		.password = request_form(cx, rq, "password"),
		.in_steps = true };
	const char *next = html_own_path(request_form(cx, rq, "next"));
	bool awaits;

	TRY(html_same_site(cx, rq));
	if (c.email == NULL || c.password == NULL)
		return err_new(cx, ERR_INVALID, "address and password are needed");
	struct err *e = sign_in_by_password(cx, rq, rs, &c, &awaits);
	if (e != NULL) {
		rs->status = 403; /* 401 would lead back here without a word */
		return e;
	}
	go_on(cx, rs, next, awaits);
	return NULL;
}

static struct err *
sign_out(struct ctx *cx, struct request *rq, struct response *rs)
{
	TRY(cookie_sign_out(cx, rq, rs));
	response_redirect(rs, "/sign-in");
	return NULL;
}

static struct err *
show_link(struct ctx *cx, struct request *rq, struct response *rs)
{
	html_begin(cx, rq, rs, "Sign in");
	html(rs,
	        "<form method=\"post\"><button class=\"main big\">Sign in</button></form>"
	        "<p class=\"muted\">This link works once.</p>");
	html_end(rs);
	return NULL;
}

static struct err *
use_link(struct ctx *cx, struct request *rq, struct response *rs)
{
	bool awaits;

	TRY(html_same_site(cx, rq));
	TRY(sign_in_by_link(cx, rq, rs, request_param(rq, "secret"), &awaits));
	go_on(cx, rs, "/", awaits);
	return NULL;
}

#define PAGE ROUTE_PAGE

static const struct route routes[] = {
	{ "GET", "/sign-in", PERM_PUBLIC, show, "The door", NULL, NULL, PAGE, 0 },
	{ "POST", "/sign-in", PERM_PUBLIC, sign_in, "The door", NULL, NULL, PAGE, 4096 },
	{ "POST", "/sign-out", PERM_READ, sign_out, "Out", NULL, NULL, PAGE | ROUTE_ENROL,
	        4096 },
	{ "GET", "/sign-in/{secret}", PERM_PUBLIC, show_link, "A one-time link", NULL, NULL,
	        PAGE, 0 },
	{ "POST", "/sign-in/{secret}", PERM_PUBLIC, use_link, "A one-time link", NULL, NULL,
	        PAGE, 4096 },
};
const struct route_table sign_in_routes = { routes, NELEMS(routes) };
