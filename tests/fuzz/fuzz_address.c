/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses: of mails, taken apart and judged; of sockets, where IPv6 that wraps IPv4 must be
 * as closed as that. */
#include "channel/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "channel/mail.h"
#include "fuzz.h"

static bool
closed6(const unsigned char bytes[16])
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };

	memcpy(&sa.sin6_addr, bytes, 16);
	return address_is_private((const struct sockaddr *)&sa);
}

static void
sockets(struct str in)
{
	unsigned char nat64[16] = { 0x00, 0x64, 0xff, 0x9b }, sixto4[16] = { 0x20, 0x02 };
	unsigned char mapped[16] = { [10] = 0xff, 0xff };
	struct sockaddr_in sa = { .sin_family = AF_INET };

	if (in.len == 16)
		(void)closed6((const unsigned char *)in.p);
	if (in.len != 4)
		return;
	memcpy(&sa.sin_addr, in.p, 4);
	memcpy(nat64 + 12, in.p, 4);
	memcpy(sixto4 + 2, in.p, 4);
	memcpy(mapped + 12, in.p, 4);
	bool closed = address_is_private((const struct sockaddr *)&sa);
	assert(closed6(nat64) == closed && closed6(sixto4) == closed && closed6(mapped));
}

static void
fuzz(struct ctx *cx, struct str in)
{
	const char *text = str_dup(&cx->mem, in), *name, *address;

	mail_address_split(&cx->mem, text, &name, &address);
	assert(address != NULL);
	if (mail_address_valid(address))
		for (const char *p = address; *p != '\0'; p++)
			assert(*p > ' ' && *p <= '~' && strchr("<>,;\"", *p) == NULL);
	sockets(in);
}
