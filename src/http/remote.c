/* SPDX-License-Identifier: Apache-2.0 */
#include "http/remote.h"

#include <arpa/inet.h>
#include <stdio.h>

_Static_assert(REMOTE_MAX == INET6_ADDRSTRLEN, "an address fits");

static void
print_v6(const struct in6_addr *a, char out[REMOTE_MAX])
{
	if (IN6_IS_ADDR_V4MAPPED(a))
		(void)inet_ntop(AF_INET, &a->s6_addr[12], out, REMOTE_MAX);
	else
		(void)inet_ntop(AF_INET6, a, out, REMOTE_MAX);
}

void
remote_print(const struct sockaddr *from, char out[REMOTE_MAX])
{
	out[0] = '\0';
	if (from != NULL && from->sa_family == AF_INET)
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)from)->sin_addr, out,
		        REMOTE_MAX);
	else if (from != NULL && from->sa_family == AF_INET6)
		print_v6(&((const struct sockaddr_in6 *)from)->sin6_addr, out);
}

bool
remote_is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

void
remote_group(const char *address, char out[REMOTE_GROUP_MAX])
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, address, &six) != 1) {
		(void)snprintf(out, REMOTE_GROUP_MAX, "%s", address);
		return;
	}
	memset(&six.s6_addr[8], 0, 8);
	(void)inet_ntop(AF_INET6, &six, out, REMOTE_MAX);
	memcpy(out + strlen(out), "/64", sizeof "/64");
}

void
remote_network(const char *address, char out[REMOTE_GROUP_MAX])
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, address, &four) == 1) {
		four.s_addr &= htonl(UINT32_C(0xffffff00));
		(void)inet_ntop(AF_INET, &four, out, REMOTE_MAX);
		memcpy(out + strlen(out), "/24", sizeof "/24");
	} else if (inet_pton(AF_INET6, address, &six) == 1) {
		memset(&six.s6_addr[6], 0, 10);
		(void)inet_ntop(AF_INET6, &six, out, REMOTE_MAX);
		memcpy(out + strlen(out), "/48", sizeof "/48");
	} else {
		(void)snprintf(out, REMOTE_GROUP_MAX, "%s", address);
	}
}

/* As remote_print writes it; false when it is none. */
static bool
normal(struct str text, char out[REMOTE_MAX])
{
	struct in6_addr six;
	struct in_addr four;
	char in[REMOTE_MAX];

	if (text.len == 0 || text.len >= sizeof in)
		return false;
	memcpy(in, text.p, text.len);
	in[text.len] = '\0';
	if (inet_pton(AF_INET, in, &four) == 1)
		return inet_ntop(AF_INET, &four, out, REMOTE_MAX) != NULL;
	if (inet_pton(AF_INET6, in, &six) != 1)
		return false;
	print_v6(&six, out);
	return true;
}

static struct str
next_of(struct str *list)
{
	while (list->len > 0 && strchr(" ,\t", list->p[0]) != NULL) {
		list->p++;
		list->len--;
	}
	struct str one = { list->p, 0 };
	while (one.len < list->len && strchr(" ,\t", list->p[one.len]) == NULL)
		one.len++;
	list->p += one.len;
	list->len -= one.len;
	return one;
}

bool
remote_is_proxy(const char *proxies, const char *address)
{
	struct str rest = str_from(proxies), one;
	char text[REMOTE_MAX];

	while ((one = next_of(&rest)).len > 0)
		if (normal(one, text) && strcmp(text, address) == 0)
			return true;
	return false;
}

struct err *
remote_check_proxies(struct ctx *cx, const char *proxies)
{
	struct str rest = str_from(proxies), one;
	char text[REMOTE_MAX];

	while ((one = next_of(&rest)).len > 0)
		if (!normal(one, text))
			return err_field(cx, ERR_INVALID, "usage",
			        "--proxies takes addresses such as 10.0.0.5, not " STR_FMT,
			        STR_ARG(one));
	return NULL;
}

const char *
remote_behind(struct ctx *cx, const char *address, const char *forwarded_for)
{
	struct str rest = str_from(forwarded_for), one, last = { 0 };
	char text[REMOTE_MAX];

	while ((one = next_of(&rest)).len > 0)
		last = one;
	return arena_strdup(&cx->mem, normal(last, text) ? text : address);
}
