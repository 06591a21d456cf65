/* SPDX-License-Identifier: Apache-2.0 */
/* What the dispatcher's files share: claims.c fills the slots, dispatcher.c empties them. All
 * of it is its thread's own but where it says otherwise. */
#ifndef CHANNEL_DISPATCHER_PRIV_H
#define CHANNEL_DISPATCHER_PRIV_H

#include "channel/dispatcher.h"

#include <pthread.h>
#include <stdatomic.h>

#include "channel/transfer.h"

enum slot_state {
	SLOT_FREE,
	SLOT_WAITING,   /* its host has as many transfers as it may */
	SLOT_SENDING,   /* libcurl has it */
	SLOT_ENDED,     /* the report is to be submitted */
	SLOT_REPORTING, /* the writer has it */
};

struct slot {
	enum slot_state state;
	struct dispatcher *d;
	struct ctx cx; /* all memory of this page, until it was reported */
	int64_t page_id, attempt;
	const struct channel *channel;
	const char *host;
	struct outgoing out;
	struct transfer transfer;
	usec_t since; /* in this state; monotonic */
	struct page_report report;
	struct command cmd;
	atomic_bool answered; /* by the writer's thread */
};

struct claim {
	struct ctx cx;
	struct page_claim pages;
	usec_t next_due;
	struct command cmd;
	atomic_size_t room; /* slots that are free; only this claim makes them fewer */
	bool under_way;     /* the writer has it, or it stands by */
	bool stands_by;     /* as far as this thread knows */
	atomic_bool answered;
};

struct dispatcher {
	struct arena mem; /* holds this struct itself */
	const struct channel_settings *settings;
	const struct clock *clock;
	struct writer *writer;
	CURLM *multi;
	pthread_t thread;
	bool started;
	atomic_bool stopping, woken;
	atomic_ullong sent, retried, failed;
	atomic_size_t n_in_hand;
	atomic_llong last_turn; /* monotonic */
	/* The thread's own. */
	struct slot slots[DISPATCH_AT_ONCE];
	struct claim claim;
	usec_t next_due;
	usec_t writer_rests_until; /* monotonic: it was full or failed */
};

#define EACH_SLOT(d, s)                                                                        \
	for (struct slot *s = (d)->slots; s < (d)->slots + DISPATCH_AT_ONCE; s++)

void slot_becomes(struct slot *s, enum slot_state state);
size_t in_state(struct dispatcher *d, enum slot_state state);

/* The report is to be submitted, though nothing was sent. */
void end_unsent(struct slot *s, enum send_result result, const char *error);

/* The writer was full or failed: it is left alone for a while. */
bool writer_rests(const struct dispatcher *d);
void rest_writer(struct dispatcher *d, struct ctx *cx, const struct err *e);

/* In claims.c: what was claimed takes slots; and a claim is submitted, or stands by. */
void take_claimed(struct dispatcher *d);
void ask_for_pages(struct dispatcher *d);
bool may_claim(struct dispatcher *d);

#endif
