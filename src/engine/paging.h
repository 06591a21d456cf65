/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paging one person: a callout walks along that person's own steps and makes pages; a page is
 * one message to one contact. The dispatcher claims pages, hands them to channels and reports
 * back.
 *
 * A page that was claimed and never reported (a crash) is claimed again when its lease is over,
 * with the same idempotency key, and is marked "possibly twice".
 */
#ifndef ENGINE_PAGING_H
#define ENGINE_PAGING_H

#include "engine/engine.h"

/* Begins a callout, replacing one of the same person for the same incident. *ret_reached is
 * false when the person has no contact; the record says so. late_by: how much later than
 * planned. */
struct callout_begin {
	struct incident *incident;
	int64_t run_id;
	const char *user_id;
	const char *because; /* target text */
	usec_t late_by;
	bool asked;
};
MUST_USE struct err *callout_start(
        struct ctx *cx, struct engine *e, const struct callout_begin *b, bool *ret_reached);

/* A page to a channel of no person. */
MUST_USE struct err *paging_channel(struct ctx *cx, struct engine *e, struct incident *inc,
        const char *channel, usec_t late_by, bool *ret_reached);

/* A timer: the next contact is due. */
MUST_USE struct err *callout_due(struct ctx *cx, struct engine *e, const struct timer *t);

/* Ends one callout and its unsent pages. */
MUST_USE struct err *callout_stop(struct ctx *cx, struct engine *e, struct incident *inc,
        struct callout *c, enum callout_state to, enum reason why);

/* ---- the dispatcher's side ---- */

/* All that a channel needs to send one page. */
struct page_job {
	struct page page;
	struct incident incident; /* zero for a bundle without one */
	const char
	        *notice_title; /* of a page without an incident that is no bundle; else NULL */
	const char *notice_text;
	const char *contact_secret;
	const char *user_name;
	const char *team_name, *service_name;
	const char *signal;  /* the newest of its alerts, as kept; page_job_read_signal */
	const char *details; /* of that signal */
	const char *brief;   /* what people know so far, in lines; NULL: nobody has said */
	const struct pair *links;
	size_t n_links;
	const char *organisation;
	const char *since; /* "2026-03-02 11:00 CET" */
	const char *why;   /* "You are on call for schedule/payments-primary." */
	const char *next; /* "If nobody answers, schedule/payments-second is paged at 10:05." */
	int64_t n_bundled;   /* a bundle: how many incidents it speaks for */
	const char *bundled; /* their lines: "#12 CPU high on web1\n" */
};

/* Details and links of the newest signal, in cx. Apart from the claim, because the writer has
 * better to do; any thread. */
void page_job_read_signal(struct ctx *cx, struct page_job *job);

struct page_claim {
	int64_t limit;
	usec_t lease;          /* how long the sender may take before another tries */
	struct page_job *jobs; /* set, in the arena */
	size_t n;
};
/* engine_fn with arg struct page_claim: due pages become `sending`. */
MUST_USE struct err *paging_claim(struct ctx *cx, struct engine *e, void *arg);

enum send_result {
	SEND_OK,
	SEND_RETRY,  /* temporary: tried again with backoff until the attempts are spent */
	SEND_FAILED, /* for good: the next contact is paged at once */
};
struct page_report {
	int64_t page_id;
	int64_t attempt; /* the page's at its claim; 0: whichever */
	enum send_result result;
	const char *receipt; /* the provider's id, or NULL */
	const char *error;   /* for people; no secrets */
	usec_t retry_after;  /* what the provider asked for; 0: our own backoff */
	/* The engine's own, see hindsight.h: */
	struct sent *seen;
	int64_t seen_at;
};
/* engine_fn with arg struct page_report. A report on a page that ended meanwhile changes
 * nothing. */
MUST_USE struct err *paging_report(struct ctx *cx, struct engine *e, void *arg);

/* A receipt that came later: delivered or read. NOT_FOUND for an unknown page. */
struct page_receipt {
	int64_t page_id;
	enum page_state state;
};
MUST_USE struct err *paging_receipt(struct ctx *cx, struct engine *e, void *arg);

#define PAGE_ATTEMPTS_MAX 6 /* but of an incident whose policy is exhausted: until answered */
/* 5 s, 15 s, 45 s, 2 min, 5 min, each up to a fifth longer (jitter drawn from the page's id).
 */
usec_t paging_backoff(int64_t page_id, int64_t attempts);

/* At the start of a node: what its crash left `sending` is claimed anew at once. */
MUST_USE struct err *paging_recover(struct ctx *cx, struct engine *e, void *arg);

/* When the next page is due to be claimed; USEC_NEVER for none. Needs cx->tx. */
MUST_USE struct err *paging_next_due(struct ctx *cx, usec_t *ret);

#endif
