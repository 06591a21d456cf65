/* SPDX-License-Identifier: Apache-2.0 */
/* From the queued page to the mail in the box and the signed request, and back into the
 * record. */
#include "world.h"

#include "engine/writer.h"

#define has(text, part)                                                                        \
	do {                                                                                   \
		if (strstr((text), (part)) == NULL)                                            \
			fail_msg("no \"%s\" in: %s", (part), (text));                          \
	} while (0)

#define USER(id, contacts, steps)                                                              \
	"  " id ":\n    contacts: {" contacts "}\n    paging: {high: [" steps "]}\n"
#define MAIL(address) "mail: {type: email, address: " address "}"
#define HOOK(path, secret) "hook: {type: webhook, address: \"HOOKS" path "\"" secret "}"
#define SECRET ", secret: s3cret"

static const char people[] =
        /* who: what they can be reached by */
        USER("ann", MAIL("ann@example.org"), "{contact: mail}") USER("ben",
                MAIL("reject-550@example.org") ", " HOOK("/ok", SECRET),
                "{contact: mail}, {contact: hook, after: 1h}") USER("cat",
                MAIL("once-451@example.org"), "{contact: mail}") USER("dan",
                MAIL("hang@example.org"), "{contact: mail}") USER("eve", HOOK("/ok", SECRET),
                "{contact: hook}") USER("fay", HOOK("/ok", ", secret: another"),
                "{contact: hook}") USER("gus", HOOK("/status/503", ""), "{contact: hook}")
                USER("hal", HOOK("/status/404", ""), "{contact: hook}") USER(
                        "ida", HOOK("/status/429", ""), "{contact: hook}") USER("joe",
                        HOOK("/redirect", SECRET),
                        "{contact: hook}") USER("kim", HOOK("/flood", ""), "{contact: hook}")
                        USER("lea", HOOK("/slow", ""), "{contact: hook}")
                                USER("mia", MAIL("after-554@example.org"), "{contact: mail}")
                                        USER("noa", HOOK("/hang", ""), "{contact: hook}")
                                                USER("ole", MAIL("after-452@example.org"),
                                                        "{contact: mail}");

static struct world *
plain_world(void)
{
	const struct world_options o = { .people = people,
		.settings = { .allow_private = true,
		        .limits = { .total = SECONDS(10), .per_host = 2 } } };

	return world_open(&o);
}

/* ---- mail ---- */

static void
test_mail_arrives(void **state)
{
	struct world *w = plain_world();

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "ann", "Müll high");
	struct seen_page p = world_expect(w, inc, "mail", "sent", 1);
	has(p.receipt, "kept as 1");
	assert_string_equal(p.error, "");
	assert_false(p.possibly_twice);
	const char *mail = world_read(w, "1.eml");
	has(mail, "Subject: =?utf-8?B?");
	has(mail, "To: <ann@example.org>\r\n");
	has(mail, arena_printf(&w->cx.mem, "Message-ID: <page-%d.", (int)p.id));
	has(mail, "In-Reply-To: <incident-1.");
	has(mail, "https://tocsin.example.org/a/");
	const struct json *envelope = world_read_json(w, "1.json");
	assert_string_equal(
	        json_as_text(&w->cx.mem, json_get(envelope, "from")), "<tocsin@example.org>");
	assert_string_equal(
	        json_as_text(&w->cx.mem, json_get(envelope, "to")), "[\"<ann@example.org>\"]");
	world_close(w);
}

static void
test_refused_mail_brings_the_next_contact(void **state)
{
	struct world *w = plain_world();

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "ben", "disk full");
	struct seen_page p = world_expect(w, inc, "mail", "failed", 1);
	has(p.error, "the mail server said: 550 not this one");
	world_expect(w, inc, "hook", "sent", 1);
	assert_int_equal(world_count(w, "*.eml"), 0);
	struct dispatcher_stats stats;
	dispatcher_stats(w->dispatcher, &stats);
	assert_int_equal(stats.failed, 1);
	world_close(w);
}

static void
test_greylisted_mail_is_tried_again(void **state)
{
	struct world *w = plain_world();

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "cat", "disk full");
	struct seen_page p = world_expect(w, inc, "mail", "queued", 1);
	has(p.error, "451 not this one");
	assert_true(p.next_at >= ctx_now(&w->cx) + SECONDS(3));
	world_advance(w, SECONDS(7));
	p = world_expect(w, inc, "mail", "sent", 2);
	assert_false(p.possibly_twice);
	assert_int_equal(world_count(w, "*.eml"), 1);
	world_close(w);
}

