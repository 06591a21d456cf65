/* SPDX-License-Identifier: Apache-2.0 */
/* What a mail looks like on the line. The strict server of dispatcher_test reads it as others
 * do. */
#include "job.h"

#include <sodium.h>

#include "channel/mail.h"
#include "channel/message.h"

static struct clock clock_here;

static const char *
mail_of(struct ctx *cx, const struct page_job *job)
{
	clock_virtual(&clock_here, JOB_OPENED + SECONDS(2));
	ctx_init(cx, &clock_here);
	struct outgoing out = job_prepare(cx, &email_channel, job);
	assert_string_equal(out.mail_from, "tocsin@example.org");
	return arena_strndup(&cx->mem, out.body.p, out.body.len);
}

/* The header's value, unfolded; NULL when there is none; more than one is a failure. */
static const char *
header_of(struct ctx *cx, const char *mail, const char *name)
{
	struct str rest = { mail, (size_t)(strstr(mail, "\r\n\r\n") - mail) + 2 };
	struct buf value = BUF_INIT(&cx->mem, 4096);
	bool inside = false, found = false;

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		line.len--;
		if (line.p[0] != ' ') {
			inside = str_starts(
			        line, str_from(arena_printf(&cx->mem, "%s: ", name)));
			assert_false(inside && found);
			found |= inside;
			line.p += inside ? strlen(name) + 2 : 0;
			line.len -= inside ? strlen(name) + 2 : 0;
		}
		if (inside)
			buf_str(&value, line);
	}
	return found ? buf_cstr(&value) : NULL;
}

/* RFC 2047: what stands between encoded words goes. */
static const char *
decoded(struct ctx *cx, const char *value)
{
	struct buf out = BUF_INIT(&cx->mem, 4096);
	const char *at;

	while ((at = strstr(value, "=?utf-8?B?")) != NULL) {
		const char *end = strstr(at + 10, "?=");
		unsigned char bytes[80];
		size_t len;
		assert_non_null(end);
		assert_true(end + 2 - at <= 75);
		assert_int_equal(
		        sodium_base642bin(bytes, sizeof bytes, at + 10, (size_t)(end - at - 10),
		                NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL),
		        0);
		assert_true(utf8_valid((struct str){ (const char *)bytes, len }));
		buf_add(&out, bytes, len);
		value = end + 2;
	}
	buf_puts(&out, value);
	return buf_cstr(&out);
}

/* Every rule that does not depend on what the mail says. */
static void
check_form(const char *mail)
{
	struct str rest = str_from(mail);

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		assert_true(line.len > 0 && line.p[line.len - 1] == '\r');
		assert_true(line.len <= 79);
		assert_null(memchr(line.p, '\r', line.len - 1));
		for (size_t i = 0; i + 1 < line.len; i++)
			assert_true(
			        line.p[i] == '\t' || (line.p[i] >= ' ' && line.p[i] <= '~'));
		assert_false(line.len > 1 && line.p[0] == '.');
	}
}

/* One of the two bodies, quoted-printable undone, lines ended by \n. */
static const char *
part_of(struct ctx *cx, const char *mail, const char *type)
{
	const char *at = strstr(mail, arena_printf(&cx->mem, "Content-Type: %s", type));
	struct buf out = BUF_INIT(&cx->mem, 1024 * 1024);

	assert_non_null(at);
	at = strstr(at, "\r\n\r\n") + 4;
	const char *end = strstr(at, "\r\n--=_tocsin");
	for (; at <= end; at++) {
		if (strncmp(at, "=\r\n", 3) == 0) {
			at += 2;
		} else if (*at == '=') {
			const char hex[3] = { at[1], at[2], '\0' };
			buf_putc(&out, (char)strtol(hex, NULL, 16));
			at += 2;
		} else if (*at != '\r') {
			buf_putc(&out, *at);
		}
	}
	return buf_cstr(&out);
}

#define has(text, part)                                                                        \
	do {                                                                                   \
		if (strstr((text), (part)) == NULL)                                            \
			fail_msg("no \"%s\" in:\n%s", (part), (text));                         \
	} while (0)

static void
test_headers(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	const char *mail = mail_of(&cx, &job);
	static const struct {
		const char *name, *want;
	} rows[] = {
		{ "Date", "Mon, 02 Mar 2026 10:00:02 +0000" },
		{ "From", "\"Tocsin\" <tocsin@example.org>" },
		{ "To", "<alice@example.org>" },
		{ "Subject", "[#12 CRITICAL] CPU high on web1" },
		{ "Message-ID", "<page-7.1772445601@example.org>" },
		{ "In-Reply-To", "<incident-12.1772445600@example.org>" },
		{ "References", "<incident-12.1772445600@example.org>" },
		{ "List-Id", "Tocsin <tocsin.example.org>" },
		{ "Auto-Submitted", "auto-generated" },
		{ "Tocsin-Id", "page-7" },
		{ "Importance", "high" },
		{ "MIME-Version", "1.0" },
		{ "Content-Type", "multipart/alternative; boundary=\"=_tocsin\"" },
	};
	check_form(mail);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		assert_non_null(header_of(&cx, mail, rows[i].name));
		assert_string_equal(header_of(&cx, mail, rows[i].name), rows[i].want);
	}
	ctx_close(&cx);
}

