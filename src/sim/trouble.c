/* SPDX-License-Identifier: Apache-2.0 */
/* The statements by which things go wrong: kills, disks, connections, clocks, slow channels. */
#include "sim/play.h"

static bool
word_is(const struct play *p, size_t i, const char *text)
{
	return strcmp(word(p, i), text) == 0;
}

/* ---- kills ---- */

struct err *
trouble_crash(struct play *p)
{
	usec_t span = 0;

	if (word_is(p, 1, "at") || word_is(p, 1, "after")) {
		p->w.faults.next_commit = word_is(p, 1, "at") ? COMMIT_DIES : COMMIT_THEN_DIES;
		return NULL;
	}
	if (word_is(p, 1, "for"))
		TRY(play_span(p, 2, &span));
	p->w.clock.at += span;
	return world_restart(&p->w);
}

/* ---- the database ---- */

struct err *
trouble_fault(struct play *p)
{
	int64_t n;

	if (word_is(p, 1, "commit") && word_is(p, 2, "lost"))
		p->w.faults.next_commit = COMMIT_LOST;
	else if (word_is(p, 1, "commit") && word_is(p, 2, "unheard"))
		p->w.faults.next_commit = COMMIT_UNHEARD;
	else if (word_is(p, 1, "write") && str_int(str_from(word(p, 2)), &n) && n > 0)
		p->w.faults.write_fails_in = n;
	else
		return play_syntax(
		        p, "fault commit lost, fault commit unheard or fault write N");
	return NULL;
}

struct err *
trouble_disk(struct play *p)
{
	usec_t span;

	if (!word_is(p, 1, "full"))
		return play_syntax(p, "disk full 10m");
	TRY(play_span(p, 2, &span));
	p->w.full_until = p->w.clock.at + span;
	p->w.faults.full = true;
	return NULL;
}

/* ---- the clock, the processes ---- */

/* The machine slept, or its clock was set: nothing was done in between. */
struct err *
trouble_clock(struct play *p)
{
	usec_t span;

	TRY(play_span(p, 2, &span));
	if (word_is(p, 1, "back"))
		p->w.clock.at -= span;
	else if (word_is(p, 1, "forward"))
		p->w.clock.at += span;
	else
		return play_syntax(p, "clock forward 3h or clock back 10m");
	return world_advance(&p->w, p->w.clock.at);
}

struct err *
trouble_node(struct play *p)
{
	int64_t n;

	if (!str_int(str_from(word(p, 1)), &n) || n < 1 || n > PROCESSES_MAX)
		return play_syntax(p, "node 1 or node 2");
	TRY(world_switch(&p->w, (size_t)n));
	return world_advance(&p->w, p->w.clock.at);
}

/* ---- channels ---- */

struct err *
trouble_contact(struct play *p)
{
	struct contact_rule rule = { .who = word(p, 1), .contact = word(p, 2) };

	if (word_is(p, 3, "fails"))
		rule.mood = word_is(p, 4, "once") ? CONTACT_FAILS_ONCE : CONTACT_FAILS;
	else if (word_is(p, 3, "busy"))
		rule.mood = CONTACT_BUSY;
	else if (!word_is(p, 3, "works") && !word_is(p, 3, "takes"))
		return play_syntax(
		        p, "contact WHO CONTACT fails [once], busy, takes 2m, or works");
	for (size_t i = 3; i < p->s->n; i++)
		if (word_is(p, i, "takes"))
			TRY(play_span(p, i + 1, &rule.takes));
	world_contact(&p->w, rule);
	return NULL;
}
