/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for people: plain HTML, small, without scripts. */
#ifndef API_HTML_H
#define API_HTML_H

#include "api/app.h"

/* Everything up to the page's own content. The bar with the way around is there when somebody
 * is signed in. */
void html_begin(
        struct ctx *cx, const struct request *rq, struct response *rs, const char *title);
void html_end(struct response *rs);

/* What a browser with scripts adds around the fields of .secret, which hold passwords. */
void html_door_script(struct response *rs);

/* printf whose %s are escaped, %d takes int64_t and %% is a percent sign; nothing else. */
void html(struct response *rs, const char *fmt, ...);

/* "3 Mar 10:05" of today's year and zone of the reader. */
const char *html_time(struct ctx *cx, const struct request *rq, usec_t at);

/* "4 min", "3 h", "2 d" since then. */
const char *html_age(struct ctx *cx, usec_t at);

/* Where somebody wanted to go: an address of this server, or the start. next may be NULL. */
const char *html_own_path(const char *next);

/* The page, which leads there afterwards. */
const char *html_then(struct ctx *cx, const char *page, const char *next);

/* A form of ours, though no cookie says who sends it: by that of another site a visitor could
 * be signed in as somebody else. ERR_DENIED. */
MUST_USE struct err *html_same_site(struct ctx *cx, struct request *rq);

/* For the server's configuration. */
void html_error(
        struct ctx *cx, const struct request *rq, struct response *rs, const struct err *e);

#endif