/* Another page of the same incident, at another try: its own id, the same thread. */
static void
test_thread(void **state)
{
	struct page_job job = job_make();
	struct ctx cx, other;

	(void)state;
	const char *first = mail_of(&cx, &job);
	job.page.attempts = 2;
	const char *again = mail_of(&other, &job);
	assert_string_equal(
	        header_of(&cx, first, "Message-ID"), header_of(&cx, again, "Message-ID"));
	ctx_close(&other);
	job.page.id = 8;
	job.page.created_at += MINUTES(5);
	const char *second = mail_of(&other, &job);
	assert_string_not_equal(
	        header_of(&cx, first, "Message-ID"), header_of(&cx, second, "Message-ID"));
	assert_string_equal(
	        header_of(&cx, first, "References"), header_of(&cx, second, "References"));
	ctx_close(&other);
	ctx_close(&cx);
}

static void
test_bodies(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	const char *mail = mail_of(&cx, &job);
	for (int i = 0; i < 2; i++) {
		const char *body = part_of(&cx, mail, i == 0 ? "text/plain" : "text/html");
		static const char *const wanted[] = { "CPU high on web1", "Checkout",
			"Payments", "critical", "2026-03-02 11:00 CET",
			"load 17\nsince 10 minutes", "https://tocsin.example.org/a/7-",
			"https://tocsin.example.org/incidents/12", "Runbook",
			"https://wiki.example.org/cpu", "You are on call for schedule primary.",
			"If nobody answers, schedule/second is paged at 10:05.",
			"Example Shop" };
		for (size_t k = 0; k < NELEMS(wanted); k++)
			has(body, wanted[k]);
		assert_null(strstr(body, "had this message before"));
	}
	assert_null(strstr(part_of(&cx, mail, "text/html"), "javascript:"));
	ctx_close(&cx);
}

/* Subjects of every kind come out as they went in; nothing begins a header. */
static const struct {
	const char *title, *want;
} titles[] = {
	{ "short", "[#12 CRITICAL] short" },
	{ "Überlast auf web1", "[#12 CRITICAL] Überlast auf web1" },
	{ "東京のサーバーが応答しません。東京のサーバーが応答しません。東京のサーバー",
	        "[#12 CRITICAL] 東京のサーバーが応答しません。東京のサーバーが応答しません。"
	        "東京のサーバー" },
	{ "🚨🚨🚨 down 🚨🚨🚨 down 🚨🚨🚨 down 🚨🚨🚨", "[#12 CRITICAL] 🚨🚨🚨 down 🚨🚨🚨 down 🚨🚨🚨 down 🚨🚨🚨" },
	{ "a\r\nBcc: eve@example.org", "[#12 CRITICAL] a  Bcc: eve@example.org" },
	{ "a\n\nbody", "[#12 CRITICAL] a  body" },
	{ "=?utf-8?B?cHduZWQ=?=", "[#12 CRITICAL] =?utf-8?B?cHduZWQ=?=" },
	{ "bad \xff bytes", "[#12 CRITICAL] bad ? bytes" },
	{ "many words that go on and on until the line is much longer than a header may be, "
	  "so it is folded",
	        "[#12 CRITICAL] many words that go on and on until the line is much longer than "
	        "a header may be, so it is folded" },
};

static void
test_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(titles); i++) {
		struct page_job job = job_make();
		struct ctx cx;

		job.incident.title = titles[i].title;
		const char *mail = mail_of(&cx, &job);
		check_form(mail);
		assert_string_equal(
		        decoded(&cx, header_of(&cx, mail, "Subject")), titles[i].want);
		assert_null(header_of(&cx, mail, "Bcc"));
		ctx_close(&cx);
	}
}

static void
test_long_title_is_cut(void **state)
{
	struct page_job job = job_make();
	char title[1000];
	struct ctx cx;

	(void)state;
	memset(title, 'x', sizeof title - 1);
	title[sizeof title - 1] = '\0';
	job.incident.title = title;
	const char *mail = mail_of(&cx, &job);
	const char *subject = decoded(&cx, header_of(&cx, mail, "Subject"));
	check_form(mail);
	assert_true(strlen(subject) < 220);
	assert_true(str_ends(str_from(subject), STR("…")));
	ctx_close(&cx);
}

