/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail as it stands on the line (RFC 5322 with MIME): plain text and HTML as alternatives,
 * every line short, everything ASCII. Whatever the texts hold, they stay where they belong: no
 * header can begin inside another.
 */
#ifndef CHANNEL_MAIL_H
#define CHANNEL_MAIL_H

#include "base/ctx.h"

struct mail {
	usec_t date;
	const char *from_name; /* or NULL */
	const char *from, *to; /* addresses that mail_address_valid accepts */
	const char *subject;
	const char *id;     /* "page-12": also of the Message-ID */
	const char *thread; /* "incident-12": what the mails of one matter share; NULL: none */
	int64_t born;       /* with the ids: so that a database made anew repeats none */
	int64_t thread_born;
	bool urgent;
	const char *text, *html;
};

/* The mail, in cx's arena. Lines end with CRLF; dots are not doubled. */
struct str mail_render(struct ctx *cx, const struct mail *m);

/* Whether a bare address can stand in an envelope: ASCII, one @, nothing that SMTP or a header
 * gives a meaning. */
bool mail_address_valid(const char *address);

/* "Ops <ops@example.org>" taken apart; a bare address has the name NULL. */
void mail_address_split(
        struct arena *a, const char *text, const char **ret_name, const char **ret_address);

#endif
