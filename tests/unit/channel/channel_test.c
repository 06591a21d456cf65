/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "channel/address.h"
#include "channel/answer_link.h"
#include "channel/transfer.h"
#include "channel/webhook.h"

/* ---- answer links ---- */

static void
test_answer_token(void **state)
{
	struct ctx cx;
	int64_t id = -1;

	(void)state;
	ctx_init(&cx, NULL);
	const char *token = answer_token_make(&cx.mem, job_link_key, 123, JOB_OPENED);
	assert_true(answer_token_check(job_link_key, token, JOB_OPENED - 1, &id));
	assert_int_equal(id, 123);
	id = -1;
	assert_false(answer_token_check(job_link_key, token, JOB_OPENED, &id));
	assert_false(answer_token_check(
	        (const unsigned char *)"another thirty-two bytes of key.", token, 0, &id));
	assert_int_equal(id, -1);
	ctx_close(&cx);
}

/* Whichever byte is changed, taken away or put in: it is none of ours. */
static void
test_answer_token_tampered(void **state)
{
	struct ctx cx;
	int64_t id = -1;

	(void)state;
	ctx_init(&cx, NULL);
	const char *token = answer_token_make(&cx.mem, job_link_key, 123, JOB_OPENED);
	for (size_t i = 0; i < strlen(token); i++) {
		char *changed = arena_strdup(&cx.mem, token);
		changed[i] = changed[i] == '1' ? '2' : '1';
		assert_false(answer_token_check(job_link_key, changed, 0, &id));
		const char *less =
		        arena_printf(&cx.mem, "%.*s%s", (int)i, token, token + i + 1);
		assert_false(answer_token_check(job_link_key, less, 0, &id));
		const char *more = arena_printf(&cx.mem, "%.*s0%s", (int)i, token, token + i);
		assert_false(answer_token_check(job_link_key, more, 0, &id));
	}
	static const char *const rubbish[] = { "", "-", "--", "1-2", "1-2-3", "----" };
	for (size_t i = 0; i < NELEMS(rubbish); i++)
		assert_false(answer_token_check(job_link_key, rubbish[i], 0, &id));
	assert_int_equal(id, -1);
	ctx_close(&cx);
}

/* ---- where a webhook may go ---- */

static const struct {
	const char *address;
	bool closed;
} addresses[] = {
	{ "0.0.0.0", true },
	{ "0.1.2.3", true },
	{ "1.1.1.1", false },
	{ "9.255.255.255", false },
	{ "10.0.0.1", true },
	{ "10.255.255.255", true },
	{ "11.0.0.0", false },
	{ "100.63.255.255", false },
	{ "100.64.0.0", true },
	{ "100.127.255.255", true },
	{ "100.128.0.0", false },
	{ "127.0.0.1", true },
	{ "127.255.255.255", true },
	{ "169.254.169.254", true },
	{ "169.255.0.0", false },
	{ "172.15.255.255", false },
	{ "172.16.0.1", true },
	{ "172.31.255.255", true },
	{ "172.32.0.0", false },
	{ "192.0.0.8", true },
	{ "192.168.1.1", true },
	{ "192.169.0.0", false },
	{ "198.18.0.1", true },
	{ "198.20.0.0", false },
	{ "223.255.255.255", false },
	{ "224.0.0.1", true },
	{ "240.0.0.1", true },
	{ "255.255.255.255", true },
	{ "::", true },
	{ "::1", true },
	{ "::ffff:127.0.0.1", true },
	{ "::ffff:10.1.2.3", true },
	{ "::ffff:1.1.1.1", true },
	{ "::127.0.0.1", true },
	{ "64:ff9b::7f00:1", true },
	{ "64:ff9b::101:101", false },
	{ "64:ff9b:1::1", true },
	{ "2002:7f00:1::", true },
	{ "2002:c0a8:101::1", true },
	{ "2001::1", true },
	{ "fc00::1", true },
	{ "fdff::1", true },
	{ "fe80::1", true },
	{ "febf::1", true },
	{ "fec0::1", true },
	{ "ff02::1", true },
	{ "2606:4700::1111", false },
	{ "2a00:1450:4001::1", false },
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(addresses); i++) {
		struct sockaddr_in v4 = { .sin_family = AF_INET };
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
		bool is_v4 = inet_pton(AF_INET, addresses[i].address, &v4.sin_addr) == 1;
		if (!is_v4)
			assert_int_equal(
			        inet_pton(AF_INET6, addresses[i].address, &v6.sin6_addr), 1);
		const struct sockaddr *sa =
		        is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
		if (address_is_private(sa) != addresses[i].closed)
			fail_msg("%s is %s", addresses[i].address,
			        addresses[i].closed ? "let through" : "refused");
	}
	struct sockaddr other = { .sa_family = AF_UNIX };
	assert_true(address_is_private(&other));
}

