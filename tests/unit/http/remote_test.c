/* SPDX-License-Identifier: Apache-2.0 */
/* Where requests come from, how many connections of one place there are, and how long a stream
 * lasts. */
#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>

#include "test.h"

#include "http/crowd.h"
#include "http/sse_priv.h"

static void
test_print(void **state)
{
	static const struct {
		int family;
		const char *address, *want, *group;
	} rows[] = {
		{ AF_INET, "192.0.2.7", "192.0.2.7", "192.0.2.7" },
		{ AF_INET6, "2001:db8:1:2:3::4", "2001:db8:1:2:3::4", "2001:db8:1:2::/64" },
		{ AF_INET6, "::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7" },
		{ AF_INET6, "::1", "::1", "::/64" },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct sockaddr_in four = { .sin_family = AF_INET };
		struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
		char out[REMOTE_MAX], group[REMOTE_GROUP_MAX];
		bool v4 = rows[i].family == AF_INET;
		void *into = v4 ? (void *)&four.sin_addr : (void *)&six.sin6_addr;
		assert_int_equal(inet_pton(rows[i].family, rows[i].address, into), 1);
		remote_print(v4 ? (void *)&four : (void *)&six, out);
		assert_string_equal(out, rows[i].want);
		remote_group(out, group);
		assert_string_equal(group, rows[i].group);
	}
}

static void
test_networks(void **state)
{
	static const struct {
		const char *address, *want;
	} rows[] = {
		{ "192.0.2.40", "192.0.2.0/24" },
		{ "255.255.255.255", "255.255.255.0/24" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1::/48" },
		{ "::1", "::/48" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff::/48" },
		{ "", "" },
	};
	char out[REMOTE_GROUP_MAX];

	(void)state;
	for (size_t i = 0; i < NELEMS(rows); i++) {
		remote_network(rows[i].address, out);
		assert_string_equal(out, rows[i].want);
	}
}

static void
test_nowhere(void **state)
{
	struct sockaddr local = { .sa_family = AF_UNIX };
	char out[REMOTE_MAX] = "x";

	(void)state;
	remote_print(&local, out);
	assert_string_equal(out, "");
	remote_print(NULL, out);
	assert_string_equal(out, "");
	assert_true(remote_is_loopback("127.0.0.1"));
	assert_true(remote_is_loopback("127.8.9.1"));
	assert_true(remote_is_loopback("::1"));
	assert_false(remote_is_loopback("128.0.0.1"));
	assert_false(remote_is_loopback(""));
}

static void
test_proxies(void **state)
{
	static const struct {
		const char *list, *address;
		bool ok, want;
	} rows[] = {
		{ NULL, "10.0.0.5", true, false },
		{ "", "", true, false },
		{ "10.0.0.5", "10.0.0.5", true, true },
		{ "10.0.0.55", "10.0.0.5", true, false },
		{ "10.0.0.4, 10.0.0.5", "10.0.0.5", true, true },
		{ " 10.0.0.4\t10.0.0.5,", "10.0.0.5", true, true },
		{ "2001:DB8:0::1", "2001:db8::1", true, true },
		{ "::ffff:10.0.0.5", "10.0.0.5", true, true },
		{ "10.0.0.0/8", "10.0.0.5", false, false },
		{ "proxy.example", "10.0.0.5", false, false },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct err *e = remote_check_proxies(&cx, rows[i].list);
		assert_int_equal(e == NULL, rows[i].ok);
		assert_int_equal(remote_is_proxy(rows[i].list, rows[i].address), rows[i].want);
	}
	ctx_close(&cx);
}

/* Only the last one was written by the proxy. */
static void
test_behind(void **state)
{
	static const struct {
		const char *header, *want;
	} rows[] = {
		{ NULL, "10.0.0.5" },
		{ "", "10.0.0.5" },
		{ "192.0.2.7", "192.0.2.7" },
		{ "198.51.100.1, 192.0.2.7", "192.0.2.7" },
		{ "192.0.2.7, unknown", "10.0.0.5" },
		{ "192.0.2.7:1234", "10.0.0.5" },
		{ "2001:db8::1", "2001:db8::1" },
		{ ",,", "10.0.0.5" },
		{ "1234567890123456789012345678901234567890123456789012345678901234567890",
		        "10.0.0.5" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++)
		assert_string_equal(
		        remote_behind(&cx, "10.0.0.5", rows[i].header), rows[i].want);
	ctx_close(&cx);
}

static void
test_crowd(void **state)
{
	static struct crowd c = { .seed = 7 };

	(void)state;
	assert_true(crowd_enter(&c, "192.0.2.7", 2));
	assert_true(crowd_enter(&c, "192.0.2.7", 2));
	assert_false(crowd_enter(&c, "192.0.2.7", 2));
	assert_true(crowd_enter(&c, "192.0.2.8", 2)); /* another's places are another's */
	assert_true(crowd_enter(&c, "192.0.2.7", UINT_MAX));
	crowd_leave(&c, "192.0.2.7");
	assert_false(crowd_enter(&c, "192.0.2.7", 2));
	crowd_leave(&c, "192.0.2.7");
	assert_true(crowd_enter(&c, "192.0.2.7", 2));
	crowd_leave(&c, "203.0.113.1"); /* never came */
	for (int i = 0; i < 20000; i++) {
		char name[REMOTE_GROUP_MAX];
		(void)snprintf(name, sizeof name, "many-%d", i);
		assert_true(crowd_enter(&c, name, 1));
		assert_false(crowd_enter(&c, name, 1));
	}
	crowd_leave(&c, "many-19999");
	assert_true(crowd_enter(&c, "many-19999", 1));
	crowd_free(&c);
}

static void
test_a_stream_has_an_end(void **state)
{
	struct sse *hub = sse_new();
	struct sse_client *c = sse_listen(hub, -1);
	char out[200];

	(void)state;
	sse_attach(hub, c, (struct MHD_Connection *)&out); /* never looked at */
	sse_heartbeat(hub, MINUTES(15));
	assert_true(sse_read(hub, c, out, sizeof out) > 0);
	sse_heartbeat(hub, MINUTES(15));
	assert_true(sse_read(hub, c, out, sizeof out) > 0);
	sse_heartbeat(hub, 0);
	assert_true(sse_read(hub, c, out, sizeof out) > 0); /* it hears what was said */
	assert_int_equal(sse_read(hub, c, out, sizeof out), -1);
	sse_free(hub);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_proxies),
		cmocka_unit_test(test_behind),
		cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_a_stream_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