static void
test_mail_refused_after_data(void **state)
{
	struct world *w = plain_world();

	(void)state;
	world_send(w);
	int64_t final = world_page(w, "mia", "disk full");
	int64_t later = world_page(w, "ole", "disk full");
	has(world_expect(w, final, "mail", "failed", 1).error, "554 5.6.0 not this mail");
	has(world_expect(w, later, "mail", "queued", 1).error, "452 5.6.0 not this mail");
	world_close(w);
}

/* A server that says nothing costs its own page time, and nobody else's. */
static void
test_silence_is_given_up(void **state)
{
	const struct world_options o = { .people = people,
		.settings = { .allow_private = true,
		        .limits = { .connect = SECONDS(1), .total = SECONDS(2) } } };
	struct world *w = world_open(&o);

	(void)state;
	world_send(w);
	int64_t mail = world_page(w, "dan", "disk full");
	int64_t hook = world_page(w, "noa", "disk full");
	int64_t fine = world_page(w, "ann", "disk full");
	world_expect(w, fine, "mail", "sent", 1);
	has(world_expect(w, mail, "mail", "queued", 1).error, "mail server: Timeout");
	has(world_expect(w, hook, "hook", "queued", 1).error, "Timeout");
	world_close(w);
}

static void
test_nobody_listens(void **state)
{
	struct world *w = plain_world();

	(void)state;
	helper_stop(&w->mail);
	world_send(w);
	int64_t inc = world_page(w, "ann", "disk full");
	has(world_expect(w, inc, "mail", "queued", 1).error, "Couldn't connect");
	world_close(w);
}

/* ---- the line to the mail server ---- */

static const struct {
	const char *name;
	const char *options[6];
	const char *scheme, *user, *password;
	enum smtp_tls tls;
	bool trusts;
	const char *state, *error; /* of the page */
	bool over_tls;
} lines[] = {
	{ "STARTTLS and a user", { "--tls", "starttls", "--user", "u", "--password", "p" },
	        "smtp", "u", "p", SMTP_TLS_AUTO, true, "sent", "", true },
	{ "smtps and a user", { "--tls", "implicit", "--user", "u", "--password", "p" },
	        "smtps", "u", "p", SMTP_TLS_AUTO, true, "sent", "", true },
	{ "a wrong password", { "--tls", "starttls", "--user", "u", "--password", "p" }, "smtp",
	        "u", "q", SMTP_TLS_AUTO, true, "failed", "535 5.7.8 wrong user or password",
	        false },
	{ "a password is not sent in the clear", { "--user", "u", "--password", "p" }, "smtp",
	        "u", "p", SMTP_TLS_AUTO, false, "failed", "mail server: ", false },
	{ "unless it is wanted so", { "--user", "u", "--password", "p" }, "smtp", "u", "p",
	        SMTP_TLS_OPPORTUNISTIC, false, "sent", "", false },
	{ "TLS that is required and not there", { NULL }, "smtp", NULL, NULL, SMTP_TLS_REQUIRED,
	        false, "failed", "mail server: ", false },
	{ "TLS by a stranger's certificate", { "--tls", "starttls" }, "smtp", NULL, NULL,
	        SMTP_TLS_REQUIRED, false, "failed", "mail server: ", false },
	{ "smtps by a stranger's certificate", { "--tls", "implicit" }, "smtps", NULL, NULL,
	        SMTP_TLS_AUTO, false, "failed", "mail server: ", false },
	{ "TLS where it is offered", { "--tls", "starttls" }, "smtp", NULL, NULL, SMTP_TLS_AUTO,
	        false, "sent", "", true },
	{ "not today", { "--greet", "421" }, "smtp", NULL, NULL, SMTP_TLS_AUTO, false, "queued",
	        "421 not now", false },
	{ "not ever", { "--greet", "554" }, "smtp", NULL, NULL, SMTP_TLS_AUTO, false, "failed",
	        "554 not now", false },
};