/* ---- judgement ---- */

static const struct {
	const char *name;
	const struct channel *channel;
	struct ending ending;
	enum send_result want;
	usec_t retry_after;
} endings[] = {
	{ "200", &webhook_channel, { .status = 200 }, SEND_OK },
	{ "204", &webhook_channel, { .status = 204 }, SEND_OK },
	{ "200 and a body too long", &webhook_channel, { CURLE_WRITE_ERROR, 200 }, SEND_OK },
	{ "200 and a body too slow", &webhook_channel, { CURLE_OPERATION_TIMEDOUT, 200 },
	        SEND_OK },
	{ "301", &webhook_channel, { .status = 301 }, SEND_FAILED },
	{ "304", &webhook_channel, { .status = 304 }, SEND_FAILED },
	{ "400", &webhook_channel, { .status = 400 }, SEND_FAILED },
	{ "404", &webhook_channel, { .status = 404 }, SEND_FAILED },
	{ "408", &webhook_channel, { .status = 408 }, SEND_RETRY },
	{ "410", &webhook_channel, { .status = 410 }, SEND_FAILED },
	{ "425", &webhook_channel, { .status = 425 }, SEND_RETRY },
	{ "429", &webhook_channel, { .status = 429 }, SEND_RETRY },
	{ "429 later", &webhook_channel, { .status = 429, .retry_after = MINUTES(2) },
	        SEND_RETRY, MINUTES(2) },
	{ "429 much later", &webhook_channel, { .status = 429, .retry_after = HOURS(9) },
	        SEND_RETRY, MINUTES(15) },
	{ "500", &webhook_channel, { .status = 500 }, SEND_RETRY },
	{ "503", &webhook_channel, { .status = 503 }, SEND_RETRY },
	{ "nobody listens", &webhook_channel, { CURLE_COULDNT_CONNECT }, SEND_RETRY },
	{ "no such name", &webhook_channel, { CURLE_COULDNT_RESOLVE_HOST }, SEND_RETRY },
	{ "too slow", &webhook_channel, { CURLE_OPERATION_TIMEDOUT }, SEND_RETRY },
	{ "no answer", &webhook_channel, { CURLE_GOT_NOTHING }, SEND_RETRY },
	{ "a forged certificate", &webhook_channel, { CURLE_PEER_FAILED_VERIFICATION },
	        SEND_FAILED },
	{ "no URL", &webhook_channel, { CURLE_URL_MALFORMAT }, SEND_FAILED },
	{ "private", &webhook_channel, { CURLE_COULDNT_CONNECT, .refused = true },
	        SEND_FAILED },
	{ "mail taken", &email_channel, { CURLE_OK, 250, "250 kept" }, SEND_OK },
	{ "no such mailbox", &email_channel, { CURLE_SEND_ERROR, 550, "550 no" }, SEND_FAILED },
	{ "greylisted", &email_channel, { CURLE_SEND_ERROR, 451, "451 later" }, SEND_RETRY },
	{ "closing", &email_channel, { CURLE_WEIRD_SERVER_REPLY, 421, "421 bye" }, SEND_RETRY },
	{ "no service", &email_channel, { CURLE_WEIRD_SERVER_REPLY, 554, "554" }, SEND_FAILED },
	{ "wrong password", &email_channel, { CURLE_LOGIN_DENIED, 535, "535" }, SEND_FAILED },
	{ "sign-in is down", &email_channel, { CURLE_LOGIN_DENIED, 454, "454" }, SEND_RETRY },
	{ "no TLS there", &email_channel, { CURLE_USE_SSL_FAILED, 250, "250" }, SEND_FAILED },
	{ "silence after 250", &email_channel, { CURLE_OPERATION_TIMEDOUT, 250, "250" },
	        SEND_RETRY },
	{ "no mail server", &email_channel, { CURLE_COULDNT_CONNECT, 0, "" }, SEND_RETRY },
};

