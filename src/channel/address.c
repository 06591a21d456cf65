/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

/* RFC 6890 and its updates. */
static const struct {
	uint32_t net;
	int bits;
} closed4[] = {
	{ 0x00000000, 8 },  /* this network */
	{ 0x0a000000, 8 },  /* private */
	{ 0x64400000, 10 }, /* shared */
	{ 0x7f000000, 8 },  /* loopback */
	{ 0xa9fe0000, 16 }, /* link-local: the clouds' metadata */
	{ 0xac100000, 12 }, /* private */
	{ 0xc0000000, 24 }, /* protocol assignments */
	{ 0xc0000200, 24 }, /* examples */
	{ 0xc0a80000, 16 }, /* private */
	{ 0xc6120000, 15 }, /* benchmarks */
	{ 0xc6336400, 24 }, /* examples */
	{ 0xcb007100, 24 }, /* examples */
	{ 0xe0000000, 4 },  /* multicast */
	{ 0xf0000000, 4 },  /* reserved, broadcast */
};

static const struct {
	unsigned char net[16];
	int bits;
} closed6[] = {
	{ { 0 }, 127 },                                 /* unspecified, loopback */
	{ { [10] = 0xff, 0xff }, 96 },                  /* IPv4, mapped */
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48 }, /* translation inside a network */
	{ { 0x01 }, 64 },                               /* discard */
	{ { 0x20, 0x01, 0x00, 0x00 }, 32 },             /* Teredo: wraps IPv4 */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },             /* examples */
	{ { 0xfc }, 7 },                                /* unique local */
	{ { 0xfe, 0x80 }, 10 },                         /* link-local */
	{ { 0xfe, 0xc0 }, 10 },                         /* site-local of old */
	{ { 0xff }, 8 },                                /* multicast */
};

static bool
closed_v4(uint32_t address)
{
	for (size_t i = 0; i < NELEMS(closed4); i++)
		if ((address ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
			return true;
	return false;
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int bytes = bits / 8, rest = bits % 8;

	return memcmp(a, b, (size_t)bytes) == 0
	        && (rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0);
}

static uint32_t
v4_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool
closed_v6(const unsigned char a[16])
{
	static const unsigned char compat[12];
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	static const unsigned char sixto4[2] = { 0x20, 0x02 };

	for (size_t i = 0; i < NELEMS(closed6); i++)
		if (same_bits(a, closed6[i].net, closed6[i].bits))
			return true;
	if (memcmp(a, compat, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return closed_v4(v4_at(a + 12));
	return memcmp(a, sixto4, 2) == 0 && closed_v4(v4_at(a + 2));
}

bool
address_is_private(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return closed_v4(ntohl(((const struct sockaddr_in *)sa)->sin_addr.s_addr));
	if (sa->sa_family == AF_INET6)
		return closed_v6(((const struct sockaddr_in6 *)sa)->sin6_addr.s6_addr);
	return true;
}