static void
check_line(size_t i)
{
	struct world_options o = { .people = people,
		.scheme = lines[i].scheme,
		.settings = { .smtp_user = lines[i].user,
		        .smtp_password = lines[i].password,
		        .smtp_tls = lines[i].tls },
		.trusts = lines[i].trusts };

	memcpy(o.mail_options, lines[i].options, sizeof lines[i].options);
	struct world *w = world_open(&o);
	world_send(w);
	int64_t inc = world_page(w, "ann", lines[i].name);
	has(world_expect(w, inc, "mail", lines[i].state, 1).error, lines[i].error);
	if (strcmp(lines[i].state, "sent") == 0) {
		const struct json *envelope = world_read_json(w, "1.json");
		assert_int_equal(json_get(envelope, "tls")->boolean, lines[i].over_tls);
	}
	world_close(w);
}

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(lines); i++) {
		print_message("# %s\n", lines[i].name);
		check_line(i);
	}
}

/* libcurl says QUIT when it lets a connection go, and waits for the answer. */
static void
test_a_server_that_does_not_let_go(void **state)
{
	const struct world_options o = { .people = people,
		.mail_options = { "--hang-on-quit" } };
	struct world *w = world_open(&o);

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "ben", "disk full");
	world_expect(w, inc, "mail", "failed", 1);
	inc = world_page(w, "ann", "disk full");
	world_expect(w, inc, "mail", "sent", 1);
	usec_t begun = clock_mono();
	world_close(w);
	assert_true(clock_mono() - begun < SECONDS(10));
}

/* ---- webhooks ---- */

static void
test_webhook_is_signed(void **state)
{
	struct world *w = plain_world();

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "eve", "disk full");
	struct seen_page p = world_expect(w, inc, "hook", "sent", 1);
	assert_string_equal(p.receipt, "HTTP 204");
	const struct json *got = world_read_json(w, "hook-1.json");
	assert_true(json_get(got, "signed")->boolean);
	assert_string_equal(
	        json_as_text(&w->cx.mem, json_get(json_get(got, "headers"), "Tocsin-Id")),
	        arena_printf(&w->cx.mem, "page-%d", (int)p.id));
	const struct json *body = json_get(got, "body");
	assert_string_equal(
	        json_as_text(&w->cx.mem, json_get(json_get(body, "incident"), "title")),
	        "disk full");
	inc = world_page(w, "fay", "disk full");
	has(world_expect(w, inc, "hook", "failed", 1).error, "HTTP 401");
	world_close(w);
}

static void
test_webhook_answers(void **state)
{
	struct world *w = plain_world();
	static const struct {
		const char *user, *state, *error;
	} rows[] = {
		{ "gus", "queued", "it answered HTTP 503" },
		{ "hal", "failed", "it answered HTTP 404" },
		{ "ida", "queued", "it answered HTTP 429" },
		{ "joe", "failed", "redirects are not followed" },
		{ "kim", "sent", "" },
	};

	(void)state;
	world_send(w);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		int64_t inc = world_page(w, rows[i].user, "disk full");
		struct seen_page p = world_expect(w, inc, "hook", rows[i].state, 1);
		has(p.error, rows[i].error);
		/* Retry-After: 100 */
		if (strcmp(rows[i].user, "ida") == 0)
			assert_true(p.next_at > ctx_now(&w->cx) + SECONDS(90));
		if (strcmp(rows[i].user, "gus") == 0)
			assert_true(p.next_at < ctx_now(&w->cx) + SECONDS(10));
	}
	assert_int_equal(world_count(w, "hook-*.json"), NELEMS(rows));
	world_close(w);
}

static void
test_private_address_is_refused(void **state)
{
	const struct world_options o = { .people = people };
	struct world *w = world_open(&o);

	(void)state;
	world_send(w);
	int64_t inc = world_page(w, "eve", "disk full");
	has(world_expect(w, inc, "hook", "failed", 1).error, "the address is private");
	assert_int_equal(world_count(w, "hook-*.json"), 0);
	world_close(w);
}

static void
test_one_host_is_not_flooded(void **state)
{
	struct world *w = plain_world();
	int64_t incidents[20];

	(void)state;
	world_send(w);
	for (size_t i = 0; i < NELEMS(incidents); i++)
		incidents[i] = world_page(w, "lea", "disk full");
	for (size_t i = 0; i < NELEMS(incidents); i++)
		world_expect(w, incidents[i], "hook", "sent", 1);
	assert_int_equal(world_count(w, "hook-*.json"), NELEMS(incidents));
	assert_true(strtol(world_read(w, "most"), NULL, 10) <= 2);
	world_close(w);
}

/* ---- the dispatcher ---- */