static void
test_judgement(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(endings); i++) {
		struct ending e = endings[i].ending;
		struct page_report report = { .page_id = 7 };
		struct ctx cx;

		ctx_init(&cx, NULL);
		e.line = e.line == NULL ? "" : e.line;
		endings[i].channel->judge(&cx, &e, &report);
		if (report.result != endings[i].want)
			fail_msg("%s: result %d", endings[i].name, (int)report.result);
		assert_int_equal(report.retry_after, endings[i].retry_after);
		assert_int_equal(report.error == NULL, endings[i].want == SEND_OK);
		assert_int_equal(report.receipt != NULL, endings[i].want == SEND_OK);
		ctx_close(&cx);
	}
}

/* ---- the webhook ---- */

/* printf '%s' '1767225600.{"a":1}' | openssl dgst -sha256 -hmac s3cret */
static void
test_signature(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	assert_string_equal(
	        webhook_signature(&cx.mem, "s3cret", "1767225600", STR("{\"a\":1}")),
	        "v1=7d4120fcebf444efab10ba7cd6c651bf463cefb039db5fad37ff9f7231ac8a4a");
	ctx_close(&cx);
}

static const char *
header_of(const struct outgoing *out, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < out->n_headers; i++)
		if (strncmp(out->headers[i], name, len) == 0 && out->headers[i][len] == ':')
			return out->headers[i] + len + 2;
	return NULL;
}

static const char *
text_at(struct ctx *cx, const struct json *o, const char *member, const char *inner)
{
	const struct json *v = json_get(o, member);

	return json_as_text(&cx->mem, inner == NULL ? v : json_get(v, inner));
}

static void
test_webhook_body(void **state)
{
	struct page_job job = job_make();
	struct clock clock;
	struct ctx cx;
	struct json *body;

	(void)state;
	clock_virtual(&clock, JOB_OPENED + SECONDS(2));
	ctx_init(&cx, &clock);
	job.page.address = "https://hooks.example.org/x";
	job.contact_secret = "s3cret";
	struct outgoing out = job_prepare(&cx, &webhook_channel, &job);

	assert_string_equal(out.url, "https://hooks.example.org/x");
	assert_true(out.guarded);
	assert_null(out.mail_to);
	assert_string_equal(header_of(&out, "Tocsin-Id"), "page-7");
	assert_string_equal(header_of(&out, "Tocsin-Timestamp"), "1772445602");
	assert_string_equal(header_of(&out, "Tocsin-Signature"),
	        webhook_signature(&cx.mem, "s3cret", "1772445602", out.body));

	assert_ok(&cx, json_parse(&cx, out.body, JSON_LIMITS_REQUEST, &body));
	assert_string_equal(text_at(&cx, body, "id", NULL), "page-7");
	assert_string_equal(text_at(&cx, body, "type", NULL), "page");
	assert_string_equal(text_at(&cx, body, "sent_at", NULL), "2026-03-02T10:00:02Z");
	assert_string_equal(text_at(&cx, body, "incident", "id"), "12");
	assert_string_equal(text_at(&cx, body, "incident", "title"), "CPU high on web1");
	assert_string_equal(text_at(&cx, body, "incident", "url"),
	        "https://tocsin.example.org/incidents/12");
	assert_string_equal(text_at(&cx, body, "page", "user"), "alice");
	assert_string_equal(text_at(&cx, body, "page", "attempt"), "1");
	assert_string_equal(text_at(&cx, body, "why", NULL), job.why);
	const char *url = text_at(&cx, body, "acknowledge_url", NULL);
	int64_t id;
	assert_true(str_starts(str_from(url), STR("https://tocsin.example.org/a/")));
	assert_true(answer_token_check(job_link_key, strrchr(url, '/') + 1, JOB_OPENED, &id));
	assert_int_equal(id, 7);
	ctx_close(&cx);
}

