/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One libcurl transfer, HTTP or SMTP, with the bounds that hold for all: time, size of what
 * comes back, no redirects, no proxies of the environment, no private addresses where that is
 * asked. Belongs to the dispatcher's thread. A struct transfer is zeroed before its first open
 * and stays where it is until it is freed; webhooks that follow each other use the same handle
 * of libcurl's.
 */
#ifndef CHANNEL_TRANSFER_H
#define CHANNEL_TRANSFER_H

#include "channel/channel.h"

#define TRANSFER_REPLY_MAX (64 * 1024) /* headers and body; the rest is not read */

struct transfer {
	CURL *easy; /* NULL: never opened yet */
	struct curl_slist *headers, *recipients;
	const struct outgoing *out;
	size_t n_sent; /* of a mail's body */
	size_t n_received;
	char line[256];     /* the last that an SMTP server said */
	unsigned n_refused; /* addresses */
	unsigned n_tried;
};

/* out and settings live until the close. arg comes back from transfer_of. */
void transfer_open(struct transfer *t, const struct channel_settings *settings,
        const struct outgoing *out, void *arg);
void *transfer_of(CURL *easy);

/* How it ended; points into t. */
struct ending transfer_ending(const struct transfer *t, CURLcode code);

/* Not while it is in a multi handle. Nothing for one that is not open. */
void transfer_close(struct transfer *t);

/* After the close, for good. */
void transfer_free(struct transfer *t);

/* The host of a URL in lower case; ERR_INVALID when it is no URL of one. */
MUST_USE struct err *transfer_host(struct ctx *cx, const char *url, const char **ret);

#endif