/* More than it has slots for. */
static void
test_many(void **state)
{
	struct world *w = plain_world();
	int64_t incidents[3 * DISPATCH_AT_ONCE];
	struct dispatcher_stats stats;

	(void)state;
	w->settings.limits.per_host = 0;
	for (size_t i = 0; i < NELEMS(incidents); i++)
		incidents[i] = world_page(w, i % 2 == 0 ? "ann" : "eve", "disk full");
	world_send(w);
	for (size_t i = 0; i < NELEMS(incidents); i++)
		world_expect(w, incidents[i], i % 2 == 0 ? "mail" : "hook", "sent", 1);
	assert_int_equal(world_count(w, "*.eml"), NELEMS(incidents) / 2);
	assert_int_equal(world_count(w, "hook-*.json"), NELEMS(incidents) / 2);
	dispatcher_finish(w->dispatcher);
	dispatcher_stats(w->dispatcher, &stats);
	assert_int_equal(stats.sent, NELEMS(incidents));
	assert_int_equal(stats.retried + stats.failed, 0);
	world_close(w);
}

static void
test_unknown_channel(void **state)
{
	struct world *w = plain_world();
	sqlite3 *db;

	(void)state;
	int64_t inc = world_page(w, "ann", "disk full");
	assert_int_equal(sqlite3_open(w->url + strlen("sqlite:"), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(
	        sqlite3_exec(db, "UPDATE page SET contact_type = 'pigeon'", NULL, NULL, NULL),
	        SQLITE_OK);
	sqlite3_close(db);
	world_send(w);
	has(world_expect(w, inc, "mail", "failed", 1).error,
	        "there is no channel for contacts of type pigeon");
	world_close(w);
}

/* Claimed by one that died before it could say what became of it. */
static void
test_after_a_crash(void **state)
{
	struct world *w = plain_world();
	struct page_claim claim = { .limit = 10, .lease = MINUTES(1) };

	(void)state;
	int64_t inc = world_page(w, "ann", "disk full");
	assert_ok(&w->cx, writer_run(w->writer, &w->cx, paging_claim, &claim));
	assert_int_equal(claim.n, 1);
	assert_ok(&w->cx, writer_run(w->writer, &w->cx, paging_recover, NULL));
	world_send(w);
	struct seen_page p = world_expect(w, inc, "mail", "sent", 2);
	assert_true(p.possibly_twice);
	has(world_read(w, "1.eml"), "had this message before");
	world_close(w);
}

/* The lease of one that never reported ends without anybody saying so. */
static void
test_after_a_lease(void **state)
{
	struct world *w = plain_world();
	struct page_claim claim = { .limit = 10, .lease = MINUTES(1) };

	(void)state;
	int64_t inc = world_page(w, "ann", "disk full");
	assert_ok(&w->cx, writer_run(w->writer, &w->cx, paging_claim, &claim));
	world_send(w);
	world_expect(w, inc, "mail", "sending", 1);
	world_advance(w, MINUTES(1));
	world_expect(w, inc, "mail", "sent", 2);
	world_close(w);
}

/* What waits for a busy host when the process ends goes back, and is not called sent twice. */
static void
test_stop(void **state)
{
	struct world *w = plain_world();
	struct seen_page p;
	int64_t incidents[6];
	size_t back = 0;

	(void)state;
	w->settings.limits = (struct channel_limits){ .total = SECONDS(2), .per_host = 1 };
	world_send(w);
	int64_t fine = world_page(w, "ann", "disk full");
	for (size_t i = 0; i < NELEMS(incidents); i++)
		incidents[i] = world_page(w, "noa", "disk full");
	world_expect(w, fine, "mail", "sent", 1);
	dispatcher_finish(w->dispatcher);
	for (size_t i = 0; i < NELEMS(incidents); i++) {
		p = world_look(w, incidents[i], "hook");
		assert_string_equal(p.state, "queued");
		back += strstr(p.error, "stopped before it was sent") != NULL;
	}
	assert_true(back <= NELEMS(incidents));
	world_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail_arrives),
		cmocka_unit_test(test_refused_mail_brings_the_next_contact),
		cmocka_unit_test(test_greylisted_mail_is_tried_again),
		cmocka_unit_test(test_mail_refused_after_data),
		cmocka_unit_test(test_silence_is_given_up),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_a_server_that_does_not_let_go),
		cmocka_unit_test(test_webhook_is_signed),
		cmocka_unit_test(test_webhook_answers),
		cmocka_unit_test(test_private_address_is_refused),
		cmocka_unit_test(test_one_host_is_not_flooded),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_unknown_channel),
		cmocka_unit_test(test_after_a_crash),
		cmocka_unit_test(test_after_a_lease),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