/* Nobody in particular: no link that answers. No secret: no signature. */
static void
test_webhook_of_a_channel(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	job.page.address = "https://hooks.example.org/x";
	job.page.user_id = NULL;
	struct outgoing out = job_prepare(&cx, &webhook_channel, &job);
	assert_null(header_of(&out, "Tocsin-Signature"));
	assert_null(strstr(out.body.p, "acknowledge_url"));
	ctx_close(&cx);
}

static void
test_webhook_of_a_bundle(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;
	struct json *body;

	(void)state;
	ctx_init(&cx, NULL);
	job.page.is_bundle = true;
	job.incident = (struct incident){ 0 };
	job.n_bundled = 2;
	job.bundled = "#1 a\n#2 b\n";
	struct outgoing out = job_prepare(&cx, &webhook_channel, &job);
	assert_ok(&cx, json_parse(&cx, out.body, JSON_LIMITS_REQUEST, &body));
	assert_string_equal(text_at(&cx, body, "type", NULL), "bundle");
	assert_string_equal(text_at(&cx, body, "incidents", NULL), "2");
	assert_null(json_get(body, "incident"));
	assert_null(json_get(body, "acknowledge_url"));
	ctx_close(&cx);
}

/* ---- texts and hosts ---- */

static const struct {
	const char *text, *line, *lines;
} texts[] = {
	{ "plain", "plain", "plain" },
	{ "", "", "" },
	{ "a\r\nBcc: x", "a  Bcc: x", "a\nBcc: x" },
	{ "t\tb\x1b[31m\x7f", "t b [31m ", "t\tb [31m " },
	{ "über 東京 🚨", "über 東京 🚨", "über 東京 🚨" },
	{ "bad \xff\xc3 end", "bad ?? end", "bad ?? end" },
	{ "cut \xe6\x9d", "cut ??", "cut ??" },
	{ "c1 \xc2\x85 sep \xe2\x80\xa8 bidi \xe2\x80\xae.", "c1   sep   bidi  .",
	        "c1   sep   bidi  ." },
};

static void
test_texts(void **state)
{
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(texts); i++) {
		assert_string_equal(text_line(&cx.mem, texts[i].text), texts[i].line);
		assert_string_equal(text_lines(&cx.mem, texts[i].text), texts[i].lines);
	}
	assert_null(text_line(&cx.mem, NULL));
	assert_string_equal(text_clip(&cx.mem, "東京", 6), "東京");
	assert_string_equal(text_clip(&cx.mem, "東京", 5), "東…");
	ctx_close(&cx);
}

static void
test_hosts(void **state)
{
	struct ctx cx;
	const char *host;

	(void)state;
	ctx_init(&cx, NULL);
	assert_ok(&cx, transfer_host(&cx, "https://u:p@Hooks.Example.org:8443/x?y", &host));
	assert_string_equal(host, "hooks.example.org");
	assert_ok(&cx, transfer_host(&cx, "smtp://[::1]:25", &host));
	assert_string_equal(host, "[::1]");
	assert_err(transfer_host(&cx, "http://", &host), ERR_INVALID);
	assert_err(transfer_host(&cx, "http://a b/", &host), ERR_INVALID);
	ctx_close(&cx);
}

static void
test_table(void **state)
{
	(void)state;
	for (int i = 0; i < CONTACT_TYPE_MAX; i++) {
		const struct channel *c = channel_by_name(contact_type_names[i]);
		assert_non_null(c);
		assert_string_equal(c->name, contact_type_names[i]);
	}
	assert_null(channel_by_name("pigeon"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_token),
		cmocka_unit_test(test_answer_token_tampered),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_judgement),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_webhook_body),
		cmocka_unit_test(test_webhook_of_a_channel),
		cmocka_unit_test(test_webhook_of_a_bundle),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
