/* SPDX-License-Identifier: Apache-2.0 */
/* Where a webhook may go. */
#ifndef CHANNEL_ADDRESS_H
#define CHANNEL_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Loopback, link-local, private, shared, multicast, unspecified and reserved ranges of IPv4 and
 * IPv6 (RFC 6890), also where IPv6 only wraps IPv4; and every other family. */
bool address_is_private(const struct sockaddr *sa);

#endif
