/* SPDX-License-Identifier: Apache-2.0 */
/* A scenario being played: its world, the statement at hand, and the table of statements. */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "sim/script.h"
#include "sim/world.h"

struct play {
	struct world w;
	const struct script *script;
	const struct statement *s;
	bool clock_set;
	bool any_page; /* also one that no statement expects */
	/* What `use present` applies, where a scenario may name no file; NULL: it may. */
	const struct change_set *present;
};

/* A statement that does not hold is ERR_CONFLICT with what was expected and what was; one that
 * cannot be understood is ERR_INVALID. */
typedef struct err *statement_fn(struct play *p);

/* first: the statement's first word; second: the verb after a person's name. */
struct statement_kind {
	const char *first, *second;
	size_t min_words;
	bool moves; /* every page so far must have been expected */
	statement_fn *run;
	const char *form; /* for messages and the documentation */
};

extern const struct statement_kind statement_kinds[];
extern const size_t n_statement_kinds;

/* The row of a statement; NULL: there is none such. */
const struct statement_kind *statement_kind_of(const struct statement *s);

/* Everything is understood before anything is run; *ret_at is what was not. */
MUST_USE struct err *play_check(
        struct ctx *cx, const struct script *script, const struct statement **ret_at);

/* All of it, up to the first that does not hold: p->s. */
MUST_USE struct err *play_all(struct play *p, const struct script *script);

/* ---- shared by the statements ---- */

/* "" past the last. */
static inline const char *
word(const struct play *p, size_t i)
{
	return i < p->s->n ? p->s->words[i] : "";
}

MUST_USE struct err *play_fail(struct play *p, const char *fmt, ...) PRINTF(2, 3);
MUST_USE struct err *play_syntax(struct play *p, const char *expected);

/* "2026-03-02 10:00 [ZONE]" from word i on; *ret_next is the word after it. */
MUST_USE struct err *play_instant(struct play *p, size_t i, usec_t *ret, size_t *ret_next);
MUST_USE struct err *play_span(struct play *p, size_t i, usec_t *ret);
const char *play_local(struct play *p, usec_t at);

/* Wants an error with the words when the statement ends in `refused "words"`; none
 * otherwise. */
MUST_USE struct err *play_refused(struct play *p, struct err *e);

MUST_USE struct err *play_incident(
        struct play *p, const char *key, struct incident *ret, bool *ret_found);

/* The first page that no statement has asked for, or NULL. */
const struct delivered *play_unexpected(struct play *p);

/* What people do with an incident: in people.c. */
MUST_USE struct err *play_act(struct play *p, struct incident_act *a);
statement_fn acks, resolves, escalates, snoozes, reassigns, reroutes, notes, merges, adds,
        joins, declines, watches, takes_role, gives_role, drops_role, briefs, edits, stars,
        splits, mitigates, unmitigates, unacks, unsnoozes, reopens, unmerges, recalls,
        expect_room, expect_role;

/* What they offer each other: in swaps.c. */
statement_fn offers, withdraws;

statement_fn expect_page, expect_incident, expect_no, expect_count, expect_why, expect_sent,
        expect_oncall, expect_late, expect_notice, trouble_crash, trouble_fault, trouble_disk,
        trouble_clock, trouble_node, trouble_contact;

#endif
