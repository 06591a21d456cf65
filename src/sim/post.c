/* SPDX-License-Identifier: Apache-2.0 */
/* The post of the world: what a channel answers, and what people received. */
#include "sim/post.h"

#include <string.h>

void
world_contact(struct world *w, struct contact_rule rule)
{
	for (size_t i = 0; i < w->n_rules; i++) {
		if (strcmp(w->rules[i].who, rule.who) != 0
		        || strcmp(w->rules[i].contact, rule.contact) != 0)
			continue;
		w->rules[i] = rule;
		return;
	}
	ARENA_PUSH(&w->cx.mem, w->rules, w->n_rules, w->cap_rules) = rule;
}

static const struct contact_rule *
rule_for(struct world *w, const char *who, const char *contact)
{
	static const struct contact_rule fine = { .mood = CONTACT_WORKS };

	for (size_t i = 0; i < w->n_rules; i++)
		if (strcmp(w->rules[i].who, who) == 0
		        && strcmp(w->rules[i].contact, contact) == 0)
			return &w->rules[i];
	return &fine;
}

static struct page_report
answer_of(struct world *w, const char *who, const struct page *p, usec_t *ret_at)
{
	struct contact_rule rule = *rule_for(w, who, p->contact);
	struct page_report r = { .page_id = p->id };

	*ret_at = w->clock.at + rule.takes;
	switch (rule.mood) {
	case CONTACT_WORKS:
		return r;
	case CONTACT_BUSY:
		r.result = SEND_RETRY;
		break;
	case CONTACT_FAILS_ONCE:
		rule.mood = CONTACT_WORKS;
		rule.takes = 0;
		world_contact(w, rule);
		r.result = SEND_FAILED;
		break;
	case CONTACT_FAILS:
		r.result = SEND_FAILED;
		break;
	}
	r.error = r.result == SEND_RETRY ? "the channel is busy" : "the channel refused it";
	return r;
}

static struct delivered *
seen(const struct world *w, int64_t page_id)
{
	for (size_t i = w->n_pages; i > 0; i--)
		if (w->pages[i - 1].page_id == page_id)
			return &w->pages[i - 1];
	return NULL;
}

/* A page is one message, its retries are not new ones; a second one must be marked. */
static void
note_page(struct world *w, const struct page_job *job, const char *who)
{
	const struct page *p = &job->page;
	struct delivered *before = seen(w, p->id);
	struct arena *mem = &w->cx.mem;

	if (before != NULL && !p->possibly_twice && !before->retried)
		world_breach(w, "page %lld to %s by %s is sent twice and not marked",
		        (long long)p->id, who, p->contact);
	if (before != NULL && !p->possibly_twice) {
		before->retried = false;
		return;
	}
	ARENA_PUSH(mem, w->pages, w->n_pages, w->cap_pages) = (struct delivered){
		.who = arena_strdup(mem, who),
		.contact = arena_strdup(mem, p->contact),
		.dedup_key = p->is_bundle ? "" : arena_strdup(mem, job->incident.dedup_key),
		.page_id = p->id,
		.at = w->clock.at,
		.late = p->late_by > 0,
		.possibly_twice = p->possibly_twice,
		.bundle = p->is_bundle,
	};
}

static bool
was_told(const struct world *w, int64_t page_id)
{
	for (size_t i = 0; i < w->n_notices; i++)
		if (w->notices[i].page_id == page_id)
			return true;
	return false;
}

static void
note_notice(struct world *w, const struct page_job *job, const char *who)
{
	struct arena *mem = &w->cx.mem;

	if (was_told(w, job->page.id))
		return;
	ARENA_PUSH(mem, w->notices, w->n_notices, w->cap_notices) = (struct told){
		.who = arena_strdup(mem, who),
		.page_id = job->page.id,
		.title = arena_strdup(mem, job->notice_title),
		.text = arena_strdup(mem, job->notice_text),
	};
}

static bool
is_in_hand(const struct process *at, int64_t page_id)
{
	for (size_t i = 0; i < at->n_hand; i++)
		if (at->hand[i].report.page_id == page_id)
			return true;
	return false;
}

void
post_carry(struct world *w, const struct page_job *job)
{
	const struct page *p = &job->page;
	const char *who = p->user_id != NULL ? p->user_id : p->because;
	struct process *at = w->at;
	usec_t answer_at;

	if (is_in_hand(at, p->id))
		return;
	if (job->notice_title != NULL)
		note_notice(w, job, who);
	else
		note_page(w, job, who);
	struct page_report report = answer_of(w, who, p, &answer_at);
	if (report.result == SEND_RETRY && seen(w, p->id) != NULL)
		seen(w, p->id)->retried = true;
	ARENA_PUSH(&w->cx.mem, at->hand, at->n_hand, at->cap_hand) =
	        (struct in_hand){ report, answer_at };
}