/* Details come through byte for byte, however odd their lines. */
static void
test_odd_lines(void **state)
{
	struct page_job job = job_make();
	char details[4000];
	struct ctx cx;
	static const char end[] =
	        "\n.\n..\nFrom me\ntrailing \nequals = sign\n--=_tocsin--\nüß\n";

	(void)state;
	memset(details, 'y', sizeof details);
	memcpy(details + sizeof details - sizeof end, end, sizeof end);
	job.details = details;
	const char *mail = mail_of(&cx, &job);
	check_form(mail);
	has(part_of(&cx, mail, "text/plain"), details);
	has(part_of(&cx, mail, "text/html"), "\n.\n..\nFrom me\ntrailing \nequals = sign\n");
	ctx_close(&cx);
}

static void
test_html_is_escaped(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	job.incident.title = "<script>alert('x')</script>";
	job.details = "</pre><img src=x onerror=\"y\">";
	job.organisation = "A & B";
	const char *html = part_of(&cx, mail_of(&cx, &job), "text/html");
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<img"));
	has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	has(html, "A &amp; B");
	ctx_close(&cx);
}

static void
test_notes(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	job.page.mode = MODE_DRILL;
	job.page.possibly_twice = true;
	job.page.late_by = MINUTES(20) + 5;
	job.page.user_id = NULL;
	const char *mail = mail_of(&cx, &job);
	const char *text = part_of(&cx, mail, "text/plain");
	has(header_of(&cx, mail, "Subject"), "[DRILL #12 CRITICAL]");
	assert_null(header_of(&cx, mail, "Importance"));
	has(text, "This is a drill");
	has(text, "20m late");
	has(text, "had this message before");
	assert_null(strstr(text, "/a/"));
	ctx_close(&cx);
}

static void
test_bundle(void **state)
{
	struct page_job job = job_make();
	struct ctx cx;

	(void)state;
	job.page.is_bundle = true;
	job.page.incident_id = 0;
	job.incident = (struct incident){ 0 };
	job.n_bundled = 2;
	job.bundled = "#1 CPU high\n#2 disk full\n";
	job.details = job.next = job.service_name = job.team_name = NULL;
	const char *mail = mail_of(&cx, &job);
	check_form(mail);
	has(header_of(&cx, mail, "Subject"), "[2 incidents]");
	assert_null(header_of(&cx, mail, "References"));
	has(part_of(&cx, mail, "text/plain"), "#1 CPU high\n#2 disk full\n");
	has(part_of(&cx, mail, "text/html"), "#1 CPU high\n#2 disk full\n");
	ctx_close(&cx);
}

static const struct {
	const char *address;
	bool valid;
} mail_addresses[] = {
	{ "a@b", true },
	{ "first.last+tag@example.org", true },
	{ "a@b@c", false },
	{ "@b", false },
	{ "a@", false },
	{ "plain", false },
	{ "a b@c", false },
	{ "a@b>\r\nRCPT TO:<eve@c", false },
	{ "a@b\r\nBcc: c", false },
	{ "<a@b>", false },
	{ "a@b,c@d", false },
	{ "a@[127.0.0.1]", false },
	{ "ü@b", false },
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEMS(mail_addresses); i++) {
		struct page_job job = job_make();
		struct ctx cx;
		struct outgoing out;

		ctx_init(&cx, NULL);
		job.page.address = mail_addresses[i].address;
		const struct sending s = { .cx = &cx, .settings = &job_settings, .job = &job };
		struct err *e = email_channel.prepare(&s, &out);
		if ((e == NULL) != mail_addresses[i].valid)
			fail_msg("%s", mail_addresses[i].address);
		ctx_close(&cx);
	}
}

static void
test_senders(void **state)
{
	static const struct {
		const char *from, *name, *address;
	} rows[] = {
		{ "a@b", NULL, "a@b" },
		{ "Ops <a@b>", "Ops", "a@b" },
		{ "\"Ops, all\" <a@b>", "Ops, all", "a@b" },
		{ " <a@b> ", NULL, "a@b" },
	};
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *name, *address;
		mail_address_split(&cx.mem, rows[i].from, &name, &address);
		assert_true(str_null_safe_eq(name, rows[i].name));
		assert_string_equal(address, rows[i].address);
	}
	ctx_close(&cx);
}

static void
test_no_server(void **state)
{
	struct page_job job = job_make();
	struct channel_settings none = job_settings;
	struct outgoing out;
	struct ctx cx;

	(void)state;
	ctx_init(&cx, NULL);
	none.smtp_url = NULL;
	const struct sending s = { .cx = &cx, .settings = &none, .job = &job };
	assert_err(email_channel.prepare(&s, &out), ERR_INVALID);
	ctx_close(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_long_title_is_cut),
		cmocka_unit_test(test_odd_lines),
		cmocka_unit_test(test_html_is_escaped),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_bundle),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
