/* SPDX-License-Identifier: Apache-2.0 */
#include "api/html.h"

#include <inttypes.h>

#define ADDRESS_MAX (16 * 1024)

static const char style[] =
        ":root{color-scheme:light dark;--page:#f7f8fa;--panel:#fff;--raised:#eef0f4;--ink:#14181f;"
        "--muted:#4d5766;--accent:#2450d8;--on:#fff;--line:#d9dde4;--triggered:#c4183c;"
        "--acknowledged:#6b4700;--resolved:#00797f}"
        "@media(prefers-color-scheme:dark){:root{--page:#0f1216;--panel:#161a20;--raised:#20262e;"
        "--ink:#e8ebf0;--muted:#a4aebc;--accent:#9db8ff;--on:#0f1216;--line:#2b323c;"
        "--triggered:#ff6a6a;--acknowledged:#ffd23f;--resolved:#bff0dc}}"
        "*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);"
        "font:1rem/1.5 system-ui,sans-serif}"
        "main{max-width:52rem;margin:0 auto;padding:1rem 1rem 4rem}"
        "header{background:var(--panel);border-bottom:1px solid var(--line)}"
        "header nav{max-width:52rem;margin:0 auto;padding:.5rem 1rem;display:flex;gap:1.25rem;"
        "align-items:center;flex-wrap:wrap}header b{margin-right:auto}"
        "a{color:var(--accent)}h1{font-size:1.5rem;line-height:1.3;margin:1rem 0 .5rem}"
        "h2{font-size:1.1rem;margin:2rem 0 .5rem}small,.muted{color:var(--muted)}"
        "ul{list-style:none;margin:0;padding:0}"
        "li.row{background:var(--panel);border:1px solid var(--line);border-radius:8px;"
        "padding:.75rem 1rem;margin:.5rem 0}li.row>a{color:inherit;text-decoration:none;"
        "display:block}li.row>a:hover strong{text-decoration:underline}"
        ".state{font-weight:600}.triggered{color:var(--triggered)}"
        ".acknowledged{color:var(--acknowledged)}.resolved{color:var(--resolved)}"
        ".sev{display:inline-block;border:1px solid currentColor;border-radius:4px;padding:0 .4em;"
        "font-size:.8rem;color:var(--muted)}.sev.critical{background:var(--triggered);"
        "border-color:var(--triggered);color:var(--on)}.sev.error{color:var(--triggered)}"
        "form.row{display:inline-block;margin:0 .5rem .5rem 0}"
        "button,input{font:inherit;min-height:2.75rem;padding:.4rem 1rem;border-radius:8px;"
        "border:1px solid var(--line);background:var(--raised);color:inherit}"
        "button.main{background:var(--accent);border-color:var(--accent);color:var(--on);"
        "font-weight:600}button.big{width:100%;min-height:3.5rem;font-size:1.15rem}"
        "label{display:block;margin:.75rem 0}label+p{margin:-.5rem 0 1rem;font-size:.9rem}label input{display:block;width:100%;margin-top:.35rem;"
        "background:var(--panel)}"
        "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .75rem "
        ".35rem 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}"
        "th{color:var(--muted);white-space:nowrap}time{color:var(--muted);white-space:nowrap;"
        "font-variant-numeric:tabular-nums}"
        ".narrow{max-width:26rem}.note{border-left:4px solid var(--accent);padding:.5rem .75rem;"
        "background:var(--raised)}ol.line{list-style:none;margin:0;padding:0}"
        "ol.line li{display:grid;grid-template-columns:8rem 1fr;gap:.75rem;padding:.35rem 0;"
        "border-bottom:1px solid var(--line)}@media(max-width:34rem){ol.line li{display:block}}"
        "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--raised);padding:.75rem;"
        "border-radius:8px;font-size:.9rem}"
        "header button{min-height:2.25rem;padding:.2rem .75rem}"
        "@media(max-width:34rem){header b{flex-basis:100%}}"
        ".door main{max-width:30rem;margin:10vh auto 2rem;padding:1.5rem 2rem 2rem;"
        "background:var(--panel);border:1px solid var(--line);border-radius:12px}"
        ".door .narrow{max-width:none}.door .narrow button{width:100%}"
        ".brand{display:flex;align-items:center;gap:.5rem;margin:0;font-weight:600;"
        "color:var(--muted)}.door input{background:var(--page)}"
        "@media(max-width:34rem){.door{background:var(--panel)}.door main{margin:0;border:0;"
        "padding:1rem}}"
        ".secret{display:grid;margin:.75rem 0}.secret label,.secret button{grid-area:1/1;margin:0}"
        ".secret button{place-self:end;display:flex;padding:.85rem;border-color:transparent;"
        "background:none}.door .narrow .secret button{width:auto}.secret meter{margin-top:.65rem}"
        ".secret input{padding-right:3rem}.secret ::-ms-reveal{display:none}"
        ".secret p{margin:.5rem 0 0;font-size:.9rem}.secret svg{fill:none;"
        "stroke:currentColor;stroke-width:1.5;stroke-linecap:round}"
        ".secret [aria-pressed=false] path+path{display:none}"
        "meter{appearance:none;width:100%;height:.4rem;border:0;border-radius:4px;overflow:hidden;"
        "background:var(--line)}::-webkit-meter-bar{border:0;border-radius:0;"
        "grid-row:1/4;background:var(--line)}"
        "::-webkit-meter-optimum-value{background:var(--resolved)}"
        "::-webkit-meter-suboptimum-value{background:var(--acknowledged)}"
        "::-webkit-meter-even-less-good-value{background:var(--triggered)}"
        ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}";

