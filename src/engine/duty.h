/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handoffs, told: who comes on and goes off hears of it, the team gets a summary every Monday,
 * and a shift leaves notes to the next. All of it only where the schedule's `handoff` says so.
 *
 * One timer looks at all schedules; what was said is remembered in rows, so that it may look at
 * any time, after a crash and after every change of configuration.
 */
#ifndef ENGINE_DUTY_H
#define ENGINE_DUTY_H

#include "engine/engine.h"

#define DUTY_LEAD_MAX DAYS(7)
#define DUTY_NOTE_MAX 4000 /* bytes */

/* ---- notices ---- */

/* A message that asks for no answer. To the user's contact for notices, or to a channel. */
struct notice {
	const char *user_id; /* NULL: to the channel */
	const char *channel;
	const char *because; /* target text */
	const char *title, *text;
};

/* Somebody without a contact is not told, and the record says so. */
MUST_USE struct err *notice_send(struct ctx *cx, struct engine *e, const struct notice *n);

/* To this contact and no other; *ret_page is the page that carries it. */
struct contact;
MUST_USE struct err *notice_to_contact(struct ctx *cx, struct engine *e, const struct notice *n,
        const struct contact *contact, int64_t *ret_page);

/* ---- the look ---- */

MUST_USE struct err *duty_due(struct ctx *cx, struct engine *e, const struct timer *t);

/* After a change of configuration. */
MUST_USE struct err *duty_look_again(struct ctx *cx, struct engine *e);

/* ---- notes ---- */

struct duty_note {
	int64_t id;
	int64_t at;
	const char *schedule;
	const char *author;
	const char *text;
};
extern const struct db_row duty_note_row;

/* engine_fn; arg is struct duty_note with schedule and text, the rest is filled in. */
MUST_USE struct err *duty_note_add(struct ctx *cx, struct engine *e, void *arg);

/* Newest first. */
MUST_USE struct err *duty_notes(struct ctx *cx, const char *schedule, usec_t since,
        int64_t limit, struct duty_note **ret, size_t *ret_n);

#endif
