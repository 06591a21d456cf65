/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways to deliver. A channel is one file and one row of the table, and both of its functions
 * are pure: one turns a page into what goes over the line, the other judges what came back. The
 * transfer between them is the same for all (transfer.h); the dispatcher runs it.
 */
#ifndef CHANNEL_CHANNEL_H
#define CHANNEL_CHANNEL_H

#include <curl/curl.h>

#include "engine/paging.h"

enum smtp_tls {
	SMTP_TLS_AUTO,     /* required when there is a user, else opportunistic */
	SMTP_TLS_REQUIRED, /* no mail without it; the certificate is checked */
	/* When it is offered; the certificate is not checked, for whoever could forge it could
	 * as well take the offer away. For a relay on this machine or in this network. */
	SMTP_TLS_OPPORTUNISTIC,
};

/* Spans and numbers of 0 mean the defaults beside them. */
struct channel_limits {
	usec_t connect;  /* 5 s */
	usec_t total;    /* 15 s; far below the lease of a page */
	size_t per_host; /* 16 transfers to one host at once */
};

/* Set once, by whoever starts the dispatcher; outlives it. */
struct channel_settings {
	const char *base_url;          /* of Tocsin, for links; no slash at the end */
	const unsigned char *link_key; /* ANSWER_KEY_BYTES */
	const char *smtp_url;          /* smtp://HOST:PORT or smtps://...; NULL: e-mail fails */
	const char *smtp_user, *smtp_password;
	const char *smtp_from; /* "ops@example.org" or "Ops <ops@...>"; NULL: tocsin@ here */
	enum smtp_tls smtp_tls;
	const char *ca_file; /* authorities to trust instead of the system's, or NULL */
	bool allow_private;  /* webhooks may reach loopback and private addresses */
	struct channel_limits limits;
};

/* One page on its way. Its memory is cx's. */
struct sending {
	struct ctx *cx;
	const struct channel_settings *settings;
	const struct page_job *job;
	const char *answer_url;   /* NULL when it is to nobody in particular, or a bundle */
	const char *incident_url; /* NULL for a bundle */
};

/* What goes over the line. Everything in it is cx's or the settings', nothing the job's. */
struct outgoing {
	const char *url;
	struct str body;
	/* HTTP: a POST with "Name: value" lines. */
	const char *headers[12];
	size_t n_headers;
	bool guarded; /* private addresses are refused once the name is resolved */
	/* SMTP: the envelope, bare addresses. mail_to NULL: it is HTTP. */
	const char *mail_from, *mail_to;
};

/* What came back. */
struct ending {
	CURLcode code;
	long status;        /* of the last reply, HTTP's or SMTP's; 0: none came */
	const char *line;   /* the last line of an SMTP server; never NULL */
	bool refused;       /* every address that the name has is private */
	usec_t retry_after; /* 0: not said */
};

struct channel {
	const char *name;
	/* An error is final: the page has failed, with that text. */
	struct err *(*prepare)(const struct sending *d, struct outgoing *ret);
	/* Sets result, error, receipt and retry_after. Error texts name neither the address nor
	 * a secret. */
	void (*judge)(struct ctx *cx, const struct ending *a, struct page_report *ret);
};

extern const struct channel email_channel, webhook_channel;

/* NULL for a contact type that nobody serves. */
const struct channel *channel_by_name(const char *name);

/* The links of a page: to answer it (a person's, for a while) and to its incident. */
void channel_links(struct sending *d);

/* "page-123": the idempotency key that receivers see. */
const char *page_key(const struct sending *d);

/* One line or several without what could break a header, a terminal or the reading order:
 * control characters become blanks, bytes that are not UTF-8 question marks. NULL stays
 * NULL. */
const char *text_line(struct arena *a, const char *text);
const char *text_lines(struct arena *a, const char *text);

/* At most max bytes, cut between characters, with an ellipsis where it was cut. */
const char *text_clip(struct arena *a, const char *text, size_t max);

#endif