static struct err *
stylesheet(struct ctx *cx, struct request *rq, struct response *rs)
{
	(void)cx;
	(void)rq;
	rs->status = 200;
	rs->type = "text/css; charset=utf-8";
	response_header(rs, "Cache-Control", "max-age=3600");
	buf_puts(&rs->body, style);
	return NULL;
}

void
html(struct response *rs, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (const char *p = fmt; *p != '\0'; p++) {
		if (*p != '%') {
			buf_putc(&rs->body, *p);
			continue;
		}
		p++;
		if (*p == 's')
			buf_html(&rs->body, va_arg(ap, const char *));
		else if (*p == 'd')
			buf_int(&rs->body, va_arg(ap, int64_t));
		else
			buf_putc(&rs->body, *p);
	}
	va_end(ap);
}

static void
bar(const struct request *rq, struct response *rs, const struct ctx *cx)
{
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);

	html(rs,
	        "<header><nav><b>%s</b><a href=\"/plain\">Incidents</a><a href=\"/plain/oncall\">On call</a>"
	        "<span class=\"muted\">%s</span><form method=\"post\" action=\"/sign-out\">"
	        "<button>Sign out</button></form></nav></header>",
	        snapshot_organisation(s)->c.name, cx->actor.id);
}

void
html_begin(struct ctx *cx, const struct request *rq, struct response *rs, const char *title)
{
	if (rs->status == 0)
		rs->status = 200;
	rs->type = "text/html; charset=utf-8";
	html(rs,
	        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
	        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	        "<title>%s · Tocsin</title><link rel=\"stylesheet\" href=\"/style.css\">"
	        "<link rel=\"icon\" href=\"/icon.svg\"></head>",
	        title);
	if (cx->actor.kind == ACTOR_USER && cx->actor.role != ROLE_NONE && rq->session != NULL
	        && !rq->must_enrol) { /* to whom all of it is closed */
		html(rs, "<body>");
		bar(rq, rs, cx);
		html(rs, "<main>");
	} else {
		html(rs,
		        "<body class=\"door\"><main><p class=\"brand\"><img src=\"/icon.svg\" "
		        "alt=\"\" width=\"24\" height=\"24\">Tocsin</p>");
	}
	html(rs, "<h1>%s</h1>", title);
}

void
html_end(struct response *rs)
{
	buf_puts(&rs->body, "</main></body></html>\n");
}

void
html_door_script(struct response *rs)
{
	html(rs, "<script src=\"/door.js\" defer></script>");
}

const char *
html_own_path(const char *next)
{
	if (next == NULL || next[0] != '/' || next[1] == '/' || next[1] == '\\')
		return "/";
	return next;
}

const char *
html_then(struct ctx *cx, const char *page, const char *next)
{
	struct buf out = BUF_INIT(&cx->mem, ADDRESS_MAX);

	buf_printf(&out, "%s?next=", page);
	buf_url(&out, next, "/");
	return out.cut ? page : buf_cstr(&out);
}

struct err *
html_same_site(struct ctx *cx, struct request *rq)
{
	rq->by_cookie = true;
	return request_same_site(cx, rq);
}

/* ---- times ---- */

const char *
html_time(struct ctx *cx, const struct request *rq, usec_t at)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	const struct snapshot *s CLEANUP(snapshot_unrefp) = app_snapshot(rq);
	const struct user *u = snapshot_user(s, cx->actor.id);
	const struct zone *zone = snapshot_zone(s, u == NULL ? NULL : u->zone, NULL);
	struct civil c = civil_from_utc(zone, at);

	return arena_printf(&cx->mem, "%d %s %02d:%02d:%02d", c.day, months[c.month - 1],
	        c.hour, c.minute, c.second);
}

const char *
html_age(struct ctx *cx, usec_t at)
{
	usec_t age = ctx_now(cx) - at;

	if (age < MINUTES(1))
		return "just now";
	if (age < HOURS(1))
		return arena_printf(&cx->mem, "%" PRId64 " min", age / MINUTES(1));
	if (age < DAYS(1))
		return arena_printf(&cx->mem, "%" PRId64 " h", age / HOURS(1));
	return arena_printf(&cx->mem, "%" PRId64 " d", age / DAYS(1));
}

/* ---- errors ---- */

void
html_error(struct ctx *cx, const struct request *rq, struct response *rs, const struct err *e)
{
	if (rs->status == 401) {
		bool get = strcmp(rq->method, "GET") == 0 && strcmp(rq->path, "/") != 0;
		response_redirect(rs, get ? html_then(cx, "/sign-in", rq->path) : "/sign-in");
		return;
	}
	if (rq->must_enrol && e->code == ERR_DENIED) {
		response_redirect(rs, "/second-factor");
		return;
	}
	html_begin(cx, rq, rs, "That did not work");
	html(rs, "<p class=\"note\">%s</p><p><a href=\"/\">Back to the incidents</a></p>",
	        e->code == ERR_BUG ? "Something is wrong with Tocsin itself; it was logged."
	                           : err_text(cx, e));
	html_end(rs);
}

static const struct route routes[] = {
	{ "GET", "/style.css", PERM_PUBLIC, stylesheet, "The stylesheet", NULL, NULL,
	        ROUTE_PAGE | ROUTE_INLINE, 0 },
};
const struct route_table html_routes = { routes, NELEMS(routes) };
