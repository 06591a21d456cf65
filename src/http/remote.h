/* SPDX-License-Identifier: Apache-2.0 */
/* Where a request comes from: the address of the connection, or, when that is a proxy of ours,
 * the one that the proxy saw. */
#ifndef HTTP_REMOTE_H
#define HTTP_REMOTE_H

#include <sys/socket.h>

#include "base/ctx.h"

#define REMOTE_MAX 46                     /* an address as text: INET6_ADDRSTRLEN */
#define REMOTE_GROUP_MAX (REMOTE_MAX + 3) /* and "/64" */

/* "192.0.2.7", "2001:db8::1"; IPv4 within IPv6 as IPv4. "" for what has no address. */
void remote_print(const struct sockaddr *from, char out[REMOTE_MAX]);

bool remote_is_loopback(const char *address);

/* Of whom there is one behind it, so far as can be told: an address of IPv4, and the first half
 * of one of IPv6, for whoever has one such address has all of them. */
void remote_group(const char *address, char out[REMOTE_GROUP_MAX]);

/* Where somebody is, about: the first 24 bits of an address of IPv4, 48 of one of IPv6. */
void remote_network(const char *address, char out[REMOTE_GROUP_MAX]);

/* Whether a list of addresses, parted by blanks or commas, has this one. proxies may be
 * NULL. */
bool remote_is_proxy(const char *proxies, const char *address);

/* ERR_INVALID unless all in the list are addresses. */
MUST_USE struct err *remote_check_proxies(struct ctx *cx, const char *proxies);

/* The last address of X-Forwarded-For, which the proxy itself has added: what stands before it
 * may be anybody's invention. The proxy's own when there is none. */
const char *remote_behind(struct ctx *cx, const char *address, const char *forwarded_for);

#endif
