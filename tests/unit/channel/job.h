/* SPDX-License-Identifier: Apache-2.0 */
/* A page as the engine hands it out, for tests that look at what a channel makes of it. */
#ifndef TESTS_CHANNEL_JOB_H
#define TESTS_CHANNEL_JOB_H

#include "test.h"

#include "channel/channel.h"

static const unsigned char job_link_key[32] = "thirty-two bytes that sign links";

static const struct channel_settings job_settings = {
	.base_url = "https://tocsin.example.org",
	.link_key = job_link_key,
	.smtp_url = "smtp://mail.example.org:587",
	.smtp_from = "tocsin@example.org",
};

static const struct pair job_links[] = {
	{ "Runbook", "https://wiki.example.org/cpu" },
	{ "Odd", "javascript:alert(1)" },
};

/* 2026-03-02T10:00:00Z */
#define JOB_OPENED (INT64_C(1772445600) * USEC_PER_SEC)

static inline struct page_job
job_make(void)
{
	return (struct page_job){
		.page = { .id = 7,
		        .incident_id = 12,
		        .user_id = "alice",
		        .contact = "mail",
		        .contact_type = "email",
		        .address = "alice@example.org",
		        .because = "schedule/primary",
		        .state = PAGE_SENDING,
		        .attempts = 1,
		        .created_at = JOB_OPENED + SECONDS(1) },
		.incident = { .id = 12,
		        .severity = SEVERITY_CRITICAL,
		        .urgency = URGENCY_HIGH,
		        .title = "CPU high on web1",
		        .dedup_key = "cpu",
		        .service = "checkout",
		        .team = "payments",
		        .opened_at = JOB_OPENED },
		.user_name = "Alice Archer",
		.team_name = "Payments",
		.service_name = "Checkout",
		.details = "load 17\nsince 10 minutes",
		.links = job_links,
		.n_links = NELEMS(job_links),
		.organisation = "Example Shop",
		.why = "You are on call for schedule primary.",
		.since = "2026-03-02 11:00 CET",
		.next = "If nobody answers, schedule/second is paged at 10:05.",
		.bundled = "",
	};
}

static inline struct outgoing
job_prepare(struct ctx *cx, const struct channel *channel, const struct page_job *job)
{
	struct sending s = { .cx = cx, .settings = &job_settings, .job = job };
	struct outgoing out = { 0 };

	channel_links(&s);
	assert_ok(cx, channel->prepare(&s, &out));
	return out;
}

#endif
