/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor without scripts: the code after the password, and setting it up for who has
 * to have one. Each answer is a whole page; nothing but the cookie is carried from one to the
 * next.
 */
#include "api/cookie.h"
#include "api/factor.h"
#include "api/html.h"

#define FORM_MAX 4096

static void
write_code_field(struct response *rs, const char *label, const char *fault)
{
	if (fault != NULL)
		html(rs, "<p class=\"note\" role=\"alert\" id=\"fault\">%s</p>", fault);
	html(rs,
	        "<label>%s<input name=\"code\" autocomplete=\"one-time-code\" "
	        "autocapitalize=\"off\" spellcheck=\"false\" required maxlength=\"%d\" autofocus",
	        label, (int64_t)CODE_BYTES_MAX);
	html(rs, "%s></label>", "");
}

/* ---- at the door ---- */

static struct err *
ask_code(struct ctx *cx, struct request *rq, struct response *rs, const char *next,
        const char *fault)
{
	html_begin(cx, rq, rs, "Your code");
	html(rs,
	        "<form method=\"post\" action=\"/second-factor\" class=\"narrow\">"
	        "<input type=\"hidden\" name=\"next\" value=\"%s\">",
	        next);
	write_code_field(rs, "Six digits of your app, or a recovery code", fault);
	html(rs,
	        "<button class=\"main\">Sign in</button></form>"
	        "<p class=\"muted\">Lost both? An administrator can remove your second factor: "
	        "<code>tocsin user factor ID --remove</code></p>"
	        "<p><a href=\"/sign-in\">Begin again</a></p>");
	html_end(rs);
	return NULL;
}

static struct err *
send_code(struct ctx *cx, struct request *rq, struct response *rs)
{
	const char *next = html_own_path(request_form(cx, rq, "next"));
	const char *code = request_form(cx, rq, "code");

	TRY(html_same_site(cx, rq));
	struct err *e = sign_in_by_code(cx, rq, rs, code == NULL ? "" : code);
	if (e == NULL || e->code == ERR_NOT_FOUND) { /* it took too long */
		response_redirect(rs, e == NULL ? next : "/sign-in");
		return NULL;
	}
	if (e->code != ERR_DENIED)
		return e;
	rs->status = 403;
	return ask_code(cx, rq, rs, next, err_text(cx, e));
}

/* ---- setting it up ---- */

static void
write_sign_out(struct response *rs)
{
	html(rs,
	        "<form method=\"post\" action=\"/sign-out\"><p><button>Sign out</button></p>"
	        "</form>");
}

static struct err *
offer(struct ctx *cx, struct request *rq, struct response *rs, const char *fault)
{
	html_begin(cx, rq, rs, "Set up a second factor");
	if (fault != NULL)
		html(rs, "<p class=\"note\" role=\"alert\">%s</p>", fault);
	if (rq->must_enrol)
		html(rs,
		        "<p class=\"note\">Your organisation asks for a second factor. Once it "
		        "is set up you can go on.</p>");
	html(rs,
	        "<p>Beside the password, signing in then takes a code of six digits that an "
	        "authenticator app on your phone shows. You need such an app now, any of them "
	        "will do.</p>"
	        "<form method=\"post\" action=\"/second-factor/begin\">"
	        "<p><button class=\"main\">Set it up</button></p></form>");
	write_sign_out(rs);
	html_end(rs);
	return NULL;
}

static void
write_secret(struct ctx *cx, struct request *rq, struct response *rs,
        const struct factor_shown *shown, const char *fault)
{
	html_begin(cx, rq, rs, "Set up a second factor");
	html(rs, "<p>Scan this with your authenticator app:</p><p>");
	buf_puts(&rs->body, shown->svg);
	html(rs,
	        "</p><p>Or type this into it, as a key that is based on time:</p>"
	        "<pre>%s</pre><p><a href=\"%s\">Or open the app on this device</a></p>"
	        "<form method=\"post\" action=\"/second-factor/confirm\" class=\"narrow\">",
	        shown->secret, shown->uri);
	write_code_field(rs, "The six digits that it shows now", fault);
	html(rs, "<button class=\"main\">Confirm</button></form>");
	write_sign_out(rs);
	html_end(rs);
}

static struct err *
begin(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct factor_shown shown;

	struct err *e = factor_begin(cx, rq, &shown);
	if (e == NULL) {
		write_secret(cx, rq, rs, &shown, NULL);
		return NULL;
	}
	if (e->code != ERR_DENIED || !str_null_safe_eq(e->field, "/proof"))
		return e;
	rs->status = 403;
	return offer(cx, rq, rs,
	        "Sign out and in again first: this takes a sign-in of the last ten minutes.");
}

static struct err *
show_codes(struct ctx *cx, struct request *rq, struct response *rs, const struct factor_try *t)
{
	rq->must_enrol = false;
	html_begin(cx, rq, rs, "Your recovery codes");
	html(rs,
	        "<p>The second factor is set up. Each of these codes signs you in once when "
	        "the phone is not there: print them or keep them where you keep passwords. They "
	        "are shown only now.</p><pre>");
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		html(rs, "%s\n", t->codes[i]);
	html(rs, "</pre><p><a href=\"/\">I have kept them; go on</a></p>");
	html_end(rs);
	return NULL;
}

static struct err *
confirm(struct ctx *cx, struct request *rq, struct response *rs)
{
	struct factor_try t = { .code = request_form(cx, rq, "code") };
	struct err *e = factor_confirm(cx, rq, &t);
	struct factor_shown shown;

	if (e == NULL)
		return show_codes(cx, rq, rs, &t);
	if (e->code != ERR_DENIED)
		return e;
	if (t.outcome == FACTOR_NONE) {
		response_redirect(rs, "/second-factor");
		return NULL;
	}
	TRY(factor_to_show(cx, rq, &shown));
	rs->status = 403;
	write_secret(cx, rq, rs, &shown, err_text(cx, e));
	return NULL;
}

/* ---- which of them ---- */

static struct err *
show(struct ctx *cx, struct request *rq, struct response *rs)
{
	bool awaits, on = false;

	TRY(sign_in_awaits(cx, rq, &awaits));
	if (awaits)
		return ask_code(cx, rq, rs, html_own_path(request_query(rq, "next")), NULL);
	TRY(app_authenticate(cx, rq)); /* which a public route does not do by itself */
	if (cx->actor.role == ROLE_NONE) {
		response_redirect(rs, "/sign-in");
		return NULL;
	}
	TRY(app_read(cx, rq));
	TRY(factor_is_on(cx, cx->actor.id, &on));
	if (!on)
		return offer(cx, rq, rs, NULL);
	response_redirect(rs, "/me");
	return NULL;
}

#define PAGE (ROUTE_PAGE | ROUTE_ENROL)

static const struct route routes[] = {
	{ "GET", "/second-factor", PERM_PUBLIC, show, "The second factor", NULL, NULL, PAGE,
	        0 },
	{ "POST", "/second-factor", PERM_PUBLIC, send_code, "The code at the door", NULL, NULL,
	        PAGE, FORM_MAX },
	{ "POST", "/second-factor/begin", PERM_READ, begin, "Sets one up", NULL, NULL, PAGE,
	        FORM_MAX },
	{ "POST", "/second-factor/confirm", PERM_READ, confirm, "Confirms it", NULL, NULL, PAGE,
	        FORM_MAX },
};
const struct route_table factor_page_routes = { routes, NELEMS(routes) };
