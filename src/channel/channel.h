/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways to deliver. A channel is one file and one row of the table: it turns a page into a
 * libcurl transfer and judges how that ended. The dispatcher does the rest.
 */
#ifndef CHANNEL_CHANNEL_H
#define CHANNEL_CHANNEL_H

#include <curl/curl.h>

#include "engine/paging.h"

struct channel_settings {
	const char *base_url;          /* of Tocsin, for links; no slash at the end */
	const unsigned char *link_key; /* ANSWER_KEY_BYTES */
	const char *smtp_url; /* smtp://HOST:PORT (STARTTLS when offered; required with a
					  user) or smtps://...; NULL: e-mail fails */
	const char *smtp_user, *smtp_password;
	const char *smtp_from; /* address; NULL: tocsin@ this machine */
	const char *ca_file;   /* authorities to trust instead of the system's, or NULL */
	bool allow_private;    /* webhooks may reach loopback and private addresses */
};

/* One transfer. Everything lives in cx until it is over. */
struct sending {
	struct ctx *cx;
	const struct channel_settings *settings;
	const struct page_job *job;
	const char *answer_url;   /* NULL when it is to nobody in particular */
	const char *incident_url; /* NULL for a bundle */
	CURL *easy;
	struct curl_slist *headers, *recipients;
	curl_mime *mime;
	const char *body;
	bool refused;    /* the address may not be reached */
	char reply[200]; /* the last line that the other side said */
	char trouble[CURL_ERROR_SIZE];
	usec_t retry_after;
};

struct channel {
	const char *name;
	/* Fills easy. An error is final: the page has failed. */
	MUST_USE struct err *(*prepare)(struct sending *s);
	/* Sets result, error, receipt, retry_after of the report. */
	void (*judge)(
	        struct sending *s, CURLcode code, long status, struct page_report *report);
};

/* By contact type. */
extern const struct channel *const channels[CONTACT_TYPE_MAX];

/* NULL for a type that nobody knows. */
const struct channel *channel_by_name(const char *name);

/* "page-123": what providers see as the idempotency key. */
const char *page_key(const struct sending *s);

/* What every channel gives up on after a while. */
#define CHANNEL_CONNECT SECONDS(10)
#define CHANNEL_TOTAL SECONDS(30)

extern const struct channel email_channel, webhook_channel;

#endif
